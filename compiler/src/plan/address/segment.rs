//! What is left of segments when a program starts.

use crate::link::Constant;

/// A segment of table entries.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its entries; empty if it was applied at build.
    pub entries: Vec<Constant>,
}

/// A segment of bytes.
#[derive(Clone, Debug)]
pub struct Data<'a> {
    /// Its bytes; empty if it was applied at build.
    pub bytes: &'a [u8],
}
