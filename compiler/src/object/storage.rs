//! Where the program's state lives: globals, tables, memory descriptors and images.

use adder_abi::program::{ImageRun, MEMORY_CHECKED, Memory as MemoryDescriptor, Table as TableDescriptor};
use adder_abi::symbol::IMAGE_SECTION;
use cranelift_module::{DataDescription, DataId, Linkage, Module};

use super::record::Record;
use super::{Writer, defect};
use crate::analysis::{BLOCK_BYTES, BaseClass, Constant, GlobalClass, GlobalId, MemoryId, TableId, TableStorage};
use crate::error::Result;
use crate::symbol::Symbol;

impl Writer<'_> {
    /// Defines everything that generated code reads or writes outside of linear memory.
    pub(super) fn define_storage(&mut self) -> Result<()> {
        self.define_globals()?;
        self.define_tables()?;
        self.define_memories()
    }

    /// Defines data under a name of the object file.
    pub(super) fn define(&mut self, name: &str, writable: bool, record: Record) -> Result<DataId> {
        let id = self.module.declare_data(name, Linkage::Local, writable, false).map_err(defect)?;
        let description = record.describe(&mut self.module);
        self.module.define_data(id, &description).map_err(defect)?;
        Ok(id)
    }

    fn define_globals(&mut self) -> Result<()> {
        let mut values = Record::default();
        let mut offsets = Vec::new();
        let mut cells = Vec::new();
        for (index, global) in self.program.globals.iter().enumerate() {
            let id = GlobalId(index as u32);
            // A constant has bytes too: an export can be read from outside.
            values.align(global.kind.value.bytes() as usize);
            offsets.push((id, values.len() as u64));
            values.u64(self.constant_bits(global.initial));
            if let Constant::V128(bytes) = global.initial {
                values.u64((u128::from_le_bytes(bytes) >> 64) as u64);
            }
            if global.class == GlobalClass::Cell {
                cells.push(id);
            }
        }
        let data = self.define("globals", true, values)?;
        self.data.extend(offsets.iter().map(|(id, offset)| (Symbol::Global(*id), (data, *offset))));
        let mut pointers = Record::default();
        for id in &cells {
            pointers.data(Some(self.data[&Symbol::Global(*id)]));
        }
        let data = self.define("global cells", true, pointers)?;
        self.data
            .extend(cells.iter().enumerate().map(|(index, id)| (Symbol::GlobalCell(*id), (data, index as u64 * 8))));
        Ok(())
    }

    fn define_tables(&mut self) -> Result<()> {
        let mut descriptors = Record::default();
        for (index, table) in self.program.tables.iter().enumerate() {
            let id = TableId(index as u32);
            let mut entries = Record::default();
            for entry in &table.entries {
                entries.u64(self.constant_bits(*entry));
            }
            let (base, initial) = match table.storage {
                TableStorage::LinkSymbol { writable } => {
                    for _ in table.entries.len() as u64..table.initial {
                        entries.u64(0);
                    }
                    let data = self.define(&format!("table {index}"), writable, entries)?;
                    self.data.insert(Symbol::TableEntries(id), (data, 0));
                    (Some((data, 0)), None)
                }
                TableStorage::Cell if table.entries.is_empty() => (None, None),
                TableStorage::Cell => {
                    let data = self.define(&format!("table {index} initially"), false, entries)?;
                    (None, Some((data, 0)))
                }
            };
            let start = descriptors.len();
            let initial_count = if initial.is_some() { table.entries.len() as u64 } else { 0 };
            descriptors.data(base).u64(table.initial).u64(table.limit).data(initial).u64(initial_count);
            assert_eq!(descriptors.len() - start, size_of::<TableDescriptor>());
        }
        let data = self.define("tables", true, descriptors)?;
        for index in 0..self.program.tables.len() {
            let place = (data, (index * size_of::<TableDescriptor>()) as u64);
            self.data.insert(Symbol::Table(TableId(index as u32)), place);
        }
        Ok(())
    }

    fn define_memories(&mut self) -> Result<()> {
        let images = self.define_images()?;
        let mut descriptors = Record::default();
        for (memory, image) in self.program.memories.iter().zip(images) {
            let fixed_base = match memory.base {
                BaseClass::Constant(base) => base,
                BaseClass::Cell => 0,
            };
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
                .u64(if memory.checked { MEMORY_CHECKED } else { 0 });
            assert_eq!(descriptors.len() - start, size_of::<MemoryDescriptor>());
        }
        let data = self.define("memories", true, descriptors)?;
        for index in 0..self.program.memories.len() {
            let place = (data, (index * size_of::<MemoryDescriptor>()) as u64);
            self.data.insert(Symbol::Memory(MemoryId(index as u32)), place);
        }
        Ok(())
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
            places.push((*offset, contents.len() as u64, (blocks.len() * BLOCK_BYTES) as u64));
            blocks.iter().for_each(|block| contents.extend_from_slice(block));
        }
        assert!(contents.len().is_multiple_of(BLOCK_BYTES), "the image is padded to whole blocks");
        let image = self.module.declare_data("images", Linkage::Local, true, false).map_err(defect)?;
        let mut description = DataDescription::new();
        description.define(contents.into_boxed_slice());
        description.set_align(BLOCK_BYTES as u64);
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
            lists.push(Some((self.define(&format!("image {index}"), false, list)?, runs.len() as u64)));
        }
        Ok(lists)
    }
}
