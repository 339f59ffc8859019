//! `adder run`: a module as if it were a program. The executable stays in the cache for the next time.

use crate::arguments::{EmitArgument, RunArguments};
use crate::cache;
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::request::{self, Request};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Builds the module unless the cache has it, and becomes it. Returns only with a failure.
pub fn run(arguments: &RunArguments) -> Result<()> {
    let module = request::module(&arguments.module);
    let name = if module.name.is_empty() { "program".to_owned() } else { module.name.clone() };
    let request = Request {
        modules: vec![module],
        options: request::options(&arguments.compile, EmitArgument::Exe)?,
        executable: true,
        linker: request::linker(&arguments.compile),
        access: request::access(&arguments.access)?,
        checkpoint: None,
        report: arguments.report,
    };
    let prepared = crate::build::prepare(&request)?;
    let folder = cache::folder()?.join("run").join(prepared.key());
    let executable = folder.join(&name);
    if !executable.is_file() {
        cache::create(&folder)?;
        crate::build::finish(&prepared, &executable)?;
    } else if arguments.report.verbose {
        say(format_args!("cached: {}", executable.display()));
    }
    let error = Command::new(&executable).arg0(&name).args(&arguments.arguments).exec();
    Err(Failure::file("run", &executable, &error))
}
