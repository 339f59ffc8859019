//! Modules of extreme shape: they compile, without exhausting anything, and compute what they should.

use adder_compiler::{Input, MemoryPlan, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
};

/// A module with one function `(param i32) (result i32)`, exported as `f`.
fn one_function(locals: &[(u32, ValType)], write: impl FnOnce(&mut Function)) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut body = Function::new(locals.iter().copied());
    write(&mut body);
    body.instructions().end();
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    module.finish()
}

/// Calls `f` with each argument.
fn results(module: &[u8], arguments: &[u32]) -> Vec<String> {
    let commands: String = arguments.iter().map(|&argument| invoke("f", &[u64::from(argument)])).collect();
    answers(&[Input { name: "shape", bytes: module }], &unverified(), &commands)
}

/// The verifier of intermediate code, which only the compiler's own tests switch on, takes minutes for some shapes.
fn unverified() -> Options {
    Options { ..Options::default() }
}

fn ok(value: u32) -> String {
    format!("ok {value:016x}")
}

#[test]
fn blocks_nested_four_thousand_deep() {
    const DEPTH: u32 = 4_000;
    let module = one_function(&[], |body| {
        for _ in 0..DEPTH {
            body.instructions().block(BlockType::Empty);
        }
        // Out of all of them at once.
        body.instructions().local_get(0).br_if(DEPTH - 1);
        for _ in 0..DEPTH {
            body.instructions().end();
        }
        body.instructions().local_get(0);
    });
    assert_eq!(results(&module, &[0, 5]), [ok(0), ok(5)]);
}

#[test]
fn loops_and_ifs_nested_two_thousand_deep() {
    const DEPTH: u32 = 2_000;
    let module = one_function(&[], |body| {
        for _ in 0..DEPTH {
            body.instructions().loop_(BlockType::Empty).local_get(0).if_(BlockType::Empty);
        }
        body.instructions().local_get(0).i32_const(1).i32_add().local_set(0);
        for _ in 0..DEPTH {
            body.instructions().end().end();
        }
        body.instructions().local_get(0);
    });
    assert_eq!(results(&module, &[0, 5]), [ok(0), ok(6)]);
}

#[test]
fn an_expression_of_forty_thousand_operands() {
    const OPERANDS: u32 = 40_000;
    let module = one_function(&[], |body| {
        for _ in 0..OPERANDS {
            body.instructions().local_get(0);
        }
        for _ in 1..OPERANDS {
            body.instructions().i32_add();
        }
    });
    assert_eq!(results(&module, &[1, 3]), [ok(OPERANDS), ok(3 * OPERANDS)]);
}

#[test]
fn a_branch_table_with_a_hundred_thousand_targets() {
    let module = one_function(&[], |body| {
        body.instructions().block(BlockType::Empty).block(BlockType::Empty).block(BlockType::Empty);
        let targets: Vec<u32> = (0..100_000).map(|number| number % 2).collect();
        body.instructions().local_get(0).br_table(targets, 2).end();
        body.instructions().i32_const(100).return_().end();
        body.instructions().i32_const(101).return_().end();
        body.instructions().i32_const(102);
    });
    let answers = results(&module, &[0, 1, 99_998, 99_999, 100_000, u32::MAX]);
    assert_eq!(answers, [ok(100), ok(101), ok(100), ok(101), ok(102), ok(102)]);
}

#[test]
fn fifty_thousand_locals() {
    // The parameter is one of them: wasmparser's limit is 50,000.
    const LOCALS: u32 = 49_999;
    let module = one_function(&[(LOCALS, ValType::I32)], |body| {
        body.instructions().loop_(BlockType::Empty);
        for local in [1, 2, 1000, LOCALS] {
            body.instructions().local_get(local).i32_const(1).i32_add().local_set(local);
        }
        body.instructions().local_get(0).i32_const(1).i32_sub().local_tee(0).br_if(0).end();
        body.instructions().local_get(LOCALS).local_get(40_000).i32_add();
    });
    assert_eq!(results(&module, &[1, 7]), [ok(1), ok(7)]);
}

#[test]
fn a_thousand_locals_that_all_change_in_a_loop() {
    const LOCALS: u32 = 1_000;
    let module = one_function(&[(LOCALS, ValType::I32)], |body| {
        body.instructions().loop_(BlockType::Empty);
        for local in 1..=LOCALS {
            body.instructions().local_get(local).i32_const(local as i32).i32_add().local_set(local);
        }
        body.instructions().local_get(0).i32_const(1).i32_sub().local_tee(0).br_if(0).end();
        body.instructions().i32_const(0);
        for local in 1..=LOCALS {
            body.instructions().local_get(local).i32_add();
        }
    });
    let sum = LOCALS * (LOCALS + 1) / 2;
    assert_eq!(results(&module, &[1, 3]), [ok(sum), ok(3 * sum)]);
}

