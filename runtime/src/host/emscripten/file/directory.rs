//! Entries of directories.

use crate::guest::pointer::{Guest, GuestRange};
use crate::vfs::open::status::FileType;
use crate::vfs::posix::{descriptors, directories};
use crate::vfs::rights;
use rustix::fs::SeekFrom;
use rustix::io::Errno;

/// What `struct dirent` has before the name: the number of the file, where the next entry is, how many bytes this one has, what
/// it is.
const HEAD_BYTES: usize = 19;

/// Entries begin at multiples of this.
const ALIGNMENT: usize = 8;

/// Writes the next entries of a directory. Returns how many bytes they have, 0 at the end.
pub fn getdents(guest: Guest, fd: u32, buffer: u32, bytes: u32) -> Result<u32, Errno> {
    let range = guest.range(buffer, bytes.into())?;
    let (mut used, mut is_too_small) = (0, false);
    directories::read(fd, range.len(), &mut |entry| {
        let record = (HEAD_BYTES + entry.name.len() + 1).next_multiple_of(ALIGNMENT);
        if record > range.len() - used {
            is_too_small = used == 0;
            return false;
        }
        write_entry(range.part(used, record), entry.inode, entry.next, type_number(entry.file_type), entry.name);
        used += record;
        true
    })?;
    if is_too_small { Err(Errno::INVAL) } else { Ok(used as u32) }
}

fn write_entry(range: GuestRange, inode: u64, next: u64, file_type: u8, name: &[u8]) {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&inode.to_le_bytes());
    head[8..16].copy_from_slice(&next.to_le_bytes());
    head[16..18].copy_from_slice(&(range.len() as u16).to_le_bytes());
    head[18] = file_type;
    range.write(&head);
    range.part(HEAD_BYTES, name.len()).write(name);
    // A NUL, and what fills up to the next entry.
    let rest = range.part(HEAD_BYTES + name.len(), range.len());
    rest.write(&[0; ALIGNMENT][..rest.len().min(ALIGNMENT)]);
}

/// `DT_*`.
fn type_number(file_type: FileType) -> u8 {
    match file_type {
        FileType::Unknown => 0,
        FileType::Pipe => 1,
        FileType::CharacterDevice => 2,
        FileType::Directory => 4,
        FileType::BlockDevice => 6,
        FileType::RegularFile => 8,
        FileType::SymbolicLink => 10,
        FileType::StreamSocket | FileType::DatagramSocket => 12,
    }
}

/// Moves in a file or among the entries of a directory; returns the new place.
pub fn seek(fd: u32, to: SeekFrom) -> Result<u64, Errno> {
    let file = descriptors::file(fd, 0)?;
    if file.file_type()? != FileType::Directory {
        return descriptors::file(fd, rights::FD_SEEK)?.seek(to);
    }
    match to {
        SeekFrom::Start(place) => directories::seek(fd, place),
        SeekFrom::Current(distance) => {
            let place = directories::tell(fd)?.checked_add_signed(distance).ok_or(Errno::INVAL)?;
            directories::seek(fd, place)
        }
        _ => Err(Errno::INVAL),
    }
}
