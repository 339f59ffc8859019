//! Loops of interpreters, which the compiler cuts into functions: they behave as if it did not.

use std::fmt::Write as _;

use adder_compiler::{Emit, Entry, Input, MemoryPlan, Options, Overrides, Unobserved};
use adder_tests::outcome::Outcome;
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

use crate::program::Program;

const HANDLERS: usize = 70;
const INTEGERS: u64 = 12;
const LONGS: u64 = 4;
const FLOATS: u64 = 3;

/// Numbers that look random (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

/// A statement that changes some of the loop's locals.
fn statement(numbers: &mut Numbers, handler: usize, depth: usize) -> String {
    let (a, b, c) = (numbers.below(INTEGERS), numbers.below(INTEGERS), numbers.below(INTEGERS));
    let (l, m) = (numbers.below(LONGS), numbers.below(LONGS));
    let (f, g) = (numbers.below(FLOATS), numbers.below(FLOATS));
    match numbers.below(if depth < 2 { 20 } else { 15 }) {
        // The function's own parameters, most of which never change.
        11 => format!("(local.set $f{f} (f64.add (local.get $x) (f64.promote_f32 (local.get $s))))"),
        12 => format!("(local.set $l{l} (i64.add (local.get $y) (local.get $q)))"),
        13 => "(local.set $v (i32x4.sub (local.get $v) (local.get $w)))".to_owned(),
        14 => "(local.set $z (i32.rotl (local.get $z) (i32.const 1)))".to_owned(),
        0 => format!("(local.set $i{a} (i32.add (local.get $i{b}) (local.get $i{c})))"),
        1 => format!("(local.set $i{a} (i32.xor (local.get $i{b}) (i32.const {})))", numbers.below(1000)),
        2 => format!("(local.set $i{a} (local.get $i{b})) (local.set $i{b} (local.get $i{c}))"),
        3 => format!("(local.set $l{l} (i64.mul (local.get $l{m}) (i64.extend_i32_u (local.get $i{a}))))"),
        4 => format!("(local.set $l{l} (i64.rotl (local.get $l{l}) (local.get $l{m})))"),
        5 => format!("(local.set $f{f} (f64.add (local.get $f{g}) (f64.convert_i32_s (local.get $i{a}))))"),
        6 => format!("(local.set $v (i32x4.add (local.get $v) (i32x4.splat (local.get $i{a}))))"),
        7 => format!("(local.set $i{a} (i32x4.extract_lane {} (local.get $v)))", numbers.below(4)),
        8 => format!("(i32.store offset=256 (i32.and (local.get $i{a}) (i32.const 0xffc)) (local.get $i{b}))"),
        9 => format!("(local.set $i{a} (i32.load offset=256 (i32.and (local.get $i{b}) (i32.const 0xffc))))"),
        10 => format!("(local.set $i{a} (call $mix (local.get $i{b}) (local.get $l{l})))"),
        15 => format!(
            "(if (i32.lt_u (local.get $i{a}) (local.get $i{b})) (then {}) (else {}))",
            statement(numbers, handler, depth + 1),
            statement(numbers, handler, depth + 1)
        ),
        16 => {
            // Blocks of handlers that come later are still open.
            let later = format!("$h{}", numbers.below(handler.max(1) as u64));
            let later = if handler == 0 { "$default" } else { &later };
            let target = numbers.pick(&["$shared", "$rare", "$next", later]);
            let bits = numbers.below(8);
            format!("(br_if {target} (i32.eqz (i32.and (local.get $i{a}) (i32.const {bits}))))")
        }
        17 => format!(
            "(local.set $n (i32.and (local.get $i{a}) (i32.const 7)))
             (loop $again {} (br_if $again (local.tee $n (i32.sub (i32.shr_u (local.get $n) (i32.const 1)) (i32.const 0)))))",
            statement(numbers, handler, depth + 1)
        ),
        18 => format!(
            "(block $a (block $b (block $c (br_table $a $b $shared $c (i32.and (local.get $i{a}) (i32.const 3))))
             {}) {})",
            statement(numbers, handler, depth + 1),
            statement(numbers, handler, depth + 1)
        ),
        _ => format!("(local.set $f{f} (f64.sub (local.get $f{g}) (f64.convert_i64_s (local.get $l{l}))))"),
    }
}

