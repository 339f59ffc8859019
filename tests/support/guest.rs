//! Guests written in Rust and C, compiled to WebAssembly by the test that needs them, and the executables made of them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use adder::configuration::Configuration;
use adder_compiler::{Input, Options};

use crate::{target, workspace};

/// The module of a guest in Rust whose crate root is at this path in the tests' folder.
pub fn rust(root: &str) -> Vec<u8> {
    rust_for("wasm32-wasip1", root)
}

/// The same for a guest that starts threads.
pub fn rust_with_threads(root: &str) -> Vec<u8> {
    rust_for("wasm32-wasip1-threads", root)
}

fn rust_for(target: &str, root: &str) -> Vec<u8> {
    let root = workspace::root().join("tests").join(root);
    let folder = root.parent().expect("a crate root is in a folder");
    cached("rust", &sources(folder), |output| {
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args(["--edition", "2024", "--target", target, "-O", "-Cstrip=debuginfo", "-o"]).arg(output);
        // The pinned toolchain applies in the repository.
        workspace::run(rustc.arg(&root).current_dir(workspace::root()));
    })
}

/// The module of a guest in C, one file at this path in the tests' folder. Needs clang and wasi-libc.
pub fn c(source: &str) -> Vec<u8> {
    c_with(source, &[])
}

/// The same for a library, which has `_initialize` (WASI's reactor) and what the source exports.
pub fn c_library(source: &str) -> Vec<u8> {
    c_with(source, &["-mexec-model=reactor"])
}

fn c_with(source: &str, options: &[&str]) -> Vec<u8> {
    let source = workspace::root().join("tests").join(source);
    cached("c-apart", &std::fs::read(&source).expect("the source is in the repository"), |output| {
        // Compiled and linked apart: with `-O` in the link, clang calls `wasm-opt` where that is installed (Emscripten needs it), and names
        // of functions go.
        let object = output.with_extension("o");
        let mut compile = Command::new("clang");
        compile.args(["--target=wasm32-wasi", "-O1", "-Wall", "-Wextra", "-Werror", "-c"]).arg(&source);
        clang(compile.arg("-o").arg(&object));
        let mut link = Command::new("clang");
        // The library is used by those that ask for processor time.
        link.arg("--target=wasm32-wasi").args(options).arg(&object).arg("-lwasi-emulated-process-clocks");
        clang(link.arg("-o").arg(output));
    })
}

fn clang(command: &mut Command) {
    const HINT: &str = "hint: apt install clang lld wasi-libc libclang-rt-dev-wasm32";
    let finished = command.output().unwrap_or_else(|error| panic!("cannot run clang: {error}\n{HINT}"));
    assert!(finished.status.success(), "{}\n{HINT}", String::from_utf8_lossy(&finished.stderr));
}

/// An executable made of a module, with these grants and whatever else is baked in.
pub fn executable(name: &str, module: &[u8], configuration: &Configuration, options: &Options) -> PathBuf {
    // The compiler and the runtime are part of the running test, so a new build of it means a new executable.
    let test = std::env::current_exe().and_then(std::fs::metadata).expect("the test's own file can be looked at");
    let built = test.modified().ok();
    let mut key = module.to_vec();
    key.extend_from_slice(format!("{configuration:?} {options:?} {built:?} {}", test.len()).as_bytes());
    let architecture = target::cpu(options.cpu).architecture();
    key.push(architecture as u8);
    let executable = cached_path(name, &key, |output| {
        let input = Input { name, bytes: module };
        if let Err(message) = crate::program::build_for_target(&[input], options, configuration, output) {
            panic!("{name}: {message}");
        }
    });
    if !target::is_started_by_script(architecture) {
        return executable;
    }
    let script = executable.with_added_extension("sh");
    target::write_starter(&script, &executable, architecture).expect("the target folder is writable");
    script
}

fn sources(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).expect("the sources are in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| std::fs::read(path).expect("a source can be read")).collect()
}

fn cached(name: &str, key: &[u8], make: impl FnOnce(&Path)) -> Vec<u8> {
    std::fs::read(cached_path(name, key, make)).expect("what was just made can be read")
}

/// A file that depends only on `key`, made if it is not there. Several test processes may make it at the same time.
fn cached_path(name: &str, key: &[u8], make: impl FnOnce(&Path)) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let folder = workspace::target_directory().join("test-guests");
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    let path = folder.join(format!("{name}-{:016x}", hasher.finish()));
    if !path.exists() {
        let temporary = tempfile::tempdir_in(&folder).expect("the target folder is writable");
        let made = temporary.path().join("made");
        make(&made);
        std::fs::rename(&made, &path).expect("both are in the same folder");
    }
    path
}
