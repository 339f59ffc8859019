//! What has to be known about the code of functions to cut one into parts, and to join the parts again.

use cranelift_codegen::binemit::Reloc;

/// How the parts of a function that was cut are called, and which functions can be cut.
#[derive(Clone, Copy, Debug)]
pub struct PartConvention {
    /// Integers that parts hand to each other in registers, besides the driver's frame.
    pub registers: usize,
    /// Parameters of a function that are integers, for its driver to hand them on in registers.
    pub integers_max: usize,
    /// Other parameters.
    pub floats_max: usize,
    /// Whether an `i32` is extended to 64 bits before parts hand it to each other: that costs nothing where every
    /// instruction that makes one does it.
    pub extends: bool,
}

/// How far a call reaches.
#[derive(Clone, Copy, Debug)]
pub struct CallReach {
    /// The relocation of calls.
    pub kind: Reloc,
    /// Bytes that a call can cross.
    pub bytes: u64,
    /// Bytes of these that are left to the runtime, where all code is one region.
    pub runtime_bytes: u64,
    /// Bytes of the functions that call each other directly in larger code; the rest is for jumps to all others.
    pub region_bytes: u64,
    /// A jump that reaches everything. It changes no register that a function is called with.
    pub jump: &'static [u8],
    /// Its relocations and their places.
    pub jump_relocations: [(u32, Reloc); 2],
}

/// How functions begin and end.
#[derive(Clone, Copy, Debug)]
pub struct FrameCode {
    /// What sets the frame up.
    pub prologue: &'static [u8],
    /// What takes the frame down before a jump to another function.
    pub epilogue: &'static [u8],
    /// Bytes at the beginning of that by which the stack pointer becomes the frame pointer: the rest restores the caller's
    /// frame pointer.
    pub reset_bytes: usize,
    /// What is between functions, and never executed.
    pub padding: u8,
    /// Bytes of a call in front of its reference to the callee.
    pub call_opcode_bytes: u32,
}
