//! Builds the runtime for musl and puts it, with musl's own start files and libc, where `src/runtime.rs` embeds them.

use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs};

/// The targets that executables are made for.
const TARGETS: [&str; 2] = ["aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl"];

/// What the Rust toolchain brings for a target and a static PIE needs. No unwinder: the runtime is
/// `no_std` and aborts on panic.
const TOOLCHAIN_FILES: [&str; 4] = ["rcrt1.o", "crti.o", "crtn.o", "libc.a"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(variable("OUT_DIR"));
    let manifest_folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let runtime = manifest_folder.join("../runtime");
    for watched in ["Cargo.toml", "Cargo.lock", "src", "abi", "build.rs"] {
        let path = runtime.join(watched);
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }

    let embedded = out.join("embedded");
    let libraries = libraries();
    for target in TARGETS {
        let folder = embedded.join(target);
        fs::create_dir_all(&folder).unwrap_or_else(|error| fail(&format!("cannot create {folder:?}: {error}")));
        let self_contained = libraries.join(target).join("lib/self-contained");
        println!("cargo::rerun-if-changed={}", self_contained.display());
        for name in TOOLCHAIN_FILES {
            copy(&self_contained.join(name), &folder.join(name));
        }
        copy(&build_runtime(&runtime, target, &out.join("runtime"), &[]), &folder.join("libadder_runtime.a"));
        let library = build_runtime(&runtime, target, &out.join("library"), &["--features", "library"]);
        copy(&library, &folder.join("libadder_library.a"));
    }
    list_pages(&manifest_folder.join("../docs"), &out.join("pages.rs"));
    println!("cargo::rustc-env=ADDER_EMBEDDED={}", embedded.display());
}

/// Writes Rust code with the names and texts of all pages in `docs`, for `src/topics.rs`.
fn list_pages(docs: &Path, list: &Path) {
    println!("cargo::rerun-if-changed={}", docs.display());
    let entries = fs::read_dir(docs).unwrap_or_else(|error| fail(&format!("cannot read {docs:?}: {error}")));
    let mut pages: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let pages = pages.iter().map(|page| {
        let page = page.canonicalize().unwrap_or_else(|error| fail(&format!("cannot read {page:?}: {error}")));
        format!("Topic {{ name: {:?}, text: include_str!({page:?}) }},", page.file_stem().unwrap_or_default())
    });
    let text = format!("&[{}]", pages.collect::<String>());
    fs::write(list, text).unwrap_or_else(|error| fail(&format!("cannot write {list:?}: {error}")));
}

/// Where the toolchain keeps what it has for each target; musl's start files and libraries are among it.
fn libraries() -> PathBuf {
    let rustc = variable("RUSTC");
    // Cargo has called the same script before it compiled anything, unless RUSTC_WRAPPER was set or a target removed since.
    let prerequisites = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../.cargo/prerequisites");
    let status = Command::new(&prerequisites).arg(&rustc).status();
    let status = status.unwrap_or_else(|error| fail(&format!("cannot run {prerequisites:?}: {error}")));
    if !status.success() {
        fail("something that adder is built with is missing: see above");
    }
    let output = Command::new(&rustc).args(["--print", "sysroot"]).output();
    let output = output.unwrap_or_else(|error| fail(&format!("cannot run rustc: {error}")));
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    sysroot.join("lib/rustlib")
}

/// Builds the static library in a target folder of its own and says where it is.
fn build_runtime(runtime: &Path, target: &str, target_folder: &Path, options: &[&str]) -> PathBuf {
    let manifest = runtime.join("Cargo.toml");
    let mut cargo = Command::new(variable("CARGO"));
    cargo
        .args(["build", "--release", "--locked", "--target", target, "--manifest-path"])
        .arg(&manifest)
        .args(options)
        .arg("--target-dir")
        .arg(target_folder);
    // What the outer cargo was told is about the outer build: flags, profiles, wrappers (clippy's would only check).
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let about_the_outer_build = ["CARGO_FEATURE_", "CARGO_CFG_", "CARGO_PKG_", "CARGO_PROFILE_", "CARGO_BUILD_"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
            || [
                "RUSTFLAGS",
                "CARGO_ENCODED_RUSTFLAGS",
                "CARGO_TARGET_DIR",
                "CARGO_MANIFEST_DIR",
                "CARGO_MANIFEST_PATH",
                "RUSTC_WRAPPER",
                "RUSTC_WORKSPACE_WRAPPER",
                "RUSTC_LINKER",
                "RUSTDOC",
                "OUT_DIR",
                "TARGET",
                "HOST",
                "OPT_LEVEL",
                "DEBUG",
                "PROFILE",
                "NUM_JOBS",
                "CLIPPY_ARGS",
            ]
            .contains(&text);
        if about_the_outer_build {
            cargo.env_remove(&name);
        }
    }
    // Messages of panics name source files. Where whoever built adder keeps them must not show in every executable.
    let home = env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|home| format!("{home}/.cargo")));
    if let Ok(home) = home {
        cargo.env("CARGO_ENCODED_RUSTFLAGS", format!("--remap-path-prefix={home}=cargo"));
    }
    let status = cargo.status().unwrap_or_else(|error| fail(&format!("cannot run cargo: {error}")));
    if !status.success() {
        fail(&format!("the runtime did not build ({status}); its messages are above"));
    }
    target_folder.join(target).join("release/libadder_runtime.a")
}

/// Copies a file unless the copy has the same contents already, so that nothing is rebuilt for nothing.
fn copy(from: &Path, to: &Path) {
    let contents = fs::read(from).unwrap_or_else(|error| fail(&format!("cannot read {from:?}: {error}")));
    if fs::read(to).is_ok_and(|old| old == contents) {
        return;
    }
    fs::write(to, contents).unwrap_or_else(|error| fail(&format!("cannot write {to:?}: {error}")));
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| fail(&format!("cargo did not set {name}")))
}

fn fail(message: &str) -> ! {
    eprintln!("error: {message}");
    exit(1)
}
