//! Regular files: opening, reading, writing, positions, sizes, times, descriptors.

use crate::raw::{self, *};

pub fn files() {
    let folder = grant("/box");
    let read_write = RIGHTS_READ | RIGHTS_WRITE;
    assert_eq!(open(folder, NO_FOLLOW, "f", 0, RIGHTS_READ, 0), Err(NOENT));
    let file = open(folder, NO_FOLLOW, "f", CREATE | EXCLUSIVE, read_write, 0).unwrap();
    assert_eq!(open(folder, NO_FOLLOW, "f", CREATE | EXCLUSIVE, read_write, 0), Err(EXIST));
    assert_eq!(open(folder, NO_FOLLOW, "f", DIRECTORY, RIGHTS_READ, 0), Err(NOTDIR));
    assert_eq!(open(folder, NO_FOLLOW, "f/g", 0, RIGHTS_READ, 0), Err(NOTDIR));
    assert_eq!(write(file, b"hello world"), Ok(11));
    let mut position = 0;
    assert_eq!(fd_seek(file, -5, 2, &mut position), SUCCESS);
    assert_eq!(position, 6);
    let mut buffer = [0; 16];
    assert_eq!(raw::read(file, &mut buffer), Ok(5));
    assert_eq!(&buffer[..5], b"world");
    assert_eq!(raw::read(file, &mut buffer), Ok(0), "the end of the file");
    assert_eq!(fd_seek(file, -1, 0, &mut position), INVAL, "before the start");
    assert_eq!(fd_seek(file, 0, 9, &mut position), INVAL, "no such origin");

    let appending = open(folder, NO_FOLLOW, "f", 0, RIGHTS_WRITE, APPEND).unwrap();
    assert_eq!(write(appending, b"!"), Ok(1));
    assert_eq!(stat(folder, NO_FOLLOW, "f").unwrap().size, 12);

    // Several buffers in one call, one of them empty.
    let parts: [&[u8]; 3] = [b"ab", b"", b"cde"];
    let parts = parts.map(|part| Buffer { start: part.as_ptr(), bytes: part.len() });
    let several = create(folder, "several", b"");
    let mut count = 0;
    // SAFETY: the three buffers live until the end of the function.
    assert_eq!(unsafe { fd_write(several, parts.as_ptr(), 3, &mut count) }, SUCCESS);
    assert_eq!(count, 5);
    assert_eq!(std::fs::read("/box/several").unwrap(), b"abcde");

    assert_eq!(unlink(folder, "f"), SUCCESS);
    assert_eq!(unlink(folder, "f"), NOENT);
    assert_eq!(write(appending, b"still open"), Ok(10));
    assert_eq!(fd_close(file), SUCCESS);
    assert_eq!(fd_close(file), BADF);
    assert_eq!(raw::read(file, &mut buffer), Err(BADF));
    assert_eq!(write(folder, b"x").is_err(), true, "a folder is not written to");

    // The same through the standard library, for its own way of asking.
    std::fs::write("/box/large", vec![7; 3 << 20]).unwrap();
    let contents = std::fs::read("/box/large").unwrap();
    assert!(contents.len() == 3 << 20 && contents.iter().all(|&byte| byte == 7));
    std::fs::copy("/box/large", "/box/copy").unwrap();
    assert_eq!(std::fs::metadata("/box/copy").unwrap().len(), 3 << 20);
}

