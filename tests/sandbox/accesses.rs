//! Every access in or out of bounds, by width, offset and index, under every memory plan: the answer is the value or the
//! trap, exactly as index + offset + width compare with the size.

use adder_compiler::{Input, MemoryPlan, Optimization, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

const OFFSETS: [u64; 9] = [0, 1, 65535, 65536, 0x7fef_ffff, 0x7ff0_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const INDICES: [u64; 10] = [0, 1, 65528, 65532, 65535, 65536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

/// Operators and the bytes that they access.
const LOADS: [(&str, u64); 6] =
    [("i32.load8_s", 1), ("i32.load16_u", 2), ("i32.load", 4), ("i64.load32_s", 4), ("i64.load", 8), ("f64.load", 8)];
const STORES: [(&str, u64); 4] = [("i32.store8", 1), ("i64.store16", 2), ("f32.store", 4), ("i64.store", 8)];

/// A page of memory, and a function for every operator and offset that returns 1.
fn module() -> Vec<u8> {
    let mut text = String::from("(module (memory 1 1)\n");
    for offset in OFFSETS {
        for (operator, _) in LOADS {
            text += &format!(
                "(func (export \"{operator} {offset}\") (param i32) (result i32)
                   (drop ({operator} offset={offset} (local.get 0))) (i32.const 1))\n"
            );
        }
        for (operator, _) in STORES {
            let kind = &operator[..3];
            text += &format!(
                "(func (export \"{operator} {offset}\") (param i32) (result i32)
                   ({operator} offset={offset} (local.get 0) ({kind}.const 0)) (i32.const 1))\n"
            );
        }
    }
    assemble(&(text + ")"))
}

#[test]
fn accesses_trap_exactly_outside_of_the_memory() {
    let module = module();
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for (operator, width) in LOADS.into_iter().chain(STORES) {
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
            let options = Options { memory, optimization, ..Options::default() };
            let answers = answers(&[Input { name: "accesses", bytes: &module }], &options, &commands);
            assert_eq!(answers.len(), wanted.len());
            for ((answer, wanted), command) in answers.iter().zip(&wanted).zip(commands.lines()) {
                assert_eq!(answer, wanted, "{memory:?}, {optimization:?}: {command}");
            }
        }
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
