//! What threads run, and what of the activation of instances each of them repeats.

use adder_abi::host::THREAD_START_EXPORT;

use super::activation::Step;
use super::program::Program;
use crate::id::{FunctionId, InstanceId, MemoryId};
use crate::link::FunctionKind;
use crate::module::ExportItem;
use crate::types::{FunctionType, ValueType};

impl Program<'_> {
    /// Whether each thread has a memory of its own.
    pub fn is_private_memory(&self, memory: MemoryId) -> bool {
        self.has_threads && !self.memories[memory.index()].shared
    }

    /// What the threads run that an instance starts: what it exports for that, if it does. A program without may still be
    /// able to do all its work in one thread.
    pub fn thread_entry(&self, instance: InstanceId) -> Option<FunctionId> {
        let instance = self.instance(instance);
        let ExportItem::Function(index) = instance.module.export(THREAD_START_EXPORT)? else { return None };
        let function = instance.functions[index as usize];
        let wanted = FunctionType { parameters: vec![ValueType::I32, ValueType::I32], results: Vec::new() };
        (*self.function_type(function) == wanted).then_some(function)
    }

    /// Whether each thread has all of an instance for its own. Then what one thread has initialised, no other one sees. The
    /// instance that starts threads has what they share: it is the program, and they only run a function of it.
    fn is_private_instance(&self, instance: InstanceId) -> bool {
        let instance = self.instance(instance);
        let starts_threads = |id: &FunctionId| matches!(self.functions[id.index()].kind, FunctionKind::ThreadSpawn);
        instance.memories.iter().all(|memory| self.is_private_memory(*memory))
            && !instance.functions.iter().any(starts_threads)
    }

    /// The steps of an instance's activation that a further thread takes too: those that are about what it has of its own.
    pub fn thread_activation(&self, instance: InstanceId) -> impl Iterator<Item = Step> {
        let repeated = move |step: Step| match step {
            // The contents are there, but the segment counts as dropped for this thread too.
            Step::ApplyData(data, memory, _) if !self.is_private_memory(memory) => Some(Step::DropData(data)),
            Step::ApplyElement(..) | Step::ApplyData(..) | Step::DropData(_) | Step::Start(_) => Some(step),
            Step::Initialize(_) => self.is_private_instance(instance).then_some(step),
            Step::Check(_) => None,
        };
        let steps = if self.has_threads { self.instance(instance).activation.steps() } else { &[] };
        steps.iter().copied().filter_map(repeated)
    }
}
