//! How programs begin and end: arguments, environment, standard streams, what is called and written at the end, the exit status.

use adder_tests::emscripten::all;
use adder_tests::outcome::Outcome;

use crate::build::{WITHOUT_END, executable, is_new, native, run};

#[test]
fn arguments_environment_streams_and_status() {
    for arguments in [&[][..], &["3", "two words", ""]] {
        for environment in [&[][..], &[("GREETING", "hi")]] {
            let outcome = |program| run(program, arguments, environment, b"line one\nline two");
            let expected = outcome(native("hello.c"));
            for emscripten in all() {
                assert_eq!(outcome(executable(emscripten, "hello.c", &[])), expected);
                // Without that option, a program made by Emscripten calls nothing at its end, and writes no more.
                let unfinished = Outcome {
                    stdout: expected.stdout.strip_suffix("not flushedat exit\n").expect("it ends so").to_owned(),
                    ..Outcome { status: expected.status, stdout: String::new(), stderr: expected.stderr.clone() }
                };
                assert_eq!(outcome(executable(emscripten, "hello.c", &[WITHOUT_END])), unfinished);
            }
        }
    }
}

#[test]
fn ways_to_end() {
    for way in ["return", "exit", "_exit", "_Exit", "large"] {
        let expected = run(native("exits.c"), &[way], &[], b"");
        for emscripten in all() {
            let outcome = run(executable(emscripten, "exits.c", &[]), &[way], &[], b"");
            assert_eq!(outcome, expected, "{way} by {}", emscripten.version);
            // Without that option, no handler is called.
            let outcome = run(executable(emscripten, "exits.c", &[WITHOUT_END]), &[way], &[], b"");
            assert_eq!(outcome.status, expected.status, "{way} by {}", emscripten.version);
            assert_eq!(outcome.stdout, "constructor\nin a buffer\n", "{way} by {}", emscripten.version);
        }
    }
}

#[test]
fn bad_ends() {
    for (way, message) in [("abort", "aborted"), ("assert", "aborted"), ("trap", "unreachable")] {
        for emscripten in all() {
            let outcome = run(executable(emscripten, "exits.c", &[]), &[way], &[], b"");
            assert_eq!(outcome.status, Some(134), "{way}: {outcome:#?}");
            assert_eq!(outcome.stdout, "constructor\nin a buffer\n", "{way}");
            assert!(outcome.stderr.contains(&format!("adder: trap: {message}\n")), "{way}: {outcome:#?}");
            let says_why = outcome.stderr.contains("exits.c:") && outcome.stderr.contains("as it must");
            assert_eq!(says_why, way == "assert", "{outcome:#?}");
        }
    }
}

#[test]
fn exceptions() {
    let expected = run(native("exceptions.cpp"), &[], &[], b"");
    assert_eq!(expected.status, Some(0), "{expected:#?}");
    for emscripten in all() {
        // Those of the standard have references.
        let forms: &[&str] = match is_new(emscripten) {
            false => &["-sWASM_BIGINT"],
            true => &["-sWASM_LEGACY_EXCEPTIONS=1", "-sWASM_LEGACY_EXCEPTIONS=0"],
        };
        for form in forms {
            let program = executable(emscripten, "exceptions.cpp", &["-fwasm-exceptions", form]);
            assert_eq!(run(program.clone(), &[], &[], b""), expected, "{form} by {}", emscripten.version);
            let outcome = run(program, &["uncaught"], &[], b"");
            assert_eq!(outcome.status, Some(134), "{outcome:#?}");
            assert!(outcome.stdout.ends_with("not caught\n"), "{outcome:#?}");
        }
        let plain = run(executable(emscripten, "exceptions.cpp", &["-fwasm-exceptions", WITHOUT_END]), &[], &[], b"");
        let unfinished = expected.stdout.strip_suffix("-global\n").expect("it ends so");
        assert_eq!((plain.status, plain.stdout.as_str()), (Some(0), unfinished));
    }
}
