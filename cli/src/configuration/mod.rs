//! What is baked into an executable besides code: grants, arguments, environment, the embedded tree.
//!
//! [`Configuration`] is the meaning; [`block`] lays it out as `adder_abi::configuration` describes, [`object`] wraps the
//! block and the note into an object file for the linker.

mod block;
pub mod bytecode;
mod object;
pub mod tree;

pub(crate) use self::object::SECTION;
pub use self::object::object;
use crate::archive::Member;
use crate::failure::Result;
pub use adder_compiler::abi::configuration::NetworkUse;
pub use tree::Tree;

/// A folder of the host that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The host's folder; a relative one is looked up where the executable is started.
    pub host: String,
    /// The guest's name for it.
    pub guest: String,
    /// Nothing below it can be changed.
    pub read_only: bool,
}

/// What the guest may use of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkGrant {
    /// What for.
    pub used: NetworkUse,
    /// An address, or the name of a host; empty for all.
    pub host: String,
    /// A port; `None` for all.
    pub port: Option<u16>,
}

/// What is baked into an executable.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// In the order in which they become the guest's preopened descriptors.
    pub grants: Vec<Grant>,
    /// What the guest may use of the network.
    pub network: Vec<NetworkGrant>,
    /// Arguments before those of the command line.
    pub arguments: Vec<String>,
    /// Texts `NAME=VALUE`, always set.
    pub environment: Vec<String>,
    /// The guest also sees the environment of the process; `environment` wins.
    pub inherit_environment: bool,
    /// The guest starts in the working directory of the process, if a grant covers it.
    pub inherit_working_directory: bool,
    /// Files that travel with the executable.
    pub tree: Tree,
    /// Where the process is called by a bare name, the guest's argument 0 is the path of the executable.
    pub name_is_path: bool,
    /// The executable is built for a checkpoint: [`Configuration::expect_checkpoint`] sets it.
    pub checkpoint: bool,
    /// The guest says itself whether it goes on from the checkpoint. To be set before that.
    pub decides: bool,
    /// `NAME=VALUE`: what a variable that is a list begins with in a start without the checkpoint. Mostly empty.
    pub cold_start_variable: String,
}

impl Configuration {
    /// Prepares for a checkpoint: the flag, the files by which the guest asks for it, and beside them `files` that it needs
    /// to get there.
    ///
    /// # Errors
    /// If something else is embedded under their names.
    pub fn expect_checkpoint(&mut self, files: Vec<Member>) -> Result<()> {
        self.checkpoint = true;
        self.tree.add_checkpoint_files(self.decides)?;
        self.tree.embed_members(tree::CHECKPOINT_FOLDER, files).map(drop)
    }

    /// The block for [`adder_compiler::abi::symbol::CONFIGURATION`].
    pub fn block(&self) -> Vec<u8> {
        block::lay_out(self)
    }
}
