//! Where in the guest's names its grants are: a tree of names, of which some are folders of the host and the others only lead
//! there.

use super::names::normal;
use crate::process::configuration::Configuration;
use crate::vfs::grant::{Grant, grants};
use crate::vfs::open::OpenFile;
use crate::vfs::open::embedded::EmbeddedFile;
use crate::vfs::open::status::{FileType, type_of_node};
use crate::vfs::open::synthetic::{SyntheticDirectory, SyntheticEntry};
use crate::vfs::path::beneath::Access;
use crate::vfs::path::{Step, steps};
use crate::vfs::tree::{self, Tree};
use adder_abi::configuration::NodeKind;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::fs::OFlags;

/// The mount points of a guest, and the names that lead to them.
pub struct Mounts {
    points: Vec<Point>,
    /// What is embedded, if anything is.
    pub tree: Option<Tree>,
    /// The root of that.
    pub embedded_root: Option<Arc<OpenFile>>,
}

/// A name that leads to grants, or is one, by its index.
pub type PointIndex = usize;

/// The guest's `/`. Above it is itself.
pub const ROOT: PointIndex = 0;

struct Point {
    name: &'static [u8],
    parent: PointIndex,
    children: Vec<PointIndex>,
    mounted: Option<Mounted>,
}

/// The folder of a grant, in its place.
pub struct Mounted {
    /// The folder.
    pub file: Arc<OpenFile>,
    /// The guest's name for it.
    pub name: Arc<[u8]>,
    /// The rules of the grant.
    pub access: Access,
}

/// Numbers of synthetic directories start here: the embedded tree has fewer nodes.
const FIRST_INODE: u64 = 1 << 32;

impl Mounts {
    /// Those of the grants in a configuration. Of two that the guest calls the same, the later one counts, and what is embedded
    /// counts before both.
    pub fn of(configuration: Configuration) -> Mounts {
        let tree = Tree::of(configuration);
        let embedded_root = tree.map(|_| Arc::new(EmbeddedFile::open(tree::ROOT, OFlags::empty()).into()));
        let root = Point { name: b"", parent: ROOT, children: Vec::new(), mounted: None };
        let mut mounts = Mounts { points: Vec::from([root]), tree, embedded_root };
        for Grant::Folder(folder) in grants(configuration) {
            let hides = |(tree, node): (Tree, _)| tree.kind(node) != NodeKind::Passage;
            if tree.and_then(|tree| Some((tree, tree.find(folder.guest)?))).is_some_and(hides) {
                continue;
            }
            let point = mounts.make(folder.guest);
            let name = mounts.path(point).into();
            mounts.points[point].mounted =
                Some(Mounted { file: Arc::new(folder.open(tree)), name, access: folder.access });
        }
        mounts
    }

    /// Returns the point with this name, which is made if it is not there.
    fn make(&mut self, path: &'static [u8]) -> PointIndex {
        let mut point = ROOT;
        for (step, _) in steps(path) {
            point = match step {
                Step::Up => self.parent(point),
                Step::Down(name) => self.child(point, name).unwrap_or_else(|| {
                    let child = self.points.len();
                    self.points.push(Point { name, parent: point, children: Vec::new(), mounted: None });
                    self.points[point].children.push(child);
                    child
                }),
            };
        }
        point
    }

    /// Returns the point of this name in another one.
    pub fn child(&self, point: PointIndex, name: &[u8]) -> Option<PointIndex> {
        self.points[point].children.iter().copied().find(|&child| self.points[child].name == name)
    }

    /// Returns the point above another one.
    pub fn parent(&self, point: PointIndex) -> PointIndex {
        self.points[point].parent
    }

    /// Whether there is but one folder, and it is the guest's root.
    pub fn is_one_root(&self) -> bool {
        self.points.len() == 1 && self.points[ROOT].mounted.is_some()
    }

    /// Returns the guest's name for a point.
    pub fn path(&self, point: PointIndex) -> Vec<u8> {
        let below = self.below(ROOT, point);
        let mut path = b"/".to_vec();
        path.extend_from_slice(below.strip_suffix(b"/").unwrap_or(&below));
        path
    }

    /// Returns the names from one point down to another one below it, each with a slash behind it.
    fn below(&self, above: PointIndex, mut point: PointIndex) -> Vec<u8> {
        let mut names = Vec::new();
        while point != above {
            names.push(self.points[point].name);
            point = self.parent(point);
        }
        let mut path = Vec::new();
        for name in names.into_iter().rev() {
            path.extend_from_slice(name);
            path.push(b'/');
        }
        path
    }

    /// Returns the folder that covers a point, and the names from there to the point.
    pub fn covering(&self, point: PointIndex) -> Option<(&Mounted, Vec<u8>)> {
        let mut above = point;
        loop {
            match &self.points[above].mounted {
                Some(mounted) => return Some((mounted, self.below(above, point))),
                None if above == ROOT => return None,
                None => above = self.parent(above),
            }
        }
    }

    /// Returns the last point that an absolute path leads to by its text.
    pub fn nearest(&self, path: &[u8]) -> PointIndex {
        let (mut point, mut depth_below) = (ROOT, 0_usize);
        for (step, _) in steps(path) {
            match step {
                Step::Up if depth_below > 0 => depth_below -= 1,
                Step::Up => point = self.parent(point),
                Step::Down(name) => match self.child(point, name) {
                    Some(child) if depth_below == 0 => point = child,
                    _ => depth_below += 1,
                },
            }
        }
        point
    }

    /// Whether an absolute path leads by its text to what is embedded, or to a directory that leads there.
    pub fn is_embedded_text(&self, path: &[u8]) -> bool {
        let path = normal(path);
        let leads = |tree: Tree| {
            steps(&path).next().is_none_or(|(step, _)| match step {
                Step::Up => false,
                Step::Down(name) => tree.child(tree::ROOT, name).is_some(),
            })
        };
        self.tree.is_some_and(leads)
    }

    /// Returns all folders.
    pub fn mounted(&self) -> impl Iterator<Item = &Mounted> {
        self.points.iter().filter_map(|point| point.mounted.as_ref())
    }

    /// Opens a point that no folder covers. It shows the points in it, and what is embedded there.
    pub fn open_synthetic(&self, point: PointIndex) -> OpenFile {
        let path = self.path(point);
        let node = self.tree.and_then(|tree| Some((tree, tree.find(&path)?)));
        let directory = |name, point| SyntheticEntry { name, inode: self.inode(point), file_type: FileType::Directory };
        let mut entries = Vec::from([directory(b".", point), directory(b"..", self.parent(point))]);
        entries.extend(self.points[point].children.iter().map(|&child| directory(self.points[child].name, child)));
        for (tree, child) in
            node.into_iter().flat_map(|(tree, node)| tree.children(node).map(move |child| (tree, child)))
        {
            let name = tree.name(child);
            // Whoever reads all that there is does not mean to ask for a checkpoint or a cold start.
            if self.child(point, name).is_none() && !tree.is_checkpoint_folder(child) {
                entries.push(SyntheticEntry { name, inode: tree.inode(child), file_type: type_of_node(tree, child) });
            }
        }
        SyntheticDirectory { path, inode: self.inode(point), node: node.map(|(_, node)| node), entries }.into()
    }

    /// The number of a synthetic directory: that of an embedded one of the same name, if there is one.
    fn inode(&self, point: PointIndex) -> u64 {
        let embedded = self.tree.and_then(|tree| Some(tree.inode(tree.find(&self.path(point))?)));
        embedded.unwrap_or(FIRST_INODE + point as u64)
    }
}
