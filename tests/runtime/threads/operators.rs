//! Every atomic operator: its value, its width, its alignment, its bounds.

use adder_compiler::{Input, MemoryPlan, Optimization, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

/// Prefix, type, bytes of the access, suffix of read-modify-write operators.
const WIDTHS: [(&str, &str, u32, &str); 7] = [
    ("i32.atomic", "i32", 4, ""),
    ("i32.atomic", "i32", 1, "8"),
    ("i32.atomic", "i32", 2, "16"),
    ("i64.atomic", "i64", 8, ""),
    ("i64.atomic", "i64", 1, "8"),
    ("i64.atomic", "i64", 2, "16"),
    ("i64.atomic", "i64", 4, "32"),
];

/// What an operator makes of the value and the operand.
type Change = fn(u64, u64) -> u64;

/// Operators that change a value.
const CHANGES: [(&str, Change); 6] = [
    ("add", u64::wrapping_add),
    ("sub", u64::wrapping_sub),
    ("and", |value, operand| value & operand),
    ("or", |value, operand| value | operand),
    ("xor", |value, operand| value ^ operand),
    ("xchg", |_, operand| operand),
];

const OFFSETS: [u64; 4] = [0, 8, 3, 0xffff_fff8];
const WORD: u64 = 0x8192_a3b4_c5d6_e7f8;
const OPERAND: u64 = 0xf0e1_d2c3_b4a5_9687;

/// Operators as text, with the type of their operands and the bytes that they access.
fn operators() -> Vec<(String, &'static str, u32, usize)> {
    let mut all = Vec::new();
    for (prefix, kind, bytes, narrow) in WIDTHS {
        let suffix = if narrow.is_empty() { "" } else { "_u" };
        all.push((format!("{prefix}.load{narrow}{suffix}"), kind, bytes, 0));
        all.push((format!("{prefix}.store{narrow}"), kind, bytes, 1));
        for (name, _) in CHANGES {
            all.push((format!("{prefix}.rmw{narrow}.{name}{suffix}"), kind, bytes, 1));
        }
        all.push((format!("{prefix}.rmw{narrow}.cmpxchg{suffix}"), kind, bytes, 2));
    }
    all
}

/// A page of memory, shared or not, and a function for each operator and offset. The operators' operands are 64 bits wide
/// for all, of which they get the lower part; so are the results; a store gives 0.
fn accesses(shared: bool) -> Vec<u8> {
    let sharing = if shared { "shared" } else { "" };
    let mut text = format!(
        "(module (memory 1 1 {sharing})
           (func (export \"set\") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
           (func (export \"get\") (param i32) (result i64) (i64.load (local.get 0)))\n"
    );
    for (operator, kind, _, operands) in operators() {
        for offset in OFFSETS {
            let narrow = |index: usize| match kind {
                "i32" => format!("(i32.wrap_i64 (local.get {index}))"),
                _ => format!("(local.get {index})"),
            };
            let values: String = (1..=operands).map(narrow).collect();
            let body = format!("({operator} offset={offset} (local.get 0) {values})");
            let body = match (operator.contains("store"), kind) {
                (true, _) => format!("{body} (i64.const 0)"),
                (false, "i32") => format!("(i64.extend_i32_u {body})"),
                (false, _) => body,
            };
            text += &format!("(func (export \"{operator} {offset}\") (param i32 i64 i64) (result i64) {body})\n");
        }
    }
    assemble(&(text + ")"))
}

fn check(module: &[u8], commands: &str, wanted: &[String]) {
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        for optimization in [Optimization::None, Optimization::Fast] {
            let options = Options { memory, optimization, ..Options::default() };
            let answers = answers(&[Input { name: "atomics", bytes: module }], &options, commands);
            assert_eq!(answers.len(), wanted.len());
            for ((answer, wanted), command) in answers.iter().zip(wanted).zip(commands.lines()) {
                assert_eq!(answer, wanted, "{memory:?}, {optimization:?}: {command}");
            }
        }
    }
}

fn ok(value: u64) -> String {
    format!("ok {value:016x}")
}

#[test]
fn operators_change_their_bytes_and_no_others() {
    for shared in [true, false] {
        let (mut commands, mut wanted) = (String::new(), Vec::new());
        let mut step = |command: String, answer: String| {
            commands += &command;
            wanted.push(answer);
        };
        for (operator, _, bytes, _) in operators() {
            let mask = u64::MAX >> (64 - 8 * bytes);
            // The lowest and the highest bytes of the word, and, for `cmpxchg`, with the expected value and another.
            for place in [0, 8 - bytes] {
                let before = WORD >> (8 * place) & mask;
                for expected in [before | !mask & OPERAND, before ^ 1] {
                    let name = operator.rsplit('.').next().unwrap_or_default().trim_end_matches("_u");
                    let changed = CHANGES.iter().find(|(change, _)| *change == name);
                    let (operands, after) = match (name, changed) {
                        (_, Some((_, change))) => ([OPERAND, 0], change(before, OPERAND) & mask),
                        ("cmpxchg", _) if expected & mask == before => ([expected, OPERAND], OPERAND & mask),
                        ("cmpxchg", _) => ([expected, OPERAND], before),
                        (name, _) if name.starts_with("store") => ([OPERAND, 0], OPERAND & mask),
                        _ => ([OPERAND, OPERAND], before),
                    };
                    let result = if name.starts_with("store") { 0 } else { before };
                    let word = WORD & !(mask << (8 * place)) | after << (8 * place);
                    step(invoke("set", &[8, WORD]), "ok".to_owned());
                    let arguments = [u64::from(place), operands[0], operands[1]];
                    step(invoke(&format!("{operator} 8"), &arguments), ok(result));
                    step(invoke("get", &[8]), ok(word));
                }
            }
        }
        check(&accesses(shared), &commands, &wanted);
    }
}

#[test]
fn accesses_trap_if_they_are_not_aligned_and_then_if_they_are_outside() {
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for (operator, _, bytes, _) in operators() {
        for offset in OFFSETS {
            for index in
                [0, 1, 2, 4, 5, 8, 65520, 65528, 65532, 65534, 65535, 65536, 0x8000_0000, 0xffff_fff8, 0xffff_ffff]
            {
                let place: u64 = index + offset;
                commands += &invoke(&format!("{operator} {offset}"), &[index, 0, 0]);
                wanted.push(if !place.is_multiple_of(u64::from(bytes)) {
                    "trap unaligned atomic".to_owned()
                } else if place + u64::from(bytes) > 65536 {
                    "trap out of bounds memory access".to_owned()
                } else {
                    ok(0)
                });
            }
        }
    }
    check(&accesses(true), &commands, &wanted);
}

#[test]
fn atomics_work_on_memories_with_long_indices() {
    let module = assemble(
        "(module (memory i64 1 1 shared)
           (func (export \"add\") (param i64) (result i64) (i64.atomic.rmw.add offset=8 (local.get 0) (i64.const 5)))
           (func (export \"wait\") (param i64) (result i32)
             (memory.atomic.wait32 offset=8 (local.get 0) (i32.const 5) (i64.const 0)))
           (func (export \"notify\") (param i64) (result i32)
             (memory.atomic.notify offset=8 (local.get 0) (i32.const 1))))",
    );
    let last = 65536 - 16;
    let outside = "trap out of bounds memory access".to_owned();
    let unaligned = "trap unaligned atomic".to_owned();
    let steps = [
        ("add", last, ok(0)),
        ("add", last, ok(5)),
        ("add", last + 8, outside.clone()),
        ("add", u64::MAX - 7, outside.clone()),
        ("add", 4, unaligned.clone()),
        ("wait", last, ok(1)),
        ("wait", u64::MAX - 7, outside.clone()),
        ("wait", last + 2, unaligned.clone()),
        ("notify", last, ok(0)),
        ("notify", 1 << 40, outside),
        ("notify", 1, unaligned),
    ];
    let commands: String = steps.iter().map(|(name, index, _)| invoke(name, &[*index])).collect();
    check(&module, &commands, &steps.map(|(_, _, answer)| answer));
}

#[test]
fn waiting_needs_a_shared_memory_and_waking_does_not() {
    let module = assemble(
        "(module (memory 1 1)
           (func (export \"wait32\") (param i32) (result i32)
             (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const 0)))
           (func (export \"wait64\") (param i32) (result i32)
             (memory.atomic.wait64 (local.get 0) (i64.const 0) (i64.const 0)))
           (func (export \"notify\") (param i32) (result i32)
             (memory.atomic.notify (local.get 0) (i32.const 1))))",
    );
    let mut commands = String::new();
    let mut wanted = Vec::new();
    for (name, index, answer) in [
        ("wait32", 8, "trap expected shared memory"),
        ("wait32", 2, "trap unaligned atomic"),
        ("wait32", 65536, "trap out of bounds memory access"),
        ("wait64", 8, "trap expected shared memory"),
        ("wait64", 4, "trap unaligned atomic"),
        ("notify", 8, "ok 0000000000000000"),
        ("notify", 65536, "trap out of bounds memory access"),
    ] {
        commands += &invoke(name, &[index]);
        wanted.push(answer.to_owned());
    }
    check(&module, &commands, &wanted);
}
