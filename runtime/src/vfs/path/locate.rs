//! Decides for each path whether the embedded tree serves it or the host.
//!
//! A path is followed through the tree by its names, as far as it lies there. Where it leaves a passage, the rest of it is
//! the host's, and the host resolves it alone: a link of the host leads to files of the host.

use super::beneath::{Access, HostPath, is_out_of_reach};
use super::working_directory;
use super::{Path, Step, names_directory, steps, way_back};
use crate::vfs::open::OpenFile;
use crate::vfs::tree::{NodeIndex, ROOT, Tree};
use adder_abi::configuration::NodeKind;
use alloc::vec::Vec;
use rustix::fs::fstat;
use rustix::io::Errno;

/// Where a path leads.
pub enum Location<'a> {
    /// To an embedded file or directory, or to a passage that no folder of the host is behind.
    Node(NodeIndex),
    /// To a name that an embedded directory does not hold: nothing is there, and nothing can be made there.
    Nothing,
    /// To a passage. The host may have a directory there too.
    Passage(NodeIndex, HostPath<'a>),
    /// To the host.
    Host(HostPath<'a>),
}

/// Follows a path from an open directory. Fails with `ENOTDIR` where a file is used as a directory.
pub fn locate(tree: Option<Tree>, start: &OpenFile, path: Path) -> Result<Location<'_>, Errno> {
    if let OpenFile::HostFolder(folder) = start
        && let Some(place) = working_directory::place(folder, &path)?
    {
        return Ok(Location::Host(place));
    }
    if let (Some(tree), Some(node)) = (tree, start.node()) {
        return Descent { tree, start: node, directory: start, access: start.access(), position: node }.follow(&path);
    }
    Ok(Location::Host(HostPath { base: start.base()?, path }))
}

/// A way down through the tree.
struct Descent<'a> {
    tree: Tree,
    /// The node of the directory where the path starts.
    start: NodeIndex,
    /// That directory.
    directory: &'a OpenFile,
    /// The rules for the host's folder behind it, if there is one.
    access: Option<Access>,
    /// Where the way has come to: `start` or a node below it.
    position: NodeIndex,
}

impl<'a> Descent<'a> {
    fn follow(mut self, path: &Path) -> Result<Location<'a>, Errno> {
        let mut rest = path.bytes();
        while let Some((step, after)) = steps(rest).next() {
            if !matches!(self.tree.kind(self.position), NodeKind::Passage | NodeKind::Directory) {
                return Err(Errno::NOTDIR);
            }
            let next = match step {
                Step::Down(name) => self.tree.child(self.position, name),
                Step::Up if self.position != self.start => Some(self.tree.parent(self.position)),
                Step::Up => match self.access {
                    // Nothing is above the root.
                    None if self.start == ROOT => Some(ROOT),
                    Some(access) if access.whole_host && self.start == ROOT => Some(ROOT),
                    Some(access) if access.whole_host => return self.to_host(rest).map(Location::Host),
                    _ => return Err(Errno::PERM),
                },
            };
            match next {
                Some(next) => (self.position, rest) = (next, after),
                None if self.access.is_none() || self.tree.kind(self.position) == NodeKind::Directory => {
                    // What does not exist cannot be passed through.
                    let last = steps(after).next().is_none();
                    return if last { Ok(Location::Nothing) } else { Err(Errno::NOENT) };
                }
                None => match self.excursion(rest)? {
                    Some(back) => rest = back,
                    None => return self.to_host(rest).map(Location::Host),
                },
            }
        }
        match self.tree.kind(self.position) {
            // Where the folder of the grant is missing, the tree is all there is.
            NodeKind::Passage => Ok(match self.to_host(b".") {
                Ok(host) => Location::Passage(self.position, host),
                Err(error) if is_out_of_reach(error) => Location::Node(self.position),
                Err(error) => return Err(error),
            }),
            NodeKind::Directory => Ok(Location::Node(self.position)),
            _ if names_directory(path.bytes()) => Err(Errno::NOTDIR),
            _ => Ok(Location::Node(self.position)),
        }
    }

    /// If the path goes to the host and comes back to this passage (`tmp/../usr`), what follows when it is back. It does
    /// so if it does by its text and no link is on the way that `..` leads elsewhere from.
    fn excursion<'p>(&self, rest: &'p [u8]) -> Result<Option<&'p [u8]>, Errno> {
        let Some((excursion, back)) = way_back(rest) else { return Ok(None) };
        let identity = |path: &[u8]| {
            let HostPath { base, path } = self.to_host(path)?;
            let stat = fstat(base.look_up(&path, true)?)?;
            Ok((stat.st_dev, stat.st_ino))
        };
        Ok((identity(excursion)? == identity(b".")?).then_some(back))
    }

    /// A path of the host from here on.
    fn to_host(&self, rest: &[u8]) -> Result<HostPath<'a>, Errno> {
        let base = self.directory.base()?;
        let mut names = Vec::new();
        let mut position = self.position;
        while position != self.start {
            names.push(self.tree.name(position));
            position = self.tree.parent(position);
        }
        let mut path = Vec::new();
        for name in names.into_iter().rev() {
            path.extend_from_slice(name);
            path.push(b'/');
        }
        let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
        path.extend_from_slice(&rest[slashes..]);
        Ok(HostPath { base, path: Path::any(path)? })
    }
}
