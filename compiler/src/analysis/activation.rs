//! What is left to do when an instance is activated.
//!
//! Active segments are applied at build as far as nobody can tell the difference; the rest, in order, and the start
//! function are left to the activation, which can end half way. Segments of an instance are applied in order, tables
//! first, and the first one that is out of bounds ends the instantiation while what was written to shared tables and
//! memories stays (section "Instantiation" of the specification's chapter on execution). So a segment can be applied at
//! build if it is in bounds, goes to a table or memory that its own instance defines or that was made for it (nobody else
//! sees it earlier), and all before it were applied at build too.

use super::constant::{evaluate, global_value};
use super::fact::ProgramFacts;
use super::table::IMAGE_ENTRIES_MAX;
use super::{Constant, Data, Element, Image, Program, Step};
use crate::error::{Error, Result};
use crate::id::{DataId, ElementId};
use crate::module::SegmentMode;

/// Entries of a table that may be mostly null and still be written out at build.
const SPARSE_ENTRIES_MAX: u64 = 1 << 16;

/// Applies segments, and plans the activation of every instance.
pub fn plan_activation(program: &mut Program<'_>, facts: &mut ProgramFacts) {
    for index in 0..program.instances.len() {
        let mut static_so_far = true;
        let mut steps = Vec::new();
        plan_elements(program, facts, index, &mut static_so_far, &mut steps);
        plan_data(program, index, static_so_far, &mut steps);
        let instance = &program.instances[index];
        if let Some(start) = instance.module.start {
            steps.push(Step::Start(instance.functions[start as usize]));
        }
        program.instances[index].activation.extend(steps);
    }
}

fn plan_elements(
    program: &mut Program<'_>,
    facts: &mut ProgramFacts,
    index: usize,
    static_so_far: &mut bool,
    steps: &mut Vec<Step>,
) {
    let instance = &program.instances[index];
    let imported_tables = instance.tables.len() - instance.module.tables.len();
    let value = |expression| {
        evaluate(
            expression,
            |function| instance.functions[function as usize],
            |global| global_value(&program.globals, instance.globals[global as usize]),
        )
    };
    let mut elements = Vec::new();
    for (defined, table) in instance.module.tables.iter().enumerate() {
        let id = instance.tables[imported_tables + defined];
        if let Some(initial) = table.initial.as_ref().map(value).filter(|initial| *initial != Constant::Null) {
            program.tables[id.index()].fill = initial;
        }
    }
    for segment in &instance.module.elements {
        let id = ElementId((program.elements.len() + elements.len()) as u32);
        let mut entries: Vec<Constant> = match segment.mode {
            SegmentMode::Declared => Vec::new(),
            _ => segment.entries.iter().map(value).collect(),
        };
        if let SegmentMode::Active(table_index, offset) = &segment.mode {
            let table_id = instance.tables[*table_index as usize];
            let offset = value(offset).as_index();
            let table = &mut program.tables[table_id.index()];
            let end = offset.saturating_add(entries.len() as u64);
            let own = *table_index as usize >= imported_tables;
            let dense = end <= SPARSE_ENTRIES_MAX || end <= (table.entries.len() + 2 * entries.len()) as u64;
            if *static_so_far && own && dense && end <= table.initial.min(IMAGE_ENTRIES_MAX) {
                if table.entries.len() < end as usize {
                    table.entries.resize(end as usize, table.fill);
                }
                table.entries[offset as usize..end as usize].copy_from_slice(&entries);
                entries = Vec::new();
            } else {
                *static_so_far = false;
                facts.tables_written.insert(table_id);
                steps.push(Step::ApplyElement(id, table_id, offset));
            }
        }
        elements.push(Element { entries });
    }
    let first = program.elements.len() as u32;
    let count = elements.len() as u32;
    program.elements.extend(elements);
    program.instances[index].elements = (first..first + count).map(ElementId).collect();
}

fn plan_data(program: &mut Program<'_>, index: usize, static_so_far: bool, steps: &mut Vec<Step>) {
    let instance = &program.instances[index];
    let imported_memories = instance.memories.len() - instance.module.memories.len();
    let mut offsets = Vec::with_capacity(instance.module.data.len());
    for segment in &instance.module.data {
        offsets.push(match &segment.mode {
            SegmentMode::Active(memory, offset) => {
                let offset = evaluate(
                    offset,
                    |function| instance.functions[function as usize],
                    |global| global_value(&program.globals, instance.globals[global as usize]),
                );
                Some((*memory as usize, offset.as_index()))
            }
            SegmentMode::Passive | SegmentMode::Declared => None,
        });
    }
    let in_image = static_so_far && {
        let placed = || {
            offsets
                .iter()
                .zip(&instance.module.data)
                .filter_map(|(place, segment)| Some(((*place)?, segment.bytes.len())))
        };
        Image::is_worthwhile(placed().map(|((_, offset), bytes)| (offset, bytes)))
    };
    let mut static_so_far = in_image;
    let first = program.data.len() as u32;
    let mut data = Vec::with_capacity(offsets.len());
    for (segment, place) in instance.module.data.iter().zip(&offsets) {
        let id = DataId(first + data.len() as u32);
        let mut bytes = segment.bytes;
        if let Some((memory_index, offset)) = *place {
            let memory_id = instance.memories[memory_index];
            let own = memory_index >= imported_memories || instance.supplied_memories.contains(&memory_id);
            let memory = &mut program.memories[memory_id.index()];
            let end = offset.saturating_add(bytes.len() as u64);
            if static_so_far && own && end <= memory.initial_bytes {
                memory.image.write(offset, bytes);
                bytes = &[];
            } else {
                static_so_far = false;
                steps.push(Step::ApplyData(id, memory_id, offset));
            }
        }
        data.push(Data { bytes });
    }
    let count = data.len() as u32;
    program.data.extend(data);
    program.instances[index].data = (first..first + count).map(DataId).collect();
}

/// Checks steps that depend on growth: what cannot grow enough is refused now.
pub fn check_growth(program: &Program<'_>) -> Result<()> {
    for instance in &program.instances {
        for step in &instance.activation {
            let possible = match *step {
                Step::CheckMemory(memory, pages) => program.memories[memory.index()].limit_bytes >> 16 >= pages,
                Step::CheckTable(table, entries) => program.tables[table.index()].limit >= entries,
                _ => true,
            };
            if !possible {
                return Err(Error::new("a memory or table that it imports is smaller than it needs, and never grows")
                    .in_module(instance.module.name));
            }
        }
    }
    Ok(())
}
