//! What comes out: the same bytes however many threads made them, a small runtime, and an executable that is closed
//! where it can be.

use adder_tests::target::{architecture, is_beyond_script};
use std::path::PathBuf;

use adder::configuration::Configuration;
use adder_compiler::abi::plan::SMALLEST_PAGE_BYTES;
use adder_compiler::{Entry, Input, Options, Unobserved};
use adder_tests::guest;
use adder_tests::text::assemble;
use object::elf::{FileHeader64, PF_W, PF_X, PT_DYNAMIC, PT_GNU_RELRO, PT_GNU_STACK, PT_INTERP, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, Object, ObjectSymbol};

/// What the runtime may add to a stripped hello world, in bytes.
const RUNTIME_BYTES_MAX: u64 = 144 << 10;

fn hello() -> PathBuf {
    let module = assemble(include_str!("../modules/hello.wat"));
    guest::executable("hello", &module, &Configuration::default(), &Options::default())
}

#[test]
fn hello_world_says_hello() {
    let output = std::process::Command::new(hello()).output().expect("the executable can be run");
    assert!(output.status.success());
    assert_eq!(output.stdout, b"hello, world!\n");
    assert!(output.stderr.is_empty());
}

#[test]
fn output_does_not_depend_on_the_number_of_threads() {
    let guest = guest::rust("wasi/rust/main.rs");
    let compile = |jobs| {
        let options = Options { jobs, ..Options::default() };
        let input = Input { name: "guest", bytes: &guest };
        adder_compiler::compile(&[input], &options, &Unobserved).expect("the guest compiles").bytes
    };
    assert!(compile(1) == compile(3), "one thread and three threads make different output");
}

#[test]
fn the_runtime_stays_small() {
    if is_beyond_script() {
        return;
    }
    let bytes = std::fs::read(hello()).expect("the executable can be read");
    let header = FileHeader64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let endian = header.endian().expect("it says which");
    let segments = header.program_headers(endian, &*bytes).expect("it has segments");
    // `strip` keeps what is loaded; the guest's own part of this program is a page of memory and some hundred bytes.
    let stripped = segments
        .iter()
        .filter(|segment| segment.p_type(endian) == PT_LOAD)
        .map(|segment| segment.p_offset(endian) + segment.p_filesz(endian))
        .max()
        .expect("something is loaded");
    println!("stripped: {stripped} bytes");
    let image = SMALLEST_PAGE_BYTES;
    assert!(stripped <= RUNTIME_BYTES_MAX + image, "{stripped} bytes, of which {image} may be the guest's memory");
}

#[test]
fn executables_are_static_and_closed() {
    if is_beyond_script() {
        return;
    }
    let bytes = std::fs::read(hello()).expect("the executable can be read");
    let header = FileHeader64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let endian = header.endian().expect("it says which");
    assert_eq!(header.e_type(endian), object::elf::ET_DYN, "position-independent");
    let segments = header.program_headers(endian, &*bytes).expect("it has segments");
    let has = |kind| segments.iter().any(|segment| segment.p_type(endian) == kind);
    assert!(!has(PT_INTERP), "no interpreter: it is static");
    assert!(has(PT_GNU_RELRO), "relocated data becomes read-only");
    assert!(has(PT_DYNAMIC), "it relocates itself");
    let mut stack_seen = false;
    for segment in segments {
        let flags = segment.p_flags(endian);
        match segment.p_type(endian) {
            PT_LOAD => {
                assert!(flags & (PF_W | PF_X) != PF_W | PF_X, "nothing is writable and executable");
                assert_eq!(
                    segment.p_align(endian),
                    architecture().page_bytes(),
                    "no more room between segments than pages need"
                );
            }
            PT_GNU_STACK => {
                stack_seen = true;
                assert_eq!(flags & PF_X, 0, "the stack is not executable");
            }
            _ => {}
        }
    }
    assert!(stack_seen);
}

#[test]
fn guest_functions_are_local_symbols() {
    let module = assemble(
        "(module (func $malloc (export \"malloc\") (result i32) (i32.const 1))
           (func $own_name (export \"main\") (result i32) (call $malloc)))",
    );
    let options = Options { entry: Entry::Library, ..Options::default() };
    let output = adder_compiler::compile(&[Input { name: "m", bytes: &module }], &options, &Unobserved);
    let bytes = output.expect("the module compiles").bytes;
    let file = object::File::parse(&*bytes).expect("it is an object file");
    let mut found = 0;
    for symbol in file.symbols().filter(|symbol| symbol.is_definition()) {
        let name = symbol.name().expect("names are text");
        if symbol.is_global() {
            assert!(name.starts_with("adder_"), "the global symbol {name} could meet one of the runtime's");
        } else if name.contains("malloc") || name.contains("own_name") {
            found += 1;
        }
    }
    assert!(found >= 2, "both functions can be recognised by a debugger");
}
