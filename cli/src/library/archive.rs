//! The static library that an object is linked with.

use crate::failure::{Failure, Result};
use object::Endianness;
use object::elf::{FileHeader64, SHN_UNDEF, SHT_SYMTAB, STB_LOCAL, STV_HIDDEN, Sym64};
use object::read::archive::ArchiveFile;
use object::read::elf::{FileHeader, SectionHeader, Sym};
use std::mem::{offset_of, size_of};

/// Returns an archive in which all that is defined is hidden outside of what it becomes part of. A shared library made with it then
/// does not use what another one in the same process has by the same names.
pub fn hidden(archive: &[u8]) -> Result<Vec<u8>> {
    let places = visibilities(archive)
        .map_err(|error| Failure::internal(format!("cannot read the runtime that adder holds: {error}")))?;
    let mut hidden = archive.to_vec();
    for place in places {
        hidden[place] = hidden[place] & !VISIBILITY | STV_HIDDEN;
    }
    Ok(hidden)
}

type Symbol = Sym64<Endianness>;

/// The bits of `st_other` that say who sees a symbol (System V ABI, "Symbol Table").
const VISIBILITY: u8 = 3;

/// Where the archive has `st_other` of each symbol that its members define for others.
fn visibilities(archive: &[u8]) -> object::read::Result<Vec<usize>> {
    let mut places = Vec::new();
    for member in ArchiveFile::parse(archive)?.members() {
        let member = member?;
        let (start, _) = member.file_range();
        let bytes = member.data(archive)?;
        let header = FileHeader64::<Endianness>::parse(bytes)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, bytes)?;
        let symbols = sections.symbols(endian, bytes, SHT_SYMTAB)?;
        let table = start + sections.section(symbols.section())?.sh_offset(endian);
        for (index, symbol) in symbols.iter().enumerate() {
            if symbol.st_bind() != STB_LOCAL && symbol.st_shndx(endian) != SHN_UNDEF {
                places.push(table as usize + index * size_of::<Symbol>() + offset_of!(Symbol, st_other));
            }
        }
    }
    Ok(places)
}
