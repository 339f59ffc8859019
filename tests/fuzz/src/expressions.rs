//! Modules of nothing but expressions: every function returns what it computed. In the modules of wasm-smith most values
//! are lost before anybody sees them, so that a wrong operator can go unnoticed for minutes.

use std::fmt::Write;

use wasmparser::for_each_operator;

use crate::numbers::Numbers;

/// Functions of a module.
const FUNCTIONS: usize = 16;
/// Operators between a function's result and its parameters, at most.
const DEPTH_MAX: usize = 4;
/// Bytes at the start of the memory that are not zero.
const DATA_BYTES: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::I32, Kind::I64, Kind::F32, Kind::F64, Kind::V128];

    fn name(self) -> &'static str {
        ["i32", "i64", "f32", "f64", "v128"][self as usize]
    }

    fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An operator that makes a value of values.
#[derive(Debug)]
struct Operator {
    /// In the text format.
    name: String,
    operands: Vec<Kind>,
    result: Kind,
    /// Of which of its results the bits of a NaN are not determined: `f32`, `f64`, `f32x4`, `f64x2`, or nothing.
    float: &'static str,
    /// How many lanes its immediate may name; 0 if it has none.
    lanes: usize,
    /// How many lanes it names.
    immediates: usize,
    /// Of relaxed SIMD.
    relaxed: bool,
    /// Rare, because it traps for many operands.
    traps: bool,
}

macro_rules! define_list {
    ($(@$proposal:ident $operator:ident $({ $($argument:ident: $kind:ty),* })? => $visit:ident ($($rest:tt)*))*) => {
        /// Proposal, name in lower case, immediates, and numbers of operands and results of every operator.
        const LIST: &[(&str, &str, &str, &str)] = &[$((
            stringify!($proposal), stringify!($visit), concat!($($(stringify!($argument), " "),*)?), stringify!($($rest)*)
        )),*];
    };
}
for_each_operator!(define_list);

/// All operators that only compute.
fn operators() -> Vec<Operator> {
    LIST.iter().filter_map(|(proposal, visit, immediates, arity)| parse(proposal, visit, immediates, arity)).collect()
}

/// An operator by its name, which says what its types are.
fn parse(proposal: &str, visit: &str, immediates: &str, arity: &str) -> Option<Operator> {
    const PROPOSALS: [&str; 5] = ["mvp", "sign_extension", "saturating_float_to_int", "simd", "relaxed_simd"];
    if !PROPOSALS.contains(&proposal) {
        return None;
    }
    // wasmtime always rounds once, Adder twice; the specification allows both.
    if visit.ends_with("madd") {
        return None;
    }
    let immediates = match immediates.trim() {
        "" => 0,
        "lane" => 1,
        "lanes" => 16,
        _ => return None,
    };
    let count: usize = arity.strip_prefix("arity ")?.split(' ').next()?.parse().ok()?;
    let (shape, rest) = visit.strip_prefix("visit_")?.split_once('_')?;
    let compares = ["eq", "ne", "lt", "gt", "le", "ge", "eqz"].contains(&rest.split('_').next()?);
    let (operands, result, float, lanes) = match Kind::parse(shape) {
        Some(kind) if kind != Kind::V128 => {
            let operand = rest.split('_').filter_map(Kind::parse).next_back().unwrap_or(kind);
            let result = if compares { Kind::I32 } else { kind };
            (vec![operand; count], result, result.name(), 0)
        }
        _ => {
            let (lane, lanes) = match shape {
                "v128" | "i8x16" => (Kind::I32, 16),
                "i16x8" => (Kind::I32, 8),
                "i32x4" => (Kind::I32, 4),
                "i64x2" => (Kind::I64, 2),
                "f32x4" => (Kind::F32, 4),
                "f64x2" => (Kind::F64, 2),
                _ => return None,
            };
            let (operands, result) = match rest {
                "splat" => (vec![lane], Kind::V128),
                "shl" | "shr_s" | "shr_u" => (vec![Kind::V128, Kind::I32], Kind::V128),
                "replace_lane" => (vec![Kind::V128, lane], Kind::V128),
                "any_true" | "all_true" | "bitmask" => (vec![Kind::V128], Kind::I32),
                _ if rest.starts_with("extract_lane") => (vec![Kind::V128], lane),
                _ => (vec![Kind::V128; count], Kind::V128),
            };
            // A shuffle chooses from two vectors.
            let float = if result == Kind::V128 { shape } else { result.name() };
            (operands, result, float, if immediates == 16 { 32 } else { lanes })
        }
    };
    let float = ["f32", "f64", "f32x4", "f64x2"].into_iter().find(|name| *name == float && !compares);
    let traps = ["div", "rem", "trunc"].contains(&rest.split('_').next()?) && result != Kind::V128;
    Some(Operator {
        name: format!("{shape}.{rest}"),
        operands,
        result,
        float: float.unwrap_or(""),
        lanes,
        immediates,
        relaxed: proposal == "relaxed_simd",
        traps: traps && !shape.starts_with('f') && !rest.contains("sat"),
    })
}

