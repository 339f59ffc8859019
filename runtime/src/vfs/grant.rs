//! What an executable was granted, by kind.
//!
//! Grants are given at build and lie in the configuration. They are all of the host that the guest may use, beside the streams and
//! sockets that its process is started with. Which descriptors they become, if any, is the affair of the guest's interface. What
//! is opened below a grant keeps its rules ([`Access`]).
//!
//! Here are folders. What is granted of the network is the affair of [`crate::net`].

use super::open::OpenFile;
use super::open::embedded::EmbeddedFile;
use super::open::host_folder::HostFolder;
use super::path::beneath::Access;
use super::path::is_root;
use super::tree::Tree;
use crate::process::configuration::Configuration;
use adder_abi::configuration::{self, NodeKind, grant_flag};
use rustix::fs::OFlags;

/// Something that the guest may use of the host.
pub enum Grant {
    /// What is in a folder.
    Folder(GrantedFolder),
}

/// A folder of the host that was granted.
pub struct GrantedFolder {
    /// The host's name for it.
    pub host: &'static [u8],
    /// The guest's name for it.
    pub guest: &'static [u8],
    /// What may be done there.
    pub access: Access,
}

/// Returns all grants, in the order in which they were given.
pub fn grants(configuration: Configuration) -> impl Iterator<Item = Grant> {
    let folder = move |record| Grant::Folder(GrantedFolder::of_record(configuration, record));
    configuration.grants().iter().map(folder)
}

impl GrantedFolder {
    fn of_record(configuration: Configuration, record: &configuration::Grant) -> GrantedFolder {
        let (host, guest) = (configuration.text(record.host), configuration.text(record.guest));
        let whole_host = host.starts_with(b"/") && is_root(host);
        let read_only = record.flags & grant_flag::READ_ONLY != 0;
        GrantedFolder { host, guest, access: Access { whole_host, read_only } }
    }

    /// Opens the folder, or what is embedded in its place: that hides it, unless it only leads to embedded things. The host is
    /// asked when the folder is first used.
    pub fn open(&self, tree: Option<Tree>) -> OpenFile {
        match tree.and_then(|tree| Some((tree, tree.find(self.guest)?))) {
            Some((tree, node)) if tree.kind(node) != NodeKind::Passage => {
                EmbeddedFile::open(node, OFlags::empty()).into()
            }
            passage => HostFolder::new(self.host, self.access, passage.map(|(_, node)| node)).into(),
        }
    }
}
