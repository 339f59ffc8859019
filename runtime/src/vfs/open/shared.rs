//! Open files that the process shares with whoever started it: standard streams, and sockets that were handed over.
//!
//! Flags of an open file (`O_NONBLOCK`, `O_APPEND`) belong to all who share it. So those that the guest sets stay with the
//! guest: they are remembered here, and reads and writes act by them. As long as the guest has set none, the open file's own
//! flags act, and nothing here costs a system call.

use super::operations::refuse_input_at_build;
use super::status::{FileType, KnownType};
use super::vectored::{self, Received};
use crate::guest::pointer::GuestRange;
use crate::process::pending::restarted;
use crate::vfs::waiting;
use core::ffi::c_int;
use core::sync::atomic::{AtomicU32, Ordering};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::net::SocketFlags;

/// As much can be written to a pipe that is ready without waiting (`PIPE_BUF`).
const READY_BYTES: usize = 4096;

/// What the guest can change of an open file that others share.
pub const CHANGEABLE: OFlags = OFlags::APPEND.union(OFlags::NONBLOCK);

/// No flag of Linux has this bit.
const IS_SET: u32 = 1 << 31;

/// What is kept of a descriptor whose open file others share. Its functions want that descriptor.
pub struct Shared {
    known_type: KnownType,
    /// The flags that the guest has set for itself, and [`IS_SET`], if it has set any. Relaxed: the word says all.
    own_flags: AtomicU32,
}

impl Shared {
    /// The guest has set no flags.
    pub const fn new() -> Shared {
        Shared { known_type: KnownType::new(), own_flags: AtomicU32::new(0) }
    }

    /// Returns what the descriptor is.
    pub fn file_type(&self, descriptor: BorrowedFd<'_>) -> Result<FileType, Errno> {
        self.known_type.of(descriptor)
    }

    /// Returns those of [`CHANGEABLE`] that are on, if the guest has ever set any.
    pub fn own_flags(&self) -> Option<OFlags> {
        let bits = self.own_flags.load(Ordering::Relaxed);
        (bits & IS_SET != 0).then(|| OFlags::from_bits_retain(bits & !IS_SET))
    }

    /// Sets those of [`CHANGEABLE`] that are among these, for the guest alone.
    pub fn set_own_flags(&self, flags: OFlags) {
        self.own_flags.store((flags & CHANGEABLE).bits() | IS_SET, Ordering::Relaxed);
    }

    /// Whether to wait until there is something to read, or room to write: nothing, if that is the open file's affair.
    fn waits(&self, descriptor: BorrowedFd<'_>) -> Result<Option<bool>, Errno> {
        let Some(own) = self.own_flags() else { return Ok(None) };
        // The others never let wait.
        let can_wait =
            !matches!(self.file_type(descriptor)?, FileType::RegularFile | FileType::Directory | FileType::BlockDevice);
        Ok(can_wait.then_some(!own.contains(OFlags::NONBLOCK)))
    }

    fn is_socket(&self, descriptor: BorrowedFd<'_>) -> bool {
        matches!(self.file_type(descriptor), Ok(FileType::StreamSocket | FileType::DatagramSocket))
    }

    /// Takes advice: none, because it would be about the reads of all who share the file. Fails with `ESPIPE` for a pipe, as
    /// the kernel does.
    pub fn advise(&self, descriptor: BorrowedFd<'_>) -> Result<(), Errno> {
        if self.file_type(descriptor)? == FileType::Pipe { Err(Errno::SPIPE) } else { Ok(()) }
    }

    /// Reads from where it is.
    pub fn read(&self, descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
        refuse_input_at_build();
        let read = || vectored::read(descriptor, pieces);
        match self.waits(descriptor)? {
            None => read(),
            Some(false) if self.is_socket(descriptor) => {
                vectored::receive(descriptor, pieces, libc::MSG_DONTWAIT).map(|received| received.bytes)
            }
            Some(false) if self.file_type(descriptor)? == FileType::Pipe => {
                match vectored::read_at_once(descriptor, pieces) {
                    // A named pipe, or Linux before 6.4.
                    Err(Errno::OPNOTSUPP | Errno::INVAL | Errno::NOSYS) => {
                        when_ready(descriptor, PollFlags::IN, false, read)
                    }
                    // Whoever else reads from the pipe cannot take what is there in between.
                    result => result,
                }
            }
            Some(waits) => when_ready(descriptor, PollFlags::IN, waits, read),
        }
    }

    /// Writes to where it is.
    pub fn write(&self, descriptor: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
        match self.waits(descriptor)? {
            None if self.own_flags().is_some_and(|own| own.contains(OFlags::APPEND)) => {
                vectored::append(descriptor, pieces)
            }
            None => vectored::write(descriptor, pieces),
            Some(false) if self.is_socket(descriptor) => vectored::send(descriptor, pieces, libc::MSG_DONTWAIT),
            Some(false) => {
                let (first, whole) = without_waiting(pieces);
                let pieces = if whole == 0 { first.as_slice() } else { &pieces[..whole] };
                when_ready(descriptor, PollFlags::OUT, false, || vectored::write(descriptor, pieces))
            }
            Some(true) => when_ready(descriptor, PollFlags::OUT, true, || vectored::write(descriptor, pieces)),
        }
    }

