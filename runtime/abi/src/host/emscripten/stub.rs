//! System calls that Emscripten's C library defines itself, weakly, as there is nothing behind them in a browser: they return made-up
//! numbers or an error. The runtime takes their place.

use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface =
    Interface { replaces_definitions: true, ..interface("adder_emscripten_stub_", &FUNCTIONS) };

/// Its functions: what they define themselves is replaced where a module exports it or has its name. Source:
/// `system/lib/libc/emscripten_syscall_stubs.c`.
pub const FUNCTIONS: [Signature; 19] = [
    call("__syscall_getegid32", &[]),
    call("__syscall_geteuid32", &[]),
    call("__syscall_getgid32", &[]),
    call("__syscall_getgroups32", &[I32, I32]),
    call("__syscall_getpgid", &[I32]),
    call("__syscall_getpid", &[]),
    call("__syscall_getppid", &[]),
    call("__syscall_getpriority", &[I32, I32]),
    call("__syscall_getresgid32", &[I32, I32, I32]),
    call("__syscall_getresuid32", &[I32, I32, I32]),
    call("__syscall_getrusage", &[I32, I32]),
    call("__syscall_getsid", &[I32]),
    call("__syscall_getuid32", &[]),
    call("__syscall_prlimit64", &[I32, I32, I32, I32]),
    call("__syscall_setpriority", &[I32, I32, I32]),
    call("__syscall_sync", &[]),
    call("__syscall_uname", &[I32]),
    // Its system call may be one with that of sessions, as both do the same there.
    call("getpgrp", &[]),
    // Its system call says at once that a signal has come, which the optimiser has put in here.
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call("pause", &[]) },
];
