//! Programs about exceptions in the text format, in the legacy form and in the standard one.

use crate::model::{MANY, shape};
use crate::tree::{Clause, FUNCTIONS, Node, Program, Tag};

/// How exceptions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `try`, `catch`, `rethrow`, `delegate`.
    Legacy,
    /// `try_table`, `throw_ref`.
    Standard,
}

struct Writer {
    form: Form,
    text: String,
    /// Labels of the open frames.
    labels: Vec<String>,
    /// Locals to declare beside the variables.
    locals: String,
    count: usize,
}

/// A program as a module that exports `call` (the first function) and `notes` (and forgets them).
pub fn write(program: &Program, form: Form) -> String {
    let mut text = String::from("(module\n");
    for (name, types, _) in ["Empty", "One", "Three", "Seven"].iter().zip(TYPES).map(|(name, types)| (name, types, ()))
    {
        text += &format!("  (tag ${name} (param {types}))\n");
    }
    let results = |count: usize| "i32 ".repeat(count);
    for function in 0..FUNCTIONS {
        let (parameters, result) = shape(function);
        text +=
            &format!("  (type $type{function} (func (param {}) (result {})))\n", results(parameters), results(result));
    }
    text += "  (table funcref (elem";
    (0..FUNCTIONS).for_each(|function| text += &format!(" $f{function}"));
    text += "))\n  (global $notes (mut i32) (i32.const 0))\n";
    text += "  (func $note (param i32)\n    (global.set $notes (i32.add (i32.mul (global.get $notes) (i32.const 31)) (local.get 0))))\n";
    text += "  (func (export \"notes\") (result i32) (global.get $notes) (global.set $notes (i32.const 0)))\n";
    for (function, body) in program.functions.iter().enumerate() {
        text += &write_function(function, body, form);
    }
    text + ")\n"
}

/// What the tags carry, in order.
const TYPES: [&str; 4] = ["", "i32", "i64 f64 i32", "i32 i64 f32 f64 i64 i32 i32"];

/// The frame around a function's body, for what is delegated to the caller.
const OUTERMOST: &str = "$outermost";

