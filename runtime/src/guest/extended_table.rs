//! The table that the runtime adds entries to ([`adder_abi::program::ExtendedTable`]): functions that are made while the program
//! runs, and functions that it finds by name.
//!
//! A further entry is a function reference and a word of the runtime's: a kind in the upper half, a number in the lower one.
//! The first one is never given out: its number is that of the first free one. All of this lies in a table that the runtime
//! reserves, so a checkpoint has it.

use crate::guest::pointer::Guest;
use crate::guest::program::text;
use crate::guest::table::grow;
use adder_abi::program::{
    self, ExtendedType, FURTHER_ENTRIES_MAX, FURTHER_ENTRY_WORDS, NamedExport, Table, function_reference,
};
use adder_abi::trap::TrapCode;
use core::ptr::NonNull;
use core::slice;

/// Further entries that the table grows by at once: a page.
const GROWTH: u64 = 4096 / (FURTHER_ENTRY_WORDS * size_of::<u64>() as u64);

const _: () = assert!(FURTHER_ENTRIES_MAX.is_multiple_of(GROWTH));

/// The type number of a closure whose type nothing in the program calls through the table.
pub const OTHER_TYPE: u32 = u32::MAX;

/// What a further entry is: the upper half of its second word.
mod kind {
    /// Nobody's; the number is that of the next free one, 0 for none.
    pub const FREE: u32 = 0;
    /// A closure, or one that is still to be made; the number is that of its owner.
    pub const CLOSURE: u32 = 1;
    /// A function of the program.
    pub const FUNCTION: u32 = 2;
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A function of the program.
    Function {
        /// Where its code is.
        code_offset: u32,
        /// The number of its type.
        type_number: u32,
    },
    /// A closure.
    Closure {
        /// Whose.
        owner: u32,
        /// The number of its type, or [`OTHER_TYPE`].
        type_number: u32,
    },
}

/// The table.
#[derive(Clone, Copy)]
pub struct ExtendedTable {
    record: &'static program::ExtendedTable,
}

impl ExtendedTable {
    /// The table behind a description; nothing if that is null.
    ///
    /// # Safety
    /// The description is one of the program, and all tables are reserved.
    pub unsafe fn new(record: *const program::ExtendedTable) -> Option<ExtendedTable> {
        // SAFETY: promised by the caller; descriptions are constant.
        unsafe { record.as_ref() }.map(|record| ExtendedTable { record })
    }

    /// The memory of the instances that call through it.
    pub fn guest(self) -> Guest {
        // SAFETY: it is a memory of the program, and everything is reserved before the guest runs.
        unsafe { Guest::from_context(self.record.memory.cast_mut().cast()) }
    }

