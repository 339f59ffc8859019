//! The process: its end, its signals, its turn.

use super::witx::errno::Errno;
use super::witx::outcome::Stop;
use crate::guest::pointer::Guest;
use crate::guest::trap;
use crate::process::signals;
use adder_abi::trap::TrapCode;
use core::ffi::c_int;

/// Ends the guest with an exit status. Never returns to it.
pub fn proc_exit(_guest: Guest, status: u32) -> Result<(), TrapCode> {
    trap::exit(status);
    Err(TrapCode::Exit)
}

/// The signals of preview 1 by their numbers from 1 (witx: `signal`).
const SIGNALS: [c_int; 30] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGILL,
    libc::SIGTRAP,
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGKILL,
    libc::SIGUSR1,
    libc::SIGSEGV,
    libc::SIGUSR2,
    libc::SIGPIPE,
    libc::SIGALRM,
    libc::SIGTERM,
    libc::SIGCHLD,
    libc::SIGCONT,
    libc::SIGSTOP,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
    libc::SIGURG,
    libc::SIGXCPU,
    libc::SIGXFSZ,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGWINCH,
    libc::SIGPOLL,
    libc::SIGPWR,
    libc::SIGSYS,
];

/// Sends a signal to the process itself, with the effect that it has on any process: most end it. In a library, whose process is
/// another program's, there is no such function.
pub fn proc_raise(_guest: Guest, signal: u32) -> Result<(), Stop> {
    if signal == 0 {
        // As for `kill`: asks only whether a signal could be sent.
        return Ok(());
    }
    let signal = *SIGNALS.get(signal as usize - 1).ok_or(Errno::Inval)?;
    if cfg!(feature = "library") {
        return Err(Errno::Nosys.into());
    }
    if changed_by_runtime(signal) {
        // The guest means the signal, not what the runtime uses it for.
        signals::set_default(signal);
    }
    // SAFETY: `raise` has no conditions.
    unsafe { libc::raise(signal) };
    Ok(())
}

/// Whether the runtime has its own action for a signal.
fn changed_by_runtime(signal: c_int) -> bool {
    signals::FAULTS.contains(&signal) || signals::IGNORED.contains(&signal)
}

/// Lets others run.
pub fn sched_yield(_guest: Guest) -> Result<(), Errno> {
    rustix::thread::sched_yield();
    Ok(())
}
