//! How much the runtime adds to an executable. What a program does not use is left out by the linker.

use adder_tests::target::is_beyond_script;
use std::fmt::Write;
use std::fs;

use adder_compiler::abi::host::wasi_preview1::{FUNCTIONS, MODULE};
use adder_compiler::abi::value::ValueType;

use crate::program::Program;

/// What a file has in memory: segments without the symbols and other things that stripping removes.
fn loaded_bytes(program: &Program) -> u64 {
    let file = fs::read(program.path()).expect("the executable is there");
    let number = |offset: usize, bytes: usize| {
        file[offset..offset + bytes].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    };
    // Elf64_Ehdr: e_phoff, e_phentsize, e_phnum; Elf64_Phdr: p_type, p_filesz.
    let (start, step, count) = (number(0x20, 8) as usize, number(0x36, 2) as usize, number(0x38, 2) as usize);
    let headers = (0..count).map(|index| start + index * step);
    const PT_LOAD: u64 = 1;
    headers.filter(|&header| number(header, 4) == PT_LOAD).map(|header| number(header + 0x20, 8)).sum()
}

/// What is loaded of [`HELLO`], at most.
const HELLO_BYTES_MAX: u64 = 136 << 10;
/// What is loaded of a program that imports all of WASI, at most.
const INTERFACE_BYTES_MAX: u64 = 224 << 10;

const HELLO: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
    (func (export "f") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))"#;

#[test]
fn hello_world_carries_little() {
    if is_beyond_script() {
        return;
    }
    let program = Program::new(HELLO, "f");
    assert_eq!(program.run(&[]).stdout, "hello\n");
    // With a page of its own memory.
    let bytes = loaded_bytes(&program);
    assert!(bytes <= HELLO_BYTES_MAX, "{bytes} bytes");
}

#[test]
fn the_whole_system_interface_fits_the_budget() {
    if is_beyond_script() {
        return;
    }
    let (mut imports, mut calls) = (String::new(), String::new());
    for function in &FUNCTIONS {
        let (mut parameters, mut arguments) = (String::new(), String::new());
        for parameter in function.parameters {
            let name = match parameter {
                ValueType::I32 => "i32",
                ValueType::I64 => "i64",
                ValueType::F32 => "f32",
                ValueType::F64 => "f64",
                ValueType::ExternRef => "externref",
            };
            write!(parameters, " {name}").unwrap();
            write!(arguments, " ({name}.const 0)").unwrap();
        }
        let (result, drop) = if let [_] = function.results { ("(result i32)", "drop") } else { ("", "nop") };
        let name = function.name;
        writeln!(imports, r#"(import "{MODULE}" "{name}" (func ${name} (param{parameters}) {result}))"#).unwrap();
        writeln!(calls, "(call ${name}{arguments}) {drop}").unwrap();
    }
    let text = format!(r#"(module {imports} (memory (export "memory") 1) (func (export "f") {calls}))"#);
    let bytes = loaded_bytes(&Program::new(&text, "f"));
    assert!(bytes <= INTERFACE_BYTES_MAX, "{bytes} bytes");
}
