//! Decides for every memory where it lies and how large it may become. The translator asks for the base of a memory and never
//! assumes that it is a constant.

use adder_abi::plan::{MemoryPlan, PAGE_BYTES, UNCHECKED_RESERVATION_BYTES};

use super::image::Image;
use crate::arch::Machine;
use crate::error::{Error, Result};
use crate::id::MemoryId;
use crate::link::Linked;
use crate::options::Options;
use crate::plan::fact::Facts;

/// A memory of the program.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Whether indices have 64 bits.
    pub index64: bool,
    /// Whether threads share it.
    pub shared: bool,
    /// Bytes at the start.
    pub initial_bytes: u64,
    /// Bytes beyond which it does not grow.
    pub limit_bytes: u64,
    /// Address space to reserve, in bytes.
    pub reservation_bytes: u64,
    /// What it contains at the start as far as it is known at build.
    pub image: Image,
    /// Where byte 0 is.
    pub base: BaseClass,
    /// Whether accesses have to be checked against its size.
    pub checked: bool,
    /// Its current size.
    pub size: SizeClass,
}

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

/// Decides where memories live and how large they may become. `images` are what they contain at the start.
pub fn plan_memories(
    linked: &Linked<'_>,
    images: Vec<Image>,
    facts: &Facts,
    has_threads: bool,
    machine: Machine,
    options: &Options,
) -> Result<Vec<Memory>> {
    // The memories that threads have of their own are nowhere in particular.
    let is_private = |id: &MemoryId| has_threads && !linked.memories[id.index()].shared;
    let low = match options.memory {
        MemoryPlan::Low => linked.main().memories.first().copied().filter(|memory| !is_private(memory)),
        MemoryPlan::High | MemoryPlan::Checked => None,
    };
    let mut memories = Vec::with_capacity(images.len());
    for (index, (ty, image)) in linked.memories.iter().zip(images).enumerate() {
        let id = MemoryId(index as u32);
        let initial_bytes = ty.limits.initial * PAGE_BYTES;
        let pages_max = ty.pages_max();
        let mut limit_bytes = ty.limits.maximum.unwrap_or(pages_max).min(pages_max) * PAGE_BYTES;
        if let Some(limit) = options.memory_limit_bytes {
            let limit = limit / PAGE_BYTES * PAGE_BYTES;
            if limit < initial_bytes {
                let message = format!("a memory starts with {initial_bytes} bytes, above the limit of {limit}");
                return Err(Error::limit(message).in_module(linked.main().module.name).hint("raise --max-memory"));
            }
            limit_bytes = limit_bytes.min(limit);
        }
        let grows = facts.memories_grown.contains(&id);
        if !grows {
            limit_bytes = initial_bytes;
        }
        // No reservation holds every 64-bit index, so accesses by one are always checked.
        let checked = options.memory == MemoryPlan::Checked || ty.index64;
        memories.push(Memory {
            index64: ty.index64,
            shared: ty.shared,
            initial_bytes,
            limit_bytes,
            reservation_bytes: if checked { limit_bytes } else { UNCHECKED_RESERVATION_BYTES },
            image,
            base: match low == Some(id) && !ty.index64 {
                true => BaseClass::Constant(machine.low_memory_base()),
                false => BaseClass::Cell,
            },
            checked,
            size: if grows { SizeClass::Cell } else { SizeClass::Constant(initial_bytes) },
        });
    }
    Ok(memories)
}
