//! What is left to do when an instance is activated.
//!
//! Active segments are applied at build as far as nobody can tell the difference; the rest, in order, and the start
//! function are left to the activation, which can end half way. Segments of an instance are applied in order, tables
//! first, and the first one that is out of bounds ends the instantiation while what was written to shared tables and
//! memories stays (section "Instantiation" of the specification's chapter on execution). So a segment can be applied at
//! build if it is in bounds, goes to a table or memory that its own instance defines or that was made for it (nobody else
//! sees it earlier), and all before it were applied at build too.

use std::collections::HashSet;

use adder_abi::plan::PAGE_BYTES;

use super::address::{Data, Element, IMAGE_ENTRIES_MAX, Image, Memory, Table, TableContents};
use crate::error::{Error, Result};
use crate::id::{DataId, ElementId, FunctionId, MemoryId, TableId};
use crate::link::{Check, Constant, Instance, Linked};
use crate::module::SegmentMode;

/// Entries of a table that may be mostly null and still be written out at build.
const SPARSE_ENTRIES_MAX: u64 = 1 << 16;

/// When an instance is activated, and what is to be done then.
#[derive(Clone, Debug)]
pub enum Activation {
    /// When the process starts, in the order of the instances.
    AtStart(Vec<Step>),
}

impl Activation {
    /// What is to be done, in order.
    pub fn steps(&self) -> &[Step] {
        let Activation::AtStart(steps) = self;
        steps
    }

    /// Adds something to be done, behind everything else.
    pub fn push(&mut self, step: Step) {
        let Activation::AtStart(steps) = self;
        steps.push(step);
    }
}

/// Something to do when an instance is activated, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fail unless an import is what its instance needs.
    Check(Check),
    /// Apply and drop a segment of table entries, from this index on.
    ApplyElement(ElementId, TableId, u64),
    /// Apply and drop a segment of bytes, from this index on.
    ApplyData(DataId, MemoryId, u64),
    /// Drop a segment of bytes.
    DropData(DataId),
    /// Call the start function.
    Start(FunctionId),
    /// Call `_initialize`.
    Initialize(FunctionId),
}

/// The segments of an instance, by the module's indices.
#[derive(Clone, Debug)]
pub struct Segments {
    /// Those of table entries.
    pub elements: Vec<ElementId>,
    /// Those of bytes.
    pub data: Vec<DataId>,
}

/// What tables and memories contain at the start, and what is left of the segments.
pub struct Contents<'a> {
    /// Of each table.
    pub tables: Vec<TableContents>,
    /// Of each memory.
    pub images: Vec<Image>,
    /// All segments of table entries.
    pub elements: Vec<Element>,
    /// All segments of bytes.
    pub data: Vec<Data<'a>>,
    /// The segments of each instance.
    pub segments: Vec<Segments>,
    /// The activation of each instance, up to its start function.
    pub activations: Vec<Activation>,
    /// Tables that an activation writes to.
    pub tables_written: HashSet<TableId>,
}

/// Applies segments, and plans the activation of every instance.
pub fn plan_activations<'a>(linked: &Linked<'a>) -> Contents<'a> {
    let empty = TableContents { fill: Constant::Null, entries: Vec::new() };
    let mut contents = Contents {
        tables: vec![empty; linked.tables.len()],
        images: vec![Image::default(); linked.memories.len()],
        elements: Vec::new(),
        data: Vec::new(),
        segments: Vec::with_capacity(linked.instances.len()),
        activations: Vec::with_capacity(linked.instances.len()),
        tables_written: HashSet::new(),
    };
    for instance in &linked.instances {
        let mut static_so_far = true;
        let mut steps: Vec<Step> = instance.checks.iter().copied().map(Step::Check).collect();
        let elements = contents.plan_elements(linked, instance, &mut static_so_far, &mut steps);
        let data = contents.plan_data(linked, instance, static_so_far, &mut steps);
        if let Some(start) = instance.module.start {
            steps.push(Step::Start(instance.functions[start as usize]));
        }
        contents.segments.push(Segments { elements, data });
        contents.activations.push(Activation::AtStart(steps));
    }
    contents
}

impl<'a> Contents<'a> {
    /// Adds a table that is empty at the start.
    pub fn add_table(&mut self) {
        self.tables.push(TableContents { fill: Constant::Null, entries: Vec::new() });
    }

