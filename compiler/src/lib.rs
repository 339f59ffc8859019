//! Compiles WebAssembly modules ahead of time: bytes in, object bytes out.
//!
//! No input or output happens here: no files, no processes, no clock. The same input and options give the same output,
//! to the byte, whatever the number of threads.

mod error;
mod options;

pub use adder_abi as abi;
pub use adder_abi::plan::MemoryPlan;
pub use error::{Error, Result};
pub use options::{Emit, Entry, Optimization, Options};

/// A module to compile.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The name under which other modules import from it; also names it in errors.
    pub name: &'a str,
    /// The module, in the binary format.
    pub bytes: &'a [u8],
}

/// What a compilation produced.
#[derive(Clone, Debug)]
pub struct Output {
    /// The object file, or the text that [`Options::emit`] asked for.
    pub bytes: Vec<u8>,
    /// Facts for `--time`, `-v` and `adder inspect`.
    pub report: Report,
}

/// Facts about a compilation.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Functions compiled.
    pub functions: usize,
    /// Bytes of wasm code and of machine code.
    pub code_bytes: (u64, u64),
    /// Imports that the runtime supplies, `module.name`, sorted.
    pub host_imports: Vec<String>,
    /// Imports that nobody supplies (with [`Options::allow_missing`]), `module.name`, sorted.
    pub missing_imports: Vec<String>,
    /// Bytes of initial memory that take room in the file.
    pub image_bytes: u64,
    /// Whether the runtime will set the working directory by the guest's own `chdir`.
    pub changes_directory: bool,
    /// Functions that were too big for the optimiser and were compiled in a simpler mode: their names.
    pub simplified: Vec<String>,
}

/// A phase of the pipeline, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Parse and validate the modules.
    Parse,
    /// Link the instances and plan the addresses.
    Analyze,
    /// Translate, optimise and generate code, function by function.
    Compile,
    /// Write the object file.
    Emit,
}

/// Watches a compilation: the caller has the clock and the terminal. Called from several threads.
pub trait Observer: Sync {
    /// A phase begins.
    fn phase(&self, _phase: Phase) {}
    /// This many bytes of wasm code out of this many are compiled.
    fn progress(&self, _done_bytes: u64, _total_bytes: u64) {}
}

/// Watches nothing.
pub struct Unobserved;
impl Observer for Unobserved {}

/// Compiles modules, in the order in which they are activated, into one program. The first is the main module.
pub fn compile(_inputs: &[Input], _options: &Options, _observer: &dyn Observer) -> Result<Output> {
    Err(Error::new("not yet"))
}

/// Checks that `inputs` can be linked: `Ok` if the last of them fits the ones before it. For tests of link errors.
pub fn check_links(_inputs: &[Input], _options: &Options) -> Result<()> {
    Err(Error::new("not yet"))
}