#[test]
fn a_thousand_parameters_and_results() {
    let list = vec![ValType::I32; 1000];
    let mut types = TypeSection::new();
    types.ty().function(list.clone(), list);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 1);
    let mut echo = Function::new([]);
    for parameter in 0..1000 {
        echo.instructions().local_get(parameter);
    }
    echo.instructions().end();
    let mut sum = Function::new([]);
    for _ in 0..1000 {
        sum.instructions().local_get(0);
    }
    sum.instructions().call(0);
    for _ in 1..1000 {
        sum.instructions().i32_add();
    }
    sum.instructions().end();
    let mut code = CodeSection::new();
    code.function(&echo).function(&sum);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    assert_eq!(results(&module.finish(), &[3]), [ok(3000)]);
}

#[test]
fn two_thousand_functions() {
    const COUNT: u32 = 2_000;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    for number in 0..COUNT {
        functions.function(0);
        let mut body = Function::new([]);
        body.instructions().local_get(0).i32_const(1).i32_add();
        // Each calls one with half its number, so that calls go far back.
        if number > 0 {
            body.instructions().call(number / 2);
        }
        body.instructions().end();
        code.function(&body);
    }
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, COUNT - 1);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    assert_eq!(results(&module.finish(), &[0]), [ok(1 + (COUNT - 1).ilog2() + 1)]);
}

#[test]
fn a_memory_of_four_gibibytes_under_every_plan() {
    let module = assemble(
        "(module (memory 65536 65536) (data (i32.const 0xfffffff0) \"far away\")
           (func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0)))
           (func (export \"word\") (param i32) (result i32) (i32.load (local.get 0)))
           (func (export \"store\") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
           (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))
           (func (export \"size\") (result i32) (memory.size)))",
    );
    let commands = invoke("load", &[0xffff_fff0])
        + &invoke("load", &[0])
        + &invoke("store", &[0xffff_ffff, 77])
        + &invoke("load", &[0xffff_ffff])
        + &invoke("word", &[0xffff_fffc])
        + &invoke("word", &[0xffff_fffd])
        + &invoke("size", &[])
        + &invoke("grow", &[0])
        + &invoke("grow", &[1]);
    let wanted = [
        ok(u32::from(b'f')),
        ok(0),
        "ok".to_owned(),
        ok(77),
        ok(77 << 24),
        "trap out of bounds memory access".to_owned(),
        ok(65536),
        ok(65536),
        ok(u32::MAX),
    ];
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        let options = Options { memory, ..Options::default() };
        let compiled = adder_compiler::compile(
            &[Input { name: "shape", bytes: &module }],
            &Options { entry: adder_compiler::Entry::Library, ..options.clone() },
            &adder_compiler::Unobserved,
        );
        let object = compiled.expect("a large memory is allowed").bytes;
        assert!(object.len() < 1 << 20, "zeros take no room: {} bytes", object.len());
        assert_eq!(answers(&[Input { name: "shape", bytes: &module }], &options, &commands), wanted, "{memory:?}");
    }
}

#[test]
fn tables_of_ten_million_entries() {
    let module = assemble(
        "(module (type $t (func (result i32)))
           (table $fixed 10000000 10000000 funcref)
           (table $growing 10 0xffffffff funcref)
           (elem (table $fixed) (i32.const 9999999) func $seven)
           (func $seven (type $t) (i32.const 7))
           (func (export \"f\") (param i32) (result i32) (call_indirect $fixed (type $t) (local.get 0)))
           (func (export \"grow\") (param i32) (result i32) (table.grow $growing (ref.null func) (local.get 0))))",
    );
    let commands = invoke("f", &[9_999_999])
        + &invoke("f", &[0])
        + &invoke("f", &[10_000_000])
        + &invoke("f", &[0xffff_ffff])
        + &invoke("grow", &[1_000_000])
        + &invoke("grow", &[0xffff_ffff])
        + &invoke("grow", &[0]);
    let wanted = [
        ok(7),
        "trap uninitialized element".to_owned(),
        "trap undefined element".to_owned(),
        "trap undefined element".to_owned(),
        ok(10),
        ok(u32::MAX),
        ok(1_000_010),
    ];
    assert_eq!(answers(&[Input { name: "shape", bytes: &module }], &Options::default(), &commands), wanted);
}
