//! What libffi says of types: `ffi_type` and `ffi_cif` of its `include/ffi.h.in`, and how its port to wasm passes values.

use super::{element, read};
use crate::guest::pointer::Guest;
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;
use core::iter::repeat_n;

/// Arguments that a call can have. JavaScript engines have the same limit of parameters; `ctypes` has one of 1,024.
const ARGUMENTS_MAX: u32 = 1000;

/// Structures with one element that lie in each other, at most.
const NESTED_MAX: usize = 64;

/// Offsets in an `ffi_type`, of 12 bytes.
mod ffi_type {
    pub const ALIGNMENT: u32 = 4;
    pub const KIND: u32 = 6;
    pub const ELEMENTS: u32 = 8;
}

/// Offsets in an `ffi_cif`, of 28 bytes.
mod ffi_cif {
    pub const ARGUMENT_COUNT: u32 = 4;
    pub const ARGUMENT_TYPES: u32 = 8;
    pub const RESULT_TYPE: u32 = 12;
    pub const FIXED_COUNT: u32 = 24;
}

/// Bytes of a pointer.
pub const POINTER_BYTES: u32 = 4;

/// How a value is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not at all: there is none.
    Void,
    /// `int`, unsigned and signed 32 bits, pointers.
    Word,
    /// Unsigned 8 bits.
    Byte,
    /// Signed 8 bits.
    SignedByte,
    /// Unsigned 16 bits.
    Half,
    /// Signed 16 bits.
    SignedHalf,
    /// 64 bits.
    Long,
    /// `float`.
    Float,
    /// `double`.
    Double,
    /// `long double`: in two halves; as a result where a pointer says.
    LongDouble,
    /// A structure: by a pointer to a copy.
    Structure,
}

/// A type of values.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// How it is passed.
    pub kind: Kind,
    /// Its size; of structures only.
    pub bytes: u32,
    /// Its alignment, a power of two; of structures only.
    pub alignment: u32,
}

impl Type {
    /// Reads an `ffi_type`. A structure with one element is passed as that element, one without as nothing.
    fn read(guest: Guest, mut address: u32) -> Result<Type, TrapCode> {
        for _ in 0..NESTED_MAX {
            let kind = match read::<u16>(guest, offset(address, ffi_type::KIND)?)? {
                0 => Kind::Void,
                1 | 9 | 10 | 14 => Kind::Word,
                2 => Kind::Float,
                3 => Kind::Double,
                4 => Kind::LongDouble,
                5 => Kind::Byte,
                6 => Kind::SignedByte,
                7 => Kind::Half,
                8 => Kind::SignedHalf,
                11 | 12 => Kind::Long,
                13 => Kind::Structure,
                // Complex numbers, which libffi does not pass on wasm, and what is no type.
                _ => return Err(TrapCode::IndirectCallTypeMismatch),
            };
            if kind != Kind::Structure {
                return Ok(Type { kind, bytes: 0, alignment: 1 });
            }
            let elements: u32 = read(guest, offset(address, ffi_type::ELEMENTS)?)?;
            let first: u32 = read(guest, elements)?;
            if first == 0 {
                return Ok(Type { kind: Kind::Void, bytes: 0, alignment: 1 });
            }
            if read::<u32>(guest, offset(elements, POINTER_BYTES)?)? != 0 {
                let bytes = read(guest, address)?;
                let alignment = u32::from(read::<u16>(guest, offset(address, ffi_type::ALIGNMENT)?)?);
                let is_sound = alignment.is_power_of_two();
                return is_sound.then_some(Type { kind, bytes, alignment }).ok_or(TrapCode::IndirectCallTypeMismatch);
            }
            address = first;
        }
        Err(TrapCode::IndirectCallTypeMismatch)
    }

    /// Whether such a result is written where the first parameter says.
    pub fn returns_by_pointer(self) -> bool {
        matches!(self.kind, Kind::LongDouble | Kind::Structure)
    }
}

fn offset(address: u32, offset: u32) -> Result<u32, TrapCode> {
    address.checked_add(offset).ok_or(TrapCode::MemoryOutOfBounds)
}

/// The type of a function: an `ffi_cif`.
pub struct FunctionType {
    /// Of its result.
    pub result: Type,
    /// Of its arguments.
    pub arguments: Vec<Type>,
    /// How many of them it always has. The others lie in memory, where another parameter points to.
    pub fixed: usize,
}

impl FunctionType {
    /// Reads an `ffi_cif`.
    pub fn read(guest: Guest, address: u32) -> Result<FunctionType, TrapCode> {
        let field = |at| read::<u32>(guest, offset(address, at)?);
        let count = field(ffi_cif::ARGUMENT_COUNT)?;
        let fixed = field(ffi_cif::FIXED_COUNT)?;
        if count > ARGUMENTS_MAX || fixed > count {
            return Err(TrapCode::IndirectCallTypeMismatch);
        }
        let types = field(ffi_cif::ARGUMENT_TYPES)?;
        let result = Type::read(guest, field(ffi_cif::RESULT_TYPE)?)?;
        let argument = |index| {
            let ty = Type::read(guest, read(guest, element(types, index, POINTER_BYTES)?)?)?;
            (ty.kind != Kind::Void).then_some(ty).ok_or(TrapCode::IndirectCallTypeMismatch)
        };
        let arguments = (0..count as usize).map(argument).collect::<Result<Vec<_>, _>>()?;
        Ok(FunctionType { result, arguments, fixed: fixed as usize })
    }

