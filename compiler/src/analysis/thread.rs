//! What each thread has of its own, in a program that can start threads.
//!
//! A thread behaves as if it had instances of its own of all the modules: its own mutable globals, its own tables as far as
//! code changes them, its own memories as far as they are not shared, and its own knowledge of which segments were
//! dropped. All of that lies in one block below the thread cell ([`adder_abi::program::ThreadState`]), where generated
//! code finds it from the stack pointer. What nothing changes, threads share.

use std::collections::HashMap;

use adder_abi::host::THREAD_START_EXPORT;
use adder_abi::plan::{THREAD_CELL_BYTES, THREAD_STATE_ALIGNMENT, THREAD_STATE_DIVISOR};
use adder_abi::program::{Memory as MemoryDescriptor, Segment, Table as TableDescriptor};

use super::fact::ProgramFacts;
use super::{FunctionKind, GlobalClass, Program, Step};
use crate::error::{Error, Result};
use crate::id::{DataId, ElementId, FunctionId, GlobalId, InstanceId, MemoryId, TableId};
use crate::module::ExportItem;
use crate::symbol::Symbol;
use crate::types::{FunctionType, ValueType};

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

impl Program<'_> {
    /// Whether each thread has a memory of its own.
    pub fn is_private_memory(&self, memory: MemoryId) -> bool {
        self.has_threads && !self.memories[memory.index()].shared
    }

    /// What the threads run that an instance starts: what it exports for that, if it does. A program without may still be
    /// able to do all its work in one thread.
    pub fn thread_entry(&self, instance: InstanceId) -> Option<FunctionId> {
        let instance = self.instance(instance);
        let ExportItem::Function(index) = instance.module.export(THREAD_START_EXPORT)? else { return None };
        let function = instance.functions[index as usize];
        let found = self.signatures.get(self.functions[function.index()].signature);
        let wanted = FunctionType { parameters: vec![ValueType::I32, ValueType::I32], results: Vec::new() };
        (*found == wanted).then_some(function)
    }

    /// Whether each thread has all of an instance for its own. Then what one thread has initialised, no other one sees. The
    /// instance that starts threads has what they share: it is the program, and they only run a function of it.
    fn is_private_instance(&self, instance: InstanceId) -> bool {
        let instance = self.instance(instance);
        let starts_threads = |id: &FunctionId| matches!(self.functions[id.index()].kind, FunctionKind::ThreadSpawn);
        instance.memories.iter().all(|memory| self.is_private_memory(*memory))
            && !instance.functions.iter().any(starts_threads)
    }

    /// The steps of an instance's activation that a further thread takes too: those that are about what it has of its own.
    pub fn thread_activation(&self, instance: InstanceId) -> impl Iterator<Item = Step> {
        let repeated = move |step: Step| match step {
            // The contents are there, but the segment counts as dropped for this thread too.
            Step::ApplyData(data, memory, _) if !self.is_private_memory(memory) => Some(Step::DropData(data)),
            Step::ApplyElement(..) | Step::ApplyData(..) | Step::DropData(_) | Step::Start(_) => Some(step),
            Step::Initialize(_) => self.is_private_instance(instance).then_some(step),
            Step::CheckMemory(..) | Step::CheckTable(..) => None,
        };
        let steps = if self.has_threads { self.instance(instance).activation.as_slice() } else { &[] };
        steps.iter().copied().filter_map(repeated)
    }
}

/// Lays the block out. Everything else is planned already.
pub fn plan_thread_state(program: &mut Program<'_>, facts: &ProgramFacts) -> Result<()> {
    if !program.has_threads {
        return Ok(());
    }
    let mut state = ThreadState::default();
    for index in 0..program.memories.len() as u32 {
        if program.is_private_memory(MemoryId(index)) {
            state.add(Symbol::Memory(MemoryId(index)), size_of::<MemoryDescriptor>());
        }
    }
    for index in 0..program.tables.len() as u32 {
        if facts.changes_table(TableId(index)) {
            state.add(Symbol::Table(TableId(index)), size_of::<TableDescriptor>());
        }
    }
    for (index, element) in program.elements.iter().enumerate() {
        if !element.entries.is_empty() {
            state.add(Symbol::Element(ElementId(index as u32)), size_of::<Segment>());
        }
    }
    for (index, data) in program.data.iter().enumerate() {
        if !data.bytes.is_empty() {
            state.add(Symbol::Data(DataId(index as u32)), size_of::<Segment>());
        }
    }
    for (index, global) in program.globals.iter().enumerate() {
        if global.class == GlobalClass::ThreadRelative {
            state.add(Symbol::Global(GlobalId(index as u32)), global.kind.value.bytes() as usize);
        }
    }
    state.bytes = state.bytes.next_multiple_of(THREAD_STATE_ALIGNMENT);
    let bytes_max = program.stack_bytes / THREAD_STATE_DIVISOR;
    if state.bytes > bytes_max {
        let message = format!(
            "each thread has {} bytes of globals, tables and segments of its own, and its stack has room for {bytes_max}",
            state.bytes
        );
        let module = program.instance(program.main).module.name;
        return Err(Error::new(message).in_module(module).hint("raise --stack-size"));
    }
    program.thread_state = state;
    Ok(())
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
