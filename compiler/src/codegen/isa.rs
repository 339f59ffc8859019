//! Settings of the code generator.

use std::sync::Arc;

use cranelift_codegen::isa::{self, OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable, Flags};

use crate::arch::Machine;
use crate::error::{Error, Result};
use crate::options::{Optimization, Options};

/// The machine to generate code for, in the two modes that functions are compiled in.
pub struct Isa {
    /// As asked for.
    pub normal: Arc<dyn TargetIsa>,
    /// The same for functions that are optimised already; `None` if none is to be.
    pub optimized: Option<Arc<dyn TargetIsa>>,
    /// Without optimiser and with the simplest register allocator: time and memory grow only linearly with a function's
    /// size.
    pub simple: Arc<dyn TargetIsa>,
}

impl Isa {
    /// Sets the code generator up for a target.
    pub fn new(machine: Machine, options: &Options) -> Result<Isa> {
        let simple = ("none", "single_pass");
        let (level, allocator) = match options.optimization {
            Optimization::None => simple,
            Optimization::Fast => ("speed", "backtracking"),
        };
        Ok(Isa {
            normal: build(machine, options, level, allocator)?,
            optimized: match options.optimization {
                Optimization::None => None,
                _ => Some(build(machine, options, "none", allocator)?),
            },
            simple: build(machine, options, simple.0, simple.1)?,
        })
    }
}

fn build(machine: Machine, options: &Options, level: &str, allocator: &str) -> Result<OwnedTargetIsa> {
    let refuse = |problem: String| Error::new(format!("cannot generate code for {}: {problem}", machine.triple()));
    let mut builder = settings::builder();
    let settings = [
        ("opt_level", level),
        ("regalloc_algorithm", allocator),
        ("enable_verifier", if options.overrides.verify { "true" } else { "false" }),
        // Everything is linked into one executable: calls and addresses are relative to the instruction, no GOT.
        ("is_pic", "false"),
        ("use_colocated_libcalls", "true"),
        ("libcall_call_conv", "system_v"),
        // Large frames touch each of their pages in order, so that the guard of the stack finds every overflow.
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
        // Backtraces walk the chain of frame pointers.
        ("preserve_frame_pointers", "true"),
        ("unwind_info", "false"),
    ];
    for (name, value) in settings {
        builder.set(name, value).map_err(|error| refuse(error.to_string()))?;
    }
    let mut isa = isa::lookup(machine.triple()).map_err(|error| refuse(error.to_string()))?;
    machine.enable_extensions(&mut isa).map_err(refuse)?;
    isa.finish(Flags::new(builder)).map_err(|error| refuse(error.to_string()))
}
