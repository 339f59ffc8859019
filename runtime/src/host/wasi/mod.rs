//! WASI preview 1: all functions of `wasi_snapshot_preview1`, a file for each group.
//!
//! A function of a group is safe and typed: it gets the guest's memory and its parameters, and says how it ended. The
//! table below makes the host functions of them that generated code calls ([`adder_abi::program::HostFunction`]).
//! Each is a symbol and a section of its own, and nothing else refers to them, so that the linker drops what a program
//! does not import.

mod access;
mod args;
pub mod clock;
pub mod errno;
mod fd;
mod outcome;
mod path;
mod pieces;
mod poll;
mod preopens;
mod proc;
mod random;
mod sock;
mod types;
mod working_directory;

use crate::checkpoint::make;
use crate::guest::pointer::Guest;
use core::ffi::c_void;
use outcome::{Outcome, Parameter};

macro_rules! host_functions {
    ($($symbol:ident = $group:ident::$function:ident($($parameter:ident: $kind:ty),*);)*) => {
        $(
            /// A function of WASI preview 1, for generated code.
            ///
            /// # Safety
            /// `context` is null or the memory of the calling instance, and `values` has a slot for each parameter and
            /// for the result.
            #[cfg_attr(not(test), unsafe(no_mangle))]
            pub unsafe extern "C" fn $symbol(context: *mut c_void, values: *mut u64) -> u32 {
                // SAFETY: promised by the caller.
                let guest = unsafe { Guest::from_context(context) };
                #[allow(unused_mut, unused_variables, reason = "one of the functions has no parameters")]
                let mut slot = values;
                $(
                    // SAFETY: there is a slot for each parameter.
                    let $parameter = <$kind>::from_slot(unsafe { slot.read() });
                    slot = slot.wrapping_add(1);
                )*
                let _ = slot;
                match $group::$function(guest, $($parameter),*).errno() {
                    Ok(errno) => {
                        // SAFETY: there is a slot for the result.
                        unsafe { values.write(errno.into()) };
                        0
                    }
                    Err(code) => make::note_call(code, $symbol, context, values),
                }
            }
        )*

        #[cfg(test)]
        const TABLE: &[(&str, &[&str])] = &[$((stringify!($symbol), &[$(stringify!($kind)),*])),*];
    };
}

