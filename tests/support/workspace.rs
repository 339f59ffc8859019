//! Where the parts of Adder are, and how a test gets them built.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder_compiler::Architecture;

/// The root of the repository.
pub fn root() -> &'static Path {
    // This package lies directly below the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a folder")
}

/// The target folder that the running test or program was built into.
pub fn target_directory() -> PathBuf {
    let executable = std::env::current_exe().expect("the system knows the running executable");
    // TARGET/PROFILE/deps/TEST or TARGET/PROFILE/PROGRAM
    let mut profile = executable.parent().expect("cargo puts executables into folders");
    if profile.file_name().is_some_and(|name| name == "deps") {
        profile = profile.parent().expect("cargo puts tests three levels below its target folder");
    }
    profile.parent().expect("cargo has a folder for each profile").to_owned()
}

/// Whether an expectation is to be rewritten instead of checked: `ADDER_BLESS=1`.
pub fn bless() -> bool {
    std::env::var_os("ADDER_BLESS").is_some_and(|value| value == "1")
}

/// The runtime with the cargo feature `script`: its programs read commands of a spec script from standard input.
pub fn script_runtime(architecture: Architecture) -> &'static Path {
    static ARCHIVES: [OnceLock<PathBuf>; Architecture::ALL.len()] =
        [const { OnceLock::new() }; Architecture::ALL.len()];
    ARCHIVES[architecture as usize].get_or_init(|| build_runtime(architecture, "spec-runtime", &["script"]))
}

/// The runtime as it is linked into every executable.
pub fn runtime() -> &'static Path {
    static ARCHIVE: OnceLock<PathBuf> = OnceLock::new();
    ARCHIVE.get_or_init(|| build_runtime(adder_compiler::host(), "test-runtime", &[]))
}

fn build_runtime(architecture: Architecture, folder: &str, features: &[&str]) -> PathBuf {
    let target = architecture.triple();
    let folder = target_directory().join(folder);
    let manifest = root().join("runtime/Cargo.toml");
    let mut command = cargo();
    command.args(["build", "--release", "--quiet", "--target", target, "--manifest-path"]).arg(manifest);
    command.arg("--target-dir").arg(&folder);
    if !features.is_empty() {
        command.arg("--features").arg(features.join(","));
    }
    run(&mut command);
    let archive = folder.join(target).join("release/libadder_runtime.a");
    assert!(archive.is_file(), "the runtime's build left no {}", archive.display());
    archive
}

/// The `adder` binary: `ADDER_TEST_BINARY` or a release build of this checkout. Not a debug build: compiling Python with one
/// takes minutes.
pub fn adder() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(binary) = std::env::var_os("ADDER_TEST_BINARY") {
            return crate::target::adder(binary.into());
        }
        let target = target_directory();
        let mut command = cargo();
        // Not `--package adder`: that would select other features of some dependencies, and compile them once more.
        command.args(["build", "--release", "--quiet", "--bin", "adder", "--manifest-path"]);
        command.arg(root().join("Cargo.toml")).arg("--target-dir").arg(&target);
        run(&mut command);
        crate::target::adder(target.join("release/adder"))
    })
}

/// A cargo without the settings that the one running this test handed down for its own build.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command that has to succeed, and shows what it printed if it does not.
pub fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
