//! What a promise about C makes of frames in the shadow stack (`--assume c-abi`): functions that keep it compute the same, and
//! wherever an address leaves a function, its frame stays in memory.

use adder_compiler::{Emit, Entry, Input, Options, Overrides, Unobserved};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

/// A module whose function `f`, of one parameter, has a frame of 32 bytes, to which `$frame` points, and does `body`, which leaves
/// an i32.
fn module(body: &str) -> Vec<u8> {
    assemble(&format!(
        r#"(module
        (memory 1 1)
        (global $__stack_pointer (mut i32) (i32.const 4096))
        (func $peek (param i32) (result i32) (i32.load (local.get 0)))
        (func $poke (param i32 i32) (i32.store (local.get 0) (local.get 1)))
        (func $dirty (memory.fill (i32.const 3584) (i32.const 0xa5) (i32.const 480)))
        (func $f (export "f") (param $n i32) (result i32) (local $frame i32) (local $other i32) (local $result i32)
            (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
            {body}
            (local.set $result)
            (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
            (local.get $result))
        (func (export "pointer") (result i32) (global.get $__stack_pointer)))"#
    ))
}

/// What `body` accesses in a memory, once the promise has been given: in `f`, whose code is the only one that has the stack
/// pointer less 32. Also checks that it computes the same as without the promise.
fn left_in_memory(body: &str) -> usize {
    let bytes = module(body);
    let input = Input { name: "module", bytes: &bytes };
    let options = |assume_c_abi| Options {
        assume_c_abi,
        overrides: Overrides::verified(),
        entry: Entry::Library,
        ..Options::default()
    };
    let commands: String =
        [0, 1, 7, 255, 0xffff_fff0].map(|number| invoke("f", &[number]) + &invoke("pointer", &[])).concat();
    assert_eq!(answers(&[input], &options(true), &commands), answers(&[input], &options(false), &commands), "{body}");
    let listing = Options { emit: Emit::Clif, ..options(true) };
    let output = adder_compiler::compile(&[input], &listing, &Unobserved).expect("the module is valid");
    let text = String::from_utf8(output.bytes).expect("it is text");
    let start = text.find(" of module: f\n").unwrap_or_else(|| panic!("there is no f in {text}"));
    let code = &text[start..];
    let code = &code[..code.find("\n}").expect("it ends")];
    // Accesses name the region of memory that they are to.
    let Some(region) = code.lines().find_map(|line| line.trim().strip_suffix(r#""memory""#)?.split(' ').next()) else {
        return 0;
    };
    code.lines().filter(|line| line.contains(&format!(" {region} v"))).count()
}

#[test]
fn variables_become_registers() {
    // Whole words, parts of words, floats; what is written and read again, in branches and loops.
    assert_eq!(
        left_in_memory(
            "(i32.store offset=28 (local.get $frame) (local.get $n))
             (i32.store8 offset=27 (local.get $frame) (local.get $n))
             (i32.store16 offset=24 (local.get $frame) (local.get $n))
             (i64.store offset=16 (local.get $frame) (i64.extend_i32_s (local.get $n)))
             (f64.store offset=8 (local.get $frame) (f64.convert_i32_s (local.get $n)))
             (i64.store8 offset=7 (local.get $frame) (i64.extend_i32_s (local.get $n)))
             (i32.store (local.get $frame) (i32.const 0))
             (block $end (loop $again
                (br_if $end (i32.ge_s (i32.load (local.get $frame)) (i32.const 10)))
                (i64.store offset=16 (local.get $frame)
                    (i64.add (i64.load offset=16 (local.get $frame)) (i64.load8_s offset=7 (local.get $frame))))
                (if (i32.load8_u offset=27 (local.get $frame))
                    (then (i32.store16 offset=24 (local.get $frame) (i32.mul (i32.load16_s offset=24 (local.get $frame)) (i32.const 3)))))
                (i32.store (local.get $frame) (i32.add (i32.load (local.get $frame)) (i32.const 1)))
                (br $again)))
             (i32.add (i32.load offset=28 (local.get $frame))
                (i32.add (i32.load8_s offset=27 (local.get $frame))
                    (i32.add (i32.load16_u offset=24 (local.get $frame))
                        (i32.add (i32.wrap_i64 (i64.load offset=16 (local.get $frame)))
                            (i32.trunc_sat_f64_s (f64.load offset=8 (local.get $frame)))))))"
        ),
        0
    );
    // Addresses that are computed first, and kept in a local.
    assert_eq!(
        left_in_memory(
            "(local.set $other (i32.add (local.get $frame) (i32.const 12)))
             (i32.store offset=4 (local.get $other) (local.get $n))
             (call $dirty)
             (i32.load (i32.add (i32.const 16) (local.get $frame)))"
        ),
        0
    );
}

#[test]
fn calls_find_their_frames_below() {
    assert_eq!(
        left_in_memory(
            "(i32.store offset=12 (local.get $frame) (local.get $n))
             (if (result i32) (i32.and (i32.lt_u (local.get $n) (i32.const 100)) (i32.ne (local.get $n) (i32.const 0)))
                (then (i32.add (call $f (i32.sub (local.get $n) (i32.const 1))) (i32.load offset=12 (local.get $frame))))
                (else (i32.const 0)))"
        ),
        0
    );
}

#[test]
fn what_is_accessed_in_several_ways_stays_in_memory() {
    // The words at 8 and at 16 become registers, the one at 12 does not.
    let body = "(i32.store offset=8 (local.get $frame) (local.get $n))
        (i32.store offset=12 (local.get $frame) (local.get $n))
        (i32.store16 offset=14 (local.get $frame) (i32.const 7))
        (i32.store offset=16 (local.get $frame) (local.get $n))
        (i32.add (i32.load offset=8 (local.get $frame))
            (i32.add (i32.load offset=12 (local.get $frame)) (i32.load offset=16 (local.get $frame))))";
    assert_eq!(left_in_memory(body), 3);
    let floats = "(f32.store (local.get $frame) (f32.convert_i32_s (local.get $n))) (i32.load (local.get $frame))";
    assert_eq!(left_in_memory(floats), 2);
}

/// Each of these lets an address of the frame out of hands, or touches what is not the frame's.
#[test]
fn frames_that_others_may_know_stay_in_memory() {
    let store = "(i32.store offset=8 (local.get $frame) (local.get $n))";
    let load = "(i32.load offset=8 (local.get $frame))";
    for escape in [
        "(call $poke (i32.add (local.get $frame) (i32.const 8)) (i32.const 5))",
        // Even the end of the frame: `&array[n]` is the way down.
        "(call $poke (i32.sub (i32.add (local.get $frame) (i32.const 32)) (i32.const 24)) (i32.const 5))",
        "(drop (call $peek (local.get $frame)))",
        "(i32.store offset=256 (i32.const 0) (local.get $frame)) (i32.store offset=8 (i32.load offset=256 (i32.const 0)) (i32.const 6))",
        "(i32.store offset=8 (select (local.get $frame) (i32.const 2048) (local.get $n)) (i32.const 9))",
        "(local.set $other (i32.const 2048)) (if (local.get $n) (then (local.set $other (local.get $frame))))
         (i32.store offset=8 (local.get $other) (i32.const 9))",
        "(i32.store (i32.add (local.get $frame) (i32.and (local.get $n) (i32.const 28))) (i32.const 3))",
        "(memory.fill (i32.add (local.get $frame) (i32.const 8)) (i32.const 1) (i32.const 4))",
        "(local.set $n (i32.xor (local.get $frame) (i32.const 8)))",
        // Of the caller.
        "(i32.store offset=32 (local.get $frame) (i32.const 3))",
        "(i32.store (i32.sub (local.get $frame) (i32.const 4)) (i32.const 3))",
        // More room, of a size that is computed.
        "(global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))",
        "(global.set $__stack_pointer (i32.sub (local.get $frame) (i32.and (local.get $n) (i32.const 16))))",
    ] {
        assert!(left_in_memory(&format!("{store} {escape} {load}")) >= 2, "{escape}");
    }
}

#[test]
fn what_comes_back_from_an_address_is_seen() {
    let body = "(i32.store offset=8 (local.get $frame) (local.get $n))
        (call $poke (i32.add (local.get $frame) (i32.const 8)) (i32.const 77))
        (i32.load offset=8 (local.get $frame))";
    assert!(left_in_memory(body) >= 2);
}

/// Whoever promises nothing gets what the module says, also where that is not C.
#[test]
fn without_the_promise_frames_are_memory() {
    let bytes = module(
        "(i32.store offset=8 (local.get $frame) (local.get $n))
         (i32.store (i32.const 4072) (i32.const 5))
         (i32.load offset=8 (local.get $frame))",
    );
    let input = Input { name: "module", bytes: &bytes };
    let options = Options { entry: Entry::Library, ..Options::default() };
    let answer = |options: &Options| answers(&[input], options, &invoke("f", &[3]))[0].clone();
    assert_eq!(answer(&options), "ok 0000000000000005");
    assert_eq!(answer(&Options { assume_c_abi: true, ..options.clone() }), "ok 0000000000000003");
    let unoptimized = Options { assume_c_abi: true, optimization: adder_compiler::Optimization::None, ..options };
    assert_eq!(answer(&unoptimized), "ok 0000000000000005");
}

/// Asyncify enters functions in the middle, where it relies on the memory.
#[test]
fn modules_with_asyncify_keep_their_frames() {
    let text = |export: &str| {
        format!(
            r#"(module (memory 1 1) (global (mut i32) (i32.const 4096)) (func (export "{export}") (global.set 0 (i32.const 4096)))
            (func (export "f") (param i32) (result i32) (local $frame i32)
                (local.set $frame (i32.sub (global.get 0) (i32.const 16)))
                (i32.store (local.get $frame) (local.get 0))
                (i32.store (i32.const 4080) (i32.const 5))
                (i32.load (local.get $frame))))"#
        )
    };
    for (export, expected) in [("other", 3), ("asyncify_start_unwind", 5)] {
        let bytes = assemble(&text(export));
        let input = Input { name: "module", bytes: &bytes };
        let options = Options { entry: Entry::Library, assume_c_abi: true, ..Options::default() };
        let answer = answers(&[input], &options, &invoke("f", &[3]));
        assert_eq!(answer, [format!("ok {expected:016x}")], "{export}");
    }
}

/// What throws does not give its frame back: whoever catches does that.
#[test]
fn handlers_give_back_the_frames_of_those_who_threw() {
    let bytes = assemble(
        r#"(module
        (memory 1 1)
        (tag $thrown)
        (global $__stack_pointer (mut i32) (i32.const 4096))
        (func $g (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 48))) (throw $thrown))
        (func (export "f") (param $n i32) (result i32) (local $frame i32)
            (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
            (i32.store offset=12 (local.get $frame) (local.get $n))
            (block $caught (try_table (catch_all $caught) (call $g)))
            (global.set $__stack_pointer (local.get $frame))
            (i32.store offset=12 (local.get $frame) (i32.add (i32.load offset=12 (local.get $frame)) (i32.const 1)))
            (local.set $n (i32.load offset=12 (local.get $frame)))
            (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
            (local.get $n))
        (func (export "pointer") (result i32) (global.get $__stack_pointer)))"#,
    );
    let input = Input { name: "module", bytes: &bytes };
    let commands = (invoke("f", &[3]) + &invoke("pointer", &[])).repeat(2);
    for assume_c_abi in [false, true] {
        let options = Options { entry: Entry::Library, assume_c_abi, ..Options::default() };
        let answers = answers(&[input], &options, &commands);
        assert_eq!(answers, ["ok 0000000000000004", "ok 0000000000001000"].repeat(2), "{assume_c_abi}");
    }
}
