//! Every access in or out of bounds, by width, offset and index, under every memory plan: the answer is the value or the
//! trap, exactly as index + offset + width compare with the size, and a trapping store writes nothing.

use adder_compiler::Options;
use adder_tests::program::{contents, invoke, words};
use adder_tests::target::is_beyond_emulator;
use adder_tests::text::assemble;

use crate::plans::{agree, each_plan};

const PAGE: u128 = 65536;

const OFFSETS_32: [u64; 9] = [0, 1, 65535, 65536, 0x7fef_ffff, 0x7ff0_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const INDICES_32: [u64; 12] =
    [0, 1, 65520, 65528, 65532, 65535, 65536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fff8, 0xffff_ffff];
/// What a 64-bit memory has beyond those: offsets and indices that only wrap together, or whose low half is inside.
const OFFSETS_64: [u64; 4] = [1 << 32, 0x7fff_ffff_ffff_ffff, u64::MAX - 65535, u64::MAX];
const INDICES_64: [u64; 6] = [1 << 32, (1 << 33) + 8, 1 << 63, u64::MAX - 65535, u64::MAX - 7, u64::MAX];

/// What an operator does with memory.
#[derive(Clone, Copy, PartialEq)]
enum Effect {
    /// Nothing but reading.
    Reads,
    /// Sets all its bytes to ones.
    Writes,
}

/// An operator: its text before and after the offset, the bytes that it accesses, and what else there is to it.
struct Operator {
    name: &'static str,
    /// What follows the index: immediates come before it, operands after it.
    lane: &'static str,
    operands: &'static str,
    bytes: u64,
    effect: Effect,
    is_atomic: bool,
    result: &'static str,
}

const fn load(name: &'static str, bytes: u64) -> Operator {
    Operator { name, lane: "", operands: "", bytes, effect: Effect::Reads, is_atomic: false, result: "drop" }
}

const fn store(name: &'static str, bytes: u64, operands: &'static str) -> Operator {
    Operator { name, lane: "", operands, bytes, effect: Effect::Writes, is_atomic: false, result: "" }
}

const fn lane(operator: Operator, lane: &'static str) -> Operator {
    Operator { lane, operands: ONES, ..operator }
}

const fn atomic(operator: Operator, operands: &'static str) -> Operator {
    Operator { is_atomic: true, operands, ..operator }
}

const ONES: &str = "(v128.const i64x2 -1 -1)";

const PLAIN: [Operator; 30] = [
    load("i32.load8_s", 1),
    load("i32.load16_u", 2),
    load("i32.load", 4),
    load("f32.load", 4),
    load("i64.load8_u", 1),
    load("i64.load32_s", 4),
    load("i64.load", 8),
    load("f64.load", 8),
    store("i32.store8", 1, "(i32.const -1)"),
    store("i32.store", 4, "(i32.const -1)"),
    store("i64.store16", 2, "(i64.const -1)"),
    store("i64.store32", 4, "(i64.const -1)"),
    store("i64.store", 8, "(i64.const -1)"),
    store("f32.store", 4, "(f32.reinterpret_i32 (i32.const -1))"),
    store("f64.store", 8, "(f64.reinterpret_i64 (i64.const -1))"),
    load("v128.load", 16),
    load("v128.load8x8_s", 8),
    load("v128.load32x2_u", 8),
    load("v128.load8_splat", 1),
    load("v128.load16_splat", 2),
    load("v128.load64_splat", 8),
    load("v128.load32_zero", 4),
    load("v128.load64_zero", 8),
    lane(load("v128.load8_lane", 1), "15"),
    lane(load("v128.load32_lane", 4), "2"),
    store("v128.store", 16, ONES),
    lane(store("v128.store8_lane", 1, ""), "7"),
    lane(store("v128.store16_lane", 2, ""), "3"),
    lane(store("v128.store32_lane", 4, ""), "0"),
    lane(store("v128.store64_lane", 8, ""), "1"),
];

const ATOMIC: [Operator; 16] = [
    atomic(load("i32.atomic.load8_u", 1), ""),
    atomic(load("i32.atomic.load", 4), ""),
    atomic(load("i64.atomic.load16_u", 2), ""),
    atomic(load("i64.atomic.load", 8), ""),
    atomic(store("i32.atomic.store16", 2, ""), "(i32.const -1)"),
    atomic(store("i32.atomic.store", 4, ""), "(i32.const -1)"),
    atomic(store("i64.atomic.store8", 1, ""), "(i64.const -1)"),
    atomic(store("i64.atomic.store", 8, ""), "(i64.const -1)"),
    atomic(written(load("i32.atomic.rmw8.or_u", 1)), "(i32.const -1)"),
    atomic(written(load("i32.atomic.rmw.or", 4)), "(i32.const -1)"),
    atomic(written(load("i64.atomic.rmw.xchg", 8)), "(i64.const -1)"),
    atomic(written(load("i64.atomic.rmw32.or_u", 4)), "(i64.const -1)"),
    // Neither the bytes of the data nor ones are what they expect.
    atomic(load("i32.atomic.rmw16.cmpxchg_u", 2), "(i32.const 12345) (i32.const 0)"),
    atomic(load("i64.atomic.rmw.cmpxchg", 8), "(i64.const 12345) (i64.const 0)"),
    atomic(load("memory.atomic.notify", 4), "(i32.const 1)"),
    atomic(load("memory.atomic.wait32", 4), "(i32.const 12345) (i64.const 0)"),
];

const fn written(operator: Operator) -> Operator {
    Operator { effect: Effect::Writes, ..operator }
}

/// Compiles the operators with a memory `$m` of one page declared by `memory`, calls them with every offset and index, and
/// compares with what a memory of so many bytes does.
fn check(memory: &str, size: u128, operators: &[Operator]) {
    let is_64 = memory.contains("$m i64");
    let mut offsets = OFFSETS_32.to_vec();
    let mut indices = INDICES_32.to_vec();
    if is_64 {
        offsets.extend(OFFSETS_64);
        indices.extend(INDICES_64);
    }
    let kind = if is_64 { "i64" } else { "i32" };
    let data = if size > 0 { "(data (memory $m) (i32.const 0) \"UUUU\")".replace("i32", kind) } else { String::new() };
    let mut text = format!("(module {memory} (export \"m\" (memory $m)) {data}\n");
    let mut contents_wanted = vec![0; size as usize];
    contents_wanted.iter_mut().take(4).for_each(|byte| *byte = b'U');
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for operator in operators {
        let Operator { name, lane, operands, result, .. } = operator;
        for offset in &offsets {
            text += &format!(
                "(func (export \"{name} {offset}\") (param {kind}) (result i32)
                   ({name} $m offset={offset} {lane} (local.get 0) {operands}) {result} (i32.const 1))\n"
            );
            for index in &indices {
                let Some(answer) = expect(operator, *index, *offset, &mut contents_wanted) else { continue };
                commands += &invoke(&format!("{name} {offset}"), &[*index]);
                wanted.push(answer);
            }
        }
    }
    commands += "memory 0 6d\n";
    wanted.push(contents(size as u64, words(&contents_wanted)));
    let module = assemble(&(text + ")"));
    each_plan(&Options::default(), |options| agree(&[("accesses", &module)], options, &commands, &wanted));
}

