//! Compiles WebAssembly modules ahead of time: bytes in, object bytes out.
//!
//! No input or output happens here: no files, no processes, no clock. The same input and options give the same output,
//! to the byte, whatever the number of threads.

mod arch;
mod clif;
mod codegen;
mod error;
mod id;
mod known;
mod link;
mod module;
mod object;
mod optimize;
mod options;
mod overrides;
mod plan;
mod profile;
mod quote;
mod report;
mod symbol;
mod translate;
mod types;

pub use adder_abi as abi;
pub use adder_abi::arch::{Architecture, CpuLevel};
pub use adder_abi::plan::MemoryPlan;
pub use arch::host;
pub use error::{Error, ErrorKind, Result};
pub use known::{KnownModule, PYTHON_3_12, known_module};
pub use object::{State, StateContents};
pub use options::{CheckpointAt, Emit, Entry, Optimization, Options, WIZER_INITIALIZE};
pub use overrides::{GlobalPlacement, Overrides};
pub use plan::{CFunction, CFunctionKind, CType, Interface};
pub use profile::Profile;
pub use quote::{quoted, quoted_import};
pub use report::Report;

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
    /// What it is called by, if it is a library for C.
    pub interface: Option<Interface>,
    /// What the program of an object file writes to.
    pub state: State,
    /// Facts for `--time`, `-v` and `adder inspect`.
    pub report: Report,
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

/// Compiles modules into one program. The first is the main module; each may import from the others by their names, and
/// is activated and initialised after those it imports from.
pub fn compile(inputs: &[Input], options: &Options, observer: &dyn Observer) -> Result<Output> {
    observer.phase(Phase::Parse);
    let modules = inputs.iter().map(module::parse).collect::<Result<Vec<_>>>()?;

    observer.phase(Phase::Analyze);
    let program = plan::plan(link::link(modules, options)?, options)?;
    let plan = plan::plan_entry(&program, options)?;
    let isa = codegen::Isa::new(program.machine, options)?;

    observer.phase(Phase::Compile);
    let artifacts = codegen::generate(&program, &plan.symbols, &plan.start, options, &isa, observer);
    let mut artifacts = artifacts.map_err(|error| explain(inputs, error))?;

    observer.phase(Phase::Emit);
    let (bytes, state) = match options.emit {
        Emit::Object => {
            artifacts = codegen::add_islands(artifacts, &program, isa.normal.symbol_alignment())?;
            object::emit(&program, &artifacts, &plan.entry, &isa, options.configuration.as_deref())?
        }
        Emit::Clif | Emit::Assembly => {
            (artifacts.iter().flat_map(|artifact| artifact.text.bytes()).collect(), State::default())
        }
    };
    let interface = program.library.as_ref().map(|library| library.interface.clone());
    Ok(Output { bytes, interface, state, report: report::report(&program, &artifacts, &plan) })
}

/// Checks that `inputs` can be linked, without compiling them.
pub fn check_links(inputs: &[Input], options: &Options) -> Result<()> {
    let modules = inputs.iter().map(module::parse).collect::<Result<Vec<_>>>()?;
    plan::plan(link::link(modules, options)?, options).map(|_| ())
}

/// The profile of a program that has not run yet, as its instrumented executable would write it, but that targets are
/// told by the program's numbers of functions. For tests, which write what they like over the zeros.
pub fn blank_profile(inputs: &[Input], options: &Options) -> Result<Vec<u8>> {
    let modules = inputs.iter().map(module::parse).collect::<Result<Vec<_>>>()?;
    let options = Options { instrument: Some(String::new()), ..options.clone() };
    let program = plan::plan(link::link(modules, &options)?, &options)?;
    let plan = program.instrumentation.expect("the program is to be instrumented");
    let mut bytes = plan.head(|function| function.0);
    bytes.resize(bytes.len() + plan.words as usize * 8, 0);
    Ok(bytes)
}

/// Says which proposal an invalid function body needs, if that is what is wrong with it.
fn explain(inputs: &[Input], error: Error) -> Error {
    match inputs.iter().find(|input| error.module.as_deref() == Some(input.name)) {
        Some(input) => module::explain(input.bytes, error),
        None => error,
    }
}
