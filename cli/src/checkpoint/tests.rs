//! The executable that is moved to a fixed address and appended to: it still runs, and tools still know it.

use super::dump::{self, tests::Writer};
use super::executable::Executable;
use super::segment;
use crate::configuration::{Configuration, object};
use crate::link::Runtime;
use crate::link::{self, Linker};
use crate::target::Target;
use adder_compiler::abi::checkpoint::{CHANGED_RUNS_MAX, Checkpoint, MAGIC};
use adder_compiler::abi::configuration;
use adder_compiler::abi::plan::FIXED_EXECUTABLE;
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;
use adder_compiler::abi::symbol::IMAGE_SECTION;
use adder_compiler::{Input, Options, Unobserved, host};
use object::LittleEndian;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, Sym};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use std::{fs, thread};

/// Prints what lies at 70000 when it has called through a table and changed a global, and ends with 42.
const MODULE: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 3)
    (global $status (mut i32) (i32.const 20))
    (table 2 funcref)
    (elem (i32.const 1) $add)
    (func $add (global.set $status (i32.add (global.get $status) (i32.const 22))))
    (data (i32.const 8) "\70\11\01\00\06\00\00\00")
    (data (i32.const 70000) "moved\0a")
    (func (export "_start")
        (call_indirect (i32.const 1))
        (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 100)))
        (call $exit (global.get $status))))"#;

const ENDIAN: LittleEndian = LittleEndian;
type Header = FileHeader64<LittleEndian>;

/// What a linker makes of [`MODULE`].
fn linked(linker: Linker) -> Vec<u8> {
    let module = wat::parse_str(MODULE).expect("the module is well-formed");
    let input = Input { name: "guest", bytes: &module };
    let program = adder_compiler::compile(&[input], &Options::default(), &Unobserved).expect("the module compiles");
    let configuration = object(Target::of(host()), &Configuration::default().block(), &[]);
    let objects = [("program", &program.bytes[..]), ("configuration", &configuration[..])];
    link::executable(&objects, &Runtime::embedded(Target::of(host())), linker, 1).expect("it links")
}

fn fixed() -> Executable {
    Executable::fix(linked(Linker::Wild)).expect("it can be moved")
}

/// Runs a program that is there.
fn run(program: &Path) -> Output {
    loop {
        match Command::new(program).output() {
            // A process that another thread is starting has the descriptor by which the file was written, for a moment.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => thread::sleep(Duration::from_millis(1)),
            outcome => return outcome.expect("it can be run"),
        }
    }
}

/// Writes an executable to a new folder.
fn written(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("program");
    fs::write(&path, bytes).expect("the folder is ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    (folder, path)
}

fn check_runs(program: &Path) {
    let output = run(program);
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), &*out, &*error), (Some(42), "moved\n", ""));
}

