//! Modules written as text.

use wast::parser::{self, ParseBuffer};

/// The binary form of a module in the text format.
///
/// # Panics
/// If the text is not a module: it is part of a test, so this is a mistake in the test.
pub fn assemble(text: &str) -> Vec<u8> {
    try_assemble(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn try_assemble(text: &str) -> Result<Vec<u8>, wast::Error> {
    let buffer = ParseBuffer::new(text)?;
    parser::parse::<wast::Wat>(&buffer)?.encode()
}
