//! Files and directories: system calls by path (`path`), by descriptor (`descriptor`), and on devices (`device`); `layout` has
//! the records and numbers of the guest.

mod descriptor;
mod device;
mod directory;
mod layout;
mod path;

use super::super::interface;
use crate::guest::pointer::Guest;

pub use directory::seek;
pub use layout::{timespec, write_timespec};

interface! {
    emscripten::file;
    adder_emscripten_file___syscall_access = path::access(Guest, path: u32, mode: u32);
    adder_emscripten_file___syscall_chdir = path::chdir(Guest, path: u32);
    adder_emscripten_file___syscall_chmod = path::chmod(Guest, path: u32, mode: u32);
    adder_emscripten_file___syscall_chown32 = path::chown(Guest, path: u32, user: u32, group: u32);
    adder_emscripten_file___syscall_dup = descriptor::dup(Guest, fd: u32);
    adder_emscripten_file___syscall_dup2 = descriptor::dup2(Guest, fd: u32, to: u32);
    adder_emscripten_file___syscall_dup3 = descriptor::dup3(Guest, fd: u32, to: u32, flags: u32);
    adder_emscripten_file___syscall_faccessat = path::faccessat(Guest, fd: u32, path: u32, mode: u32, flags: u32);
    adder_emscripten_file___syscall_fadvise64 = descriptor::fadvise(
        Guest, fd: u32, offset: u64, bytes: u64, advice: u32
    );
    adder_emscripten_file_fadvise64_halves = descriptor::fadvise_halves(
        Guest, fd: u32, offset_low: u32, offset_high: u32, bytes_low: u32, bytes_high: u32, advice: u32
    );
    adder_emscripten_file___syscall_fallocate = descriptor::fallocate(
        Guest, fd: u32, mode: u32, offset: u64, bytes: u64
    );
    adder_emscripten_file_fallocate_halves = descriptor::fallocate_halves(
        Guest, fd: u32, mode: u32, offset_low: u32, offset_high: u32, bytes_low: u32, bytes_high: u32
    );
    adder_emscripten_file___syscall_fchdir = path::fchdir(Guest, fd: u32);
    adder_emscripten_file___syscall_fchmod = descriptor::fchmod(Guest, fd: u32, mode: u32);
    adder_emscripten_file___syscall_fchmodat = path::fchmodat(Guest, fd: u32, path: u32, mode: u32, variadic: u32);
    adder_emscripten_file___syscall_fchmodat2 = path::fchmodat2(Guest, fd: u32, path: u32, mode: u32, flags: u32);
    adder_emscripten_file___syscall_fchown32 = descriptor::fchown(Guest, fd: u32, user: u32, group: u32);
    adder_emscripten_file___syscall_fchownat = path::fchownat(
        Guest, fd: u32, path: u32, user: u32, group: u32, flags: u32
    );
    adder_emscripten_file___syscall_fcntl64 = descriptor::fcntl(Guest, fd: u32, command: u32, variadic: u32);
    adder_emscripten_file___syscall_fdatasync = descriptor::fdatasync(Guest, fd: u32);
    adder_emscripten_file___syscall_fstat64 = descriptor::fstat(Guest, fd: u32, result: u32);
    adder_emscripten_file___syscall_fstatat64 = path::fstatat(Guest, fd: u32, path: u32, result: u32, flags: u32);
    adder_emscripten_file___syscall_fstatfs64 = descriptor::fstatfs(Guest, fd: u32, bytes: u32, result: u32);
    adder_emscripten_file___syscall_ftruncate64 = descriptor::ftruncate(Guest, fd: u32, size: u64);
    adder_emscripten_file_ftruncate64_halves = descriptor::ftruncate_halves(Guest, fd: u32, low: u32, high: u32);
    adder_emscripten_file___syscall_getcwd = path::getcwd(Guest, buffer: u32, bytes: u32);
    adder_emscripten_file___syscall_getdents64 = directory::getdents(Guest, fd: u32, buffer: u32, bytes: u32);
    adder_emscripten_file___syscall_ioctl = device::ioctl(Guest, fd: u32, operation: u32, variadic: u32);
    adder_emscripten_file___syscall_lchown32 = path::lchown(Guest, path: u32, user: u32, group: u32);
    adder_emscripten_file___syscall_link = path::link(Guest, from: u32, to: u32);
    adder_emscripten_file___syscall_linkat = path::linkat(
        Guest, from_fd: u32, from: u32, to_fd: u32, to: u32, flags: u32
    );
    adder_emscripten_file___syscall_lstat64 = path::lstat(Guest, path: u32, result: u32);
    adder_emscripten_file___syscall_mkdir = path::mkdir(Guest, path: u32, mode: u32);
    adder_emscripten_file___syscall_mkdirat = path::mkdirat(Guest, fd: u32, path: u32, mode: u32);
    adder_emscripten_file___syscall_mknod = path::mknod(Guest, path: u32, mode: u32, device: u32);
    adder_emscripten_file___syscall_mknodat = path::mknodat(Guest, fd: u32, path: u32, mode: u32, device: u32);
    adder_emscripten_file___syscall_newfstatat = path::fstatat(Guest, fd: u32, path: u32, result: u32, flags: u32);
    adder_emscripten_file___syscall_open = path::open(Guest, path: u32, flags: u32, variadic: u32);
    adder_emscripten_file___syscall_openat = path::openat(Guest, fd: u32, path: u32, flags: u32, variadic: u32);
    adder_emscripten_file___syscall_pipe = descriptor::pipe(Guest, ends: u32);
    adder_emscripten_file___syscall_pipe2 = descriptor::pipe2(Guest, ends: u32, flags: u32);
    adder_emscripten_file___syscall_readlink = path::readlink(Guest, path: u32, buffer: u32, bytes: u32);
    adder_emscripten_file___syscall_readlinkat = path::readlinkat(Guest, fd: u32, path: u32, buffer: u32, bytes: u32);
    adder_emscripten_file___syscall_rename = path::rename(Guest, from: u32, to: u32);
    adder_emscripten_file___syscall_renameat = path::renameat(Guest, from_fd: u32, from: u32, to_fd: u32, to: u32);
    adder_emscripten_file___syscall_rmdir = path::rmdir(Guest, path: u32);
    adder_emscripten_file___syscall_stat64 = path::stat(Guest, path: u32, result: u32);
    adder_emscripten_file___syscall_statfs64 = path::statfs(Guest, path: u32, bytes: u32, result: u32);
    adder_emscripten_file___syscall_symlink = path::symlink(Guest, text: u32, path: u32);
    adder_emscripten_file___syscall_symlinkat = path::symlinkat(Guest, text: u32, fd: u32, path: u32);
    adder_emscripten_file___syscall_truncate64 = path::truncate(Guest, path: u32, size: u64);
    adder_emscripten_file_truncate64_halves = path::truncate_halves(Guest, path: u32, low: u32, high: u32);
    adder_emscripten_file___syscall_umask = path::umask(Guest, mask: u32);
    adder_emscripten_file___syscall_umask_js = path::umask(Guest, mask: u32);
    adder_emscripten_file___syscall_unlink = path::unlink(Guest, path: u32);
    adder_emscripten_file___syscall_unlinkat = path::unlinkat(Guest, fd: u32, path: u32, flags: u32);
    adder_emscripten_file___syscall_utimensat = path::utimensat(
        Guest, fd: u32, path: u32, times: u32, flags: u32
    );
}
