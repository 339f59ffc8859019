//! `adder run`: a module as if it were a program. The executable stays in the cache for the next time.

use super::stray;
use crate::arguments::{EmitArgument, RunArguments};
use crate::cache;
use crate::failure::{Failure, Place, Result};
use crate::input;
use crate::request::{self, Product, Request};
use crate::run;
use crate::target::Target;
use crate::terminal::output::say;
use std::os::unix::process::CommandExt;

/// Builds the module unless the cache has it, and becomes it. Returns only with a failure.
pub fn run(arguments: &RunArguments) -> Result<()> {
    let others = arguments.modules.iter().skip(1).map(|text| request::module(text));
    if let Some(module) = others.into_iter().find(|module| !input::is_module(&module.path)) {
        let (main, other) = (&arguments.modules[0], module.path.display());
        let hint = stray::hint(&stray::words(), &other.to_string())
            .unwrap_or_else(|| format!("arguments of the program stand behind --, as in adder run {main} -- {other}"));
        return Err(Failure::usage(format!("{other} is no module to link with {main}")).hint(hint));
    }
    let modules = request::modules(&arguments.modules)?;
    let name = if modules[0].name.is_empty() { "program".to_owned() } else { modules[0].name.clone() };
    let request = Request {
        modules,
        options: request::options(&arguments.compile, EmitArgument::Exe, "")?,
        product: Product::Executable,
        linker: request::linker(&arguments.compile),
        access: request::access(&arguments.access)?,
        assume_known: arguments.compile.assume.is_empty(),
        python: None,
        checkpoint: None,
        report: arguments.report,
    };
    request::check_access(&request.access)?;
    let prepared = crate::build::prepare(&request)?;
    let folder = cache::folder()?.join("run").join(prepared.key());
    let executable = folder.join(&name);
    if !executable.is_file() {
        cache::create(&folder)?;
        crate::build::finish(&prepared, &executable, Place::Cache)?;
    } else if arguments.report.verbose {
        say(format_args!("cached: {}", executable.display()));
    }
    let target = Target::of(request.options.cpu.architecture());
    let started = run::command(target, &executable, name.as_ref());
    let error = started.map_or_else(|error| error, |mut command| command.args(&arguments.arguments).exec());
    Err(run::not_started(target, &folder, &error))
}
