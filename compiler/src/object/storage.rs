//! Where the program's state lives: globals, tables, memory descriptors and images.

use adder_abi::plan::{SMALLEST_PAGE_BYTES, THREAD_STATE_ALIGNMENT};
use adder_abi::program::{
    ImageRun, MEMORY_CHECKED, MEMORY_SHARED, Memory as MemoryDescriptor, SignalAction, Table as TableDescriptor,
};
use adder_abi::symbol::{IMAGE_SECTION, PENDING_SIGNALS};
use cranelift_module::{DataDescription, DataId, Linkage, Module};

use super::record::Record;
use super::state::{StateContents, is_function_reference};
use super::{Writer, defect};
use crate::error::Result;
use crate::id::{GlobalId, MemoryId, TableId};
use crate::link::Constant;
use crate::plan::{BaseClass, Global, GlobalClass, TableStorage};
use crate::symbol::Symbol;

impl Writer<'_> {
    /// Defines everything that generated code reads or writes outside of linear memory.
    pub(super) fn define_storage(&mut self) -> Result<()> {
        self.define_globals()?;
        self.define_memories()?;
        self.define_tables()?;
        self.define_signals()
    }

    /// Defines what the program does about signals, and declares where it looks what is pending.
    fn define_signals(&mut self) -> Result<()> {
        let signals = &self.program.signals;
        if signals.has_actions {
            let mut actions = Record::default();
            for _ in 0..SignalAction::COUNT {
                let SignalAction { handler, flags, mask } = SignalAction::DEFAULT;
                actions.u32(handler).u32(flags).u64(mask);
            }
            assert_eq!(actions.len(), SignalAction::COUNT * size_of::<SignalAction>());
            let data = self.define_written("signal actions", StateContents::Numbers(Vec::new()), actions)?;
            self.data.insert(Symbol::SignalActions, (data, 0));
        }
        if signals.are_delivered() {
            let data = self.module.declare_data(PENDING_SIGNALS, Linkage::Import, true, false).map_err(defect)?;
            self.data.insert(Symbol::PendingSignals, (data, 0));
        }
        Ok(())
    }

    /// Defines data under a name of the object file. Nobody writes to it.
    pub(super) fn define(&mut self, name: &str, record: Record) -> Result<DataId> {
        let id = self.module.declare_data(name, Linkage::Local, false, false).map_err(defect)?;
        let description = record.describe(&mut self.module);
        self.module.define_data(id, &description).map_err(defect)?;
        Ok(id)
    }

    fn define_globals(&mut self) -> Result<()> {
        let mut values = Record::default();
        let mut offsets = Vec::new();
        let mut cells = Vec::new();
        let mut references = Vec::new();
        for (index, global) in self.program.globals.iter().enumerate() {
            let id = GlobalId(index as u32);
            // A constant has bytes too: an export can be read from outside.
            let offset = self.append_global(&mut values, global);
            offsets.push((id, offset));
            if is_function_reference(global.ty.value) {
                references.push(offset);
            }
            if global.class == GlobalClass::Cell {
                cells.push(id);
            }
        }
        let data = self.define_written("globals", StateContents::Numbers(references), values)?;
        self.data.extend(offsets.iter().map(|(id, offset)| (Symbol::Global(*id), (data, *offset))));
        let mut pointers = Record::default();
        for id in &cells {
            pointers.data(Some(self.data[&Symbol::Global(*id)]));
        }
        let data = self.define_written("global cells", StateContents::Addresses, pointers)?;
        self.data
            .extend(cells.iter().enumerate().map(|(index, id)| (Symbol::GlobalCell(*id), (data, index as u64 * 8))));
        Ok(())
    }

    /// Appends the value of a global as it starts, and returns where it lies.
    fn append_global(&self, values: &mut Record, global: &Global) -> u64 {
        values.align(global.ty.value.bytes() as usize);
        let offset = values.len() as u64;
        values.u64(self.constant_bits(global.initial));
        if let Constant::V128(bytes) = global.initial {
            values.u64((u128::from_le_bytes(bytes) >> 64) as u64);
        }
        offset
    }

    /// Defines the rest of what each thread has of its own: the globals, behind memories, tables and segments.
    pub(super) fn define_thread_state(&mut self) -> Result<()> {
        let program = self.program;
        let state = &program.thread_state;
        let mut record = std::mem::take(&mut self.thread_state);
        for symbol in state.items() {
            if let Symbol::Global(id) = symbol {
                let offset = self.append_global(&mut record, &program.globals[id.index()]);
                assert_eq!(Some(offset), state.offset(*symbol), "{symbol:?} is not where code looks for it");
            }
        }
        record.align(THREAD_STATE_ALIGNMENT as usize);
        assert_eq!(record.len() as u64, state.bytes);
        if state.bytes != 0 {
            let data = self.define("thread state", record)?;
            self.data.insert(Symbol::ThreadState, (data, 0));
        }
        Ok(())
    }

    /// The record for a descriptor: that of the thread state for what each thread has of its own.
    pub(super) fn descriptors<'r>(&'r mut self, symbol: Symbol, shared: &'r mut Record) -> &'r mut Record {
        match self.program.thread_state.offset(symbol) {
            Some(offset) => {
                assert_eq!(self.thread_state.len() as u64, offset, "{symbol:?} is not where code looks for it");
                &mut self.thread_state
            }
            None => shared,
        }
    }

    /// Defines the array of the descriptors that threads share.
    pub(super) fn define_shared(
        &mut self,
        name: &str,
        contents: StateContents,
        record: Record,
        symbols: &[Symbol],
        bytes: usize,
    ) -> Result<()> {
        let state = &self.program.thread_state;
        let shared: Vec<Symbol> = symbols.iter().copied().filter(|symbol| state.offset(*symbol).is_none()).collect();
        assert_eq!(record.len(), shared.len() * bytes);
        let data = self.define_written(name, contents, record)?;
        self.data.extend(shared.iter().enumerate().map(|(index, symbol)| (*symbol, (data, (index * bytes) as u64))));
        Ok(())
    }

    fn define_tables(&mut self) -> Result<()> {
        let mut shared = Record::default();
        let mut symbols = Vec::new();
        for (index, table) in self.program.tables.iter().enumerate() {
            let id = TableId(index as u32);
            let fill = self.constant_bits(table.fill);
            let mut entries = Record::default();
            for entry in &table.entries {
                entries.u64(self.constant_bits(*entry));
            }
            let (base, initial) = match table.storage {
                TableStorage::LinkSymbol { writable } => {
                    for _ in table.entries.len() as u64..table.initial {
                        entries.u64(fill);
                    }
                    let name = format!("table {index}");
                    let data = match writable {
                        true => self.define_written(&name, self.table_contents(id), entries)?,
                        false => self.define(&name, entries)?,
                    };
                    self.data.insert(Symbol::TableEntries(id), (data, 0));
                    (Some((data, 0)), None)
                }
                TableStorage::Cell if table.entries.is_empty() => (None, None),
                TableStorage::Cell => {
                    let data = self.define(&format!("table {index} initially"), entries)?;
                    (None, Some((data, 0)))
                }
            };
            symbols.push(Symbol::Table(id));
            if self.program.thread_state.offset(Symbol::Table(id)).is_none() {
                let contents = self.table_contents(id);
                self.state.tables.push(contents);
            }
            let descriptors = self.descriptors(Symbol::Table(id), &mut shared);
            let start = descriptors.len();
            let initial_count = if initial.is_some() { table.entries.len() as u64 } else { 0 };
            descriptors.data(base).u64(table.initial).u64(table.limit).data(initial).u64(initial_count);
            descriptors.u64(fill);
            assert_eq!(descriptors.len() - start, size_of::<TableDescriptor>());
        }
        self.define_shared("tables", StateContents::Tables, shared, &symbols, size_of::<TableDescriptor>())
    }

    fn define_memories(&mut self) -> Result<()> {
        let images = self.define_images()?;
        let mut shared = Record::default();
        let mut symbols = Vec::new();
        for (index, (memory, image)) in self.program.memories.iter().zip(images).enumerate() {
            let fixed_base = match memory.base {
                BaseClass::Constant(base) => base,
                BaseClass::Cell => 0,
            };
            let flags = [(memory.checked, MEMORY_CHECKED), (memory.shared, MEMORY_SHARED)];
            let symbol = Symbol::Memory(MemoryId(index as u32));
            symbols.push(symbol);
            let descriptors = self.descriptors(symbol, &mut shared);
            let start = descriptors.len();
            descriptors
                .data(None)
                .u64(memory.initial_bytes)
                .u64(memory.initial_bytes)
                .u64(memory.limit_bytes)
                .u64(memory.reservation_bytes)
                .u64(fixed_base)
                .data(image.map(|(data, _)| (data, 0)))
                .u64(image.map_or(0, |(_, runs)| runs))
                .u64(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| flag).sum());
            assert_eq!(descriptors.len() - start, size_of::<MemoryDescriptor>());
        }
        self.define_shared("memories", StateContents::Memories, shared, &symbols, size_of::<MemoryDescriptor>())
    }

    /// Writes all images into one section, and for each memory the list of its runs; `None` for a memory of zeros.
    fn define_images(&mut self) -> Result<Vec<Option<(DataId, u64)>>> {
        let runs: Vec<_> = self.program.memories.iter().map(|memory| memory.image.runs()).collect();
        if runs.iter().all(Vec::is_empty) {
            return Ok(vec![None; runs.len()]);
        }
        let mut contents = Vec::new();
        let mut places = Vec::new();
        for (offset, blocks) in runs.iter().flatten() {
            let place = contents.len();
            blocks.iter().for_each(|block| contents.extend_from_slice(block));
            places.push((*offset, place as u64, (contents.len() - place) as u64));
        }
        assert!((contents.len() as u64).is_multiple_of(SMALLEST_PAGE_BYTES), "the image consists of whole pages");
        let image = self.module.declare_data("images", Linkage::Local, true, false).map_err(defect)?;
        let mut description = DataDescription::new();
        description.define(contents.into_boxed_slice());
        description.set_align(SMALLEST_PAGE_BYTES);
        description.set_custom_section(IMAGE_SECTION);
        self.module.define_data(image, &description).map_err(defect)?;

        let mut places = places.into_iter();
        let mut lists = Vec::new();
        for (index, runs) in runs.iter().enumerate() {
            if runs.is_empty() {
                lists.push(None);
                continue;
            }
            let mut list = Record::default();
            for (offset, place, bytes) in places.by_ref().take(runs.len()) {
                list.u64(offset).data(Some((image, place))).u64(bytes);
            }
            assert_eq!(list.len(), runs.len() * size_of::<ImageRun>());
            lists.push(Some((self.define(&format!("image {index}"), list)?, runs.len() as u64)));
        }
        Ok(lists)
    }
}
