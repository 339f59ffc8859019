//! What each thread has of its own, in a program that can start threads.
//!
//! A thread behaves as if it had instances of its own of all the modules: its own mutable globals, its own tables as far as
//! code changes them, its own memories as far as they are not shared, and its own knowledge of which segments were
//! dropped. All of that lies in one block below the thread cell ([`adder_abi::program::ThreadState`]), where generated
//! code finds it from the stack pointer. What nothing changes, threads share.

use std::collections::HashMap;

use adder_abi::plan::{THREAD_CELL_BYTES, THREAD_STATE_ALIGNMENT, THREAD_STATE_DIVISOR};
use adder_abi::program::{Memory as MemoryDescriptor, Segment, Table as TableDescriptor};

use super::global::{Global, GlobalClass};
use super::segment::{Data, Element};
use crate::error::{Error, Result};
use crate::id::{DataId, ElementId, GlobalId, MemoryId, TableId};
use crate::link::Linked;
use crate::plan::fact::Facts;
use crate::symbol::Symbol;

/// The layout of the block.
#[derive(Clone, Debug, Default)]
pub struct ThreadState {
    /// What lies there, in order: memories, tables, segments, globals.
    items: Vec<Symbol>,
    /// Where each lies, in bytes from the start of the block.
    offsets: HashMap<Symbol, u64>,
    /// Its size in bytes.
    pub bytes: u64,
}

impl ThreadState {
    /// What lies in the block, in order.
    pub fn items(&self) -> &[Symbol] {
        &self.items
    }

    /// Where something lies in the block, in bytes from its start; `None` for what threads share.
    pub fn offset(&self, symbol: Symbol) -> Option<u64> {
        self.offsets.get(&symbol).copied()
    }

    /// How far something lies behind the last byte of the stack's region: a negative number.
    pub fn distance(&self, offset: u64) -> i64 {
        1 + offset as i64 - THREAD_CELL_BYTES as i64 - self.bytes as i64
    }

    fn add(&mut self, symbol: Symbol, bytes: usize) {
        // Everything else is aligned to 8 bytes and has a multiple of them.
        let vector = matches!(symbol, Symbol::Global(_)) && bytes as u64 == THREAD_STATE_ALIGNMENT;
        self.bytes = self.bytes.next_multiple_of(if vector { THREAD_STATE_ALIGNMENT } else { 8 });
        self.offsets.insert(symbol, self.bytes);
        self.items.push(symbol);
        self.bytes += bytes as u64;
    }
}

/// Lays the block out, in a program that can start threads.
///
/// # Errors
/// If the stack has no room for it.
pub fn plan_thread_state(
    linked: &Linked<'_>,
    globals: &[Global],
    elements: &[Element],
    data: &[Data<'_>],
    facts: &Facts,
    stack_bytes: u64,
) -> Result<ThreadState> {
    let mut state = ThreadState::default();
    for (index, ty) in linked.memories.iter().enumerate() {
        if !ty.shared {
            state.add(Symbol::Memory(MemoryId(index as u32)), size_of::<MemoryDescriptor>());
        }
    }
    for index in 0..linked.tables.len() as u32 {
        if facts.changes_table(TableId(index)) {
            state.add(Symbol::Table(TableId(index)), size_of::<TableDescriptor>());
        }
    }
    for (index, element) in elements.iter().enumerate() {
        if !element.entries.is_empty() {
            state.add(Symbol::Element(ElementId(index as u32)), size_of::<Segment>());
        }
    }
    for (index, data) in data.iter().enumerate() {
        if !data.bytes.is_empty() {
            state.add(Symbol::Data(DataId(index as u32)), size_of::<Segment>());
        }
    }
    for (index, global) in globals.iter().enumerate() {
        if global.class == GlobalClass::ThreadRelative {
            state.add(Symbol::Global(GlobalId(index as u32)), global.ty.value.bytes() as usize);
        }
    }
    state.bytes = state.bytes.next_multiple_of(THREAD_STATE_ALIGNMENT);
    let bytes_max = stack_bytes / THREAD_STATE_DIVISOR;
    if state.bytes > bytes_max {
        let message = format!(
            "each thread has {} bytes of globals, tables and segments of its own, and its stack has room for {bytes_max}",
            state.bytes
        );
        return Err(Error::limit(message).in_module(linked.main().module.name).hint("raise --stack-size"));
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_aligned_and_everything_lies_below_the_cell() {
        let mut state = ThreadState::default();
        let symbols = [0, 1, 2, 3].map(|index| Symbol::Global(GlobalId(index)));
        for (symbol, bytes) in symbols.into_iter().zip([8, 16, 8, 16]) {
            state.add(symbol, bytes);
        }
        assert_eq!(symbols.map(|symbol| state.offset(symbol)), [Some(0), Some(16), Some(32), Some(48)]);
        assert_eq!(state.bytes, 64);
        // From the last byte of the region on.
        assert_eq!(state.distance(0), 1 - THREAD_CELL_BYTES as i64 - 64);
        let mut state = ThreadState::default();
        state.add(Symbol::Memory(MemoryId(0)), size_of::<MemoryDescriptor>());
        state.add(Symbol::Data(DataId(0)), size_of::<Segment>());
        assert_eq!(state.offset(Symbol::Data(DataId(0))), Some(size_of::<MemoryDescriptor>() as u64));
    }
}
