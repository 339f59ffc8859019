//! The trial at build: a process that goes on from the checkpoint that was just made, in the same world, and tells at its
//! end which pages of the memories it has changed. Whoever starts later will change most of them too, so [`populate`] has the
//! kernel copy them all at once instead of one by one, at a fault each.

use super::make::{record, write_end};
use crate::arch::page_bytes;
use crate::guest::cell::this_cell;
use crate::guest::program::memories;
use crate::guest::thread_state;
use crate::process::kernel;
use crate::process::signals::ignore_signals_of_writes;
use adder_abi::checkpoint::{Checkpoint, RecordKind};
use adder_abi::program::Memory;
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{Errno, pread};

/// Bits of an entry of `/proc/self/pagemap` (Documentation/admin-guide/mm/pagemap.rst).
mod entry {
    /// The page is in memory.
    pub const PRESENT: u64 = 1 << 63;
    /// The page is in the swap area.
    pub const SWAPPED: u64 = 1 << 62;
    /// The page is that of a file, or shared.
    pub const FILE: u64 = 1 << 61;
    /// Nobody else has the page; so it is not the page of zeros that was only read.
    pub const EXCLUSIVE: u64 = 1 << 56;
}

/// Size of an entry, in bytes.
const ENTRY_BYTES: usize = 8;

/// Writes which pages of the memories were changed by this process. Where the kernel does not say, there is no end to it.
pub fn write_changed() {
    ignore_signals_of_writes();
    let Ok(map) = openat(CWD, c"/proc/self/pagemap", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()) else { return };
    for memory in memories().chain(thread_state::memories(this_cell())) {
        // SAFETY: the guest does not run any more.
        if write_changed_of(unsafe { &*memory }, &map).is_err() {
            return;
        }
    }
    write_end();
}

fn write_changed_of(memory: &Memory, map: &OwnedFd) -> Result<(), Errno> {
    let page_size = page_bytes();
    let first = memory.base as u64 / page_size;
    let pages = memory.size_bytes / page_size;
    let mut run: Option<u64> = None;
    let end_run = |run: &mut Option<u64>, page: u64| {
        if let Some(start) = run.take() {
            record(RecordKind::Changed, (first + start) * page_size, (page - start) * page_size);
        }
    };
    let mut page = 0;
    while page < pages {
        let mut buffer = [0; 512 * ENTRY_BYTES];
        let wanted = buffer.len().min((pages - page) as usize * ENTRY_BYTES);
        let read = pread(map, &mut buffer[..wanted], (first + page) * ENTRY_BYTES as u64)?;
        if read < ENTRY_BYTES {
            return Err(Errno::IO);
        }
        for bytes in buffer[..read].as_chunks::<ENTRY_BYTES>().0 {
            if is_changed(u64::from_le_bytes(*bytes)) {
                run.get_or_insert(page);
            } else {
                end_run(&mut run, page);
            }
            page += 1;
        }
    }
    end_run(&mut run, pages);
    Ok(())
}

/// Whether this is the entry of a page of the process's own.
fn is_changed(entry: u64) -> bool {
    let is_own = entry & (entry::PRESENT | entry::FILE | entry::EXCLUSIVE) == entry::PRESENT | entry::EXCLUSIVE;
    is_own || entry & (entry::SWAPPED | entry::FILE) == entry::SWAPPED
}

/// The thread that asks, where the kernel wants a descriptor of a process (include/uapi/linux/pidfd.h, `PIDFD_SELF_THREAD`). The
/// number for its process has changed between versions.
const THIS_PROCESS: libc::c_int = -10000;

/// The kernel from which on a process can be meant by [`THIS_PROCESS`]: 6.15.
const KNOWS_THIS_PROCESS: u32 = 6 << 16 | 15 << 8;

/// Has the kernel copy the pages that a start is going to change. It is only an optimisation: whatever comes of it, each page
/// that is not there is brought in by the first access to it.
pub fn populate(checkpoint: &Checkpoint) {
    if checkpoint.changed_count == 0 || kernel::version() < KNOWS_THIS_PROCESS {
        return;
    }
    // SAFETY: the runs are pages of memories, which are accessible and private to this process; the call changes no contents.
    unsafe {
        libc::syscall(
            libc::SYS_process_madvise,
            THIS_PROCESS,
            checkpoint.changed,
            checkpoint.changed_count,
            libc::MADV_POPULATE_WRITE,
            0,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_pages_are_changed_ones() {
        assert!(is_changed(entry::PRESENT | entry::EXCLUSIVE));
        assert!(is_changed(entry::SWAPPED));
        assert!(!is_changed(0));
        assert!(!is_changed(entry::PRESENT), "the page of zeros");
        assert!(!is_changed(entry::PRESENT | entry::FILE | entry::EXCLUSIVE), "still the executable's");
        assert!(!is_changed(entry::SWAPPED | entry::FILE), "the executable's, on its way to another place");
    }
}
