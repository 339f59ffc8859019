//! Types of values and functions.

use adder_abi::value::ValueType as AbiType;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// 128-bit vector.
    V128,
    /// Reference.
    Reference(Reference),
}

/// The type of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// Whether it can be null.
    pub nullable: bool,
    /// What it refers to.
    pub heap: Heap,
}

/// What a reference refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heap {
    /// A function of any type.
    Function,
    /// A function of one type: before linking its index in the module, afterwards the number of the program's
    /// [`crate::id::SignatureId`].
    Typed(u32),
    /// Something of the host.
    External,
    /// An exception.
    Exception,
    /// Nothing: such a reference to an exception is null.
    NoException,
}

impl Reference {
    /// The same type with the number of the type inside of it changed.
    pub fn renumbered(self, number: impl Fn(u32) -> u32) -> Reference {
        match self.heap {
            Heap::Typed(index) => Reference { heap: Heap::Typed(number(index)), ..self },
            _ => self,
        }
    }

    /// Whether every such reference is one of the other type too (section "Matching" of the specification's chapter on
    /// validation). Both have the program's numbers of types.
    pub fn matches(self, other: Reference) -> bool {
        (other.nullable || !self.nullable)
            && (self.heap == other.heap
                || matches!(
                    (self.heap, other.heap),
                    (Heap::Typed(_), Heap::Function) | (Heap::NoException, Heap::Exception)
                ))
    }
}

impl ValueType {
    /// The same type with the numbers of types inside of it changed.
    pub fn renumbered(self, number: impl Fn(u32) -> u32) -> ValueType {
        match self {
            ValueType::Reference(reference) => ValueType::Reference(reference.renumbered(number)),
            other => other,
        }
    }

    /// Slots of 8 bytes that a value takes where values are handed over in memory.
    pub fn slots(self) -> usize {
        match self {
            ValueType::V128 => 2,
            _ => 1,
        }
    }

    /// Bytes that a value takes where it is kept in memory, a multiple of which its address is.
    pub fn bytes(self) -> u32 {
        self.slots() as u32 * 8
    }

    /// Whether every such value is one of the other type too. Both have the program's numbers of types.
    pub fn matches(self, other: ValueType) -> bool {
        match (self, other) {
            (ValueType::Reference(one), ValueType::Reference(other)) => one.matches(other),
            (one, other) => one == other,
        }
    }
}

impl From<AbiType> for ValueType {
    fn from(ty: AbiType) -> ValueType {
        match ty {
            AbiType::I32 => ValueType::I32,
            AbiType::I64 => ValueType::I64,
            AbiType::F32 => ValueType::F32,
            AbiType::F64 => ValueType::F64,
            AbiType::ExternRef => ValueType::Reference(Reference { nullable: true, heap: Heap::External }),
        }
    }
}

/// The type of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionType {
    /// Parameters.
    pub parameters: Vec<ValueType>,
    /// Results.
    pub results: Vec<ValueType>,
}

impl FunctionType {
    /// Returns the type of a function that stands in a table of the contract.
    pub fn of_abi(parameters: &[AbiType], results: &[AbiType]) -> FunctionType {
        let all = |types: &[AbiType]| types.iter().map(|ty| ValueType::from(*ty)).collect();
        FunctionType { parameters: all(parameters), results: all(results) }
    }

    /// The same type with the numbers of types inside of it changed.
    pub fn renumbered(&self, number: impl Fn(u32) -> u32) -> FunctionType {
        let all = |types: &[ValueType]| types.iter().map(|ty| ty.renumbered(&number)).collect();
        FunctionType { parameters: all(&self.parameters), results: all(&self.results) }
    }
}
