//! Checkpoints: a program that has started once, at build, and goes on from there in every process.
//!
//! ```text
//! make        at build: leaves the guest where it asks for a checkpoint, and writes down all of its state
//! restore     at start: puts that state back
//! trial       at build again: goes on from the new checkpoint, and finds out which pages that changes
//! cold_start  a start without the checkpoint, which a guest can still ask for
//! world       what the guest sees of time and chance while a checkpoint is made
//! window      how it reads and writes its own memory by address, to adapt to the new process
//! explain     says how the process has started
//! answer      what a guest reads where it asked: the arguments and the environment of the process
//! ```
//!
//! A guest asks for a checkpoint by reading [`CHECKPOINT_FILE`](adder_abi::checkpoint::CHECKPOINT_FILE). Making it means to
//! be in the host call of that read: what is saved of the native stack are frames of the guest and, innermost, that call.
//! A process that starts from the checkpoint calls the same host function again, and it returns to the guest. So whatever
//! has to be done between the two lives is done here or in that function, and no state of the runtime itself is saved: the
//! guest's descriptors are those that every guest starts with, and the reserved file.
//!
//! All addresses in saved state are true in every process: the executable is fixed, and memories, tables and the stack are
//! reserved at the addresses that they had.

pub mod answer;
pub mod cold_start;
pub mod explain;
pub mod make;
pub mod restore;
pub mod trial;
pub mod window;
pub mod world;
