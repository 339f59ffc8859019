//! The Pythons that run pyperformance, and how each of them is made.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adder_bench::{Samples, Subject, measure};
use tempfile::TempDir;

use super::wasm2c;
use crate::arguments::{Arguments, Module, Variant};
use crate::engines::{DEBIAN, Engine, NATIVE, WASMTIME};
use crate::rounds::repeatable;
use crate::tools::{finish, root};
use crate::workshop::{self, Workshop};

const WASM2C: &str = "wasm2c + clang -O2";

/// A Python.
#[derive(Debug)]
pub struct Contestant {
    pub subject: Subject,
    pub engine: Engine,
    /// The command that makes it again, to be measured in every round.
    pub compiler: Option<Vec<OsString>>,
    /// How long it took to make where that is not measured in every round: processor time.
    pub compile_seconds: Option<f64>,
}

/// All of them, the native one first, and what was missing of others.
#[derive(Debug)]
pub struct Contestants {
    pub all: Vec<Contestant>,
    pub missing: Vec<String>,
}

impl Contestants {
    /// Makes what is not there yet; executables go to `folder`.
    pub fn prepare(workshop: &Workshop, arguments: &Arguments, folder: &TempDir) -> Result<Contestants, String> {
        let wasi = workshop.wasi(arguments.module)?;
        let module = wasi.join("python.wasm");
        let mut contestants = Contestants { all: Vec::new(), missing: Vec::new() };
        contestants.natives(workshop);
        let default = [Variant { name: "adder".to_owned(), adder: None, options: Vec::new() }];
        let variants = if arguments.variants.is_empty() { &default[..] } else { &arguments.variants };
        for (at, variant) in variants.iter().enumerate() {
            contestants.adder(workshop, variant, &wasi, folder.path().join(format!("adder-{at}")))?;
        }
        match workshop.wasmtime() {
            Some(wasmtime) => contestants.wasmtime(wasmtime, &wasi, folder.path().join("wasmtime"))?,
            None => contestants.missing(WASMTIME, "it is not installed; benches/README.md says how to"),
        }
        match wasm2c::compile(&module, workshop.cache(), folder.path().join("wasm2c")) {
            Ok(compiled) => contestants.all.push(Contestant {
                subject: Subject { name: WASM2C.to_owned(), what: compiled.what },
                // It has no folder of its own that the library could be in: the guest sees the host's files.
                engine: Engine::process(WASM2C, compiled.executable).with("PYTHONHOME", text(&wasi)?),
                compiler: None,
                compile_seconds: Some(compiled.seconds),
            }),
            Err(why) => contestants.missing(WASM2C, &why),
        }
        Ok(contestants)
    }

    /// The same for programs that import from `packages`.
    pub fn with_packages(&self, packages: &Path) -> Result<Vec<Engine>, String> {
        let pyperf = root().join("benches/pyperformance");
        let path = format!("{}:{}", text(&pyperf)?, text(packages)?);
        let ready = |contestant: &Contestant| repeatable(contestant.engine.clone()).with("PYTHONPATH", path.clone());
        Ok(self.all.iter().map(ready).map(|engine| engine.with("PYTHONNOUSERSITE", "1")).collect())
    }

    fn missing(&mut self, name: &str, why: &str) {
        self.missing.push(format!("Missing: {name}: {}", why.trim()));
    }

    fn natives(&mut self, workshop: &Workshop) {
        let native = workshop.native().to_owned();
        self.all.push(Contestant {
            subject: Subject {
                name: NATIVE.to_owned(),
                what: "CPython 3.11.2, ./configure and make with gcc: no PGO, no LTO".to_owned(),
            },
            engine: Engine::process(NATIVE, native),
            compiler: None,
            compile_seconds: None,
        });
        match workshop::debian() {
            Some(python) => self.all.push(Contestant {
                subject: Subject { name: DEBIAN.to_owned(), what: format!("{}, 3.11.2", python.display()) },
                engine: Engine::process(DEBIAN, python),
                compiler: None,
                compile_seconds: None,
            }),
            None => self.missing(DEBIAN, "there is no /usr/bin/python3.11 that is 3.11.2"),
        }
    }

    fn adder(&mut self, workshop: &Workshop, variant: &Variant, wasi: &Path, output: PathBuf) -> Result<(), String> {
        let adder = variant.adder.as_deref().unwrap_or(workshop.adder());
        let mut words: Vec<OsString> = vec![adder.into(), "python".into(), wasi.join("python.wasm").into()];
        words.extend(["--stdlib".into(), wasi.join("lib/python3.11").into(), "-o".into(), output.clone().into()]);
        let starts = ["--checkpoint", "--preload", "--no-checkpoint"];
        if !variant.options.iter().any(|option| starts.iter().any(|start| option.starts_with(start))) {
            // None of the programs could go on from one: what is compared is their speed.
            words.push("--no-checkpoint".into());
        }
        words.extend(variant.options.iter().map(OsString::from));
        eprintln!("compiling python.wasm: {}", variant.name);
        finish(Command::new(&words[0]).args(&words[1..])).map_err(|error| format!("{}: {error}", variant.name))?;
        let version = finish(Command::new(adder).arg("--version"))?;
        let options = variant.options.join(" ");
        let what = format!("{} python {options}", version.trim());
        self.all.push(Contestant {
            subject: Subject { name: variant.name.clone(), what: what.trim().to_owned() },
            engine: Engine::process(variant.name.clone(), output),
            compiler: Some(words),
            compile_seconds: None,
        });
        Ok(())
    }

    fn wasmtime(&mut self, wasmtime: &Path, wasi: &Path, output: PathBuf) -> Result<(), String> {
        let words = workshop::wasmtime_compile(wasmtime, &wasi.join("python.wasm"), &output);
        finish(Command::new(&words[0]).args(&words[1..]))?;
        let version = finish(Command::new(wasmtime).arg("--version"))?;
        self.all.push(Contestant {
            subject: Subject { name: WASMTIME.to_owned(), what: format!("{}, compiled ahead of time", version.trim()) },
            engine: workshop::wasmtime_python(wasmtime, wasi, output),
            compiler: Some(words),
            compile_seconds: None,
        });
        Ok(())
    }
}

impl Contestant {
    /// Makes it once more, and tells how long that took.
    pub fn compile_again(&self, seconds: &mut Samples) -> Result<(), String> {
        if let Some(words) = &self.compiler {
            let mut command = Command::new(&words[0]);
            // It says each time what the executable may do.
            let (run, status) = measure::observe(command.args(&words[1..]).stderr(Stdio::null()))?;
            if !status.success() {
                return Err(format!("{command:?} ended with {status}"));
            }
            seconds.push(run.wall.as_secs_f64());
        }
        Ok(())
    }

    /// Bytes of the file with the machine code.
    pub fn size(&self) -> Result<u64, String> {
        let path = &self.engine.executable;
        fs::metadata(path).map(|file| file.len()).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// What is said of the module that all engines of WebAssembly got.
pub fn module_note(module: Module) -> &'static str {
    match module {
        Module::Plain => {
            "All engines of WebAssembly run the same python.wasm: upstream's configuration for WASI, clang -O3."
        }
        Module::Tuned => {
            "All engines of WebAssembly run the same python.wasm: clang -O3 and LTO, with pymalloc (wasi-tuned)."
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    path.to_str().map(str::to_owned).ok_or(format!("the path {} is not UTF-8", path.display()))
}
