//! Tests of paths and directories, on folders of their own and with an embedded tree made for them.

use super::embedded::Tree;
use super::open::host_file::HostFile;
use super::open::listing::{Entry, list};
use super::open::status::Kind;
use super::open::{Content, OpenFile};
use super::operation::{self, At};
use super::path::beneath::{self, Access, Base};
use super::path::{Path, walk};
use crate::process::configuration::Configuration;
use adder_abi::configuration::{Header, MAGIC, Node, NodeKind, Span};
use core::ops::ControlFlow;
use rustix::fd::{AsFd, AsRawFd, OwnedFd};
use rustix::fs::{CWD, Mode, OFlags, Timespec, Timestamps, fstat, openat};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("adder-runtime-test-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self, name: &str, contents: &str) -> &Folder {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, contents).expect("a file");
        self
    }

    fn link(&self, name: &str, text: &str) -> &Folder {
        std::os::unix::fs::symlink(text, self.0.join(name)).expect("a link");
        self
    }

    fn open(&self) -> OwnedFd {
        open_directory(&self.0)
    }

    fn preopen(&self, access: Access, node: Option<u32>) -> OpenFile {
        OpenFile::new(Content::Host(HostFile::opened(self.open(), access, node)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Any times at all, for what may not be changed.
fn times() -> Timestamps {
    let time = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
    Timestamps { last_access: time(1), last_modification: time(2) }
}

fn open_directory(path: &std::path::Path) -> OwnedFd {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat(CWD, path.as_os_str().as_encoded_bytes(), flags, Mode::empty()).expect("the folder opens")
}

fn path(text: &str) -> Path {
    Path::new(text.as_bytes().to_vec()).expect("a path")
}

fn at<'a>(start: &'a OpenFile, tree: Option<Tree>, text: &str) -> At<'a> {
    At { start, path: path(text), tree }
}

/// Opens a path that must stay beneath `base`: by the walk, or as it is done where the kernel can.
fn open_beneath(walked: bool, base: &OwnedFd, text: &str, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    match walked {
        true => walk::open(base.as_fd(), &path(text), flags | OFlags::CLOEXEC, mode),
        false => Base { directory: base.as_fd(), access: Access::default() }.open(&path(text), flags, mode),
    }
}

/// The inode that a path leads to, by the kernel's way and by the walk: they agree on every path.
fn resolve(base: &OwnedFd, text: &str, flags: OFlags) -> Result<u64, Errno> {
    let inode = |walked| Ok(fstat(open_beneath(walked, base, text, flags, Mode::empty())?)?.st_ino);
    let (walked, opened) = (inode(true), inode(false));
    assert_eq!(walked, opened, "{text}");
    walked
}

#[test]
fn both_ways_resolve_alike() {
    let folder = Folder::new();
    folder.file("dir/nested/file", "x").file("top", "y");
    folder.link("to_file", "dir/nested/file").link("to_dir", "dir").link("dir/up", "../top").link("loop", "loop");
    folder.link("dangling", "missing").link("out", "../..").link("absolute", "/etc/passwd").link("dir/out", "../../x");
    folder.link("slash", "dir/nested/").link("chain", "to_dir/up").link("to_self", ".").link("file_slash", "top/");
    let base = folder.open();
    let (path_only, no_follow) = (OFlags::PATH, OFlags::PATH | OFlags::NOFOLLOW);
    let good = [
        "top",
        "./top",
        "dir/../top",
        "dir/nested/../../top",
        "to_file",
        "to_dir/nested/file",
        "dir/up",
        "chain",
        "dir/",
        "dir//nested///",
        "to_dir/",
        "slash",
        "slash/file",
        "slash/..",
        ".",
        "dir/..",
        "to_dir/..",
        "to_self/to_self/top",
        "dir/nested/.",
        "dir/./nested/",
    ];
    for text in good {
        assert!(resolve(&base, text, path_only).is_ok(), "{text}");
        assert!(resolve(&base, text, no_follow).is_ok(), "{text}");
        assert!(resolve(&base, text, OFlags::RDONLY).is_ok(), "{text}");
    }
    let outside =
        ["..", "../x", "dir/../..", "out", "out/x", "absolute", "dir/out", "to_dir/out", "dir/../../etc", "../.."];
    for text in outside {
        assert_eq!(resolve(&base, text, path_only), Err(Errno::PERM), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY), Err(Errno::PERM), "{text}");
    }
    let bad = [
        ("missing", Errno::NOENT),
        ("missing/", Errno::NOENT),
        ("missing/x", Errno::NOENT),
        ("dangling", Errno::NOENT),
        ("top/", Errno::NOTDIR),
        ("top/x", Errno::NOTDIR),
        ("top/..", Errno::NOTDIR),
        ("loop", Errno::LOOP),
        ("loop/x", Errno::LOOP),
        ("file_slash", Errno::NOTDIR),
        ("top/.", Errno::NOTDIR),
    ];
    for (text, error) in bad {
        assert_eq!(resolve(&base, text, path_only), Err(error), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY), Err(error), "{text}");
    }
    for text in ["dangling", "loop", "absolute", "out"] {
        assert!(resolve(&base, text, no_follow).is_ok(), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY | OFlags::NOFOLLOW), Err(Errno::LOOP), "{text}");
    }
    assert_eq!(resolve(&base, "out/", no_follow), Err(Errno::PERM));
    assert_eq!(resolve(&base, "to_dir/", no_follow), resolve(&base, "dir", no_follow));
    assert_eq!(resolve(&base, "to_dir", OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW), Err(Errno::NOTDIR));
}

