//! The entries of directories, from any place on.

use super::cookies::{Cookies, Known, TREE_COOKIES};
use super::status::{FileType, type_of_node};
use crate::vfs::tree::{NodeIndex, Tree};
use core::mem::MaybeUninit;
use core::ops::ControlFlow;
use rustix::fd::BorrowedFd;
use rustix::fs::{FileType as HostType, RawDir, SeekFrom, seek};
use rustix::io::Errno;

/// Bytes that are asked of the kernel at once, at most and at least.
const BUFFER_BYTES_MAX: usize = 16 << 10;
const BUFFER_BYTES_MIN: usize = 512;

/// An entry of a directory.
pub struct Entry<'a> {
    /// The cookie to go on with after it.
    pub next: u64,
    /// Inode number.
    pub inode: u64,
    /// What it is, as far as known.
    pub file_type: FileType,
    /// Its name.
    pub name: &'a [u8],
}

/// What entries are given to, one after the other, until it breaks off.
pub type Visit<'a> = dyn FnMut(Entry<'_>) -> ControlFlow<()> + 'a;

/// A directory of the host that is open.
pub struct HostDirectory<'a> {
    /// Its descriptor.
    pub descriptor: BorrowedFd<'a>,
    /// Where its entries are.
    pub cookies: &'a Cookies,
}

/// Gives the entries of a directory of the host, of the part of the tree that lies `over` it, or of both, from `cookie` (0: the
/// first) to `visit` until that breaks off. `.` and `..` are among them. `bytes_wanted` says about how many bytes of entries are
/// of use.
pub fn list(
    host: Option<HostDirectory<'_>>,
    over: Option<(Tree, NodeIndex)>,
    cookie: u64,
    bytes_wanted: usize,
    visit: &mut Visit<'_>,
) -> Result<(), Errno> {
    let in_tree = over.is_some() && TREE_COOKIES.contains(&cookie);
    let mut first = if in_tree { cookie - TREE_COOKIES.start } else { 0 };
    if let (Some(host), false) = (host, in_tree) {
        let listed = host.cookies.with(|known| list_host(host.descriptor, known, over, cookie, bytes_wanted, visit));
        match listed {
            Ok(ControlFlow::Break(())) => return Ok(()),
            // The host has listed `.` and `..`.
            Ok(ControlFlow::Continue(())) => first = 2,
            // What is embedded is found whatever the host lets the process see.
            Err(Errno::ACCESS) if over.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    if let Some((tree, node)) = over {
        if type_of_node(tree, node) != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        list_tree(tree, node, first, visit);
    }
    Ok(())
}

fn list_host(
    descriptor: BorrowedFd<'_>,
    known: &mut Known,
    over: Option<(Tree, NodeIndex)>,
    cookie: u64,
    bytes_wanted: usize,
    visit: &mut Visit<'_>,
) -> Result<ControlFlow<()>, Errno> {
    let position = SeekFrom::Start(known.find(cookie)?);
    // A directory that could not be opened for reading was opened for its names alone, and the kernel knows no position in it.
    seek(descriptor, position).map_err(|error| if error == Errno::BADF { Errno::ACCESS } else { error })?;
    let mut next = cookie;
    let mut buffer = [const { MaybeUninit::uninit() }; BUFFER_BYTES_MAX];
    let wanted = bytes_wanted.clamp(BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
    let mut entries = RawDir::new(descriptor, &mut buffer[..wanted]);
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            // The directory was removed while it is open: it has no entries any more.
            Err(Errno::NOENT) => break,
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error),
        };
        let name = entry.file_name().to_bytes();
        let hidden = over.is_some_and(|(tree, node)| tree.child(node, name).is_some());
        if hidden {
            continue;
        }
        next += 1;
        known.remember(next, entry.next_entry_cookie())?;
        let (inode, file_type) = (entry.ino(), type_of_entry(entry.file_type()));
        if visit(Entry { next, inode, file_type, name }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn list_tree(tree: Tree, node: NodeIndex, first: u64, visit: &mut Visit<'_>) {
    let dots = [(b".".as_slice(), node), (b"..".as_slice(), tree.parent(node))];
    let children = tree.children(node).map(|child| (tree.name(child), child));
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    for (index, (name, node)) in dots.into_iter().chain(children).enumerate().skip(first) {
        // Whoever reads all that there is does not mean to ask for a checkpoint or a cold start.
        if index >= 2 && tree.is_checkpoint_folder(node) {
            continue;
        }
        let next = TREE_COOKIES.start + index as u64 + 1;
        let entry = Entry { next, inode: tree.inode(node), file_type: type_of_node(tree, node), name };
        if visit(entry).is_break() {
            return;
        }
    }
}

fn type_of_entry(host: HostType) -> FileType {
    match host {
        HostType::Unknown => FileType::Unknown,
        known => FileType::of_host(known),
    }
}