    fn plan_elements(
        &mut self,
        linked: &Linked<'a>,
        instance: &Instance<'a>,
        static_so_far: &mut bool,
        steps: &mut Vec<Step>,
    ) -> Vec<ElementId> {
        let imported_tables = instance.tables.len() - instance.module.tables.len();
        let value = |expression| instance.evaluate(expression, &linked.globals);
        for (table, id) in instance.module.tables.iter().zip(&instance.tables[imported_tables..]) {
            if let Some(initial) = &table.initial {
                self.tables[id.index()].fill = value(initial);
            }
        }
        let first = self.elements.len() as u32;
        for segment in &instance.module.elements {
            let id = ElementId(self.elements.len() as u32);
            let mut entries: Vec<Constant> = match segment.mode {
                SegmentMode::Declared => Vec::new(),
                _ => segment.entries.iter().map(value).collect(),
            };
            if let SegmentMode::Active(table_index, offset) = &segment.mode {
                let table_id = instance.tables[*table_index as usize];
                let offset = value(offset).as_index();
                let initial = linked.tables[table_id.index()].limits.initial;
                let table = &mut self.tables[table_id.index()];
                let end = offset.saturating_add(entries.len() as u64);
                let own = *table_index as usize >= imported_tables;
                let dense = end <= SPARSE_ENTRIES_MAX || end <= (table.entries.len() + 2 * entries.len()) as u64;
                if *static_so_far && own && dense && end <= initial.min(IMAGE_ENTRIES_MAX) {
                    if table.entries.len() < end as usize {
                        table.entries.resize(end as usize, table.fill);
                    }
                    table.entries[offset as usize..end as usize].copy_from_slice(&entries);
                    entries = Vec::new();
                } else {
                    *static_so_far = false;
                    self.tables_written.insert(table_id);
                    steps.push(Step::ApplyElement(id, table_id, offset));
                }
            }
            self.elements.push(Element { entries });
        }
        (first..self.elements.len() as u32).map(ElementId).collect()
    }

    fn plan_data(
        &mut self,
        linked: &Linked<'a>,
        instance: &Instance<'a>,
        static_so_far: bool,
        steps: &mut Vec<Step>,
    ) -> Vec<DataId> {
        let imported_memories = instance.memories.len() - instance.module.memories.len();
        let segments = &instance.module.data;
        let offset = |mode: &SegmentMode| match mode {
            SegmentMode::Active(memory, offset) => {
                Some((*memory as usize, instance.evaluate(offset, &linked.globals).as_index()))
            }
            SegmentMode::Passive | SegmentMode::Declared => None,
        };
        let places: Vec<_> = segments.iter().map(|segment| offset(&segment.mode)).collect();
        let placed =
            places.iter().zip(segments).filter_map(|(place, segment)| Some((place.as_ref()?.1, segment.bytes.len())));
        let mut static_so_far = static_so_far && Image::is_worthwhile(placed);
        let first = self.data.len() as u32;
        for (segment, place) in segments.iter().zip(&places) {
            let id = DataId(self.data.len() as u32);
            let mut bytes = segment.bytes;
            if let Some((memory_index, offset)) = *place {
                let memory_id = instance.memories[memory_index];
                let own = memory_index >= imported_memories || instance.supplied_memories.contains(&memory_id);
                let initial_bytes = linked.memories[memory_id.index()].limits.initial * PAGE_BYTES;
                let end = offset.saturating_add(bytes.len() as u64);
                if static_so_far && own && end <= initial_bytes {
                    self.images[memory_id.index()].write(offset, bytes);
                    bytes = &[];
                } else {
                    static_so_far = false;
                    steps.push(Step::ApplyData(id, memory_id, offset));
                }
            }
            self.data.push(Data { bytes });
        }
        (first..self.data.len() as u32).map(DataId).collect()
    }
}

/// Checks what imports need of memories and tables that grow: what cannot grow enough is refused now.
///
/// # Errors
/// If something cannot.
pub fn check_growth(linked: &Linked<'_>, memories: &[Memory], tables: &[Table]) -> Result<()> {
    for instance in &linked.instances {
        let is_possible = |check: &Check| match *check {
            Check::Memory(memory, pages) => memories[memory.index()].limit_bytes / PAGE_BYTES >= pages,
            Check::Table(table, entries) => tables[table.index()].limit >= entries,
        };
        if !instance.checks.iter().all(is_possible) {
            let message = "a memory or table that it imports is smaller than it needs, and never grows";
            return Err(Error::unlinkable(message).in_module(instance.module.name));
        }
    }
    Ok(())
}
