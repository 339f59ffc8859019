//! What a run counted, so that it can be seen whether it does what it should.

use std::collections::BTreeMap;
use std::fmt;

/// Numbers with names.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<String, u64>);

impl Counts {
    /// Counts something.
    pub fn add(&mut self, name: &str, number: u64) {
        match self.0.get_mut(name) {
            Some(count) => *count += number,
            None => _ = self.0.insert(name.to_owned(), number),
        }
    }

    /// How often something was counted.
    pub fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_str(), *count))
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, count)| writeln!(f, "{count:>10}  {name}"))
    }
}