/// A module of expressions with these proposals.
pub fn module(simd: bool, relaxed: bool, numbers: &mut Numbers) -> Vec<u8> {
    let kinds = &Kind::ALL[..if simd { 5 } else { 4 }];
    let mut operators = operators();
    operators.retain(|operator| {
        let known = operator.operands.iter().chain([&operator.result]).all(|kind| kinds.contains(kind));
        known && (relaxed || !operator.relaxed)
    });
    let parameters: String = kinds.iter().map(|kind| format!(" {0} {0}", kind.name())).collect();
    let data: String = numbers.bytes(DATA_BYTES).iter().map(|byte| format!("\\{byte:02x}")).collect();
    let mut text = format!("(module (memory 1) (data (i32.const 0) \"{data}\")\n");
    let mut maker = Maker { operators, kinds, numbers };
    for function in 0..FUNCTIONS {
        let result = *maker.numbers.pick(kinds);
        let value = maker.value(result, DEPTH_MAX);
        let result = result.name();
        let _ = write!(text, "(func (export \"{function}\") (param{parameters}) (result {result}) (local $f32 f32)");
        let _ = write!(text, "(local $f64 f64)");
        let _ = writeln!(text, "{} {value})", if simd { "(local $v128 v128)" } else { "" });
    }
    adder_tests::text::assemble(&(text + ")"))
}

struct Maker<'a> {
    operators: Vec<Operator>,
    kinds: &'a [Kind],
    numbers: &'a mut Numbers,
}

impl Maker<'_> {
    /// An expression with this result.
    fn value(&mut self, result: Kind, depth: usize) -> String {
        if depth == 0 || depth < DEPTH_MAX && self.numbers.one_in(4) {
            return self.leaf(result);
        }
        let fits = |operator: &&Operator| operator.result == result;
        let count = self.operators.iter().filter(fits).count();
        let mut choice = || self.numbers.below(count);
        let (first, second) = (choice(), choice());
        let find = |position: usize| {
            let place = self.operators.iter().enumerate().filter(|(_, operator)| fits(operator)).nth(position);
            place.expect("the position is below the count").0
        };
        let first = find(first);
        let place = if self.operators[first].traps { find(second) } else { first };
        let operands: Vec<String> =
            self.operators[place].operands.clone().into_iter().map(|kind| self.value(kind, depth - 1)).collect();
        let operator = &self.operators[place];
        let immediates: String =
            (0..operator.immediates).map(|_| format!(" {}", self.numbers.below(operator.lanes))).collect();
        determined(operator.float, format!("({}{immediates} {})", operator.name, operands.join(" ")))
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let name = kind.name();
        let position = self.kinds.iter().position(|other| *other == kind).expect("only known types are used");
        match self.numbers.below(4) {
            0 if kind == Kind::V128 => {
                format!("(v128.const i64x2 {:#x} {:#x})", self.numbers.edge(), self.numbers.edge())
            }
            0 => {
                let bits = self.numbers.edge();
                match kind {
                    Kind::I32 => format!("(i32.const {:#x})", bits as u32),
                    Kind::I64 => format!("(i64.const {bits:#x})"),
                    Kind::F32 => format!("(f32.reinterpret_i32 (i32.const {:#x}))", bits as u32),
                    _ => format!("(f64.reinterpret_i64 (i64.const {bits:#x}))"),
                }
            }
            1 => format!("({name}.load (i32.const {}))", self.numbers.below(DATA_BYTES)),
            _ => format!("(local.get {})", 2 * position + self.numbers.below(2)),
        }
    }
}

/// An expression whose floats of this shape are replaced by one NaN if they are any.
fn determined(float: &str, value: String) -> String {
    match float {
        "f32" | "f64" => format!(
            "(select ({float}.const nan) (local.tee ${float} {value}) \
             ({float}.ne (local.get ${float}) (local.get ${float})))"
        ),
        "f32x4" | "f64x2" => format!(
            "(v128.bitselect (v128.const {float}{}) (local.tee $v128 {value}) \
             ({float}.ne (local.get $v128) (local.get $v128)))",
            if float == "f32x4" { " nan nan nan nan" } else { " nan nan" }
        ),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_the_types_that_its_name_says() {
        let operators = operators();
        for operator in &operators {
            let immediates = " 1".repeat(operator.immediates);
            let parameters: String = operator.operands.iter().map(|kind| format!(" {}", kind.name())).collect();
            let operands: String = (0..operator.operands.len()).map(|index| format!(" (local.get {index})")).collect();
            let value = determined(operator.float, format!("({}{immediates}{operands})", operator.name));
            let text = format!(
                "(module (func (param{parameters}) (result {}) (local $f32 f32) (local $f64 f64) (local $v128 v128)
                   {value}))",
                operator.result.name()
            );
            let module = adder_tests::text::assemble(&text);
            wasmparser::validate(&module).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
        let count = |vector| operators.iter().filter(|one| one.operands.contains(&Kind::V128) == vector).count();
        assert!(count(false) > 120 && count(true) > 200, "{} and {}", count(false), count(true));
    }

    #[test]
    fn modules_use_many_operators() {
        let mut text = String::new();
        for position in 0..300 {
            text += &wasmprinter::print_bytes(module(true, true, &mut Numbers::new(1, position))).expect("it is valid");
        }
        let missing: Vec<_> = operators().into_iter().map(|one| one.name).filter(|name| !text.contains(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
