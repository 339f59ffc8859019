//! pyperformance and what its programs need, from PyPI: fetched by pip, pinned, unpacked into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adder::cache;
use adder::fetch::{Package, Registry, archive, archive_bytes};

use crate::tools::finish;

/// Where everything is below the cache folder.
const FOLDER: &str = "pyperformance-1.14.0";
/// More than all files of a package have together; an archive that wants more is broken.
const PACKAGE_BYTES_MAX: u64 = 200 << 20;

macro_rules! package {
    ($name:literal, $version:literal, $archive:literal, $sha256:literal) => {
        Package {
            registry: Registry::PyPi,
            name: $name,
            version: $version,
            sha256: $sha256,
            folder: FOLDER,
            archive: Some($archive),
        }
    };
}

const PYPERFORMANCE: Package = package!(
    "pyperformance",
    "1.14.0",
    "pyperformance-1.14.0-py3-none-any.whl",
    "94068ac2935b6952ccb5e8a302eb9cebc26e82454494bef6e53822738adf0049"
);

/// The versions that pyperformance's own requirements name. All are pure Python.
const LIBRARIES: &[Package] = &[
    package!(
        "tomli",
        "2.0.1",
        "tomli-2.0.1-py3-none-any.whl",
        "939de3e7a6161af0c887ef91b7d41a53e7c5a1ca976325f429cb46ea9bc30ecc"
    ),
    package!(
        "html5lib",
        "1.1",
        "html5lib-1.1-py2.py3-none-any.whl",
        "0d78f8fde1c230e99fe37986a60526d7049ed4bf8a9fadbad5f00e22e58e041d"
    ),
    package!(
        "webencodings",
        "0.5.1",
        "webencodings-0.5.1-py2.py3-none-any.whl",
        "a0af1213f3c2226497a97e2b3aa01a7e4bee4f403f95be16fc9acd2947514a78"
    ),
    package!(
        "six",
        "1.16.0",
        "six-1.16.0-py2.py3-none-any.whl",
        "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254"
    ),
    package!(
        "docutils",
        "0.18.1",
        "docutils-0.18.1-py2.py3-none-any.whl",
        "23010f129180089fbcd3bc08cfefccb3b890b0050e1ca00c867036e9d161b98c"
    ),
    package!(
        "genshi",
        "0.7.7",
        "Genshi-0.7.7-py3-none-any.whl",
        "bed85e4015485a808bdd8d5bbb25cdc5fc093efab50776e2888be7b45b46f084"
    ),
    package!(
        "mako",
        "1.1.4",
        "Mako-1.1.4-py2.py3-none-any.whl",
        "aea166356da44b9b830c8023cd9b557fa856bd8b4035d6de771ca027dfc5cc6e"
    ),
    package!(
        "chameleon",
        "4.6.0",
        "Chameleon-4.6.0-py3-none-any.whl",
        "f674cab262d7b8a26c38574e06f513e91f60c129887ff5ab6a3a2a46c03dd925"
    ),
    package!(
        "sqlglot",
        "4.6.0",
        "sqlglot-4.6.0-py3-none-any.whl",
        "377d9d79ae0873fb964a7781d776f5617e7fa311ea198675fb06c8abf7500417"
    ),
    package!(
        "mpmath",
        "1.2.1",
        "mpmath-1.2.1-py3-none-any.whl",
        "604bc21bd22d2322a177c73bdb573994ef76e62edd595d17e00aff24b0667e5c"
    ),
    package!(
        "sympy",
        "1.8",
        "sympy-1.8-py3-none-any.whl",
        "3b0b3776e357f789951bb14776c6a841f931680f20d5f8fe55977885657c9b7a"
    ),
];

/// Where the programs and libraries are.
#[derive(Debug)]
pub struct Packages {
    /// With a folder for each program.
    pub programs: PathBuf,
    /// What the programs import from.
    pub libraries: PathBuf,
}

/// Fetches and unpacks what is not there yet. `python` compiles it, so that no process that is measured has to.
pub fn packages(python: &Path) -> Result<Packages, String> {
    let folder = cache::folder().map_err(|failure| failure.to_string())?.join(FOLDER);
    let programs = folder.join("programs");
    if !programs.is_dir() {
        eprintln!("fetching pyperformance");
        unpack(&[PYPERFORMANCE], &programs, None)?;
    }
    let libraries = folder.join("libraries");
    if !libraries.is_dir() {
        eprintln!("fetching what pyperformance's programs import");
        unpack(LIBRARIES, &libraries, Some(python))?;
    }
    Ok(Packages { programs: programs.join("pyperformance/data-files/benchmarks"), libraries })
}

/// Unpacks packages into a folder that appears when all of them are in it.
fn unpack(packages: &[Package], destination: &Path, python: Option<&Path>) -> Result<(), String> {
    let parent = destination.parent().expect("it is below the cache");
    let failed = |path: &Path, error: std::io::Error| format!("cannot write {}: {error}", path.display());
    fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    let temporary = tempfile::tempdir_in(parent).map_err(|error| failed(parent, error))?;
    for package in packages {
        let archive = archive_bytes(package).map_err(|failure| failure.to_string())?;
        let members = archive::zip_members(&archive, PACKAGE_BYTES_MAX, |_| true)
            .map_err(|error| format!("{package}: {error}"))?;
        for member in members {
            let path = temporary.path().join(&member.path);
            let folder = path.parent().expect("it is in the folder");
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&path, &member.contents))
                .map_err(|error| failed(&path, error))?;
        }
    }
    if let Some(python) = python {
        // `unchecked-hash`: valid whatever the times of the files are. Some libraries have files for other Pythons, which
        // do not compile: nothing imports them.
        let mut compile = Command::new(python);
        compile.args(["-m", "compileall", "-q", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]);
        let _ = finish(compile.arg(temporary.path()));
    }
    fs::rename(temporary.path(), destination).map_err(|error| failed(destination, error))
}
