//! The file system that the guest sees: folders of the host as far as granted, the tree embedded in the executable, and the
//! descriptors of the process.
//!
//! ```text
//! descriptors  those of the guest              descriptor  number -> open file
//! grant        what the guest may use          rights      what a descriptor may be used for
//! operation    what can be done with a path    tree        what is embedded in the executable
//!   path/        does the tree or the host serve a path? how it stays in its grant
//! open/        what can be done with what is open: a file for each kind
//! mapping      files in the guest's memory
//! ready        waiting until it can be read or written
//! special      files that do something: they belong to checkpoints
//! posix/       paths from `/`, a working directory, modes and owners, for guests that know POSIX
//! ```
//!
//! Invariants: the guest reaches the host's names only through a grant, never through a directory that the process happens
//! to have as a standard descriptor. Every path of the guest is opened in `path/beneath` and nowhere
//! else. A change under a read-only grant is refused in `operation::changeable` and `OpenFile::may_change`, and one of
//! attributes that POSIX has beside WASI in `posix/attributes`. Errors are the host's; an interface translates them. Nothing is
//! opened or read before the guest needs it.

pub mod descriptor;
pub mod descriptors;
pub mod grant;
pub mod mapping;
pub mod open;
pub mod operation;
pub mod path;
pub mod posix;
pub mod ready;
pub mod rights;
pub mod special;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod waiting;