pub fn positions() {
    let file = create(grant("/box"), "positions", b"0123456789");
    let tell = || {
        let mut position = 0;
        assert_eq!(fd_tell(file, &mut position), SUCCESS);
        position
    };
    let mut position = 0;
    assert_eq!(fd_seek(file, 3, 0, &mut position), SUCCESS);
    let mut buffer = [0; 4];
    assert_eq!(pread(file, &mut buffer, 5), Ok(4));
    assert_eq!(&buffer, b"5678");
    assert_eq!(tell(), 3, "pread leaves the position alone");
    assert_eq!(pwrite(file, b"ab", 8), Ok(2));
    assert_eq!(tell(), 3, "pwrite leaves the position alone");
    assert_eq!(pread(file, &mut buffer, 8), Ok(2));
    assert_eq!(&buffer[..2], b"ab");
    assert_eq!(pread(file, &mut buffer, 100), Ok(0), "past the end");
    assert_eq!(raw::read(file, &mut buffer), Ok(4));
    assert_eq!(&buffer, b"3456");
    assert_eq!(fd_seek(file, 2, 1, &mut position), SUCCESS);
    assert_eq!(position, 9);
    assert_eq!(pwrite(file, b"z", 20), Ok(1), "a hole");
    assert_eq!(std::fs::read("/box/positions").unwrap()[..], *b"01234567ab\0\0\0\0\0\0\0\0\0\0z");
}

pub fn sizes_and_times() {
    let folder = grant("/box");
    let file = create(folder, "sized", b"0123456789");
    assert_eq!(fd_filestat_set_size(file, 4), SUCCESS);
    assert_eq!(std::fs::read("/box/sized").unwrap(), b"0123");
    assert_eq!(fd_filestat_set_size(file, 6), SUCCESS);
    assert_eq!(std::fs::read("/box/sized").unwrap(), b"0123\0\0");
    assert_eq!(fd_filestat_set_size(file, 1 << 63), INVAL, "a size that is negative to the host");
    assert_eq!(fd_allocate(file, 0, 100), SUCCESS);
    let mut stat_of_file = Filestat::default();
    assert_eq!(fd_filestat_get(file, &mut stat_of_file), SUCCESS);
    assert_eq!((stat_of_file.size, stat_of_file.filetype, stat_of_file.links), (100, FILETYPE_REGULAR, 1));
    assert_eq!(fd_allocate(file, 0, 10), SUCCESS);
    assert_eq!(stat(folder, NO_FOLLOW, "sized").unwrap().size, 100, "allocating never shrinks");
    assert_eq!(stat(folder, NO_FOLLOW, "sized").unwrap().inode, stat_of_file.inode);

    const SECOND: u64 = 1_000_000_000;
    let (accessed, modified) = (1_000_000_000 * SECOND + 123_456_789, 1_100_000_000 * SECOND + 987_654_321);
    assert_eq!(fd_filestat_set_times(file, accessed, modified, 1 | 4), SUCCESS);
    let stat_now = stat(folder, NO_FOLLOW, "sized").unwrap();
    assert_eq!((stat_now.accessed, stat_now.modified), (accessed, modified));
    assert_eq!(set_times(folder, NO_FOLLOW, "sized", 0, 5 * SECOND, 4), SUCCESS);
    let stat_now = stat(folder, NO_FOLLOW, "sized").unwrap();
    assert_eq!((stat_now.accessed, stat_now.modified), (accessed, 5 * SECOND), "only one of the two was asked for");
    assert_eq!(set_times(folder, NO_FOLLOW, "sized", 0, 0, 2 | 8), SUCCESS);
    assert!(stat(folder, NO_FOLLOW, "sized").unwrap().modified > 1_500_000_000 * SECOND, "now");
    assert_eq!(set_times(folder, NO_FOLLOW, "sized", 0, 0, 1 | 2), INVAL, "a time and now at once");
    assert_eq!(fd_filestat_set_times(file, 0, 0, 4 | 8), INVAL);
    assert_eq!(set_times(folder, NO_FOLLOW, "absent", 0, 0, 1), NOENT);
    assert_eq!(fd_advise(file, 0, 10, 1), SUCCESS);
    assert_eq!(fd_advise(file, 0, 10, 77), INVAL);
    assert_eq!(fd_sync(file), SUCCESS);
    assert_eq!(fd_datasync(file), SUCCESS);
    assert_eq!(stat(folder, NO_FOLLOW, ".").unwrap().filetype, FILETYPE_DIRECTORY);
}

