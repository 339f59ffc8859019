//! An executable in memory whose addresses are final: what it starts with by address, and one more segment at its end.

use super::relocate;
use crate::failure::{Failure, Result};
use crate::target::Target;
use object::elf::{self, FileHeader64, ProgramHeader64, SectionHeader64, Sym64};
use object::pod::{self, Pod};
use object::{LittleEndian, U16, U32, U64};
use std::borrow::Cow;

pub(super) const ENDIAN: LittleEndian = LittleEndian;
pub(super) type FileHeader = FileHeader64<LittleEndian>;
pub(super) type ProgramHeader = ProgramHeader64<LittleEndian>;
pub(super) type SectionHeader = SectionHeader64<LittleEndian>;
type Symbol = Sym64<LittleEndian>;

/// The section of the appended segment: what has a section is kept by `strip` and `objcopy`.
pub(super) const SECTION: &str = ".adder.checkpoint";

/// An executable at a fixed address.
#[derive(Debug)]
pub struct Executable {
    bytes: Vec<u8>,
}

/// The machine that an executable is for.
pub(super) fn target(bytes: &[u8]) -> Result<&'static Target> {
    let header = file_header(bytes)?;
    let machine = Target::of_file(header.e_machine.get(ENDIAN)).filter(|_| header.e_ident.magic == elf::ELFMAG);
    machine.ok_or_else(|| damaged(&format!("it is not for {}", Target::names("or"))))
}

/// A section in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Address of its first byte.
    pub address: u64,
    /// Its size.
    pub bytes: u64,
}

impl Section {
    /// Whether the `bytes` from `address` on lie in it.
    pub fn contains(self, address: u64, bytes: u64) -> bool {
        address
            .checked_sub(self.address)
            .and_then(|start| start.checked_add(bytes))
            .is_some_and(|end| end <= self.bytes)
    }
}

impl Executable {
    /// Moves a static position-independent executable, as wild links it, to the address plan's place for it.
    ///
    /// # Errors
    /// If it is not such an executable.
    pub fn fix(mut bytes: Vec<u8>) -> Result<Executable> {
        relocate::fix(&mut bytes)?;
        Ok(Executable { bytes })
    }

    /// An executable that was moved before.
    pub fn fixed(bytes: Vec<u8>) -> Executable {
        Executable { bytes }
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, for good.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The section with this name that is loaded, if there is one.
    pub fn section(&self, name: &str) -> Result<Option<Section>> {
        let names = section_names(&self.bytes)?;
        let named = |section: &&SectionHeader| {
            section.sh_flags.get(ENDIAN) & u64::from(elf::SHF_ALLOC) != 0
                && text(names, section.sh_name.get(ENDIAN)) == name.as_bytes()
        };
        let found = section_headers(&self.bytes)?.iter().find(named);
        Ok(found.map(|found| Section { address: found.sh_addr.get(ENDIAN), bytes: found.sh_size.get(ENDIAN) }))
    }

    /// The address of the symbol with this name, if there is one.
    pub fn symbol(&self, name: &str) -> Result<Option<u64>> {
        let sections = section_headers(&self.bytes)?;
        let is_table = |section: &&SectionHeader| section.sh_type.get(ENDIAN) == elf::SHT_SYMTAB;
        let Some(table) = sections.iter().find(is_table) else { return Ok(None) };
        let texts =
            sections.get(table.sh_link.get(ENDIAN) as usize).ok_or_else(|| damaged("its symbols have no names"))?;
        let texts = array::<u8>(&self.bytes, texts.sh_offset.get(ENDIAN), texts.sh_size.get(ENDIAN))?;
        let count = table.sh_size.get(ENDIAN) / size_of::<Symbol>() as u64;
        let symbols = array::<Symbol>(&self.bytes, table.sh_offset.get(ENDIAN), count)?;
        let found = symbols.iter().find(|symbol| text(texts, symbol.st_name.get(ENDIAN)) == name.as_bytes());
        Ok(found.map(|symbol| symbol.st_value.get(ENDIAN)))
    }

    /// What the `bytes` from `address` on are when the process starts; `None` if the executable does not hold all of them.
    pub fn contents(&self, address: u64, bytes: u64) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(segment) = self.segment(address, bytes)? else { return Ok(None) };
        let start = address - segment.p_vaddr.get(ENDIAN);
        let in_file = segment.p_filesz.get(ENDIAN).saturating_sub(start).min(bytes);
        let contents: &[u8] = array(
            &self.bytes,
            segment.p_offset.get(ENDIAN).saturating_add(start.min(segment.p_filesz.get(ENDIAN))),
            in_file,
        )?;
        if in_file == bytes {
            return Ok(Some(Cow::Borrowed(contents)));
        }
        let bytes = usize::try_from(bytes).map_err(|_| damaged("a segment is too large"))?;
        let mut contents = contents.to_vec();
        contents.try_reserve(bytes - contents.len()).map_err(|_| damaged("a segment is too large"))?;
        contents.resize(bytes, 0);
        Ok(Some(Cow::Owned(contents)))
    }

