//! From modules to executables, with the parts that the command line is made of.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use adder::configuration::{self, Configuration};
use adder::link::Linker;
use adder::link::Runtime;
use adder::target::Target;
use adder_compiler::{Architecture, Entry, Input, Options, Unobserved};

use crate::target;

/// Links an object file for an architecture with the script runtime into an executable at `output`.
pub fn link_script(object: &[u8], architecture: Architecture, output: &Path) -> Result<(), String> {
    link(object, architecture, crate::workspace::script_runtime(architecture), output)
}

/// Links an object file with an archive in place of the runtime into an executable at `output`. It has no grants.
fn link(object: &[u8], architecture: Architecture, runtime: &Path, output: &Path) -> Result<(), String> {
    let archive = std::fs::read(runtime).map_err(|error| format!("{}: {error}", runtime.display()))?;
    link_with(object, &Configuration::default(), &Runtime::with_archive(Target::of(architecture), archive), output)
}

/// Compiles modules and links them with the runtime that adder embeds into an executable at `output` that can be started here.
pub fn build(inputs: &[Input], options: &Options, configuration: &Configuration, output: &Path) -> Result<(), String> {
    build_for_target(inputs, options, configuration, output)?;
    target::make_startable(output, target::cpu(options.cpu).architecture()).map_err(|error| error.to_string())
}

/// The same, but it may be for another architecture.
pub fn build_for_target(
    inputs: &[Input],
    options: &Options,
    configuration: &Configuration,
    output: &Path,
) -> Result<(), String> {
    let options = &Options { cpu: target::cpu(options.cpu), ..options.clone() };
    let object = adder_compiler::compile(inputs, options, &Unobserved).map_err(|error| error.to_string())?;
    link_with(&object.bytes, configuration, &Runtime::embedded(Target::of(options.cpu.architecture())), output)
}

fn link_with(object: &[u8], configuration: &Configuration, runtime: &Runtime, output: &Path) -> Result<(), String> {
    // Nothing here reads the note.
    let configuration = configuration::object(runtime.target, &configuration.block(), &[]);
    let objects = [("program", object), ("configuration", &configuration[..])];
    adder::link::link(&objects, runtime, Linker::Wild, 1, output).map_err(|failure| {
        failure.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
    })?;
    settle(output);
    Ok(())
}

/// Waits until nobody has the file open for writing. A process that another thread started while it was being written
/// has inherited that descriptor for a moment, and a file that is being written cannot be executed ("text file busy").
fn settle(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    for _ in 0..1000 {
        // A read lease is only given for a file that nobody writes.
        // SAFETY: the descriptor is open, and the calls take and give back a lease on it.
        let leased = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_RDLCK) } == 0;
        if leased {
            // SAFETY: as above.
            unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK) };
        }
        if leased || std::io::Error::last_os_error().raw_os_error() != Some(libc::EAGAIN) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Compiles modules with the script runtime, activates them, gives the program these commands (one a line) and returns its
/// answers to them.
///
/// # Panics
/// If that does not work: the modules are part of a test.
pub fn answers(inputs: &[Input], options: &Options, commands: &str) -> Vec<String> {
    let activations: String = (0..inputs.len()).map(|instance| format!("activate {instance}\n")).collect();
    let mut lines = raw_answers(inputs, options, &(activations + commands)).into_iter();
    for input in inputs {
        assert_eq!(lines.next().as_deref(), Some("ok"), "activation of {}", input.name);
    }
    lines.collect()
}

/// The same without activating anything that the commands do not activate.
///
/// # Panics
/// As above.
pub fn raw_answers(inputs: &[Input], options: &Options, commands: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("program");
    let options = Options { entry: Entry::Library, cpu: target::cpu(options.cpu), ..options.clone() };
    let object = adder_compiler::compile(inputs, &options, &Unobserved).unwrap_or_else(|error| panic!("{error}"));
    let architecture = options.cpu.architecture();
    link_script(&object.bytes, architecture, &path).unwrap_or_else(|message| panic!("{message}"));
    target::make_startable(&path, architecture).expect("the temporary folder is writable");
    let mut command = Command::new(&path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("what was linked can be started");
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let output = std::thread::scope(|scope| {
        // The program answers while commands are still being written.
        scope.spawn(move || pipe.write_all(commands.as_bytes()));
        crate::outcome::wait_with_output(child)
    });
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// A command of the script runtime that calls a function of the first instance.
pub fn invoke(name: &str, arguments: &[u64]) -> String {
    let name: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    let arguments: String = arguments.iter().map(|slot| format!(" {slot:016x}")).collect();
    format!("invoke 0 {name}{arguments}\n")
}

/// What the commands `memory` and `table` of the script runtime answer: a size, and a digest of the words of a memory, or of
/// the entries of a table, where a function reference counts as 1.
pub fn contents(size: u64, words: impl Iterator<Item = u64>) -> String {
    format!("ok {size:016x} {:016x}", digest(words))
}

/// The digest of the script runtime: it differs if exactly one of the words does.
pub fn digest(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0xcbf2_9ce4_8422_2325, |digest, word| (digest ^ word).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The words of a memory's bytes.
pub fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word))
}
