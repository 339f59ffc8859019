//! What has to be known about the code of functions to cut one into parts, and to join the parts again.

/// How the parts of a function that was cut are called, and which functions can be cut.
#[derive(Clone, Copy, Debug)]
pub struct PartConvention {
    /// Integers that parts hand to each other in registers, besides the driver's frame.
    pub registers: usize,
    /// Parameters of a function that are integers, for its driver to hand them on in registers.
    pub integers_max: usize,
    /// Other parameters.
    pub floats_max: usize,
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
