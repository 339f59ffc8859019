//! Guests in the text format that ask for a checkpoint, built by the `adder` binary.

use std::path::{Path, PathBuf};
use std::process::Command;

use adder_tests::outcome::{Outcome, finish};
use adder_tests::text::assemble;
use adder_tests::{guest, workspace};
use tempfile::TempDir;

/// What every guest starts with. Below 4096 is its own room; `$ask` reads the answer to 4096.
const PRELUDE: &str = r#"
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_allocate" (func $allocate (param i32 i64 i64) (result i32)))
    (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
    (memory (export "memory") 2 100)
    (data (i32.const 100) ".adder/checkpoint")
    (data (i32.const 120) ".adder/cold-start")
    (data (i32.const 140) "begin\n")
    (data (i32.const 150) "file")
    ;; Writes text to standard output.
    (func $say (param $text i32) (param $bytes i32)
        (i32.store (i32.const 0) (local.get $text))
        (i32.store (i32.const 4) (local.get $bytes))
        (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable)))
    ;; Writes a number in hexadecimal, and a line break.
    (func $number (param $number i64)
        (local $at i32)
        (local.set $at (i32.const 64))
        (i32.store8 (local.get $at) (i32.const 10))
        (loop $next
            (local.set $at (i32.sub (local.get $at) (i32.const 1)))
            (i32.store8 (local.get $at) (i32.wrap_i64 (i64.and (local.get $number) (i64.const 15))))
            (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at))
                (select (i32.const 87) (i32.const 48) (i32.gt_u (i32.load8_u (local.get $at)) (i32.const 9)))))
            (local.set $number (i64.shr_u (local.get $number) (i64.const 4)))
            (br_if $next (i64.ne (local.get $number) (i64.const 0))))
        (call $say (local.get $at) (i32.sub (i32.const 65) (local.get $at))))
    ;; Opens a path below the first preopened folder for reading; the error is the result, the descriptor goes to 16.
    (func $open (param $path i32) (param $bytes i32) (result i32)
        (call $path_open (i32.const 3) (i32.const 0) (local.get $path) (local.get $bytes)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16)))
    ;; Reads the open file; the number of bytes is the result.
    (func $read (result i32)
        (i32.store (i32.const 0) (i32.const 4096))
        (i32.store (i32.const 4) (i32.const 60000))
        (if (call $fd_read (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
        (i32.load (i32.const 8)))
    (func $close (if (call $fd_close (i32.load (i32.const 16))) (then unreachable)))
    ;; Asks for the checkpoint; the answer's length is the result.
    (func $ask (result i32)
        (local $bytes i32)
        (if (call $open (i32.const 100) (i32.const 17)) (then unreachable))
        (local.set $bytes (call $read))
        (call $close)
        (local.get $bytes))
"#;

/// A module that a guest imports from as `library`.
pub struct Library<'a> {
    /// What the guest imports.
    pub imports: &'a str,
    /// The module.
    pub module: &'a [u8],
}

/// An executable that was built, in a folder of its own.
pub struct Built {
    folder: TempDir,
}

impl Built {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("program")
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path()).expect("it was built")
    }

    /// A run of it with these arguments and nothing in its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path());
        command.args(arguments).env_clear();
        command
    }

    /// How it ends.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        finish(&mut self.command(arguments), b"")
    }

    /// How it ends when it starts without the checkpoint.
    pub fn run_cold(&self, arguments: &[&str]) -> Outcome {
        finish(self.command(arguments).env("ADDER_COLD_START", "1"), b"")
    }
}

/// A command that builds a guest, whose fields come behind the common ones, into `folder`.
pub fn build_command(folder: &Path, guest: &str, options: &[&str]) -> Command {
    build_command_with(folder, guest, None, options)
}

/// The same with a module that the guest imports from as `library`.
fn build_command_with(folder: &Path, guest: &str, library: Option<Library>, options: &[&str]) -> Command {
    let imports = library.as_ref().map_or("", |library| library.imports);
    let module = folder.join("guest.wasm");
    std::fs::write(&module, assemble(&format!("(module {imports} {PRELUDE} {guest})"))).expect("the folder is ours");
    let mut command = Command::new(workspace::adder());
    command.arg("build").arg(&module).arg("-o").arg(folder.join("program")).args(options);
    if let Some(library) = library {
        let file = folder.join("library.wasm");
        std::fs::write(&file, library.module).expect("the folder is ours");
        command.arg(file);
    }
    command
}

/// Builds a guest that has to have a checkpoint.
pub fn build(guest: &str, options: &[&str]) -> Built {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let outcome = finish(&mut build_command(folder.path(), guest, options), b"");
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    Built { folder }
}

/// The same for a guest with a module that it imports from as `library`.
pub fn build_with_library(guest: &str, library: Library, options: &[&str]) -> Built {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let outcome = finish(&mut build_command_with(folder.path(), guest, Some(library), options), b"");
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    Built { folder }
}

/// The same for a guest in C, one file at this path in the tests' folder.
pub fn build_c(source: &str, options: &[&str]) -> Built {
    build_module(&guest::c(source), options)
}

/// The same for a module.
pub fn build_module(bytes: &[u8], options: &[&str]) -> Built {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let module = folder.path().join("guest.wasm");
    std::fs::write(&module, bytes).expect("the folder is ours");
    let mut command = Command::new(workspace::adder());
    command.arg("build").arg(&module).arg("-o").arg(folder.path().join("program")).args(options);
    let outcome = finish(&mut command, b"");
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    Built { folder }
}

/// The same for a guest that asks for its checkpoint itself.
pub fn build_asking(guest: &str) -> Built {
    build(guest, &["--checkpoint"])
}

/// How a build ends that has to fail.
pub fn refused(guest: &str, options: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let temporary = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = build_command(folder.path(), guest, options);
    let outcome = finish(command.env("TMPDIR", temporary.path()), b"");
    assert_ne!(outcome.status, Some(0), "{outcome:#?}");
    assert_eq!(outcome.stdout, "");
    assert!(!folder.path().join("program").exists(), "nothing is left of the executable");
    let left: Vec<_> = std::fs::read_dir(temporary.path()).expect("it is ours").collect();
    assert!(left.is_empty(), "temporary files are left: {left:?}");
    outcome
}
