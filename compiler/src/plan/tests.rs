//! What is decided of small modules: where their memories, tables and globals live, what is left to activation, and which
//! functions of a profile are recognised.

use std::sync::Arc;

use adder_abi::plan::{MemoryPlan, PAGE_BYTES, UNCHECKED_RESERVATION_BYTES};

use super::activation::Step;
use super::address::{BaseClass, GlobalClass, SizeClass, TableStorage};
use super::plan;
use super::program::Program;
use crate::error::ErrorKind;
use crate::id::{FunctionId, TableId};
use crate::options::{Entry, Options};
use crate::overrides::{GlobalPlacement, Overrides};
use crate::profile::Profile;
use crate::{Input, blank_profile, check_links, link, module};

/// Plans these modules, the main one first, and looks at the program.
fn planned<T>(modules: &[(&str, &str)], options: &Options, look: impl FnOnce(&Program<'_>) -> T) -> T {
    let bytes: Vec<Vec<u8>> = modules.iter().map(|(_, text)| wat::parse_str(text).expect("it is a module")).collect();
    let inputs = modules.iter().zip(&bytes).map(|((name, _), bytes)| Input { name, bytes });
    let parsed: Vec<_> = inputs.map(|input| module::parse(&input).expect("it is valid")).collect();
    let linked = link::link(parsed, options).expect("it can be linked");
    look(&plan(linked, options).expect("it can be planned"))
}

fn library() -> Options {
    Options { entry: Entry::Library, ..Options::default() }
}

#[test]
fn a_memory_lies_low_unless_told_otherwise() {
    let module = r#"(module (memory 2) (memory 1) (memory i64 1)
        (func (export "f") (drop (memory.grow 1 (i32.const 1)))))"#;
    let memories = |memory| {
        let options = Options { memory, ..library() };
        planned(&[("m", module)], &options, |program| {
            let facts = program.memories.iter().map(|memory| (memory.base, memory.checked, memory.reservation_bytes));
            (facts.collect::<Vec<_>>(), program.machine.low_memory_base())
        })
    };
    let (low, base) = memories(MemoryPlan::Low);
    assert_eq!(low[0], (BaseClass::Constant(base), false, UNCHECKED_RESERVATION_BYTES));
    assert_eq!(low[1], (BaseClass::Cell, false, UNCHECKED_RESERVATION_BYTES));
    // No reservation holds every 64-bit index.
    assert_eq!(low[2], (BaseClass::Cell, true, PAGE_BYTES));
    let (high, _) = memories(MemoryPlan::High);
    assert_eq!(high[0], (BaseClass::Cell, false, UNCHECKED_RESERVATION_BYTES));
    let (checked, _) = memories(MemoryPlan::Checked);
    assert_eq!(checked[0], (BaseClass::Cell, true, 2 * PAGE_BYTES));
}

#[test]
fn what_never_grows_has_a_constant_size() {
    let module = r#"(module (memory 2 9) (memory 1 9) (func (export "f") (drop (memory.grow 1 (i32.const 1)))))"#;
    let sizes = |options: &Options| {
        planned(&[("m", module)], options, |program| {
            program.memories.iter().map(|memory| (memory.size, memory.limit_bytes / PAGE_BYTES)).collect::<Vec<_>>()
        })
    };
    assert_eq!(sizes(&library()), [(SizeClass::Constant(2 * PAGE_BYTES), 2), (SizeClass::Cell, 9)]);
    let limited = Options { memory_limit_bytes: Some(4 * PAGE_BYTES + 1), ..library() };
    assert_eq!(sizes(&limited), [(SizeClass::Constant(2 * PAGE_BYTES), 2), (SizeClass::Cell, 4)]);
}

#[test]
fn tables_live_by_what_changes_them() {
    let module = r#"(module (table 4 funcref) (table 4 funcref) (table 4 9 funcref) (table 2000000 funcref)
        (func (export "f") (table.set 1 (i32.const 0) (ref.null func)) (drop (table.grow 2 (ref.null func) (i32.const 1)))))"#;
    let storage = planned(&[("m", module)], &library(), |program| {
        program.tables.iter().map(|table| table.storage).collect::<Vec<_>>()
    });
    let in_image = |writable| TableStorage::LinkSymbol { writable };
    // The last one is too large for the file.
    assert_eq!(storage, [in_image(false), in_image(true), TableStorage::Cell, TableStorage::Cell]);
}

