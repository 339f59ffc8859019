//! What an instrumented program has besides: its counters, and the head of the file that it writes.

use adder_abi::profile::Instrumentation as InstrumentationRecord;
use cranelift_module::{DataDescription, DataId, Linkage, Module};

use super::record::Record;
use super::{Writer, defect};
use crate::error::Result;
use crate::symbol::{RuntimeFunction, Symbol};

impl Writer<'_> {
    /// Defines the counters. They are no part of the state that a checkpoint saves: what a process counts is what it
    /// does itself.
    pub(super) fn define_counters(&mut self) -> Result<()> {
        let Some(plan) = &self.program.instrumentation else { return Ok(()) };
        let counters = self.module.declare_data("counters", Linkage::Local, true, false).map_err(defect)?;
        let mut description = DataDescription::new();
        description.define_zeroinit((plan.words.max(1) * 8) as usize);
        description.set_align(8);
        self.module.define_data(counters, &description).map_err(defect)?;
        self.data.insert(Symbol::Counters, (counters, 0));
        Ok(())
    }

    /// Defines the record about it; `None` for a program that does not count.
    pub(super) fn define_instrumentation(&mut self) -> Result<Option<DataId>> {
        let Some(plan) = &self.program.instrumentation else { return Ok(None) };
        let head = plan.head(|function| self.code_offset_of[&Symbol::Function(function)]);
        let head = self.pool.add(&head);
        let path = self.pool.add(plan.path.as_bytes());
        let texts = self.pool()?;
        let write = self.function(Symbol::Runtime(RuntimeFunction::WriteProfile))?;
        let mut record = Record::default();
        record.text(texts, head).data(self.data.get(&Symbol::Counters).copied()).u64(plan.words);
        record.text(texts, path).function(Some(write));
        assert_eq!(record.len(), size_of::<InstrumentationRecord>());
        self.define("instrumentation", record).map(Some)
    }
}
