//! Modules of functions that throw and catch: which clause caught what is in their results. wasm-smith's modules hardly
//! ever throw what they catch.

use std::fmt::Write;

use crate::numbers::Numbers;

/// Functions of a module; each calls the next one.
const FUNCTIONS: usize = 8;
/// Tables of handlers inside of each other in a function, at most.
const DEPTH_MAX: usize = 3;

/// A module with exceptions. Its tags and functions are exported.
pub fn module(simd: bool, numbers: &mut Numbers) -> Vec<u8> {
    let kinds = &["i32", "i64", "f32", "f64", "v128"][..if simd { 5 } else { 4 }];
    let tags: Vec<Vec<&str>> =
        (0..2 + numbers.below(4)).map(|_| (0..numbers.below(4)).map(|_| *numbers.pick(kinds)).collect()).collect();
    let mut text = "(module (type $f (func (param i32) (result i64)))\n".to_owned();
    for (tag, kinds) in tags.iter().enumerate() {
        let _ = writeln!(text, "(tag (export \"tag {tag}\") (param {}))", kinds.join(" "));
    }
    let all: String = (0..FUNCTIONS).map(|function| format!(" $f{function}")).collect();
    let _ = writeln!(text, "(table funcref (elem{all}))");
    for function in 0..FUNCTIONS {
        let mut maker = Maker { tags: &tags, function, labels: 0, numbers };
        let body = maker.body(DEPTH_MAX);
        let _ = writeln!(
            text,
            "(func $f{function} (export \"{function}\") (type $f) (local $sum i64) (local $caught exnref)\n{body})"
        );
    }
    adder_tests::text::assemble(&(text + ")"))
}

struct Maker<'a> {
    tags: &'a [Vec<&'static str>],
    function: usize,
    labels: usize,
    numbers: &'a mut Numbers,
}

/// What a clause catches: one tag or all, and whether with a reference.
struct Clause {
    tag: Option<usize>,
    keeps: bool,
}

impl Maker<'_> {
    /// An expression of type `i64` that may throw.
    fn body(&mut self, depth: usize) -> String {
        let bit = 1 << self.numbers.below(8);
        match self.numbers.below(6) {
            0..3 if depth > 0 => self.guarded(depth),
            3 => self.throw(),
            4 => format!("(i64.add (i64.const {}) {})", self.numbers.below(100), self.call()),
            _ => {
                let (then, other) = (self.throw(), if depth > 0 { self.body(depth - 1) } else { self.call() });
                format!("(if (result i64) (i32.and (local.get 0) (i32.const {bit})) (then {then}) (else {other}))")
            }
        }
    }

    fn throw(&mut self) -> String {
        let tag = self.numbers.below(self.tags.len());
        let mut text = format!("(throw {tag}");
        for kind in self.tags[tag].clone() {
            let value = self.numbers.below(1000);
            let value = match kind {
                "i32" => format!(" (i32.add (local.get 0) (i32.const {value}))"),
                "v128" => format!(" (v128.const i64x2 {value} {})", self.numbers.below(1000)),
                kind => format!(" ({kind}.const {value})"),
            };
            text += &value;
        }
        text + ")"
    }

    /// A call of the next function, in one of several ways; a number if this is the last one.
    fn call(&mut self) -> String {
        let next = self.function + 1;
        if next == FUNCTIONS {
            return format!("(i64.const {})", self.numbers.below(1000));
        }
        let argument = format!("(i32.add (local.get 0) (i32.const {}))", self.numbers.below(300));
        if self.numbers.one_in(2) {
            format!("(call $f{next} {argument})")
        } else {
            format!("(call_indirect (type $f) {argument} (i32.const {next}))")
        }
    }

    /// A `try_table`, with what comes of each of its clauses.
    fn guarded(&mut self, depth: usize) -> String {
        let clauses: Vec<Clause> = (0..1 + self.numbers.below(4))
            .map(|_| Clause {
                tag: (!self.numbers.one_in(4)).then(|| self.numbers.below(self.tags.len())),
                keeps: self.numbers.one_in(3),
            })
            .collect();
        self.labels += 1;
        let table = self.labels;
        let mut text = "(try_table (result i64)".to_owned();
        for (index, clause) in clauses.iter().enumerate() {
            let reference = if clause.keeps { "_ref" } else { "" };
            let _ = match clause.tag {
                Some(tag) => write!(text, " (catch{reference} {tag} $clause{table}_{index})"),
                None => write!(text, " (catch_all{reference} $clause{table}_{index})"),
            };
        }
        let body = self.body(depth - 1);
        let _ = write!(text, " {body})");
        for (index, clause) in clauses.iter().enumerate() {
            let mut kinds = clause.tag.map_or(Vec::new(), |tag| self.tags[tag].clone());
            let after = self.after(index, clause, &kinds);
            kinds.extend(clause.keeps.then_some("exnref"));
            let results = kinds.join(" ");
            text = format!("(block $clause{table}_{index} (result {results}) {text} (br $out{table}))\n{after}");
        }
        format!("(block $out{table} (result i64) {text})")
    }

    /// What follows a clause: adds up what it got, and sometimes throws it again.
    fn after(&mut self, index: usize, clause: &Clause, kinds: &[&str]) -> String {
        let mut text = String::new();
        if clause.keeps {
            text += "local.set $caught ";
        }
        for kind in kinds.iter().rev() {
            text += match *kind {
                "i32" => "i64.extend_i32_u ",
                "f32" => "i32.reinterpret_f32 i64.extend_i32_u ",
                "f64" => "i64.reinterpret_f64 ",
                "v128" => "i64x2.extract_lane 1 ",
                _ => "",
            };
            text += "(i64.mul (local.get $sum) (i64.const 31)) i64.add local.set $sum ";
        }
        if clause.keeps && self.numbers.one_in(2) {
            let bit = 1 << self.numbers.below(8);
            let _ =
                write!(text, "(if (i32.and (local.get 0) (i32.const {bit})) (then (throw_ref (local.get $caught)))) ");
        }
        text + &format!("(i64.add (local.get $sum) (i64.const {}))", 1000 * (index + 1))
    }
}

#[test]
fn modules_with_exceptions_are_valid() {
    for position in 0..100 {
        let module = module(position % 2 == 0, &mut Numbers::new(1, position));
        wasmparser::validate(&module).expect("it is valid");
    }
}
