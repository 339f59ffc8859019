//! Every access in or out of bounds, by width, offset and index, under every memory plan: the answer is the value or the
//! trap, exactly as index + offset + width compare with the size.

use adder_compiler::{CpuLevel, Input, MemoryPlan, Optimization, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

const OFFSETS: [u64; 9] = [0, 1, 65535, 65536, 0x7fef_ffff, 0x7ff0_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const INDICES: [u64; 13] =
    [0, 1, 65520, 65521, 65527, 65528, 65532, 65535, 65536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

/// Operators and the bytes that they access.
const LOADS: [(&str, u64); 6] =
    [("i32.load8_s", 1), ("i32.load16_u", 2), ("i32.load", 4), ("i64.load32_s", 4), ("i64.load", 8), ("f64.load", 8)];
const STORES: [(&str, u64); 4] = [("i32.store8", 1), ("i64.store16", 2), ("f32.store", 4), ("i64.store", 8)];

/// Operators on vectors, with the lane if they access one, and the bytes that they access.
const VECTOR_LOADS: [(&str, &str, u64); 12] = [
    ("v128.load", "", 16),
    ("v128.load8x8_s", "", 8),
    ("v128.load16x4_u", "", 8),
    ("v128.load32x2_s", "", 8),
    ("v128.load8_splat", "", 1),
    ("v128.load16_splat", "", 2),
    ("v128.load32_splat", "", 4),
    ("v128.load64_splat", "", 8),
    ("v128.load32_zero", "", 4),
    ("v128.load64_zero", "", 8),
    ("v128.load16_lane", "7", 2),
    ("v128.load64_lane", "1", 8),
];
const VECTOR_STORES: [(&str, &str, u64); 5] = [
    ("v128.store", "", 16),
    ("v128.store8_lane", "15", 1),
    ("v128.store16_lane", "0", 2),
    ("v128.store32_lane", "3", 4),
    ("v128.store64_lane", "1", 8),
];

const VECTOR: &str = "(v128.const i32x4 -1 -1 -1 -1)";

/// A page of memory, and a function for every operator and offset that returns 1.
fn module(body: impl Fn(u64) -> Vec<(&'static str, String)>) -> Vec<u8> {
    let mut text = String::from("(module (memory 1 1)\n");
    for offset in OFFSETS {
        for (operator, body) in body(offset) {
            text += &format!("(func (export \"{operator} {offset}\") (param i32) (result i32) {body} (i32.const 1))\n");
        }
    }
    assemble(&(text + ")"))
}

/// Calls every function of a module with every index, under every plan.
fn check(module: &[u8], accesses: &[(&str, u64)], cpus: &[CpuLevel]) {
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for (operator, width) in accesses {
        for offset in OFFSETS {
            for index in INDICES {
                commands += &invoke(&format!("{operator} {offset}"), &[index]);
                let inside = index + offset + width <= 65536;
                wanted.push(if inside { "ok 0000000000000001" } else { "trap out of bounds memory access" });
            }
        }
    }
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        for optimization in [Optimization::None, Optimization::Speed] {
            for &cpu in cpus {
                let options = Options { memory, optimization, cpu, ..Options::default() };
                let answers = answers(&[Input { name: "accesses", bytes: module }], &options, &commands);
                assert_eq!(answers.len(), wanted.len());
                for ((answer, wanted), command) in answers.iter().zip(&wanted).zip(commands.lines()) {
                    assert_eq!(answer, wanted, "{memory:?}, {optimization:?}, {cpu:?}: {command}");
                }
            }
        }
    }
}

#[test]
fn accesses_trap_exactly_outside_of_the_memory() {
    let module = module(|offset| {
        let loads =
            LOADS.iter().map(|(operator, _)| (*operator, format!("(drop ({operator} offset={offset} (local.get 0)))")));
        let stores = STORES.iter().map(|(operator, _)| {
            let kind = &operator[..3];
            (*operator, format!("({operator} offset={offset} (local.get 0) ({kind}.const 0))"))
        });
        loads.chain(stores).collect()
    });
    check(&module, &[&LOADS[..], &STORES[..]].concat(), &[CpuLevel::V1]);
}

#[test]
fn accesses_of_vectors_trap_exactly_outside_of_the_memory() {
    let module = module(|offset| {
        let loads = VECTOR_LOADS.iter().map(|(operator, lane, _)| {
            let vector = if lane.is_empty() { "" } else { VECTOR };
            (*operator, format!("(drop ({operator} offset={offset} {lane} (local.get 0) {vector}))"))
        });
        let stores = VECTOR_STORES.iter().map(|(operator, lane, _)| {
            (*operator, format!("({operator} offset={offset} {lane} (local.get 0) {VECTOR})"))
        });
        loads.chain(stores).collect()
    });
    let accesses = VECTOR_LOADS.iter().chain(&VECTOR_STORES).map(|(operator, _, width)| (*operator, *width));
    // What folds accesses into other instructions differs from level to level.
    check(&module, &accesses.collect::<Vec<_>>(), &[CpuLevel::V1, CpuLevel::V2]);
}

#[test]
fn a_vector_that_is_not_stored_whole_is_not_stored_at_all() {
    let module = assemble(
        "(module (memory 1 1)
           (func (export \"store\") (param i32) (v128.store (local.get 0) (v128.const i64x2 -1 -1)))
           (func (export \"last\") (result i64 i64) (i64.load (i32.const 65520)) (i64.load (i32.const 65528))))",
    );
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for start in 65521..65537 {
        commands += &(invoke("store", &[start]) + &invoke("last", &[]));
        wanted.extend(["trap out of bounds memory access", "ok 0000000000000000 0000000000000000"]);
    }
    commands += &(invoke("store", &[65520]) + &invoke("last", &[]));
    wanted.extend(["ok", "ok ffffffffffffffff ffffffffffffffff"]);
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        let options = Options { memory, ..Options::default() };
        assert_eq!(answers(&[Input { name: "store", bytes: &module }], &options, &commands), wanted, "{memory:?}");
    }
}

#[test]
fn bulk_operators_trap_before_they_write() {
    let module = assemble(
        "(module (memory 1 1) (data $d \"abcd\")
           (func (export \"fill\") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"copy\") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"init\") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"last\") (result i32) (i32.load8_u (i32.const 65535))))",
    );
    let trap = "trap out of bounds memory access";
    let cases: [(&str, [u64; 3], &str); 12] = [
        ("fill", [65535, 1, 2], trap),
        ("fill", [0xffff_ffff, 1, 0xffff_ffff], trap),
        ("fill", [65536, 1, 0], "ok"),
        ("fill", [65537, 1, 0], trap),
        ("copy", [65535, 0, 2], trap),
        ("copy", [0, 65535, 2], trap),
        ("copy", [0xffff_ffff, 0xffff_ffff, 2], trap),
        ("copy", [65536, 65536, 0], "ok"),
        ("init", [65533, 0, 4], trap),
        ("init", [0, 2, 3], trap),
        ("init", [0, 0xffff_ffff, 0xffff_ffff], trap),
        ("init", [65536, 4, 0], "ok"),
    ];
    let mut commands = String::new();
    let mut wanted = Vec::new();
    for (name, arguments, answer) in cases {
        commands += &(invoke(name, &arguments) + &invoke("last", &[]));
        wanted.extend([answer, "ok 0000000000000000"]);
    }
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        let options = Options { memory, ..Options::default() };
        assert_eq!(answers(&[Input { name: "bulk", bytes: &module }], &options, &commands), wanted, "{memory:?}");
    }
}
