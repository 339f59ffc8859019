//! File tests: intermediate code in, intermediate code out. Each file of `compiler/filetests/optimize` holds a function, what is
//! done to it, and what becomes of it:
//!
//! ```text
//! ; What the file shows.
//! ;! split from 4
//! ;! counts of block3: 90 10
//! function %input(...) { ... }
//! ;= becomes
//! ; ...
//! ```
//!
//! `split from N` cuts loops whose dispatch has at least N targets. `counts of BLOCK` is what a profile says of the branch at its
//! end, in the order of its targets (the default of a table first). `ADDER_BLESS=1` writes the files anew.

use super::split;
use crate::arch::Machine;
use crate::clif::Ways;
use adder_abi::arch::CpuLevel;
use cranelift_codegen::ir::{Block, Function};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_codegen::settings;
use cranelift_codegen::verify_function;
use cranelift_frontend::FunctionBuilderContext;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use target_lexicon::triple;

/// What separates a file's question from its answer.
const ANSWER: &str = ";= becomes\n";

#[test]
fn functions_become_what_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("filetests/optimize");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut differences = String::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("it can be read");
        let (question, expected) = text.split_once(ANSWER).unwrap_or((&text, ""));
        let mut found = String::new();
        for line in answer(question, &path).lines() {
            writeln!(found, "; {line}").expect("a String takes everything");
        }
        let found = found.replace("; \n", ";\n");
        if found == expected {
            continue;
        }
        if std::env::var_os("ADDER_BLESS").is_some() {
            fs::write(&path, format!("{question}{ANSWER}{found}")).expect("it can be written");
        }
        writeln!(differences, "{}:\n{found}", path.display()).expect("a String takes everything");
    }
    assert!(differences.is_empty(), "ADDER_BLESS=1 accepts these changes:\n{differences}");
}

/// What becomes of the function of a file.
fn answer(question: &str, path: &Path) -> String {
    let mut functions =
        cranelift_reader::parse_functions(question).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(functions.len(), 1, "{}: one function a file", path.display());
    let mut function = functions.remove(0);
    verify(&function, path);
    let mut ways = Ways::default();
    let mut targets_min = None;
    for directive in question.lines().filter_map(|line| line.strip_prefix(";! ")) {
        let number = |text: &str| -> usize {
            text.parse().unwrap_or_else(|error| panic!("{}: {directive}: {error}", path.display()))
        };
        if let Some(targets) = directive.strip_prefix("split from ") {
            targets_min = Some(number(targets));
        } else if let Some((block, counts)) =
            directive.strip_prefix("counts of block").and_then(|rest| rest.split_once(": "))
        {
            let block = Block::from_u32(number(block) as u32);
            let branch = function.layout.last_inst(block).expect("the block has a branch");
            ways.record(branch, counts.split(' ').map(|count| number(count) as u64).collect());
        } else {
            panic!("{}: what is `{directive}`?", path.display());
        }
    }
    let before = function.to_string();
    let targets_min = targets_min.unwrap_or_else(|| panic!("{}: no directive says what is done", path.display()));
    let machine = Machine::new(&triple!("x86_64-unknown-linux-musl"), CpuLevel::default()).expect("it is supported");
    let Some(cut) = split::cut(&mut function, &ways, targets_min, machine.part_convention()) else {
        assert_eq!(function.to_string(), before, "{}: what is not cut must stay", path.display());
        return "the same: it is not cut".to_owned();
    };
    let mut scratch = FunctionBuilderContext::new();
    let mut build = |title: String, build: &mut dyn FnMut(&mut Function, &mut FunctionBuilderContext)| {
        let mut function = Function::new();
        build(&mut function, &mut scratch);
        verify(&function, path);
        format!("{title}\n{function}\n")
    };
    let mut text = build("driver".to_owned(), &mut |into, scratch| split::driver(&cut, into, scratch, FRONTEND));
    for number in 0..cut.part_count() {
        text +=
            &build(format!("part {number}"), &mut |into, scratch| split::part(&cut, number, into, scratch, FRONTEND));
    }
    let table = cut.table();
    let mut runs: Vec<(u32, usize)> = Vec::new();
    for part in table {
        match runs.last_mut() {
            Some((last, count)) if *last == part => *count += 1,
            _ => runs.push((part, 1)),
        }
    }
    text += "table: part (entries)";
    for (part, count) in runs {
        write!(text, " {part} ({count})").expect("a String takes everything");
    }
    text
}

/// The machine that the functions are for: a word of 64 bits.
const FRONTEND: TargetFrontendConfig = TargetFrontendConfig {
    default_call_conv: CallConv::SystemV,
    pointer_width: target_lexicon::PointerWidth::U64,
    page_size_align_log2: 12,
};

/// Checks that a function is valid intermediate code.
fn verify(function: &Function, path: &Path) {
    let flags = settings::Flags::new(settings::builder());
    verify_function(function, &flags).unwrap_or_else(|errors| panic!("{}: {errors}\n{function}", path.display()));
}
