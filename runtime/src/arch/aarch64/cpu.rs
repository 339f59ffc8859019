//! Whether the CPU can do what generated code was built for.

use adder_abi::arch::{CpuLevel, Extension, Sign};

/// The size of a page in bytes: kernels have 4, 16 or 64 KiB.
pub fn page_bytes() -> u64 {
    // SAFETY: the vector that it reads is there as long as the process.
    unsafe { libc::getauxval(libc::AT_PAGESZ) }
}

/// The extensions of a level that the CPU lacks, or that the system does not let programs use.
pub fn lacking(level: CpuLevel) -> impl Iterator<Item = &'static Extension> {
    // SAFETY: the vector that it reads is there as long as the process.
    let present = unsafe { libc::getauxval(libc::AT_HWCAP) };
    level.extensions().filter(move |extension| match extension.sign {
        Sign::Capability(bits) => present & bits != bits,
        Sign::Leaf { .. } => true,
    })
}
