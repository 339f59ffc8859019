//! The embedded tree, alone and over grants.

use super::*;

#[test]
fn the_tree_lies_over_the_grant() {
    let tree = python_tree();
    let folder = Folder::new();
    folder.file("usr/lib/python/os.py", "the host's own").file("usr/lib/other/file", "other").file("home/me/x", "x");
    folder.link("home/link", "../usr/lib/other");
    let start = folder.preopen(Access::default(), Some(0));
    let here = |text: &str| at(&start, Some(tree), text);
    let size = |text: &str| operation::status(here(text), true).map(|status| status.size);
    assert_eq!(size("usr/lib/python/os.py"), Ok(10));
    assert_eq!(size("usr/lib/single"), Ok(1));
    assert_eq!(size("usr/lib/other/file"), Ok(5));
    for text in [
        "usr/lib/./python//os.py",
        "usr/lib/python/json/../os.py",
        "home/../usr/lib/python/os.py",
        "home/me/../../usr/lib/python/os.py",
        "usr/lib/other/../python/os.py",
        "usr/lib/other/../../lib/python/os.py",
    ] {
        assert_eq!(size(text), Ok(10), "{text}");
    }
    // `..` behind a link leads to where the link leads, as everywhere: to the host's.
    assert_eq!(size("home/link/../python/os.py"), Ok(14));
    assert_eq!(size("home/link/../other/file"), Ok(5));
    for (text, error) in [
        ("usr/lib/python/missing", Errno::NOENT),
        ("usr/lib/python/missing/x", Errno::NOENT),
        ("usr/lib/python/os.py/", Errno::NOTDIR),
        ("usr/lib/python/os.py/x", Errno::NOTDIR),
        ("usr/lib/python/os.py/..", Errno::NOTDIR),
        ("missing/../usr/lib/python/os.py", Errno::NOENT),
        ("..", Errno::PERM),
        ("usr/../../x", Errno::PERM),
        ("home/../../usr", Errno::PERM),
    ] {
        assert_eq!(size(text).err(), Some(error), "{text}");
    }
    // A passage is the host's directory; without one it exists all the same.
    let inode = std::os::unix::fs::MetadataExt::ino(&folder.0.join("usr").metadata().expect("exists"));
    assert_eq!(operation::status(here("usr"), true).map(|status| status.inode), Ok(inode));
    std::fs::rename(folder.0.join("usr"), folder.0.join("gone")).expect("renames");
    assert_eq!(operation::status(here("usr/"), true).map(|status| status.file_type), Ok(FileType::Directory));
    assert_eq!(size("usr/lib/python/os.py"), Ok(10));
}

#[test]
fn directories_of_host_and_tree_are_listed_together() {
    let tree = python_tree();
    let folder = Folder::new();
    folder.file("usr/lib/python/hidden", "").file("usr/lib/other", "").file("usr/lib/single", "hidden").file("a", "");
    let start = folder.preopen(Access::default(), Some(0));
    let open = |text| operation::open(at(&start, Some(tree), text), OFlags::RDONLY | OFlags::DIRECTORY).expect("opens");
    assert_eq!(names(tree, &open(".")), [".", "..", "a", "usr"]);
    assert_eq!(names(tree, &open("usr/lib")), [".", "..", "other", "python", "single"]);
    assert_eq!(names(tree, &open("usr/lib/python")), [".", "..", "json", "os.py"]);
    let lib = open("usr/lib");
    let size = |text| operation::status(at(&lib, Some(tree), text), true).map(|status| status.size);
    assert_eq!(size("python/os.py"), Ok(10));
    assert_eq!(size("other"), Ok(0));
    let python = open("usr/lib/python");
    assert_eq!(operation::status(at(&python, Some(tree), "json/decoder.py"), true).map(|status| status.size), Ok(6));
    assert_eq!(operation::status(at(&python, Some(tree), ".."), true).err(), Some(Errno::PERM));
}

