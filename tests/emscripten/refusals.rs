//! What needs JavaScript or is not known is refused, all of it at once, with what to do; or traps by its name where that is asked for.

use adder::configuration::Configuration;
use adder_compiler::{Error, Input, Options, Unobserved};
use adder_tests::emscripten::all;
use adder_tests::guest;
use adder_tests::outcome::run;
use adder_tests::text::assemble;

use crate::build::module;

/// What the compiler says of a module that it refuses.
fn refusal(module: &[u8]) -> (String, String) {
    let input = Input { name: "program", bytes: module };
    let error: Error = adder_compiler::compile(&[input], &Options::default(), &Unobserved).expect_err("it is refused");
    (error.to_string(), error.hint.unwrap_or_default())
}

/// Asserts that a program is refused by every compiler, with all these names in the message and this in the hint.
fn assert_refused(source: &str, options: &[&str], names: &[&str], advice: &str) {
    for emscripten in all() {
        let (message, hint) = refusal(&module(emscripten, source, options));
        for name in names {
            assert!(message.contains(name), "{name:?} is not in {message}");
        }
        assert!(hint.contains(advice), "{message}\n{hint}");
    }
}

#[test]
fn functions_in_javascript() {
    let names =
        [r#""env"."add_in_javascript""#, r#""env"."emscripten_asm_const_int""#, r#""env"."emscripten_run_script""#];
    assert_refused("emjs.c", &[], &names, "EM_JS, EM_ASM");
}

#[test]
fn longjmp_and_exceptions_in_javascript() {
    let names = [r#""env"."invoke_"#, r#""env"."_emscripten_throw_longjmp""#];
    assert_refused("longjmp.c", &[], &names, "-fwasm-exceptions -sSUPPORT_LONGJMP=wasm");
    let names = [r#""env"."invoke_"#, r#""env"."__cxa_throw""#];
    assert_refused("exceptions.cpp", &["-fexceptions"], &names, "-fwasm-exceptions");
}

#[test]
fn short_names() {
    let advice = "-sDECLARE_ASM_MODULE_EXPORTS=0";
    assert_refused("hello.c", &["-O3"], &[r#""a"."a""#], advice);
    // What the hint says helps.
    for emscripten in all() {
        for options in [&["-O2"][..], &["-O3", advice]] {
            let module = module(emscripten, "hello.c", options);
            let program = guest::executable("hello.c", &module, &Configuration::default(), &Options::default());
            assert_eq!(run(&program, &["5"]).status, Some(5), "{options:?} by {}", emscripten.version);
        }
    }
}

#[test]
fn threads() {
    // The newer compiler would first compile the C library for threads.
    let module = module(&all()[0], "hello.c", &["-pthread"]);
    let (message, hint) = refusal(&module);
    assert!(message.contains(r#""env"."__emscripten_init_main_thread_js""#), "{message}");
    assert!(hint.contains("compile it without threads"), "{hint}");
}

#[test]
fn versions_that_are_not_known() {
    let importing = |import: &str| {
        let text = format!(
            r#"(module
                (import "env" {import})
                (memory (export "memory") 1)
                (func (export "main") (param i32 i32) (result i32) (i32.const 0))
                (func (export "stackAlloc") (param i32) (result i32) (i32.const 0))
                (func (export "__wasm_call_ctors")))"#
        );
        assemble(&text)
    };
    let (message, hint) = refusal(&importing(r#""_localtime_js" (func (param i32 i32 i32))"#));
    assert!(message.contains("a version of Emscripten that is not known: its \"_localtime_js\" takes"), "{message}");
    assert!(hint.contains("known are 3.1.6, and 5 and 6"), "{hint}");
    let (message, _) = refusal(&importing(r#""emscripten_date_now" (func (result f64))"#));
    assert!(message.contains(r#"it imports "env"."emscripten_date_now""#), "{message}");
    // The calendar alone is not enough: it had 32 bits for a while longer than `struct stat` had its size.
    let both = r#""_localtime_js" (func (param i32 i32)))
        (import "env" "__syscall_newfstatat" (func (param i32 i32 i32 i32) (result i32))"#;
    let (message, _) = refusal(&importing(both));
    assert!(message.contains(r#"it imports "env"."__syscall_newfstatat""#), "{message}");
}

#[test]
fn what_is_missing_traps_by_its_name() {
    let options = Options { allow_missing: true, ..Options::default() };
    for emscripten in all() {
        let module = module(emscripten, "emjs.c", &[]);
        let program = guest::executable("emjs.c", &module, &Configuration::default(), &options);
        let outcome = run(&program, &[]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(134), ""), "{outcome:#?}");
        assert!(
            outcome.stderr.starts_with("adder: trap: call of a missing import: env.add_in_javascript\n"),
            "{outcome:#?}"
        );
    }
}
