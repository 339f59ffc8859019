//! What C calls, and what it gets.

use crate::{Linked, Workshop, gcc, printed};
use adder::target::Target;
use adder_tests::{target, workspace};
use object::{File, Object, ObjectSection, ObjectSymbol};
use std::process::Command;

/// Values of all types, in both directions.
const VALUES: &str = r#"(module
    (func (export "line") (param f64 f64 f64) (result f64)
        (f64.add (f64.mul (local.get 0) (local.get 1)) (local.get 2)))
    (func (export "swap") (param i32 i64 f32 v128 externref) (result externref v128 f32 i64 i32)
        (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
    (func (export "many") (param i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 f32 f64 f32 f64 f32 f64 f32 f64 f32 f64) (result i64 f64)
        (i64.add (i64.extend_i32_s (local.get 8)) (local.get 9))
        (f64.add (f64.promote_f32 (local.get 18)) (local.get 19)))
    (func (export "nothing"))
    (memory (export "a memory") 1 3)
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (global (export "changes") (mut i32) (i32.const 5))
    (global (export "vector") (mut v128) (v128.const i64x2 1 2))
    (global (export "stays") f64 (f64.const 2.5))
    (func (export "read") (result i32 i64) (global.get 0) (i64x2.extract_lane 1 (global.get 1))))"#;

const CALLS_VALUES: &str = r#"
#include "values.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    double y;
    printf("%d", values_line(2, 3, 4, &y));
    printf(" %g\n", y);
    int32_t i = 0;
    int64_t l = 0;
    float f = 0;
    adder_v128 v = {{0}}, given = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255}};
    uint64_t r = 0;
    printf("%d", values_swap(-7, INT64_MIN, 1.5f, &given, 0x123456789abcdef0, &r, &v, &f, &l, &i));
    printf(" %" PRIx64 " %d %g %" PRIx64 " %d\n", r, memcmp(&v, &given, 16), f, l, i);
    printf("%d\n", values_swap(1, 2, 3, &given, 4, NULL, NULL, NULL, NULL, NULL));
    printf("%d", values_many(1, 2, 3, 4, 5, 6, 7, 8, -9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, &l, &y));
    printf(" %" PRId64 " %g\n", l, y);
    printf("%d\n", values_nothing());
    uint64_t bytes;
    uint8_t *memory = values_a_memory(&bytes);
    memcpy(memory + 65532, "abcd", 4);
    printf("%" PRIu64, bytes);
    values_load(65532, &i);
    printf(" %x", i);
    values_grow(&i);
    printf(" %d %d", i, values_a_memory(NULL) == memory);
    values_a_memory(&bytes);
    printf(" %" PRIu64 "\n", bytes);
    values_get_changes(&i);
    printf("%d %d", i, values_set_changes(-1));
    given.bytes[8] = 99;
    memset(given.bytes + 9, 0, 7);
    printf(" %d", values_set_vector(&given));
    values_read(&i, &l);
    printf(" %d %" PRId64, i, l);
    printf(" %d", values_get_vector(&v));
    printf(" %d", memcmp(&v, &given, 16));
    printf(" %d", values_get_stays(&y));
    printf(" %g\n", y);
}
"#;

#[test]
fn values_of_all_types_come_and_go() {
    let workshop = Workshop::new();
    workshop.text("values", VALUES, &[]);
    for linked in [Linked::Shared, Linked::Object, Linked::Static] {
        let output = printed(&mut workshop.c(CALLS_VALUES, &["values"], linked));
        let wanted = "0 10\n0 123456789abcdef0 0 1.5 8000000000000000 -7\n0\n0 1 19\n0\n65536 64636261 1 1 131072\n5 0 0 -1 99 0 0 0 2.5\n";
        assert_eq!(output, wanted, "{linked:?}");
    }
}

