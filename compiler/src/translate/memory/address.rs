//! Addresses of the guest's memories and tables. This is the one place that turns an index of the guest
//! into an address; the plan says how.

use std::mem::offset_of;

use adder_abi::program::{Memory as MemoryDescriptor, Table as TableDescriptor};
use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

use crate::clif::{Emitter, POINTER, Region, trap_code};
use crate::id::{MemoryId, TableId};
use crate::plan::{BaseClass, SizeClass, TableStorage};
use crate::symbol::Symbol;
use crate::translate::translator::Translator;

/// An index of the guest as 64 bits; if it had only 32, the upper half is known to be zero.
#[derive(Clone, Copy)]
pub struct Index(Value);

impl Index {
    /// The value.
    pub fn value(self) -> Value {
        self.0
    }
}

/// Where to access a memory: an address, and an offset to fold into the access.
pub struct Place {
    /// The address.
    pub address: Value,
    /// Added to the address by the access itself.
    pub offset: i32,
}

impl Emitter<'_, '_> {
    /// Zero-extends an index, if it has only 32 bits.
    pub fn index(&mut self, value: Value) -> Index {
        match self.builder.func.dfg.value_type(value) {
            types::I64 => Index(value),
            _ => Index(self.builder.ins().uextend(POINTER, value)),
        }
    }

    /// The current size of a table in entries.
    pub fn table_size(&mut self, table: TableId) -> Value {
        match self.program.tables[table.index()].storage {
            TableStorage::LinkSymbol { .. } => {
                let entries = self.program.tables[table.index()].initial;
                self.pointer(entries)
            }
            TableStorage::Cell => {
                let descriptor = self.address(Symbol::Table(table));
                let flags = self.flags(Region::Descriptors);
                let field = offset_of!(TableDescriptor, size_entries) as i32;
                self.builder.ins().load(POINTER, flags, descriptor, field)
            }
        }
    }

    /// The index of a table's entry, which exists: otherwise this traps.
    pub fn entry_index(&mut self, table: TableId, index: Value, trap: Trap) -> Index {
        let index = self.index(index);
        let size = self.table_size(table);
        let outside = self.compare(IntCC::UnsignedGreaterThanOrEqual, index.value(), size);
        self.trap_if(outside, trap);
        index
    }

    /// The address of a table's entry, which exists: otherwise this traps.
    pub fn entry_address(&mut self, table: TableId, index: Value, trap: Trap) -> Value {
        let index = self.entry_index(table, index, trap);
        self.existing_entry_address(table, index)
    }

    /// The address of a table's entry, which exists.
    pub fn existing_entry_address(&mut self, table: TableId, index: Index) -> Value {
        let base = match self.program.tables[table.index()].storage {
            TableStorage::LinkSymbol { .. } => self.address(Symbol::TableEntries(table)),
            TableStorage::Cell => {
                let descriptor = self.address(Symbol::Table(table));
                let flags = MemFlagsData::trusted().with_readonly().with_can_move();
                let field = offset_of!(TableDescriptor, base) as i32;
                self.builder.ins().load(POINTER, flags, descriptor, field)
            }
        };
        self.scaled(base, index, size_of::<u64>() as u64)
    }

    /// The address of an entry of an array whose entries have `bytes` bytes, a power of two.
    pub fn scaled(&mut self, base: Value, index: Index, bytes: u64) -> Value {
        let shift = self.builder.ins().iconst(types::I32, i64::from(bytes.trailing_zeros()));
        let offset = self.builder.ins().ishl(index.value(), shift);
        self.builder.ins().iadd(base, offset)
    }

    /// The sum of an index and a number of bytes or entries; traps if it is too large to be one.
    pub fn index_sum(&mut self, index: Index, further: Value, index64: bool, trap: Trap) -> Value {
        if index64 {
            self.builder.ins().uadd_overflow_trap(index.value(), further, trap_code(trap))
        } else {
            self.builder.ins().iadd(index.value(), further)
        }
    }

    /// The address of a byte of a memory.
    pub fn memory_address(&mut self, memory: MemoryId, index: Index) -> Value {
        let base = match self.program.memories[memory.index()].base {
            BaseClass::Constant(base) => self.pointer(base),
            BaseClass::Cell => {
                // The runtime has written it before any guest code runs, and nothing moves a memory.
                let descriptor = self.address(Symbol::Memory(memory));
                let flags = MemFlagsData::trusted().with_readonly().with_can_move();
                let field = offset_of!(MemoryDescriptor, base) as i32;
                self.builder.ins().load(POINTER, flags, descriptor, field)
            }
        };
        self.builder.ins().iadd(index.value(), base)
    }

    /// The current size of a memory in bytes.
    pub fn memory_size(&mut self, memory: MemoryId) -> Value {
        match self.program.memories[memory.index()].size {
            SizeClass::Constant(bytes) => self.pointer(bytes),
            SizeClass::Cell => {
                let descriptor = self.address(Symbol::Memory(memory));
                let flags = self.flags(Region::Descriptors);
                let field = offset_of!(MemoryDescriptor, size_bytes);
                if self.program.memories[memory.index()].shared {
                    let field = self.pointer(field as u64);
                    let place = self.builder.ins().iadd(descriptor, field);
                    self.builder.ins().atomic_load(POINTER, flags, place)
                } else {
                    self.builder.ins().load(POINTER, flags, descriptor, field as i32)
                }
            }
        }
    }

    /// The address of a range of a memory, all of which exists: otherwise this traps, before anything is changed.
    pub fn checked_range(&mut self, memory: MemoryId, start: Value, count: Index) -> Value {
        let start = self.index(start);
        let index64 = self.program.memories[memory.index()].index64;
        let end = self.index_sum(start, count.value(), index64, Trap::MemoryOutOfBounds);
        let size = self.memory_size(memory);
        let outside = self.compare(IntCC::UnsignedGreaterThan, end, size);
        self.trap_if(outside, Trap::MemoryOutOfBounds);
        self.memory_address(memory, start)
    }
}

impl Translator<'_, '_> {
    /// A number of pages or entries in the type of the memory's or table's indices.
    pub fn in_index_type(&mut self, value: Value, index64: bool) -> Value {
        if index64 { value } else { self.emitter.builder.ins().ireduce(types::I32, value) }
    }

    /// The place that an access of `bytes` bytes at `index + offset` goes to. Where the plan says so, it is checked; else
    /// the reservation is large enough that whatever it is, an access beyond the memory's size faults.
    pub fn place(&mut self, memory: MemoryId, index: Value, offset: u64, bytes: u64) -> Place {
        let index = self.emitter.index(index);
        let described = &self.emitter.program.memories[memory.index()];
        let index64 = described.index64;
        if described.checked {
            let size = self.emitter.memory_size(memory);
            // An end beyond 64 bits is outside of every memory, and so is this one.
            let beyond = self.emitter.pointer(offset.saturating_add(bytes));
            let end = self.emitter.index_sum(index, beyond, index64, Trap::MemoryOutOfBounds);
            let outside = self.emitter.compare(IntCC::UnsignedGreaterThan, end, size);
            self.emitter.trap_if(outside, Trap::MemoryOutOfBounds);
        }
        let mut address = self.emitter.memory_address(memory, index);
        let offset = match self.emitter.program.machine.folded_offset(offset) {
            Some(offset) => offset,
            None => {
                let rest = self.emitter.pointer(offset);
                address = self.emitter.builder.ins().iadd(address, rest);
                0
            }
        };
        Place { address, offset }
    }
}