/// Runs a program of the machine's binutils and returns what it prints; it has nothing to warn of.
fn tool(name: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(name).args(arguments).arg(file).output().expect("binutils are installed");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_moved_executable_runs() {
    let (_folder, program) = written(fixed().bytes());
    check_runs(&program);
    let printed = tool("readelf", &["-hlSdrsW"], &program);
    assert!(printed.contains("EXEC (Executable file)"), "{printed}");
}

#[test]
fn everything_has_moved() {
    let before = linked(Linker::Wild);
    let after = fixed();
    let headers =
        |bytes: &[u8]| Header::parse(bytes).expect("ELF").program_headers(ENDIAN, bytes).expect("some").to_vec();
    let of_kind = |bytes: &[u8], kind| {
        headers(bytes).into_iter().filter(|header| header.p_type(ENDIAN) == kind).collect::<Vec<_>>()
    };
    assert!(of_kind(after.bytes(), elf::PT_GNU_RELRO).is_empty());
    let (old, new) = (of_kind(&before, elf::PT_LOAD), of_kind(after.bytes(), elf::PT_LOAD));
    assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(new.p_vaddr(ENDIAN), old.p_vaddr(ENDIAN) + FIXED_EXECUTABLE);
        assert_eq!(new.p_filesz(ENDIAN), old.p_filesz(ENDIAN));
    }
    let writable = |headers: &[_]| {
        headers.iter().filter(|header: &&elf::ProgramHeader64<_>| header.p_flags(ENDIAN) & elf::PF_W != 0).count()
    };
    assert_eq!((writable(&old), writable(&new)), (2, 1), "what relocation had to write is read-only");

    // Symbols are addresses: the configuration is where its symbol says, the entry is _start.
    let header = Header::parse(after.bytes()).expect("ELF");
    let sections = header.sections(ENDIAN, after.bytes()).expect("sections");
    for section in sections.iter().filter(|section| section.sh_flags(ENDIAN) & u64::from(elf::SHF_ALLOC) != 0) {
        assert!(section.sh_addr(ENDIAN) >= FIXED_EXECUTABLE);
    }
    let symbols = sections.symbols(ENDIAN, after.bytes(), elf::SHT_SYMTAB).expect("symbols");
    let address = |name: &str| {
        let found = symbols.iter().find(|symbol| symbol.name(ENDIAN, symbols.strings()) == Ok(name.as_bytes()));
        found.expect(name).st_value(ENDIAN)
    };
    assert_eq!(address("_start"), header.e_entry(ENDIAN));
    let magic = after.contents(address("adder_configuration"), 8).expect("sound").expect("in the file");
    assert_eq!(*magic, configuration::MAGIC);
    assert!(address("adder_this_cell") < FIXED_EXECUTABLE, "an offset in the thread's block");
}

#[test]
fn contents_by_address() {
    let mut executable = fixed();
    let image = executable.section(IMAGE_SECTION).expect("sound").expect("an image");
    assert!(image.address.is_multiple_of(SMALLEST_PAGE_BYTES));
    let at = image.address + 70000;
    assert_eq!(*executable.contents(at, 6).expect("sound").expect("there"), *b"moved\n");
    assert!(executable.is_writable(at, 6).expect("sound"));
    assert!(!executable.is_writable(FIXED_EXECUTABLE, 8).expect("sound"));
    let end = executable.end().expect("sound");
    assert_eq!(executable.contents(end, 1).expect("sound"), None);
    assert_eq!(executable.contents(image.address, u64::MAX).expect("sound"), None);
    assert_eq!(executable.contents(u64::MAX, 1).expect("sound"), None);
    assert!(!executable.overlaps(end, u64::MAX).expect("sound"));
    assert!(executable.overlaps(0, u64::MAX).expect("sound"));
    // What is not in the file starts as zeros: the image is followed by some.
    let beyond = executable.contents(image.address + image.bytes, 64).expect("sound").expect("there");
    assert_eq!(*beyond, [0; 64]);
    let across = executable.contents(image.address + image.bytes - 8, 16).expect("sound").expect("there");
    assert_eq!(across.len(), 16);

    executable.patch(image.address, 0x0102).expect("in the file");
    assert_eq!(executable.contents(image.address, 3).expect("sound").as_deref(), Some(&[2, 1, 0][..]));
    executable.patch(end, 1).expect_err("not in the file");
    assert_eq!(executable.section(".adder.nothing").expect("sound"), None);
}

