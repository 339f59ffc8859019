//! Records and numbers of the guest's C library: what `open` and its like take, `struct stat`, `struct statfs`, `struct flock`, times.

use super::super::is_time64;
use crate::guest::pointer::{Guest, GuestRange};
use crate::vfs::open::status::Status;
use rustix::fs::{OFlags, StatVfs, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;

/// Flags of `open` with their values in the guest, which are those of most architectures of Linux.
const FLAGS: [(u32, OFlags); 17] = [
    (0o1, OFlags::WRONLY),
    (0o2, OFlags::RDWR),
    (0o100, OFlags::CREATE),
    (0o200, OFlags::EXCL),
    (0o400, OFlags::NOCTTY),
    (0o1000, OFlags::TRUNC),
    (0o2000, OFlags::APPEND),
    (0o4000, OFlags::NONBLOCK),
    (0o10000, OFlags::DSYNC),
    (0o40000, OFlags::DIRECT),
    (0o200_000, OFlags::DIRECTORY),
    (0o400_000, OFlags::NOFOLLOW),
    (0o1_000_000, OFlags::NOATIME),
    (0o2_000_000, OFlags::CLOEXEC),
    (0o4_010_000, OFlags::SYNC),
    (0o10_000_000, OFlags::PATH),
    (0o20_200_000, OFlags::TMPFILE),
];

/// Returns the host's flags of `open`. Others mean nothing.
pub fn host_flags(flags: u32) -> OFlags {
    let set = FLAGS.iter().filter(|(guest, _)| flags & guest == *guest);
    set.fold(OFlags::empty(), |all, (_, host)| all | *host)
}

/// Returns the guest's flags of an open file.
pub fn guest_flags(flags: OFlags) -> u32 {
    FLAGS.iter().filter(|(_, host)| flags.contains(*host)).fold(0, |all, (guest, _)| all | guest)
}

/// `AT_FDCWD`.
const WORKING_DIRECTORY: u32 = -100_i32 as u32;

/// Returns the directory that a path starts at; nothing for the working directory.
pub fn directory(fd: u32) -> Option<u32> {
    (fd != WORKING_DIRECTORY).then_some(fd)
}

/// A record that is put together field by field.
struct Fields {
    bytes: [u8; 96],
    size: usize,
}

impl Fields {
    fn new(size: usize) -> Fields {
        Fields { bytes: [0; 96], size }
    }

    /// Sets a field of 32 bits; a number that does not fit is cut.
    fn word(&mut self, offset: usize, value: u64) {
        self.bytes[offset..offset + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }

    fn long(&mut self, offset: usize, value: u64) {
        self.bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
    }

    /// Sets a time, given in nanoseconds.
    fn time(&mut self, offset: usize, nanoseconds: u64) {
        let (seconds, rest) = (nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS);
        if is_time64() {
            self.long(offset, seconds);
            self.word(offset + 8, rest);
        } else {
            self.word(offset, seconds);
            self.word(offset + 4, rest);
        }
    }

    fn write(&self, range: GuestRange) {
        range.write(&self.bytes[..self.size]);
    }
}

const NANOSECONDS: u64 = 1_000_000_000;

/// `struct stat`.
pub struct StatPlace {
    range: GuestRange,
}

impl StatPlace {
    /// Checks that there is room.
    pub fn new(guest: Guest, address: u32) -> Result<StatPlace, Errno> {
        let bytes = if is_time64() { 96 } else { 88 };
        Ok(StatPlace { range: guest.range(address, bytes)? })
    }

    /// Writes attributes.
    pub fn write(self, status: &Status) {
        let mut fields = Fields::new(self.range.len());
        let start = if is_time64() { 0 } else { 8 };
        fields.word(0, status.device);
        if !is_time64() {
            fields.word(8, status.inode);
        }
        fields.word(start + 4, status.mode.into());
        fields.word(start + 8, status.links);
        fields.word(start + 12, status.uid.into());
        fields.word(start + 16, status.gid.into());
        fields.word(start + 20, status.rdev);
        let (size, times, width) = if is_time64() { (24, 40, 16) } else { (40, 56, 8) };
        fields.long(size, status.size);
        fields.word(size + 8, status.block_size.into());
        fields.word(size + 12, status.blocks);
        fields.time(times, status.accessed);
        fields.time(times + width, status.modified);
        fields.time(times + 2 * width, status.changed);
        fields.long(times + 3 * width, status.inode);
        fields.write(self.range);
    }
}

/// Writes `struct statfs` where the guest says that there is room for `bytes`.
pub fn write_statfs(guest: Guest, address: u32, bytes: u32, found: &StatVfs) -> Result<(), Errno> {
    let size = if is_time64() { 88 } else { 64 };
    if (bytes as usize) < size {
        return Err(Errno::INVAL);
    }
    let range = guest.range(address, size as u64)?;
    let mut fields = Fields::new(size);
    fields.word(4, found.f_bsize);
    let counts = [found.f_blocks, found.f_bfree, found.f_bavail, found.f_files, found.f_ffree];
    let mut rest = 8;
    for count in counts {
        if is_time64() {
            fields.long(rest, count);
            rest += 8;
        } else {
            // As many as the field can say.
            fields.word(rest, count.min(u32::MAX.into()));
            rest += 4;
        }
    }
    fields.long(rest, found.f_fsid);
    fields.word(rest + 8, found.f_namemax);
    fields.word(rest + 12, found.f_frsize);
    fields.word(rest + 16, found.f_flag.bits());
    fields.write(range);
    Ok(())
}

/// Reads two times of `utimensat`; where there are none, both are now.
pub fn timestamps(guest: Guest, address: u32) -> Result<Timestamps, Errno> {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    if address == 0 {
        return Ok(Timestamps { last_access: now, last_modification: now });
    }
    let width = if is_time64() { 16 } else { 8 };
    let second = address.checked_add(width).ok_or(Errno::FAULT)?;
    Ok(Timestamps { last_access: time(guest, address)?, last_modification: time(guest, second)? })
}

/// `UTIME_NOW` and `UTIME_OMIT`.
const NOW: u32 = 0x3fff_ffff;
const OMIT: u32 = 0x3fff_fffe;

fn time(guest: Guest, address: u32) -> Result<Timespec, Errno> {
    let (seconds, part) = timespec(guest, address)?;
    let tv_nsec = match part {
        NOW => UTIME_NOW,
        OMIT => UTIME_OMIT,
        part => part.into(),
    };
    Ok(Timespec { tv_sec: seconds, tv_nsec })
}

/// Reads `struct timespec`: seconds, and nanoseconds as they are.
pub fn timespec(guest: Guest, address: u32) -> Result<(i64, u32), Errno> {
    let mut bytes = [0; 12];
    if is_time64() {
        guest.range(address, 12)?.read(&mut bytes);
        let (seconds, part) = bytes.split_at(8);
        return Ok((i64::from_le_bytes(seconds.try_into().unwrap_or_default()), word(part)));
    }
    guest.range(address, 8)?.read(&mut bytes[..8]);
    Ok((i64::from(word(&bytes[..4]) as i32), word(&bytes[4..8])))
}

/// Writes `struct timespec`.
pub fn write_timespec(guest: Guest, address: u32, seconds: u64, part: u64) -> Result<(), Errno> {
    let mut fields = Fields::new(if is_time64() { 12 } else { 8 });
    fields.time(0, seconds * NANOSECONDS + part);
    fields.write(guest.range(address, fields.size as u64)?);
    Ok(())
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().unwrap_or_default())
}

/// `struct flock`.
pub struct FileLock {
    /// What it is: for reading, writing, or none.
    pub kind: i16,
    /// What `start` counts from, as for `lseek`.
    pub whence: i16,
    /// Where it begins.
    pub start: i64,
    /// How many bytes it has; 0 for all.
    pub bytes: i64,
    /// Who holds it.
    pub process: i32,
}

impl FileLock {
    /// Reads one.
    pub fn read(guest: Guest, address: u32) -> Result<FileLock, Errno> {
        let mut bytes = [0; 28];
        guest.range(address, 28)?.read(&mut bytes);
        let long = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
        Ok(FileLock {
            kind: i16::from_le_bytes([bytes[0], bytes[1]]),
            whence: i16::from_le_bytes([bytes[2], bytes[3]]),
            start: long(8),
            bytes: long(16),
            process: word(&bytes[24..28]) as i32,
        })
    }

    /// Writes one.
    pub fn write(&self, guest: Guest, address: u32) -> Result<(), Errno> {
        let range = guest.range(address, 28)?;
        let mut fields = Fields::new(28);
        fields.word(0, u64::from(self.kind as u16) | u64::from(self.whence as u16) << 16);
        fields.long(8, self.start as u64);
        fields.long(16, self.bytes as u64);
        fields.word(24, self.process as u64);
        fields.write(range);
        Ok(())
    }
}

/// Reads the first variadic argument of a call.
pub fn argument(guest: Guest, variadic: u32) -> Result<u32, Errno> {
    Ok(guest.place::<u32>(variadic)?.read())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_there_and_back() {
        for (guest, host) in FLAGS {
            assert!(host_flags(guest).contains(host), "{guest:o}");
            assert_eq!(guest_flags(host_flags(guest)) & guest, guest, "{guest:o}");
        }
        assert_eq!(host_flags(0o100_000), OFlags::empty(), "files are always large");
        assert_eq!(host_flags(0o10_000), OFlags::DSYNC);
    }
}
