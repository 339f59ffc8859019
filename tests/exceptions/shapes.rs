//! Nested `try`s, catches, delegations and rethrowing in all shapes: programs that are made up do what the model says, in
//! both forms and at every level of optimisation; and node (legacy form only) agrees with the model.

use std::fmt::Write as _;
use std::process::Command;

use adder_compiler::{Input, Optimization, Options, Overrides};
use adder_tests::program::answers;
use adder_tests::text::assemble;

use crate::model::{self, Effect};
use crate::random::Random;
use crate::text::{Form, write};
use crate::tree::{Program, make_up};

const PROGRAMS: u64 = 200;
const ARGUMENTS: [i32; 6] = [0, 1, 6, 11, 21, -3];

/// A program and what it does for each of the arguments.
struct Case {
    program: Program,
    effects: Vec<Effect>,
}

/// Programs that end soon and in which something happens.
fn cases(form: Form) -> Vec<Case> {
    let cases: Vec<Case> = (0..)
        .filter_map(|seed| {
            let program = make_up(&mut Random::new(seed), form == Form::Legacy);
            let effects =
                ARGUMENTS.iter().map(|argument| model::call(&program, *argument)).collect::<Option<Vec<_>>>()?;
            effects.iter().any(|effect| effect.notes != effects[0].notes).then_some(Case { program, effects })
        })
        .take(PROGRAMS as usize)
        .collect();
    let uncaught = cases.iter().flat_map(|case| &case.effects).filter(|effect| effect.result.is_none()).count();
    let all = cases.len() * ARGUMENTS.len();
    assert!(uncaught * 10 > all && uncaught * 10 < 9 * all, "{uncaught} of {all} calls end in an exception");
    cases
}

fn expected(case: &Case) -> Vec<(String, String)> {
    case.effects
        .iter()
        .map(|effect| {
            let result = effect.result.map_or("exception".to_owned(), |result| format!("ok {:016x}", result as u32));
            (result, format!("ok {:016x}", effect.notes as u32))
        })
        .collect()
}

/// Compiles all programs into one executable and compares every call.
fn check(form: Form, optimization: Optimization) {
    let cases = cases(form);
    let texts: Vec<String> = cases.iter().map(|case| write(&case.program, form)).collect();
    let modules: Vec<Vec<u8>> = texts.iter().map(|text| assemble(text)).collect();
    let names: Vec<String> = (0..modules.len()).map(|index| format!("module{index}")).collect();
    let inputs: Vec<Input> = names.iter().zip(&modules).map(|(name, bytes)| Input { name, bytes }).collect();
    let options = Options { optimization, overrides: Overrides::verified(), jobs: 2, ..Options::default() };
    let mut commands = String::new();
    for index in 0..cases.len() {
        for argument in ARGUMENTS {
            let _ = writeln!(commands, "invoke {index} {} {:016x}", hexadecimal("call"), argument as u32);
            let _ = writeln!(commands, "invoke {index} {}", hexadecimal("notes"));
        }
    }
    let answers = answers(&inputs, &options, &commands);
    let found: Vec<(String, String)> = answers.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    for ((case, text), found) in cases.iter().zip(&texts).zip(found.chunks(ARGUMENTS.len())) {
        assert_eq!(found, expected(case), "for {ARGUMENTS:?}, {form:?} {optimization:?}:\n{text}");
    }
    assert_eq!(found.len(), cases.len() * ARGUMENTS.len());
}

fn hexadecimal(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn legacy_programs_do_what_the_model_says() {
    check(Form::Legacy, Optimization::Fast);
}

#[test]
fn legacy_programs_do_the_same_without_the_optimiser() {
    check(Form::Legacy, Optimization::None);
}

#[test]
fn standard_programs_do_what_the_model_says() {
    check(Form::Standard, Optimization::Fast);
}

#[test]
fn standard_programs_do_the_same_without_the_optimiser() {
    check(Form::Standard, Optimization::None);
}

/// Calls every module in the folder that is named in the arguments, and prints what `shapes.rs` expects.
const SCRIPT: &str = r#"
const fs = require("fs");
const hex = (value) => "ok " + (value >>> 0).toString(16).padStart(16, "0");
const [folder, count, ...numbers] = process.argv.slice(1);
for (let index = 0; index < Number(count); index++) {
    const module = new WebAssembly.Module(fs.readFileSync(`${folder}/${index}.wasm`));
    const { call, notes } = new WebAssembly.Instance(module).exports;
    for (const number of numbers) {
        let result;
        try {
            result = hex(call(Number(number)));
        } catch (error) {
            if (!(error instanceof WebAssembly.Exception)) throw error;
            result = "exception";
        }
        console.log(result);
        console.log(hex(notes()));
    }
}
"#;

#[test]
fn node_agrees_with_the_model() {
    let cases = cases(Form::Legacy);
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for (index, case) in cases.iter().enumerate() {
        let module = assemble(&write(&case.program, Form::Legacy));
        std::fs::write(folder.path().join(format!("{index}.wasm")), module).expect("the folder is writable");
    }
    let mut node = Command::new("node");
    node.args(["-e", SCRIPT, "--"]).arg(folder.path()).arg(cases.len().to_string());
    node.args(ARGUMENTS.iter().map(|argument| argument.to_string()));
    let output = node.output().unwrap_or_else(|error| panic!("cannot run node: {error}\nhint: apt install nodejs"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("the script prints text");
    let lines: Vec<&str> = text.lines().collect();
    let found: Vec<(String, String)> = lines.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
    assert_eq!(found.len(), cases.len() * ARGUMENTS.len());
    for (case, found) in cases.iter().zip(found.chunks(ARGUMENTS.len())) {
        assert_eq!(found, expected(case), "for {ARGUMENTS:?}:\n{}", write(&case.program, Form::Legacy));
    }
}