/// The header is one for C++, too, and headers of several libraries go together.
#[test]
fn headers_go_together() {
    let workshop = Workshop::new();
    for name in ["one", "two"] {
        workshop.text(name, &format!(r#"(module (func (export "{name}") (result i32) (i32.const 7)))"#), &[]);
    }
    workshop.write("main.cc", "#include \"one.h\"\n#include \"two.h\"\n#include \"one.h\"\nint main() { return one_one(nullptr) + two_two(nullptr); }\n");
    let mut check = Command::new("clang++");
    check.args(["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-pedantic", "main.cc"]).current_dir(workshop.path());
    workspace::run(&mut check);
}

/// Ends in every way.
const ENDS: &str = r#"(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "env" "missing" (func $missing))
    (memory (export "memory") 1)
    (tag $tag)
    (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func $deep (export "deep") (call $deep) (call $deep))
    (func (export "throw") (throw $tag))
    (func $inner (call $exit (i32.const 42)))
    (func (export "exit") (call $inner))
    (func (export "missing") (call $missing))
    (func (export "fine") (result i32) (i32.const 1)))"#;

const CALLS_ENDS: &str = r#"
#include "ends.h"
#include <stdio.h>

static void fails(int code) {
    printf("%d %s\n", code, ends_adder_failure());
}

int main(void) {
    int32_t value;
    for (int round = 0; round < 2; ++round) {
        fails(ends_divide(1, 0, &value));
        fails(ends_divide(INT32_MIN, -1, &value));
        fails(ends_load(65536, &value));
        printf("%d %.20s\n", ends_deep(), ends_adder_failure());
        fails(ends_throw());
        fails(ends_exit());
        printf("%d\n", ends_adder_exit_status());
        fails(ends_missing());
        printf("%d", ends_fine(&value));
        printf(" %d\n", value);
    }
    printf("%d\n", ends_divide(1, 0, NULL) == ADDER_INTEGER_DIVIDE_BY_ZERO);
}
"#;

#[test]
fn what_ends_the_guest_ends_a_call_and_nothing_else() {
    let workshop = Workshop::new();
    workshop.text("ends", ENDS, &["--allow-missing"]);
    let once = "8 integer divide by zero\n   0: divide\n7 integer overflow\n   0: divide\n\
                2 out of bounds memory access\n   0: load\n10 call stack exhausted\n16 uncaught exception\n   0: throw\n\
                14 exited with status 42\n42\n12 call of a missing import: env.missing\n   0: missing\n0 1\n";
    assert_eq!(printed(&mut workshop.c(CALLS_ENDS, &["ends"], Linked::Shared)), format!("{once}{once}1\n"));
}

#[test]
fn a_start_function_that_traps_makes_every_call_fail() {
    let workshop = Workshop::new();
    let module = r#"(module
        (global $count (export "count") (mut i32) (i32.const 0))
        (func $start (global.set $count (i32.const 1)) unreachable)
        (func (export "f"))
        (start $start))"#;
    workshop.text("never", module, &[]);
    let source = r#"
#include "never.h"
#include <stdio.h>
int main(void) {
    int32_t value = 7;
    printf("%d", never_f());
    printf(" %d", never_f());
    printf(" %d", never_get_count(&value));
    printf(" %d %s\n", value, never_adder_failure());
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &["never"], Linked::Shared)), "1 1 1 7 unreachable\n   0: start\n");
}

#[test]
fn initialize_is_called_once_before_the_first_call() {
    let workshop = Workshop::new();
    let module = r#"(module
        (global $count (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $count (i32.add (global.get $count) (i32.const 1))))
        (func (export "count") (result i32) (global.get $count)))"#;
    workshop.text("reactor", module, &[]);
    let source = r#"
#include "reactor.h"
#include <stdio.h>
int main(void) {
    int32_t value = 7;
    reactor_count(&value);
    reactor_count(&value);
    printf("%d\n", value);
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &["reactor"], Linked::Shared)), "1\n");
}

/// Names that mean something to C, to a linker or to nobody.
#[test]
fn any_name_can_be_called() {
    let workshop = Workshop::new();
    let module = r#"(module
        (func (export "") (result i32) (i32.const 1))
        (func (export "a-b") (result i32) (i32.const 2))
        (func (export "a.b") (result i32) (i32.const 3))
        (func (export "*/ int x; /*") (result i32) (i32.const 4))
        (func (export "v@VERS") (result i32) (i32.const 5))
        (func (export "int") (result i32) (i32.const 6)))"#;
    workshop.text("names", module, &[]);
    let source = r#"
#include "names.h"
#include <stdio.h>
int main(void) {
    int32_t v[6];
    names_(v), names_a_b(v + 1), names_a_b_2(v + 2), names____int_x____(v + 3), names_v_VERS(v + 4), names_int(v + 5);
    printf("%d%d%d%d%d%d\n", v[0], v[1], v[2], v[3], v[4], v[5]);
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &["names"], Linked::Shared)), "123456\n");
}

