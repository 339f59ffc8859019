//! What is said of a function of a system interface, so that the compiler can supply an import with it without knowing it.

use crate::callback::{Callback, GuestFunction};
use crate::value::ValueType;

/// A system interface: functions that modules import under one module name.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// The module name.
    pub module: &'static str,
    /// What the symbols of its functions start with; [`Signature::symbol`] follows.
    pub prefix: &'static str,
    /// Its functions.
    pub functions: &'static [Signature],
    /// Whether the module name belongs to it. Then an import of another type is a mistake; else it means another
    /// interface, which nobody supplies.
    pub exclusive: bool,
    /// The modules that it is for.
    pub guests: Guests,
    /// Whether its functions take the place of those that a module defines under their names: the C library has defined them for
    /// the case that nobody else has.
    pub replaces_definitions: bool,
}

/// The modules that an interface is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Guests {
    /// All that import from its module name.
    All,
    /// Those that Emscripten has made. They import under names that others use for other things.
    Emscripten,
    /// Those of them that have Pyodide in them.
    Pyodide,
}

/// A function of a system interface.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// The name that modules import it by. Several functions of an interface may have the same one, with different types.
    pub name: &'static str,
    /// Whether `name` is only what the names of imports begin with. Then the import says the type, and `parameters` and
    /// `results` are empty; the function finds the name and the type in its [`Context::Import`].
    pub is_pattern: bool,
    /// Its symbol, behind the interface's prefix.
    pub symbol: &'static str,
    /// Its parameters.
    pub parameters: &'static [ValueType],
    /// Its results. In WASI that is an error number, if it returns at all.
    pub results: &'static [ValueType],
    /// What it works on.
    pub context: Context,
    /// The functions of the main module that it calls.
    pub callbacks: &'static [Callback],
    /// The types of functions that it calls through the table of the calling instance: the table that is exported as
    /// `__indirect_function_table`, else the first. It finds the calls in its [`Context::Import`].
    pub indirect_calls: &'static [IndirectCall],
    /// Whether it works on functions whose types are known only when the program runs, and makes some: it gets the table of the
    /// calling instance, which is that of [`Signature::indirect_calls`], with room for further entries:
    /// [`crate::program::ExtendedTable`]. It finds it in its [`Context::Import`].
    pub extends_table: bool,
    /// Whether it may call functions of the guest on the same thread. An exception that such a function throws goes through
    /// it; the compiler relies on the others to throw none.
    pub enters_guest: bool,
    /// Whether it starts threads that run the program.
    pub starts_threads: bool,
    /// Whether it grows the memory that it works on.
    pub grows_memory: bool,
    /// What generated code does in its place, if the runtime does not have it.
    pub generated: Option<Generated>,
}

/// What generated code does in the place of a function of the runtime: the way through the border would cost more than the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// Returns zeros and null references.
    Zero,
    /// Returns zeros, as a call of the runtime that does nothing: what is pending is delivered.
    Pause,
    /// Copies in the memory that the calling instance exports: parameters are destination, source and bytes, as of
    /// `memory.copy`. Returns zeros.
    MemoryCopy,
    /// Calls the entry of the table with the index of the first parameter, with as many of the others as it takes: the first of
    /// [`Signature::indirect_calls`] that fits its type. Traps as `call_indirect` does if none fits.
    CallWithSurplus,
}

/// What a function works on: the `context` of a [`crate::program::HostFunction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The [`crate::program::Memory`] of the calling instance: the one that it exports as `memory`, else its first. Null if
    /// it has none.
    Memory,
    /// The [`crate::program::EntryFunction`] of a function that the calling instance exports; null if it does not.
    Function(GuestFunction),
    /// The [`crate::program::Import`] that is called.
    Import,
}

/// The type of functions that a host function calls through a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndirectCall {
    /// This type.
    Typed {
        /// Parameters.
        parameters: &'static [ValueType],
        /// Results.
        results: &'static [ValueType],
    },
    /// The type of the import without its first parameter, which is the index: a function that passes its call on.
    Forwarded,
}

/// A function that needs nothing but the memory of the caller. A table changes what is different.
pub const fn function(
    name: &'static str,
    parameters: &'static [ValueType],
    results: &'static [ValueType],
) -> Signature {
    Signature {
        name,
        is_pattern: false,
        symbol: name,
        parameters,
        results,
        context: Context::Memory,
        callbacks: &[],
        indirect_calls: &[],
        extends_table: false,
        enters_guest: false,
        starts_threads: false,
        grows_memory: false,
        generated: None,
    }
}
