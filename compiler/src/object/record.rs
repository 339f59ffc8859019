//! Builds structures of the ABI byte by byte, with the places where addresses go.

use adder_abi::program::Text;
use cranelift_module::{DataDescription, DataId, FuncId, Module};
use cranelift_object::ObjectModule;

/// An address to be written.
#[derive(Clone, Copy)]
enum Address {
    Data(DataId, u64),
    Function(FuncId),
}

/// A structure, or an array of structures.
#[derive(Default)]
pub struct Record {
    bytes: Vec<u8>,
    /// What it is aligned to, if that is more than 8.
    alignment: usize,
    addresses: Vec<(u32, Address)>,
}

impl Record {
    /// Appends zeros up to a multiple of this.
    pub fn align(&mut self, alignment: usize) -> &mut Self {
        self.alignment = self.alignment.max(alignment);
        self.bytes.resize(self.bytes.len().next_multiple_of(alignment), 0);
        self
    }

    /// Appends a field of 4 bytes.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Appends a field of 8 bytes.
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Appends the address of data, or null.
    pub fn data(&mut self, place: Option<(DataId, u64)>) -> &mut Self {
        if let Some((id, offset)) = place {
            self.addresses.push((self.bytes.len() as u32, Address::Data(id, offset)));
        }
        self.u64(0)
    }

    /// Appends the address of a function, or null.
    pub fn function(&mut self, id: Option<FuncId>) -> &mut Self {
        if let Some(id) = id {
            self.addresses.push((self.bytes.len() as u32, Address::Function(id)));
        }
        self.u64(0)
    }

    /// Appends a [`Text`].
    pub fn text(&mut self, pool: DataId, range: PoolRange) -> &mut Self {
        const { assert!(size_of::<Text>() == 16) };
        let place = (range.bytes > 0).then_some((pool, range.offset));
        self.data(place).u64(range.bytes)
    }

    /// Its size so far, in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What the object writer needs to know about it.
    pub fn describe(self, module: &mut ObjectModule) -> DataDescription {
        let mut description = DataDescription::new();
        if self.bytes.iter().all(|byte| *byte == 0) && self.addresses.is_empty() {
            description.define_zeroinit(self.bytes.len().max(1));
        } else {
            description.define(self.bytes.into_boxed_slice());
        }
        description.set_align(self.alignment.max(8) as u64);
        for (offset, address) in self.addresses {
            match address {
                Address::Data(id, addend) => {
                    let value = module.declare_data_in_data(id, &mut description);
                    description.write_data_addr(offset, value, addend as i64);
                }
                Address::Function(id) => {
                    let function = module.declare_func_in_data(id, &mut description);
                    description.write_function_addr(offset, function);
                }
            }
        }
        description
    }
}

/// A range of the pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolRange {
    /// Bytes from the start of the pool.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// All texts and contents of segments of the object, one behind the other.
#[derive(Default)]
pub struct BytePool {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The pool in the object file, once something refers to it.
    pub id: Option<DataId>,
}

impl BytePool {
    /// Adds a text or other bytes.
    pub fn add(&mut self, bytes: &[u8]) -> PoolRange {
        let range = PoolRange { offset: self.bytes.len() as u64, bytes: bytes.len() as u64 };
        self.bytes.extend_from_slice(bytes);
        range
    }
}
