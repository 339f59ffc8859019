//! Exceptions in several threads: each has its own, and its own references to them.

use super::{PLANS, prints, program};
use adder_tests::outcome::Outcome;

/// Every thread throws and catches, keeps references in a global, a table and locals, and lets go of many more.
#[test]
fn threads_throw_at_the_same_time() {
    let declarations = r#"
        (tag $t (param i32 i64))
        (global $kept (mut exnref) (ref.null exn))
        (table $all 64 exnref)
        (func $throw (param i32) (throw $t (local.get 0) (i64.const 3)))
        (func $make (param i32) (result exnref)
            (block $e (result exnref) (try_table (catch_all_ref $e) (call $throw (local.get 0))) (unreachable)))
        (func $raise (param exnref) (throw_ref (local.get 0)))
        (func $read (param exnref) (result i32)
            (block $h (result i32 i64) (try_table (catch $t $h) (call $raise (local.get 0))) (unreachable)) (drop))
        (func $thread (param $argument i32) (local $n i32) (local $local exnref) (local $seen i32)
            (global.set $kept (call $make (i32.add (local.get $argument) (i32.const 1000))))
            (local.set $local (call $make (i32.add (local.get $argument) (i32.const 2000))))
            (loop $again
                (table.set $all (i32.and (local.get $n) (i32.const 63))
                    (call $make (i32.add (local.get $argument) (local.get $n))))
                (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))
            ;; The last one went to the place 99999 % 64.
            (local.set $seen (i32.eq (call $read (global.get $kept)) (i32.add (local.get $argument) (i32.const 1000))))
            (local.set $seen (i32.add (local.get $seen)
                (i32.eq (call $read (local.get $local)) (i32.add (local.get $argument) (i32.const 2000)))))
            (local.set $seen (i32.add (local.get $seen)
                (i32.eq (call $read (table.get $all (i32.const 31))) (i32.add (local.get $argument) (i32.const 99999)))))
            (drop (i32.atomic.rmw.add (i32.const 64) (local.get $seen))))
        (func (export "f") (result i32)
            (call $start_all (i32.const 8))
            (call $wait_for (i32.const 8))
            (i32.atomic.load (i32.const 64)))"#;
    prints(declarations, &[], "24\n");
}

#[test]
fn what_a_thread_does_not_catch_ends_the_process() {
    let declarations = r#"
        (tag $t)
        (func $throw (throw $t))
        (func $thread (param i32) (call $throw))
        (func (export "f")
            ;; Nobody catches for another thread.
            (block (try_table (catch_all 0) (drop (call $start (i32.const 0))) (call $wait_for (i32.const 1)))))"#;
    for memory in PLANS {
        let expected = Outcome::uncaught(&["throw", "thread", "wasi_thread_start"]);
        assert_eq!(program(declarations, memory).run(&[]), expected, "with memory {memory:?}");
    }
}
