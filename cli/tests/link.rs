//! What the linkers make of an object file, whatever compiler wrote it: a static executable that is safe to load, with
//! the memory image whole, the same bytes every time.

use adder::configuration::{Configuration, Grant, object as configuration_object};
use adder::failure::Status;
use adder::link::{Linker, Runtime, link};
use adder::target::Target;
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;
use adder_compiler::abi::symbol::{CONFIGURATION, IMAGE_SECTION, NOTE_SECTION, PROGRAM};
use object::elf;
use object::read::elf::{Dyn, ElfFile64, FileHeader, ProgramHeader, SectionHeader};
use object::write::{Object, Relocation, Symbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionFlags, SectionKind, SymbolFlags, SymbolKind,
    SymbolScope,
};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const IMAGE_BYTES: usize = 33 * SMALLEST_PAGE_BYTES as usize;

fn empty() -> Object<'static> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Other);
    object
}

fn symbol(object: &mut Object, name: &str, kind: SymbolKind, section: SymbolSection) -> SymbolId {
    object.add_symbol(Symbol {
        name: name.as_bytes().to_vec(),
        value: 0,
        size: 0,
        kind,
        scope: SymbolScope::Linkage,
        weak: false,
        section,
        flags: SymbolFlags::None,
    })
}

/// What the compiler writes, as far as the linker can see: read-only data with an absolute pointer, and an image.
fn program() -> Vec<u8> {
    let mut object = empty();
    let image = object.add_section(Vec::new(), IMAGE_SECTION.as_bytes().to_vec(), SectionKind::Data);
    object.section_mut(image).flags = SectionFlags::Elf { sh_flags: u64::from(elf::SHF_ALLOC | elf::SHF_WRITE) };
    let mut contents = vec![0xAA; IMAGE_BYTES];
    contents[IMAGE_BYTES - 1] = 0xBB;
    object.append_section_data(image, &contents, SMALLEST_PAGE_BYTES);
    let image_symbol = symbol(&mut object, "image", SymbolKind::Data, SymbolSection::Section(image));

    let data = object.add_section(Vec::new(), b".data.rel.ro".to_vec(), SectionKind::ReadOnlyDataWithRel);
    object.append_section_data(data, &[0; 8], 8);
    let flags = RelocationFlags::Elf { r_type: elf::R_X86_64_64 };
    object
        .add_relocation(data, Relocation { offset: 0, symbol: image_symbol, addend: 0, flags })
        .expect("a relocation");
    symbol(&mut object, PROGRAM, SymbolKind::Data, SymbolSection::Section(data));
    object.write().expect("an object")
}

/// What the code below is for.
fn target() -> &'static Target {
    Target::of(adder_compiler::Architecture::X86_64)
}

/// A `main` that ends with the first byte of the image behind the program's pointer, plus the first byte of the
/// configuration: 0xAA + 'a' modulo 256.
fn runtime() -> Runtime {
    let mut object = empty();
    let text = object.add_section(Vec::new(), b".text.main".to_vec(), SectionKind::Text);
    #[rustfmt::skip]
    let code = [
        0x48, 0x8B, 0x05, 0, 0, 0, 0,       // mov rax, [rip + adder_program]
        0x0F, 0xB6, 0x00,                   // movzx eax, byte [rax]
        0x02, 0x05, 0, 0, 0, 0,             // add al, [rip + adder_configuration]
        0xC3,                               // ret
    ];
    object.append_section_data(text, &code, 16);
    for (offset, name) in [(3, PROGRAM), (12, CONFIGURATION)] {
        let target = symbol(&mut object, name, SymbolKind::Unknown, SymbolSection::Undefined);
        let flags = RelocationFlags::Elf { r_type: elf::R_X86_64_PC32 };
        object.add_relocation(text, Relocation { offset, symbol: target, addend: -4, flags }).expect("a relocation");
    }
    symbol(&mut object, "main", SymbolKind::Text, SymbolSection::Section(text));
    Runtime::with_archive(target(), object.write().expect("an object"))
}

const STATUS: i32 = (0xAA + b'a' as i32) % 256;

/// Links the program above with an embedded file of 3 MB. Its time is part of the output, so it is written once.
fn linked(linker: Linker, output: &Path) -> Vec<u8> {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedded");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("big"), vec![7; 3_000_000]).expect("a file");
        folder
    });
    let mut configuration = Configuration {
        grants: vec![Grant { host: "/".into(), guest: "/".into(), read_only: true }],
        ..Configuration::default()
    };
    configuration.tree.embed(&FOLDER, "/lib", &|_, _| true).expect("embedded");
    let second =
        configuration_object(target(), &configuration.block(), b"\x06\0\0\0\x02\0\0\0\x01\0\0\0adder\0\0\0{}\0\0");
    link(&[("program", &program()), ("configuration", &second)], &runtime(), linker, 2, output).expect("linked");
    std::fs::read(output).expect("the executable")
}

fn for_both_linkers(check: impl Fn(Linker, &Path, &[u8])) {
    let folder = tempfile::tempdir().expect("a folder");
    for linker in [Linker::Wild, Linker::Cc] {
        let output = folder.path().join(format!("{linker:?}"));
        let bytes = linked(linker, &output);
        println!("{linker:?}: {} bytes", bytes.len());
        check(linker, &output, &bytes);
    }
}