#[test]
fn an_appended_segment_survives_tools() {
    let mut executable = fixed();
    let address = executable.end().expect("sound");
    let contents: Vec<u8> = (0..3 * 65536_u32).map(|index| (index % 251) as u8).collect();
    executable.append(&contents).expect("there is room");
    assert_eq!(executable.contents(address, contents.len() as u64).expect("sound").as_deref(), Some(&contents[..]));
    assert!(executable.is_writable(address, 1).expect("sound"));
    let section = executable.section(".adder.checkpoint").expect("sound").expect("it has a section");
    assert_eq!((section.address, section.bytes), (address, contents.len() as u64));

    let (_folder, program) = written(executable.bytes());
    check_runs(&program);
    let printed = tool("readelf", &["-hlSsW"], &program);
    assert!(printed.contains(".adder.checkpoint"), "{printed}");
    for (name, arguments) in [("objcopy", &["--strip-debug"][..]), ("strip", &[]), ("strip", &["--strip-all"])] {
        tool(name, arguments, &program);
        check_runs(&program);
        tool("readelf", &["-hlSsW"], &program);
        let stripped = fs::read(&program).expect("it is there");
        let header = Header::parse(&stripped[..]).expect("ELF");
        let segments = header.program_headers(ENDIAN, &stripped[..]).expect("segments");
        let last =
            segments.iter().rfind(|segment| segment.p_type(ENDIAN) == elf::PT_LOAD).expect("something is loaded");
        assert_eq!(last.p_vaddr(ENDIAN), address, "{name}");
        assert!(last.data(ENDIAN, &stripped[..]).is_ok_and(|data| data.starts_with(&contents)), "{name}");
    }
}

#[test]
fn what_the_c_compiler_links_is_refused() {
    let failure = Executable::fix(linked(Linker::Cc)).expect_err("its data share pages");
    assert!(
        failure.to_string().ends_with("hint: leave out --linker cc: the linker inside adder keeps them apart"),
        "{failure}"
    );
}

#[test]
fn a_damaged_executable_is_refused() {
    let whole = linked(Linker::Wild);
    for end in (0..4096).step_by(61).chain((4096..whole.len()).step_by(4999)) {
        let _ = Executable::fix(whole[..end].to_vec()).map(|mut executable| executable.append(b"x"));
    }
    Executable::fix(Vec::new()).expect_err("empty");
    Executable::fix(whole[..64].to_vec()).expect_err("only a header");
    // Every byte of the headers, one at a time: refused or not, nothing worse.
    for index in 0..0x8f0 {
        let mut damaged = whole.clone();
        damaged[index] ^= 0xff;
        if let Ok(mut executable) = Executable::fix(damaged) {
            let _ = executable.append(b"x");
            let _ = executable.contents(FIXED_EXECUTABLE, 1 << 16);
        }
    }
    let twice = Executable::fix(fixed().into_bytes()).expect_err("it has been moved already");
    assert!(twice.to_string().contains("it is not position-independent"), "{twice}");
}

