//! Finds the counters of a program's functions in a profile, which may come from another module: another compiler, or
//! another version of the same sources, gives other bodies.
//!
//! A function is recognised by the bytes of its body; where several have the same, by its name and by its place among
//! them. What is left then is recognised by its operators without their immediates, which differ as soon as anything
//! else in the module has moved: together with its name, or, where names are missing, if nothing else looks the same.

use std::collections::HashMap;

use adder_abi::profile::{SITE_TARGETS, SITE_WORDS, TARGET};

use super::instrument::identities;
use crate::id::FunctionId;
use crate::link::Linked;
use crate::profile::body::Identity;
use crate::profile::{Profile, Profiled};

/// What is known of how often the parts of a program's functions were executed.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    by_function: Vec<Option<Vec<u64>>>,
    /// How often functions were entered, all together.
    pub entered: u64,
    /// How many functions of the profile were entered.
    pub functions: usize,
    /// How many of those the program has.
    pub recognised: usize,
}

impl Counts {
    /// Finds the counters of the program's functions.
    pub fn find(linked: &Linked<'_>, profile: &Profile) -> Counts {
        let found = recognise(linked, profile);
        let mut counts = Counts { by_function: vec![None; linked.functions.len()], ..Counts::default() };
        for (profiled, function) in profile.functions.iter().zip(&found) {
            let entered = profiled.words.first().copied().unwrap_or(0);
            counts.functions += usize::from(entered > 0);
            let Some(function) = function else { continue };
            counts.recognised += usize::from(entered > 0);
            counts.entered = counts.entered.saturating_add(entered);
            let words = profiled.words.iter().map(|word| match word & TARGET {
                0 => *word,
                // A target that the program does not have is none.
                _ => found.get((word & !TARGET) as usize).copied().flatten().map_or(0, |id| TARGET | u64::from(id.0)),
            });
            counts.by_function[function.index()] = Some(words.collect());
        }
        counts
    }

    /// The counters of a function, if the profile has it.
    pub fn of(&self, function: FunctionId) -> Option<&[u64]> {
        self.by_function.get(function.index())?.as_deref()
    }

    /// How often a function was entered; 0 if the profile does not have it.
    pub fn entered(&self, function: FunctionId) -> u64 {
        self.of(function).and_then(|words| words.first().copied()).unwrap_or(0)
    }
}

/// The targets of the calls at a place with how often each was called, the most frequent first, and how many calls there
/// were.
pub fn targets(site: &[u64]) -> (Vec<(FunctionId, u64)>, u64) {
    const { assert!(SITE_WORDS == 2 * SITE_TARGETS + 1) };
    let Some((pairs, [others])) = site.split_at_checked(2 * SITE_TARGETS) else { return (Vec::new(), 0) };
    let pairs = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1] & !TARGET));
    let all = pairs.clone().fold(*others, |sum, (_, count)| sum.saturating_add(count));
    let function = |target: u64| u32::try_from(target & !TARGET).ok().map(FunctionId);
    let known = pairs.filter(|(target, _)| target & TARGET != 0);
    let mut targets: Vec<_> = known.filter_map(|(target, count)| Some((function(target)?, count))).collect();
    targets.sort_by_key(|(function, count)| (std::cmp::Reverse(*count), *function));
    (targets, all)
}

/// For each function of the profile the program's function that it is.
fn recognise(linked: &Linked<'_>, profile: &Profile) -> Vec<Option<FunctionId>> {
    let mut open =
        Open { program: identities(linked).collect(), profile: profile.functions.iter().enumerate().collect() };
    let mut found = vec![None; profile.functions.len()];
    open.pair(&mut found, |one| Some((one.body, one.name)), false);
    open.pair(&mut found, |one| Some((one.body, 0)), false);
    open.pair(&mut found, |one| (one.name != 0).then_some((one.shape, one.name)), true);
    // Names that differ say that it is another function.
    open.pair(&mut found, |one| (one.name == 0).then_some((one.shape, 0)), true);
    found
}

/// What of a function can be compared.
struct Look {
    body: u64,
    shape: u64,
    name: u64,
    words: usize,
}

/// Functions of both sides that have no partner yet.
struct Open<'a> {
    program: Vec<(FunctionId, Identity, u64)>,
    profile: Vec<(usize, &'a Profiled)>,
}

impl Open<'_> {
    /// Pairs functions that have the same key, in their order, if both sides have the same number of them; if `only`,
    /// just where that number is one.
    fn pair(&mut self, found: &mut [Option<FunctionId>], key: impl Fn(&Look) -> Option<(u64, u64)>, only: bool) {
        type Group = (Vec<FunctionId>, Vec<usize>);
        let mut groups: HashMap<((u64, u64), usize), Group> = HashMap::new();
        for (id, identity, name) in &self.program {
            let Identity { body, shape, words } = *identity;
            let look = Look { body, shape, name: *name, words: words as usize };
            if let Some(key) = key(&look) {
                groups.entry((key, look.words)).or_default().0.push(*id);
            }
        }
        for (index, Profiled { body, shape, name, words }) in &self.profile {
            let look = Look { body: *body, shape: *shape, name: *name, words: words.len() };
            if let Some(key) = key(&look) {
                groups.entry((key, look.words)).or_default().1.push(*index);
            }
        }
        let mut taken = std::collections::HashSet::new();
        for (functions, indices) in groups.into_values() {
            if functions.len() == indices.len() && (!only || functions.len() == 1) {
                for (function, index) in functions.into_iter().zip(indices) {
                    found[index] = Some(function);
                    taken.insert(function);
                }
            }
        }
        self.program.retain(|(id, _, _)| !taken.contains(id));
        self.profile.retain(|(index, _)| found[*index].is_none());
    }
}
