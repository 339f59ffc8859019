//! The heap's growth.

use super::super::interface;
use crate::guest::memory;
use crate::guest::pointer::Guest;
use adder_abi::plan::PAGE_BYTES;

interface! {
    emscripten::memory;
    adder_emscripten_memory_emscripten_get_heap_max = emscripten_get_heap_max(Guest);
    adder_emscripten_memory_emscripten_resize_heap = emscripten_resize_heap(Guest, bytes: u32);
    adder_emscripten_memory_emscripten_notify_memory_growth = emscripten_notify_memory_growth(Guest, memory: u32);
}

/// The most that a heap can grow beyond what is asked for, in bytes.
const SURPLUS_MAX: u64 = 96 << 20;

/// Returns how large the memory can become. 4 GiB is one page less, as the number has 32 bits.
fn emscripten_get_heap_max(guest: Guest) -> u32 {
    guest.limit_bytes().min(u64::from(u32::MAX) / PAGE_BYTES * PAGE_BYTES) as u32
}

/// Grows the memory to at least so many bytes. Returns whether it has them: without more calls than the heap doubles, as
/// Emscripten does.
fn emscripten_resize_heap(guest: Guest, bytes: u32) -> u32 {
    let wanted = u64::from(bytes).next_multiple_of(PAGE_BYTES);
    let size = guest.size_bytes();
    if wanted <= size {
        return 1;
    }
    let grown = |wanted: u64| memory::grow_to(guest, wanted.next_multiple_of(PAGE_BYTES).min(guest.limit_bytes()));
    let more = wanted.max((size + size / 5).min(wanted + SURPLUS_MAX));
    u32::from(wanted <= guest.limit_bytes() && (grown(more) || grown(wanted)))
}

/// Takes note of a growth: nobody is interested.
fn emscripten_notify_memory_growth(_guest: Guest, _memory: u32) {}
