//! Values as text, by the types of a signature: what `--invoke` takes as arguments and prints.
//!
//! A signature is one character a value, parameters and results separated by `:` ([`adder_abi::program::Export`]).

use core::fmt::{Display, Formatter};

/// Most slots that a call from the command line has.
pub const SLOTS_MAX: usize = 1024;

/// The types of parameters and of results.
pub fn split(signature: &[u8]) -> (&[u8], &[u8]) {
    match signature.iter().position(|&byte| byte == b':') {
        Some(colon) => (&signature[..colon], &signature[colon + 1..]),
        None => (signature, &[]),
    }
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
        _ => "unknown",
    }
}

/// Reads a value. Integers are decimal or `0x` hexadecimal, signed or unsigned; floats as Rust reads them; references
/// can only be `null`.
pub fn parse(value_type: u8, text: &str) -> Option<u64> {
    match value_type {
        b'i' => {
            let value = parse_integer(text)?;
            (i128::from(i32::MIN)..=i128::from(u32::MAX)).contains(&value).then_some(u64::from(value as u32))
        }
        b'l' => {
            let value = parse_integer(text)?;
            (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value).then_some(value as u64)
        }
        b'f' => text.parse().ok().map(|value: f32| u64::from(value.to_bits())),
        b'd' => text.parse().ok().map(f64::to_bits),
        b'F' | b'E' => (text == "null").then_some(0),
        _ => None,
    }
}

fn parse_integer(text: &str) -> Option<i128> {
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
pub struct Value {
    /// A character of a signature.
    pub value_type: u8,
    /// The value's slot.
    pub slot: u64,
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self.value_type {
            b'i' => write!(f, "{}", self.slot as i32),
            b'l' => write!(f, "{}", self.slot as i64),
            b'f' => write!(f, "{}", f32::from_bits(self.slot as u32)),
            b'd' => write!(f, "{}", f64::from_bits(self.slot)),
            b'F' | b'E' if self.slot == 0 => f.write_str("null"),
            other => f.write_str(type_name(other)),
        }
    }
}
