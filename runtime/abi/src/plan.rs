//! The address plan: the numbers that generated code holds as constants and the runtime has to make true.

use crate::arch::Architecture;

/// Bytes in a WebAssembly page.
pub const PAGE_BYTES: u64 = 65536;

/// The smallest page of a machine, in bytes: size and alignment of what an image consists of, and of what a checkpoint saves or leaves
/// out. Where pages are larger, such parts are copied and not mapped.
pub const SMALLEST_PAGE_BYTES: u64 = 4096;

/// What is reserved for a 32-bit memory whose accesses carry no bounds check: the largest index plus the largest
/// offset (both below 4 GiB) plus the widest access, rounded up to a page of the guest.
pub const UNCHECKED_RESERVATION_BYTES: u64 = 2 * (1 << 32) + PAGE_BYTES;

/// Where a guest stack of this size lies under [`MemoryPlan::Low`]: behind the reservation of memory 0, aligned to its size.
pub const fn low_stack_base(architecture: Architecture, stack_bytes: u64) -> u64 {
    (architecture.low_memory_base() + UNCHECKED_RESERVATION_BYTES).next_multiple_of(stack_bytes)
}

/// Where an executable with a checkpoint lies: saved state holds addresses of its code and data. Above every guest stack
/// of [`MemoryPlan::Low`].
pub const FIXED_EXECUTABLE: u64 = 0x10_0000_0000;

/// Where an executable that is built for a checkpoint reserves what has no place of its own, one behind the other: memories,
/// tables, and under other plans the stack. Far above the executable, because the heap follows that.
pub const FIXED_REGIONS: u64 = 0x20_0000_0000;

/// Smallest guest stack, in bytes.
pub const STACK_BYTES_MIN: u64 = 1 << 18;
/// Guest stack where nothing else is asked for, in bytes.
pub const STACK_BYTES_DEFAULT: u64 = 64 << 20;
/// Largest guest stack, in bytes.
pub const STACK_BYTES_MAX: u64 = 1 << 34;

/// The lowest bytes of the guest stack region are never accessible. An access there is a stack overflow. Larger than
/// any distance between the probes that generated code makes (4 KiB).
pub const STACK_GUARD_BYTES: u64 = 1 << 16;

/// The highest bytes of the guest stack region hold the thread cell: the border's state of the thread that runs on this
/// stack. Below it lies what the thread has of its own of the program ([`crate::program::ThreadState`]), and below that
/// the stack begins. Generated code and the border find both from the stack pointer, because the region is aligned to
/// its size: the cell is at `(stack_pointer | (stack_bytes - 1)) + 1 - THREAD_CELL_BYTES`.
pub const THREAD_CELL_BYTES: u64 = 256;

/// Alignment of the thread state, in bytes: that of the widest global.
pub const THREAD_STATE_ALIGNMENT: u64 = 16;

/// The part of a guest stack region that the thread state may take at most, as a divisor.
pub const THREAD_STATE_DIVISOR: u64 = 4;

/// How the memories of a program are laid out and guarded.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemoryPlan {
    /// Memory 0 at [`Architecture::low_memory_base`], a constant in the code; guard reservations instead of bounds checks.
    #[default]
    Low = 0,
    /// Every memory wherever the kernel puts its guard reservation; the base is read from its descriptor.
    High = 1,
    /// Explicit bounds checks against the current size and a reservation no larger than the memory may grow.
    Checked = 2,
}

const _: () = {
    let mut index = 0;
    while index < Architecture::ALL.len() {
        let architecture = Architecture::ALL[index];
        assert!(architecture.low_memory_base().is_multiple_of(PAGE_BYTES));
        // Memories begin and grow, and guards end, where pages of the machine do, however large these are.
        assert!(architecture.page_bytes().is_multiple_of(SMALLEST_PAGE_BYTES));
        assert!(PAGE_BYTES.is_multiple_of(architecture.page_bytes()));
        assert!(STACK_GUARD_BYTES.is_multiple_of(architecture.page_bytes()));
        assert!(low_stack_base(architecture, STACK_BYTES_MAX) + STACK_BYTES_MAX < FIXED_EXECUTABLE);
        index += 1;
    }
};
const _: () = assert!(FIXED_EXECUTABLE < FIXED_REGIONS);
const _: () = assert!(FIXED_EXECUTABLE.is_multiple_of(PAGE_BYTES) && FIXED_REGIONS.is_multiple_of(PAGE_BYTES));
const _: () = assert!(STACK_BYTES_MIN.is_power_of_two() && STACK_BYTES_DEFAULT.is_power_of_two());
const _: () = assert!(
    STACK_GUARD_BYTES + THREAD_CELL_BYTES + STACK_BYTES_MIN / THREAD_STATE_DIVISOR + STACK_GUARD_BYTES
        <= STACK_BYTES_MIN
);
const _: () = assert!(THREAD_CELL_BYTES.is_multiple_of(THREAD_STATE_ALIGNMENT));