#[test]
fn both_linkers_make_executables_that_behave_the_same() {
    for_both_linkers(|linker, path, _| {
        // While another test starts a process, that process may still hold this file open for writing.
        let status = loop {
            match Command::new(path).status() {
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                outcome => break outcome.expect("it runs"),
            }
        };
        assert_eq!(status.code(), Some(STATUS), "{linker:?}");
    });
}

#[test]
fn segments_are_written_or_executed_never_both() {
    for_both_linkers(|linker, _, bytes| {
        let file = ElfFile64::<Endianness>::parse(bytes).expect("ELF");
        let endian = file.endian();
        assert_eq!(file.elf_header().e_type(endian), elf::ET_DYN, "{linker:?}: position independent");
        let mut found = Vec::new();
        for segment in file.elf_program_headers() {
            let (kind, flags) = (segment.p_type(endian), segment.p_flags(endian));
            found.push(kind);
            assert_ne!(kind, elf::PT_INTERP, "{linker:?}: an interpreter");
            if kind == elf::PT_LOAD {
                assert_ne!(flags & (elf::PF_W | elf::PF_X), elf::PF_W | elf::PF_X, "{linker:?}: writable code");
                assert!(segment.p_align(endian) >= 4096, "{linker:?}: {:#x}", segment.p_align(endian));
            }
            if kind == elf::PT_GNU_STACK {
                assert_eq!(flags & elf::PF_X, 0, "{linker:?}: executable stack");
            }
            if let Some(entries) = segment.dynamic(endian, bytes).expect("dynamic section") {
                let tags: Vec<_> = entries.iter().map(|entry| entry.tag(endian)).collect();
                assert!(!tags.contains(&elf::DT_NEEDED), "{linker:?}: a shared library");
                assert!(!tags.contains(&elf::DT_TEXTREL), "{linker:?}: relocations in code");
            }
        }
        for kind in [elf::PT_GNU_STACK, elf::PT_GNU_RELRO, elf::PT_DYNAMIC] {
            assert!(found.contains(&kind), "{linker:?}: no segment of type {kind:?}");
        }
    });
}

#[test]
fn the_image_is_whole_aligned_and_alone_on_its_pages() {
    for_both_linkers(|linker, _, bytes| {
        let file = ElfFile64::<Endianness>::parse(bytes).expect("ELF");
        let endian = file.endian();
        let sections = file.elf_section_table();
        let (_, image) = sections.section_by_name(endian, IMAGE_SECTION.as_bytes()).expect("the section is kept");
        assert_eq!(image.sh_addr(endian) % SMALLEST_PAGE_BYTES, 0, "{linker:?}");
        assert_eq!(image.sh_offset(endian) % 4096, 0, "{linker:?}");
        assert_eq!(image.sh_size(endian), IMAGE_BYTES as u64, "{linker:?}");
        let contents = image.data(endian, bytes).expect("in the file");
        assert_eq!((contents[0], contents[IMAGE_BYTES - 1]), (0xAA, 0xBB), "{linker:?}");

        let (begin, end) = (image.sh_addr(endian), image.sh_addr(endian) + IMAGE_BYTES as u64);
        let segment = file
            .elf_program_headers()
            .iter()
            .find(|segment| {
                let start = segment.p_vaddr(endian);
                segment.p_type(endian) == elf::PT_LOAD && start <= begin && end <= start + segment.p_filesz(endian)
            })
            .expect("one segment holds all of it, from the file");
        assert_ne!(segment.p_flags(endian) & elf::PF_W, 0, "{linker:?}: writable");
        let relro = |segment: &&elf::ProgramHeader64<Endianness>| segment.p_type(endian) == elf::PT_GNU_RELRO;
        let relro = file.elf_program_headers().iter().find(relro).expect("RELRO");
        let relro_end = relro.p_vaddr(endian) + relro.p_memsz(endian);
        assert!(relro_end <= begin || end <= relro.p_vaddr(endian), "{linker:?}: the image is made read-only");
    });
}

#[test]
fn configuration_and_note_are_kept_and_cannot_be_written() {
    for_both_linkers(|linker, _, bytes| {
        let file = ElfFile64::<Endianness>::parse(bytes).expect("ELF");
        let endian = file.endian();
        let sections = file.elf_section_table();
        for (name, size_min) in [(".adder.configuration", 3_000_000), (NOTE_SECTION, 24)] {
            let (_, section) =
                sections.section_by_name(endian, name.as_bytes()).unwrap_or_else(|| panic!("{linker:?}: no {name}"));
            assert!(section.sh_size(endian) >= size_min, "{linker:?}: {name}");
            assert_eq!(section.sh_flags(endian) & u64::from(elf::SHF_WRITE), 0, "{linker:?}: {name}");
        }
        let notes = file.elf_program_headers().iter().filter(|segment| segment.p_type(endian) == elf::PT_NOTE).count();
        assert!(notes >= 1, "{linker:?}: the note is in a segment");
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    // The names differ, as the temporary folders do: neither may be in the file.
    let first = linked(Linker::Wild, &folder.path().join("first"));
    for name in ["second", "third"] {
        assert!(first == linked(Linker::Wild, &folder.path().join(name)), "{name} differs");
    }
}

#[test]
fn what_does_not_link_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for (linker, status) in [(Linker::Wild, Status::Internal), (Linker::Cc, Status::Environment)] {
        // No configuration: a symbol is missing.
        let failure =
            link(&[("program", &program())], &runtime(), linker, 2, &folder.path().join("out")).expect_err("refused");
        assert_eq!(failure.status, status);
        assert!(failure.to_string().contains(CONFIGURATION), "{failure}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }
}
