//! Where everything is that is compared: found, or built where it is not there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::arguments::Module;
use crate::engines::{
    ADDER, ADDER_CHECKPOINT, ADDER_COLD, ADDER_FULL_EXIT, ADDER_RESTORED, Compiler, DEBIAN, Engine, NATIVE, WASMTIME,
};
use crate::tools::{find, finish, root};

/// The tools, the Pythons, and a folder for what is made of them.
#[derive(Debug)]
pub struct Workshop {
    adder: PathBuf,
    wasmtime: Option<PathBuf>,
    /// The output of the recipe.
    wasi: PathBuf,
    /// The program.
    native: PathBuf,
    folder: TempDir,
}

/// A program that says hello, several times compiled.
#[derive(Debug)]
pub struct Hello {
    /// Its language.
    pub language: &'static str,
    /// The first is the native one.
    pub engines: Vec<Engine>,
}

/// The memory plan that works under valgrind, which has low addresses in use itself.
pub const MEMORY_HIGH: &str = "high";

impl Workshop {
    /// Builds what is missing: adder, and both Pythons by the recipe.
    pub fn open(adder: Option<&Path>) -> Result<Workshop, String> {
        let adder = adder.map_or_else(build_adder, |path| Ok(path.to_owned()))?;
        let [wasi, native] = recipe(["wasi", "native"])?;
        let wasmtime = find_wasmtime(&wasi);
        if wasmtime.is_none() {
            eprintln!("no wasmtime 48 to compare with; benches/README.md says how to install it");
        }
        let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
        let native = native.join("bin/python3.11");
        Ok(Workshop { adder, wasmtime, wasi, native, folder })
    }

    /// The adder that is measured.
    pub fn adder(&self) -> &Path {
        &self.adder
    }

    /// The cache folder, which the recipe's folders lie in.
    pub fn cache(&self) -> &Path {
        self.wasi.parent().unwrap_or(Path::new("."))
    }

    /// Native Python.
    pub fn native(&self) -> &Path {
        &self.native
    }

    /// The wasmtime command, if it is there.
    pub fn wasmtime(&self) -> Option<&Path> {
        self.wasmtime.as_deref()
    }

    /// The folder with python.wasm and its library, which is built if it is not there.
    pub fn wasi(&self, module: Module) -> Result<PathBuf, String> {
        match module {
            Module::Plain => Ok(self.wasi.clone()),
            Module::Tuned => recipe(["wasi-tuned"]).map(|[folder]| folder),
        }
    }

    /// The tools, each writing its output to the temporary folder.
    pub fn compilers(&self) -> Vec<Compiler> {
        let adder = |name, options: &[&str]| {
            let output = self.output(name);
            Compiler { name, words: self.adder_python(&output, options), output }
        };
        let mut compilers = vec![adder(ADDER, &["--no-checkpoint"]), adder(ADDER_CHECKPOINT, &["--checkpoint"])];
        if let Some(wasmtime) = &self.wasmtime {
            let output = self.output(WASMTIME);
            let words = wasmtime_compile(wasmtime, &self.wasi.join("python.wasm"), &output);
            compilers.push(Compiler { name: WASMTIME, words, output });
        }
        compilers
    }

    /// Lets those compilers run that have not run yet.
    pub fn compile(&self) -> Result<(), String> {
        for compiler in self.compilers().iter().filter(|compiler| !compiler.output.exists()) {
            finish(&mut compiler.command())?;
        }
        Ok(())
    }

    /// The Pythons; the first is what the others are measured by. The compilers must have run.
    pub fn engines(&self) -> Vec<Engine> {
        let mut engines =
            vec![Engine::process(NATIVE, self.native.clone()), Engine::process(ADDER, self.output(ADDER))];
        if let Some(wasmtime) = &self.wasmtime {
            engines.push(wasmtime_python(wasmtime, &self.wasi, self.output(WASMTIME)));
        }
        engines.extend(debian().map(|python| Engine::process(DEBIAN, python)));
        engines
    }

    /// The Pythons whose starts are compared: those, and one with a checkpoint. The compilers must have run.
    pub fn starters(&self) -> Vec<Engine> {
        self.with_checkpoint(self.output(ADDER_CHECKPOINT))
    }

    /// The same, but the one with a checkpoint has imported these modules before.
    pub fn starters_with_imports(&self, preload: &str) -> Result<Vec<Engine>, String> {
        let output = self.output("preloaded");
        let words = self.adder_python(&output, &["--preload", preload]);
        finish(Command::new(&words[0]).args(&words[1..]))?;
        Ok(self.with_checkpoint(output))
    }

    fn with_checkpoint(&self, executable: PathBuf) -> Vec<Engine> {
        let checkpoint = Engine::process(ADDER_CHECKPOINT, executable);
        let full_exit = checkpoint.clone().named(ADDER_FULL_EXIT).with("ADDER_FAST_EXIT", "0");
        let mut engines = self.engines();
        for engine in engines.iter_mut().filter(|engine| engine.name == ADDER) {
            engine.name = ADDER_COLD.to_owned();
        }
        engines.extend([checkpoint, full_exit]);
        engines
    }

    /// A Python that at build runs a program, which asks for the checkpoint; every process goes on behind that place. What
    /// Python does to take a started interpreter over is not in it.
    pub fn restored(&self, code: &str) -> Result<Engine, String> {
        let executable = self.output("restored");
        let library = format!("{}::/usr/local/lib/python3.11", self.wasi.join("lib/python3.11").display());
        let mut command = Command::new(&self.adder);
        command.arg("build").arg(self.wasi.join("python.wasm")).args(["--checkpoint", "--embed", &library]);
        command.args(["--env", "PYTHONHOME=/usr/local", "--argument", "-c", "--argument", code]);
        finish(command.arg("-o").arg(&executable))?;
        Ok(Engine::process(ADDER_RESTORED, executable))
    }

