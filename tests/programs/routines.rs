//! Routines of wasi-libc that adder knows by their bodies: the same results as with their bodies alone, which is what `-O 0`
//! executes.

use std::fs;
use std::process::Command;

use adder_compiler::{Entry, Input, Optimization, Options, Unobserved, compile};
use adder_tests::{outcome::run, workspace};

use crate::built::{executable, folder};

/// Calls the routines by pointers that clang cannot see through, with all small sizes and some large ones, ranges apart and
/// overlapping, and prints a digest of everything. With an argument: a call that leaves the memory, after which nothing is
/// printed any more.
const SOURCE: &str = r#"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;
static uint8_t bytes[1 << 16];
static uint32_t digest = 1, state = 1;

static uint32_t next(uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
}

static void note(void *returned, void *expected) {
    digest = (digest ^ (returned == expected)) * 16777619;
    for (int i = 0; i < 12000; i++) digest = (digest ^ bytes[i]) * 16777619;
}

int main(int count, char **arguments) {
    if (count > 1) {
        // The last page is new, so it is zero.
        uint8_t *end = (uint8_t *)((__builtin_wasm_memory_grow(0, 1) + 1) << 16);
        switch (arguments[1][0]) {
        case 'c': copy(end - 100, bytes, 101); break;
        case 'f': copy(bytes, end - 100, 101); break;
        case 'm': move(end - 20, end - 1000, 21); break;
        case 's': fill(end - 5000, 1, 5001); break;
        case 'w': fill((void *)-16, 1, 64); break;
        case 'n': copy((void *)-1, (void *)-1, 0); break;
        case 'q': if (compare(end - 100, end - 50, 60)) puts("differ"); break;
        case 'd': end[-50] = 1; if (compare(end - 100, end - 50, 60)) puts("differ"); break;
        case 'e': if (compare((void *)-9, (void *)-17, 16)) puts("differ"); break;
        case 'z': if (compare((void *)-1, bytes, 0)) puts("differ"); break;
        }
        puts("went on");
        return 0;
    }
    for (int i = 0; i < 12000; i++) bytes[i] = next(256);
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t n = round % 3 == 0 ? next(40) : round % 3 == 1 ? next(300) : next(4000);
        uint8_t *to = bytes + next(8000), *from = round % 2 ? bytes + next(8000) : to + next(64) - next(64);
        if (from < bytes) from = bytes;
        switch (next(3)) {
        case 0: note(copy(to, from, n), to); break;
        case 1: note(move(to, from, n), to); break;
        case 2: note(fill(to, next(1000), n), to); break;
        }
    }
    // Equal up to any place, at all alignments; bytes are unsigned.
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t n = next(70), at = next(70), from = next(40), other = 500 + next(40);
        memset(bytes, 'a', 1000);
        bytes[from + at] = next(3) * 127;
        int result = compare(bytes + from, bytes + other, n);
        digest = (digest ^ (uint32_t)result) * 16777619;
        if ((result != 0) != (at < n && bytes[from + at] != 'a')) puts("wrong");
    }
    printf("%08x\n", digest);
    return 0;
}
"#;

#[test]
fn known_routines_do_what_their_bodies_do() {
    let source = folder().join("routines.c");
    let module = folder().join("routines.wasm");
    fs::write(&source, SOURCE).expect("the cache is writable");
    // Linked without a level: where there is binaryen, clang would have it optimise the C library, too.
    let object = folder().join("routines.o");
    let clang = || {
        let mut clang = Command::new("clang");
        clang.arg("--target=wasm32-wasi");
        clang
    };
    workspace::run(clang().args(["-O2", "-fno-builtin", "-c"]).arg(&source).arg("-o").arg(&object));
    workspace::run(clang().arg(&object).arg("-o").arg(&module));
    let bytes = fs::read(&module).expect("clang has written it");
    let routines = |optimization| {
        let options = Options { optimization, entry: Entry::Command, ..Options::default() };
        let input = Input { name: "routines", bytes: &bytes };
        let mut found = compile(&[input], &options, &Unobserved).expect("it compiles").report.routines;
        found.sort_unstable();
        found
    };
    assert!(routines(Optimization::None).is_empty());
    assert_eq!(
        routines(Optimization::Fast),
        ["memcmp", "memcpy", "memmove", "memset"],
        "this wasi-libc has other bodies"
    );
    for memory in ["low", "high", "checked"] {
        let build = |level: &str| {
            let path = module.display().to_string();
            executable(
                &format!("routines-{memory}-{level}"),
                &["build", &path, "--memory", memory, "-O", level],
                &[&module],
            )
        };
        let (plain, fast) = (build("0"), build("1"));
        assert_eq!(run(&fast, &[]), run(&plain, &[]), "{memory}");
        assert_eq!(run(&plain, &[]).printed().len(), 9, "{memory}");
        for (call, status) in [
            ("c", 134),
            ("f", 134),
            ("m", 134),
            ("s", 134),
            ("w", 134),
            ("q", 134),
            ("e", 134),
            ("n", 0),
            ("d", 0),
            ("z", 0),
        ] {
            let outcome = run(&fast, &[call]);
            assert_eq!(outcome, run(&plain, &[call]), "{call} with {memory}");
            assert_eq!(outcome.status, Some(status), "{call} with {memory}");
        }
    }
}
