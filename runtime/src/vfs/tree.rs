//! The tree of files embedded in the executable: read-only, served from the executable's own memory.
//!
//! Its paths are the guest's absolute paths, and it lies over the grants: what it holds hides what the host has there. Its
//! directories are of two kinds. A [`NodeKind::Directory`] was embedded as a whole, so names that it does not hold do not
//! exist. A [`NodeKind::Passage`] only leads to embedded things; all its other names are the host's.

use super::path::{Step, steps};
use super::special::SpecialFiles;
use crate::Runtime;
use crate::process::configuration::Configuration;
use adder_abi::checkpoint::CHECKPOINT_FOLDER;
use adder_abi::configuration::{Node, NodeKind};
use alloc::vec::Vec;
use rustix::io::Errno;

/// The device number of everything embedded: not one that Linux gives to a device, so that device and inode together stay
/// unique beside the host's files.
pub const DEVICE: u64 = 0xadde_0000_0000;

/// The tree of a configuration. There is at least a root.
#[derive(Clone, Copy)]
pub struct Tree {
    configuration: Configuration,
}

/// A file or directory of the tree, by its index.
pub type NodeIndex = u32;

/// The root of every tree.
pub const ROOT: NodeIndex = 0;

impl Tree {
    /// The tree of this configuration, if anything is embedded.
    pub fn of(configuration: Configuration) -> Option<Tree> {
        (!configuration.nodes().is_empty()).then_some(Tree { configuration })
    }

    /// The tree embedded in this executable, if there is one.
    pub fn of_executable() -> Option<Tree> {
        Tree::of(Configuration::of_executable())
    }

    /// The same, for what came out of it. Fails never, but without a panic.
    pub fn expected() -> Result<Tree, Errno> {
        Tree::of_executable().ok_or(Errno::BADF)
    }

    fn node(self, index: NodeIndex) -> &'static Node {
        &self.configuration.nodes()[index as usize]
    }

    /// What a node is.
    pub fn kind(self, index: NodeIndex) -> NodeKind {
        match self.node(index).kind {
            0 => NodeKind::Passage,
            1 => NodeKind::Directory,
            3 => NodeKind::Checkpoint,
            4 => NodeKind::ColdStart,
            5 => NodeKind::Memory,
            6 => NodeKind::Reason,
            _ => NodeKind::File,
        }
    }

    /// The directory that holds a node; the root holds itself.
    pub fn parent(self, index: NodeIndex) -> NodeIndex {
        self.node(index).parent
    }

    /// A node's own name.
    pub fn name(self, index: NodeIndex) -> &'static [u8] {
        self.configuration.text(self.node(index).name)
    }

    /// Whether a node is [`CHECKPOINT_FOLDER`].
    pub fn is_checkpoint_folder(self, index: NodeIndex) -> bool {
        let name = CHECKPOINT_FOLDER.strip_prefix('/').map(str::as_bytes);
        self.parent(index) == ROOT && name == Some(self.name(index))
    }

    /// The absolute path of a node.
    pub fn path(self, index: NodeIndex) -> Vec<u8> {
        let mut names = Vec::new();
        let mut node = index;
        while node != ROOT {
            names.push(self.name(node));
            node = self.parent(node);
        }
        let mut path = Vec::new();
        for name in names.into_iter().rev() {
            path.push(b'/');
            path.extend_from_slice(name);
        }
        path
    }

    /// The nodes in a directory, by name. None in a file.
    pub fn children(self, index: NodeIndex) -> core::ops::Range<NodeIndex> {
        if !matches!(self.kind(index), NodeKind::Passage | NodeKind::Directory) {
            return 0..0;
        }
        let children = self.node(index).contents;
        children.offset as u32..(children.offset + children.count) as u32
    }

    /// The node of this name in a directory.
    pub fn child(self, index: NodeIndex, name: &[u8]) -> Option<NodeIndex> {
        let children = self.children(index);
        let nodes = &self.configuration.nodes()[children.start as usize..children.end as usize];
        let position = nodes.binary_search_by(|node| self.configuration.text(node.name).cmp(name)).ok()?;
        Some(children.start + position as u32)
    }

    /// The node at an absolute path of the guest. A path without a leading slash counts from the root too.
    pub fn find(self, path: &[u8]) -> Option<NodeIndex> {
        steps(path).try_fold(ROOT, |node, (step, _)| match step {
            Step::Up => Some(self.parent(node)),
            Step::Down(name) => self.child(node, name),
        })
    }

    /// The bytes of a file; none of a directory.
    pub fn contents(self, index: NodeIndex) -> &'static [u8] {
        match self.kind(index) {
            NodeKind::File => self.configuration.text(self.node(index).contents),
            NodeKind::Checkpoint => Runtime::answer(),
            _ => &[],
        }
    }

    /// Inode number: unique in the tree.
    pub fn inode(self, index: NodeIndex) -> u64 {
        u64::from(index) + 1
    }

    /// Time of last modification, nanoseconds since 1970.
    pub fn modified_nanoseconds(self, index: NodeIndex) -> u64 {
        self.node(index).modified_nanoseconds
    }
}
