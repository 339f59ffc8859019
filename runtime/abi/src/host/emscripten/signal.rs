//! Signals, timers and sleep.
//!
//! Emscripten's C library has its actions of signals to itself: `sigaction` writes into a table, `raise` calls what is there, and no
//! signal comes from outside. So the compiler has functions of the library, which it knows by their names, tell the runtime
//! what they do ([`LibraryFunction`]), and calls handlers where a program returns from the runtime while signals are pending.

use super::super::signature::{Context, IndirectCall, function};
use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::{self, F64, I32};

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_signal_", &FUNCTIONS);

/// A function of the C library that the runtime is told of, or does in its place.
#[derive(Clone, Copy, Debug)]
pub struct LibraryFunction {
    /// Its names: the one that it is exported by, and that of its definition.
    pub names: [&'static str; 2],
    /// Its parameters.
    pub parameters: &'static [ValueType],
    /// Its results.
    pub results: &'static [ValueType],
    /// The function of this interface that is called with the parameters.
    pub host: &'static str,
    /// Whether that is all that is left of it. Else it comes first.
    pub is_replaced: bool,
}

/// What the program handles a signal by: `(signal, action, former action)` -> 0, or -1.
pub const ACTION: LibraryFunction = LibraryFunction {
    names: ["sigaction", "__sigaction"],
    parameters: &[I32, I32, I32],
    results: &[I32],
    host: "the action of a signal",
    is_replaced: false,
};

/// Waits for a time: `(clock, flags, time, remaining time)` -> error. This and the following do it in a loop that asks what time it is.
pub const CLOCK_SLEEP: LibraryFunction = sleep(["clock_nanosleep", "__clock_nanosleep"], &[I32, I32, I32, I32], &[I32]);

/// `(time, remaining time)` -> 0, or else -1.
pub const SLEEP: LibraryFunction = sleep(["nanosleep", "__nanosleep"], &[I32, I32], &[I32]);

/// `(milliseconds)`.
pub const THREAD_SLEEP: LibraryFunction = sleep(["emscripten_thread_sleep", "__emscripten_thread_sleep"], &[F64], &[]);

const fn sleep(
    names: [&'static str; 2],
    parameters: &'static [ValueType],
    results: &'static [ValueType],
) -> LibraryFunction {
    LibraryFunction { names, parameters, results, host: names[0], is_replaced: true }
}

/// What sends the program a signal: `(signal)` -> 0.
pub const RAISE: LibraryFunction = LibraryFunction {
    names: ["raise", "__raise"],
    parameters: &[I32],
    results: &[I32],
    host: "raise a signal",
    is_replaced: false,
};

/// What blocks signals: `(how, set, former set)` -> error.
pub const MASK: LibraryFunction = LibraryFunction {
    names: ["pthread_sigmask", "__pthread_sigmask"],
    parameters: &[I32, I32, I32],
    results: &[I32],
    host: "block signals",
    is_replaced: false,
};

/// What a timer calls that has run out: `(timer, milliseconds of the monotonic clock)`.
pub const TIMEOUT: &str = "_emscripten_timeout";

/// The function that takes one of what is pending: `(whether the call can be made again)` -> [`Delivery`], the number of a signal or
/// of a timer and the handler behind it, and whether the call can be made again. The parameter is [`FIRST`] after a
/// call of the runtime, and then what the last one has returned.
pub const TAKE: &str = "what is pending";

/// The function that says what time it is for a timer that has run out: `()` -> milliseconds of the monotonic clock.
pub const NOW: &str = "the time of timers";

/// Says that nothing has been taken yet.
pub const FIRST: u32 = 2;

/// What is to be done about what was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Delivery {
    /// Nothing: no more is pending.
    None = 0,
    /// A handler is called with the signal.
    Handler = 1,
    /// The same for a handler that takes information of the signal, too, of which there is none.
    HandlerWithInformation = 2,
    /// A timer has run out.
    Timer = 3,
}

/// Bits of the number behind a [`Delivery`], in the same value.
pub const NUMBER_BITS: u32 = 8;

/// The function that catches signals again that the program handled when its checkpoint was made.
pub const GO_ON: &str = "catch signals again";

/// Its functions. Source: `system/lib/libc/sigaction.c`, `raise.c`, `system/lib/libc/musl/src/signal/setitimer.c`,
/// `system/lib/pthread/library_pthread_stub.c`.
pub const FUNCTIONS: [Signature; 12] = [
    Signature { symbol: "action", ..function(ACTION.host, &[I32, I32, I32], &[]) },
    Signature { symbol: "raise", ..function(RAISE.host, &[I32], &[]) },
    Signature { symbol: "block", ..function(MASK.host, &[I32, I32, I32], &[]) },
    Signature { symbol: "take", ..function(TAKE, &[I32], &[I32, I32, I32]) },
    Signature { symbol: "now", ..function(NOW, &[], &[F64]) },
    Signature { symbol: "go_on", ..function(GO_ON, &[], &[]) },
    call("clock_nanosleep", &[I32, I32, I32, I32]),
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call("nanosleep", &[I32, I32]) },
    function("emscripten_thread_sleep", &[F64], &[]),
    Signature {
        context: Context::Import,
        indirect_calls: &[IndirectCall::Typed { parameters: &[I32], results: &[] }],
        enters_guest: true,
        ..function("__call_sighandler", &[I32, I32], &[])
    },
    // `(timer, milliseconds)`: 0 stops it.
    call("_setitimer_js", &[I32, F64]),
    // Up to Emscripten 3.1, which has no other timers: `(seconds)` -> seconds that were left.
    call("alarm", &[I32]),
];