fn write_function(function: usize, body: &[Node], form: Form) -> String {
    let mut writer = Writer { form, text: String::new(), labels: Vec::new(), locals: String::new(), count: 0 };
    writer.line(&format!("block {OUTERMOST}"));
    writer.all(body);
    writer.line("end");
    writer.results(function);
    let (parameters, _) = shape(function);
    let export = if function == 0 { " (export \"call\")" } else { "" };
    let mut text = format!("  (func $f{function}{export} (type $type{function}) (local $v0 i32) (local $v1 i64)");
    text += &format!(" (local $v2 f64) (local $v3 i32){}\n", writer.locals);
    // The argument is the last parameter.
    text += &format!("    (local.set $v0 (local.get {}))\n", parameters - 1);
    let returning = writer.text.replace("return\n", &{
        let mut results = Writer { form, text: String::new(), labels: Vec::new(), locals: String::new(), count: 0 };
        results.results(function);
        results.text + "return\n"
    });
    text + &returning + "  )\n"
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text += &format!("    {line}\n");
    }

    fn label(&mut self) -> String {
        self.count += 1;
        format!("$l{}", self.count)
    }

    fn results(&mut self, function: usize) {
        for index in 0..shape(function).1 {
            self.line(&format!("local.get $v0 i32.const {index} i32.add"));
        }
    }

    fn all(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.one(node));
    }

    fn inside(&mut self, label: &str, nodes: &[Node]) {
        self.labels.push(label.to_owned());
        self.all(nodes);
        self.labels.pop();
    }

    fn named(&self, depth: usize) -> Option<&String> {
        self.labels.len().checked_sub(1 + depth).map(|index| &self.labels[index])
    }

    fn one(&mut self, node: &Node) {
        match node {
            Node::Note(number) => self.line(&format!("i32.const {number} call $note")),
            Node::Look(variable) => {
                let narrow = ["", "i32.wrap_i64", "i32.trunc_sat_f64_s", ""][*variable];
                self.line(&format!("local.get $v{variable} {narrow} call $note"));
            }
            Node::Change(variable, number) => self.line(&change(*variable, *number)),
            Node::Throw(tag) => {
                self.line(payload(*tag));
                self.line(&format!("throw ${tag:?}"));
            }
            Node::Call { function, indirect } => self.call(*function, *indirect),
            Node::If { bit, then, otherwise } => {
                let label = self.label();
                self.line(&format!("local.get $v0 i32.const {bit} i32.shr_s i32.const 1 i32.and if {label}"));
                self.inside(&label, then);
                self.line("else");
                self.inside(&label, otherwise);
                self.line("end");
            }
            Node::Loop { times, body } => {
                let label = self.label();
                let counter = format!("$n{}", &label[2..]);
                self.locals += &format!(" (local {counter} i32)");
                self.line(&format!("i32.const {times} local.set {counter} block {label} loop {label}again"));
                self.inside(&label, body);
                self.line(&format!("local.get {counter} i32.const 1 i32.sub local.tee {counter}"));
                self.line(&format!("br_if {label}again end end"));
            }
            Node::Break(depth) => {
                let label = self.named(*depth).expect("the frame is open").clone();
                self.line(&format!("br {label}"));
            }
            Node::Return => self.line("return"),
            Node::Try { body, clauses } => match self.form {
                Form::Legacy => self.legacy(body, clauses),
                Form::Standard => self.standard(body, clauses),
            },
            Node::Delegate { body, depth } => {
                let target = self.named(*depth).cloned().unwrap_or_else(|| OUTERMOST.to_owned());
                let label = self.label();
                self.line(&format!("try {label}"));
                self.inside(&label, body);
                self.line(&format!("delegate {target}"));
            }
            Node::Rethrow(depth) => {
                let label = self.named(*depth).expect("the frame is open").clone();
                match self.form {
                    Form::Legacy => self.line(&format!("rethrow {label}")),
                    Form::Standard => self.line(&format!("local.get $e{} throw_ref", &label[2..])),
                }
            }
        }
    }

    fn call(&mut self, function: usize, indirect: bool) {
        let (parameters, results) = shape(function);
        (1..parameters).for_each(|index| self.line(&format!("i32.const {index}")));
        self.line("local.get $v0");
        match indirect {
            true => self.line(&format!("i32.const {function} call_indirect (type $type{function})")),
            false => self.line(&format!("call $f{function}")),
        }
        assert!(results == 1 || results == MANY);
        // The first result is noted first.
        let locals: Vec<String> = (0..results).map(|index| format!("$r{index}")).collect();
        for local in &locals {
            if !self.locals.contains(&format!("{local} ")) {
                self.locals += &format!(" (local {local} i32)");
            }
        }
        locals.iter().rev().for_each(|local| self.line(&format!("local.set {local}")));
        locals.iter().for_each(|local| self.line(&format!("local.get {local} call $note")));
    }

    fn legacy(&mut self, body: &[Node], clauses: &[Clause]) {
        let label = self.label();
        self.line(&format!("try {label}"));
        self.inside(&label, body);
        for clause in clauses {
            match clause.tag {
                Some(tag) => {
                    self.line(&format!("catch ${tag:?}"));
                    self.line(notes(tag));
                }
                None => self.line("catch_all"),
            }
            self.inside(&label, &clause.body);
        }
        self.line("end");
    }

    /// A block around the `try_table` for each clause: the innermost for the first.
    fn standard(&mut self, body: &[Node], clauses: &[Clause]) {
        let label = self.label();
        if clauses.iter().any(|clause| clause.rethrown) {
            self.locals += &format!(" (local $e{} exnref)", &label[2..]);
        }
        self.line(&format!("block {label}"));
        let types = |clause: &Clause| {
            let payload = clause.tag.map_or("", |tag| TYPES[tag as usize]);
            format!("{payload} {}", if clause.rethrown { "exnref" } else { "" })
        };
        for (index, clause) in clauses.iter().enumerate().rev() {
            self.line(&format!("block {label}clause{index} (result {})", types(clause)));
        }
        let mut table = "try_table".to_owned();
        for (index, clause) in clauses.iter().enumerate() {
            let reference = if clause.rethrown { "_ref" } else { "" };
            table += &match clause.tag {
                Some(tag) => format!(" (catch{reference} ${tag:?} {label}clause{index})"),
                None => format!(" (catch_all{reference} {label}clause{index})"),
            };
        }
        self.line(&table);
        self.inside(&label, body);
        self.line(&format!("end br {label}"));
        for clause in clauses {
            self.line("end");
            if clause.rethrown {
                self.line(&format!("local.set $e{}", &label[2..]));
            }
            clause.tag.into_iter().for_each(|tag| self.line(notes(tag)));
            self.inside(&label, &clause.body);
            self.line(&format!("br {label}"));
        }
        self.line("end");
    }
}

fn change(variable: usize, number: i32) -> String {
    let (kind, work) = match variable {
        // Whole numbers, rounded towards zero as the model does.
        2 => return format!("local.get $v2 f64.const 2 f64.div f64.trunc f64.const {number} f64.add local.set $v2"),
        1 => ("i64", "i64"),
        _ => ("i32", "i32"),
    };
    format!("local.get $v{variable} {kind}.const 5 {work}.mul {kind}.const {number} {work}.add local.set $v{variable}")
}

/// Pushes what an exception carries: see `model::carried`.
fn payload(tag: Tag) -> &'static str {
    match tag {
        Tag::Empty => "",
        Tag::One => "local.get $v0",
        Tag::Three => {
            "local.get $v0 i64.extend_i32_s i64.const 1 i64.add \
             local.get $v0 i32.const 255 i32.and i32.const 2 i32.add f64.convert_i32_s \
             local.get $v0 i32.const 3 i32.add"
        }
        Tag::Seven => {
            "local.get $v0 \
             local.get $v0 i64.extend_i32_s i64.const 1 i64.add \
             local.get $v0 i32.const 255 i32.and i32.const 2 i32.add f32.convert_i32_s \
             local.get $v0 i32.const 255 i32.and i32.const 3 i32.add f64.convert_i32_s \
             local.get $v0 i64.extend_i32_s i64.const 4 i64.add \
             local.get $v0 i32.const 5 i32.add \
             local.get $v0 i32.const 6 i32.add"
        }
    }
}

/// Notes what an exception carries, the last value first.
fn notes(tag: Tag) -> &'static str {
    match tag {
        Tag::Empty => "",
        Tag::One => "call $note",
        Tag::Three => "call $note i32.trunc_sat_f64_s call $note i32.wrap_i64 call $note",
        Tag::Seven => {
            "call $note call $note i32.wrap_i64 call $note i32.trunc_sat_f64_s call $note \
             i32.trunc_sat_f32_s call $note i32.wrap_i64 call $note call $note"
        }
    }
}
