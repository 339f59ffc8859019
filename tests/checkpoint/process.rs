//! The process that goes on from a checkpoint: what it costs, and what it does where it cannot.

use adder_tests::target::is_beyond_emulator;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use adder_tests::debugger::backtrace;
use adder_tests::outcome::{Outcome, finish};

use crate::built::{Built, build_asking};

/// The first thing that it does behind the checkpoint is a system call that nothing else makes.
const YIELDS: &str = r#"(func (export "_start")
        (drop (call $ask))
        (drop (call $yield))
        (call $say (i32.const 140) (i32.const 6)))"#;

/// What may come before the guest's first instruction behind the checkpoint, besides the call that replaces the program.
const CALLS_MAX: usize = 12;

#[test]
fn a_start_takes_few_system_calls() {
    if is_beyond_emulator("the system calls are those of qemu") {
        return;
    }
    let calls = calls_before(&build_asking(YIELDS), libc::SYS_sched_yield);
    assert!(calls.len() <= CALLS_MAX, "{}: {calls:?}", calls.len());
}

#[test]
fn a_debugger_finds_the_way_to_main() {
    if is_beyond_emulator("gdb would debug the emulator") {
        return;
    }
    // The guest's stack is that of another process, but for where the host's goes on.
    let guest = r#"
        (func $inner (call $say (i32.const 140) (i32.const 6)))
        (func $outer (drop (call $ask)) (call $inner))
        (func (export "_start") (call $outer))"#;
    let found = backtrace(&build_asking(guest).path(), libc::SYS_writev, 1);
    let mut rest = found.iter();
    for expected in ["wasm::say ", "wasm::inner ", "wasm::outer ", "::border::enter_guest", "main "] {
        assert!(rest.any(|name| name.contains(expected)), "{expected} is missing in its place: {found:#?}");
    }
    assert_eq!(rest.next(), None, "{found:#?}");
}

/// Asks what a stop at a system call is about (ptrace(2)).
const GET_SYSCALL_INFO: i32 = 0x420e;

/// Where `struct ptrace_syscall_info` has the number of the call, and how many words it has.
const CALL_NUMBER: usize = 3;
const INFO_WORDS: usize = 11;

/// The numbers of the system calls of a process before the first one with the number `last`.
fn calls_before(built: &Built, last: i64) -> Vec<i64> {
    let mut command = built.command(&[]);
    let trace = || {
        // SAFETY: no pointers. The kernel stops this process when it has become the program.
        match unsafe { libc::ptrace(libc::PTRACE_TRACEME) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: a plain system call.
    unsafe { command.pre_exec(trace) };
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it can be traced");
    let id = child.id() as libc::pid_t;
    let mut calls = Vec::new();
    let mut enters = true;
    wait_for_stop(id);
    // Without this option, the kernel does not say which call it is.
    // SAFETY: the process is stopped, and there are no pointers.
    let set = unsafe { libc::ptrace(libc::PTRACE_SETOPTIONS, id, 0_usize, libc::PTRACE_O_TRACESYSGOOD as usize) };
    assert_eq!(set, 0, "{}", io::Error::last_os_error());
    loop {
        // SAFETY: the process is stopped, and without data there are no pointers.
        let went_on = unsafe { libc::ptrace(libc::PTRACE_SYSCALL, id, 0_usize, 0_usize) };
        assert_eq!(went_on, 0, "{}", io::Error::last_os_error());
        wait_for_stop(id);
        if enters {
            let mut info = [0_u64; INFO_WORDS];
            // SAFETY: the process is stopped; what is said of it goes to words that are there for it.
            let read = unsafe { libc::ptrace(GET_SYSCALL_INFO as _, id, size_of_val(&info), &raw mut info) };
            let has_number = usize::try_from(read).is_ok_and(|bytes| bytes > CALL_NUMBER * size_of::<u64>());
            assert!(has_number, "{read}: {}", io::Error::last_os_error());
            let call = info[CALL_NUMBER] as i64;
            if call == last {
                break;
            }
            calls.push(call);
        }
        enters = !enters;
    }
    child.kill().expect("it is there");
    child.wait().expect("it is ours");
    calls
}

fn wait_for_stop(id: libc::pid_t) {
    let mut status = 0;
    // SAFETY: the status goes to a variable that is there for it.
    let waited = unsafe { libc::waitpid(id, &raw mut status, 0) };
    assert_eq!(waited, id);
    assert!(libc::WIFSTOPPED(status), "it has ended: {status:#x}");
}

#[test]
fn a_thousand_starts() {
    let built = build_asking(YIELDS);
    for index in 0..1000 {
        assert_eq!(built.run(&[]), Outcome::success("begin\n"), "start {index}");
    }
}

#[test]
fn many_at_a_time() {
    let built = build_asking(YIELDS);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(built.run(&[]), Outcome::success("begin\n"))));
        }
    });
}

#[test]
fn a_process_without_address_space_says_so() {
    let built = build_asking(YIELDS);
    let mut command = built.command(&[]);
    let limit = || {
        let limit = libc::rlimit { rlim_cur: 1 << 30, rlim_max: 1 << 30 };
        // SAFETY: the call reads a structure that lives long enough.
        match unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: a plain system call.
    unsafe { command.pre_exec(limit) };
    let outcome = finish(&mut command, b"");
    assert_eq!((outcome.status, &*outcome.stdout), (Some(71), ""), "{outcome:#?}");
    assert!(outcome.stderr.starts_with("adder: cannot reserve "), "{outcome:#?}");
}
