//! The things that are compared: found where they are, built where they are not.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Something that runs CPython 3.11.2.
#[derive(Debug)]
pub struct Engine {
    /// What the tables call it.
    pub name: &'static str,
    command: Vec<OsString>,
    /// The file that holds the program, in machine code.
    pub executable: PathBuf,
}

impl Engine {
    /// A command that runs Python with `arguments`.
    pub fn python(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(arguments);
        // Nothing of the user's, and nothing that a first run leaves for the next.
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PYTHON") {
                command.env_remove(name);
            }
        }
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONHASHSEED", "0");
        command
    }
}

/// A tool that turns python.wasm into machine code.
#[derive(Debug)]
pub struct Compiler {
    pub name: &'static str,
    command: Vec<OsString>,
}

impl Compiler {
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).stderr(Stdio::null());
        command
    }
}

/// Where everything is.
#[derive(Debug)]
pub struct Workshop {
    adder: PathBuf,
    wasmtime: Option<PathBuf>,
    /// The output of the recipe.
    wasi: PathBuf,
    native: PathBuf,
    folder: TempDir,
}

/// The memory plan that works under valgrind, which has low addresses in use itself.
pub const MEMORY_HIGH: &str = "high";

impl Workshop {
    /// Builds what is missing: adder, and both Pythons by the recipe.
    pub fn open(adder: Option<&Path>) -> Result<Workshop, String> {
        let adder = adder.map_or_else(build_adder, |path| Ok(path.to_owned()))?;
        eprintln!("building CPython 3.11.2 by its recipe, unless it is there");
        let mut recipe = Command::new(root().join("recipes/python-3.11/build.sh"));
        let directories = finish(recipe.args(["wasi", "native"]))?;
        let mut directories = directories.lines().map(PathBuf::from);
        let (Some(wasi), Some(native)) = (directories.next(), directories.next()) else {
            return Err("the recipe printed no directories".to_owned());
        };
        let wasmtime = find_wasmtime(&wasi);
        if wasmtime.is_none() {
            eprintln!("no wasmtime 48 to compare with; benches/README.md says how to install it");
        }
        let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
        Ok(Workshop { adder, wasmtime, wasi, native, folder })
    }

    /// The tools, each writing its output to the temporary folder.
    pub fn compilers(&self) -> Vec<Compiler> {
        let mut compilers = vec![Compiler { name: "adder", command: self.adder_command(&self.output("adder")) }];
        if let Some(wasmtime) = &self.wasmtime {
            compilers.push(Compiler {
                name: "wasmtime",
                command: vec![
                    wasmtime.into(),
                    "compile".into(),
                    self.module().into(),
                    "-o".into(),
                    self.output("wasmtime").into(),
                ],
            });
        }
        compilers
    }

    /// The Pythons; the first is what the others are measured by. The compilers must have run.
    pub fn engines(&self) -> Vec<Engine> {
        let native = self.native.join("bin/python3.11");
        let mut engines = vec![Engine { name: "native -O3", command: vec![native.clone().into()], executable: native }];
        let adder = self.output("adder");
        engines.push(Engine { name: "adder", command: vec![adder.clone().into()], executable: adder });
        if let Some(wasmtime) = &self.wasmtime {
            let compiled = self.output("wasmtime");
            let library = format!("{}::/usr/local", self.wasi.display());
            let mut command: Vec<OsString> = vec![wasmtime.into()];
            command.extend(["run", "--allow-precompiled", "--dir", &library, "--dir", "/"].map(OsString::from));
            command.extend(["--env", "PYTHONDONTWRITEBYTECODE=1", "--env", "PYTHONHASHSEED=0"].map(OsString::from));
            command.push(compiled.clone().into());
            engines.push(Engine { name: "wasmtime 48", command, executable: compiled });
        }
        let distribution = PathBuf::from("/usr/bin/python3.11");
        let mut ask = Command::new(&distribution);
        if ask.arg("--version").output().is_ok_and(|output| output.stdout == b"Python 3.11.2\n") {
            let command = vec![distribution.clone().into()];
            engines.push(Engine { name: "Debian's (PGO, LTO)", command, executable: distribution });
        }
        engines
    }

    /// Python by adder with another memory plan, for measurements that need one.
    pub fn adder_python(&self, memory: &str) -> Result<Engine, String> {
        let executable = self.output(&format!("adder-{memory}"));
        let mut words = self.adder_command(&executable);
        words.extend(["--memory".into(), memory.into()]);
        finish(Command::new(&words[0]).args(&words[1..]))?;
        Ok(Engine { name: "adder", command: vec![executable.clone().into()], executable })
    }

    /// `hello.c` compiled by adder, and a native process that does nothing.
    pub fn hello(&self) -> Result<(PathBuf, PathBuf), String> {
        let programs = root().join("benches/programs");
        let (module, hello, empty) = (self.output("hello.wasm"), self.output("hello"), self.output("empty"));
        finish(
            Command::new("clang")
                .args(["--target=wasm32-wasi", "-O2", "-o"])
                .arg(&module)
                .arg(programs.join("hello.c")),
        )?;
        finish(Command::new(&self.adder).arg("build").arg(&module).arg("-o").arg(&hello))?;
        finish(Command::new("cc").args(["-O2", "-static", "-s", "-o"]).arg(&empty).arg(programs.join("empty.c")))?;
        Ok((hello, empty))
    }

    fn adder_command(&self, output: &Path) -> Vec<OsString> {
        vec![self.adder.clone().into(), "python".into(), "3.11".into(), "-o".into(), output.into()]
    }

    fn module(&self) -> PathBuf {
        self.wasi.join("python.wasm")
    }

    fn output(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The script that all Pythons run.
pub fn ten_parts() -> PathBuf {
    root().join("benches/programs/ten_parts.py")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies directly below the root")
}

fn build_adder() -> Result<PathBuf, String> {
    eprintln!("building adder, unless it is there");
    let executable = std::env::current_exe().map_err(|error| format!("which program is this? {error}"))?;
    // TARGET/PROFILE/deps/BENCH
    let target = executable.ancestors().nth(3).ok_or("cargo did not start this")?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--release", "--quiet", "--bin", "adder", "--manifest-path"]);
    finish(command.arg(root().join("Cargo.toml")).arg("--target-dir").arg(target))?;
    Ok(target.join("release/adder"))
}

/// wasmtime 48 from the cache folder, or from the path.
fn find_wasmtime(wasi: &Path) -> Option<PathBuf> {
    let cached = wasi.parent()?.join("wasmtime/bin/wasmtime");
    [cached, PathBuf::from("wasmtime")].into_iter().find(|candidate| {
        let version = Command::new(candidate).arg("--version").output();
        version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("wasmtime 48."))
    })
}

/// Runs a command that has to succeed, and returns what it printed.
fn finish(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {program:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program:?} printed no text"))
}

/// Bytes of a file.
pub fn size(path: &Path) -> Result<u64, String> {
    fs::metadata(path).map(|file| file.len()).map_err(|error| format!("{}: {error}", path.display()))
}
