//! What tests of the compiler decide instead of the compiler. The command line has no way to set any of it.

/// Decisions that a test takes from the compiler; by default, none. One field of [`crate::Options`] carries them, so that
/// tests hand options and overrides through the same helpers.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// Check the intermediate code for consistency. By default only in debug builds of this compiler: it takes as long as
    /// the compilation.
    pub verify: bool,
    /// Cut loops into functions that branch by a table with at least so many different targets; `None` if no loops are to
    /// be cut. By default as many as interpreters have.
    pub cut_loops_from: Option<usize>,
    /// Where mutable globals live, instead of where the address plan of the program puts them.
    pub globals: Option<GlobalPlacement>,
}

/// Below that the register allocator does well enough by itself.
const CUT_LOOPS_FROM: usize = 64;

impl Default for Overrides {
    fn default() -> Self {
        Overrides { verify: cfg!(debug_assertions), cut_loops_from: Some(CUT_LOOPS_FROM), globals: None }
    }
}

impl Overrides {
    /// Returns the default, but with the check of the intermediate code.
    pub fn verified() -> Overrides {
        Overrides { verify: true, ..Overrides::default() }
    }
}

/// See [`Overrides::globals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalPlacement {
    /// One for each thread, found from the stack pointer; with them go tables, segments and memories, as in a program that
    /// can start threads.
    ThreadRelative,
    /// Behind a pointer.
    Cell,
}
