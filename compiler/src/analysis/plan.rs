//! The address plan: decides for every memory, table and global where it lives. The translator asks the plan for a base
//! and never assumes that it is a constant.

use adder_abi::plan::{LOW_MEMORY_BASE, MemoryPlan, PAGE_BYTES, UNCHECKED_RESERVATION_BYTES};

use super::Program;
use super::fact::ProgramFacts;
use crate::error::{Error, Result};
use crate::id::{GlobalId, MemoryId};
use crate::options::Options;

/// Where the first byte of a memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseClass {
    /// At an address known now.
    Constant(u64),
    /// Where the runtime put it: read from the memory's descriptor.
    Cell,
}

/// How large a memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeClass {
    /// It never grows: this many bytes.
    Constant(u64),
    /// Read from its descriptor.
    Cell,
}

/// Where a table lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableStorage {
    /// In the image, behind a symbol; its size is known now. If nothing ever changes it, it is read-only.
    LinkSymbol {
        /// Whether it can be written.
        writable: bool,
    },
    /// In a region that the runtime reserves; base and size are read from its descriptor.
    Cell,
}

/// Where a global lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalClass {
    /// Nowhere: it never changes, its value is in the code.
    Constant,
    /// In the image, behind a symbol.
    LinkSymbol,
    /// In the thread state: one for each thread.
    ThreadRelative,
    /// Behind a pointer that is filled in at run time: a global of another, dynamically linked program.
    Cell,
}

/// Decides where memories live and how large they may become.
pub fn plan_memories(program: &mut Program<'_>, facts: &ProgramFacts, options: &Options) -> Result<()> {
    let low = match options.memory {
        // The memories that threads have of their own are nowhere in particular.
        MemoryPlan::Low => {
            let first = program.instance(program.main).memories.first().copied();
            first.filter(|memory| !program.is_private_memory(*memory))
        }
        MemoryPlan::High | MemoryPlan::Checked => None,
    };
    let main = program.instance(program.main).module.name.to_owned();
    for (index, memory) in program.memories.iter_mut().enumerate() {
        let id = MemoryId(index as u32);
        if let Some(limit) = options.memory_limit_bytes {
            let limit = limit / PAGE_BYTES * PAGE_BYTES;
            if limit < memory.initial_bytes {
                let message =
                    format!("a memory starts with {} bytes, above the limit of {limit}", memory.initial_bytes);
                return Err(Error::new(message).in_module(&main).hint("raise --max-memory"));
            }
            memory.limit_bytes = memory.limit_bytes.min(limit);
        }
        if !facts.memories_grown.contains(&id) {
            memory.limit_bytes = memory.initial_bytes;
            memory.size = SizeClass::Constant(memory.initial_bytes);
        }
        // No reservation holds every 64-bit index, so accesses by one are always checked.
        memory.checked = options.memory == MemoryPlan::Checked || memory.index64;
        memory.reservation_bytes = if memory.checked { memory.limit_bytes } else { UNCHECKED_RESERVATION_BYTES };
        memory.base =
            if low == Some(id) && !memory.index64 { BaseClass::Constant(LOW_MEMORY_BASE) } else { BaseClass::Cell };
    }
    Ok(())
}

/// Decides where globals live.
pub fn plan_globals(program: &mut Program<'_>, facts: &ProgramFacts, options: &Options) {
    for (index, global) in program.globals.iter_mut().enumerate() {
        let set = facts.globals_set.contains(&GlobalId(index as u32));
        global.class = if !set {
            GlobalClass::Constant
        } else {
            match options.global_class {
                None if program.has_threads => GlobalClass::ThreadRelative,
                None => GlobalClass::LinkSymbol,
                Some(crate::options::ForcedGlobalClass::Cell) => GlobalClass::Cell,
                Some(crate::options::ForcedGlobalClass::ThreadRelative) => GlobalClass::ThreadRelative,
            }
        };
    }
}
