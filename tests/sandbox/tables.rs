//! Everything that can be done with a table, at its end, beyond it, and with indices that are inside only if half of them
//! is ignored: tables that are read-only in the image, that are written, and that grow, with indices of 32 and 64 bits.

use adder_compiler::Options;
use adder_tests::program::{contents, invoke};
use adder_tests::text::assemble;

use crate::plans::{agree, each_plan};

/// Entries of the table: functions that return their own index, but for null ones.
const SIZE: u64 = 10;
const NULLS: [u64; 2] = [4, 9];
const EDGES_32: [u64; 9] = [0, 4, 9, 10, 11, 0x1fff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
/// Multiples of 2^32 with an index inside, and numbers that overflow when they are multiplied by the size of an entry.
const EDGES_64: [u64; 6] = [1 << 32, (1 << 32) + 1, 1 << 61, (1 << 61) + 1, 1 << 63, u64::MAX];

fn edges(is_64: bool) -> Vec<u64> {
    let mut edges = EDGES_32.to_vec();
    if is_64 {
        edges.extend(EDGES_64);
    }
    edges
}

/// A module with a table `$t` and whatever operators are in `functions`, where `INDEX` stands for the type of an index.
fn module(limits: &str, is_64: bool, functions: &str) -> Vec<u8> {
    let index = if is_64 { "i64" } else { "i32" };
    let limits = if is_64 { format!("i64 {limits}") } else { limits.to_owned() };
    let mut text = format!(
        "(module (type $number (func (result i32))) (table $t (export \"t\") {limits} funcref)
           (elem $passive func $f0 $f1 $f2)
           (func (export \"call\") (param INDEX) (result i32) (call_indirect $t (type $number) (local.get 0)))
           (func (export \"tail\") (param INDEX) (result i32) (return_call_indirect $t (type $number) (local.get 0)))
           (func (export \"get\") (param INDEX) (result i32) (ref.is_null (table.get $t (local.get 0))))
           (func (export \"size\") (result INDEX) (table.size $t))
           {functions}\n"
    );
    for number in 0..SIZE {
        text += &format!("(func $f{number} (type $number) (i32.const {number}))\n");
        if !NULLS.contains(&number) {
            text += &format!("(elem (table $t) (INDEX.const {number}) func $f{number})\n");
        }
    }
    assemble(&(text + ")").replace("INDEX", index))
}

const WRITERS: &str = "
    (func (export \"set\") (param INDEX) (table.set $t (local.get 0) (ref.null func)))
    (func (export \"fill\") (param INDEX INDEX) (table.fill $t (local.get 0) (ref.func $f1) (local.get 1)))
    (func (export \"copy\") (param INDEX INDEX INDEX) (table.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export \"init\") (param INDEX i32 i32) (table.init $t $passive (local.get 0) (local.get 1) (local.get 2)))
    (func (export \"drop\") (elem.drop $passive))";
const GROWER: &str = "
    (func (export \"grow\") (param INDEX) (result INDEX) (table.grow $t (ref.func $f3) (local.get 0)))";

/// What a table is, easy to trust: the number of the function of each entry.
struct Model {
    entries: Vec<Option<u64>>,
    is_64: bool,
    commands: String,
    wanted: Vec<String>,
}

impl Model {
    fn new(is_64: bool) -> Model {
        let entries = (0..SIZE).map(|number| (!NULLS.contains(&number)).then_some(number)).collect();
        Model { entries, is_64, commands: String::new(), wanted: Vec::new() }
    }

    fn ask(&mut self, name: &str, arguments: &[u64], wanted: impl Into<String>) {
        self.commands += &invoke(name, arguments);
        self.wanted.push(wanted.into());
    }

    fn bounds(is_inside: bool) -> &'static str {
        if is_inside { "ok" } else { "trap out of bounds table access" }
    }

    /// Reads and calls at every edge.
    fn read(&mut self) {
        let size = self.entries.len() as u64;
        self.ask("size", &[], format!("ok {size:016x}"));
        for index in edges(self.is_64).into_iter().chain([size - 1, size]) {
            let entry = self.entries.get(usize::try_from(index).unwrap_or(usize::MAX)).copied();
            let called = match entry {
                None => "trap undefined element".to_owned(),
                Some(None) => "trap uninitialized element".to_owned(),
                Some(Some(number)) => format!("ok {number:016x}"),
            };
            self.ask("call", &[index], called.clone());
            self.ask("tail", &[index], called);
            let read = match entry {
                None => "trap out of bounds table access".to_owned(),
                Some(entry) => format!("ok {:016x}", u64::from(entry.is_none())),
            };
            self.ask("get", &[index], read);
        }
    }

    fn range(&self, start: u64, count: u64) -> Option<std::ops::Range<usize>> {
        let end = u128::from(start) + u128::from(count);
        (end <= self.entries.len() as u128).then_some(start as usize..end as usize)
    }

    /// Writes at every edge, and looks at the table each time something may have changed.
    fn write(&mut self) {
        for index in edges(self.is_64) {
            let inside = self.range(index, 1);
            self.ask("set", &[index], Self::bounds(inside.is_some()));
            inside.into_iter().flatten().for_each(|index| self.entries[index] = None);
        }
        self.look();
        for start in edges(self.is_64) {
            for count in edges(self.is_64) {
                let inside = self.range(start, count);
                self.ask("fill", &[start, count], Self::bounds(inside.is_some()));
                inside.into_iter().for_each(|range| self.entries[range].fill(Some(1)));
            }
        }
        self.look();
        for destination in edges(self.is_64) {
            for source in [0, 1, 3, 4, 0xffff_fffe, 0xffff_ffff] {
                for count in [0, 1, 2, 3, 4, 0xffff_fffd, 0xffff_ffff] {
                    let inside = self.range(destination, count).filter(|_| source + count <= 3);
                    self.ask("init", &[destination, source, count], Self::bounds(inside.is_some()));
                    for (entry, number) in inside.into_iter().flatten().zip(source..) {
                        self.entries[entry] = Some(number);
                    }
                }
            }
        }
        self.look();
        for destination in edges(self.is_64) {
            for source in edges(self.is_64) {
                for count in edges(self.is_64).into_iter().chain([3]) {
                    let inside = self.range(destination, count).zip(self.range(source, count));
                    self.ask("copy", &[destination, source, count], Self::bounds(inside.is_some()));
                    if let Some((destination, source)) = inside {
                        self.entries.copy_within(source, destination.start);
                    }
                }
            }
        }
        self.look();
        self.ask("drop", &[], "ok");
        self.ask("init", &[0, 0, 0], "ok");
        self.ask("init", &[0, 0, 1], Self::bounds(false));
        self.look();
    }

    fn grow(&mut self, limit: u64) {
        for count in edges(self.is_64).into_iter().chain([1, 0]) {
            let size = self.entries.len() as u64;
            let fits = size.checked_add(count).is_some_and(|size| size <= limit);
            let failed = if self.is_64 { u64::MAX } else { u64::from(u32::MAX) };
            self.ask("grow", &[count], format!("ok {:016x}", if fits { size } else { failed }));
            if fits {
                self.entries.resize((size + count) as usize, Some(3));
            }
        }
        self.look();
    }

    fn look(&mut self) {
        self.commands += "table 0 74\n";
        let entries = self.entries.iter().map(|entry| u64::from(entry.is_some()));
        self.wanted.push(contents(self.entries.len() as u64, entries));
        self.read();
    }

    fn check(&self, module: &[u8]) {
        each_plan(&Options::default(), |options| agree(&[("table", module)], options, &self.commands, &self.wanted));
    }
}

#[test]
fn tables_that_nobody_writes() {
    for is_64 in [false, true] {
        let mut model = Model::new(is_64);
        model.look();
        model.check(&module("10 10", is_64, ""));
    }
}

#[test]
fn tables_that_are_written() {
    for is_64 in [false, true] {
        let mut model = Model::new(is_64);
        model.look();
        model.write();
        model.check(&module("10 10", is_64, WRITERS));
    }
}

#[test]
fn tables_that_grow() {
    for is_64 in [false, true] {
        let mut model = Model::new(is_64);
        model.look();
        model.grow(30);
        model.write();
        model.grow(30);
        model.check(&module("10 30", is_64, &format!("{WRITERS}{GROWER}")));
    }
}

#[test]
fn tables_without_an_entry() {
    let commands = invoke("call", &[0]) + &invoke("get", &[0]) + &invoke("fill", &[0]) + &invoke("fill", &[1]);
    let wanted = ["trap undefined element", "trap out of bounds table access", "ok", "trap out of bounds table access"];
    for limits in ["0 0", "0 5", "i64 0 0"] {
        let index = if limits.contains("i64") { "i64" } else { "i32" };
        let module = assemble(&format!(
            "(module (table $t {limits} funcref)
               (func (export \"call\") (param {index}) (call_indirect $t (local.get 0)))
               (func (export \"get\") (param {index}) (drop (table.get $t (local.get 0))))
               (func (export \"fill\") (param {index})
                 (table.fill $t ({index}.const 0) (ref.null func) (local.get 0))))"
        ));
        let wanted = wanted.map(str::to_owned);
        each_plan(&Options::default(), |options| agree(&[("table", &module)], options, &commands, &wanted));
    }
}

#[test]
fn active_segments_beyond_the_end_trap_at_activation() {
    for (limits, index, offsets) in [
        ("10 10", "i32", vec![9, 10, 11, 0x7fff_ffff, 0xffff_ffff]),
        ("10 20", "i32", vec![9, 20]),
        ("i64 10 10", "i64", vec![9, 1 << 32, 1 << 61, u64::MAX]),
        ("0 0", "i32", vec![0, 1]),
    ] {
        for offset in offsets {
            let module = assemble(&format!(
                "(module (table $t {limits} funcref) (elem (table $t) ({index}.const {offset}) func $f $f) (func $f))"
            ));
            each_plan(&Options::default(), |options| {
                let input = adder_compiler::Input { name: "table", bytes: &module };
                let answers = adder_tests::program::raw_answers(&[input], options, "activate 0\n");
                assert_eq!(answers, ["trap out of bounds table access"], "{limits}, {offset:#x}");
            });
        }
    }
}
