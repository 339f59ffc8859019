//! python.wasm by way of C: wabt's wasm2c, clang, and the WASI of `benches/wasm2c`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adder_bench::measure;
use sha2::{Digest, Sha256};

use crate::tools::{find, finish, root};

/// The release whose generated code and runtime `benches/wasm2c` fits; Debian 12 has it.
const VERSION: &str = "1.0.32";
/// Where Debian has the part of the runtime that comes as source.
const RUNTIME: &str = "/usr/share/wabt/wasm2c";
/// The module's own code, compiled.
const OBJECT: &str = "guest.o";
const SOURCES: [&str; 3] = ["main.c", "files.c", "paths.c"];

/// An executable.
#[derive(Debug)]
pub struct Compiled {
    pub executable: PathBuf,
    /// How long wasm2c and clang took when they made most of it: processor time, because that is once and nobody knows
    /// what the machine did besides. clang uses one processor.
    pub seconds: f64,
    /// The versions of both.
    pub what: String,
}

/// Compiles a module to `executable`. The module's own code is kept in the cache: clang takes minutes for it. The error
/// names what is missing.
pub fn compile(module: &Path, cache: &Path, executable: PathBuf) -> Result<Compiled, String> {
    let wasm2c = find("wasm2c").ok_or("wasm2c (Debian's package wabt) is not installed")?;
    let version = finish(Command::new(&wasm2c).arg("--version"))?;
    if version.trim() != VERSION {
        return Err(format!("wasm2c is {}, and its code fits {VERSION} only", version.trim()));
    }
    let runtime = Path::new(RUNTIME).join("wasm-rt-impl.c");
    if !runtime.is_file() {
        return Err(format!("there is no {}", runtime.display()));
    }
    let clang = find("clang").ok_or("clang is not installed")?;
    let clang_version = finish(Command::new(&clang).arg("--version"))?;
    let clang_version = clang_version.lines().next().unwrap_or_default().to_owned();
    let what = format!("wasm2c {VERSION}, {clang_version}, -O2");

    let (guest, seconds) = guest(module, cache, &wasm2c, &clang, &what)?;
    let mut link = Command::new(&clang);
    link.args(["-O2", "-I", RUNTIME, "-I"]).arg(&guest).arg("-o").arg(&executable).arg(guest.join(OBJECT));
    link.args(SOURCES.iter().map(|name| root().join("benches/wasm2c").join(name))).arg(runtime).arg("-lm");
    finish(&mut link)?;
    Ok(Compiled { executable, seconds, what })
}

/// The folder of the cache with the module's own code and its header, and how long it took to make.
fn guest(module: &Path, cache: &Path, wasm2c: &Path, clang: &Path, what: &str) -> Result<(PathBuf, f64), String> {
    let bytes = fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let digest = Sha256::new_with_prefix(what).chain_update(bytes).finalize();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = cache.join("wasm2c").join(digest);
    let seconds_of = |folder: &Path| fs::read_to_string(folder.join("seconds")).ok()?.trim().parse().ok();
    if let Some(seconds) = seconds_of(&folder) {
        return Ok((folder, seconds));
    }
    eprintln!("compiling python.wasm by wasm2c and clang: minutes, once");
    let failed = |error: std::io::Error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(cache.join("wasm2c")).map_err(failed)?;
    let work = tempfile::tempdir_in(cache.join("wasm2c")).map_err(failed)?;
    let code = work.path().join("guest.c");
    let mut translate = Command::new(wasm2c);
    translate.args(["--module-name", "guest", "-o"]).arg(&code).arg(module);
    let mut compile = Command::new(clang);
    compile.args(["-O2", "-w", "-c", "-o"]).arg(work.path().join(OBJECT)).arg(&code);
    let seconds = measure::run(&mut translate)?.processor + measure::run(&mut compile)?.processor;
    fs::remove_file(code).map_err(failed)?;
    fs::write(work.path().join("seconds"), format!("{:.2}\n", seconds.as_secs_f64())).map_err(failed)?;
    fs::rename(work.path(), &folder).map_err(failed)?;
    seconds_of(&folder).map(|seconds| (folder.clone(), seconds)).ok_or(format!("{} is gone", folder.display()))
}
