//! The `adder` for another machine, and what runs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder::target::{TARGETS, Target};
use adder_compiler::Architecture;
use adder_tests::workspace;

/// What names the other machine.
const VARIABLE: &str = "ADDER_TEST_HOST";

/// A machine that is not this one, with an `adder` built for it.
pub struct Host {
    /// Its target.
    pub target: &'static Target,
    binary: PathBuf,
}

impl Host {
    /// The machine that is asked for; nothing if there is none, which this says.
    ///
    /// # Panics
    /// If it is not one of `adder targets`, or is this machine.
    pub fn asked_for() -> Option<Host> {
        let Ok(name) = std::env::var(VARIABLE) else {
            eprintln!("not run: {VARIABLE} names no machine for which adder is to be built");
            return None;
        };
        let target = TARGETS.iter().find(|target| target.name == name && !target.is_host());
        let target = target.unwrap_or_else(|| panic!("{VARIABLE}: {name} is no other machine"));
        Some(Host { target, binary: build(target).to_owned() })
    }

    /// `adder` on it, without anything that would start programs for it.
    pub fn adder(&self) -> Command {
        let mut command = Command::new(self.target.emulator);
        command.arg(&self.binary);
        command
    }

    /// The same on a CPU that the emulator knows by this name.
    pub fn adder_on(&self, cpu: &str) -> Command {
        let mut command = Command::new(self.target.emulator);
        command.args(["-cpu", cpu]).arg(&self.binary);
        command
    }

    /// A CPU that has the least of what the emulator can do.
    pub fn least_cpu(&self) -> &'static str {
        match self.target.architecture {
            Architecture::Aarch64 => "cortex-a53",
            Architecture::X86_64 => "qemu64",
        }
    }

    /// `adder` on it, where the kernel starts programs for it by the emulator (binfmt_misc); nothing if that is not to be had, which
    /// this says.
    pub fn adder_with_programs(&self) -> Option<Command> {
        let wrapped = || {
            let mut command = Command::new(workspace::root().join("tests/support/emulated.sh"));
            command.arg(self.target.name).arg(&self.binary);
            command
        };
        static WORKS: OnceLock<bool> = OnceLock::new();
        let works = *WORKS.get_or_init(|| {
            let tried = wrapped().arg("--version").output();
            tried.is_ok_and(|output| output.status.success())
        });
        if !works {
            eprintln!(
                "not run: the kernel starts no programs for {} here (tests/support/emulated.sh)",
                self.target.name
            );
        }
        works.then(wrapped)
    }
}

/// Builds it, as docs/machines.md says.
fn build(target: &Target) -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let (triple, folder) = (target.architecture.triple(), workspace::target_directory());
        let mut command = workspace::cargo();
        command.args(["build", "--release", "--quiet", "--locked", "--bin", "adder", "--target", triple]);
        command.arg("--manifest-path").arg(workspace::root().join("Cargo.toml")).arg("--target-dir").arg(&folder);
        let linker = format!("CARGO_TARGET_{}_LINKER", triple.to_uppercase().replace('-', "_"));
        workspace::run(command.env(linker, "rust-lld"));
        folder.join(triple).join("release/adder")
    })
}
