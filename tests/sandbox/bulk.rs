//! Bulk operators on memories: ranges that end at the end, beyond it, or wrap around 32 or 64 bits. One that traps has
//! written nothing.

use adder_compiler::Options;
use adder_tests::program::{contents, invoke, words};
use adder_tests::text::assemble;

use crate::plans::{agree, each_plan};

const PAGE: usize = 65536;
const EDGES_32: [u64; 9] = [0, 1, 65532, 65535, 65536, 65537, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const EDGES_64: [u64; 6] = [(1 << 32) + 1, 1 << 63, u64::MAX - 65535, u64::MAX - 3, u64::MAX - 1, u64::MAX];
const SEGMENT: &[u8] = b"segment";

fn edges(is_64: bool) -> Vec<u64> {
    let mut edges = EDGES_32.to_vec();
    if is_64 {
        edges.extend(EDGES_64);
    }
    edges
}

/// Where a range of a list of this size is, if it is inside.
fn range(start: u64, count: u64, size: usize) -> Option<std::ops::Range<usize>> {
    let end = u128::from(start) + u128::from(count);
    (end <= size as u128).then_some(start as usize..end as usize)
}

/// Two memories of one page each, and every operator on them; the answers of an implementation that is easy to trust.
struct Model {
    memories: [Vec<u8>; 2],
    commands: String,
    wanted: Vec<String>,
}

impl Model {
    fn new() -> Model {
        let mut memories = [vec![0; PAGE], vec![0; PAGE]];
        for (memory, name) in memories.iter_mut().zip([b'a', b'b']) {
            memory[..4].fill(name);
            memory[PAGE - 4..].fill(name);
        }
        Model { memories, commands: String::new(), wanted: Vec::new() }
    }

    fn ask(&mut self, name: &str, arguments: &[u64], is_inside: bool) {
        self.commands += &invoke(name, arguments);
        self.wanted.push(if is_inside { "ok" } else { "trap out of bounds memory access" }.to_owned());
    }

    fn fill(&mut self, memory: usize, start: u64, count: u64) {
        let inside = range(start, count, PAGE);
        self.ask(["fill a", "fill b"][memory], &[start, 0x177, count], inside.is_some());
        if let Some(range) = inside {
            self.memories[memory][range].fill(0x77);
        }
    }

    fn copy(&mut self, to: usize, from: usize, destination: u64, source: u64, count: u64) {
        let inside = range(destination, count, PAGE).zip(range(source, count, PAGE));
        let name = [["copy a a", "copy a b"], ["copy b a", "copy b b"]][to][from];
        self.ask(name, &[destination, source, count], inside.is_some());
        if let Some((destination, source)) = inside {
            let bytes = self.memories[from][source].to_vec();
            self.memories[to][destination].copy_from_slice(&bytes);
        }
    }

    fn init(&mut self, memory: usize, destination: u64, source: u64, count: u64) {
        let inside = range(destination, count, PAGE).zip(range(source, count, SEGMENT.len()));
        self.ask(["init a", "init b"][memory], &[destination, source, count], inside.is_some());
        if let Some((destination, source)) = inside {
            self.memories[memory][destination].copy_from_slice(&SEGMENT[source]);
        }
    }

    /// Compares the memories. Mostly everything has the same value by then, so it is asked now and then.
    fn look(&mut self) {
        self.commands += "memory 0 61\nmemory 0 62\n";
        for memory in &self.memories {
            self.wanted.push(contents(PAGE as u64, words(memory)));
        }
    }
}

/// The operators on two memories, of which each has 64 bits or not. The counts of copies between two kinds have 32.
fn check(is_64: [bool; 2], limits: [&str; 2]) {
    let kinds = is_64.map(|is_64| if is_64 { "i64" } else { "i32" });
    let mut text = String::from("(module (data $d \"segment\")\n");
    for ((name, kind), limits) in ["a", "b"].iter().zip(kinds).zip(limits) {
        let limits = if kind == "i64" { format!("i64 {limits}") } else { limits.to_owned() };
        text += &format!(
            "(memory ${name} (export \"{name}\") {limits})
             (data (memory ${name}) ({kind}.const 0) \"{0}\") (data (memory ${name}) ({kind}.const 65532) \"{0}\")
             (func (export \"fill {name}\") (param {kind} i32 {kind})
               (memory.fill ${name} (local.get 0) (local.get 1) (local.get 2)))
             (func (export \"init {name}\") (param {kind} i32 i32)
               (memory.init ${name} $d (local.get 0) (local.get 1) (local.get 2)))
             (func (export \"grow {name}\") (param {kind}) (drop (memory.grow ${name} (local.get 0))))\n",
            name.repeat(4)
        );
    }
    for (to, to_kind) in ["a", "b"].iter().zip(kinds) {
        for (from, from_kind) in ["a", "b"].iter().zip(kinds) {
            let count = if (to_kind, from_kind) == ("i64", "i64") { "i64" } else { "i32" };
            text += &format!(
                "(func (export \"copy {to} {from}\") (param {to_kind} {from_kind} {count})
                   (memory.copy ${to} ${from} (local.get 0) (local.get 1) (local.get 2)))\n"
            );
        }
    }
    let module = assemble(&(text + ")"));

    let mut model = Model::new();
    for (memory, wide) in is_64.into_iter().enumerate() {
        for destination in edges(wide) {
            for source in EDGES_32.into_iter().chain([6, 7, 8]) {
                for count in EDGES_32.into_iter().chain([6, 7, 8]) {
                    model.init(memory, destination, source, count);
                }
            }
        }
        model.look();
    }
    for (to, from) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for destination in edges(is_64[to]) {
            for source in edges(is_64[from]) {
                for count in edges(is_64[to] && is_64[from]).into_iter().chain([4]) {
                    model.copy(to, from, destination, source, count);
                }
            }
            model.look();
        }
    }
    for (memory, wide) in is_64.into_iter().enumerate() {
        for start in edges(wide).into_iter().rev() {
            for count in edges(wide) {
                model.fill(memory, start, count);
            }
            model.look();
        }
    }
    each_plan(&Options::default(), |options| agree(&[("bulk", &module)], options, &model.commands, &model.wanted));
}

#[test]
fn bulk_operators_on_memories_of_32_bits() {
    check([false, false], ["1 1", "1 4"]);
}

#[test]
fn bulk_operators_on_memories_of_64_bits() {
    check([true, true], ["1 4", "1 1"]);
}

#[test]
fn bulk_operators_between_memories_of_both_kinds() {
    check([false, true], ["1 1", "1 1"]);
}

#[test]
fn bulk_operators_on_shared_memories() {
    check([false, true], ["1 4 shared", "1 1 shared"]);
}

/// What is written at activation obeys the same rules, and what came before it stays.
#[test]
fn active_segments_beyond_the_end_trap_at_activation() {
    for (limits, kind, offsets) in [
        ("1 1", "i32", vec![65533, 65536, 65537, 0x7fff_ffff, 0xffff_ffff]),
        ("i64 1 1", "i64", vec![65533, 1 << 32, 1 << 63, u64::MAX - 1, u64::MAX]),
        ("0 0", "i32", vec![0, 1]),
    ] {
        for offset in offsets {
            let module =
                assemble(&format!("(module (memory (export \"m\") {limits}) (data ({kind}.const {offset}) \"four\"))"));
            let first = "(module (func (export \"f\")))";
            let modules: [(&str, &[u8]); 2] = [("first", &assemble(first)), ("second", &module)];
            each_plan(&Options::default(), |options| {
                let inputs = modules.map(|(name, bytes)| adder_compiler::Input { name, bytes });
                let answers = adder_tests::program::raw_answers(&inputs, options, "activate 0\nactivate 1\n");
                let trap = "trap out of bounds memory access";
                assert_eq!(answers, ["ok", trap], "{limits}, {offset:#x}, {:?}", options.memory);
            });
        }
    }
}

#[test]
fn a_dropped_segment_has_no_bytes() {
    let module = assemble(
        "(module (memory 1 1) (data $d \"abcd\") (data $active (i32.const 0) \"efgh\")
           (func (export \"init\") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"init active\") (param i32 i32 i32)
             (memory.init $active (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"drop\") (data.drop $d)))",
    );
    let trap = "trap out of bounds memory access";
    let steps: [(&str, &[u64], &str); 9] = [
        ("init", &[0, 0, 4], "ok"),
        ("init", &[0, 4, 0], "ok"),
        ("init", &[0, 5, 0], trap),
        ("init active", &[0, 0, 0], "ok"),
        ("init active", &[0, 0, 1], trap),
        ("drop", &[], "ok"),
        ("init", &[0, 0, 1], trap),
        ("init", &[65536, 0, 0], "ok"),
        ("init", &[0, 1, 0], trap),
    ];
    let commands: String = steps.iter().map(|(name, arguments, _)| invoke(name, arguments)).collect();
    let wanted: Vec<String> = steps.iter().map(|(_, _, answer)| (*answer).to_owned()).collect();
    each_plan(&Options::default(), |options| agree(&[("dropped", &module)], options, &commands, &wanted));
}
