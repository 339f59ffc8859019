//! Tests of paths and directories, on folders of their own and with an embedded tree made for them.

mod embedded;
mod grants;
mod posix_descriptors;
mod posix_files;
mod posix_paths;

use super::open::OpenFile;
use super::open::host_file::HostFile;
use super::open::listing::Entry;
use super::open::status::FileType;
use super::open::stream::Stream;
use super::operation::{self, At};
use super::path::beneath::{self, Access, Base};
use super::path::{Path, walk};
use super::tree::{ROOT, Tree};
use crate::process::configuration::Configuration;
use adder_abi::configuration::{Grant, Header, MAGIC, Node, NodeKind, Span, flag, grant_flag};
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
        HostFile::new(self.open(), access, node).into()
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

/// A node of a tree made for a test.
enum Made {
    Passage(BTreeMap<&'static str, Made>),
    Directory(BTreeMap<&'static str, Made>),
    File(&'static str),
}

/// The tree of a configuration that grants nothing.
fn tree(root: Made) -> Tree {
    Tree::of(configuration(&[], Some(root))).expect("it has nodes")
}

/// A grant for a test.
struct Granted<'a> {
    host: &'a std::path::Path,
    guest: &'a str,
    read_only: bool,
}

/// Writes the block that the command line writes, and reads it. The block lives to the end of the tests.
fn configuration(granted: &[Granted<'_>], root: Option<Made>) -> Configuration {
    let (mut nodes, mut texts) = (vec![Node::default(); usize::from(root.is_some())], Vec::<u8>::new());
    let mut grants: Vec<Grant> = Vec::new();
    for Granted { host, guest, read_only } in granted {
        let [host, guest] = [host.as_os_str().as_encoded_bytes(), guest.as_bytes()].map(|text| {
            texts.extend_from_slice(text);
            Span { offset: (texts.len() - text.len()) as u64, count: text.len() as u64 }
        });
        grants.push(Grant { host, guest, flags: if *read_only { grant_flag::READ_ONLY } else { 0 } });
    }
    let mut queue: std::collections::VecDeque<_> = root.into_iter().map(|root| (0_usize, root)).collect();
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
    let grants_start = nodes_start + (nodes.len() * size_of::<Node>()) as u64;
    let texts_start = grants_start + (grants.len() * size_of::<Grant>()) as u64;
    for grant in &mut grants {
        grant.host.offset += texts_start;
        grant.guest.offset += texts_start;
    }
    for node in &mut nodes {
        node.name.offset += texts_start;
        if node.kind == NodeKind::File as u32 {
            node.contents.offset += texts_start;
        }
    }
    let header = Header {
        magic: MAGIC,
        flags: flag::INHERIT_WORKING_DIRECTORY,
        nodes: Span { offset: nodes_start, count: nodes.len() as u64 },
        grants: Span { offset: grants_start, count: grants.len() as u64 },
        ..Header::default()
    };
    let words = (texts_start as usize + texts.len()).div_ceil(8);
    let block = Box::leak(vec![0_u64; words].into_boxed_slice()).as_mut_ptr().cast::<u8>();
    // SAFETY: the block is as large as these four parts, and aligned to 8.
    unsafe {
        block.cast::<Header>().write(header);
        block.add(nodes_start as usize).cast::<Node>().copy_from(nodes.as_ptr(), nodes.len());
        block.add(grants_start as usize).cast::<Grant>().copy_from(grants.as_ptr(), grants.len());
        block.add(texts_start as usize).copy_from(texts.as_ptr(), texts.len());
        Configuration::at(block)
    }
}

/// `/usr` and `/usr/lib` lead to `/usr/lib/python`, which is embedded, and to `/usr/lib/single`.
fn python_tree() -> Tree {
    tree(python_files())
}

fn python_files() -> Made {
    let python = Made::Directory(BTreeMap::from([
        ("json", Made::Directory(BTreeMap::from([("decoder.py", Made::File("decode"))]))),
        ("os.py", Made::File("import abc")),
    ]));
    let lib = Made::Passage(BTreeMap::from([("python", python), ("single", Made::File("1"))]));
    Made::Passage(BTreeMap::from([("usr", Made::Passage(BTreeMap::from([("lib", lib)])))]))
}

fn names(tree: Tree, directory: &OpenFile) -> Vec<String> {
    entries(Some(tree), directory)
}

fn entries(tree: Option<Tree>, directory: &OpenFile) -> Vec<String> {
    let mut names = Vec::new();
    let mut cookie = 0;
    // One entry at a time, to see that each cookie leads to the next.
    loop {
        let mut found = None;
        let mut visit = |entry: Entry<'_>| {
            found = Some((String::from_utf8_lossy(entry.name).into_owned(), entry.next));
            ControlFlow::Break(())
        };
        directory.list(tree, cookie, 4096, &mut visit).expect("lists");
        let Some((name, next)) = found else { break };
        names.push(name);
        cookie = next;
    }
    names.sort();
    names
}
