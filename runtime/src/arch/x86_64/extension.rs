//! What the CPU can do beyond the baseline, for leaves that are faster with it.

use core::arch::x86_64::__cpuid;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU8, Ordering};

/// An extension of the instruction set. Whether the CPU has it is asked at the first use, because asking costs a
/// microsecond or more in a virtual machine.
pub(super) struct Extension {
    /// Its bit in `ecx` of leaf 1 of `cpuid`.
    bit: u32,
    /// Relaxed, and without any order in leaves: the byte says all, and all threads find out the same.
    known: AtomicU8,
}

pub(super) static SSSE3: Extension = Extension::new(9);
pub(super) static SSE41: Extension = Extension::new(19);

impl Extension {
    const UNKNOWN: u8 = 0;
    const LACKING: u8 = 1;
    /// What the byte at [`Extension::KNOWN_OFFSET`] is once it is known that the CPU has it.
    pub(super) const PRESENT: u8 = 2;
    /// Where the byte is that says what is known.
    pub(super) const KNOWN_OFFSET: usize = offset_of!(Extension, known);

    const fn new(bit: u32) -> Extension {
        Extension { bit, known: AtomicU8::new(Extension::UNKNOWN) }
    }

    /// Whether the CPU has it.
    #[inline(always)]
    pub(super) fn is_present(&self) -> bool {
        match self.known.load(Ordering::Relaxed) {
            Extension::UNKNOWN => self.ask(),
            known => known == Extension::PRESENT,
        }
    }

    #[cold]
    fn ask(&self) -> bool {
        let present = __cpuid(1).ecx & 1 << self.bit != 0;
        self.known.store(if present { Extension::PRESENT } else { Extension::LACKING }, Ordering::Relaxed);
        present
    }
}
