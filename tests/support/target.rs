//! The architecture that a run of the tests is about: `ADDER_TEST_TARGET`, or this machine's. Executables for another one are run by
//! an emulator, without the tests having to know.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use adder::target::{TARGETS, Target};
use adder_compiler::{Architecture, CpuLevel, host};

use crate::workspace;

/// The architecture that this run is about.
///
/// # Panics
/// If `ADDER_TEST_TARGET` is not one of `adder targets`.
pub fn architecture() -> Architecture {
    match std::env::var("ADDER_TEST_TARGET") {
        Ok(name) => {
            let found = TARGETS.iter().find(|target| target.name == name);
            found.unwrap_or_else(|| panic!("ADDER_TEST_TARGET: {name} is no target")).architecture
        }
        Err(_) => host(),
    }
}

/// The CPU to compile for where a test asks for this one: if that is the least of this machine's architecture, that of the run's.
pub fn cpu(asked: CpuLevel) -> CpuLevel {
    if asked == host().baseline() { architecture().baseline() } else { asked }
}

/// The program that runs executables of an architecture here.
pub fn emulator(architecture: Architecture) -> &'static str {
    Target::of(architecture).emulator
}

/// Whether a test cannot be run because executables are emulated, which this says.
pub fn is_beyond_emulator(why: &str) -> bool {
    let is_beyond = architecture() != host();
    if is_beyond {
        eprintln!("not run: {why}");
    }
    is_beyond
}

/// Whether the kernel itself has the emulator run executables for an architecture, as `tests/support/emulated.sh` lets it.
pub fn is_known_to_kernel(architecture: Architecture) -> bool {
    static KNOWN: [OnceLock<bool>; Architecture::ALL.len()] = [const { OnceLock::new() }; Architecture::ALL.len()];
    *KNOWN[architecture as usize].get_or_init(|| {
        let rules = fs::read_dir("/proc/sys/fs/binfmt_misc").into_iter().flatten().flatten();
        let mut rules = rules.filter_map(|rule| fs::read_to_string(rule.path()).ok());
        rules.any(|rule| rule.starts_with("enabled") && rule.contains(emulator(architecture)))
    })
}

/// Whether executables for an architecture are started by scripts here, which name the emulator: only where this machine and its
/// kernel know nothing of them.
pub fn is_started_by_script(architecture: Architecture) -> bool {
    architecture != host() && !is_known_to_kernel(architecture)
}

/// Whether a test cannot be run because an emulated program cannot start itself anew, which this says.
pub fn is_beyond_kernel() -> bool {
    let is_beyond = is_started_by_script(architecture());
    if is_beyond {
        eprintln!("not run: an emulated program starts itself anew only under tests/support/emulated.sh");
    }
    is_beyond
}

/// Whether a test cannot be run because it is about the file of an executable, or what is around its process, and a script has
/// taken its place. This says so.
pub fn is_beyond_script() -> bool {
    let is_beyond = is_started_by_script(architecture());
    if is_beyond {
        eprintln!("not run: a script starts the emulator, but for under tests/support/emulated.sh");
    }
    is_beyond
}

/// Lets an executable for another architecture be started as if it were for this one. Where the kernel does not know how, it moves
/// aside, and a script takes its place that has an emulator run it.
pub fn make_startable(executable: &Path, architecture: Architecture) -> io::Result<()> {
    if !is_started_by_script(architecture) {
        return Ok(());
    }
    let aside = executable.with_added_extension("elf");
    fs::rename(executable, &aside)?;
    write_starter(executable, &aside, architecture)
}

/// Writes a script that has an emulator run an executable. It appears as a whole.
pub fn write_starter(script: &Path, executable: &Path, architecture: Architecture) -> io::Result<()> {
    let emulator = emulator(architecture);
    write_script(script, &format!("#!/bin/sh\nexec {emulator} -0 \"$0\" '{}' \"$@\"\n", executable.display()))
}

fn write_script(script: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(script.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(0o755))?;
    file.into_temp_path().persist(script).map_err(io::Error::from)
}

/// What tests call in place of `adder`: the same, or where the run is about another architecture, a script that has it build for
/// that, and writes what starts the emulator where the kernel does not know it.
pub fn adder(real: PathBuf) -> PathBuf {
    if architecture() == host() {
        return real;
    }
    let script = workspace::root().join("tests/support/adder-for-target.sh");
    let starter = workspace::target_directory().join("adder-for-target");
    let emulator = if is_started_by_script(architecture()) { emulator(architecture()) } else { "" };
    let text = format!(
        "#!/bin/sh\nexport ADDER_REAL='{}' ADDER_TEST_EMULATOR={emulator}\nexec '{}' \"$@\"\n",
        real.display(),
        script.display()
    );
    write_script(&starter, &text).expect("the target folder is writable");
    starter
}
