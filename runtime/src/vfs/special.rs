//! Special files: those below [`CHECKPOINT_FOLDER`](adder_abi::checkpoint::CHECKPOINT_FOLDER), by which a guest deals with its
//! checkpoint.
//!
//! Here they are names of the embedded tree. What they do is not the file system's affair: whoever knows of checkpoints defines
//! the functions below, and the linker joins both. So a program that can open no file carries nothing of it.

use crate::guest::pointer::GuestRange;
use adder_abi::configuration::NodeKind;
use rustix::fd::OwnedFd;
use rustix::io::Errno;

/// Which special file it is. The one that asks for a cold start is none when it is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// The one whose read asks for a checkpoint.
    Checkpoint,
    /// The guest's own memory. The interface that the guest uses reads and writes it, because it knows whose memory that is.
    Memory,
    /// The one that takes why the guest starts without its checkpoint.
    Reason,
}

impl Special {
    /// Returns which special file a node of the tree is, if it is one.
    pub fn of(kind: NodeKind) -> Option<Special> {
        match kind {
            NodeKind::Checkpoint => Some(Special::Checkpoint),
            NodeKind::Memory => Some(Special::Memory),
            NodeKind::Reason => Some(Special::Reason),
            NodeKind::Passage | NodeKind::Directory | NodeKind::File | NodeKind::ColdStart => None,
        }
    }
}

unsafe extern "Rust" {
    safe fn adder_special_answer() -> &'static [u8];
    safe fn adder_special_keep_reason(pieces: &[GuestRange]) -> usize;
    safe fn adder_special_give_input() -> Result<OwnedFd, Errno>;
    safe fn adder_special_start_cold() -> Errno;
    safe fn adder_special_give_up();
}

/// Returns what the file that asks for a checkpoint contains.
pub fn answer() -> &'static [u8] {
    adder_special_answer()
}

/// Keeps what is written to the file for reasons. Returns its size in bytes.
pub fn keep_reason(pieces: &[GuestRange]) -> usize {
    adder_special_keep_reason(pieces)
}

/// Opens what becomes the standard input of a cold start, for writing.
pub fn give_input() -> Result<OwnedFd, Errno> {
    adder_special_give_input()
}

/// Replaces this process by a cold start. Returns only if that cannot be done.
pub fn start_cold() -> Errno {
    adder_special_start_cold()
}

/// Takes down that the guest asks for no cold start any more.
pub fn give_up() {
    adder_special_give_up();
}
