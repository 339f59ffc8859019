//! The standard descriptors of the process.

use core::sync::atomic::{AtomicBool, Ordering};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{BorrowedFd, IntoRawFd};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

/// Whether all standard descriptors are open. Set with `Release` and read with `Acquire`: what a thread then opens must
/// not get ahead of what another one has opened in the kernel.
static STANDARD_OPEN: AtomicBool = AtomicBool::new(false);

/// Opens `/dev/null` in place of the standard descriptors that are closed. Otherwise the first file that the guest
/// opens would become its standard output or the place that error messages go to. Whoever uses them or opens files calls
/// this before.
pub fn open_closed_descriptors() -> Result<(), Errno> {
    if STANDARD_OPEN.load(Ordering::Acquire) {
        return Ok(());
    }
    // SAFETY: the descriptors are only asked about; one that is closed is what this is about.
    let mut standard =
        [0, 1, 2].map(|fd| PollFd::from_borrowed_fd(unsafe { BorrowedFd::borrow_raw(fd) }, PollFlags::empty()));
    if poll(&mut standard, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_err() {
        // A limit of fewer than three descriptors, or a filter of system calls: then nothing can be opened either.
        return Ok(());
    }
    for descriptor in &standard {
        if descriptor.revents().contains(PollFlags::NVAL) {
            // The kernel gives the lowest free number, and the lower ones are open by now.
            let _stays_open = openat(CWD, c"/dev/null", OFlags::RDWR, Mode::empty())?.into_raw_fd();
        }
    }
    STANDARD_OPEN.store(true, Ordering::Release);
    Ok(())
}
