//! The file system as POSIX has it, for interfaces whose guests use absolute paths, a working directory, modes and owners.
//!
//! ```text
//! mounts             where in the guest's names the grants are
//! names              of directories: by their text, by the kernel
//! namespace          what a path of the guest leads to
//! working_directory  chdir, fchdir, getcwd
//! files              open, mkdir, rename and the like
//! attributes         stat, chmod, access and the like
//! descriptors        what a number has beside its open file: dup, pipe and the like
//! directories        reading them from where a descriptor is
//! locks              fcntl and flock
//! sockets            names of Unix sockets
//! terminal           attributes and sizes of terminals
//! ```
//!
//! An interface calls [`namespace::at`] with what the guest has given and does something with the result. All functions return the
//! host's errors. Where a grant is read-only, changes fail with `EROFS` ([`namespace::Target::change`]), which is what programs that
//! know Linux expect there; guests of WASI see `EPERM`.

pub mod attributes;
pub mod descriptors;
pub mod directories;
pub mod files;
pub mod locks;
pub mod mounts;
pub mod names;
pub mod namespace;
pub mod sockets;
pub mod terminal;
pub mod working_directory;
