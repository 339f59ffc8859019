//! The second object file of every link: the configuration block and the note.

use crate::target::Target;
use adder_compiler::abi::symbol::{CONFIGURATION, NOTE_SECTION};
use object::write::{Object, Symbol, SymbolSection};
use object::{BinaryFormat, Endianness, SectionFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope, elf};

/// Holds the block. Read-only and not `.rodata`, so that megabytes of files do not come between code and its
/// constants; the kernel maps it and pages in what is read.
pub(crate) const SECTION: &str = ".adder.configuration";

/// An object file that defines [`CONFIGURATION`] as `block` and holds `note` (the bytes of a note section).
pub fn object(target: &Target, block: &[u8], note: &[u8]) -> Vec<u8> {
    let mut object = Object::new(BinaryFormat::Elf, target.object, Endianness::Little);

    let section = object.add_section(Vec::new(), SECTION.as_bytes().to_vec(), SectionKind::ReadOnlyData);
    let offset = object.append_section_data(section, block, 16);
    object.add_symbol(Symbol {
        name: CONFIGURATION.as_bytes().to_vec(),
        value: offset,
        size: block.len() as u64,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });

    let section = object.add_section(Vec::new(), NOTE_SECTION.as_bytes().to_vec(), SectionKind::Note);
    // Loaded with the file, so that `strip` keeps it; retained although nothing refers to it.
    object.section_mut(section).flags = SectionFlags::Elf { sh_flags: u64::from(elf::SHF_ALLOC | elf::SHF_GNU_RETAIN) };
    object.append_section_data(section, note, 4);

    // Without this, linkers assume that the object wants an executable stack.
    object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Other);
    object.write().expect("two sections and a symbol are a valid object")
}
