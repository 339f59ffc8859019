//! Why a guest stops: one code for every trap of the specification, and a few of our own.

/// The reason of a trap. As a `u32`, it is what host functions return to the border, with 0 for "no trap".
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrapCode {
    /// The `unreachable` instruction was executed.
    Unreachable = 1,
    /// An access outside of a linear memory.
    MemoryOutOfBounds = 2,
    /// An access outside of a table by anything but `call_indirect`.
    TableOutOfBounds = 3,
    /// `call_indirect` with an index outside of its table.
    UndefinedElement = 4,
    /// `call_indirect` through a null entry.
    UninitializedElement = 5,
    /// `call_indirect` to a function of another type.
    IndirectCallTypeMismatch = 6,
    /// The quotient or the converted float does not fit its type.
    IntegerOverflow = 7,
    /// Integer division or remainder by zero.
    IntegerDivideByZero = 8,
    /// Conversion of NaN to an integer.
    InvalidConversionToInteger = 9,
    /// The guest stack is used up.
    CallStackExhausted = 10,
    /// A null reference where one is needed.
    NullReference = 11,
    /// A call of an import that nobody supplies, allowed at build by `--allow-missing`.
    MissingImport = 12,
    /// The import of an instance does not fit what its exporter has become (a memory or table that has not grown
    /// enough). Only the activation of an instance ends this way.
    LinkError = 13,
    /// Not a failure: the guest asked to exit. The runtime keeps the exit status.
    Exit = 14,
    /// `call_ref` of a null reference.
    NullFunctionReference = 15,
    /// Not a trap: an exception that nothing catches. A host function may get this from the guest functions that it calls;
    /// like every code, it returns it, and the exception goes on in the guest that called the host function.
    UncaughtException = 16,
    /// The exceptions that are alive take up all memory that there is for them.
    ExceptionsExhausted = 17,
    /// An atomic access at an address that is no multiple of its size.
    UnalignedAtomic = 18,
    /// `memory.atomic.wait` on a memory that threads do not share.
    ExpectedSharedMemory = 19,
    /// `throw_ref` of a null reference.
    NullException = 20,
    /// Not a trap: the guest has asked for a checkpoint, and is left so that it can be written.
    Checkpoint = 21,
    /// The guest has called `abort`.
    Abort = 22,
}

impl TrapCode {
    /// Every code, for tables and tests.
    pub const ALL: [TrapCode; 22] = [
        TrapCode::Unreachable,
        TrapCode::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds,
        TrapCode::UndefinedElement,
        TrapCode::UninitializedElement,
        TrapCode::IndirectCallTypeMismatch,
        TrapCode::IntegerOverflow,
        TrapCode::IntegerDivideByZero,
        TrapCode::InvalidConversionToInteger,
        TrapCode::CallStackExhausted,
        TrapCode::NullReference,
        TrapCode::MissingImport,
        TrapCode::LinkError,
        TrapCode::Exit,
        TrapCode::NullFunctionReference,
        TrapCode::UncaughtException,
        TrapCode::ExceptionsExhausted,
        TrapCode::UnalignedAtomic,
        TrapCode::ExpectedSharedMemory,
        TrapCode::NullException,
        TrapCode::Checkpoint,
        TrapCode::Abort,
    ];

    /// The code with this number, if there is one.
    pub const fn from_number(number: u32) -> Option<TrapCode> {
        if number == 0 || number > Self::ALL.len() as u32 {
            return None;
        }
        Some(Self::ALL[number as usize - 1])
    }

    /// The message of the specification's test suite for this trap.
    pub const fn message(self) -> &'static str {
        match self {
            TrapCode::Unreachable => "unreachable",
            TrapCode::MemoryOutOfBounds => "out of bounds memory access",
            TrapCode::TableOutOfBounds => "out of bounds table access",
            TrapCode::UndefinedElement => "undefined element",
            TrapCode::UninitializedElement => "uninitialized element",
            TrapCode::IndirectCallTypeMismatch => "indirect call type mismatch",
            TrapCode::IntegerOverflow => "integer overflow",
            TrapCode::IntegerDivideByZero => "integer divide by zero",
            TrapCode::InvalidConversionToInteger => "invalid conversion to integer",
            TrapCode::CallStackExhausted => "call stack exhausted",
            TrapCode::NullReference => "null reference",
            TrapCode::MissingImport => "call of a missing import",
            TrapCode::LinkError => "incompatible import type",
            TrapCode::Exit => "exit",
            TrapCode::NullFunctionReference => "null function reference",
            TrapCode::UncaughtException => "uncaught exception",
            TrapCode::ExceptionsExhausted => "too many exceptions are alive",
            TrapCode::UnalignedAtomic => "unaligned atomic",
            TrapCode::ExpectedSharedMemory => "expected shared memory",
            TrapCode::NullException => "null exception reference",
            TrapCode::Checkpoint => "checkpoint",
            TrapCode::Abort => "aborted",
        }
    }
}

const _: () = {
    let mut index = 0;
    while index < TrapCode::ALL.len() {
        assert!(TrapCode::ALL[index] as usize == index + 1);
        index += 1;
    }
};