/// What an access answers; if it is a store, it happens. `None` if there are two right answers.
fn expect(operator: &Operator, index: u64, offset: u64, contents: &mut [u8]) -> Option<String> {
    let address = u128::from(index) + u128::from(offset);
    let bytes = operator.bytes;
    // Only atomic accesses need alignment. It is checked first, but for an address of more than 64 bits.
    if operator.is_atomic && !address.is_multiple_of(u128::from(bytes)) {
        return (address <= u128::from(u64::MAX)).then(|| "trap unaligned atomic".to_owned());
    }
    if address + u128::from(bytes) > contents.len() as u128 {
        return Some("trap out of bounds memory access".to_owned());
    }
    if operator.effect == Effect::Writes {
        contents[address as usize..][..bytes as usize].fill(0xff);
    }
    Some("ok 0000000000000001".to_owned())
}

#[test]
fn accesses_to_a_memory_that_never_grows() {
    check("(memory $m 1 1)", PAGE, &PLAIN);
}

#[test]
fn accesses_to_a_memory_that_can_grow() {
    check("(memory $m 1 9) (func (export \"g\") (drop (memory.grow (i32.const 1))))", PAGE, &PLAIN);
}

#[test]
fn accesses_to_a_memory_of_64_bits() {
    check("(memory $m i64 1 1)", PAGE, &PLAIN);
    check("(memory $m i64 1 9) (func (export \"g\") (drop (memory.grow $m (i64.const 1))))", PAGE, &PLAIN);
}