    /// Whether the process can write to the `bytes` from `address` on.
    pub fn is_writable(&self, address: u64, bytes: u64) -> Result<bool> {
        let segment = self.segment(address, bytes)?;
        Ok(segment.is_some_and(|segment| segment.p_flags.get(ENDIAN) & elf::PF_W != 0))
    }

    /// Whether any of the `bytes` from `address` on lie in the executable.
    pub fn overlaps(&self, address: u64, bytes: u64) -> Result<bool> {
        let end = address.saturating_add(bytes);
        let overlaps = |segment: &ProgramHeader| {
            let start = segment.p_vaddr.get(ENDIAN);
            is_loaded(segment) && address < start.saturating_add(segment.p_memsz.get(ENDIAN)) && start < end
        };
        Ok(program_headers(&self.bytes)?.iter().any(overlaps))
    }

    /// The segment that holds the `bytes` from `address` on.
    fn segment(&self, address: u64, bytes: u64) -> Result<Option<&ProgramHeader>> {
        let holds = |segment: &&ProgramHeader| {
            let extent = Section { address: segment.p_vaddr.get(ENDIAN), bytes: segment.p_memsz.get(ENDIAN) };
            is_loaded(segment) && extent.contains(address, bytes)
        };
        Ok(program_headers(&self.bytes)?.iter().find(holds))
    }

    /// The number that the executable starts with at `address`.
    pub fn word(&self, address: u64) -> Result<u64> {
        let bytes = self.contents(address, 8)?;
        let bytes = bytes.as_deref().and_then(|bytes| bytes.try_into().ok());
        Ok(u64::from_le_bytes(bytes.ok_or_else(|| damaged("an address is not in it"))?))
    }

    /// Lets the executable start with `value` at `address`.
    pub fn patch(&mut self, address: u64, value: u64) -> Result<()> {
        let place = loaded(&mut self.bytes, address, 8)?;
        place.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    /// The machine that it is for.
    pub fn target(&self) -> Result<&'static Target> {
        target(&self.bytes)
    }

    /// Alignment of segments: the largest page size that the executable works with.
    fn alignment(&self) -> Result<u64> {
        Ok(self.target()?.architecture.page_bytes())
    }

    /// Where [`Executable::append`] will put its segment.
    pub fn end(&self) -> Result<u64> {
        let alignment = self.alignment()?;
        let ends = program_headers(&self.bytes)?
            .iter()
            .filter(|segment| is_loaded(segment))
            .map(|segment| segment.p_vaddr.get(ENDIAN).saturating_add(segment.p_memsz.get(ENDIAN)));
        let end = ends.max().and_then(|end| end.checked_next_multiple_of(alignment));
        end.ok_or_else(|| damaged("there is no room behind it"))
    }

