//! CPython 3.14 from npm: the interpreter of Pyodide, made by Emscripten. Its functions for JavaScript are never called.

use super::{Flavor, Source};
use crate::fetch::{Package, PackageFile, Registry};

pub(super) const FLAVOR: Flavor = Flavor {
    name: "3.14",
    version: "3.14.2",
    description: "CPython 3.14.2 with its standard library, from npm (pyodide 314.0.7)",
    source: Source::Pyodide {
        package: &PACKAGE,
        module: &MODULE,
        library: &LIBRARY,
        license: "PSF-2.0 (CPython; its license() prints it), MPL-2.0 (Pyodide)",
    },
    profile: Some(include_bytes!("../profiles/3.14.profile")),
};

const PACKAGE: Package = Package {
    registry: Registry::Npm,
    name: "pyodide",
    version: "314.0.7",
    sha256: "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0",
    folder: "python-3.14-npm",
    archive: None,
};

const MODULE: PackageFile = PackageFile {
    path: "package/pyodide.asm.wasm",
    bytes: 9_598_218,
    sha256: "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    cached_as: "python.wasm",
};

const LIBRARY: PackageFile = PackageFile {
    path: "package/python_stdlib.zip",
    bytes: 2_545_637,
    sha256: "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    cached_as: "python_stdlib.zip",
};