    /// Receives from a socket. `flags` are `MSG_*`.
    pub fn receive(&self, socket: BorrowedFd<'_>, pieces: &[GuestRange], flags: c_int) -> Result<Received, Errno> {
        match self.waits(socket)? {
            None => vectored::receive(socket, pieces, flags),
            Some(false) => vectored::receive(socket, pieces, flags | libc::MSG_DONTWAIT),
            Some(true) => when_ready(socket, PollFlags::IN, true, || vectored::receive(socket, pieces, flags)),
        }
    }

    /// Sends to a connected socket.
    pub fn send(&self, socket: BorrowedFd<'_>, pieces: &[GuestRange]) -> Result<usize, Errno> {
        match self.waits(socket)? {
            None => vectored::send(socket, pieces, 0),
            Some(false) => vectored::send(socket, pieces, libc::MSG_DONTWAIT),
            Some(true) => when_ready(socket, PollFlags::OUT, true, || vectored::send(socket, pieces, 0)),
        }
    }

    /// Accepts a connection.
    pub fn accept(&self, socket: BorrowedFd<'_>, flags: SocketFlags) -> Result<OwnedFd, Errno> {
        let accept = || waiting::accept(socket, flags);
        match self.waits(socket)? {
            None => accept(),
            Some(true) => when_ready(socket, PollFlags::IN, true, accept),
            Some(false) => {
                // Of several processes that see one connection, all but one would wait. Nothing can be accepted without waiting
                // but by the flag that they share; it has no meaning for what a socket that listens is used for otherwise.
                let shared = fcntl_getfl(socket)?;
                if !shared.contains(OFlags::NONBLOCK) {
                    fcntl_setfl(socket, shared | OFlags::NONBLOCK)?;
                }
                accept()
            }
        }
    }
}

/// Does something that can be done when a descriptor is ready, whether its own flags say to wait for that or not.
fn when_ready<T>(
    descriptor: BorrowedFd<'_>,
    event: PollFlags,
    waits: bool,
    work: impl Fn() -> Result<T, Errno>,
) -> Result<T, Errno> {
    const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
    let ready = |timeout| {
        let wait = || waiting::poll(&mut [PollFd::from_borrowed_fd(descriptor, event)], timeout);
        restarted(wait).map(|count| count > 0)
    };
    if !waits && !ready(Some(&AT_ONCE))? {
        return Err(Errno::AGAIN);
    }
    loop {
        match work() {
            Err(Errno::AGAIN) if waits => {
                ready(None)?;
            }
            result => return result,
        }
    }
}

/// What can be written of these pieces to what is ready without waiting: the number of whole pieces; if it is 0, a part of the
/// first.
fn without_waiting(pieces: &[GuestRange]) -> (Option<GuestRange>, usize) {
    let mut bytes = 0_usize;
    let fits = |piece: &&GuestRange| {
        bytes = bytes.saturating_add(piece.len());
        bytes <= READY_BYTES
    };
    (pieces.first().map(|first| first.part(0, READY_BYTES)), pieces.iter().take_while(fits).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::pointer::Guest;
    use rustix::fd::{AsFd, FromRawFd};
    use rustix::fs::{CWD, Mode, openat};
    use rustix::io::write;

    /// The ends of a pipe that has no name, for reading and for writing.
    fn pipe() -> (OwnedFd, OwnedFd) {
        let mut ends = [0; 2];
        // SAFETY: there is room for both ends, which nobody else owns.
        let [reader, writer] = unsafe {
            assert_eq!(libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC), 0);
            ends.map(|end| OwnedFd::from_raw_fd(end))
        };
        (reader, writer)
    }

    /// The ends of a named pipe.
    fn named_pipe() -> (OwnedFd, OwnedFd) {
        let path = std::env::temp_dir().join(format!("adder-runtime-test-pipe-{}", std::process::id()));
        let name = std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).expect("no NUL");
        // SAFETY: a C string.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        // Opened for reading alone it would wait for somebody who writes.
        let reader =
            openat(CWD, &name, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty()).expect("opens");
        let writer = openat(CWD, &name, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty()).expect("opens");
        fcntl_setfl(&reader, OFlags::empty()).expect("it waits from now on");
        std::fs::remove_file(path).expect("it is there");
        (reader, writer)
    }

    #[test]
    fn a_pipe_is_read_without_waiting() {
        let mut bytes = [0; 64];
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let pieces = [guest.range(0, 4).expect("inside"), guest.range(8, 4).expect("inside")];
        for (reader, writer) in [pipe(), named_pipe()] {
            let shared = Shared::new();
            shared.set_own_flags(OFlags::NONBLOCK);
            let read = || shared.read(reader.as_fd(), &pieces);
            assert_eq!(read(), Err(Errno::AGAIN));
            assert_eq!(write(&writer, b"abcdef"), Ok(6));
            assert_eq!(read(), Ok(6));
            assert_eq!(read(), Err(Errno::AGAIN));
            drop(writer);
            assert_eq!(read(), Ok(0));
            assert!(!fcntl_getfl(&reader).expect("open").contains(OFlags::NONBLOCK), "the flag is the guest's own");
        }
        assert_eq!((&bytes[..4], &bytes[8..10]), (b"abcd".as_slice(), b"ef".as_slice()));
    }

    /// What a reader is told that comes too late: somebody else has taken what was there when it looked.
    #[test]
    fn an_empty_pipe_is_no_reason_to_wait() {
        let mut bytes = [0; 4];
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let (reader, _writer) = pipe();
        let read = vectored::read_at_once(reader.as_fd(), &[guest.range(0, 4).expect("inside")]);
        assert!(matches!(read, Err(Errno::AGAIN | Errno::OPNOTSUPP)), "{read:?}");
    }
}
