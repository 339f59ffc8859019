//! What can be done with a descriptor.

use super::descriptor::file;
use super::witx::errno::Errno;
use super::witx::outcome::Stop;
use super::witx::pieces::Pieces;
use super::witx::types::{Dirent, Fdstat, Filestat, Prestat, fdflags, filetype, fstflags, prestat_tag, whence};
use super::working_directory;
use crate::checkpoint::{make, window};
use crate::guest::pointer::{Guest, GuestRange};
use crate::process::phase;
use crate::vfs::open::OpenFile;
use crate::vfs::open::listing::Entry;
use crate::vfs::open::status::{FileType, Status};
use crate::vfs::special::Special;
use crate::vfs::tree::Tree;
use crate::vfs::{descriptors, rights};
use alloc::sync::Arc;
use core::ops::ControlFlow;
use rustix::fs::{Advice, OFlags, SeekFrom, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};

/// `O_DSYNC` of Linux. The constant of rustix is `O_SYNC`, which asks for more.
const DSYNC: OFlags = OFlags::from_bits_retain(libc::O_DSYNC as u32);

/// Says how some bytes of a file are going to be used.
pub fn fd_advise(_guest: Guest, fd: u32, offset: u64, bytes: u64, advice: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_ADVISE)?;
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::Inval),
    };
    if file.file_type()? == FileType::Directory {
        return Err(Errno::Badf);
    }
    Ok(file.advise(offset, bytes, advice)?)
}

/// Makes sure that there is room for some bytes of a file.
pub fn fd_allocate(_guest: Guest, fd: u32, offset: u64, bytes: u64) -> Result<(), Errno> {
    Ok(file(fd, rights::FD_ALLOCATE)?.allocate(offset, bytes)?)
}

/// Closes a descriptor.
pub fn fd_close(guest: Guest, fd: u32) -> Result<(), Stop> {
    // The file is closed here, outside of the table's lock.
    let closed = descriptors::with_table(|table| table.remove(fd))?;
    if closed.file.special() == Some(Special::Checkpoint) {
        working_directory::enter(guest)?;
    }
    Ok(())
}

/// Brings the data of a file to its device.
pub fn fd_datasync(_guest: Guest, fd: u32) -> Result<(), Errno> {
    Ok(file(fd, rights::FD_DATASYNC)?.sync(true)?)
}

/// Brings data and attributes of a file to its device.
pub fn fd_sync(_guest: Guest, fd: u32) -> Result<(), Errno> {
    Ok(file(fd, rights::FD_SYNC)?.sync(false)?)
}

/// Attributes of a descriptor.
pub fn fd_fdstat_get(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let descriptor = descriptors::descriptor(fd)?;
    let place = guest.place::<Fdstat>(result)?;
    let file_type = descriptor.file.file_type()?;
    let flags = descriptor.file.flags()?;
    let (base, inheriting) = rights_of(&descriptor.file, file_type, flags)?;
    place.write(Fdstat {
        filetype: filetype_of(file_type),
        padding: 0,
        flags: fdflags_of(flags),
        more_padding: [0; 4],
        rights_base: base & descriptor.rights.base,
        rights_inheriting: inheriting & descriptor.rights.inheriting,
    });
    Ok(())
}

/// The rights that fit what a descriptor is and how it was opened. C libraries open nothing that these do not allow, and
/// know a terminal by its having no rights to seek.
fn rights_of(file: &OpenFile, file_type: FileType, flags: OFlags) -> Result<(u64, u64), Errno> {
    let mut base = match file_type {
        FileType::Directory if file.is_ungranted_directory()? => return Ok((rights::FD_FILESTAT_GET, 0)),
        FileType::Directory => return Ok((rights::ALL & !rights::NOT_OF_DIRECTORIES, rights::ALL)),
        FileType::DatagramSocket | FileType::StreamSocket => rights::SOCKET,
        FileType::Pipe => rights::STREAM,
        FileType::CharacterDevice if file.is_terminal() => rights::STREAM,
        _ => rights::ALL & !rights::OF_DIRECTORIES & !rights::SOCK_ACCEPT & !rights::SOCK_SHUTDOWN,
    };
    if file.is_output_to_file()? {
        base &= !(rights::FD_SEEK | rights::FD_TELL);
    }
    match flags & OFlags::RWMODE {
        OFlags::RDONLY => base &= !(rights::FD_WRITE | rights::FD_ALLOCATE | rights::FD_FILESTAT_SET_SIZE),
        OFlags::WRONLY => base &= !rights::FD_READ,
        _ => {}
    }
    Ok((base, 0))
}

