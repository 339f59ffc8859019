//! Moves a static position-independent executable to a fixed address: what its start would do at every process start is
//! done once, in the file.
//!
//! musl's start finds that it lies where the file says, and no relocations. The part that relocation alone had to write is
//! loaded read-only.

use super::executable::{
    ENDIAN, ProgramHeader, SectionHeader, array, array_mut, damaged, file_header, file_header_mut, file_offset,
    is_loaded, loaded, program_headers, section_headers, section_names, target, text,
};
use crate::failure::{Failure, Result};
use crate::target::Target;
use adder_compiler::abi::plan::FIXED_EXECUTABLE;
use object::elf::{self, Dyn64, Rela64, Relr64, Sym64};
use object::{LittleEndian, pod};

type Dynamic = Dyn64<LittleEndian>;
type Relocation = Rela64<LittleEndian>;

/// What only fills the last page of the read-only part.
const PADDING_SECTION: &[u8] = b".relro_padding";

/// Moves `bytes`.
pub(super) fn fix(bytes: &mut [u8]) -> Result<()> {
    let header = file_header(bytes)?;
    let target = target(bytes)?;
    if header.e_type.get(ENDIAN) != elf::ET_DYN {
        return Err(damaged("it is not position-independent"));
    }
    // In this order: until the headers are moved, addresses are the linker's.
    fix_relocations(bytes, target)?;
    fix_symbols(bytes)?;
    fix_sections(bytes)?;
    fix_segments(bytes)?;
    let header = file_header_mut(bytes)?;
    header.e_type.set(ENDIAN, elf::ET_EXEC);
    header.e_entry.set(ENDIAN, moved(header.e_entry.get(ENDIAN)));
    Ok(())
}

fn moved(address: u64) -> u64 {
    address.wrapping_add(FIXED_EXECUTABLE)
}

/// Applies the relocations, and lets the dynamic section say that there are none.
fn fix_relocations(bytes: &mut [u8], target: &Target) -> Result<()> {
    let find = |segment: &&ProgramHeader| segment.p_type.get(ENDIAN) == elf::PT_DYNAMIC;
    let segment = program_headers(bytes)?.iter().find(find).ok_or_else(|| damaged("it has no dynamic section"))?;
    let start = segment.p_offset.get(ENDIAN);
    let count = segment.p_filesz.get(ENDIAN) / size_of::<Dynamic>() as u64;
    let mut entries = array::<Dynamic>(bytes, start, count)?.to_vec();
    let end = entries.iter().position(|entry| entry.d_tag.get(ENDIAN) == elf::DT_NULL).unwrap_or(entries.len());
    entries.truncate(end);

    let value = |tag: i64| {
        let found = entries.iter().find(|entry| entry.d_tag.get(ENDIAN) == tag);
        found.map_or(0, |entry| entry.d_val.get(ENDIAN))
    };
    if value(elf::DT_RELSZ) != 0 || value(elf::DT_PLTRELSZ) != 0 {
        return Err(damaged("it has relocations of a kind that is not known"));
    }
    apply(bytes, target, value(elf::DT_RELA), value(elf::DT_RELASZ))?;
    apply_relative(bytes, value(elf::DT_RELR), value(elf::DT_RELRSZ))?;

    for entry in &mut entries {
        let value = entry.d_val.get(ENDIAN);
        let fixed = match entry.d_tag.get(ENDIAN) {
            elf::DT_RELASZ | elf::DT_RELACOUNT | elf::DT_RELRSZ => 0,
            elf::DT_FLAGS_1 => value & !u64::from(elf::DF_1_PIE),
            elf::DT_HASH
            | elf::DT_GNU_HASH
            | elf::DT_STRTAB
            | elf::DT_SYMTAB
            | elf::DT_RELA
            | elf::DT_RELR
            | elf::DT_PLTGOT
            | elf::DT_INIT
            | elf::DT_FINI
            | elf::DT_INIT_ARRAY
            | elf::DT_FINI_ARRAY => moved(value),
            elf::DT_STRSZ
            | elf::DT_SYMENT
            | elf::DT_RELAENT
            | elf::DT_RELRENT
            | elf::DT_INIT_ARRAYSZ
            | elf::DT_FINI_ARRAYSZ
            | elf::DT_DEBUG
            | elf::DT_FLAGS => value,
            tag => return Err(damaged(&format!("its dynamic section has an entry that is not known, {tag:#x}"))),
        };
        entry.d_val.set(ENDIAN, fixed);
    }
    array_mut::<Dynamic>(bytes, start, end as u64)?.copy_from_slice(&entries);
    Ok(())
}

