//! `adder python`: CPython as one executable that behaves like the `python` of the machine it runs on.

use crate::arguments::{EmitArgument, PythonArguments};
use crate::configuration::Grant;
use crate::failure::{Failure, Result};
use crate::output::print;
use crate::python::flavor::{self, Files};
use crate::python::{guest_folder, prefix};
use crate::request::{self, Embed, Module, Request};
use std::path::PathBuf;

/// Builds a python, or lists the flavors.
pub fn python(arguments: &PythonArguments) -> Result<()> {
    if arguments.list {
        return print(flavor::list().as_bytes());
    }
    let output = arguments.output.as_ref().ok_or_else(|| Failure::usage("where should the executable go?"))?;
    let mut access = request::access(&arguments.access)?;
    if !arguments.sandbox && arguments.access.dirs.is_empty() {
        access.grants.push(Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false });
        access.inherit_environment = true;
        access.inherit_working_directory = true;
    }
    let options = request::options(&arguments.compile, EmitArgument::Exe)?;
    let files = files(arguments)?;
    if let Some(library) = files.library {
        let guest = guest_folder(&library)?;
        access.embed.push(Embed { host: library, guest, standard_library: true });
        if !access.environment.iter().any(|variable| variable.starts_with("PYTHONHOME=")) {
            access.environment.push(format!("PYTHONHOME={}", prefix()));
        }
    }
    let request = Request {
        modules: vec![Module { name: "python".to_owned(), path: files.module }],
        options,
        executable: true,
        linker: request::linker(&arguments.compile),
        access,
        report: arguments.report,
    };
    crate::build::build(&request, output)
}

/// The files of a flavor, or of a python of the user's own: whatever has a slash or ends in `.wasm` is a path.
fn files(arguments: &PythonArguments) -> Result<Files> {
    let name = &arguments.flavor;
    if let Some(flavor) = flavor::find(name) {
        let files = flavor.files()?;
        return Ok(Files { library: arguments.stdlib.clone().or(files.library), ..files });
    }
    if name.contains('/') || name.ends_with(".wasm") {
        return Ok(Files { module: PathBuf::from(name), library: arguments.stdlib.clone() });
    }
    Err(Failure::usage(format!("there is no python {name}"))
        .hint("adder python --list shows which ones there are; the path of a python.wasm works too"))
}
