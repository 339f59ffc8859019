//! Names that mean something to linkers, C libraries or Adder itself, and names that mean nothing at all.

use adder_compiler::Options;
use adder_tests::program::{answers, invoke};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, NameMap, NameSection, TypeSection,
    ValType,
};

/// A module with a function for each name, called and exported by it; function `n` returns `n`.
fn numbered(names: &[&str], exported: bool) -> Vec<u8> {
    let (mut types, mut functions, mut exports, mut code) =
        (TypeSection::new(), FunctionSection::new(), ExportSection::new(), CodeSection::new());
    types.ty().function([], [ValType::I32]);
    let mut name_map = NameMap::new();
    for (number, name) in names.iter().enumerate() {
        let number = number as u32;
        functions.function(0);
        name_map.append(number, name);
        if exported {
            exports.export(name, ExportKind::Func, number);
        }
        let mut body = Function::new([]);
        body.instructions().i32_const(number as i32).end();
        code.function(&body);
    }
    if !exported {
        exports.export("last", ExportKind::Func, names.len() as u32 - 1);
    }
    let mut section = NameSection::new();
    section.functions(&name_map);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code).section(&section);
    module.finish()
}

fn check(names: &[&str]) {
    let module = numbered(names, true);
    let commands: String = names.iter().map(|name| invoke(name, &[])).collect();
    let input = adder_compiler::Input { name: "names", bytes: &module };
    let wanted: Vec<_> = (0..names.len()).map(|number| format!("ok {number:016x}")).collect();
    assert_eq!(answers(&[input], &Options::default(), &commands), wanted);
}

#[test]
fn names_of_the_c_library_and_the_runtime_are_harmless() {
    check(&[
        "malloc",
        "free",
        "calloc",
        "memcpy",
        "memmove",
        "memset",
        "main",
        "_start",
        "_init",
        "_fini",
        "exit",
        "abort",
        "write",
        "read",
        "mmap",
        "environ",
        "errno",
        "__libc_start_main",
        "__errno_location",
        "_GLOBAL_OFFSET_TABLE_",
        "_DYNAMIC",
        "__stack_chk_fail",
        "__tls_get_addr",
        "rust_eh_personality",
        "__ehdr_start",
        "_end",
        "adder_program",
        "adder_configuration",
        "adder_host_call",
        "adder_memory_grow",
        "adder_wasi_fd_write",
        "adder_leaf_memory_move",
        "__rust_alloc",
        "_Unwind_Resume",
    ]);
}

#[test]
fn names_that_no_assembler_would_take_are_harmless() {
    check(&[
        "",
        " ",
        "a\0b",
        "a\nb",
        "\"",
        "\\",
        "'",
        ".text",
        ".L0",
        "a@plt",
        "a@@VERSION",
        "$",
        "*",
        "%s%n",
        "-o",
        "../../x",
        "\u{1f40d}",
        "\u{202e}reversed",
        "\u{1b}[31mred",
        "a;b",
        "#",
        "<>",
        "wasm-function[0]",
        "0",
        "\u{feff}",
    ]);
}

#[test]
fn a_megabyte_of_name_is_harmless() {
    let long = "x".repeat(1 << 20);
    // As an export it would not fit a command line of the script; as a name of the name section it only has to link.
    // wasmparser takes names up to 100,000 bytes in the sections that matter and any in the name section.
    let module = numbered(&["short", &long], false);
    let input = adder_compiler::Input { name: "names", bytes: &module };
    assert_eq!(answers(&[input], &Options::default(), &invoke("last", &[])), ["ok 0000000000000001"]);
}

#[test]
fn equal_names_are_harmless() {
    let module = numbered(&["same"; 100], false);
    let input = adder_compiler::Input { name: "names", bytes: &module };
    assert_eq!(answers(&[input], &Options::default(), &invoke("last", &[])), ["ok 0000000000000063"]);
}

#[test]
fn instances_with_odd_names_are_linked() {
    let one = adder_tests::text::assemble("(module (func (export \"\") (result i32) (i32.const 7)))");
    let two = adder_tests::text::assemble(
        "(module (import \"\u{1f40d} .text\\00\" \"\" (func $f (result i32))) (func (export \"g\") (result i32) (call $f)))",
    );
    let inputs = [
        adder_compiler::Input { name: "\u{1f40d} .text\0", bytes: &one },
        adder_compiler::Input { name: "", bytes: &two },
    ];
    assert_eq!(answers(&inputs, &Options::default(), "invoke 1 67\n"), ["ok 0000000000000007"]);
}