    /// Python by adder with another memory plan, for measurements that need one.
    pub fn python_with_memory(&self, plan: &str) -> Result<Engine, String> {
        let executable = self.output(&format!("adder-{plan}"));
        let words = self.adder_python(&executable, &["--no-checkpoint", "--memory", plan]);
        finish(Command::new(&words[0]).args(&words[1..]))?;
        Ok(Engine::process(ADDER, executable))
    }

    /// A native process that does nothing: what starting any process costs.
    pub fn empty(&self) -> Result<Engine, String> {
        Ok(Engine::process("empty static process", self.static_c("empty")?))
    }

    /// `hello.c` and `hello.rs`: native and static, and as modules for WASI by adder and, the latter, by wasmtime.
    pub fn hello(&self) -> Result<[Hello; 2], String> {
        let source = programs().join("hello.c");
        let module = self.output("hello-c.wasm");
        finish(Command::new("clang").args(["--target=wasm32-wasi", "-O2", "-o"]).arg(&module).arg(source))?;
        let c = vec![Engine::process("native", self.static_c("hello")?), self.adder_build(&module)?];

        let native = self.output("hello-rust");
        let module = self.output("hello-rust.wasm");
        for (target, output) in [("x86_64-unknown-linux-musl", &native), ("wasm32-wasip1", &module)] {
            let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
            rustc.current_dir(root()).args(["--edition=2024", "-Copt-level=3", "-Cstrip=symbols", "--target", target]);
            finish(rustc.arg("-o").arg(output).arg(programs().join("hello.rs")))?;
        }
        let mut rust = vec![Engine::process("native", native), self.adder_build(&module)?];
        if let Some(wasmtime) = &self.wasmtime {
            let compiled = self.output("hello-rust.cwasm");
            let words = wasmtime_compile(wasmtime, &module, &compiled);
            finish(Command::new(&words[0]).args(&words[1..]))?;
            rust.push(Engine::wasmtime(wasmtime.clone(), &[], compiled));
        }
        Ok([Hello { language: "C", engines: c }, Hello { language: "Rust", engines: rust }])
    }

    /// Bytes of the checkpoint in an executable that adder has made; `None` if it holds none.
    pub fn checkpoint_bytes(&self, executable: &Path) -> Result<Option<u64>, String> {
        let said = finish(Command::new(&self.adder).arg("inspect").arg(executable))?;
        let Some(line) = said.lines().find_map(|line| line.strip_prefix("checkpoint: ")) else { return Ok(None) };
        let bytes = line.split(' ').next().and_then(|number| number.parse().ok());
        bytes.map(Some).ok_or(format!("adder inspect says something else about a checkpoint: {line}"))
    }

    /// A C program, native and static.
    fn static_c(&self, name: &str) -> Result<PathBuf, String> {
        let output = self.output(&format!("{name}-c"));
        let source = programs().join(format!("{name}.c"));
        finish(Command::new("cc").args(["-O2", "-static", "-s", "-o"]).arg(&output).arg(source))?;
        Ok(output)
    }

    fn adder_build(&self, module: &Path) -> Result<Engine, String> {
        let output = module.with_extension("adder");
        finish(Command::new(&self.adder).arg("build").arg(module).arg("-o").arg(&output))?;
        Ok(Engine::process(ADDER, output))
    }

    fn adder_python(&self, output: &Path, options: &[&str]) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec![self.adder.clone().into(), "python".into(), "3.11".into()];
        words.extend(["-o".into(), output.into()]);
        words.extend(options.iter().map(OsString::from));
        words
    }

    fn output(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The script that all Pythons run.
pub fn ten_parts() -> PathBuf {
    programs().join("ten_parts.py")
}

fn programs() -> PathBuf {
    root().join("benches/programs")
}

/// Lets the recipe build what is not there, and returns the folders.
fn recipe<const N: usize>(targets: [&str; N]) -> Result<[PathBuf; N], String> {
    eprintln!("building CPython 3.11.2 by its recipe, unless it is there: {}", targets.join(", "));
    let folders = finish(Command::new(root().join("recipes/python-3.11/build.sh")).args(targets))?;
    let folders: Vec<PathBuf> = folders.lines().map(PathBuf::from).collect();
    folders.try_into().map_err(|folders| format!("the recipe printed {folders:?}"))
}

/// The distribution's Python, if it is the version that is compared.
pub fn debian() -> Option<PathBuf> {
    let python = PathBuf::from("/usr/bin/python3.11");
    let version = Command::new(&python).arg("--version").output();
    version.is_ok_and(|output| output.stdout == b"Python 3.11.2\n").then_some(python)
}

/// A python.wasm that wasmtime has compiled, with its library where the program looks for it.
pub fn wasmtime_python(wasmtime: &Path, wasi: &Path, compiled: PathBuf) -> Engine {
    let library = format!("{}::/usr/local", wasi.display());
    Engine::wasmtime(wasmtime.to_owned(), &["--dir", &library, "--dir", "/"], compiled)
}

/// The command that compiles a module.
pub fn wasmtime_compile(wasmtime: &Path, module: &Path, output: &Path) -> Vec<OsString> {
    vec![wasmtime.into(), "compile".into(), module.into(), "-o".into(), output.into()]
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
    [Some(cached), find("wasmtime")].into_iter().flatten().find(|candidate| {
        let version = Command::new(candidate).arg("--version").output();
        version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("wasmtime 48."))
    })
}
