//! `adder build`: modules to an executable, or to what comes before it.

use super::stray;
use crate::arguments::{BuildArguments, EmitArgument};
use crate::failure::{Failure, Result};
use crate::link::Linker;
use crate::profile;
use crate::request::{self, Product, Request};

/// Builds what the arguments say.
pub fn build(arguments: &BuildArguments) -> Result<()> {
    let modules = request::modules(&arguments.modules)?;
    let main = modules.first().map_or("", |module| &module.name);
    let product = match arguments.emit {
        EmitArgument::Exe => Product::Executable,
        EmitArgument::Lib => Product::Library,
        EmitArgument::Obj => Product::Object,
        EmitArgument::Clif | EmitArgument::Asm => Product::Text,
    };
    let mut request = Request {
        options: request::options(&arguments.compile, arguments.emit, main)?,
        modules,
        product,
        linker: request::linker(&arguments.compile),
        access: request::access(&arguments.access)?,
        assume_known: arguments.compile.assume.is_empty(),
        python: None,
        checkpoint: None,
        report: arguments.report,
    };
    profile::add(&arguments.profile, &mut request.options)?;
    if product == Product::Library && request.linker != Linker::Wild {
        return Err(Failure::usage("--linker: libraries are linked by the linker inside adder"));
    }
    if request.options.instrument.is_some() && matches!(product, Product::Library | Product::Object) {
        return Err(Failure::usage(
            "--instrument: only an executable counts, because it writes that down when it ends",
        ));
    }
    request::add_checkpoint(&arguments.checkpoint, &mut request)?;
    request::check_access(&request.access)?;
    check_modules(&arguments.modules)?;
    crate::build::build(&request, &arguments.output)
}

/// Looks for words that were meant for an option, and so are no modules.
fn check_modules(modules: &[String]) -> Result<()> {
    let words = stray::words();
    for module in modules.iter().filter(|module| !request::module(module).path.exists()) {
        if let Some(hint) = stray::hint(&words, module) {
            return Err(Failure::usage(format!("there is no module {module}")).hint(hint));
        }
    }
    Ok(())
}
