//! Files and directories by path and by descriptor.
//!
//! Paths are addresses of texts that end with NUL. A variadic argument is the address of a block that holds it. Offsets of 64
//! bits are one value, or its lower and upper half.

use super::{Interface, Signature, call, interface, variant};
use crate::value::ValueType::{I32, I64};

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_file_", &FUNCTIONS);

/// Its functions. Source: `src/library_syscall.js`, `src/lib/libsyscall.js`.
pub const FUNCTIONS: [Signature; 57] = [
    call("__syscall_access", &[I32, I32]),
    call("__syscall_chdir", &[I32]),
    call("__syscall_chmod", &[I32, I32]),
    call("__syscall_chown32", &[I32, I32, I32]),
    call("__syscall_dup", &[I32]),
    call("__syscall_dup2", &[I32, I32]),
    call("__syscall_dup3", &[I32, I32, I32]),
    call("__syscall_faccessat", &[I32, I32, I32, I32]),
    call("__syscall_fadvise64", &[I32, I64, I64, I32]),
    variant("fadvise64_halves", call("__syscall_fadvise64_64", &[I32, I32, I32, I32, I32, I32])),
    call("__syscall_fallocate", &[I32, I32, I64, I64]),
    variant("fallocate_halves", call("__syscall_fallocate", &[I32, I32, I32, I32, I32, I32])),
    call("__syscall_fchdir", &[I32]),
    call("__syscall_fchmod", &[I32, I32]),
    call("__syscall_fchmodat", &[I32, I32, I32, I32]),
    call("__syscall_fchmodat2", &[I32, I32, I32, I32]),
    call("__syscall_fchown32", &[I32, I32, I32]),
    call("__syscall_fchownat", &[I32, I32, I32, I32, I32]),
    call("__syscall_fcntl64", &[I32, I32, I32]),
    call("__syscall_fdatasync", &[I32]),
    call("__syscall_fstat64", &[I32, I32]),
    call("__syscall_fstatat64", &[I32, I32, I32, I32]),
    call("__syscall_fstatfs64", &[I32, I32, I32]),
    call("__syscall_ftruncate64", &[I32, I64]),
    variant("ftruncate64_halves", call("__syscall_ftruncate64", &[I32, I32, I32])),
    call("__syscall_getcwd", &[I32, I32]),
    call("__syscall_getdents64", &[I32, I32, I32]),
    call("__syscall_ioctl", &[I32, I32, I32]),
    call("__syscall_lchown32", &[I32, I32, I32]),
    call("__syscall_link", &[I32, I32]),
    call("__syscall_linkat", &[I32, I32, I32, I32, I32]),
    call("__syscall_lstat64", &[I32, I32]),
    call("__syscall_mkdir", &[I32, I32]),
    call("__syscall_mkdirat", &[I32, I32, I32]),
    call("__syscall_mknod", &[I32, I32, I32]),
    call("__syscall_mknodat", &[I32, I32, I32, I32]),
    call("__syscall_newfstatat", &[I32, I32, I32, I32]),
    call("__syscall_open", &[I32, I32, I32]),
    call("__syscall_openat", &[I32, I32, I32, I32]),
    call("__syscall_pipe", &[I32]),
    call("__syscall_pipe2", &[I32, I32]),
    call("__syscall_readlink", &[I32, I32, I32]),
    call("__syscall_readlinkat", &[I32, I32, I32, I32]),
    call("__syscall_rename", &[I32, I32]),
    call("__syscall_renameat", &[I32, I32, I32, I32]),
    call("__syscall_rmdir", &[I32]),
    call("__syscall_stat64", &[I32, I32]),
    call("__syscall_statfs64", &[I32, I32, I32]),
    call("__syscall_symlink", &[I32, I32]),
    call("__syscall_symlinkat", &[I32, I32, I32]),
    call("__syscall_truncate64", &[I32, I64]),
    variant("truncate64_halves", call("__syscall_truncate64", &[I32, I32, I32])),
    call("__syscall_umask", &[I32]),
    call("__syscall_umask_js", &[I32]),
    call("__syscall_unlink", &[I32]),
    call("__syscall_unlinkat", &[I32, I32, I32]),
    call("__syscall_utimensat", &[I32, I32, I32, I32]),
];
