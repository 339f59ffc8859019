//! From object files to an executable: one static position-independent file that needs nothing on the target machine. Or to a shared
//! library, which takes what it needs of a C library from the program that loads it.
//!
//! Both linkers get the same files in the same order under the same options; [`Linker::Wild`] runs inside this process
//! and works from memory, [`Linker::Cc`] is the C compiler of the machine.

mod cc;
mod runtime;

pub use runtime::Runtime;

use adder_linker::{Contents, File};

use crate::failure::{Failure, Place, Result};
use crate::target::Target;
use crate::terminal::output::OutputFile;
use std::borrow::Cow;
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

/// Options for an executable that both linkers understand.
///
/// `max-page-size` leaves the file usable on every kernel of the target, and no larger than that takes. `--strip-debug` drops what
/// the toolchain's libraries carry; symbols stay for profilers.
fn options(target: &Target) -> Vec<String> {
    ["-static", "-pie", "--no-dynamic-linker"].map(str::to_owned).into_iter().chain(common_options(target)).collect()
}

/// The same for a shared library. What the runtime has is not to be seen from outside, and what it has installed in the process, a
/// handler of faults, must not be unloaded.
fn library_options(target: &Target, name: &str) -> Vec<String> {
    let options = ["-shared", "-soname", name, "--exclude-libs=ALL", "-Bsymbolic", "--eh-frame-hdr", "-z", "nodelete"];
    options.map(str::to_owned).into_iter().chain(common_options(target)).collect()
}

fn common_options(target: &Target) -> Vec<String> {
    let page = format!("max-page-size={}", target.architecture.page_bytes());
    OPTIONS.into_iter().chain(["-z", &page]).map(str::to_owned).collect()
}

const OPTIONS: [&str; 9] =
    ["-z", "relro", "-z", "now", "-z", "noexecstack", "--gc-sections", "--strip-debug", "--build-id=none"];

/// Every input, in link order. `objects` come first so that nothing in an archive is looked for before it is asked for.
fn files<'a>(objects: &[(&str, &'a [u8])], runtime: &'a Runtime) -> Vec<File<'a>> {
    let file = |name: String, contents: Contents<'a>| File { name, contents };
    let embedded = |name: &str, bytes| file(name.to_owned(), Contents::Embedded(bytes));
    let musl = &runtime.target.files;
    let mut files = vec![embedded("rcrt1.o", musl.start), embedded("crti.o", musl.init_prologue)];
    for (index, (name, bytes)) in objects.iter().enumerate() {
        // The number keeps the name of an object from meeting one of ours.
        files.push(file(format!("{index}-{name}.o"), Contents::Given(bytes)));
    }
    let archive = match &runtime.archive {
        Cow::Borrowed(bytes) => Contents::Embedded(bytes),
        Cow::Owned(bytes) => Contents::Given(bytes),
    };
    files.push(file("libadder_runtime.a".to_owned(), archive));
    files.push(embedded("libc.a", musl.libc));
    files.push(embedded("crtn.o", musl.init_epilogue));
    files
}

/// Links `objects`, of a program that is a library, into the shared library with the name `name`.
///
/// # Errors
/// If the linker refuses the objects.
pub fn library(objects: &[(&str, &[u8])], target: &Target, name: &str, jobs: usize) -> Result<Vec<u8>> {
    let objects =
        objects.iter().map(|(name, bytes)| File { name: format!("{name}.o"), contents: Contents::Given(bytes) });
    let archive = File { name: "libadder_runtime.a".to_owned(), contents: Contents::Embedded(target.files.library) };
    let files: Vec<File> = objects.chain([archive]).collect();
    adder_linker::link(&files, target.emulation, &library_options(target, name), jobs)
        .map_err(|error| Failure::internal(format!("the linker failed: {error}")))
}

/// Links `objects` (name for messages, contents) with `runtime` and returns the executable. `jobs` is the number of
/// threads; the result does not depend on it.
///
/// One object has to define [`adder_compiler::abi::symbol::PROGRAM`], one
/// [`adder_compiler::abi::symbol::CONFIGURATION`] ([`crate::configuration::Configuration`] writes it).
///
/// # Errors
/// If the linker refuses the objects.
pub fn executable(objects: &[(&str, &[u8])], runtime: &Runtime, linker: Linker, jobs: usize) -> Result<Vec<u8>> {
    let files = files(objects, runtime);
    match linker {
        // A linker inside adder that does not accept what adder generated is adder's fault.
        Linker::Wild => adder_linker::link(&files, runtime.target.emulation, &options(runtime.target), jobs)
            .map_err(|error| Failure::internal(format!("the linker failed: {error}"))),
        Linker::Cc => cc::link(&files, runtime.target),
    }
}

/// The same into the file `output`, replacing what is there. Returns its size in bytes.
///
/// # Errors
/// If the linker refuses the objects or the file cannot be written; then nothing of it is left.
pub fn link(objects: &[(&str, &[u8])], runtime: &Runtime, linker: Linker, jobs: usize, output: &Path) -> Result<u64> {
    let executable = executable(objects, runtime, linker, jobs)?;
    OutputFile::create(output, true, Place::Option("-o"))?.write(&executable)?;
    Ok(executable.len() as u64)
}
