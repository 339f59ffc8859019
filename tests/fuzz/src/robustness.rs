//! Compiles broken modules: what comes is a clear error or an executable that runs into nothing but the traps of its
//! guest; never a panic, an internal error, or more time and memory than the size of the module explains.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use adder_compiler::{ErrorKind, Input, MemoryPlan, Options, Unobserved};
use adder_tests::target::architecture;
use wasmparser::WasmFeatures;

use crate::case::{Command, ExportKind, exports};
use crate::corpus::Corpus;
use crate::mutate::mutate;
use crate::native::{self, Build, guarded};
use crate::numbers::Numbers;
use crate::proposals;
use crate::report::Counts;

/// Address space that compiling a module may use, in bytes. Everything in the corpus is below half a megabyte.
const ADDRESS_SPACE_BYTES: u64 = 4 << 30;
/// Processor time that compiling a module may use: for the least module, and for each byte more.
const TIME_MAX: Duration = Duration::from_secs(8);
const TIME_PER_BYTE_MAX: Duration = Duration::from_micros(60);
/// Larger modules are compiled without checking the intermediate code, which can take minutes.
const VERIFIED_BYTES_MAX: usize = 10 << 10;
/// One in so many of the modules that compile is linked and run.
const RUN_ONE_IN: usize = 4;
/// How long a program may run; then it is in an endless loop, which is its right.
const RUN_TIME: Duration = Duration::from_secs(2);
/// What the memories of a program that is run may grow to, in bytes.
const MEMORY_BYTES: u64 = 256 << 20;

/// What is needed to search.
pub struct Robustness {
    corpus: Corpus,
    features: WasmFeatures,
}

/// Why a module is a finding.
pub struct Problem {
    /// Without details.
    pub kind: String,
    /// The module.
    pub bytes: Vec<u8>,
    /// How it was compiled.
    pub build: Build,
}

impl Robustness {
    /// Prepares with a corpus.
    pub fn new(corpus: Corpus) -> Result<Robustness, String> {
        if corpus.modules.is_empty() {
            return Err("the corpus is empty".to_owned());
        }
        Ok(Robustness { corpus, features: proposals::features(&proposals::supported()) })
    }

    /// The broken module of a unit, and how to compile it.
    pub fn input(&self, seed: u64, unit: u64) -> (Vec<u8>, Build, Numbers) {
        let mut numbers = Numbers::new(seed ^ 0x726f_6275, unit);
        let modules = &self.corpus.modules;
        // There are thousands of modules of scripts, and few that are real.
        let real = modules.partition_point(|(name, _)| name.as_str() < "script");
        let position = match real {
            1.. if numbers.one_in(5) => numbers.below(real),
            _ => numbers.below(modules.len()),
        };
        let other = numbers.below(modules.len());
        let bytes = mutate(&modules[position].1, &modules[other].1, &mut numbers);
        let mut build = Build::choose(&mut numbers);
        build.verify &= bytes.len() <= VERIFIED_BYTES_MAX;
        (bytes, build, numbers)
    }

    /// Breaks a module and compiles it.
    pub fn unit(&self, seed: u64, unit: u64, folder: &Path, counts: &mut Counts) -> Option<Problem> {
        let (bytes, build, mut numbers) = self.input(seed, unit);
        let kind = self.examine(&bytes, build, &mut numbers, folder, counts).err()?;
        Some(Problem { kind, bytes, build })
    }

