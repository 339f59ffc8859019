//! WASI preview 1: all functions of `wasi_snapshot_preview1`, a file for each group.

mod args;
pub mod clock;
mod descriptor;
pub mod fd;
mod path;
mod poll;
mod proc;
pub mod random;
mod sock;
pub mod witx;
mod working_directory;

use super::interface;
use crate::guest::pointer::Guest;

interface! {
    wasi_preview1;
    adder_wasi_args_get = args::args_get(Guest, vector: u32, texts: u32);
    adder_wasi_args_sizes_get = args::args_sizes_get(Guest, count: u32, bytes: u32);
    adder_wasi_clock_res_get = clock::clock_res_get(Guest, clock: u32, resolution: u32);
    adder_wasi_clock_time_get = clock::clock_time_get(Guest, clock: u32, precision: u64, time: u32);
    adder_wasi_environ_get = args::environ_get(Guest, vector: u32, texts: u32);
    adder_wasi_environ_sizes_get = args::environ_sizes_get(Guest, count: u32, bytes: u32);
    adder_wasi_fd_advise = fd::fd_advise(Guest, fd: u32, offset: u64, bytes: u64, advice: u32);
    adder_wasi_fd_allocate = fd::fd_allocate(Guest, fd: u32, offset: u64, bytes: u64);
    adder_wasi_fd_close = fd::fd_close(Guest, fd: u32);
    adder_wasi_fd_datasync = fd::fd_datasync(Guest, fd: u32);
    adder_wasi_fd_fdstat_get = fd::fd_fdstat_get(Guest, fd: u32, result: u32);
    adder_wasi_fd_fdstat_set_flags = fd::fd_fdstat_set_flags(Guest, fd: u32, flags: u32);
    adder_wasi_fd_fdstat_set_rights = fd::fd_fdstat_set_rights(Guest, fd: u32, base: u64, inheriting: u64);
    adder_wasi_fd_filestat_get = fd::fd_filestat_get(Guest, fd: u32, result: u32);
    adder_wasi_fd_filestat_set_size = fd::fd_filestat_set_size(Guest, fd: u32, size: u64);
    adder_wasi_fd_filestat_set_times = fd::fd_filestat_set_times(
        Guest, fd: u32, accessed: u64, modified: u64, flags: u32
    );
    adder_wasi_fd_pread = fd::fd_pread(Guest, fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_prestat_dir_name = fd::fd_prestat_dir_name(Guest, fd: u32, path: u32, bytes: u32);
    adder_wasi_fd_prestat_get = fd::fd_prestat_get(Guest, fd: u32, result: u32);
    adder_wasi_fd_pwrite = fd::fd_pwrite(Guest, fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_read = fd::fd_read(Guest, fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_fd_readdir = fd::fd_readdir(Guest, fd: u32, buffer: u32, bytes: u32, cookie: u64, result: u32);
    adder_wasi_fd_renumber = fd::fd_renumber(Guest, from: u32, to: u32);
    adder_wasi_fd_seek = fd::fd_seek(Guest, fd: u32, offset: i64, whence: u32, result: u32);
    adder_wasi_fd_sync = fd::fd_sync(Guest, fd: u32);
    adder_wasi_fd_tell = fd::fd_tell(Guest, fd: u32, result: u32);
    adder_wasi_fd_write = fd::fd_write(Guest, fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_path_create_directory = path::path_create_directory(Guest, fd: u32, path: u32, bytes: u32);
    adder_wasi_path_filestat_get = path::path_filestat_get(
        Guest, fd: u32, lookup: u32, path: u32, bytes: u32, result: u32
    );
    adder_wasi_path_filestat_set_times = path::path_filestat_set_times(
        Guest, fd: u32, lookup: u32, path: u32, bytes: u32, accessed: u64, modified: u64, flags: u32
    );
    adder_wasi_path_link = path::path_link(
        Guest, old_fd: u32, lookup: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_open = path::path_open(
        Guest, fd: u32, lookup: u32, path: u32, bytes: u32, oflags: u32, base: u64, inheriting: u64, fdflags: u32,
        result: u32
    );
    adder_wasi_path_readlink = path::path_readlink(
        Guest, fd: u32, path: u32, bytes: u32, buffer: u32, buffer_bytes: u32, result: u32
    );
    adder_wasi_path_remove_directory = path::path_remove_directory(Guest, fd: u32, path: u32, bytes: u32);
    adder_wasi_path_rename = path::path_rename(
        Guest, old_fd: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_symlink = path::path_symlink(Guest, text: u32, text_bytes: u32, fd: u32, path: u32, bytes: u32);
    adder_wasi_path_unlink_file = path::path_unlink_file(Guest, fd: u32, path: u32, bytes: u32);
    adder_wasi_poll_oneoff = poll::poll_oneoff(Guest, subscriptions: u32, events: u32, count: u32, result: u32);
    adder_wasi_proc_exit = proc::proc_exit(Guest, status: u32);
    adder_wasi_proc_raise = proc::proc_raise(Guest, signal: u32);
    adder_wasi_random_get = random::random_get(Guest, buffer: u32, bytes: u32);
    adder_wasi_sched_yield = proc::sched_yield(Guest);
    adder_wasi_sock_accept = sock::sock_accept(Guest, fd: u32, flags: u32, result: u32);
    adder_wasi_sock_recv = sock::sock_recv(
        Guest, fd: u32, vectors: u32, count: u32, flags: u32, result: u32, result_flags: u32
    );
    adder_wasi_sock_send = sock::sock_send(Guest, fd: u32, vectors: u32, count: u32, flags: u32, result: u32);
    adder_wasi_sock_shutdown = sock::sock_shutdown(Guest, fd: u32, how: u32);
}

#[cfg(test)]
mod tests {
    use super::adder_wasi_clock_res_get;
    use super::witx::errno::Errno;

    #[test]
    fn slots_become_parameters_and_the_result() {
        // `clock_res_get` of a clock that does not exist.
        let mut values = [u64::from(u32::MAX) << 32 | 77, 0];
        // SAFETY: an instance without memory, and a slot for each parameter.
        let code = unsafe { adder_wasi_clock_res_get(core::ptr::null_mut(), values.as_mut_ptr()) };
        assert_eq!((code, values[0]), (0, Errno::Fault as u64));
    }
}