#[test]
fn a_table_is_extended_where_code_only_calls_its_entries() {
    let extended = |body: &str, options: &Options| {
        let module = format!(
            r#"(module
                (type $unary (func (param i32) (result i32)))
                (import "env" "ffi_closure_alloc_js" (func (param i32 i32) (result i32)))
                (table 2 funcref) (table 2 funcref)
                (func (export "_emscripten_stack_alloc") (type $unary) {body} (local.get 0)))"#
        );
        planned(&[("m", &module)], options, |program| {
            let extension = program.extension.as_ref()?;
            let further = program.tables[extension.further.index()].storage;
            assert_eq!((extension.table, further), (TableId(0), TableStorage::Cell));
            assert_eq!(program.tables[0].storage, TableStorage::LinkSymbol { writable: false });
            Some((extension.called_types.len(), extension.types.len()))
        })
    };
    assert_eq!(extended("", &library()), Some((0, 1)));
    for call in ["call_indirect", "return_call_indirect"] {
        let body = format!("({call} (type $unary) (local.get 0) (i32.const 0)) (drop)");
        assert_eq!(extended(&body, &library()), Some((1, 1)), "{call}");
    }
    let other = "(table.set 1 (i32.const 0) (table.get 1 (i32.const 1)))";
    assert_eq!(extended(other, &library()), Some((0, 1)));
    for operator in [
        "(drop (table.get 0 (i32.const 0)))",
        "(drop (table.size 0))",
        "(table.set 0 (i32.const 0) (ref.null func))",
        "(table.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 1))",
    ] {
        assert_eq!(extended(operator, &library()), None, "{operator}");
    }
    let overrides = Overrides { globals: Some(GlobalPlacement::ThreadRelative), ..Overrides::default() };
    assert_eq!(extended("", &Options { overrides, ..library() }), None);
}

#[test]
fn globals_live_by_who_sets_them() {
    let module = r#"(module (global i32 (i32.const 7)) (global (mut i32) (i32.const 8)) (global (mut i32) (i32.const 9))
        (func (export "f") (global.set 1 (i32.const 1))))"#;
    let classes = |options: &Options| {
        planned(&[("m", module)], options, |program| {
            program.globals.iter().map(|global| global.class).collect::<Vec<_>>()
        })
    };
    // Nobody sets the last one, although it could be set.
    assert_eq!(classes(&library()), [GlobalClass::Constant, GlobalClass::LinkSymbol, GlobalClass::Constant]);
    let threads = Options {
        overrides: Overrides { globals: Some(GlobalPlacement::ThreadRelative), ..Overrides::default() },
        ..library()
    };
    assert_eq!(classes(&threads), [GlobalClass::Constant, GlobalClass::ThreadRelative, GlobalClass::Constant]);
}

#[test]
fn segments_are_applied_at_build_where_nobody_can_tell() {
    let steps = |modules: &[(&str, &str)]| {
        planned(modules, &library(), |program| {
            let of = |instance: &super::Instance<'_>| instance.activation.steps().to_vec();
            program.instances.iter().map(of).collect::<Vec<_>>()
        })
    };
    let own = r#"(module (memory 1) (data (i32.const 5) "x") (func $s) (start $s))"#;
    assert!(matches!(steps(&[("m", own)])[0][..], [Step::Start(_)]));
    // The first one that is out of bounds, and all behind it, are left.
    let outside =
        r#"(module (memory 1) (data (i32.const 5) "x") (data (i32.const 65536) "y") (data (i32.const 9) "z"))"#;
    assert!(matches!(steps(&[("m", outside)])[0][..], [Step::ApplyData(_, _, 65536), Step::ApplyData(_, _, 9)]));
    // Another instance, activated earlier, could see what is written to its memory.
    let importing = r#"(module (memory (import "lib" "m") 1) (data (i32.const 5) "x"))"#;
    let exporting = r#"(module (memory (export "m") 1))"#;
    let both = steps(&[("main", importing), ("lib", exporting)]);
    assert!(both[0].is_empty() && matches!(both[1][..], [Step::ApplyData(_, _, 5)]), "{both:?}");
}

