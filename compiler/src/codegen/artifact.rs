//! The machine code of a function, and what it refers to.

use std::ops::Range;

use adder_abi::trap::TrapCode;
use cranelift_codegen::binemit::{Addend, Reloc};

use crate::symbol::Symbol;

/// A reference in machine code to something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// Where, in bytes from the start of the function.
    pub offset: u32,
    /// How the address is written.
    pub kind: Reloc,
    /// What it refers to.
    pub target: Target,
    /// Added to the address.
    pub addend: Addend,
}

/// What a relocation refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A symbol.
    Symbol(Symbol),
    /// A helper for an instruction that the CPU lacks.
    Helper(cranelift_codegen::ir::LibCall),
    /// This many bytes into the function itself.
    Itself(u32),
}

/// A call inside of a `try`: [`adder_abi::exception::HandledCall`], before code offsets are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandledCall {
    /// Where it returns to, in bytes from the start of the function.
    pub return_offset: u32,
    /// How far the stack pointer is below the frame pointer.
    pub frame_bytes: u32,
    /// What catches its exceptions, in order: tag with flags, and bytes from the start of the function.
    pub handlers: Vec<(u32, u32)>,
}

/// The machine code of a function.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// What it is: [`Symbol::Function`] or a piece of glue.
    pub symbol: Symbol,
    /// Its bytes.
    pub code: Vec<u8>,
    /// What they must be aligned to.
    pub alignment: u32,
    /// What they refer to.
    pub relocations: Vec<Relocation>,
    /// Offsets of instructions that may trap, ascending, other than accesses of memory and stack.
    pub traps: Vec<(u32, TrapCode)>,
    /// Calls whose exceptions are caught in this function, by ascending return address.
    pub handled_calls: Vec<HandledCall>,
    /// Code that backtraces leave out: the call in the driver of a function that was cut, whose parts have a frame of their
    /// own.
    pub unseen: Option<Range<u32>>,
    /// Whether it was too big for the optimiser.
    pub simplified: bool,
    /// The intermediate or machine code as text, if that was asked for.
    pub text: String,
}
