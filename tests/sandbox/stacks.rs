//! Using up the stack, with small frames and with frames larger than any guard: always the same trap, and the program can
//! be called again afterwards.

use adder_compiler::{Input, Optimization, Options};
use adder_tests::program::{answers, invoke};
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
};

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
    let options = Options { stack_bytes, optimization, verify: false, ..Options::default() };
    let answers = answers(&[Input { name: "stack", bytes: &module }], &options, &commands);
    let (one, trap) = ("ok 0000000000000001".to_owned(), "trap call stack exhausted".to_owned());
    assert_eq!(answers, [one.clone(), trap.clone(), format!("ok {deep:016x}"), trap, one], "{live} values alive");
}

#[test]
fn small_frames_use_up_the_stack() {
    check(0, 64 << 20, 100_000, Optimization::Speed);
    check(0, 64 << 20, 100_000, Optimization::None);
}

#[test]
fn frames_of_some_pages_use_up_the_stack() {
    check(1_500, 1 << 20, 20, Optimization::Speed);
}

#[test]
fn frames_larger_than_the_guard_use_up_the_stack() {
    // A spilled value takes 8 bytes, so this is a frame of 80 KB, and the guard is 64 KiB.
    // The full register allocator takes minutes for it in a debug build.
    check(10_000, 1 << 20, 2, Optimization::None);
}