#[test]
fn the_tree_cannot_be_changed() {
    let tree = python_tree();
    let folder = Folder::new();
    folder.file("usr/lib/other", "").file("file", "");
    let start = folder.preopen(Access::default(), Some(0));
    let here = |text: &str| at(&start, Some(tree), text);
    let open = |text, flags| operation::open(here(text), flags).err();
    let (write, create) = (OFlags::WRONLY, OFlags::CREATE);
    assert_eq!(open("usr/lib/python/os.py", OFlags::RDONLY), None);
    assert_eq!(open("usr/lib/python/os.py", OFlags::RDONLY | OFlags::DIRECTORY), Some(Errno::NOTDIR));
    assert_eq!(open("usr/lib/python/os.py", write), Some(Errno::ROFS));
    assert_eq!(open("usr/lib/python/os.py", create), None);
    assert_eq!(open("usr/lib/python/os.py", create | OFlags::EXCL), Some(Errno::EXIST));
    assert_eq!(open("usr/lib/python/new", create | write), Some(Errno::ROFS));
    assert_eq!(open("usr/lib/python/new", write), Some(Errno::NOENT));
    assert_eq!(open("usr/lib/python", write), Some(Errno::ISDIR));
    assert_eq!(open("usr/lib", create), Some(Errno::ISDIR));
    assert_eq!(open("usr/lib/made", create | write), None);
    assert!(folder.0.join("usr/lib/made").exists());
    assert_eq!(operation::create_directory(here("usr")), Err(Errno::EXIST));
    assert_eq!(operation::create_directory(here("usr/lib/python/new")), Err(Errno::ROFS));
    assert_eq!(operation::unlink(here("usr/lib/python/os.py")), Err(Errno::ROFS));
    assert_eq!(operation::unlink(here("usr/lib/python")), Err(Errno::ISDIR));
    assert_eq!(operation::remove_directory(here("usr/lib/python")), Err(Errno::ROFS));
    assert_eq!(operation::remove_directory(here("usr/lib/single")), Err(Errno::NOTDIR));
    assert_eq!(operation::remove_directory(here("usr/lib")), Err(Errno::BUSY));
    assert_eq!(operation::rename(here("usr/lib/python/os.py"), here("x")), Err(Errno::ROFS));
    assert_eq!(operation::rename(here("file"), here("usr/lib/python/os.py")), Err(Errno::ROFS));
    assert_eq!(operation::rename(here("usr"), here("x")), Err(Errno::BUSY));
    assert_eq!(operation::rename(here("file"), here("usr")), Err(Errno::BUSY));
    assert_eq!(operation::link(here("usr/lib/single"), here("x")), Err(Errno::XDEV));
    assert_eq!(operation::link(here("file"), here("usr/lib/python/x")), Err(Errno::ROFS));
    assert_eq!(operation::symbolic_link(&path("x"), here("usr/lib/single")), Err(Errno::EXIST));
    assert_eq!(operation::read_link(here("usr/lib/single")).err(), Some(Errno::INVAL));
    assert_eq!(operation::set_times(here("usr/lib/single"), true, &times()), Err(Errno::ROFS));
}

#[test]
fn embedded_files_remember_their_flags() {
    let tree = python_tree();
    let folder = Folder::new();
    let start = folder.preopen(Access::default(), Some(0));
    let open = |flags| operation::open(at(&start, Some(tree), "usr/lib/python/os.py"), flags).expect("opens");
    let (append, nonblocking) = (OFlags::APPEND, OFlags::NONBLOCK);
    assert_eq!(open(OFlags::RDONLY | OFlags::CREATE | OFlags::NOFOLLOW).flags(), Ok(OFlags::RDONLY));
    assert_eq!(open(append).flags(), Ok(append));
    let file = open(nonblocking | OFlags::SYNC);
    assert_eq!(file.flags(), Ok(nonblocking | OFlags::SYNC));
    // What cannot change stays, whatever is asked for, as `fcntl` has it.
    assert_eq!(file.set_flags(append | OFlags::WRONLY), Ok(()));
    assert_eq!(file.flags(), Ok(append | OFlags::SYNC));
    assert_eq!(file.set_flags(OFlags::empty()), Ok(()));
    assert_eq!(file.flags(), Ok(OFlags::SYNC));
}

#[test]
fn a_tree_without_a_grant_is_a_root_of_its_own() {
    let tree = python_tree();
    let start = OpenFile::of_node(tree, ROOT, OFlags::empty());
    let here = |text: &str| at(&start, Some(tree), text);
    assert_eq!(operation::status(here("usr/lib/python/os.py"), true).map(|status| status.size), Ok(10));
    assert_eq!(operation::status(here("../../usr/lib/single"), true).map(|status| status.size), Ok(1));
    assert_eq!(operation::status(here("etc/passwd"), true).err(), Some(Errno::NOENT));
    assert_eq!(operation::status(here("etc"), true).err(), Some(Errno::NOENT));
    assert_eq!(operation::create_directory(here("new")), Err(Errno::ROFS));
    assert_eq!(names(tree, &start), [".", "..", "usr"]);
    let inodes: Vec<_> = ["usr", "usr/lib", "usr/lib/python", "usr/lib/single", "usr/lib/python/os.py"]
        .map(|text| operation::status(here(text), true).expect("is there").inode)
        .into();
    let mut unique = inodes.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), inodes.len());
}
