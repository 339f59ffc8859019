//! File tests: intermediate code in, intermediate code out. Each file below `compiler/filetests/optimize` holds a function, what
//! is done to it, and what becomes of it:
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
//! - `split from N` cuts loops whose dispatch has at least N targets. `counts of BLOCK` is what a profile says of the branch at
//!   its end, in the order of its targets (the default of a table first).
//! - `inline` puts bodies in the place of calls: those of the other functions of the file. Names are those of [`Symbol`]:
//!   `u1:N` is function N, `u21:N` the same in a call that is marked.
//! - `shorten` shortens what is alive at a time.
//! - `share N` makes this number less often.
//! - `cpu NAME` says what it is for, if not for `x86-64`.
//!
//! `ADDER_BLESS=1` writes the files anew.

use super::inline::inline;
use super::live;
use super::share;
use super::split;
use crate::arch::Machine;
use crate::clif::Ways;
use crate::id::FunctionId;
use crate::symbol::Symbol;
use adder_abi::arch::{Architecture, CpuLevel};
use cranelift_codegen::Context;
use cranelift_codegen::ir::{Block, Function, UserFuncName};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_codegen::settings;
use cranelift_codegen::verify_function;
use cranelift_frontend::FunctionBuilderContext;
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What separates a file's question from its answer.
const ANSWER: &str = ";= becomes\n";

#[test]
fn functions_become_what_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("filetests/optimize");
    let mut files: Vec<PathBuf> = entries(&folder).iter().flat_map(|pass| entries(pass)).collect();
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

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.expect("it can be read").path()).collect()
}

/// What is done to a function.
enum Pass {
    Split { targets_min: usize },
    Inline,
    Shorten,
    Share { number: usize },
}

/// What becomes of the function of a file.
fn answer(question: &str, path: &Path) -> String {
    let mut functions =
        cranelift_reader::parse_functions(question).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    functions.iter().for_each(|function| verify(function, path));
    let mut function = functions.remove(0);
    let mut ways = Ways::default();
    let mut pass = None;
    let mut machine = Machine::new(CpuLevel::V1);
    for directive in question.lines().filter_map(|line| line.strip_prefix(";! ")) {
        let number = |text: &str| -> usize {
            text.parse().unwrap_or_else(|error| panic!("{}: {directive}: {error}", path.display()))
        };
        if directive == "inline" {
            pass = Some(Pass::Inline);
        } else if directive == "shorten" {
            pass = Some(Pass::Shorten);
        } else if let Some(shared) = directive.strip_prefix("share ") {
            pass = Some(Pass::Share { number: number(shared) });
        } else if let Some(name) = directive.strip_prefix("cpu ") {
            let mut levels = Architecture::ALL.iter().flat_map(|architecture| architecture.levels());
            let level = levels.find(|level| level.name() == name);
            machine = Machine::new(*level.unwrap_or_else(|| panic!("{}: no CPU `{name}`", path.display())));
        } else if let Some(targets) = directive.strip_prefix("split from ") {
            pass = Some(Pass::Split { targets_min: number(targets) });
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
    let pass = pass.unwrap_or_else(|| panic!("{}: no directive says what is done", path.display()));
    assert!(functions.is_empty() || matches!(pass, Pass::Inline), "{}: there are several functions", path.display());
    match pass {
        Pass::Split { targets_min } => split(&mut function, &ways, targets_min, machine, path),
        Pass::Inline => change(function, path, |context| {
            let bodies: HashMap<FunctionId, Rc<Function>> =
                functions.drain(..).map(|body| (function_id(&body), Rc::new(body))).collect();
            inline(context, &mut |id| bodies.get(&id).cloned()).expect("the code generator can inline");
        }),
        Pass::Shorten => change(function, path, |context| {
            context.compute_cfg();
            context.compute_domtree();
            live::shorten(&mut context.func, &context.domtree, machine);
        }),
        Pass::Share { number } => change(function, path, |context| {
            context.compute_cfg();
            context.compute_domtree();
            share::share(&mut context.func, &context.cfg, &context.domtree, number as i64);
        }),
    }
}

/// What becomes of a function that a pass changes, and what its names mean, which the text of a function does not say.
fn change(function: Function, path: &Path, pass: impl FnOnce(&mut Context)) -> String {
    let before = function.to_string();
    let mut context = Context::for_function(function);
    pass(&mut context);
    let function = context.func;
    verify(&function, path);
    let mut text = function.to_string();
    if text == before {
        return "the same".to_owned();
    }
    for (reference, name) in function.params.user_named_funcs().iter() {
        write!(text, "\n{reference} = {name} {:?}", Symbol::from_name(name)).expect("a String takes everything");
    }
    text
}

/// The number of a function by its name.
fn function_id(function: &Function) -> FunctionId {
    let UserFuncName::User(name) = &function.name else { panic!("a body has the name of a function: u1:N") };
    let Symbol::Function(id) = Symbol::from_name(name) else { panic!("{name} is not the name of a function") };
    id
}

/// Driver, parts and table of a function that is cut.
fn split(function: &mut Function, ways: &Ways, targets_min: usize, machine: Machine, path: &Path) -> String {
    let before = function.to_string();
    let convention = machine.part_convention();
    let Some(cut) = split::cut(function, ways, targets_min, convention) else {
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
