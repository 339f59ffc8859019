//! Programs that print the same wherever they are compiled for.

use adder_tests::emscripten::{Emscripten, all};

use crate::build::{WITHOUT_END, executable, is_new, native, run};

/// What may be different from one build of a program to another: options that change what it imports.
fn variants(emscripten: &Emscripten) -> [&'static [&'static str]; 2] {
    match is_new(emscripten) {
        false => [&[WITHOUT_END], &["-sWASM_BIGINT"]],
        true => [&[WITHOUT_END], &["-sALLOW_MEMORY_GROWTH"]],
    }
}

/// Asserts that a program that was compiled with these options, by every compiler and in all variants, does what its native
/// counterpart does.
fn assert_native(source: &str, options: &[&str], environment: &[(&str, &str)]) {
    let expected = run(native(source), &[], environment, b"");
    assert_eq!(expected.status, Some(0), "{expected:#?}");
    for emscripten in all() {
        for variant in variants(emscripten) {
            let program = executable(emscripten, source, &[options, variant].concat());
            let outcome = run(program, &[], environment, b"");
            let what = format!("{source} by {} with {options:?} {variant:?}", emscripten.version);
            assert_eq!(outcome, expected, "{what}");
        }
    }
}

#[test]
fn files() {
    assert_native("files.c", &[], &[]);
}

#[test]
fn files_with_a_heap_that_grows() {
    assert_native("files.c", &["-sALLOW_MEMORY_GROWTH"], &[]);
}

#[test]
fn mapped_files() {
    assert_native("mmap.c", &[], &[]);
}

#[test]
fn pipes_poll_and_select() {
    assert_native("poll.c", &[], &[]);
}

#[test]
fn process() {
    assert_native("process.c", &[], &[]);
}

#[test]
fn functions_that_are_one_with_a_system_call() {
    let exported = "-sEXPORTED_FUNCTIONS=_main,___syscall_getppid,___syscall_getgid32,___syscall_getpriority";
    assert_native("folded.c", &[exported], &[]);
}

#[test]
fn the_alarm_clock() {
    // As it is, `sigaction` may become a part of what calls it.
    assert_native("alarm.c", &["-sEXPORTED_FUNCTIONS=_main,_sigaction,_clock_nanosleep"], &[]);
}

#[test]
fn clocks_and_calendars() {
    assert_native("time.c", &[], &[]);
    for zone in ["CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3", "<-0330>3:30"] {
        assert_native("time.c", &[], &[("TZ", zone)]);
    }
}

#[test]
fn a_heap_that_grows() {
    assert_native("heap.c", &["-sALLOW_MEMORY_GROWTH", "-sMAXIMUM_MEMORY=1GB"], &[]);
}

#[test]
fn setjmp_and_longjmp() {
    assert_native("longjmp.c", &["-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm"], &[]);
}

#[test]
fn setjmp_and_longjmp_with_exception_references() {
    for emscripten in all().iter().filter(|emscripten| is_new(emscripten)) {
        let options = ["-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm", "-sWASM_LEGACY_EXCEPTIONS=0"];
        let outcome = run(executable(emscripten, "longjmp.c", &options), &[], &[], b"");
        assert_eq!(outcome, run(native("longjmp.c"), &[], &[], b""));
    }
}
