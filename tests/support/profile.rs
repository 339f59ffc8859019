//! Profiles that no run has written: made up by a test, for a module at hand.

use adder_compiler::abi::profile::{FunctionRecord, Header, TARGET};
use adder_compiler::{Input, Options, Profile};

/// A profile of these modules with the words that `words` gives for each function with a body, in their order, of which there
/// have to be as many as the function has counters.
///
/// # Panics
/// If the modules cannot be linked, or there are more or fewer words.
pub fn made_up(inputs: &[Input], options: &Options, mut words: impl FnMut(usize, usize) -> Vec<u64>) -> Profile {
    let mut bytes = adder_compiler::blank_profile(inputs, options).unwrap_or_else(|error| panic!("{error}"));
    let record = |bytes: &[u8], index: usize| {
        let start = size_of::<Header>() + index * size_of::<FunctionRecord>();
        u32::from_le_bytes(*bytes[start + 28..].first_chunk().expect("records are whole")) as usize
    };
    let functions = u64::from_le_bytes(*bytes[16..].first_chunk().expect("the header is whole")) as usize;
    let mut place = size_of::<Header>() + functions * size_of::<FunctionRecord>();
    for function in 0..functions {
        let count = record(&bytes, function);
        let own = words(function, count);
        assert_eq!(own.len(), count, "function {function} has as many counters");
        for word in own {
            bytes[place..place + 8].copy_from_slice(&word.to_le_bytes());
            place += 8;
        }
    }
    Profile::read(&bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// A profile that lies: its counts are any numbers, its targets any functions. Code that is optimised by it has to do the same
/// as any other.
pub fn lying(inputs: &[Input], options: &Options) -> Profile {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    made_up(inputs, options, |_, count| {
        let mut word = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            match state % 8 {
                0 | 1 => 0,
                2 => TARGET | state >> 32 & 0x1f,
                3 => u64::from(u32::MAX),
                _ => state >> 50,
            }
        };
        (0..count).map(|_| word()).collect()
    })
}