/// Sets `APPEND` and `NONBLOCK`. The others cannot change after opening: asking for it fails with `ENOTSUP`.
pub fn fd_fdstat_set_flags(_guest: Guest, fd: u32, flags: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_FDSTAT_SET_FLAGS)?;
    if flags & !fdflags::ALL != 0 {
        return Err(Errno::Inval);
    }
    let before = file.flags()?;
    let fixed = OFlags::SYNC | DSYNC;
    let after = host_fdflags(flags);
    if after & fixed != before & fixed {
        return Err(Errno::Notsup);
    }
    Ok(file.set_flags(after)?)
}

/// Takes rights away. Rights that a descriptor does not have cannot be given back.
pub fn fd_fdstat_set_rights(_guest: Guest, fd: u32, base: u64, inheriting: u64) -> Result<(), Errno> {
    let descriptor = descriptors::descriptor(fd)?;
    let (all_base, all_inheriting) =
        rights_of(&descriptor.file, descriptor.file.file_type()?, descriptor.file.flags()?)?;
    let have = descriptor.rights;
    if base & !(all_base & have.base) != 0 || inheriting & !(all_inheriting & have.inheriting) != 0 {
        return Err(Errno::Notcapable);
    }
    Ok(descriptors::with_table(|table| {
        // Another thread may have changed what the number stands for, or taken rights away itself.
        let now = table.get_mut(fd)?;
        if !Arc::ptr_eq(&now.file, &descriptor.file) {
            return Err(rustix::io::Errno::BADF);
        }
        now.rights.base &= base;
        now.rights.inheriting &= inheriting;
        Ok(())
    })?)
}

/// Attributes of an open file.
pub fn fd_filestat_get(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_FILESTAT_GET)?;
    let place = guest.place::<Filestat>(result)?;
    place.write(filestat(&file.status()?));
    Ok(())
}

/// Cuts or extends a file.
pub fn fd_filestat_set_size(_guest: Guest, fd: u32, size: u64) -> Result<(), Errno> {
    Ok(file(fd, rights::FD_FILESTAT_SET_SIZE)?.set_size(size)?)
}

/// Sets the times of an open file.
pub fn fd_filestat_set_times(_guest: Guest, fd: u32, accessed: u64, modified: u64, flags: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_FILESTAT_SET_TIMES)?;
    Ok(file.set_times(&timestamps(accessed, modified, flags)?)?)
}

/// Reads from where the descriptor is.
///
/// Reading the file that asks for a checkpoint is what makes one. When a guest has gone on from there and has read all or
/// closes the file, it comes into the working directory of its new process.
pub fn fd_read(guest: Guest, fd: u32, vectors: u32, count: u32, result: u32) -> Result<(), Stop> {
    let file = file(fd, rights::FD_READ)?;
    if phase::is_making() && file.special() == Some(Special::Checkpoint) {
        return Err(Stop::Trap(make::request(fd)));
    }
    let place = guest.place::<u32>(result)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    let bytes = file.read(pieces.ranges())?;
    if bytes == 0 && file.special() == Some(Special::Checkpoint) {
        working_directory::enter(guest)?;
    }
    place.write(bytes as u32);
    Ok(())
}

/// Reads from a place of its own.
pub fn fd_pread(guest: Guest, fd: u32, vectors: u32, count: u32, offset: u64, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_READ)?;
    let place = guest.place::<u32>(result)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    let bytes = if file.special() == Some(Special::Memory) {
        window::read(guest, pieces.ranges(), offset)?
    } else {
        file.read_at(pieces.ranges(), offset)?
    };
    place.write(bytes as u32);
    Ok(())
}

/// Writes to where the descriptor is.
pub fn fd_write(guest: Guest, fd: u32, vectors: u32, count: u32, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_WRITE)?;
    let place = guest.place::<u32>(result)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    place.write(file.write(pieces.ranges())? as u32);
    Ok(())
}

/// Writes at a place of its own.
pub fn fd_pwrite(guest: Guest, fd: u32, vectors: u32, count: u32, offset: u64, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_WRITE)?;
    let place = guest.place::<u32>(result)?;
    let pieces = Pieces::from_guest(guest, vectors, count)?;
    let bytes = if file.special() == Some(Special::Memory) {
        window::write(guest, pieces.ranges(), offset)?
    } else {
        file.write_at(pieces.ranges(), offset)?
    };
    place.write(bytes as u32);
    Ok(())
}

/// Says that a descriptor is one of the directories that the guest starts with, and how long its name is.
pub fn fd_prestat_get(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let descriptor = descriptors::descriptor(fd)?;
    let place = guest.place::<Prestat>(result)?;
    let (tag, name_bytes) = match descriptor.preopen {
        Some(name) => (prestat_tag::DIRECTORY, name.len() as u32),
        None if matches!(descriptor.file.file_type()?, FileType::DatagramSocket | FileType::StreamSocket) => {
            (prestat_tag::OTHER, 0)
        }
        None => return Err(Errno::Badf),
    };
    place.write(Prestat { tag, padding: [0; 3], name_bytes });
    Ok(())
}

