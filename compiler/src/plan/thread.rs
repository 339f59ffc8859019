//! What each thread has of its own, and what of the activation of instances it repeats.

use super::activation::Step;
use super::program::Program;
use crate::id::{FunctionId, InstanceId, MemoryId};

impl Program<'_> {
    /// Whether each thread has a memory of its own.
    pub fn is_private_memory(&self, memory: MemoryId) -> bool {
        self.has_threads && !self.memories[memory.index()].shared
    }

    /// Whether each thread has all of an instance for its own. Then what one thread has initialised, no other one sees. The
    /// instance that starts threads has what they share: it is the program, and they only run a function of it.
    fn is_private_instance(&self, instance: InstanceId) -> bool {
        let instance = self.instance(instance);
        let starts_threads =
            |id: &FunctionId| self.host_signature(*id).is_some_and(|signature| signature.starts_threads);
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