    /// Compiles a module, and runs it sometimes. An error is a finding.
    fn examine(
        &self,
        bytes: &[u8],
        build: Build,
        numbers: &mut Numbers,
        folder: &Path,
        counts: &mut Counts,
    ) -> Result<(), String> {
        let valid = wasmparser::Validator::new_with_features(self.features).validate_all(bytes);
        let options = Options { allow_missing: true, memory_limit_bytes: Some(MEMORY_BYTES), ..build.options() };
        let input = Input { name: "broken", bytes };
        let start = processor_time();
        // Making the input may take more: that is another's memory.
        limit_address_space(ADDRESS_SPACE_BYTES).map_err(|error| format!("cannot limit address space: {error}"))?;
        let compiled = guarded(|| adder_compiler::compile(&[input], &options, &Unobserved));
        limit_address_space(libc::RLIM_INFINITY).map_err(|error| format!("cannot lift the limit again: {error}"))?;
        let time = processor_time().saturating_sub(start);
        let compiled = compiled.map_err(|message| format!("the compiler panicked: {message}"))?;
        if time > TIME_MAX + TIME_PER_BYTE_MAX * bytes.len() as u32 {
            return Err(format!("compiling {} bytes took {time:?} of processor time", bytes.len()));
        }
        match (compiled, valid) {
            (Ok(output), Ok(_)) => {
                counts.add("compiled", 1);
                if numbers.one_in(RUN_ONE_IN) {
                    self.link_and_run(&output.bytes, bytes, build, folder, counts)?;
                }
                Ok(())
            }
            (Ok(_), Err(error)) => Err(format!("an invalid module was compiled: {}", error.message())),
            (Err(error), _) if error.kind == ErrorKind::Defect => Err(format!("{error}")),
            (Err(_), Err(_)) => {
                counts.add("refused", 1);
                Ok(())
            }
            (Err(error), Ok(_)) => {
                let reason = match error.kind {
                    ErrorKind::Limit => "a limit",
                    ErrorKind::Unlinkable | ErrorKind::MissingModule => "its imports",
                    ErrorKind::Refused | ErrorKind::Unsupported | ErrorKind::Defect => {
                        return Err(format!("a valid module was refused: {error}"));
                    }
                };
                counts.add(&format!("refused for {reason}"), 1);
                Ok(())
            }
        }
    }

    fn link_and_run(
        &self,
        object: &[u8],
        module: &[u8],
        build: Build,
        folder: &Path,
        counts: &mut Counts,
    ) -> Result<(), String> {
        let program = native::program_path(folder);
        guarded(|| adder_tests::program::link_script(object, architecture(), &program))
            .map_err(|message| format!("the linker panicked: {message}"))?
            .map_err(|message| format!("the linker failed: {message}"))?;
        let mut lines = format!("{}\n", Command::Activate(0).line(0));
        for export in exports(module, self.features).map_err(|error| format!("no exports: {error}"))? {
            match &export.kind {
                ExportKind::Function(parameters, _) if parameters.is_empty() => {
                    lines += &Command::Invoke(0, export.name, Vec::new()).line(0);
                    lines.push('\n');
                }
                _ => {}
            }
        }
        let end = run(&program, &lines, build).map_err(|error| format!("cannot run the program: {error}"))?;
        match end {
            Ok(end) => {
                counts.add(&format!("ran: {end}"), 1);
                Ok(())
            }
            Err(end) => Err(format!("the program {end}")),
        }
    }
}

/// Runs a program with these commands. Gives how it ended, or as an error how it must not end.
fn run(program: &Path, lines: &str, build: Build) -> std::io::Result<Result<String, String>> {
    let input = program.with_extension("input");
    std::fs::write(&input, lines)?;
    let mut process = Process::new(program);
    process.stdin(std::fs::File::open(&input)?).stdout(Stdio::piped()).stderr(Stdio::null());
    // The plans with guard regions reserve more than this process may.
    let address_space = if build.memory == MemoryPlan::Checked { ADDRESS_SPACE_BYTES } else { libc::RLIM_INFINITY };
    // SAFETY: setting a limit is allowed between fork and exec.
    unsafe { process.pre_exec(move || limit_address_space(address_space)) };
    let mut child = process.spawn()?;
    let mut stdout = child.stdout.take().expect("stdout is piped");
    // Its answers are not compared with anything, but it must be able to write them.
    let answers = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stdout.read_to_end(&mut text);
        text
    });
    let start = Instant::now();
    while !answers.is_finished() {
        if start.elapsed() > RUN_TIME {
            child.kill()?;
            child.wait()?;
            return Ok(Ok("for ever".to_owned()));
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    let status = child.wait()?;
    let text = answers.join().unwrap_or_default();
    let is_odd = String::from_utf8_lossy(&text).lines().any(|line| line.starts_with("error "));
    Ok(match (status.signal(), status.code()) {
        (Some(signal), _) => Err(format!("was ended by signal {signal}")),
        // The system refuses so much address space.
        (_, Some(71)) => Ok("without enough address space".to_owned()),
        (_, Some(0)) if is_odd => Err("does not know its exports".to_owned()),
        (_, Some(0)) => Ok("to the end".to_owned()),
        (_, code) => Err(format!("ended with {code:?}")),
    })
}

/// Lets this process have no more address space than this.
fn limit_address_space(bytes: u64) -> std::io::Result<()> {
    // Only the soft limit, so that a program may have more than the compiler.
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the structure is valid, and a limit of this process touches no memory.
    match unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// The processor time that this process has used.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure is valid, and every process has this clock.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
