//! Functions of the guest that system interfaces call.

use crate::value::ValueType;
use ValueType::I32;

/// A function that a module exports for an interface to call: known by its name and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestFunction {
    /// The name of the export.
    pub export: &'static str,
    /// Its parameters.
    pub parameters: &'static [ValueType],
    /// Its results.
    pub results: &'static [ValueType],
}

/// Defines the callbacks.
macro_rules! callbacks {
    ($($(#[$meaning:meta])* $name:ident = $export:literal ($($parameter:ident),*) -> ($($result:ident)?);)*) => {
        /// A function of the main module that is at hand wherever the runtime needs it, in
        /// [`crate::program::Program::callbacks`]. It is there if a function of an interface that the program imports declares it
        /// ([`crate::host::Signature::callbacks`]), and if the module exports it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Callback {
            $($(#[$meaning])* $name,)*
        }

        impl Callback {
            /// All of them, in the order of [`crate::program::Program::callbacks`].
            pub const ALL: &'static [Callback] = &[$(Callback::$name),*];

            /// Returns what the module exports.
            pub const fn function(self) -> GuestFunction {
                match self {
                    $(Callback::$name => {
                        GuestFunction { export: $export, parameters: &[$($parameter),*], results: &[$($result)?] }
                    })*
                }
            }
        }
    };
}

callbacks! {
    /// `chdir(path) -> 0, or else -1`. wasi-libc starts a program in `/`, and only the program itself can change that. The
    /// compiler also finds one that is not exported; where none is left, [`Callback::Malloc`] may take its place. See
    /// [`crate::program::WorkingDirectory`].
    ChangeDirectory = "chdir" (I32) -> (I32);
    /// `malloc(bytes) -> address, or 0`.
    Malloc = "malloc" (I32) -> (I32);
    /// `free(address)`.
    Free = "free" (I32) -> ();
    /// `memalign(alignment, bytes) -> address, or 0`.
    AllocateAligned = "memalign" (I32, I32) -> (I32);
    /// The same under the name that Emscripten's own functions use.
    AllocateAlignedBuiltin = "emscripten_builtin_memalign" (I32, I32) -> (I32);
    /// `__errno_location() -> address`.
    ErrnoLocation = "__errno_location" () -> (I32);
    /// `fflush(stream) -> error`; 0 means all streams.
    Flush = "fflush" (I32) -> (I32);
    /// Calls what `atexit` was told.
    RunExitHandlers = "__funcs_on_exit" () -> ();
    /// Writes what is in the buffers of streams.
    FlushStreams = "__stdio_exit" () -> ();
    /// Takes bytes from the stack: `_emscripten_stack_alloc(bytes) -> address`.
    StackAllocate = "_emscripten_stack_alloc" (I32) -> (I32);
    /// The same by its name up to Emscripten 3.1.
    StackAllocateOld = "stackAlloc" (I32) -> (I32);
    /// Where the stack of the C program is: `emscripten_stack_get_current() -> address`.
    StackCurrent = "emscripten_stack_get_current" () -> (I32);
    /// Sets that: `_emscripten_stack_restore(address)`.
    StackRestore = "_emscripten_stack_restore" (I32) -> ();
    /// The same by their names up to Emscripten 3.1.
    StackCurrentOld = "stackSave" () -> (I32);
    /// See above.
    StackRestoreOld = "stackRestore" (I32) -> ();
    /// Keeps what `dlerror` returns: `__dl_seterr(format, arguments)`.
    SetLoadError = "__dl_seterr" (I32, I32) -> ();
}