#[test]
fn accesses_to_another_memory_than_the_first() {
    // The first one is larger, so that an access to the wrong one shows.
    check("(memory 3 3) (memory $m 1 1)", PAGE, &PLAIN);
    check("(memory 3 3) (memory $m i64 1 1)", PAGE, &PLAIN);
    check("(memory i64 3 3) (memory $m 1 1)", PAGE, &PLAIN);
}

#[test]
fn accesses_to_a_memory_without_a_byte() {
    check("(memory $m 0 0)", 0, &PLAIN);
    check("(memory $m i64 0 0)", 0, &PLAIN);
    check("(memory $m 0 1) (func (export \"g\") (drop (memory.grow (i32.const 1))))", 0, &PLAIN);
}

#[test]
fn accesses_to_a_shared_memory() {
    check("(memory $m 1 1 shared)", PAGE, &PLAIN);
    check("(memory $m 1 9 shared) (func (export \"g\") (drop (memory.grow (i32.const 1))))", PAGE, &PLAIN);
}

#[test]
fn atomic_accesses() {
    check("(memory $m 1 1 shared)", PAGE, &ATOMIC);
    check("(memory $m i64 1 1 shared)", PAGE, &ATOMIC);
    check(
        "(memory 3 3) (memory $m 1 9 shared) (func (export \"g\") (drop (memory.grow $m (i32.const 1))))",
        PAGE,
        &ATOMIC,
    );
}

#[test]
fn atomic_accesses_to_memories_that_are_not_shared() {
    let without_waiting = &ATOMIC[..15];
    assert!(without_waiting.iter().all(|operator| !operator.name.contains("wait")));
    check("(memory $m 1 1)", PAGE, without_waiting);
    check("(memory $m i64 1 1)", PAGE, without_waiting);
}

/// The end of the memory moves: what trapped works afterwards, and the new end is as hard as the old one.
#[test]
fn accesses_at_the_end_of_a_memory_that_grows() {
    if is_beyond_emulator("a store that traps may have written a part of its bytes: docs/compatibility.md") {
        return;
    }
    for (limits, kind) in [("1 3", "i32"), ("i64 1 3", "i64"), ("1 3 shared", "i32")] {
        let module = assemble(&format!(
            "(module (memory {limits})
               (func (export \"load\") (param {kind}) (result i64) (i64.load (local.get 0)))
               (func (export \"vector\") (param {kind}) (v128.store (local.get 0) {ONES}))
               (func (export \"grow\") (param {kind}) (result {kind}) (memory.grow (local.get 0))))"
        ));
        let trap = "trap out of bounds memory access".to_owned();
        let (mut commands, mut wanted) = (String::new(), Vec::new());
        for pages in 1..=3 {
            let end = pages * 65536;
            commands += &invoke("load", &[end - 8]);
            wanted.push("ok 0000000000000000".to_owned());
            for index in [end - 7, end, end + 65528] {
                commands += &invoke("load", &[index]);
                wanted.push(trap.clone());
            }
            commands += &(invoke("vector", &[end - 15]) + &invoke("load", &[end - 8]));
            wanted.extend([trap.clone(), "ok 0000000000000000".to_owned()]);
            commands += &invoke("grow", &[1]);
            let failed = if kind == "i32" { u64::from(u32::MAX) } else { u64::MAX };
            wanted.push(format!("ok {:016x}", if pages < 3 { pages } else { failed }));
        }
        each_plan(&Options::default(), |options| agree(&[("growing", &module)], options, &commands, &wanted));
    }
}
