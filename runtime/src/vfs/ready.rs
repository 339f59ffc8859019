//! Waiting until open files can be read or written: poll(2) over descriptors of the guest, whatever they stand for.
//!
//! A kind of open file says whether it is always ready or the kernel knows when it is ([`OpenFile::is_always_ready`]); everything
//! else about waiting for files is here. How a guest asks, and for how long it waits, is the affair of its interface.

use super::open::OpenFile;
use super::open::status::FileType;
use super::waiting;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::SeekFrom;
use rustix::io::{Errno, ioctl_fionread};

/// Bytes that can be written at least to a pipe that is ready (`PIPE_BUF`).
const PIPE_BYTES: u64 = 4096;

/// An open file that is waited for.
pub struct Awaited {
    file: Arc<OpenFile>,
    /// What it is waited for: `IN`, `OUT` or both.
    events: PollFlags,
    /// Whether nobody ever has to wait for it.
    is_always_ready: bool,
}

impl Awaited {
    /// Waits for one of `events`. Fails for what cannot be waited for.
    pub fn new(file: Arc<OpenFile>, events: PollFlags) -> Result<Awaited, Errno> {
        let is_always_ready = file.is_always_ready()?;
        if !is_always_ready {
            file.descriptor()?;
        }
        Ok(Awaited { file, events, is_always_ready })
    }

    /// Whether nobody ever has to wait for it.
    pub fn is_always_ready(&self) -> bool {
        self.is_always_ready
    }

    /// Returns what it is waited for.
    pub fn events(&self) -> PollFlags {
        self.events
    }

    /// Whether it is a pipe.
    pub fn is_pipe(&self) -> bool {
        self.file.file_type() == Ok(FileType::Pipe)
    }

    /// Returns how many bytes can be read without waiting, as far as that is known.
    pub fn bytes_to_read(&self) -> u64 {
        if !self.is_always_ready {
            return self.file.descriptor().and_then(ioctl_fionread).unwrap_or(0);
        }
        let position = self.file.seek(SeekFrom::Current(0)).unwrap_or(0);
        self.file.status().map_or(0, |status| status.size).saturating_sub(position)
    }

    /// Returns how many bytes can be written at least without waiting once it is ready.
    pub fn bytes_to_write(&self) -> u64 {
        if self.is_always_ready || self.is_pipe() { PIPE_BYTES } else { 1 }
    }
}

/// Files that are waited for together.
pub struct Poll<'a> {
    /// Those that the kernel is asked about, in their order.
    asked: Vec<PollFd<'a>>,
}

impl<'a> Poll<'a> {
    /// Prepares to wait for `count` files at most.
    pub fn new(files: impl Iterator<Item = &'a Awaited>, count: usize) -> Result<Poll<'a>, Errno> {
        let mut asked = Vec::new();
        asked.try_reserve_exact(count).map_err(|_| Errno::NOMEM)?;
        for awaited in files {
            if !awaited.is_always_ready {
                asked.push(PollFd::from_borrowed_fd(awaited.file.descriptor()?, awaited.events));
            }
        }
        Ok(Poll { asked })
    }

    /// Waits until one of those that the kernel is asked about is ready, or the time is over. `None` waits as long as it takes.
    /// Who waits for a file that is always ready waits for no time.
    ///
    /// Fails with `EINTR` when a signal comes.
    pub fn wait(&mut self, timeout: Option<&Timespec>) -> Result<(), Errno> {
        waiting::poll(&mut self.asked, timeout).map(|_| ())
    }

    /// Returns what has happened to each of the files, in the order in which [`Poll::new`] got them: the events that were waited
    /// for, and errors (`ERR`, `HUP`, `NVAL`) unasked. Nothing if it is not ready.
    pub fn events<'b>(&'b self, files: impl Iterator<Item = &'b Awaited>) -> impl Iterator<Item = PollFlags> {
        let mut answers = self.asked.iter();
        files.map(move |awaited| match awaited.is_always_ready {
            true => awaited.events,
            false => answers.next().map_or(PollFlags::empty(), PollFd::revents),
        })
    }
}
