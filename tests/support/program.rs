//! From modules to executables, with the parts that the command line is made of.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::Duration;

use adder::configuration::{self, Configuration};
use adder::link::Linker;
use adder::runtime::Runtime;
use adder_compiler::{Input, Options, Unobserved};

/// Links an object file with an archive in place of the runtime into an executable at `output`. It has no grants.
pub fn link(object: &[u8], runtime: &Path, output: &Path) -> Result<(), String> {
    let archive = std::fs::read(runtime).map_err(|error| format!("{}: {error}", runtime.display()))?;
    link_with(object, &Configuration::default(), &Runtime::with_archive(archive), output)
}

/// Compiles modules and links them with the runtime that adder embeds into an executable at `output`.
pub fn build(inputs: &[Input], options: &Options, configuration: &Configuration, output: &Path) -> Result<(), String> {
    let object = adder_compiler::compile(inputs, options, &Unobserved).map_err(|error| error.to_string())?;
    link_with(&object.bytes, configuration, &Runtime::embedded(), output)
}

fn link_with(object: &[u8], configuration: &Configuration, runtime: &Runtime, output: &Path) -> Result<(), String> {
    // Nothing here reads the note.
    let configuration = configuration::object(&configuration.block(), &[]);
    let objects = [("program", object), ("configuration", &configuration[..])];
    adder::link::link(&objects, runtime, Linker::Wild, output).map(|_| settle(output)).map_err(|failure| {
        failure.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
    })
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
