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
const SOURCES: [&str; 3] = ["main.c", "files.c", "paths.c"];

/// An executable.
#[derive(Debug)]
pub struct Compiled {
    pub executable: PathBuf,
    /// How long wasm2c and clang took when it was made.
    pub seconds: f64,
    /// The versions of both.
    pub what: String,
}

/// Compiles a module, or finds it compiled in the cache: clang takes minutes. The error names what is missing.
pub fn compile(module: &Path, cache: &Path) -> Result<Compiled, String> {
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

    let shim = root().join("benches/wasm2c");
    let mut digest = Sha256::new_with_prefix(&what);
    let files = SOURCES.iter().map(|name| shim.join(name)).chain([shim.join("wasi.h"), module.to_owned()]);
    for path in files {
        digest.update(fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let folder = cache.join(format!("wasm2c/{:x}", digest.finalize()));
    let (executable, seconds_file) = (folder.join("python"), folder.join("seconds"));
    let known = fs::read_to_string(&seconds_file).ok().and_then(|text| text.trim().parse().ok());
    if let Some(seconds) = known.filter(|_| executable.is_file()) {
        return Ok(Compiled { executable, seconds, what });
    }
    eprintln!("compiling python.wasm by wasm2c and clang: minutes, once");
    let failed = |error: std::io::Error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let work = tempfile::tempdir_in(&folder).map_err(failed)?;
    let code = work.path().join("guest.c");
    let output = work.path().join("python");
    let mut translate = Command::new(&wasm2c);
    translate.args(["--module-name", "guest", "-o"]).arg(&code).arg(module);
    let mut compile = Command::new(&clang);
    compile.args(["-O2", "-w", "-I"]).arg(work.path()).args(["-I", RUNTIME, "-o"]).arg(&output).arg(&code);
    compile.args(SOURCES.iter().map(|name| shim.join(name))).arg(runtime).arg("-lm");
    let seconds = (measure::run(&mut translate)?.wall + measure::run(&mut compile)?.wall).as_secs_f64();
    fs::rename(&output, &executable).map_err(failed)?;
    fs::write(&seconds_file, format!("{seconds:.2}\n")).map_err(failed)?;
    Ok(Compiled { executable, seconds, what })
}
