//! `adder build`: modules to an executable, or to what comes before it.

use crate::arguments::{BuildArguments, EmitArgument};
use crate::failure::Result;
use crate::profile;
use crate::request::{self, Request};

/// Builds what the arguments say.
pub fn build(arguments: &BuildArguments) -> Result<()> {
    let mut request = Request {
        modules: request::modules(&arguments.modules)?,
        options: request::options(&arguments.compile, arguments.emit)?,
        executable: arguments.emit == EmitArgument::Exe,
        linker: request::linker(&arguments.compile),
        access: request::access(&arguments.access)?,
        assume_known: arguments.compile.assume.is_empty(),
        python: None,
        checkpoint: None,
        report: arguments.report,
    };
    profile::add(&arguments.profile, &mut request.options)?;
    request::add_checkpoint(&arguments.checkpoint, &mut request)?;
    crate::build::build(&request, &arguments.output)
}