    /// Appends a segment that can be written to, private to each process, with these contents. It has a section of its
    /// own, so the section headers move to the end of the file.
    pub fn append(&mut self, contents: &[u8]) -> Result<()> {
        let address = self.end()?;
        let mut sections = section_headers(&self.bytes)?.to_vec();
        let mut names = section_names(&self.bytes)?.to_vec();
        let header = file_header(&self.bytes)?;
        let (old_start, old_bytes) = (header.e_shoff.get(ENDIAN), size_of_val(&sections[..]) as u64);
        let names_index = usize::from(header.e_shstrndx.get(ENDIAN));

        let alignment = self.alignment()?;
        self.pad(alignment);
        let offset = self.bytes.len() as u64;
        let bytes = contents.len() as u64;
        self.bytes.extend_from_slice(contents);
        self.insert_segment(ProgramHeader {
            p_type: U32::new(ENDIAN, elf::PT_LOAD),
            p_flags: U32::new(ENDIAN, elf::PF_R | elf::PF_W),
            p_offset: U64::new(ENDIAN, offset),
            p_vaddr: U64::new(ENDIAN, address),
            p_paddr: U64::new(ENDIAN, address),
            p_filesz: U64::new(ENDIAN, bytes),
            p_memsz: U64::new(ENDIAN, bytes),
            p_align: U64::new(ENDIAN, alignment),
        })?;

        sections.push(SectionHeader {
            sh_name: U32::new(ENDIAN, names.len() as u32),
            sh_type: U32::new(ENDIAN, elf::SHT_PROGBITS),
            sh_flags: U64::new(ENDIAN, u64::from(elf::SHF_ALLOC | elf::SHF_WRITE)),
            sh_addr: U64::new(ENDIAN, address),
            sh_offset: U64::new(ENDIAN, offset),
            sh_size: U64::new(ENDIAN, bytes),
            sh_link: U32::new(ENDIAN, 0),
            sh_info: U32::new(ENDIAN, 0),
            sh_addralign: U64::new(ENDIAN, alignment),
            sh_entsize: U64::new(ENDIAN, 0),
        });
        names.extend_from_slice(SECTION.as_bytes());
        names.push(0);
        let names_header = sections.get_mut(names_index).ok_or_else(|| damaged("its sections have no names"))?;
        names_header.sh_offset.set(ENDIAN, self.bytes.len() as u64);
        names_header.sh_size.set(ENDIAN, names.len() as u64);
        self.bytes.append(&mut names);

        self.pad(align_of::<SectionHeader>() as u64);
        let sections_start = self.bytes.len() as u64;
        self.bytes.extend_from_slice(pod::bytes_of_slice(&sections));
        // Nothing but the headers lay there.
        array_mut::<u8>(&mut self.bytes, old_start, old_bytes)?.fill(0);
        let header = file_header_mut(&mut self.bytes)?;
        header.e_shoff = U64::new(ENDIAN, sections_start);
        header.e_shnum = U16::new(ENDIAN, sections.len() as u16);
        Ok(())
    }

    fn pad(&mut self, alignment: u64) {
        let bytes = (self.bytes.len() as u64).next_multiple_of(alignment);
        self.bytes.resize(bytes as usize, 0);
    }

    /// Adds a program header behind those of the other loaded segments, in the room that [`relocate::fix`] made.
    fn insert_segment(&mut self, segment: ProgramHeader) -> Result<()> {
        let mut headers = program_headers(&self.bytes)?.to_vec();
        let last = headers.iter().rposition(is_loaded).ok_or_else(|| damaged("nothing of it is loaded"))?;
        headers.insert(last + 1, segment);
        let header = file_header_mut(&mut self.bytes)?;
        let (start, count) = (header.e_phoff.get(ENDIAN), headers.len() as u64);
        header.e_phnum.set(ENDIAN, count as u16);
        let room: &mut [ProgramHeader] = array_mut(&mut self.bytes, start, count)?;
        let free = room.last().is_some_and(|last| pod::bytes_of(last).iter().all(|byte| *byte == 0));
        if !free {
            return Err(damaged("there is no room for a program header"));
        }
        room.copy_from_slice(&headers);
        Ok(())
    }
}

