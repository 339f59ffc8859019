//! Runs a test under every memory plan, with and without the optimiser.

use adder_compiler::{Input, MemoryPlan, Optimization, Options};
use adder_tests::program::answers;

/// Calls something with every memory plan, and for each with the most and the least optimisation.
pub fn each_plan(options: &Options, mut test: impl FnMut(&Options)) {
    for memory in [MemoryPlan::Low, MemoryPlan::High, MemoryPlan::Checked] {
        for optimization in [Optimization::None, Optimization::Fast] {
            test(&Options { memory, optimization, ..options.clone() });
        }
    }
}

/// Compiles modules, gives the program these commands and compares its answers.
pub fn agree(modules: &[(&str, &[u8])], options: &Options, commands: &str, wanted: &[String]) {
    let inputs: Vec<Input> = modules.iter().map(|(name, bytes)| Input { name, bytes }).collect();
    let answers = answers(&inputs, options, commands);
    let (memory, optimization) = (options.memory, options.optimization);
    for ((answer, wanted), command) in answers.iter().zip(wanted).zip(commands.lines()) {
        assert_eq!(answer, wanted, "{memory:?}, {optimization:?}: {command}");
    }
    assert_eq!((answers.len(), commands.lines().count()), (wanted.len(), wanted.len()), "{memory:?}, {optimization:?}");
}
