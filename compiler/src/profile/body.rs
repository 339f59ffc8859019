//! What is counted of a function, and by what it is recognised.

use adder_abi::profile::SITE_WORDS;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// 64-bit FNV-1a: quick, the same in every version, and nobody gains from a collision.
#[derive(Clone, Copy)]
pub struct Digest(u64);

impl Digest {
    /// Of nothing.
    pub const fn new() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }

    /// Of what was there, and these bytes behind it.
    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Digest {
        Digest(
            bytes.iter().fold(self.0, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)),
        )
    }

    /// The digest.
    pub fn value(self) -> u64 {
        self.0
    }
}

/// Digest of a function's name; 0 if it has none.
pub fn name_digest(name: Option<&str>) -> u64 {
    name.map_or(0, |name| Digest::new().with(name.as_bytes()).value())
}

/// By what a function is recognised, and how many counters it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Digest of the bytes of its body.
    pub body: u64,
    /// Digest of its operators without what linking changes in them.
    pub shape: u64,
    /// Number of its counters: 1 and those of its operators.
    pub words: u32,
}

/// Counters of an operator: [`adder_abi::profile`] has the table.
pub fn operator_words(operator: &Operator<'_>) -> u32 {
    match operator {
        Operator::Loop { .. } => 1,
        Operator::If { .. } | Operator::BrIf { .. } | Operator::BrOnNull { .. } | Operator::BrOnNonNull { .. } => 2,
        Operator::BrTable { targets } => targets.len().saturating_add(1),
        Operator::CallIndirect { .. }
        | Operator::ReturnCallIndirect { .. }
        | Operator::CallRef { .. }
        | Operator::ReturnCallRef { .. } => SITE_WORDS as u32,
        _ => 0,
    }
}

/// Identifies a function. What is wrong with its body will be found when it is translated.
pub fn identify(body: &FunctionBody<'_>) -> Identity {
    let bytes = body.as_bytes();
    let mut identity = Identity { body: Digest::new().with(bytes).value(), shape: 0, words: 1 };
    let mut shape = Digest::new();
    // An error ends the reading.
    let _ = read(body, |code, operator| {
        shape = shape.with(code);
        if let Operator::BrTable { targets } = operator {
            shape = shape.with(&targets.len().to_le_bytes());
        }
        identity.words = identity.words.saturating_add(operator_words(operator));
    });
    identity.shape = shape.value();
    identity
}

/// Visits all operators with the bytes of their codes.
fn read(body: &FunctionBody<'_>, mut visit: impl FnMut(&[u8], &Operator<'_>)) -> wasmparser::Result<()> {
    /// Codes from this byte on are a prefix and a number.
    const PREFIX_MIN: u8 = 0xfb;
    let (bytes, start) = (body.as_bytes(), body.range().start);
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        let code = &bytes[(offset - start) as usize..];
        if code[0] < PREFIX_MIN {
            visit(&code[..1], &operator);
        } else {
            // As a number, because LEB128 has several forms of it.
            let number = BinaryReader::new(&code[1..], 0).read_var_u32()?.to_le_bytes();
            visit(&[code[0], number[0], number[1], number[2], number[3]], &operator);
        }
    }
    Ok(())
}
