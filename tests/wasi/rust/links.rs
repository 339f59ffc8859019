//! Renaming, hard links, symbolic links.

use crate::raw::*;

pub fn rename() {
    let folder = grant("/box");
    create(folder, "old", b"contents");
    assert_eq!(crate::raw::rename(folder, "old", folder, "new"), SUCCESS);
    assert_eq!(stat(folder, NO_FOLLOW, "old").unwrap_err(), NOENT);
    assert_eq!(std::fs::read("/box/new").unwrap(), b"contents");
    create(folder, "other", b"replaced");
    assert_eq!(crate::raw::rename(folder, "new", folder, "other"), SUCCESS);
    assert_eq!(std::fs::read("/box/other").unwrap(), b"contents");
    assert_eq!(crate::raw::rename(folder, "absent", folder, "x"), NOENT);

    assert_eq!(create_directory(folder, "from"), SUCCESS);
    assert_eq!(create_directory(folder, "to"), SUCCESS);
    create(folder, "from/file", b"1");
    let (from, to) = (open_directory(folder, "from"), open_directory(folder, "to"));
    assert_eq!(crate::raw::rename(from, "file", to, "moved"), SUCCESS);
    assert_eq!(std::fs::read("/box/to/moved").unwrap(), b"1");
    assert_eq!(crate::raw::rename(folder, "from", folder, "to"), NOTEMPTY);
    assert_eq!(crate::raw::rename(folder, "from", folder, "other"), NOTDIR);
    assert_eq!(crate::raw::rename(folder, "other", folder, "from"), ISDIR);
    assert_eq!(crate::raw::rename(folder, "to", folder, "to/below"), INVAL);
    assert_eq!(crate::raw::rename(folder, "to", folder, "renamed"), SUCCESS);
    assert_eq!(std::fs::read("/box/renamed/moved").unwrap(), b"1");
}

fn open_directory(folder: u32, path: &str) -> u32 {
    open(folder, NO_FOLLOW, path, DIRECTORY, RIGHTS_READ, 0).unwrap()
}

pub fn hard_links() {
    let folder = grant("/box");
    create(folder, "one", b"shared");
    assert_eq!(link(folder, NO_FOLLOW, "one", "two"), SUCCESS);
    let (one, two) = (stat(folder, NO_FOLLOW, "one").unwrap(), stat(folder, NO_FOLLOW, "two").unwrap());
    assert_eq!((one.inode, one.links), (two.inode, 2));
    std::fs::write("/box/two", b"changed").unwrap();
    assert_eq!(std::fs::read("/box/one").unwrap(), b"changed");
    assert_eq!(link(folder, NO_FOLLOW, "one", "two"), EXIST);
    assert_eq!(link(folder, NO_FOLLOW, "absent", "three"), NOENT);
    assert_eq!(unlink(folder, "one"), SUCCESS);
    assert_eq!(stat(folder, NO_FOLLOW, "two").unwrap().links, 1);
}

pub fn symbolic_links() {
    let folder = grant("/box");
    create(folder, "target", b"seen through a link");
    assert_eq!(symlink("target", folder, "link"), SUCCESS);
    assert_eq!(symlink("target", folder, "link"), EXIST);
    assert_eq!(stat(folder, NO_FOLLOW, "link").unwrap().filetype, FILETYPE_SYMLINK);
    assert_eq!(stat(folder, FOLLOW, "link").unwrap().filetype, FILETYPE_REGULAR);
    assert_eq!(std::fs::read("/box/link").unwrap(), b"seen through a link");
    assert_eq!(open(folder, NO_FOLLOW, "link", 0, RIGHTS_READ, 0), Err(LOOP));
    let mut buffer = [0; 64];
    assert_eq!(readlink(folder, "link", &mut buffer), Ok(6));
    assert_eq!(&buffer[..6], b"target");
    let mut short = [0; 3];
    assert_eq!(readlink(folder, "link", &mut short), Ok(3), "what does not fit is cut off");
    assert_eq!(&short, b"tar");
    assert_eq!(readlink(folder, "target", &mut buffer), Err(INVAL));

    assert_eq!(symlink("gone", folder, "dangling"), SUCCESS);
    assert_eq!(stat(folder, FOLLOW, "dangling").unwrap_err(), NOENT);
    assert_eq!(symlink("round", folder, "round"), SUCCESS);
    assert_eq!(open(folder, FOLLOW, "round", 0, RIGHTS_READ, 0), Err(LOOP));

    assert_eq!(create_directory(folder, "dir"), SUCCESS);
    create(folder, "dir/file", b"below");
    assert_eq!(symlink("dir", folder, "way"), SUCCESS);
    assert_eq!(std::fs::read("/box/way/file").unwrap(), b"below");
    assert_eq!(symlink("../target", folder, "dir/up"), SUCCESS);
    assert_eq!(std::fs::read("/box/way/up").unwrap(), b"seen through a link", "up again, but not out");
    assert_eq!(std::fs::read("/box/dir/../target").unwrap(), b"seen through a link");

    assert_eq!(unlink(folder, "link"), SUCCESS);
    assert_eq!(std::fs::read("/box/target").unwrap(), b"seen through a link", "only the link is gone");
    assert_eq!(crate::raw::rename(folder, "dangling", folder, "still-dangling"), SUCCESS);
    assert_eq!(readlink(folder, "still-dangling", &mut buffer), Ok(4));
    assert_eq!(set_times(folder, NO_FOLLOW, "still-dangling", 0, 9_000_000_000, 4), SUCCESS, "the link's own time");
    assert_eq!(stat(folder, NO_FOLLOW, "still-dangling").unwrap().modified, 9_000_000_000);
}
