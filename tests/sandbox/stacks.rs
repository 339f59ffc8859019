//! Using up the stack, in every way that a function can call another, with small frames and with frames larger than any
//! guard or even the stack: always the same trap, and the program can be called again afterwards. The trap is found out on
//! the alternate signal stack, because there is no other left.

use adder_compiler::{Input, Optimization, Options};
use adder_tests::program::{answers, invoke, raw_answers};
use adder_tests::text::assemble;
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
};

use crate::plans::{agree, each_plan};

const EXHAUSTED: &str = "trap call stack exhausted";

/// A module with a function `recurse(n)` that calls itself `n` times with `live` values alive across the call, and
/// returns `n` more than the sum of zeros that the values are.
fn recursive(live: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1);
    let mut exports = ExportSection::new();
    exports.export("recurse", ExportKind::Func, 0);
    let mut recurse = Function::new([]);
    {
        let mut body = recurse.instructions();
        body.local_get(0).i32_eqz().if_(BlockType::Empty).i32_const(0).return_().end();
        for _ in 0..live {
            // A call whose result nobody can know before.
            body.call(1);
        }
        body.local_get(0).i32_const(1).i32_sub().call(0).i32_const(1).i32_add();
        for _ in 0..live {
            body.i32_add();
        }
        body.end();
    }
    let mut zero = Function::new([]);
    zero.instructions().i32_const(0).end();
    let mut code = CodeSection::new();
    code.function(&recurse).function(&zero);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    module.finish()
}

fn check(live: u32, stack_bytes: u64, deep: u64, optimization: Optimization) {
    let module = recursive(live);
    let commands = invoke("recurse", &[1])
        + &invoke("recurse", &[u64::from(u32::MAX)])
        + &invoke("recurse", &[deep])
        + &invoke("recurse", &[u64::from(u32::MAX)])
        + &invoke("recurse", &[1]);
    // The verifier takes minutes for functions like these.
    let options = Options { stack_bytes, optimization, ..Options::default() };
    let answers = answers(&[Input { name: "stack", bytes: &module }], &options, &commands);
    let (one, trap) = ("ok 0000000000000001".to_owned(), "trap call stack exhausted".to_owned());
    assert_eq!(answers, [one.clone(), trap.clone(), format!("ok {deep:016x}"), trap, one], "{live} values alive");
}

#[test]
fn small_frames_use_up_the_stack() {
    check(0, 64 << 20, 100_000, Optimization::Fast);
    check(0, 64 << 20, 100_000, Optimization::None);
}

#[test]
fn frames_of_some_pages_use_up_the_stack() {
    check(1_500, 1 << 20, 20, Optimization::Fast);
}

#[test]
fn frames_larger_than_the_guard_use_up_the_stack() {
    // A spilled value takes 8 bytes, so this is a frame of 80 KB, and the guard is 64 KiB.
    // The full register allocator takes minutes for it in a debug build.
    check(10_000, 1 << 20, 2, Optimization::None);
}

/// Ways to call a function `$again (param i32) (result i32)` with one less; each is a body after the check for zero, and
/// what the module needs for it.
const WAYS: [(&str, &str, &str); 11] = [
    ("directly", "", "(call $again (local.get 1))"),
    (
        "through a table",
        "(table 2 2 funcref) (elem (i32.const 1) func $again)",
        "(call_indirect (type $t) (local.get 1) (i32.const 1))",
    ),
    (
        "through a table that grows",
        "(table $table 2 9 funcref) (elem (i32.const 1) func $again)
         (func (export \"g\") (drop (table.grow $table (ref.null func) (i32.const 1))))",
        "(call_indirect (type $t) (local.get 1) (i32.const 1))",
    ),
    ("by reference", "(elem declare func $again)", "(call_ref $t (local.get 1) (ref.func $again))"),
    (
        "by another function's tail call",
        "(func $jump (type $t) (return_call $again (local.get 0)))",
        "(call $jump (local.get 1))",
    ),
    (
        "with a vector alive",
        "(memory 1 1)",
        "(i32x4.extract_lane 0 (i32x4.add (v128.load (i32.const 0)) (i32x4.splat (call $again (local.get 1)))))",
    ),
    (
        "where everything is caught",
        "",
        "(block $caught (return (i32.add (i32.const 1) (try_table (result i32) (catch_all $caught)
           (call $again (local.get 1)))))) (i32.const -1000000)",
    ),
    (
        "where everything was caught in the old way",
        "",
        "try (result i32) (call $again (local.get 1)) catch_all (i32.const -1000000) end",
    ),
    (
        "with as many arguments as go on the stack",
        "(func $many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32) (result i32) (call $again (local.get 11)))",
        "(call $many (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7)
           (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11) (local.get 1))",
    ),
    (
        "with results on the stack",
        "(func $many (param i32) (result i64 i64 i64 i64 i64 i64 i32)
           (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (call $again (local.get 0)))",
        "(call $many (local.get 1)) (local.set 1) drop drop drop drop drop drop (local.get 1)",
    ),
    (
        "with calls of the runtime between",
        "(memory $m 1 1)",
        "(drop (memory.grow (i32.const 1))) (call $again (local.get 1)) (drop (memory.grow (i32.const 1)))",
    ),
];