#[test]
fn functions_of_a_profile_are_recognised_by_body_then_by_shape() {
    const BEFORE: &str = r#"(module
        (func $one (export "one") (result i32) (i32.const 1))
        (func $two (export "two") (result i32) (i32.add (i32.const 1) (i32.const 2)))
        (func $three (export "three") (result i32) (i32.mul (i32.const 3) (i32.const 2))))"#;
    // Another function in front; `two` has another constant, `three` other operators.
    const AFTER: &str = r#"(module
        (func $new (export "new") (result i32) (i32.xor (i32.const 3) (i32.const 2)))
        (func $one (export "one") (result i32) (i32.const 1))
        (func $two (export "two") (result i32) (i32.add (i32.const 1) (i32.const 3)))
        (func $three (export "three") (result i32) (i32.sub (i32.const 3) (i32.const 2))))"#;
    let bytes = wat::parse_str(BEFORE).expect("it is a module");
    let blank = blank_profile(&[Input { name: "m", bytes: &bytes }], &library()).expect("it can be planned");
    let mut profile = Profile::read(&blank).expect("it is a profile");
    for (function, entered) in profile.functions.iter_mut().zip([10, 20, 30]) {
        function.words[0] = entered;
    }
    let options = Options { profile: Some(Arc::new(profile)), ..library() };
    let (entered, functions, recognised) = planned(&[("m", AFTER)], &options, |program| {
        let entered: Vec<u64> = (0..4).map(|index| program.counts.entered(FunctionId(index))).collect();
        (entered, program.counts.functions, program.counts.recognised)
    });
    assert_eq!(entered, [0, 10, 20, 0]);
    assert_eq!((functions, recognised), (3, 2));
}

#[test]
fn modules_that_import_from_each_other_are_refused() {
    let importing = |from: &str| format!(r#"(module (func (import "{from}" "f")) (func (export "f")))"#);
    let bytes = [importing("b"), importing("a")].map(|text| wat::parse_str(text).expect("it is a module"));
    let inputs = [Input { name: "a", bytes: &bytes[0] }, Input { name: "b", bytes: &bytes[1] }];
    let modules = inputs.iter().map(|input| module::parse(input).expect("it is valid")).collect();
    let error = link::link(modules, &library()).err().expect("that is not supported");
    assert!(error.to_string().contains("imports from it"), "{error}");
}

#[test]
fn a_refusal_says_what_kind_it_is() {
    let limited = Options { memory_limit_bytes: Some(PAGE_BYTES), ..library() };
    let cases = [
        (library(), r#"(module (memory i64 0x1000001))"#, ErrorKind::Limit),
        (library(), r#"(module (import "env" "memory" (memory i64 0x1000001 0x1000001 shared)))"#, ErrorKind::Limit),
        (library(), r#"(module (table i64 0x100000000 funcref))"#, ErrorKind::Limit),
        (library(), r#"(module (table 10000001 funcref (ref.func $f)) (func $f))"#, ErrorKind::Limit),
        (limited, "(module (memory 2))", ErrorKind::Limit),
        (library(), r#"(module (import "env" "f" (func)))"#, ErrorKind::MissingModule),
        (
            library(),
            r#"(module (import "env" "emscripten_date_now" (func (result f64))) (func (export "stackAlloc")))"#,
            ErrorKind::Unlinkable,
        ),
        (library(), r#"(module (import "wasi_unstable" "f" (func)))"#, ErrorKind::Unlinkable),
        (library(), r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func)))"#, ErrorKind::Unlinkable),
        (library(), "(module (start 7))", ErrorKind::Refused),
        (library(), "(module (type (struct)))", ErrorKind::Unsupported),
    ];
    for (options, text, kind) in cases {
        let bytes = wat::parse_str(text).expect("it is a module");
        let error = check_links(&[Input { name: "m", bytes: &bytes }], &options).expect_err(text);
        assert_eq!(error.kind, kind, "{text}: {error}");
    }
}
