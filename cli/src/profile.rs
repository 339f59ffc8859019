//! Profiles on the command line: read, added to the options of a build, summed up.

use crate::arguments::ProfileArguments;
use crate::failure::{Failure, Result};
use adder_compiler::{Options, Profile};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an instrumented executable writes its profile, if `--instrument` does not say.
pub const DEFAULT_PATH: &str = "adder.profile";

/// Adds the meaning of the profile options to the options of a build.
///
/// # Errors
/// If a profile cannot be read, or is none.
pub fn add(arguments: &ProfileArguments, options: &mut Options) -> Result<()> {
    if let Some(path) = &arguments.instrument {
        let path = path.clone().unwrap_or_else(|| DEFAULT_PATH.to_owned());
        if path.is_empty() || path.contains('\0') {
            return Err(Failure::usage("--instrument: needs the name of a file, as in --instrument=run.profile"));
        }
        options.instrument = Some(path);
    }
    if !arguments.profile.is_empty() {
        options.profile = Some(Arc::new(read_all(&arguments.profile)?));
    }
    Ok(())
}

/// Has a build use a profile that comes with adder, unless it counts itself or is to use another one.
pub fn add_default(bytes: &[u8], options: &mut Options) {
    if options.profile.is_none() && options.instrument.is_none() {
        let profile = Profile::read(bytes).expect("adder's own profiles are valid");
        options.profile = Some(Arc::new(profile));
    }
}

/// The sum of these files.
///
/// # Errors
/// For the first one that cannot be read, or is not a profile.
pub fn read_all(paths: &[PathBuf]) -> Result<Profile> {
    let profiles = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    Ok(Profile::merge(&profiles))
}

fn read(path: &Path) -> Result<Profile> {
    let bytes = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    Profile::read(&bytes).map_err(|error| {
        let failure = Failure::refused(format!("{}: {}", path.display(), error.message));
        error.hint.into_iter().fold(failure, Failure::hint)
    })
}