/// Applies a table of relocations with addends, and rewrites it for the new address: applying it again changes nothing.
fn apply(bytes: &mut [u8], target: &Target, address: u64, size: u64) -> Result<()> {
    if size == 0 {
        return Ok(());
    }
    let start = file_offset(bytes, address, size)?;
    let mut relocations = array::<Relocation>(bytes, start, size / size_of::<Relocation>() as u64)?.to_vec();
    for relocation in &mut relocations {
        if relocation.r_info.get(ENDIAN) != u64::from(target.relative) {
            let kind = relocation.r_type(ENDIAN, false);
            return Err(damaged(&format!("it has a relocation of a type that is not known, {kind}")));
        }
        let (place, value) = (relocation.r_offset.get(ENDIAN), relocation.r_addend.get(ENDIAN));
        let value = moved(value as u64);
        loaded(bytes, place, 8)?.copy_from_slice(&value.to_le_bytes());
        relocation.r_offset.set(ENDIAN, moved(place));
        relocation.r_addend.set(ENDIAN, value as i64);
    }
    array_mut::<Relocation>(bytes, start, relocations.len() as u64)?.copy_from_slice(&relocations);
    Ok(())
}

/// Applies a packed table: an even word is the address of a word to move, and the next ones, odd, tell by their bits
/// which of the 63 words behind it follow.
fn apply_relative(bytes: &mut [u8], address: u64, size: u64) -> Result<()> {
    if size == 0 {
        return Ok(());
    }
    let start = file_offset(bytes, address, size)?;
    let mut words = array::<Relr64<LittleEndian>>(bytes, start, size / 8)?.to_vec();
    let mut next = 0_u64;
    for word in &mut words {
        let value = word.0.get(ENDIAN);
        if value & 1 == 0 {
            apply_word(bytes, value)?;
            next = value.wrapping_add(8);
            word.0.set(ENDIAN, moved(value));
        } else {
            for bit in 0..63 {
                if value >> (bit + 1) & 1 != 0 {
                    apply_word(bytes, next.wrapping_add(8 * bit))?;
                }
            }
            next = next.wrapping_add(8 * 63);
        }
    }
    array_mut::<Relr64<LittleEndian>>(bytes, start, words.len() as u64)?.copy_from_slice(&words);
    Ok(())
}

fn apply_word(bytes: &mut [u8], address: u64) -> Result<()> {
    let place = loaded(bytes, address, 8)?;
    let value = u64::from_le_bytes((&*place).try_into().expect("8 bytes"));
    place.copy_from_slice(&moved(value).to_le_bytes());
    Ok(())
}

/// Moves the symbols that are addresses, so that debuggers and profilers find them.
fn fix_symbols(bytes: &mut [u8]) -> Result<()> {
    let is_table = |section: &&SectionHeader| matches!(section.sh_type.get(ENDIAN), elf::SHT_SYMTAB | elf::SHT_DYNSYM);
    let extent = |section: &SectionHeader| (section.sh_offset.get(ENDIAN), section.sh_size.get(ENDIAN));
    let tables: Vec<(u64, u64)> = section_headers(bytes)?.iter().filter(is_table).map(extent).collect();
    for (start, size) in tables {
        let count = size / size_of::<Sym64<LittleEndian>>() as u64;
        for symbol in array_mut::<Sym64<LittleEndian>>(bytes, start, count)? {
            let is_in_section = !matches!(symbol.st_shndx.get(ENDIAN), elf::SHN_UNDEF | elf::SHN_ABS);
            // Of a thread's variable, it is the offset in the thread's block.
            if is_in_section && symbol.st_type() != elf::STT_TLS {
                symbol.st_value.set(ENDIAN, moved(symbol.st_value.get(ENDIAN)));
            }
        }
    }
    Ok(())
}

