//! Control frames: what is open at a place of a function.

use cranelift_codegen::ir::{Block, Value};

use super::guard::Guard;

/// A control frame.
pub struct Frame {
    /// What opened it.
    pub kind: FrameKind,
    /// Where its end is; its parameters are the frame's results.
    pub exit: Block,
    /// Whether anything goes there.
    pub exit_reached: bool,
    /// How many operands are below it.
    pub height: usize,
    /// How many operands it takes from the stack.
    pub parameters: usize,
    /// How many operands it leaves.
    pub results: usize,
    /// The frame whose guard comes first for calls at this place.
    pub guarded_by: Option<usize>,
    /// What this frame catches.
    pub guard: Option<Box<Guard>>,
    /// Behind a `catch`: the exception, if it may be rethrown.
    pub caught: Option<Value>,
}

/// What opened a frame.
pub enum FrameKind {
    /// The function itself, or a `block`.
    Block,
    /// A `loop`: branches go to its header.
    Loop(Block),
    /// An `if` whose `else` has not come yet: where that begins, and the parameters it begins with.
    If(Block, Vec<Value>),
    /// A frame that nothing enters; it only waits for its `end`.
    Dead,
}

impl Frame {
    /// A frame that takes no operands and leaves none.
    pub fn new(kind: FrameKind, exit: Block, height: usize, guarded_by: Option<usize>) -> Frame {
        Frame {
            kind,
            exit,
            exit_reached: false,
            height,
            parameters: 0,
            results: 0,
            guarded_by,
            guard: None,
            caught: None,
        }
    }

    /// Where a branch to this frame goes, and how many operands it takes along.
    pub fn branch_to(&mut self) -> (Block, usize) {
        match self.kind {
            FrameKind::Loop(header) => (header, self.parameters),
            _ => {
                self.exit_reached = true;
                (self.exit, self.results)
            }
        }
    }

    /// Whether nothing enters it.
    pub fn is_dead(&self) -> bool {
        matches!(self.kind, FrameKind::Dead)
    }
}
