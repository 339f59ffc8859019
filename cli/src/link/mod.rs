//! From object files to an executable: one static position-independent file that needs nothing on the target machine.
//!
//! Both linkers get the same files in the same order under the same options; [`Linker::Wild`] runs inside this process
//! and works from memory, [`Linker::Cc`] is the C compiler of the machine.

mod cc;
mod memory;

use crate::failure::{Failure, Result};
use crate::output::OutputFile;
use crate::runtime::{INIT_EPILOGUE, INIT_PROLOGUE, LIBC, Runtime, START, UNWIND};
use std::path::Path;

/// Which linker makes the executable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Linker {
    /// wild, a library inside adder: nothing else has to be installed.
    #[default]
    Wild,
    /// `cc`, for comparison and for linkers with features that wild lacks.
    Cc,
}

/// Options that both linkers understand.
///
/// `max-page-size` leaves the file usable on kernels with 64 KiB pages and keeps the memory image, which is aligned to
/// 64 KiB, movable. `--strip-debug` drops what the toolchain's libraries carry; symbols stay for profilers.
const OPTIONS: [&str; 15] = [
    "-static",
    "-pie",
    "--no-dynamic-linker",
    "-z",
    "max-page-size=65536",
    "-z",
    "relro",
    "-z",
    "now",
    "-z",
    "noexecstack",
    "--gc-sections",
    "--strip-debug",
    "--build-id=none",
    "--eh-frame-hdr",
];

/// An input of the linker.
struct File<'a> {
    name: String,
    bytes: &'a [u8],
}

/// Every input, in link order. `objects` come first so that nothing in an archive is looked for before it is asked for.
fn files<'a>(objects: &[(&str, &'a [u8])], runtime: &'a Runtime) -> Vec<File<'a>> {
    let file = |name: &str, bytes: &'a [u8]| File { name: name.to_owned(), bytes };
    let mut files = vec![file("rcrt1.o", START), file("crti.o", INIT_PROLOGUE)];
    // The number keeps a guest's file name from meeting one of ours.
    files.extend(objects.iter().enumerate().map(|(index, (name, bytes))| file(&format!("{index}-{name}.o"), bytes)));
    files.push(file("libadder_runtime.a", &runtime.archive));
    files.push(file("libunwind.a", UNWIND));
    files.push(file("libc.a", LIBC));
    files.push(file("crtn.o", INIT_EPILOGUE));
    files
}

/// Links `objects` (name for messages, contents) with `runtime` into the executable `output`, replacing what is there.
/// Returns the size of the file in bytes.
///
/// One object has to define [`adder_compiler::abi::symbol::PROGRAM`], one
/// [`adder_compiler::abi::symbol::CONFIGURATION`] ([`crate::configuration::Configuration`] writes it).
///
/// # Errors
/// If the linker refuses the objects or the file cannot be written; then nothing of it is left.
pub fn link(objects: &[(&str, &[u8])], runtime: &Runtime, linker: Linker, output: &Path) -> Result<u64> {
    // Looking for a place first reports an unwritable folder before the work is done.
    let file = OutputFile::create(output)?;
    let files = files(objects, runtime);
    let executable = match linker {
        Linker::Wild => memory::link(&files)?,
        Linker::Cc => cc::link(&files)?,
    };
    let bytes = executable.len() as u64;
    file.write(&executable, true)?;
    Ok(bytes)
}

/// A linker that does not accept what adder generated is adder's fault, unless it is one of the machine's.
fn linker_failed(linker: &str, message: &str) -> Failure {
    Failure::internal(format!("{linker} failed: {}", message.trim()))
}
