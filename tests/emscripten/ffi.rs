//! What libffi imports: calls of functions whose types are known only when the program runs, and closures.

use std::path::PathBuf;
use std::process::Command;

use adder::configuration::Configuration;
use adder_compiler::Options;
use adder_tests::emscripten::{self, Emscripten};
use adder_tests::guest;
use adder_tests::outcome::{Outcome, finish};

/// Nothing but libffi itself would be linked with what these functions are in JavaScript.
const OPTIONS: &[&str] = &[
    "-sERROR_ON_UNDEFINED_SYMBOLS=0",
    "-sALLOW_MEMORY_GROWTH",
    "-fwasm-exceptions",
    "-sSUPPORT_LONGJMP=wasm",
    "-fno-builtin",
    "-fno-inline",
];

fn program(emscripten: &Emscripten) -> PathBuf {
    // What the JavaScript of libffi calls.
    let stack = match emscripten.is_at_least((5, 0)) {
        true => ",_emscripten_stack_get_current,__emscripten_stack_restore",
        false => "",
    };
    let exported = format!("-sEXPORTED_FUNCTIONS=_main,_malloc,_free{stack}");
    let module = emscripten.module_with("emscripten/c/ffi.c", &[OPTIONS, &[&exported]].concat());
    guest::executable("ffi", &module, &Configuration::default(), &Options::default())
}

fn run(program: &PathBuf, arguments: &[&str]) -> Outcome {
    finish(Command::new(program).args(arguments), b"")
}

#[test]
fn functions_are_called_by_types_and_closures_are_functions() {
    for emscripten in emscripten::all() {
        let printed = run(&program(emscripten), &[]);
        let expected = "mix -1 200 -300 60000 -5 1099511627776 0.5 0.25\n1099511687670.75\n2 2.75 3, 1\n3\n\
                        41 1 word 0.500 -1125899906842624 2 1e+300 3\ntwo 7 nan\ntwo 2 7\n7 2\nnothing\n0\n\
                        -1 0 3 5 7 9 sorted\n1099511757783.875\n300\n15.75\n42 1.5 7\n1.71799e+10\n500\n21\n0 wrong\nno more\n8\n";
        assert_eq!(printed, Outcome::success(expected), "{}", emscripten.version);
    }
}

#[test]
fn wrong_types_and_pointers_are_traps() {
    let memory = "out of bounds memory access";
    let ty = "indirect call type mismatch";
    let expected = [
        memory,
        memory,
        memory,
        ty,
        ty,
        ty,
        ty,
        ty,
        memory,
        "undefined element",
        "uninitialized element",
        ty,
        ty,
        "uninitialized element",
        "undefined element",
        ty,
        memory,
        ty,
        memory,
        memory,
        memory,
    ];
    for emscripten in emscripten::all() {
        let program = program(emscripten);
        for (number, expected) in expected.iter().enumerate() {
            let ended = run(&program, &[&number.to_string()]);
            let message = format!("adder: trap: {expected}\n");
            assert!(
                ended.status == Some(134) && !ended.stdout.contains("happened") && ended.stderr.starts_with(&message),
                "{number} by {}: {ended:#?}",
                emscripten.version
            );
        }
        // The stack of the C program may be used up before that of calls in calls.
        let ended = run(&program, &["21"]);
        let messages = [memory, "call stack exhausted"].map(|message| format!("adder: trap: {message}\n"));
        let is_trap = messages.iter().any(|message| ended.stderr.starts_with(message));
        assert!(ended.status == Some(134) && is_trap, "{}: {ended:#?}", emscripten.version);
        assert_eq!(run(&program, &["22"]), Outcome::success("1 1 1 1\n"), "{}", emscripten.version);
    }
}
