//! Numbers of what a program consists of. They are given when the program is linked, and stay: a function is the same
//! number for all phases from there on.

/// What is told by a number: so it can be written into a name of intermediate code, and read from it.
pub trait Numbered {
    /// Its number.
    fn number(self) -> u32;
    /// What has this number.
    fn from_number(number: u32) -> Self;
}

impl Numbered for u32 {
    fn number(self) -> u32 {
        self
    }

    fn from_number(number: u32) -> u32 {
        number
    }
}

/// Defines numbers of something.
macro_rules! identifiers {
    ($($(#[$meta:meta])* $name:ident)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub u32);

            impl $name {
                /// As an index.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }

            impl Numbered for $name {
                fn number(self) -> u32 {
                    self.0
                }

                fn from_number(number: u32) -> $name {
                    $name(number)
                }
            }
        )*
    };
}

identifiers! {
    /// A function of the program: defined by an instance, or a wrapper of an import.
    FunctionId
    /// A function type of the program.
    SignatureId
    /// A table of the program.
    TableId
    /// A memory of the program.
    MemoryId
    /// A global of the program.
    GlobalId
    /// A tag of exceptions of the program.
    TagId
    /// A segment of table entries of the program.
    ElementId
    /// A segment of bytes of the program.
    DataId
    /// An instance of the program, in the order of activation.
    InstanceId
    /// A call table of the program.
    CallTableId
    /// A call through a table that the runtime makes.
    IndirectCallId
    /// A function of a library, which C calls.
    CFunctionId
}

impl SignatureId {
    /// The number in table entries and function references, where 0 belongs to null.
    pub fn type_number(self) -> u32 {
        self.0 + 1
    }
}