    /// Whether it has arguments besides the fixed ones.
    pub fn is_variadic(&self) -> bool {
        self.fixed < self.arguments.len()
    }

    /// The arguments behind the fixed ones, as C lays them out from an address on that is so far behind an aligned one.
    pub fn variadic(&self, start: u32) -> impl Iterator<Item = Variadic> + '_ {
        let mut end = start;
        self.arguments.iter().enumerate().skip(self.fixed).map(move |(index, ty)| {
            let bytes = match ty.kind {
                Kind::Long | Kind::Double => 8,
                Kind::LongDouble => VARIADIC_ALIGNMENT_MAX,
                _ => 4,
            };
            let offset = u32::next_multiple_of(end, bytes);
            end = offset + bytes;
            Variadic { index, ty: *ty, offset, end }
        })
    }

    /// Its type in wasm, as [`adder_abi::program::Export::signature`] has it.
    pub fn signature(&self) -> impl Iterator<Item = u8> + '_ {
        let by_pointer = self.result.returns_by_pointer();
        let has_result = self.result.kind != Kind::Void && !by_pointer;
        let fixed = self.arguments[..self.fixed].iter().flat_map(|argument| {
            let halves = if argument.kind == Kind::LongDouble { 2 } else { 1 };
            repeat_n(letter(argument.kind), halves)
        });
        let pointer = repeat_n(b'i', by_pointer.into());
        let variadic = repeat_n(b'i', self.is_variadic().into());
        pointer.chain(fixed).chain(variadic).chain([b':']).chain(repeat_n(letter(self.result.kind), has_result.into()))
    }
}

/// What the largest argument behind fixed ones is aligned to.
pub const VARIADIC_ALIGNMENT_MAX: u32 = 16;

/// An argument behind the fixed ones.
pub struct Variadic {
    /// Which one.
    pub index: usize,
    /// Its type.
    pub ty: Type,
    /// Where it lies, in bytes from that address, which is aligned to [`VARIADIC_ALIGNMENT_MAX`]. A small integer is an `int`; of
    /// a structure there is a pointer.
    pub offset: u32,
    /// Where it ends.
    pub end: u32,
}

/// The type in wasm of what takes a value, or half of one.
fn letter(kind: Kind) -> u8 {
    match kind {
        Kind::Long | Kind::LongDouble => b'l',
        Kind::Float => b'f',
        Kind::Double => b'd',
        _ => b'i',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// Calls with a memory of these words.
    fn with<R>(words: &[(usize, u32)], look: impl FnOnce(Guest) -> R) -> R {
        let mut bytes = vec![0; 4096];
        for (address, word) in words {
            bytes[*address..*address + 4].copy_from_slice(&word.to_le_bytes());
        }
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the call.
        look(unsafe { Guest::from_context((&raw mut memory).cast()) })
    }

    /// An `ffi_type` at an address: alignment and kind, and elements.
    fn described(address: usize, bytes: u32, kind: u32, elements: u32) -> [(usize, u32); 3] {
        [(address, bytes), (address + 4, kind << 16 | 4), (address + 8, elements)]
    }

    #[test]
    fn a_structure_of_one_element_is_that_element() {
        let words = [described(100, 8, 13, 200), described(300, 8, 13, 400), described(500, 8, 3, 0)].concat();
        let words = [&words[..], &[(200, 300), (400, 500)]].concat();
        with(&words, |guest| {
            assert_eq!(Type::read(guest, 100).map(|ty| ty.kind), Ok(Kind::Double));
        });
        // One that lies in itself is none.
        let words = [&described(100, 8, 13, 200)[..], &[(200, 100)]].concat();
        with(&words, |guest| assert!(Type::read(guest, 100).is_err()));
        // Its list of elements is not all in memory.
        with(&described(100, 8, 13, 4092), |guest| {
            assert_eq!(Type::read(guest, 100).map(|ty| ty.kind), Ok(Kind::Void));
            assert!(Type::read(guest, 4092).is_err());
        });
        with(&[&described(100, 8, 13, 4092)[..], &[(4092, 100)]].concat(), |guest| {
            assert!(Type::read(guest, 100).is_err());
        });
    }

    #[test]
    fn a_type_has_its_signature_in_wasm() {
        let types = [described(100, 4, 10, 0), described(120, 16, 4, 0), described(140, 8, 12, 0)].concat();
        let cif = |result, count, fixed| {
            [(200, 0), (204, count), (208, 300), (212, result), (224, fixed), (300, 100), (304, 120), (308, 140)]
        };
        let signature = |result, count, fixed| {
            with(&[&types[..], &cif(result, count, fixed)].concat(), |guest| {
                FunctionType::read(guest, 200).map(|ty| ty.signature().collect::<Vec<_>>())
            })
        };
        assert_eq!(signature(100, 3, 3), Ok(b"illl:i".to_vec()));
        assert_eq!(signature(120, 3, 2), Ok(b"iilli:".to_vec()));
        assert_eq!(signature(140, 0, 0), Ok(b":l".to_vec()));
        for (count, fixed) in [(3, 4), (u32::MAX, 0), (u32::MAX, u32::MAX), (4, 4)] {
            assert!(signature(100, count, fixed).is_err(), "{count} {fixed}");
        }
    }
}