    /// The types of the program, by type number from 1.
    pub fn types(self) -> &'static [ExtendedType] {
        // SAFETY: pointer and count belong together, and the records are constant.
        unsafe { slice::from_raw_parts(self.record.types, self.record.type_count as usize) }
    }

    /// The type with this number.
    pub fn ty(self, type_number: u32) -> Option<&'static ExtendedType> {
        self.types().get((type_number as usize).checked_sub(1)?)
    }

    /// The number of a type, as [`program::Export::signature`] has it; [`OTHER_TYPE`] if the program has no such type.
    pub fn type_number(self, signature: &[u8]) -> u32 {
        let found = self.types().iter().position(|ty| text(&ty.signature) == signature);
        found.map_or(OTHER_TYPE, |index| index as u32 + 1)
    }

    /// What the main module exports by a name: a function reference, or the address of data.
    pub fn export(self, name: &[u8]) -> Option<u64> {
        let exports: &[NamedExport] = match self.record.export_count {
            0 => &[],
            // SAFETY: pointer and count belong together, and the records are constant.
            count => unsafe { slice::from_raw_parts(self.record.exports, count as usize) },
        };
        let names = text(&self.record.export_names);
        let name_of = |export: &NamedExport| &names[export.name_offset as usize..][..export.name_bytes as usize];
        let found = exports.binary_search_by(|export| name_of(export).cmp(name)).ok()?;
        Some(exports[found].value)
    }

    /// The entry with an index. Traps as `call_indirect` does if there is none.
    pub fn entry(self, index: u32) -> Result<Entry, TrapCode> {
        let (reference, word) = match self.number(index) {
            Some(number) => {
                let [reference, word] = *self.further().get(number as usize).ok_or(TrapCode::UndefinedElement)?;
                (reference, word)
            }
            None => (self.own()[index as usize], 0),
        };
        match (reference as u32, (reference >> 32) as u32) {
            (_, 0) => Err(TrapCode::UninitializedElement),
            (0, type_number) => Ok(Entry::Closure { owner: word as u32, type_number }),
            (code_offset, type_number) => Ok(Entry::Function { code_offset, type_number }),
        }
    }

    /// Takes a free entry for a closure of this owner, and returns its index; nothing if there are no more.
    pub fn add(self, owner: u32) -> Option<u32> {
        self.take(0, kind::CLOSURE, owner)
    }

    /// Makes an entry that was taken for a closure one. Returns whether it was.
    pub fn make_closure(self, index: u32, owner: u32, type_number: u32) -> bool {
        let Some(entry) = self.closure(index) else { return false };
        *entry = [function_reference(0, type_number), word(kind::CLOSURE, owner)];
        true
    }

    /// Frees an entry that was taken for a closure of this owner. Any other is left as it is.
    pub fn remove(self, index: u32, owner: u32) {
        match (self.number(index), self.closure(index)) {
            (Some(number), Some(entry)) if entry[1] as u32 == owner => {
                *entry = [0, 0];
                self.free(number);
            }
            _ => {}
        }
    }

    /// The index of a function of the program, which gets an entry if it has none; nothing if there are no more.
    pub fn index_of(self, reference: u64) -> Option<u32> {
        let own = self.own();
        let is_it = |entry: &u64| *entry == reference;
        if let Some(index) = own.iter().position(is_it) {
            return u32::try_from(index).ok();
        }
        match self.further().iter().position(|entry| is_it(&entry[0])) {
            Some(number) => u32::try_from(own.len() + number).ok(),
            None => self.take(reference, kind::FUNCTION, 0),
        }
    }

    /// Takes a free entry.
    fn take(self, reference: u64, kind: u32, number: u32) -> Option<u32> {
        if self.first_free() == 0 {
            self.extend()?;
        }
        let free = self.first_free();
        let further = self.further();
        let next = further[free as usize][1];
        further[0][1] = word(kind::FREE, next as u32);
        further[free as usize] = [reference, word(kind, number)];
        u32::try_from(self.own().len() as u64 + u64::from(free)).ok()
    }

    fn first_free(self) -> u32 {
        self.further().first().map_or(0, |first| first[1] as u32)
    }

    /// Puts an entry before the free ones.
    fn free(self, number: u32) {
        let first = self.first_free();
        let further = self.further();
        further[number as usize][1] = word(kind::FREE, first);
        further[0][1] = word(kind::FREE, number);
    }

    /// Adds free entries.
    fn extend(self) -> Option<()> {
        let former = self.further().len() as u32;
        // SAFETY: a table of the program that nobody else refers to now.
        grow(unsafe { &mut *self.record.further }, 0, GROWTH * FURTHER_ENTRY_WORDS)?;
        // Lower ones are taken first.
        for number in (former.max(1)..self.further().len() as u32).rev() {
            self.free(number);
        }
        Some(())
    }

    /// The number of the further entry that an index means; nothing if it is that of an own one.
    fn number(self, index: u32) -> Option<u32> {
        (index as usize).checked_sub(self.own().len()).map(|number| number as u32)
    }

    /// The entry with an index, if it was taken for a closure.
    fn closure(self, index: u32) -> Option<&'static mut [u64; 2]> {
        let entry = self.further().get_mut(self.number(index)? as usize)?;
        ((entry[1] >> 32) as u32 == kind::CLOSURE).then_some(entry)
    }

    fn own(self) -> &'static [u64] {
        let (base, size) = entries(self.record.own);
        // SAFETY: so many entries are accessible there, and nothing changes them while a function of the host runs.
        unsafe { slice::from_raw_parts(base, size) }
    }

    /// The further entries. Only this file changes them, on the only thread there is, and each result is used up before there is
    /// another one.
    fn further(self) -> &'static mut [[u64; FURTHER_ENTRY_WORDS as usize]] {
        let (base, size) = entries(self.record.further);
        // SAFETY: so many words are accessible there, and nobody else refers to them.
        unsafe { slice::from_raw_parts_mut(base.cast(), size / FURTHER_ENTRY_WORDS as usize) }
    }
}