/// Two shared libraries that a user has made of objects, each with the runtime: both define the same names.
#[test]
fn objects_become_shared_libraries_that_know_nothing_of_each_other() {
    let workshop = Workshop::new();
    let source = r#"
#include "one.h"
#include "two.h"
#include <stdio.h>

int main(void) {
    int32_t value;
    one_set_count(5);
    two_set_count(7);
    one_get_count(&value);
    printf("%d", value);
    two_get_count(&value);
    printf(" %d", value);
    printf(" %d %s\n", two_trap(), two_adder_failure());
}
"#;
    workshop.write("main.c", source);
    let target = Target::of(target::architecture()).name;
    workshop.build(&["runtime", "--out", "runtime", "--target", target]);
    let module = r#"(module (global (export "count") (mut i32) (i32.const 1)) (func (export "trap") unreachable))"#;
    let mut whole = Command::new(gcc());
    whole.args(["main.c", "-o", "main", "-Wl,-rpath,$ORIGIN"]).current_dir(workshop.path());
    for name in ["one", "two"] {
        workshop.text(name, module, &[]);
        let (wasm, object, library) = (format!("{name}.wasm"), format!("{name}.o"), format!("lib{name}.so"));
        workshop.build(&["build", &wasm, "--emit", "obj", "-o", &object]);
        let mut link = Command::new(gcc());
        link.args(["-shared", &object, "runtime/libadder_runtime.a", "-o", &library]).current_dir(workshop.path());
        workspace::run(&mut link);
        whole.arg(library);
    }
    workspace::run(&mut whole);
    assert_eq!(printed(&mut workshop.run("main")), "5 7 1 unreachable\n   0: trap\n");
}

/// An object that another version of adder has made is an error of each call.
#[test]
fn an_object_of_another_version_is_refused() {
    let workshop = Workshop::new();
    workshop.text("ends", ENDS, &["--allow-missing"]);
    workshop.build(&["build", "ends.wasm", "--allow-missing", "--emit", "obj", "-o", "ends.o"]);
    let bytes = std::fs::read(workshop.path().join("ends.o")).expect("the object");
    let object = File::parse(&*bytes).expect("an object");
    let program = object.symbol_by_name(adder_compiler::abi::symbol::PROGRAM).expect("the program's descriptor");
    let section = program.section_index().and_then(|index| object.section_by_index(index).ok()).expect("its section");
    let version = section.file_range().expect("it has bytes").0 + program.address();
    let mut other = bytes.clone();
    other[version as usize] += 1;
    workshop.write("ends.o", other);
    let source = r#"
#include "ends.h"
#include <stdio.h>

int main(void) {
    printf("%d", ends_fine(NULL) == ADDER_UNAVAILABLE);
    printf(" %d %s\n", ends_divide(1, 0, NULL) == ADDER_UNAVAILABLE, ends_adder_failure());
}
"#;
    let target = Target::of(target::architecture()).name;
    workshop.build(&["runtime", "--out", "runtime", "--target", target]);
    workshop.write("main.c", source);
    let mut link = Command::new(gcc());
    link.args(["main.c", "ends.o", "runtime/libadder_runtime.a", "-o", "main"]).current_dir(workshop.path());
    workspace::run(&mut link);
    let wanted = "1 1 the object and libadder_runtime.a are of different versions of adder\n";
    assert_eq!(printed(&mut workshop.run("main")), wanted);
}

/// The pointer to a shadow stack, here known by its name, is after a call that did not return what it was before.
#[test]
fn calls_that_do_not_return_give_back_their_stack() {
    let module = |global: &str| {
        format!(
            r#"(module
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (global {global} (mut i32) (i32.const 65536))
                (func $take (param i32) (global.set 0 (i32.sub (global.get 0) (local.get 0))))
                (func (export "trap") (call $take (i32.const 1008)) unreachable)
                (func (export "leave") (call $take (i32.const 1008)) (call $exit (i32.const 3)))
                (func $deep (export "deep") (call $take (i32.const 16)) (call $deep))
                (func (export "keep") (call $take (i32.const 16)))
                (func (export "pointer") (result i32) (global.get 0)))"#
        )
    };
    let workshop = Workshop::new();
    workshop.text("named", &module("$__stack_pointer"), &[]);
    workshop.text("exported", &module(r#"(export "__stack_pointer")"#), &[]);
    workshop.text("other", &module("$other"), &[]);
    workshop.text("promised", &module("$other"), &["--assume", "c-abi"]);
    let source = r#"
#include "exported.h"
#include "named.h"
#include "other.h"
#include "promised.h"
#include <stdio.h>

#define TRY(name) do { \
    int32_t pointer; \
    int wrong = name##_keep(); \
    for (int round = 0; round < 10000; ++round) \
        wrong += name##_trap() != ADDER_UNREACHABLE; \
    wrong += (name##_leave() != ADDER_EXIT) + (name##_deep() != ADDER_CALL_STACK_EXHAUSTED); \
    name##_pointer(&pointer); \
    printf("%d %d\n", wrong, pointer == 65520); \
} while (0)

int main(void) {
    TRY(named);
    TRY(exported);
    TRY(promised);
    TRY(other);
}
"#;
    let names = ["named", "exported", "promised", "other"];
    // A global that nobody knows to be one stays as the call has left it.
    assert_eq!(printed(&mut workshop.c(source, &names, Linked::Shared)), "0 1\n0 1\n0 1\n0 0\n");
}
