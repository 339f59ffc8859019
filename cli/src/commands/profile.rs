//! `adder profile`: what can be done with profiles beside using them.

use crate::arguments::{MergeArguments, ProfileCommand};
use crate::failure::{Place, Result};
use crate::profile;
use crate::terminal::output::OutputFile;

/// Does what the arguments say.
pub fn profile(command: &ProfileCommand) -> Result<()> {
    match command {
        ProfileCommand::Merge(MergeArguments { profiles, output }) => {
            let sum = profile::read_all(profiles)?;
            OutputFile::create(output, false, Place::Option("-o"))?.write(&sum.write())
        }
    }
}