#[test]
fn both_ways_make_files_alike() {
    let folder = Folder::new();
    folder.file("dir/there", "x").link("dangling", "dir/new").link("out", "../outside").link("dir/back", "../made");
    let base = folder.open();
    let create = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o600);
    for walked in [true, false] {
        let way = |text: &str, flags| open_beneath(walked, &base, text, flags, mode);
        for (text, made) in
            [("plain", "plain"), ("dangling", "dir/new"), ("dir/back", "made"), ("dir/../dir/a", "dir/a")]
        {
            assert!(way(text, create).is_ok(), "{text}");
            std::fs::remove_file(folder.0.join(made)).expect(text);
        }
        assert_eq!(way("dangling", create | OFlags::EXCL).err(), Some(Errno::EXIST));
        assert_eq!(way("dir/there", create | OFlags::EXCL).err(), Some(Errno::EXIST));
        assert_eq!(way("dangling", create | OFlags::NOFOLLOW).err(), Some(Errno::LOOP));
        assert_eq!(way("out", create).err(), Some(Errno::PERM));
        assert_eq!(way("new/", create).err(), Some(Errno::ISDIR));
        assert_eq!(way("dir", create).err(), Some(Errno::ISDIR));
    }
    assert!(!folder.0.with_file_name("outside").exists());
}

