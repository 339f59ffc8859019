//! Which calls become something else by what a profile says: calls through tables that mostly go to one function, and
//! calls of small functions, whose bodies take the place of the call.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value};

use super::translator::Translator;
use crate::clif::{arguments, register_type};
use crate::id::{FunctionId, SignatureId, TableId};
use crate::link::{Constant, FunctionKind};
use crate::plan::{TableStorage, targets};
use crate::symbol::Symbol;

/// Of all calls at a place, those to a function have to be this part for it to be called directly, in hundredths: the first
/// one and the second one.
const MAIN_TARGETS_MIN: [u64; 2] = [30, 15];

/// A place is hot if one of this many function entries of the whole program comes from it.
const HOT_ENTRIES: u64 = 300_000;

/// Bytes of the body of a function that is inlined.
const INLINED_BYTES_MAX: usize = 1000;

impl Translator<'_, '_> {
    /// Whether so many executions make a place hot.
    fn is_hot(&self, count: u64) -> bool {
        count > 0 && count.saturating_mul(HOT_ENTRIES) >= self.emitter.program.counts.entered
    }

    /// The symbol to call a function by at this place, where it is called `count` times: one that says that its body is to
    /// take the place of the call, or just the function.
    pub(super) fn callee(&self, function: FunctionId, count: u64) -> Symbol {
        let program = self.emitter.program;
        let described = &program.functions[function.index()];
        // What is counted is counted by function.
        let FunctionKind::Defined(body) = described.kind else { return Symbol::Function(function) };
        if !self.is_hot(count) || program.instrumentation.is_some() {
            return Symbol::Function(function);
        }
        let bytes = program.instance(described.instance).module.bodies[body as usize].body.as_bytes().len();
        let is_small = bytes <= INLINED_BYTES_MAX && bytes < self.body_bytes;
        if is_small { Symbol::Inlined(function) } else { Symbol::Function(function) }
    }

    /// The entries of a table that many calls at this place go to, the most frequent one first: index, function, and how often
    /// it is called. With it, how many calls there are besides.
    fn main_entries(&self, table: TableId, signature: SignatureId) -> (Vec<(u32, FunctionId, u64)>, u64) {
        let program = self.emitter.program;
        let described = &program.tables[table.index()];
        let is_constant = described.storage == TableStorage::LinkSymbol { writable: false } && !described.index64;
        let (targets, all) = self.points.own().filter(|_| is_constant).map(targets).unwrap_or_default();
        let mut entries = Vec::new();
        let mut others = all;
        for ((function, count), part) in targets.into_iter().zip(MAIN_TARGETS_MIN) {
            let is_main = u128::from(count) * 100 >= u128::from(all) * u128::from(part) && self.is_hot(count);
            if !is_main || program.functions[function.index()].signature != signature {
                // What is less frequent is not worth a comparison if this is not.
                break;
            }
            let found = described.entries.iter().position(|entry| *entry == Constant::Function(function));
            if let Some(index) = found.and_then(|index| u32::try_from(index).ok()) {
                entries.push((index, function, count));
                others = others.saturating_sub(count);
            }
        }
        (entries, others)
    }

    /// Calls the functions that many calls at this place go to directly, if there are any. Goes on where it is another one;
    /// what is returned has to be given to [`Translator::join_promoted`] behind the call of that.
    pub(super) fn promote(
        &mut self,
        table: TableId,
        signature: SignatureId,
        index: Value,
        given: &[Value],
    ) -> Option<Block> {
        if self.emitter.program.throwing.some_of_type(signature) {
            return None;
        }
        let (entries, others) = self.main_entries(table, signature);
        if entries.is_empty() {
            return None;
        }
        let next = self.emitter.builder.create_block();
        for ty in &self.emitter.program.signatures.get(signature).results {
            self.emitter.builder.append_block_param(next, register_type(*ty));
        }
        let last = entries.len() - 1;
        for (place, (entry, function, count)) in entries.into_iter().enumerate() {
            let builder = &mut self.emitter.builder;
            let (direct, other) = (builder.create_block(), builder.create_block());
            let ty = builder.func.dfg.value_type(index);
            let wanted = builder.ins().iconst(ty, i64::from(entry));
            let differs = builder.ins().icmp(IntCC::NotEqual, index, wanted);
            builder.ins().brif(differs, other, &[], direct, &[]);
            if place == last && others == 0 {
                builder.set_cold_block(other);
            }
            builder.seal_block(direct);
            builder.seal_block(other);

            builder.switch_to_block(direct);
            let symbol = self.callee(function, count);
            let results = self.emitter.call(symbol, given, &[]);
            self.emitter.builder.ins().jump(next, &arguments(&results));
            self.emitter.builder.switch_to_block(other);
        }
        Some(next)
    }

    /// Goes on where a call comes back, whichever way it went.
    pub(super) fn join_promoted(&mut self, next: Option<Block>, signature: SignatureId) {
        let Some(next) = next else { return };
        let results = self.pop_many(self.emitter.program.signatures.get(signature).results.len());
        self.emitter.builder.ins().jump(next, &arguments(&results));
        self.emitter.builder.seal_block(next);
        self.emitter.builder.switch_to_block(next);
        self.operands.extend_from_slice(self.emitter.builder.block_params(next));
    }
}