#[test]
fn a_segment_holds_what_a_dump_says() {
    let mut executable = fixed();
    let image = executable.section(IMAGE_SECTION).expect("sound").expect("an image");
    let data = executable.section(".data").expect("sound").expect("there is data");
    let mut page = vec![0; SMALLEST_PAGE_BYTES as usize];
    page[5] = 5;
    let mut state = executable.contents(data.address, data.bytes).expect("sound").expect("there").to_vec();
    state[8..16].copy_from_slice(&u64::to_le_bytes(0x1122_3344_5566_7788));
    let stack = [&[0; 100][..], b"top"].concat();
    let written = Writer::default()
        .memory(5 << 16)
        .original(0, image.bytes, image.address)
        .pages(4 << 16, &page)
        .copy(data.address, &state)
        .copy(0x4_0000_0000, &stack)
        .end(std::array::from_fn(|index| index as u64 + 1));
    let dump = dump::read(&written).expect("it makes sense");
    let segment = segment::lay_out(&dump, &executable, CHANGED_RUNS_MAX).expect("it fits");
    let start = executable.end().expect("sound");
    executable.append(&segment).expect("there is room");
    // More than there is room for: the short ones have to wait.
    let runs = (0..CHANGED_RUNS_MAX as u64 + 10).map(|index| dump::PageRun {
        start: 0x10_0000 + index * 0x4000,
        bytes: if index < 10 { 0x1000 } else { 0x2000 },
    });
    segment::name_changed(&mut executable, start, runs.collect()).expect("there is room");
    let summary = super::Summary {
        file_bytes: segment.len() as u64,
        memory_bytes: 5 << 16,
        runs: 1,
        copied_bytes: 11,
        changed_bytes: CHANGED_RUNS_MAX as u64 * 0x2000,
    };
    assert_eq!(super::summary(executable.bytes().to_vec()), Some(summary));

    // As the runtime reads it.
    let word = |address: u64| {
        let bytes = executable.contents(address, 8).expect("sound").expect("in the file");
        u64::from_le_bytes(bytes[..].try_into().expect("8 bytes"))
    };
    let words = |address: u64| -> [u64; 3] { std::array::from_fn(|index| word(address + 8 * index as u64)) };
    assert_eq!(*executable.contents(start, 8).expect("sound").expect("there"), MAGIC);
    assert_eq!((word(start + 8), word(start + 48)), (1, 6));
    let memories = word(start + std::mem::offset_of!(Checkpoint, memories) as u64);
    assert_eq!(word(start + std::mem::offset_of!(Checkpoint, memory_count) as u64), 1);
    let [size, runs, run_count] = words(memories);
    assert_eq!((size, run_count), (5 << 16, 1));
    let [offset, contents, bytes] = words(runs);
    assert_eq!((offset, bytes, contents % SMALLEST_PAGE_BYTES), (4 << 16, SMALLEST_PAGE_BYTES, 0));
    assert_eq!(executable.contents(contents, bytes).expect("sound").as_deref(), Some(&page[..]));
    let patches = word(start + std::mem::offset_of!(Checkpoint, patches) as u64);
    assert_eq!(word(start + std::mem::offset_of!(Checkpoint, patch_count) as u64), 2);
    let [address, contents, bytes] = words(patches);
    assert_eq!((address, bytes), (0x4_0000_0000 + 100, 3));
    assert_eq!(executable.contents(contents, bytes).expect("sound").as_deref(), Some(&b"top"[..]));
    let [address, contents, bytes] = words(patches + 24);
    assert_eq!((address, bytes), (data.address + 8, 8));
    assert_eq!(word(contents), 0x1122_3344_5566_7788);
    let changed = word(start + std::mem::offset_of!(Checkpoint, changed) as u64);
    assert_eq!(word(start + std::mem::offset_of!(Checkpoint, changed_count) as u64), CHANGED_RUNS_MAX as u64);
    assert_eq!([word(changed), word(changed + 8), word(changed + 16)], [0x10_0000 + 10 * 0x4000, 0x2000, 0x12_c000]);
    assert!(changed >= patches + 48, "behind what is copied");
}

#[test]
fn a_dump_of_another_executable_is_refused() {
    let executable = fixed();
    let image = executable.section(IMAGE_SECTION).expect("sound").expect("an image");
    let end = executable.end().expect("sound");
    let new = || Writer::default().memory(4 << 16);
    for (why, written) in [
        ("not the image", new().original(0, 1 << 16, FIXED_EXECUTABLE)),
        ("behind the image", new().original(0, 1 << 16, image.address + image.bytes)),
        ("beside a page", new().original(0, 1 << 16, image.address + 8)),
        ("to what cannot be written", new().copy(FIXED_EXECUTABLE, b"x")),
        ("to the image", new().copy(image.address, b"x")),
        ("across the end", new().copy(end - 65536, &[1; 2 << 16])),
        ("across the start", new().copy(FIXED_EXECUTABLE - 1, b"xx")),
    ] {
        let written = written.end([0; dump::RESUME_WORDS]);
        let dump = dump::read(&written).expect(why);
        let failure = segment::lay_out(&dump, &executable, 0).expect_err(why);
        assert!(failure.to_string().contains("the checkpoint that the program wrote cannot be used"), "{failure}");
    }
}
