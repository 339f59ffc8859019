//! What a file is that is no module in the binary format, told by its beginning, and what to do about it.

use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader};
use object::{Endianness, pod};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// The first bytes of a module, and of a component (section 5.5.16 of the specification).
pub const MODULE_MAGIC: &[u8] = b"\0asm";

/// The operating system that wasmtime names in the header of its precompiled modules, and the flag of components.
const WASMTIME_ABI: u8 = 200;
const WASMTIME_COMPONENT: u32 = 2;

/// More than the table has that says what an executable needs to be loaded.
const DYNAMIC_BYTES_MAX: u64 = 64 << 10;

/// What a file is, behind its name, and what to do about it; mostly nothing if the second is empty.
pub type Foreign = (&'static str, &'static str);

const PRECOMPILED: &str = "give the file that it was compiled from, with the ending .wasm";
const COMPILE_ANEW: &str =
    "adder compiles WebAssembly: compile the source for it, with clang --target=wasm32-wasi or the like";

/// Beginnings of files, each with what it says.
const BEGINNINGS: &[(&[u8], Foreign)] = &[
    (b"\0aot", ("is a module that WAMR has compiled already, not a WebAssembly module", PRECOMPILED)),
    (b"wasmer-universal", ("is a module that Wasmer has compiled already, not a WebAssembly module", PRECOMPILED)),
    (b"WASMER\0\0", ("is a module that Wasmer has compiled already, not a WebAssembly module", PRECOMPILED)),
    (
        b"BC\xc0\xde",
        (
            "is LLVM bitcode, not a WebAssembly module yet",
            "link it first: clang --target=wasm32-wasi FILE.bc -o FILE.wasm",
        ),
    ),
    (b"!<arch>\n", ("is a library of object files, not a WebAssembly module", "link it into a program first")),
    (b"\x1f\x8b", ("is an archive, not a WebAssembly module", "unpack it first")),
    (b"PK\x03\x04", ("is an archive, not a WebAssembly module", "unpack it first")),
    (b"\xfd7zXZ\0", ("is an archive, not a WebAssembly module", "unpack it first")),
    (b"\x28\xb5\x2f\xfd", ("is an archive, not a WebAssembly module", "unpack it first")),
];

/// Recognises a file by its beginning, of which there have to be some thousand bytes if the file has them; `None` if it may
/// be a module. Of executables, `file` may be looked into.
pub fn recognise(beginning: &[u8], file: &File) -> Option<Foreign> {
    if beginning.is_empty() {
        return Some(("is empty, not a WebAssembly module", ""));
    }
    if let Some(rest) = beginning.strip_prefix(MODULE_MAGIC) {
        // The version and the layer, two bytes each. Shorter or unknown ones are for the compiler to refuse.
        return match rest {
            [_, _, 1, 0, ..] => Some((
                "is a WebAssembly component, not a core module",
                "components and WASI preview 2 are not supported: compile it for WASI preview 1 (wasm32-wasip1)",
            )),
            _ => None,
        };
    }
    if beginning.starts_with(&elf::ELFMAG) {
        return Some(recognise_elf(beginning, file));
    }
    if let Some((_, foreign)) = BEGINNINGS.iter().find(|(magic, _)| beginning.starts_with(magic)) {
        return Some(*foreign);
    }
    let text = beginning.trim_ascii_start();
    if text.starts_with(b"(") || text.starts_with(b";;") {
        return Some((
            "is WebAssembly text, not a module in the binary format",
            "convert it first, with wat2wasm or wasm-tools parse",
        ));
    }
    if MODULE_MAGIC.starts_with(beginning) {
        return Some(("ends in the middle of the header of a WebAssembly module", "the file is incomplete"));
    }
    Some(("is not a WebAssembly module: it does not start with \\0asm", ""))
}

fn recognise_elf(beginning: &[u8], file: &File) -> Foreign {
    let wide = beginning.get(4) == Some(&elf::ELFCLASS64);
    let recognised = match wide {
        true => elf::FileHeader64::parse(beginning).ok().and_then(|header| kind(header, beginning, file)),
        false => elf::FileHeader32::parse(beginning).ok().and_then(|header| kind(header, beginning, file)),
    };
    recognised.unwrap_or(("is a native program or a part of one, not a WebAssembly module", COMPILE_ANEW))
}

/// What an ELF file is; `None` if its header does not say.
fn kind<H: FileHeader<Endian = Endianness>>(header: &H, beginning: &[u8], file: &File) -> Option<Foreign> {
    let endian = header.endian().ok()?;
    if header.e_ident().os_abi == WASMTIME_ABI {
        return Some(match header.e_flags(endian) & WASMTIME_COMPONENT {
            0 => ("is a module that wasmtime has compiled already, not a WebAssembly module", PRECOMPILED),
            _ => (
                "is a component that wasmtime has compiled already, not a WebAssembly module",
                "components and WASI preview 2 are not supported: compile its source for WASI preview 1 (wasm32-wasip1)",
            ),
        });
    }
    match header.e_type(endian) {
        elf::ET_REL => Some(("is a native object file, not a WebAssembly module", COMPILE_ANEW)),
        elf::ET_EXEC => Some(EXECUTABLE),
        elf::ET_DYN if is_executable(header, endian, beginning, file)? => Some(EXECUTABLE),
        elf::ET_DYN => Some(("is a native shared library, not a WebAssembly module", COMPILE_ANEW)),
        _ => None,
    }
}

const EXECUTABLE: Foreign = ("is a native executable, not a WebAssembly module", "it runs without adder");

/// Whether a file that can be loaded at any address is a program: it names the loader that starts it, or says that it is one.
fn is_executable<H: FileHeader<Endian = Endianness>>(
    header: &H,
    endian: Endianness,
    beginning: &[u8],
    file: &File,
) -> Option<bool> {
    for segment in header.program_headers(endian, beginning).ok()? {
        match segment.p_type(endian) {
            elf::PT_INTERP => return Some(true),
            elf::PT_DYNAMIC => {
                let (offset, bytes): (u64, u64) = (segment.p_offset(endian).into(), segment.p_filesz(endian).into());
                let mut dynamic =
                    vec![0; bytes.min(DYNAMIC_BYTES_MAX) as usize / size_of::<H::Dyn>() * size_of::<H::Dyn>()];
                file.read_exact_at(&mut dynamic, offset).ok()?;
                let entries = pod::slice_from_all_bytes::<H::Dyn>(&dynamic).ok()?;
                let is_program = |entry: &H::Dyn| {
                    entry.tag(endian) == elf::DT_FLAGS_1 && entry.val(endian) & u64::from(elf::DF_1_PIE) != 0
                };
                if entries.iter().any(is_program) {
                    return Some(true);
                }
            }
            _ => {}
        }
    }
    Some(false)
}