/// A module with an interpreter that runs bytes from its memory.
fn module(seed: u64, index: &str) -> String {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut handlers = String::new();
    for handler in (0..HANDLERS).rev() {
        let mut body = String::new();
        for _ in 0..1 + numbers.below(6) {
            body += &statement(&mut numbers, handler, 0);
            body.push('\n');
        }
        body += match handler {
            11 => {
                 "(local.set $i0 (call $run (i32.add (local.get $pc) (i32.const 17)) (i32.shr_u (local.get $fuel) (i32.const 2))
                    (local.get $x) (local.get $y) (local.get $w) (local.get $s) (local.get $z) (local.get $q)))
                 (local.set $l0) (local.set $f0)"

            }
            12 => {
                "(if (i32.eq (i32.and (local.get $i1) (i32.const 1023)) (i32.const 77)) (then (return (local.get $f1) (local.get $l1) (local.get $i1))))"
            }
            13 => "(local.set $i2 (memory.grow (i32.const 0)))",
            _ => "",
        };
        // The next label's block ends where the handler begins.
        let goes_on = if numbers.below(8) == 0 { "$shared" } else { "$next" };
        let _ = writeln!(handlers, ") ;; handler {handler}\n{body}\n(br {goes_on})");
    }
    let labels: Vec<String> = (0..HANDLERS).map(|handler| format!("$h{handler}")).collect();
    let opens: String = (0..HANDLERS).map(|handler| format!("(block $h{handler} ")).collect();
    let locals = |prefix: &str, count: u64, kind: &str| -> String {
        (0..count).map(|number| format!("(local ${prefix}{number} {kind})")).collect()
    };
    let code: String = (0..256).map(|_| format!("\\{:02x}", numbers.below(HANDLERS as u64 + 3))).collect();
    let digest = (0..INTEGERS).fold("(i32.const 1)".to_owned(), |sum, number| {
        format!("(i32.add (i32.mul {sum} (i32.const 31)) (local.get $i{number}))")
    });
    format!(
        r#"(module
        (memory 1 1)
        (data (i32.const 0) "{code}")
        (func $mix (param i32 i64) (result i32)
            (i32.xor (i32.mul (local.get 0) (i32.const 0x9e3779b1)) (i32.wrap_i64 (local.get 1))))
        (func (export "run") (param $pc i32) (param $fuel i32) (result f64 i64 i32)
            (call $run (local.get $pc) (local.get $fuel) (f64.const 0.75) (i64.const -5)
                (v128.const i32x4 1 2 3 4) (f32.const 2.5) (i32.const 0xfedcba98) (i64.const 0x123456789a)))
        (func $run (param $pc i32) (param $fuel i32) (param $x f64) (param $y i64) (param $w v128) (param $s f32)
            (param $z i32) (param $q i64) (result f64 i64 i32)
            {} {} {} (local $v v128) (local $n i32) (local $opcode i32)
            (local.set $i0 (local.get $pc)) (local.set $l0 (i64.const 3)) (local.set $f2 (f64.const 1.5))
            (block $exit (loop $loop (block $next (block $rare (block $shared (block $default
            {opens}
            (br_if $exit (i32.eqz (local.get $fuel)))
            (local.set $fuel (i32.sub (local.get $fuel) (i32.const 1)))
            (local.set $opcode (i32.load8_u (i32.and (local.get $pc) (i32.const 255))))
            (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
            (br_table {} $default {index})
            {handlers}
            ) ;; default
            (local.set $i3 (i32.add (local.get $i3) (local.get $opcode)))
            ) ;; shared
            (local.set $i4 (i32.sub (local.get $i4) (local.get $i5)))
            (local.set $l2 (i64.xor (local.get $l2) (i64.extend_i32_s (local.get $i4))))
            (br $next)
            ) ;; rare
            (local.set $pc (i32.add (local.get $pc) (i32.and (local.get $i6) (i32.const 3))))
            (local.set $f1 (f64.neg (local.get $f2)))
            ) ;; next
            (br $loop)))
            (f64.add (local.get $f0) (f64.add (local.get $f1) (local.get $f2)))
            (i64.add (i64.extend_i32_u (local.get $z)) (i64.add (local.get $l0) (i64.add (local.get $l1) (i64.add (local.get $l2) (local.get $l3)))))
            (i32.xor {digest} (i32x4.extract_lane 1 (local.get $v)))))"#,
        locals("i", INTEGERS, "i32"),
        locals("l", LONGS, "i64"),
        locals("f", FLOATS, "f64"),
        labels.join(" "),
    )
}

/// The index as it is, and one of which nothing is known.
const INDICES: [&str; 2] = ["(local.get $opcode)", "(i32.mul (local.get $opcode) (i32.load offset=252 (i32.const 0)))"];

fn options(cut: bool) -> Options {
    let verified = Overrides::verified();
    let overrides = if cut { verified } else { Overrides { cut_loops_from: None, ..verified } };
    Options { overrides, entry: Entry::Library, ..Options::default() }
}

#[test]
fn a_loop_that_was_cut_computes_the_same() {
    let mut commands = String::new();
    for start in 0..6 {
        for fuel in [0, 1, 50, 5000] {
            commands += &invoke("run", &[start * 40, fuel]);
        }
    }
    for seed in 1..=4 {
        for index in INDICES {
            let module = assemble(&module(seed, index));
            let input = Input { name: "module", bytes: &module };
            let expected = answers(&[input], &options(false), &commands);
            for memory in [MemoryPlan::Low, MemoryPlan::Checked] {
                let options = Options { memory, ..options(true) };
                assert_eq!(answers(&[input], &options, &commands), expected, "seed {seed}, index {index}");
            }
        }
    }
}

