//! Which kernel this is, without asking it: the object that every process gets from it (vdso(7)) holds a note that says so.

use core::slice;
use libc::{AT_SYSINFO_EHDR, Elf64_Ehdr, Elf64_Phdr, PT_NOTE, getauxval};

/// The name of the note, with its end and padding.
const NOTE_NAME: &[u8; 8] = b"Linux\0\0\0";

/// The head of a note: the bytes of its name and of its description, and its type (ELF specification, "Note Section").
const NOTE_HEAD_BYTES: usize = 12;

/// The version as the kernel's headers number it: major version in bits 16 and up, minor version in bits 8 to 15. 0 if it is
/// not known.
pub fn version() -> u32 {
    // SAFETY: the kernel says where the object is, if anywhere; it is an ELF file in memory, of this machine's class.
    let (start, headers) = unsafe {
        let start = getauxval(AT_SYSINFO_EHDR) as *const u8;
        let Some(header) = start.cast::<Elf64_Ehdr>().as_ref() else { return 0 };
        let headers = start.wrapping_add(header.e_phoff as usize).cast::<Elf64_Phdr>();
        (start, slice::from_raw_parts(headers, usize::from(header.e_phnum)))
    };
    let notes = headers.iter().filter(|header| header.p_type == PT_NOTE);
    let mut versions = notes.filter_map(|note| {
        // SAFETY: segments of the object lie in it.
        version_in(unsafe { slice::from_raw_parts(start.wrapping_add(note.p_offset as usize), note.p_filesz as usize) })
    });
    versions.next().unwrap_or(0)
}

/// The version that one of these notes says.
fn version_in(mut notes: &[u8]) -> Option<u32> {
    while let Some((head, rest)) = notes.split_at_checked(NOTE_HEAD_BYTES) {
        let word = |index: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| head[index * 4 + byte]));
        let name_bytes = (word(0) as usize).checked_next_multiple_of(4)?;
        let (name, rest) = rest.split_at_checked(name_bytes)?;
        let (description, rest) = rest.split_at_checked((word(1) as usize).checked_next_multiple_of(4)?)?;
        if name == NOTE_NAME && word(2) == 0 {
            return description.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        }
        notes = rest;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_kernel() {
        // SAFETY: zeros are a valid structure, and the kernel fills it in.
        let name = unsafe {
            let mut name: libc::utsname = core::mem::zeroed();
            assert_eq!(libc::uname(&mut name), 0);
            name
        };
        // SAFETY: the kernel ends it with a NUL.
        let release = unsafe { core::ffi::CStr::from_ptr(name.release.as_ptr()) }.to_str().expect("it is text");
        let mut numbers = release.split(['.', '-']).map(|part| part.parse::<u32>());
        let (major, minor) = (numbers.next().unwrap().expect("a number"), numbers.next().unwrap().expect("a number"));
        assert_eq!((version() >> 16, version() >> 8 & 0xff), (major, minor));
    }

    #[test]
    fn notes_are_read_with_care() {
        let note = |name: &[u8], description: &[u8], kind: u32| {
            let mut bytes = (name.len() as u32).to_le_bytes().to_vec();
            bytes.extend((description.len() as u32).to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            for part in [name, description] {
                bytes.extend(part);
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
            bytes
        };
        let version = 0x0006_0800_u32.to_le_bytes();
        let other = note(b"GNU\0", &[1, 2, 3, 4, 5], 3);
        let wanted = note(b"Linux\0", &version, 0);
        assert_eq!(version_in(&[other.clone(), wanted.clone()].concat()), Some(0x0006_0800));
        assert_eq!(version_in(&other), None);
        assert_eq!(version_in(&note(b"Linux\0", &version, 1)), None);
        for cut in 0..wanted.len() {
            assert_eq!(version_in(&wanted[..cut]), None, "{cut} bytes");
        }
        assert_eq!(version_in(&[0xff; 12]), None);
    }
}