/// Moves the sections. The padding goes: [`fix_segments`] takes it out of its segment.
fn fix_sections(bytes: &mut [u8]) -> Result<()> {
    let names = section_names(bytes)?;
    let mut sections = section_headers(bytes)?.to_vec();
    for section in &mut sections {
        if section.sh_flags.get(ENDIAN) & u64::from(elf::SHF_ALLOC) != 0 {
            section.sh_addr.set(ENDIAN, moved(section.sh_addr.get(ENDIAN)));
        }
        if text(names, section.sh_name.get(ENDIAN)) == PADDING_SECTION {
            section.sh_size.set(ENDIAN, 0);
        }
    }
    let start = file_header(bytes)?.e_shoff.get(ENDIAN);
    array_mut::<SectionHeader>(bytes, start, sections.len() as u64)?.copy_from_slice(&sections);
    Ok(())
}

/// Moves the segments, and makes read-only what relocation alone had to write. The program header that told the process to
/// do that is no longer needed; its room is free for another.
fn fix_segments(bytes: &mut [u8]) -> Result<()> {
    let mut segments = program_headers(bytes)?.to_vec();
    let is = |kind: u32| move |segment: &ProgramHeader| segment.p_type.get(ENDIAN) == kind;
    let count = segments.len();
    let protected = segments.iter().position(is(elf::PT_GNU_RELRO)).map(|index| segments.remove(index));
    let protected = protected.ok_or_else(|| damaged("nothing of it is read-only after relocation"))?;
    let extent = |segment: &ProgramHeader| (segment.p_vaddr.get(ENDIAN), segment.p_memsz.get(ENDIAN));
    let own = segments.iter_mut().find(|segment| is_loaded(segment) && extent(segment) == extent(&protected));
    let own = own.ok_or_else(other_linker)?;
    let (start, end) = (
        own.p_vaddr.get(ENDIAN).wrapping_add(own.p_filesz.get(ENDIAN)),
        own.p_vaddr.get(ENDIAN).wrapping_add(own.p_memsz.get(ENDIAN)),
    );
    let beyond_file = |section: &&SectionHeader| {
        // The sections have been moved already.
        let address = section.sh_addr.get(ENDIAN);
        let ordinary =
            section.sh_flags.get(ENDIAN) & u64::from(elf::SHF_ALLOC | elf::SHF_TLS) == u64::from(elf::SHF_ALLOC);
        ordinary && section.sh_size.get(ENDIAN) > 0 && (moved(start)..moved(end)).contains(&address)
    };
    if section_headers(bytes)?.iter().any(|section| beyond_file(&section)) {
        return Err(damaged("it has zeros that are read-only after relocation"));
    }
    own.p_memsz = own.p_filesz;
    own.p_flags.set(ENDIAN, elf::PF_R);
    for segment in segments.iter_mut().filter(|segment| !is(elf::PT_GNU_STACK)(segment)) {
        segment.p_vaddr.set(ENDIAN, moved(segment.p_vaddr.get(ENDIAN)));
        segment.p_paddr.set(ENDIAN, moved(segment.p_paddr.get(ENDIAN)));
    }

    let header = file_header_mut(bytes)?;
    header.e_phnum.set(ENDIAN, segments.len() as u16);
    let place = header.e_phoff.get(ENDIAN);
    let room: &mut [ProgramHeader] = array_mut(bytes, place, count as u64)?;
    let (room, freed) = room.split_at_mut(segments.len());
    room.copy_from_slice(&segments);
    pod::bytes_of_slice_mut(freed).fill(0);
    Ok(())
}

fn other_linker() -> Failure {
    Failure::usage("what is read-only after relocation shares its pages with data: a checkpoint cannot be put there")
        .hint("leave out --linker cc: the linker inside adder keeps them apart")
}