/// The name of a directory that the guest starts with.
pub fn fd_prestat_dir_name(guest: Guest, fd: u32, path: u32, bytes: u32) -> Result<(), Errno> {
    let name = descriptors::descriptor(fd)?.preopen.ok_or(Errno::Badf)?;
    if (bytes as usize) < name.len() {
        return Err(Errno::NameTooLong);
    }
    guest.range(path, bytes.into())?.write(name);
    Ok(())
}

/// Entries of a directory from `cookie` on, as many as fit; of the last one as much as fits.
pub fn fd_readdir(guest: Guest, fd: u32, buffer: u32, bytes: u32, cookie: u64, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_READDIR)?;
    let place = guest.place::<u32>(result)?;
    let mut entries = Entries { buffer: guest.range(buffer, bytes.into())?, used: 0 };
    file.list(Tree::of_executable(), cookie, bytes as usize, &mut |entry| entries.put(&entry))?;
    place.write(entries.used as u32);
    Ok(())
}

/// A buffer that is filled with entries.
struct Entries {
    buffer: GuestRange,
    used: usize,
}

impl Entries {
    fn put(&mut self, entry: &Entry<'_>) -> ControlFlow<()> {
        let head = Dirent {
            next: entry.next,
            inode: entry.inode,
            name_bytes: entry.name.len() as u32,
            filetype: filetype_of(entry.file_type),
            padding: [0; 3],
        };
        // SAFETY: `Dirent` is a record: it has no padding, so all its bytes are set.
        let head = unsafe { core::slice::from_raw_parts((&raw const head).cast::<u8>(), size_of::<Dirent>()) };
        for part in [head, entry.name] {
            self.used += self.buffer.part(self.used, part.len()).write(part);
        }
        if self.used == self.buffer.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Moves a descriptor to the number of another one, which is closed.
pub fn fd_renumber(_guest: Guest, from: u32, to: u32) -> Result<(), Errno> {
    // The other file is closed here, outside of the table's lock.
    drop(descriptors::with_table(|table| table.renumber(from, to))?);
    Ok(())
}

/// Moves where the next read or write is.
pub fn fd_seek(guest: Guest, fd: u32, offset: i64, from: u32, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_SEEK)?;
    let place = guest.place::<u64>(result)?;
    let to = match from {
        whence::SET => SeekFrom::Start(offset.try_into().map_err(|_| Errno::Inval)?),
        whence::CUR => SeekFrom::Current(offset),
        whence::END => SeekFrom::End(offset),
        _ => return Err(Errno::Inval),
    };
    place.write(file.seek(to)?);
    Ok(())
}

/// Where the next read or write is.
pub fn fd_tell(guest: Guest, fd: u32, result: u32) -> Result<(), Errno> {
    let file = file(fd, rights::FD_TELL)?;
    let place = guest.place::<u64>(result)?;
    place.write(file.seek(SeekFrom::Current(0))?);
    Ok(())
}

/// A type of file as preview 1 numbers it. It has no number for pipes.
pub fn filetype_of(file_type: FileType) -> u8 {
    match file_type {
        FileType::Unknown | FileType::Pipe => filetype::UNKNOWN,
        FileType::BlockDevice => filetype::BLOCK_DEVICE,
        FileType::CharacterDevice => filetype::CHARACTER_DEVICE,
        FileType::Directory => filetype::DIRECTORY,
        FileType::RegularFile => filetype::REGULAR_FILE,
        FileType::DatagramSocket => filetype::SOCKET_DGRAM,
        FileType::StreamSocket => filetype::SOCKET_STREAM,
        FileType::SymbolicLink => filetype::SYMBOLIC_LINK,
    }
}

/// Attributes as the guest gets them.
pub fn filestat(status: &Status) -> Filestat {
    Filestat {
        device: status.device,
        inode: status.inode,
        filetype: filetype_of(status.file_type),
        padding: [0; 7],
        links: status.links,
        size: status.size,
        accessed: status.accessed,
        modified: status.modified,
        changed: status.changed,
    }
}

fn fdflags_of(flags: OFlags) -> u16 {
    let mut own = 0;
    for (host, flag) in [
        (OFlags::APPEND, fdflags::APPEND),
        (OFlags::NONBLOCK, fdflags::NONBLOCK),
        (DSYNC, fdflags::DSYNC),
        // On Linux these are one, and contain DSYNC.
        (OFlags::SYNC, fdflags::SYNC | fdflags::RSYNC),
    ] {
        if flags.contains(host) {
            own |= flag;
        }
    }
    own as u16
}

/// The host's flags for those of a descriptor.
pub fn host_fdflags(flags: u32) -> OFlags {
    let mut host = OFlags::empty();
    for (flag, host_flag) in [
        (fdflags::APPEND, OFlags::APPEND),
        (fdflags::NONBLOCK, OFlags::NONBLOCK),
        (fdflags::DSYNC, DSYNC),
        (fdflags::RSYNC, OFlags::RSYNC),
        (fdflags::SYNC, OFlags::SYNC),
    ] {
        if flags & flag != 0 {
            host |= host_flag;
        }
    }
    host
}

/// The times to set, from both times and the flags that say which of them count.
pub fn timestamps(accessed: u64, modified: u64, flags: u32) -> Result<Timestamps, Errno> {
    if flags & !fstflags::ALL != 0 {
        return Err(Errno::Inval);
    }
    Ok(Timestamps {
        last_access: timestamp(accessed, flags & fstflags::ATIM != 0, flags & fstflags::ATIM_NOW != 0)?,
        last_modification: timestamp(modified, flags & fstflags::MTIM != 0, flags & fstflags::MTIM_NOW != 0)?,
    })
}

fn timestamp(nanoseconds: u64, set: bool, now: bool) -> Result<Timespec, Errno> {
    const SECOND: u64 = 1_000_000_000;
    match (set, now) {
        (true, true) => Err(Errno::Inval),
        (false, true) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_NOW }),
        (false, false) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }),
        (true, false) => Ok(Timespec { tv_sec: (nanoseconds / SECOND) as _, tv_nsec: (nanoseconds % SECOND) as _ }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::open::host_file::HostFile;
    use crate::vfs::open::stream::Stream;
    use crate::vfs::path::beneath::Access;
    use rustix::fd::AsRawFd;
    use rustix::fs::{CWD, Mode, openat};

    fn entry<'a>(next: u64, name: &'a [u8]) -> Entry<'a> {
        Entry { next, inode: 7, file_type: FileType::Directory, name }
    }

    #[test]
    fn the_last_entry_is_cut() {
        let mut bytes = [0xff; 64];
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let mut entries = Entries { buffer: guest.range(1, 60).expect("inside"), used: 0 };
        assert!(entries.put(&entry(3, b"abc")).is_continue());
        assert_eq!(entries.used, 27);
        assert!(entries.put(&entry(4, b"0123456789")).is_break());
        assert_eq!(entries.used, 60);
        assert_eq!(bytes[1..9], 3_u64.to_le_bytes());
        assert_eq!(bytes[9..17], 7_u64.to_le_bytes());
        assert_eq!(bytes[17..21], 3_u32.to_le_bytes());
        assert_eq!(bytes[21], filetype::DIRECTORY);
        assert_eq!(&bytes[25..28], b"abc");
        assert_eq!(&bytes[52..61], b"012345678");
        assert_eq!(bytes[61..], [0xff; 3]);
    }

    #[test]
    fn a_directory_as_a_standard_descriptor_has_no_rights_of_directories() {
        let opened =
            openat(CWD, c"/", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).expect("opens");
        let standard = OpenFile::from(Stream::new(opened.as_raw_fd()));
        let rights_of_directory = |file: &OpenFile| rights_of(file, file.file_type()?, file.flags()?);
        assert_eq!(rights_of_directory(&standard), Ok((rights::FD_FILESTAT_GET, 0)));
        // Dropping it would put the null device in place of a standard descriptor.
        core::mem::forget(standard);
        let granted = OpenFile::from(HostFile::new(opened, Access::default(), None));
        let (base, inheriting) = rights_of_directory(&granted).expect("a directory");
        assert_eq!((base & rights::OF_DIRECTORIES, inheriting), (rights::OF_DIRECTORIES, rights::ALL));
    }

    #[test]
    fn contradictory_times_are_refused() {
        for flags in [3, 12, 15, 16, 7] {
            assert!(timestamps(1, 2, flags).is_err(), "{flags}");
        }
        for flags in [0, 1, 2, 4, 8, 5, 6, 9, 10] {
            assert!(timestamps(1, 2, flags).is_ok(), "{flags}");
        }
        let times = timestamps(1_500_000_000, 0, 1 | 8).expect("fine");
        assert_eq!((times.last_access.tv_sec, times.last_access.tv_nsec), (1, 500_000_000));
        assert_eq!(times.last_modification.tv_nsec, UTIME_NOW);
    }

    #[test]
    fn flags_of_descriptors_come_back() {
        for flags in [0, 1, 2, 4, 5, 7] {
            assert_eq!(u32::from(fdflags_of(host_fdflags(flags))), flags);
        }
        let sync = fdflags_of(host_fdflags(fdflags::SYNC));
        assert_eq!(u32::from(sync), fdflags::SYNC | fdflags::RSYNC | fdflags::DSYNC);
        assert_eq!(host_fdflags(sync.into()), host_fdflags(fdflags::SYNC));
    }
}
