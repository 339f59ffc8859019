//! Makes read-only what only relocation had to write: pointers of the program descriptor, of the runtime and of libc. A
//! dynamic loader does this for a shared program; a static one has to do it itself (`PT_GNU_RELRO` of the ELF
//! specification's GNU extensions).

use crate::arch::page_bytes;
use core::ffi::c_void;
use core::ops::Range;
use libc::{AT_PHDR, AT_PHNUM, Elf64_Phdr, PT_DYNAMIC, PT_GNU_RELRO, getauxval};
use rustix::mm::{MprotectFlags, mprotect};

unsafe extern "C" {
    /// The dynamic section, which every relocatable executable has; its segment tells where the file was loaded.
    static _DYNAMIC: u8;
}

/// Protects the segment. Where there is none, or the kernel refuses, nothing is protected and nothing else is lost.
pub(crate) fn protect_relocated() {
    // SAFETY: the kernel tells where it has put the program headers, and how many there are.
    let headers = unsafe {
        let (start, count) = (getauxval(AT_PHDR), getauxval(AT_PHNUM));
        if start == 0 {
            return;
        }
        core::slice::from_raw_parts(start as *const Elf64_Phdr, count as usize)
    };
    let find = |kind| headers.iter().find(|header| header.p_type == kind);
    let (Some(dynamic), Some(relocated)) = (find(PT_DYNAMIC), find(PT_GNU_RELRO)) else { return };
    let bias = (&raw const _DYNAMIC as u64).wrapping_sub(dynamic.p_vaddr);
    let start = bias.wrapping_add(relocated.p_vaddr);
    let pages = pages(start, relocated.p_memsz, page_bytes());
    if !pages.is_empty() {
        // SAFETY: nothing writes to these pages after relocation; that is what the linker says with this segment.
        let _ =
            unsafe { mprotect(pages.start as *mut c_void, (pages.end - pages.start) as usize, MprotectFlags::READ) };
    }
}

/// The pages of the segment. Other data may begin in the last one, unless the segment ends with it: then that is not among them.
/// Before the segment there is none.
fn pages(start: u64, bytes: u64, page_bytes: u64) -> Range<u64> {
    start / page_bytes * page_bytes..(start + bytes) / page_bytes * page_bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_other_data_begins_in_is_left_out() {
        for page in [4 << 10, 16 << 10, 64 << 10] {
            assert_eq!(pages(5 * page + 8, 2 * page - 8, page), 5 * page..7 * page);
            assert_eq!(pages(5 * page + 8, 2 * page - 9, page), 5 * page..6 * page);
            assert!(pages(5 * page + 8, page - 9, page).is_empty());
        }
    }
}