/// The executable is not what the linker inside adder writes.
pub(super) fn damaged(what: &str) -> Failure {
    Failure::internal(format!("cannot put a checkpoint into the executable: {what}"))
}

/// `count` structures at a file offset.
pub(super) fn array<T: Pod>(bytes: &[u8], offset: u64, count: u64) -> Result<&[T]> {
    let found = || {
        let rest = bytes.get(usize::try_from(offset).ok()?..)?;
        pod::slice_from_bytes(rest, usize::try_from(count).ok()?).ok()
    };
    found().map(|(found, _)| found).ok_or_else(|| damaged("something lies outside of the file"))
}

/// See [`array`].
pub(super) fn array_mut<T: Pod>(bytes: &mut [u8], offset: u64, count: u64) -> Result<&mut [T]> {
    let outside = || damaged("something lies outside of the file");
    let (Ok(offset), Ok(count)) = (usize::try_from(offset), usize::try_from(count)) else { return Err(outside()) };
    let rest = bytes.get_mut(offset..).ok_or_else(outside)?;
    pod::slice_from_bytes_mut(rest, count).map(|(found, _)| found).map_err(|()| outside())
}

pub(super) fn file_header(bytes: &[u8]) -> Result<&FileHeader> {
    array(bytes, 0, 1).map(|headers| &headers[0])
}

pub(super) fn file_header_mut(bytes: &mut [u8]) -> Result<&mut FileHeader> {
    array_mut(bytes, 0, 1).map(|headers| &mut headers[0])
}

pub(super) fn program_headers(bytes: &[u8]) -> Result<&[ProgramHeader]> {
    let header = file_header(bytes)?;
    array(bytes, header.e_phoff.get(ENDIAN), u64::from(header.e_phnum.get(ENDIAN)))
}

pub(super) fn section_headers(bytes: &[u8]) -> Result<&[SectionHeader]> {
    let header = file_header(bytes)?;
    array(bytes, header.e_shoff.get(ENDIAN), u64::from(header.e_shnum.get(ENDIAN)))
}

/// The texts that [`SectionHeader::sh_name`] points into.
pub(super) fn section_names(bytes: &[u8]) -> Result<&[u8]> {
    let index = usize::from(file_header(bytes)?.e_shstrndx.get(ENDIAN));
    let section = section_headers(bytes)?.get(index).ok_or_else(|| damaged("its sections have no names"))?;
    array(bytes, section.sh_offset.get(ENDIAN), section.sh_size.get(ENDIAN))
}

/// The text that starts at `offset`; empty if there is none.
pub(super) fn text(texts: &[u8], offset: u32) -> &[u8] {
    let rest = texts.get(offset as usize..).unwrap_or_default();
    rest.split(|byte| *byte == 0).next().unwrap_or_default()
}

pub(super) fn is_loaded(segment: &ProgramHeader) -> bool {
    segment.p_type.get(ENDIAN) == elf::PT_LOAD
}

/// The file offset of the `count` bytes at `address`, all of which the file has.
pub(super) fn file_offset(bytes: &[u8], address: u64, count: u64) -> Result<u64> {
    let offset = program_headers(bytes)?.iter().filter(|segment| is_loaded(segment)).find_map(|segment| {
        let extent = Section { address: segment.p_vaddr.get(ENDIAN), bytes: segment.p_filesz.get(ENDIAN) };
        let start = extent.contains(address, count).then(|| address - extent.address)?;
        segment.p_offset.get(ENDIAN).checked_add(start)
    });
    offset.ok_or_else(|| damaged("an address is not in the file"))
}

/// The `count` bytes at `address`, all of which the file has.
pub(super) fn loaded(bytes: &mut [u8], address: u64, count: u64) -> Result<&mut [u8]> {
    let offset = file_offset(bytes, address, count)?;
    array_mut(bytes, offset, count)
}
