//! Passive segments, and those that are applied when their instance is activated: descriptors and contents. Only
//! segments that code refers to have them.

use std::collections::BTreeSet;

use adder_abi::program::Segment;

use super::Writer;
use super::record::Record;
use super::state::StateContents;
use crate::codegen::Target;
use crate::error::Result;
use crate::symbol::Symbol;

impl Writer<'_> {
    /// Defines the segments that code refers to.
    pub(super) fn define_segments(&mut self) -> Result<()> {
        let mut used = BTreeSet::new();
        for relocation in self.artifacts.iter().flat_map(|artifact| &artifact.relocations) {
            if let Target::Symbol(symbol @ (Symbol::Element(_) | Symbol::Data(_))) = &relocation.target {
                used.insert(*symbol);
            }
        }
        let state = &self.program.thread_state;
        let private = |symbol: &Symbol| matches!(symbol, Symbol::Element(_) | Symbol::Data(_));
        used.extend(state.items().iter().copied().filter(private));
        let mut entries = Record::default();
        let mut bytes = Vec::new();
        let mut ranges = Vec::new();
        for symbol in &used {
            match *symbol {
                Symbol::Element(id) => {
                    let element = &self.program.elements[id.index()];
                    ranges.push((entries.len() as u64, element.entries.len() as u64));
                    for entry in &element.entries {
                        entries.u64(self.constant_bits(*entry));
                    }
                }
                Symbol::Data(id) => {
                    let data = &self.program.data[id.index()];
                    ranges.push((bytes.len() as u64, data.bytes.len() as u64));
                    bytes.extend_from_slice(data.bytes);
                }
                _ => unreachable!("only segments were collected"),
            }
        }
        let entries = self.define("segments of entries", entries)?;
        let range = self.pool.add(&bytes);
        let bytes = self.pool()?;
        let mut shared = Record::default();
        for (symbol, (offset, count)) in used.iter().zip(&ranges) {
            let start = match symbol {
                Symbol::Element(_) => (entries, *offset),
                _ => (bytes, range.offset + *offset),
            };
            self.descriptors(*symbol, &mut shared).data(Some(start)).u64(*count);
        }
        let symbols: Vec<Symbol> = used.into_iter().collect();
        self.define_shared("segments", StateContents::Segments, shared, &symbols, size_of::<Segment>())
    }
}
