//! Where a build's checkpoint comes from.

use super::{Prepared, compile, link, note, target};
use crate::checkpoint::{self, Linked, Taken};
use crate::configuration::Configuration;
use crate::failure::{Result, Status};
use crate::request::Request;
use crate::run;
use crate::target::Target;
use adder_compiler::{Options, Output, Unobserved, host};

/// Takes the checkpoint of what was linked: by a run of that, or, for another machine, by a run of the same program for this one. Only
/// where that cannot be taken over, an emulator runs what was linked: what comes out does not depend on whether there is one.
pub(super) fn take(
    prepared: &Prepared,
    executable: Vec<u8>,
    compiled: &Output,
    configuration: &Configuration,
    run: &checkpoint::Run,
) -> Result<Taken> {
    let target = target(prepared.request);
    if target.is_host() {
        return checkpoint::take(executable, configuration, run);
    }
    let has_emulator = run::emulator(target).is_some();
    if compiled.state.is_between_calls {
        match take_here(prepared, executable.clone(), compiled, configuration, run) {
            Err(failure) if failure.status == Status::Refused && has_emulator => {}
            taken => return taken,
        }
    }
    if has_emulator {
        return checkpoint::take(executable, configuration, run);
    }
    let hint = match prepared.request.python {
        // It has no function that returns when all is prepared.
        Some(_) => target.hint(),
        None => format!(
            "{}, or have a function prepare the program: --checkpoint-init NAME, or an export wizer.initialize",
            target.hint()
        ),
    };
    Err(run::without_emulator(target).hint(hint))
}

/// Takes the checkpoint by a run of the same program for this machine.
fn take_here(
    prepared: &Prepared,
    executable: Vec<u8>,
    compiled: &Output,
    configuration: &Configuration,
    run: &checkpoint::Run,
) -> Result<Taken> {
    let options = Options { cpu: host().baseline(), ..prepared.options.clone() };
    let here = compile(prepared, &options, &Unobserved)?;
    let note = note(prepared, &here.report, &configuration.tree);
    let linked = link(prepared.request, Target::of(host()), &here, configuration, &note)?;
    let here = Linked { executable: linked, state: &here.state };
    checkpoint::take_here(Linked { executable, state: &compiled.state }, here, configuration, run)
}

/// The same build without its checkpoint.
pub(super) fn without(request: &Request) -> Request {
    let options = Options { checkpoint: None, ..request.options.clone() };
    Request { checkpoint: None, options, ..request.clone() }
}
