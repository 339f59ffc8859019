//! WASI preview 1.

use super::signature::{Guests, Interface, Signature, function};
use crate::callback::Callback;
use crate::value::ValueType::{self, I32, I64};

/// The module name.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// The interface.
pub const INTERFACE: Interface = Interface {
    module: MODULE,
    prefix: "adder_wasi_",
    functions: &FUNCTIONS,
    exclusive: true,
    guests: Guests::All,
    replaces_definitions: false,
};

/// A function that returns an error number.
const fn errno(name: &'static str, parameters: &'static [ValueType]) -> Signature {
    function(name, parameters, &[I32])
}

/// WASI preview 1, all functions, in alphabetical order. Source: `phases/snapshot/witx/wasi_snapshot_preview1.witx` of
/// the WASI repository, lowered by its ABI to core values.
pub const FUNCTIONS: [Signature; 46] = [
    errno("args_get", &[I32, I32]),
    // The first time, the program is brought into the working directory.
    Signature { callbacks: &[Callback::ChangeDirectory], enters_guest: true, ..errno("args_sizes_get", &[I32, I32]) },
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
    function("proc_exit", &[I32], &[]),
    errno("proc_raise", &[I32]),
    errno("random_get", &[I32, I32]),
    errno("sched_yield", &[]),
    errno("sock_accept", &[I32, I32, I32]),
    errno("sock_recv", &[I32, I32, I32, I32, I32, I32]),
    errno("sock_send", &[I32, I32, I32, I32, I32]),
    errno("sock_shutdown", &[I32, I32]),
];