fn way(declarations: &str, call: &str) -> Vec<u8> {
    // What is added after the call keeps it from being a tail call.
    assemble(&format!(
        "(module (type $t (func (param i32) (result i32))) {declarations}
           (func $again (export \"recurse\") (type $t) (local i32)
             (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
             (local.set 1 (i32.sub (local.get 0) (i32.const 1)))
             {call}
             (i32.const 1) (i32.add)))"
    ))
}

#[test]
fn every_way_to_call_uses_up_the_stack() {
    for (name, declarations, call) in WAYS {
        let module = way(declarations, call);
        let commands = invoke("recurse", &[100])
            + &invoke("recurse", &[u64::from(u32::MAX)])
            + &invoke("recurse", &[1_000])
            + &invoke("recurse", &[u64::from(u32::MAX)])
            + &invoke("recurse", &[100]);
        let wanted = [100, 0, 1_000, 0, 100]
            .map(|depth| if depth == 0 { EXHAUSTED.to_owned() } else { format!("ok {depth:016x}") });
        let options = Options { stack_bytes: 1 << 20, ..Options::default() };
        println!("{name}");
        each_plan(&options, |options| agree(&[(name, &module)], options, &commands, &wanted));
    }
}

#[test]
fn two_instances_use_up_the_stack_together() {
    let one = assemble(
        "(module (type $t (func (param i32) (result i32))) (table (export \"t\") 1 1 funcref)
           (func (export \"even\") (type $t)
             (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
             (i32.add (i32.const 1)
               (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))",
    );
    let other = assemble(
        "(module (type $t (func (param i32) (result i32))) (import \"one\" \"t\" (table 1 1 funcref))
           (import \"one\" \"even\" (func $even (type $t)))
           (elem (i32.const 0) func $odd)
           (func $odd (type $t)
             (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
             (i32.add (i32.const 1) (call $even (i32.sub (local.get 0) (i32.const 1))))))",
    );
    let commands = invoke("even", &[u64::from(u32::MAX)]) + &invoke("even", &[1_001]);
    let wanted = [EXHAUSTED.to_owned(), format!("ok {:016x}", 1_001)];
    let options = Options { stack_bytes: 1 << 20, ..Options::default() };
    each_plan(&options, |options| agree(&[("one", &one), ("other", &other)], options, &commands, &wanted));
}

#[test]
fn the_start_function_uses_up_the_stack() {
    let module = assemble(
        "(module (global $g (mut i32) (i32.const 0)) (start $begin)
           (func $begin (global.set $g (i32.add (global.get $g) (i32.const 1))) (call $begin) (call $begin))
           (func (export \"f\") (result i32) (i32.lt_u (i32.const 1000) (global.get $g))))",
    );
    each_plan(&Options { stack_bytes: 1 << 20, ..Options::default() }, |options| {
        let commands = format!("activate 0\n{}activate 0\n", invoke("f", &[]));
        let input = Input { name: "start", bytes: &module };
        assert_eq!(raw_answers(&[input], options, &commands), [EXHAUSTED, "ok 0000000000000001", EXHAUSTED]);
    });
}

/// A frame that the whole stack has no room for, in a function that is called at once or after others.
#[test]
fn a_frame_larger_than_the_stack_is_never_entered() {
    const LOCALS: u32 = 49_000;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I64]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut body = Function::new([(LOCALS, ValType::I64)]);
    {
        // So many locals that change in a loop are kept in the frame.
        let mut body = body.instructions();
        body.loop_(BlockType::Empty);
        for local in 1..=LOCALS {
            body.local_get(local).local_get(LOCALS + 1 - local).i64_const(1).i64_add().i64_add().local_set(local);
        }
        body.local_get(0).i32_const(1).i32_sub().local_tee(0).br_if(0).end();
        body.local_get(7).end();
    }
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    let module = module.finish();
    let commands = invoke("f", &[1]) + &invoke("f", &[2]);
    let call = |stack_bytes| {
        let options = Options { stack_bytes, optimization: Optimization::None, ..Options::default() };
        answers(&[Input { name: "frame", bytes: &module }], &options, &commands)
    };
    assert_eq!(call(1 << 18), [EXHAUSTED, EXHAUSTED]);
    let enough = call(4 << 20);
    assert!(enough.iter().all(|answer| answer.starts_with("ok ")), "{enough:?}");
}

#[test]
fn tail_calls_never_use_up_the_stack() {
    let module = assemble(
        "(module (type $t (func (param i32 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
           (table 1 1 funcref) (elem (i32.const 0) func $many)
           (func $few (export \"few\") (param i32) (result i64)
             (return_call $many (local.get 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
               (i64.const 6) (i64.const 7) (i64.const 8)))
           (func $many (type $t)
             (if (i32.eqz (local.get 0)) (then (return (i64.add (local.get 1) (local.get 8)))))
             (if (i32.and (local.get 0) (i32.const 1))
               (then (return_call $few (i32.sub (local.get 0) (i32.const 1)))))
             (return_call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 2)
               (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8) (i32.const 0))))",
    );
    let commands = invoke("few", &[3_000_000]);
    let options = Options { stack_bytes: 1 << 18, ..Options::default() };
    each_plan(&options, |options| agree(&[("tail", &module)], options, &commands, &[format!("ok {:016x}", 9)]));
}

#[test]
fn a_thousand_exhausted_stacks_leave_nothing_behind() {
    let (_, declarations, call) = WAYS[0];
    let module = way(declarations, call);
    let commands = invoke("recurse", &[u64::from(u32::MAX)]).repeat(1_000) + &invoke("recurse", &[1_000]);
    let mut wanted = vec![EXHAUSTED.to_owned(); 1_000];
    wanted.push(format!("ok {:016x}", 1_000));
    agree(&[("again", &module)], &Options { stack_bytes: 1 << 18, ..Options::default() }, &commands, &wanted);
}
