//! Special files: those below [`CHECKPOINT_FOLDER`](adder_abi::checkpoint::CHECKPOINT_FOLDER), by which a guest deals with its
//! checkpoint.
//!
//! Here they are names of the embedded tree. What they do is not the file system's affair: whoever knows of checkpoints
//! implements [`SpecialFiles`].

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

/// What the special files do.
pub trait SpecialFiles {
    /// Returns what the file that asks for a checkpoint contains.
    fn answer() -> &'static [u8];

    /// Keeps what is written to the file for reasons. Returns its size in bytes.
    fn keep_reason(pieces: &[GuestRange]) -> usize;

    /// Opens what becomes the standard input of a cold start, for writing.
    fn give_input() -> Result<OwnedFd, Errno>;

    /// Replaces this process by a cold start. Returns only if that cannot be done.
    fn start_cold() -> Errno;

    /// Takes down that the guest asks for no cold start any more.
    fn give_up();
}
