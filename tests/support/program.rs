//! From modules to executables, with the parts that the command line is made of.

use std::path::Path;

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
pub fn build(
    inputs: &[Input],
    options: &Options,
    configuration: &Configuration,
    output: &Path,
) -> Result<(), String> {
    let object = adder_compiler::compile(inputs, options, &Unobserved).map_err(|error| error.to_string())?;
    link_with(&object.bytes, configuration, &Runtime::embedded(), output)
}

fn link_with(object: &[u8], configuration: &Configuration, runtime: &Runtime, output: &Path) -> Result<(), String> {
    // Nothing here reads the note.
    let configuration = configuration::object(&configuration.block(), &[]);
    let objects = [("program", object), ("configuration", &configuration[..])];
    adder::link::link(&objects, runtime, Linker::Wild, output)
        .map(|_| ())
        .map_err(|failure| failure.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; "))
}