fn word(kind: u32, number: u32) -> u64 {
    u64::from(kind) << 32 | u64::from(number)
}

/// Where the entries of a table of the program are, and how many.
fn entries(table: *const Table) -> (*mut u64, usize) {
    // SAFETY: promised to `ExtendedTable::new`: it is a table of the program, and reserved.
    let (base, size) = unsafe { ((*table).base, (*table).size_entries as usize) };
    if size == 0 { (NonNull::dangling().as_ptr(), 0) } else { (base, size) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::table::reserve_own;
    use adder_abi::program::{FURTHER_ENTRIES_MAX, Text};
    use alloc::boxed::Box;
    use core::ptr::{null, null_mut};

    fn table(own: &'static mut [u64]) -> ExtendedTable {
        let described = |base, size_entries, limit_entries| Table {
            base,
            size_entries,
            limit_entries,
            initial_entries: null(),
            initial_count: 0,
            fill: 0,
        };
        let count = own.len() as u64;
        let own = Box::leak(Box::new(described(own.as_mut_ptr(), count, count)));
        let further = Box::leak(Box::new(described(null_mut(), 0, FURTHER_ENTRIES_MAX * FURTHER_ENTRY_WORDS)));
        reserve_own(further).expect("there is address space");
        ExtendedTable {
            record: Box::leak(Box::new(program::ExtendedTable {
                own,
                further,
                types: null(),
                type_count: 0,
                exports: null(),
                export_count: 0,
                export_names: Text { start: null(), bytes: 0 },
                memory: null(),
            })),
        }
    }

    #[test]
    fn entries_are_given_out_and_used_again_until_there_are_no_more() {
        let table = table(Box::leak(Box::new([0, function_reference(64, 3)])));
        assert_eq!(table.entry(0), Err(TrapCode::UninitializedElement));
        assert_eq!(table.entry(1), Ok(Entry::Function { code_offset: 64, type_number: 3 }));
        assert_eq!(table.entry(2), Err(TrapCode::UndefinedElement));
        // The first further entry belongs to the runtime.
        assert_eq!(table.add(100), Some(3));
        assert_eq!(table.entry(2), Err(TrapCode::UninitializedElement));
        assert_eq!(table.entry(3), Err(TrapCode::UninitializedElement), "it is no closure yet");
        assert!(table.make_closure(3, 100, 7));
        assert_eq!(table.entry(3), Ok(Entry::Closure { owner: 100, type_number: 7 }));
        for other in [0, 1, 2, 4, 5, u32::MAX] {
            assert!(!table.make_closure(other, 100, 7), "{other}");
            table.remove(other, 100);
        }
        table.remove(3, 101);
        assert_eq!(table.entry(3), Ok(Entry::Closure { owner: 100, type_number: 7 }), "it is another one's");
        for index in 4..2 + FURTHER_ENTRIES_MAX as u32 {
            assert_eq!(table.add(index), Some(index));
        }
        assert_eq!((table.add(1), table.index_of(function_reference(96, 1))), (None, None));
        table.remove(3, 100);
        table.remove(3, 100);
        table.remove(9, 9);
        assert_eq!([table.add(1), table.add(2), table.add(3)], [Some(9), Some(3), None]);
    }

    #[test]
    fn a_function_has_one_index() {
        let table = table(Box::leak(Box::new([0, function_reference(64, 3)])));
        assert_eq!(table.index_of(function_reference(64, 3)), Some(1));
        assert_eq!(table.index_of(function_reference(96, 1)), Some(3));
        assert_eq!(table.index_of(function_reference(96, 1)), Some(3));
        assert_eq!(table.entry(3), Ok(Entry::Function { code_offset: 96, type_number: 1 }));
        // It stays, whoever wants to free it.
        table.remove(3, 0);
        assert!(!table.make_closure(3, 0, 1));
        assert_eq!(table.index_of(function_reference(96, 1)), Some(3));
    }
}