#[test]
fn moving_directories_do_not_lead_the_walk_outside() {
    let folder = Folder::new();
    folder.file("inside/a/b/c/file", "inside").file("outside/secret", "secret").file("secret", "secret");
    let base = open_directory(&folder.0.join("inside"));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (inside, outside) = (folder.0.join("inside/a/b/c"), folder.0.join("outside/c"));
            while !stop.load(Ordering::Relaxed) {
                let _ = std::fs::rename(&inside, &outside);
                let _ = std::fs::rename(&outside, &inside);
                let link = folder.0.join("inside/link");
                let _ = std::os::unix::fs::symlink("a/b", &link);
                let _ = std::fs::remove_file(&link);
                let _ = std::os::unix::fs::symlink("../outside", &link);
                let _ = std::fs::remove_file(&link);
            }
        });
        for round in 0..5000 {
            for text in ["a/b/c/../secret", "a/b/c/../../../secret", "link/secret", "link/../secret"] {
                let opened = open_beneath(round % 2 == 0, &base, text, OFlags::RDONLY, Mode::empty());
                assert!(opened.is_err(), "{text} has led outside");
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn changes_stay_in_the_folder() {
    let folder = Folder::new();
    folder.file("inside/file", "x").file("outside/file", "y");
    folder.link("inside/out", "../outside").link("inside/to_file", "../outside/file");
    let start = {
        let opened = open_directory(&folder.0.join("inside"));
        OpenFile::new(Content::Host(HostFile::opened(opened, Access::default(), None)))
    };
    let here = |text| at(&start, None, text);
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        for text in ["../outside/new", "out/new", "../new", ".."] {
            assert_eq!(operation::create_directory(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::remove_directory(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::symbolic_link(&path("x"), here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::rename(here("file"), here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::link(here("file"), here(text)), Err(Errno::PERM), "{text}");
        }
        for text in ["../outside/file", "out/file"] {
            assert_eq!(operation::unlink(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::rename(here(text), here("new")), Err(Errno::PERM), "{text}");
            assert_eq!(operation::link(here(text), here("new")), Err(Errno::PERM), "{text}");
            assert_eq!(operation::read_link(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::status(here(text), false).err(), Some(Errno::PERM), "{text}");
        }
        // A slash behind a link makes the kernel follow it.
        assert_eq!(operation::status(here("out/"), false).err(), Some(Errno::PERM));
        assert_eq!(operation::link(here("out/"), here("new")), Err(Errno::PERM));
        assert_eq!(operation::read_link(here("out/")), Err(Errno::PERM));
        assert_eq!(operation::unlink(here("out/")), Err(Errno::NOTDIR));
        assert_eq!(operation::remove_directory(here("out/")), Err(Errno::NOTDIR));
        assert_eq!(operation::create_directory(here("out/")), Err(Errno::EXIST));
        assert_eq!(operation::status(here("to_file"), true).err(), Some(Errno::PERM));
        assert_eq!(operation::status(here("to_file"), false).map(|status| status.kind), Ok(Kind::SymbolicLink));
        assert_eq!(
            operation::symbolic_link(&Path::any(b"/etc".to_vec()).expect("a path"), here("new")),
            Err(Errno::PERM)
        );
        assert_eq!(operation::read_link(here("out")).as_deref(), Ok(b"../outside".as_slice()));
    }
    assert_eq!(std::fs::read_dir(folder.0.join("outside")).expect("lists").count(), 1);
    assert_eq!(std::fs::read_dir(folder.0.join("inside")).expect("lists").count(), 3);
}

#[test]
fn a_directory_as_a_standard_descriptor_is_no_grant() {
    let folder = Folder::new();
    folder.file("file", "x").file("dir/file", "y").link("link", "file");
    let opened = folder.open();
    // Dropping it would put the null device in place of a standard descriptor.
    let start =
        core::mem::ManuallyDrop::new(OpenFile::new(Content::Host(HostFile::standard(opened.as_fd().as_raw_fd()))));
    let granted = folder.preopen(Access::default(), None);
    let times = times();
    let modified = || std::fs::metadata(&folder.0).expect("is there").modified().expect("linux has times");
    let before = modified();
    for tree in [None, Some(python_tree())] {
        let here = |text| at(&start, tree, text);
        let there = |text| at(&granted, None, text);
        for text in ["file", "dir", ".", "dir/file", "link", "new"] {
            for flags in [OFlags::RDONLY, OFlags::RDWR, OFlags::WRONLY | OFlags::CREATE, OFlags::PATH] {
                assert_eq!(operation::open(here(text), flags).err(), Some(Errno::NOTDIR), "{text}");
            }
            assert_eq!(operation::status(here(text), true).err(), Some(Errno::NOTDIR), "{text}");
            assert_eq!(operation::set_times(here(text), true, &times), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::create_directory(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::remove_directory(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::unlink(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::read_link(here(text)).err(), Some(Errno::NOTDIR), "{text}");
            assert_eq!(operation::symbolic_link(&path("x"), here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::rename(here(text), there("new")), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::rename(there("file"), here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::link(here(text), there("new")), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::link(there("file"), here(text)), Err(Errno::NOTDIR), "{text}");
        }
        assert_eq!(list(tree, &start, 0, 4096, &mut |_| panic!("an entry")), Err(Errno::NOTDIR));
    }
    assert_eq!(start.set_times(&times), Err(Errno::PERM));
    assert_eq!(start.set_size(0), Err(Errno::PERM));
    assert_eq!(start.allocate(0, 1), Err(Errno::PERM));
    assert_eq!(start.sync(false), Err(Errno::PERM));
    assert_eq!(start.status().map(|status| status.kind), Ok(Kind::Directory));
    assert_eq!(modified(), before);
    assert_eq!(std::fs::read_dir(&folder.0).expect("lists").count(), 3);
}

#[test]
fn a_read_only_grant_changes_nothing() {
    let folder = Folder::new();
    folder.file("dir/file", "x").link("link", "dir");
    let start = folder.preopen(Access { whole_host: false, read_only: true }, None);
    let here = |text| at(&start, None, text);
    let (write, create) = (OFlags::WRONLY, OFlags::CREATE);
    let open = |text, flags| operation::open(here(text), flags).err();
    assert_eq!(open("dir/file", OFlags::RDONLY), None);
    assert_eq!(open("dir/file", create), None);
    assert_eq!(open("dir/file", create | OFlags::EXCL), Some(Errno::EXIST));
    assert_eq!(open("dir/file", write), Some(Errno::PERM));
    assert_eq!(open("dir/file", OFlags::TRUNC), Some(Errno::PERM));
    assert_eq!(open("dir/new", write | create), Some(Errno::PERM));
    assert_eq!(open("dir/new", create), Some(Errno::PERM));
    assert_eq!(open("dir/new", write), Some(Errno::NOENT));
    assert_eq!(open("dir", write), Some(Errno::ISDIR));
    assert_eq!(operation::create_directory(here("new")), Err(Errno::PERM));
    assert_eq!(operation::create_directory(here("dir")), Err(Errno::EXIST));
    assert_eq!(operation::unlink(here("dir/file")), Err(Errno::PERM));
    assert_eq!(operation::unlink(here("dir/none")), Err(Errno::NOENT));
    assert_eq!(operation::remove_directory(here("dir")), Err(Errno::PERM));
    assert_eq!(operation::rename(here("dir/file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::link(here("dir/file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::symbolic_link(&path("x"), here("new")), Err(Errno::PERM));
    let times = times();
    assert_eq!(operation::set_times(here("dir/file"), true, &times), Err(Errno::PERM));
    assert_eq!(operation::set_times(here("link"), false, &times), Err(Errno::PERM));
    let file = operation::open(here("dir/file"), OFlags::RDONLY).expect("opens");
    assert_eq!(file.set_times(&times), Err(Errno::PERM));
    // From elsewhere into it, and out of it by a second name that could be written to.
    let other = Folder::new();
    other.file("file", "z");
    let elsewhere = other.preopen(Access::default(), None);
    assert_eq!(operation::rename(at(&elsewhere, None, "file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::link(here("dir/file"), at(&elsewhere, None, "new")), Err(Errno::XDEV));
}

/// A node of a tree made for a test.
enum Made {
    Passage(BTreeMap<&'static str, Made>),
    Directory(BTreeMap<&'static str, Made>),
    File(&'static str),
}

/// Writes the block that the command line writes, and reads it. The block lives to the end of the tests.
fn tree(root: Made) -> Tree {
    let (mut nodes, mut texts) = (vec![Node::default()], Vec::<u8>::new());
    let mut queue = std::collections::VecDeque::from([(0_usize, root)]);
    while let Some((index, made)) = queue.pop_front() {
        nodes[index].modified_nanoseconds = 1000 + index as u64;
        let (kind, children) = match made {
            Made::File(contents) => {
                nodes[index].kind = NodeKind::File as u32;
                nodes[index].contents = Span { offset: texts.len() as u64, count: contents.len() as u64 };
                texts.extend_from_slice(contents.as_bytes());
                continue;
            }
            Made::Passage(children) => (NodeKind::Passage, children),
            Made::Directory(children) => (NodeKind::Directory, children),
        };
        nodes[index].kind = kind as u32;
        nodes[index].contents = Span { offset: nodes.len() as u64, count: children.len() as u64 };
        for (name, child) in children {
            let name_span = Span { offset: texts.len() as u64, count: name.len() as u64 };
            texts.extend_from_slice(name.as_bytes());
            queue.push_back((nodes.len(), child));
            nodes.push(Node { name: name_span, parent: index as u32, ..Node::default() });
        }
    }
    let nodes_start = size_of::<Header>() as u64;
    let texts_start = nodes_start + (nodes.len() * size_of::<Node>()) as u64;
    for node in &mut nodes {
        node.name.offset += texts_start;
        if node.kind == NodeKind::File as u32 {
            node.contents.offset += texts_start;
        }
    }
    let header =
        Header { magic: MAGIC, nodes: Span { offset: nodes_start, count: nodes.len() as u64 }, ..Header::default() };
    let words = (texts_start as usize + texts.len()).div_ceil(8);
    let block = Box::leak(vec![0_u64; words].into_boxed_slice()).as_mut_ptr().cast::<u8>();
    // SAFETY: the block is as large as these three parts, and aligned to 8.
    unsafe {
        block.cast::<Header>().write(header);
        block.add(nodes_start as usize).cast::<Node>().copy_from(nodes.as_ptr(), nodes.len());
        block.add(texts_start as usize).copy_from(texts.as_ptr(), texts.len());
        Tree::of(Configuration::at(block)).expect("it has nodes")
    }
}

/// `/usr` and `/usr/lib` lead to `/usr/lib/python`, which is embedded, and to `/usr/lib/single`.
fn python_tree() -> Tree {
    let python = Made::Directory(BTreeMap::from([
        ("json", Made::Directory(BTreeMap::from([("decoder.py", Made::File("decode"))]))),
        ("os.py", Made::File("import abc")),
    ]));
    let lib = Made::Passage(BTreeMap::from([("python", python), ("single", Made::File("1"))]));
    tree(Made::Passage(BTreeMap::from([("usr", Made::Passage(BTreeMap::from([("lib", lib)])))])))
}

fn names(tree: Tree, directory: &OpenFile) -> Vec<String> {
    let mut names = Vec::new();
    let mut cookie = 0;
    // One entry at a time, to see that each cookie leads to the next.
    loop {
        let mut found = None;
        let mut visit = |entry: Entry<'_>| {
            found = Some((String::from_utf8_lossy(entry.name).into_owned(), entry.next));
            ControlFlow::Break(())
        };
        list(Some(tree), directory, cookie, 4096, &mut visit).expect("lists");
        let Some((name, next)) = found else { break };
        names.push(name);
        cookie = next;
    }
    names.sort();
    names
}

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
    assert_eq!(operation::status(here("usr/"), true).map(|status| status.kind), Ok(Kind::Directory));
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
    let start = OpenFile::new(Content::Embedded(super::embedded::EmbeddedFile::open(0, OFlags::empty())));
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

#[test]
fn procfs_is_never_open_for_writing() {
    let start = {
        let opened = openat(CWD, c"/", OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).expect("opens");
        OpenFile::new(Content::Host(HostFile::opened(opened, Access { whole_host: true, read_only: false }, None)))
    };
    for text in ["proc/self/mem", "proc/thread-self/mem", "dev/../proc/self/mem", "proc/self/root/proc/self/mem"] {
        assert_eq!(operation::open(at(&start, None, text), OFlags::RDWR).err(), Some(Errno::ACCESS), "{text}");
        assert_eq!(operation::open(at(&start, None, text), OFlags::WRONLY).err(), Some(Errno::ACCESS), "{text}");
    }
    assert!(operation::open(at(&start, None, "proc/self/status"), OFlags::RDONLY).is_ok());
    assert!(operation::open(at(&start, None, "dev/null"), OFlags::RDWR).is_ok());
    // Nothing is above the root, and absolute links stay in it.
    assert!(operation::open(at(&start, None, "../../dev/null"), OFlags::RDWR).is_ok());
}