pub fn descriptors() {
    let folder = grant("/box");
    let one = create(folder, "one", b"1");
    let other = create(folder, "other", b"2");
    assert_eq!(fd_renumber(one, other), SUCCESS);
    let mut buffer = [0];
    assert_eq!(pread(other, &mut buffer, 0), Ok(1));
    assert_eq!(buffer, *b"1");
    assert_eq!(pread(one, &mut buffer, 0), Err(BADF), "the old number is free");
    assert_eq!(fd_renumber(other, 12345), BADF);
    assert_eq!(fd_renumber(12345, other), BADF);

    let mut fdstat = Fdstat::default();
    assert_eq!(fd_fdstat_get(other, &mut fdstat), SUCCESS);
    assert_eq!((fdstat.filetype, fdstat.flags), (FILETYPE_REGULAR, 0));
    assert_eq!(fd_fdstat_set_flags(other, APPEND), SUCCESS);
    assert_eq!(fd_fdstat_get(other, &mut fdstat), SUCCESS);
    assert_eq!(u32::from(fdstat.flags) & APPEND, APPEND);
    assert_eq!(write(other, b"!"), Ok(1));
    assert_eq!(std::fs::read("/box/one").unwrap(), b"1!");
    assert_eq!(fd_fdstat_get(folder, &mut fdstat), SUCCESS);
    assert_eq!(fdstat.filetype, FILETYPE_DIRECTORY);
    assert_eq!(fd_fdstat_get(u32::MAX, &mut fdstat), BADF);

    // A thousand open files, all different, then the lowest numbers again.
    let files: Vec<u32> = (0..1000).map(|_| open(folder, NO_FOLLOW, "one", 0, RIGHTS_READ, 0).unwrap()).collect();
    let mut unique = files.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), files.len());
    files.iter().for_each(|&file| assert_eq!(fd_close(file), SUCCESS));
    let mut prestat = [0; 2];
    assert_eq!(fd_prestat_get(other, &mut prestat), BADF, "a file is no grant");
}

/// The grant `/readonly` can be looked at but not changed, in no way.
pub fn read_only() {
    let folder = grant("/readonly");
    let refused = |errno: Errno| assert!([ROFS, PERM, NOTCAPABLE].contains(&errno), "error number {errno}");
    let file = open(folder, NO_FOLLOW, "file", 0, RIGHTS_READ, 0).unwrap();
    let mut buffer = [0; 8];
    assert_eq!(raw::read(file, &mut buffer), Ok(4));
    assert_eq!(&buffer[..4], b"kept");
    refused(open(folder, NO_FOLLOW, "file", 0, RIGHTS_READ | RIGHTS_WRITE, 0).unwrap_err());
    refused(open(folder, NO_FOLLOW, "file", TRUNCATE, RIGHTS_READ, 0).unwrap_err());
    refused(open(folder, NO_FOLLOW, "new", CREATE, RIGHTS_READ, 0).unwrap_err());
    refused(create_directory(folder, "new"));
    refused(remove_directory(folder, "folder"));
    refused(unlink(folder, "file"));
    refused(rename(folder, "file", folder, "moved"));
    refused(rename(folder, "file", grant("/box"), "moved"));
    std::fs::write("/box/inside", b"x").unwrap();
    refused(rename(grant("/box"), "inside", folder, "moved"));
    refused(link(folder, NO_FOLLOW, "file", "linked"));
    refused(symlink("file", folder, "linked"));
    refused(set_times(folder, NO_FOLLOW, "file", 0, 0, 1 | 4));
    refused(fd_filestat_set_times(file, 0, 0, 1 | 4));
    // The descriptor was opened for reading, which is reason enough; the number depends on which check comes first.
    assert_ne!(fd_filestat_set_size(file, 0), SUCCESS);
    assert!(write(file, b"x").is_err());
    let nested = open(folder, NO_FOLLOW, "folder", DIRECTORY, RIGHTS_READ, 0).unwrap();
    refused(open(nested, NO_FOLLOW, "new", CREATE, RIGHTS_READ | RIGHTS_WRITE, 0).unwrap_err());
    assert_eq!(stat(folder, NO_FOLLOW, "file").unwrap().size, 4);
}
