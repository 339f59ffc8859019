//! Values as text, by the types of a signature: what `--invoke` takes as arguments and prints.
//!
//! A signature is one character a value, parameters and results separated by `:` ([`adder_abi::program::Export`]).

use core::fmt::{Display, Formatter};

/// Most slots that a call from the command line has.
pub const SLOTS_MAX: usize = 1024;

/// Slots that a value of this type takes.
pub fn slots_of(value_type: u8) -> usize {
    if value_type == b'v' { 2 } else { 1 }
}

/// Slots that values of these types take.
pub fn slot_count(value_types: &[u8]) -> usize {
    value_types.iter().map(|&value_type| slots_of(value_type)).sum()
}

/// What a type is called in the text format of WebAssembly.
pub fn type_name(value_type: u8) -> &'static str {
    match value_type {
        b'i' => "i32",
        b'l' => "i64",
        b'f' => "f32",
        b'd' => "f64",
        b'v' => "v128",
        b'F' => "funcref",
        b'E' => "externref",
        b'X' => "exnref",
        _ => "unknown",
    }
}

/// Reads a value into its slots. Integers are decimal or `0x` hexadecimal, signed or unsigned; floats as Rust reads them;
/// references can only be `null`; vectors are a shape and its lanes, as in the text format: `i32x4 1 2 3 4`.
pub fn parse(value_type: u8, text: &str, slots: &mut [u64]) -> Option<()> {
    let value = match value_type {
        b'i' => parse_integer(text, 32)?,
        b'l' => parse_integer(text, 64)?,
        b'f' => u64::from(text.parse::<f32>().ok()?.to_bits()),
        b'd' => text.parse::<f64>().ok()?.to_bits(),
        b'F' | b'E' | b'X' if text == "null" => 0,
        b'v' => {
            let vector = parse_vector(text)?;
            slots[1] = (vector >> 64) as u64;
            vector as u64
        }
        _ => return None,
    };
    slots[0] = value;
    Some(())
}

/// How values of a type are written, for whoever has written something else.
pub fn form(value_type: u8) -> &'static str {
    match value_type {
        b'i' | b'l' => "42, -1 or 0xff",
        b'f' | b'd' => "0.5, -1e3, inf or nan",
        b'v' => "'i32x4 1 2 3 4', a shape and its lanes as one argument",
        b'F' | b'E' | b'X' => "null and nothing else",
        _ => "nothing: it cannot be given",
    }
}

/// Shapes of vectors: their names, the bits of a lane, and whether it is a float.
const SHAPES: [(&str, u32, bool); 6] = [
    ("i8x16", 8, false),
    ("i16x8", 16, false),
    ("i32x4", 32, false),
    ("i64x2", 64, false),
    ("f32x4", 32, true),
    ("f64x2", 64, true),
];

fn parse_vector(text: &str) -> Option<u128> {
    let mut words = text.split_ascii_whitespace();
    let shape = words.next()?;
    let &(_, bits, is_float) = SHAPES.iter().find(|(name, ..)| *name == shape)?;
    let mut vector = 0;
    for position in (0..128).step_by(bits as usize) {
        let word = words.next()?;
        let lane = match (is_float, bits) {
            (false, _) => parse_integer(word, bits)?,
            (true, 32) => u64::from(word.parse::<f32>().ok()?.to_bits()),
            (true, _) => word.parse::<f64>().ok()?.to_bits(),
        };
        vector |= u128::from(lane) << position;
    }
    words.next().is_none().then_some(vector)
}

/// An integer of this many bits, signed or unsigned, zero-extended.
fn parse_integer(text: &str, bits: u32) -> Option<u64> {
    let value = parse_any_integer(text)?;
    let all = u64::MAX >> (64 - bits);
    let smallest = -i128::from(all / 2) - 1;
    (smallest..=i128::from(all)).contains(&value).then_some(value as u64 & all)
}

fn parse_any_integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let magnitude = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let magnitude = i128::from(magnitude.ok()?);
    Some(if negative { -magnitude } else { magnitude })
}

/// A value and its type, to be displayed.
pub struct Value<'a> {
    /// A character of a signature.
    pub value_type: u8,
    /// The value's slots.
    pub slots: &'a [u64],
}

impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let slot = self.slots[0];
        match self.value_type {
            b'i' => write!(f, "{}", slot as i32),
            b'l' => write!(f, "{}", slot as i64),
            b'f' => write!(f, "{}", f32::from_bits(slot as u32)),
            b'd' => write!(f, "{}", f64::from_bits(slot)),
            b'v' => {
                f.write_str("i32x4")?;
                self.slots[..2].iter().try_for_each(|slot| write!(f, " {:#010x} {:#010x}", *slot as u32, slot >> 32))
            }
            b'F' | b'E' | b'X' if slot == 0 => f.write_str("null"),
            other => f.write_str(type_name(other)),
        }
    }
}