/// Whatever a profile says about the branches, it only decides where the loop is cut.
#[test]
fn a_loop_that_was_cut_by_a_profile_computes_the_same() {
    let mut commands = String::new();
    for start in 0..6 {
        commands += &invoke("run", &[start * 40, 5000]);
    }
    for seed in 1..=3 {
        let module = assemble(&module(seed, INDICES[0]));
        let input = Input { name: "module", bytes: &module };
        let expected = answers(&[input], &options(false), &commands);
        for skew in [1, 7, 40] {
            let mut numbers = Numbers(seed * 1000 + skew);
            // Many branches that always or never are taken, and some of both.
            let profile = adder_tests::profile::made_up(&[input], &options(true), |_, count| {
                (0..count).map(|_| 1 << numbers.below(skew)).collect()
            });
            let options = Options { profile: Some(std::sync::Arc::new(profile)), ..options(true) };
            assert_eq!(answers(&[input], &options, &commands), expected, "seed {seed}, skew {skew}");
        }
    }
}

#[test]
fn the_loop_is_cut_and_nothing_else() {
    let module = assemble(&module(1, INDICES[0]));
    let input = Input { name: "module", bytes: &module };
    let parts = |options: Options| {
        let options = Options { emit: Emit::Clif, ..options };
        let output = adder_compiler::compile(&[input], &options, &Unobserved).expect("the module is valid");
        String::from_utf8(output.bytes).expect("it is text").matches("; part ").count()
    };
    assert!(parts(options(true)) > HANDLERS);
    assert_eq!(parts(options(false)), 0);
    let unoptimized = Options { optimization: adder_compiler::Optimization::None, ..options(true) };
    assert_eq!(parts(unoptimized), 0);
}

/// An interpreter of which the handler 1 does `body`.
fn interpreter(body: &str) -> Program {
    let opens: String = (2..HANDLERS).map(|handler| format!("(block $h{handler} ")).collect();
    let labels: String = (2..HANDLERS).map(|handler| format!("$h{handler} ")).collect();
    let handlers: String = (2..HANDLERS)
        .rev()
        .map(|handler| format!(") (local.set $n (i32.add (local.get $n) (i32.const {handler}))) (br $loop)"))
        .collect();
    let text = format!(
        r#"(module
        (memory 1 1)
        (data (i32.const 0) "\02\03\04\01\05\00")
        (func $run (param $n i32) (result i32) (local $pc i32)
            (loop $loop (block $return (block $one {opens}
            (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
            (br_table $return $one {labels} $return (i32.load8_u (i32.sub (local.get $pc) (i32.const 1))))
            {handlers}
            ) {body} (br $loop)))
            (local.get $n))
        (func (export "f") (param i32) (result i32) (call $run (local.get 0))))"#
    );
    Program::new(&text, "f")
}

#[test]
fn a_trap_in_a_part_shows_the_function_once() {
    assert_eq!(interpreter("").run(&["5"]), Outcome::success("19\n"));
    assert_eq!(interpreter("(unreachable)").run(&["5"]), Outcome::trap("unreachable", &["run", "f"]));
    let outside = interpreter("(local.set $n (i32.load (i32.add (local.get $n) (i32.const 65536))))");
    assert_eq!(outside.run(&["5"]), Outcome::trap("out of bounds memory access", &["run", "f"]));
    let divides = interpreter("(local.set $n (i32.div_u (local.get $n) (i32.sub (local.get $n) (i32.const 14))))");
    assert_eq!(divides.run(&["5"]), Outcome::trap("integer divide by zero", &["run", "f"]));
    assert_eq!(divides.run(&["6"]), Outcome::success("20\n"));
}

#[test]
fn parts_can_recurse_until_the_stack_ends() {
    let recursive = interpreter(
        "(if (i32.ge_s (local.get $n) (i32.const 10))
            (then (local.set $n (i32.add (i32.const 1) (call $run (i32.sub (local.get $n) (i32.const 20)))))))",
    );
    assert_eq!(recursive.run(&["-9"]), Outcome::success("5\n"));
    assert_eq!(recursive.run(&["1000"]).status, Some(0));
    let endless = interpreter("(local.set $n (i32.add (i32.const 1) (call $run (local.get $n))))").run(&["1"]);
    assert_eq!(endless.status, Some(134), "{endless:?}");
    assert!(endless.stderr.starts_with("adder: trap: call stack exhausted\n   0: run\n   1: run\n"), "{endless:?}");
    let lines: Vec<&str> = endless.stderr.lines().rev().take(2).collect();
    assert!(lines[0].ends_with(": f") && lines[1].ends_with(": run"), "{lines:?}");
}
