//! Who can supply an import.

use adder_abi::host::HostFunction;

/// Who supplies an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// A module that was given, by its index. Whether it has what is wanted is another question.
    Module(usize),
    /// The runtime, with this function.
    Host(HostFunction),
    /// The runtime has a function of this name, but of another type, and that can only be a mistake.
    OtherType,
    /// The program: a shared memory that no module exports is there all the same, as in wasi-threads.
    SharedMemory,
    /// The program: the address of a function or of data that nobody has is 0, as Emscripten's dynamic linker has it.
    NullAddress,
    /// Nobody, as nothing but JavaScript could; the program does without.
    WithoutJavaScript,
    /// Nobody.
    Nobody,
}