host_functions! {
    adder_wasi_args_get = args::args_get(vector: u32, texts: u32);
    adder_wasi_args_sizes_get = args::args_sizes_get(count: u32, bytes: u32);
    adder_wasi_clock_res_get = clock::clock_res_get(clock: u32, resolution: u32);
    adder_wasi_clock_time_get = clock::clock_time_get(clock: u32, precision: u64, time: u32);
    adder_wasi_environ_get = args::environ_get(vector: u32, texts: u32);
    adder_wasi_environ_sizes_get = args::environ_sizes_get(count: u32, bytes: u32);
    adder_wasi_fd_advise = fd::fd_advise(fd: u32, offset: u64, bytes: u64, advice: u32);
    adder_wasi_fd_allocate = fd::fd_allocate(fd: u32, offset: u64, bytes: u64);
    adder_wasi_fd_close = fd::fd_close(fd: u32);
    adder_wasi_fd_datasync = fd::fd_datasync(fd: u32);
    adder_wasi_fd_fdstat_get = fd::fd_fdstat_get(fd: u32, result: u32);
    adder_wasi_fd_fdstat_set_flags = fd::fd_fdstat_set_flags(fd: u32, flags: u32);
    adder_wasi_fd_fdstat_set_rights = fd::fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
    adder_wasi_fd_filestat_get = fd::fd_filestat_get(fd: u32, result: u32);
    adder_wasi_fd_filestat_set_size = fd::fd_filestat_set_size(fd: u32, size: u64);
    adder_wasi_fd_filestat_set_times = fd::fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32);
    adder_wasi_fd_pread = fd::fd_pread(fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_prestat_dir_name = fd::fd_prestat_dir_name(fd: u32, path: u32, bytes: u32);
    adder_wasi_fd_prestat_get = fd::fd_prestat_get(fd: u32, result: u32);
    adder_wasi_fd_pwrite = fd::fd_pwrite(fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_read = fd::fd_read(fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_fd_readdir = fd::fd_readdir(fd: u32, buffer: u32, bytes: u32, cookie: u64, result: u32);
    adder_wasi_fd_renumber = fd::fd_renumber(from: u32, to: u32);
    adder_wasi_fd_seek = fd::fd_seek(fd: u32, offset: i64, whence: u32, result: u32);
    adder_wasi_fd_sync = fd::fd_sync(fd: u32);
    adder_wasi_fd_tell = fd::fd_tell(fd: u32, result: u32);
    adder_wasi_fd_write = fd::fd_write(fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_path_create_directory = path::path_create_directory(fd: u32, path: u32, bytes: u32);
    adder_wasi_path_filestat_get = path::path_filestat_get(fd: u32, lookup: u32, path: u32, bytes: u32, result: u32);
    adder_wasi_path_filestat_set_times = path::path_filestat_set_times(
        fd: u32, lookup: u32, path: u32, bytes: u32, accessed: u64, modified: u64, flags: u32
    );
    adder_wasi_path_link = path::path_link(
        old_fd: u32, lookup: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_open = path::path_open(
        fd: u32, lookup: u32, path: u32, bytes: u32, oflags: u32, base: u64, inheriting: u64, fdflags: u32, result: u32
    );
    adder_wasi_path_readlink = path::path_readlink(
        fd: u32, path: u32, bytes: u32, buffer: u32, buffer_bytes: u32, result: u32
    );
    adder_wasi_path_remove_directory = path::path_remove_directory(fd: u32, path: u32, bytes: u32);
    adder_wasi_path_rename = path::path_rename(
        old_fd: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_symlink = path::path_symlink(text: u32, text_bytes: u32, fd: u32, path: u32, bytes: u32);
    adder_wasi_path_unlink_file = path::path_unlink_file(fd: u32, path: u32, bytes: u32);
    adder_wasi_poll_oneoff = poll::poll_oneoff(subscriptions: u32, events: u32, count: u32, result: u32);
    adder_wasi_proc_exit = proc::proc_exit(status: u32);
    adder_wasi_proc_raise = proc::proc_raise(signal: u32);
    adder_wasi_random_get = random::random_get(buffer: u32, bytes: u32);
    adder_wasi_sched_yield = proc::sched_yield();
    adder_wasi_sock_accept = sock::sock_accept(fd: u32, flags: u32, result: u32);
    adder_wasi_sock_recv = sock::sock_recv(
        fd: u32, vectors: u32, count: u32, flags: u32, result: u32, result_flags: u32
    );
    adder_wasi_sock_send = sock::sock_send(fd: u32, vectors: u32, count: u32, flags: u32, result: u32);
    adder_wasi_sock_shutdown = sock::sock_shutdown(fd: u32, how: u32);
}

#[cfg(test)]
mod tests {
    use super::errno::Errno;
    use super::*;
    use adder_abi::host::{ValueType, WASI_PREVIEW1};
    use adder_abi::symbol::WASI_PREVIEW1_PREFIX;

    #[test]
    fn every_function_is_there_with_its_type() {
        assert_eq!(TABLE.len(), WASI_PREVIEW1.len());
        for (signature, (symbol, parameters)) in WASI_PREVIEW1.iter().zip(TABLE) {
            assert_eq!(symbol.strip_prefix(WASI_PREVIEW1_PREFIX), Some(signature.name));
            let types: Vec<_> =
                parameters.iter().map(|kind| if *kind == "u32" { ValueType::I32 } else { ValueType::I64 }).collect();
            assert_eq!(types, signature.parameters, "{symbol}");
        }
    }

    #[test]
    fn slots_become_parameters_and_the_result() {
        // `clock_res_get` of a clock that does not exist.
        let mut values = [u64::from(u32::MAX) << 32 | 77, 0];
        // SAFETY: an instance without memory, and a slot for each parameter.
        let code = unsafe { adder_wasi_clock_res_get(core::ptr::null_mut(), values.as_mut_ptr()) };
        assert_eq!((code, values[0]), (0, Errno::Fault as u64));
    }
}
