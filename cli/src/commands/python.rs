//! `adder python`: CPython as one executable that behaves like the `python` of the machine it runs on.

use crate::arguments::{EmitArgument, PythonArguments};
use crate::configuration::Grant;
use crate::failure::{Failure, Result};
use crate::link::Linker;
use crate::output::print;
use crate::profile;
use crate::python::flavor::{self, Files, Library};
use crate::python::{checkpoint, guest_folder, prefix, scientific};
use crate::request::{self, Access, Checkpoint, Embed, EmbedSource, Module, Request};
use adder_compiler::{CheckpointAt, Entry, MemoryPlan, Options};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

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
    let mut options = request::options(&arguments.compile, EmitArgument::Exe)?;
    profile::add(&arguments.profile, &mut options)?;
    if let Some(trained) = flavor::find(&arguments.flavor).and_then(|flavor| flavor.profile)
        && !arguments.no_profile
    {
        profile::add_default(trained, &mut options);
    }
    let files = files(arguments)?;
    match files.library {
        Library::Inside => {}
        Library::Folder(folder) => {
            let guest = guest_folder(&folder)?;
            access.embed.push(Embed { source: EmbedSource::StandardLibrary(folder), guest });
            if !access.environment.iter().any(|variable| variable.starts_with("PYTHONHOME=")) {
                access.environment.push(format!("PYTHONHOME={}", prefix()));
            }
        }
        Library::Scientific => {
            scientific::prepare(&mut access);
            if options.entry == Entry::Command {
                options.entry = Entry::Reactor(scientific::REACTOR.to_owned());
            }
        }
    }
    let checkpoint = match checkpoint(arguments, &access, &options)? {
        Some(checkpoint) => {
            options.checkpoint = Some(CheckpointAt::Convention);
            Some(checkpoint)
        }
        None => None,
    };
    let request = Request {
        modules: vec![Module { name: "python".to_owned(), path: files.module }],
        options,
        executable: true,
        linker: request::linker(&arguments.compile),
        access,
        checkpoint,
        report: arguments.report,
    };
    crate::build::build(&request, output)
}

/// How the checkpoint is made, if there is to be one. Unless it is asked for by name, there is one where there can be.
fn checkpoint(arguments: &PythonArguments, access: &Access, options: &Options) -> Result<Option<Checkpoint>> {
    let is_optional = arguments.checkpoint.is_none() && arguments.preload.is_empty();
    let linker = request::linker(&arguments.compile);
    // Whoever wants addresses that the system chooses does not want those of a checkpoint.
    let is_possible = options.entry == Entry::Command
        && options.memory != MemoryPlan::High
        && linker == Linker::Wild
        && !checkpoint::always_starts_cold(&access.arguments);
    if arguments.no_checkpoint || is_optional && !is_possible {
        return Ok(None);
    }
    if options.entry != Entry::Command {
        return Err(Failure::usage("--checkpoint: only a python that starts as CPython's own program can have one")
            .hint("choose another flavor; adder python --list shows which ones there are"));
    }
    request::checkpoint_linker(linker)?;
    let prelude = match arguments.checkpoint.iter().flatten().next() {
        Some(path) => Some(fs::read(path).map_err(|error| Failure::file("read", path, &error))?),
        None => None,
    };
    let timeout = Duration::from_secs(arguments.checkpoint_timeout.into());
    let run = checkpoint::run(&access.environment, &arguments.preload, timeout);
    Ok(Some(Checkpoint { run, files: checkpoint::files(&arguments.preload, prelude)?, is_optional }))
}

/// The files of a flavor, or of a python of the user's own: whatever has a slash or ends in `.wasm` is a path.
fn files(arguments: &PythonArguments) -> Result<Files> {
    let name = &arguments.flavor;
    let given = || arguments.stdlib.clone().map(Library::Folder);
    if let Some(flavor) = flavor::find(name) {
        if arguments.stdlib.is_some() && flavor.has_own_library() {
            return Err(Failure::usage(format!("--stdlib: its library is part of python {name}")));
        }
        let files = flavor.files()?;
        return Ok(Files { library: given().unwrap_or(files.library), ..files });
    }
    if name.contains('/') || name.ends_with(".wasm") {
        return Ok(Files { module: PathBuf::from(name), library: given().unwrap_or(Library::Inside) });
    }
    Err(Failure::usage(format!("there is no python {name}"))
        .hint("adder python --list shows which ones there are; the path of a python.wasm works too"))
}
