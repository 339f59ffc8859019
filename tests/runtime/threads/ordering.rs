//! What threads may see of each other's accesses: the classic small programs, very often.

use super::prints;
use adder_tests::target::is_beyond_emulator;

/// Two threads that run `$left` and `$right` in step, a round for each value of `$round` from 1, and then the third function,
/// `$check`, on the left one. `x`, `y` and results are words at 128, 256, 384 and 512, which are 0 at the start of a round.
fn in_step(left: &str, right: &str, check: &str) -> String {
    format!(
        r#"
        (func $left (param $round i32) {left})
        (func $right (param $round i32) {right})
        ;; Adds 1 to what is printed if something was seen that must not be.
        (func $check (param $round i32)
            (drop (i32.atomic.rmw.add (i32.const 640) {check}))
            (i32.store (i32.const 128) (i32.const 0))
            (i32.store (i32.const 256) (i32.const 0)))
        ;; Waits until both threads have come here as often as this one.
        (func $meet (param $meeting i32)
            (local $spins i32)
            (drop (i32.atomic.rmw.add (i32.const 768) (i32.const 1)))
            (loop $again
                (if (i32.lt_u (i32.atomic.load (i32.const 768)) (i32.shl (local.get $meeting) (i32.const 1))) (then
                    (local.set $spins (i32.add (local.get $spins) (i32.const 1)))
                    (if (i32.gt_u (local.get $spins) (i32.const 1000)) (then
                        (drop (call $yield))
                        (local.set $spins (i32.const 0))))
                    (br $again)))))
        (func $thread (param $side i32)
            (local $round i32) (local $meeting i32)
            (loop $again
                (local.set $round (i32.add (local.get $round) (i32.const 1)))
                (call $meet (local.tee $meeting (i32.add (local.get $meeting) (i32.const 1))))
                (if (local.get $side)
                    (then (call $left (local.get $round)))
                    (else (call $right (local.get $round))))
                (call $meet (local.tee $meeting (i32.add (local.get $meeting) (i32.const 1))))
                (if (local.get $side) (then (call $check (local.get $round))))
                (br_if $again (i32.lt_u (local.get $round) (i32.const 20000)))))
        (func (export "f") (result i32 i32)
            (call $start_all (i32.const 2))
            (call $wait_for (i32.const 2))
            (i32.load (i32.const 768))
            (i32.load (i32.const 640)))"#
    )
}

const NOTHING_SEEN: &str = "80000\n0\n";

#[test]
fn stores_are_seen_before_later_loads() {
    if is_beyond_emulator("qemu 7.2 lets a load go before an stlr") {
        return;
    }
    // Store buffering: one of the threads has to see the other's store.
    let side = |own: u32, other: u32, result: u32| {
        format!(
            "(i32.atomic.store (i32.const {own}) (i32.const 1))
             (i32.store (i32.const {result}) (i32.atomic.load (i32.const {other})))"
        )
    };
    let check = "(i32.eqz (i32.or (i32.load (i32.const 384)) (i32.load (i32.const 512))))";
    prints(&in_step(&side(128, 256, 384), &side(256, 128, 512), check), &[], NOTHING_SEEN);
}

#[test]
fn a_fence_separates_plain_accesses() {
    let side = |own: u32, other: u32, result: u32| {
        format!(
            "(i32.store (i32.const {own}) (i32.const 1))
             (atomic.fence)
             (i32.store (i32.const {result}) (i32.load (i32.const {other})))"
        )
    };
    let check = "(i32.eqz (i32.or (i32.load (i32.const 384)) (i32.load (i32.const 512))))";
    prints(&in_step(&side(128, 256, 384), &side(256, 128, 512), check), &[], NOTHING_SEEN);
}

#[test]
fn what_was_written_before_a_flag_is_seen_behind_it() {
    // Message passing: the message is plain, the flag atomic. The first load of the message is one that must not be kept.
    let left = "(i32.store (i32.const 128) (i32.add (local.get $round) (i32.const 5)))
                (i32.atomic.store (i32.const 256) (i32.const 1))";
    let right = "(local $early i32)
                 (local.set $early (i32.load (i32.const 128)))
                 (i32.store (i32.const 384) (i32.const 0))
                 (if (i32.atomic.load (i32.const 256)) (then
                     (i32.store (i32.const 384)
                         (i32.ne (i32.load (i32.const 128)) (i32.add (local.get $round) (i32.const 5))))))
                 (i32.store (i32.const 512) (local.get $early))";
    prints(&in_step(left, right, "(i32.load (i32.const 384))"), &[], NOTHING_SEEN);
}

#[test]
fn loads_do_not_see_later_stores() {
    // Load buffering: not both threads can see what the other writes afterwards.
    let side = |other: u32, own: u32, result: u32| {
        format!(
            "(i32.store (i32.const {result}) (i32.atomic.load (i32.const {other})))
             (i32.atomic.store (i32.const {own}) (i32.const 1))"
        )
    };
    let check = "(i32.and (i32.load (i32.const 384)) (i32.load (i32.const 512)))";
    prints(&in_step(&side(128, 256, 384), &side(256, 128, 512), check), &[], NOTHING_SEEN);
}

#[test]
fn changes_are_not_torn_and_not_lost() {
    // Four threads add to neighbours of every width, and count with a loop around `cmpxchg`.
    let declarations = r#"
        (func $thread (param i32)
            (local $rounds i32) (local $seen i64)
            (loop $again
                (drop (i32.atomic.rmw8.add_u (i32.const 128) (i32.const 1)))
                (drop (i32.atomic.rmw8.sub_u (i32.const 129) (i32.const 1)))
                (drop (i64.atomic.rmw16.add_u (i32.const 130) (i64.const 3)))
                (drop (i64.atomic.rmw32.sub_u (i32.const 132) (i64.const 1)))
                (drop (i64.atomic.rmw.add (i32.const 136) (i64.const 0x100000001)))
                (drop (i32.atomic.rmw.xor (i32.const 144) (i32.const -1)))
                (loop $lost
                    (local.set $seen (i64.atomic.load (i32.const 152)))
                    (br_if $lost (i64.ne (local.get $seen)
                        (i64.atomic.rmw.cmpxchg (i32.const 152) (local.get $seen)
                            (i64.add (local.get $seen) (i64.const 0x10000000f))))))
                (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $rounds) (i32.const 25000)))))
        (func (export "f") (result i32 i32 i32 i32 i64 i32 i64)
            (call $start_all (i32.const 4))
            (call $wait_for (i32.const 4))
            (i32.load8_u (i32.const 128)) (i32.load8_u (i32.const 129)) (i32.load16_u (i32.const 130))
            (i32.load (i32.const 132)) (i64.load (i32.const 136)) (i32.load (i32.const 144))
            (i64.load (i32.const 152)))"#;
    let total: u64 = 100_000;
    let lines = [
        (total as u8).to_string(),
        (total as u8).wrapping_neg().to_string(),
        ((3 * total) as u16).to_string(),
        (-(total as i32)).to_string(),
        (total * 0x1_0000_0001).to_string(),
        0.to_string(),
        (total * 0x1_0000_000f).to_string(),
    ];
    prints(declarations, &[], &(lines.join("\n") + "\n"));
}
