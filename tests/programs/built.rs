//! Executables of the programs, built with the `adder` binary and kept in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use adder::cache;
use adder::fetch::{self, Package, PackageFile};
use adder::note::sha256;
use adder_tests::text::assemble;
use adder_tests::workspace;

/// The folder of what these tests keep.
pub fn folder() -> PathBuf {
    let folder = cache::folder().expect("there is a home").join("test-programs");
    fs::create_dir_all(&folder).expect("the cache is writable");
    folder
}

/// The executable that `adder` makes with these arguments and an `-o` behind them. It depends on `adder`, on them, and on the
/// contents of `inputs`; an older one is replaced. One at a time: a large program takes gigabytes to build.
pub fn executable(name: &str, arguments: &[&str], inputs: &[&Path]) -> PathBuf {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut key = format!("{arguments:?}");
    for path in [&[workspace::adder()], inputs].concat() {
        key += &sha256(&fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    }
    let folder = folder().join(name);
    let executable = folder.join(format!("{name}-{}", &sha256(key.as_bytes())[..16]));
    if !executable.exists() {
        // What another adder has made would never be used again, and may be large.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the cache is writable");
        let mut command = Command::new(workspace::adder());
        workspace::run(command.args(arguments).arg("-o").arg(&executable));
    }
    executable
}

/// A file of a published package.
pub fn fetched(package: &Package, file: &PackageFile) -> PathBuf {
    static FETCHING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = FETCHING.lock().unwrap_or_else(PoisonError::into_inner);
    fetch::file(package, file).unwrap_or_else(|failure| panic!("{failure}"))
}

/// The module that `drivers/NAME.wat` describes.
pub fn driver(name: &str) -> PathBuf {
    let source = workspace::root().join("tests/programs/drivers").join(format!("{name}.wat"));
    let text = fs::read_to_string(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    // The name of the module that it drives is that module's.
    let module = folder().join(format!("{name}-driver.wasm"));
    // Whole or not at all: another test may be reading it.
    let temporary = tempfile::NamedTempFile::new_in(folder()).expect("the cache is writable");
    fs::write(&temporary, assemble(&text)).expect("the cache is writable");
    temporary.persist(&module).expect("both are in the same folder");
    module
}
