//! Functions that are larger than a branch can cross on aarch64: `tbz` crosses 32 KiB, `b.cond` and `cbz` 1 MiB.

use std::fmt::Write;
use std::fs;

use adder_compiler::Optimization;
use adder_tests::outcome::Outcome;

use crate::program::{Program, Settings};

/// What the longer ones of these branches cross.
const REACH_BYTES: usize = 1 << 20;

/// Pieces of the function. Each is larger than what the shorter ones cross.
const PIECES: u32 = 30;

/// Targets of the branch by a table in each piece, half of them one block and half another. Each is 4 bytes of code.
const TARGETS: usize = 10_000;

const _: () = assert!(PIECES as usize * TARGETS * 4 > REACH_BYTES && TARGETS * 4 > 32 << 10);

/// What a piece adds.
const fn step(piece: u32) -> u32 {
    piece.wrapping_mul(0x9e37_79b9)
}

/// A loop around all pieces: branches over all and over some of them, forwards and backwards, and a division at each end
/// that may trap. [`model`] says what it does.
fn module() -> String {
    let targets = "0 1 ".repeat(TARGETS / 2);
    let mut text = String::from(
        r#"(module (func (export "f")
        (param $way i32) (param $bits i32) (param $rounds i32) (param $first i32) (param $last i32) (result i32)
        (local $sum i32)
        (loop $again
          (block $behind
            (local.set $sum (i32.div_u (local.get $sum) (local.get $first)))
            (br_if $behind (i32.eq (local.get $way) (i32.const 1)))
            (br_if $behind (i32.eqz (local.get $rounds)))
            (br_if $behind (f64.gt (f64.convert_i32_u (local.get $way)) (f64.const 1000.1)))
            (br_if $behind (i32.and (local.get $bits) (i32.const 1)))"#,
    );
    for piece in 0..PIECES {
        write!(
            text,
            "(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.const {step})))
            (br_if $behind (i32.eq (local.get $way) (i32.const {forwards})))
            (br_if $behind (i32.and (local.get $bits) (i32.const {bit})))
            (if (i32.eq (local.get $way) (i32.const {backwards})) (then
              (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
              (br_if $again (local.get $rounds))
              (br $behind)))
            (block (block (br_table {targets} 0 (i32.add (local.get $way) (i32.const {piece}))))
              (local.set $sum (i32.xor (local.get $sum) (i32.const 7))))",
            step = step(piece),
            forwards = 100 + piece,
            bit = 2_u32 << piece,
            backwards = 200 + piece,
        )
        .expect("a String takes everything");
    }
    text.push_str(
        "(local.set $sum (i32.add (local.get $sum) (i32.const 1))))
          (local.set $sum (i32.add (i32.div_u (local.get $sum) (local.get $last)) (i32.const 5)))
          (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
          (br_if $again (i32.gt_s (local.get $rounds) (i32.const 0))))
        (local.get $sum)))",
    );
    text
}

/// What the function returns, or nothing if it traps.
fn model(way: u32, bits: u32, mut rounds: i32, first: u32, last: u32) -> Option<u32> {
    let mut sum = 0_u32;
    'again: loop {
        'behind: {
            sum = sum.checked_div(first)?;
            if way == 1 || rounds == 0 || way > 1000 || bits & 1 != 0 {
                break 'behind;
            }
            for piece in 0..PIECES {
                sum = sum.wrapping_mul(31).wrapping_add(step(piece));
                if way == 100 + piece || bits & 2 << piece != 0 {
                    break 'behind;
                }
                if way == 200 + piece {
                    rounds -= 1;
                    if rounds != 0 {
                        continue 'again;
                    }
                    break 'behind;
                }
                if (way + piece).is_multiple_of(2) {
                    sum ^= 7;
                }
            }
            sum = sum.wrapping_add(1);
        }
        sum = sum.checked_div(last)?.wrapping_add(5);
        rounds -= 1;
        if rounds <= 0 {
            return Some(sum);
        }
    }
}

#[test]
fn branches_reach_the_other_end_of_a_large_function() {
    let mut cases = vec![(0, 0, 3, 1, 1), (1, 0, 3, 1, 1), (2000, 0, 3, 1, 1), (0, 1, 3, 1, 1), (0, 0, 0, 1, 1)];
    cases.extend([(0, 0, 2, 0, 1), (0, 0, 2, 1, 0), (1, 0, 2, 1, 0), (0, 0, 3, 3, 5)]);
    for piece in [0, 1, PIECES / 2, PIECES - 2, PIECES - 1] {
        cases.extend([(100 + piece, 0, 3, 1, 2), (0, 2 << piece, 3, 1, 2), (200 + piece, 0, 3, 2, 1)]);
    }
    for optimization in [Optimization::Fast, Optimization::None] {
        let program = Program::with(&module(), "f", &Settings { optimization, ..Settings::default() });
        let path = program.path();
        let aside = path.with_added_extension("elf");
        let file = if aside.exists() { aside } else { path };
        let bytes = fs::metadata(file).expect("the executable is there").len();
        assert!(bytes > REACH_BYTES as u64, "the function is too small");
        for &(way, bits, rounds, first, last) in &cases {
            let arguments = [way, bits, rounds as u32, first, last].map(|argument| argument.to_string());
            let outcome = program.run(&arguments.each_ref().map(String::as_str));
            let expected = match model(way, bits, rounds, first, last) {
                Some(sum) => Outcome::success(&format!("{}\n", sum as i32)),
                None => Outcome::trap("integer divide by zero", &["f"]),
            };
            assert_eq!(outcome, expected, "{arguments:?}");
        }
    }
}
