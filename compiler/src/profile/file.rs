//! The file of a profile: read, summed up, written.

use std::collections::{HashMap, HashSet};
use std::fmt;

use adder_abi::profile::{
    ENCODING_PACKED, ENCODING_PLAIN, FunctionRecord, Header, MAGIC, SITE_TARGETS, SITE_WORDS, TARGET, VERSION,
};

use super::body::Digest;
use crate::error::{Error, Result};

/// Counters that a file can have. A few bytes of a packed file can stand for any number of zeros.
const WORDS_MAX: u64 = 1 << 27;

/// A target that is none of the profile's functions.
pub const UNKNOWN_TARGET: u64 = TARGET | u32::MAX as u64;

/// What instrumented executables have counted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its functions. Targets among their words are indices of this list.
    pub(crate) functions: Vec<Profiled>,
}

/// What was counted of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Profiled {
    /// Digest of its body: see [`FunctionRecord`], likewise the following.
    pub body: u64,
    /// Digest of its operators.
    pub shape: u64,
    /// Digest of its name.
    pub name: u64,
    /// Its counters: [`adder_abi::profile`].
    pub words: Vec<u64>,
}

/// In a profile's list of functions, those that look the same count as first, second and so on.
type Key = (u64, u64, usize, u32);

impl Profile {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is not a profile, damaged, or of another version.
    pub fn read(bytes: &[u8]) -> Result<Profile> {
        let mut reader = Reader { bytes };
        if reader.take(MAGIC.len()) != Some(&MAGIC) {
            return Err(Error::new("not a profile: it does not start with the bytes \"adderprf\"")
                .hint("an executable that adder build --instrument has made writes one when it ends"));
        }
        let version = reader.u32().ok_or_else(damaged)?;
        if version != VERSION {
            let message =
                format!("the profile has version {version} of the format, this adder reads version {VERSION}");
            return Err(Error::new(message).hint("make it again: adder build --instrument, and run the executable"));
        }
        reader.body().ok_or_else(damaged)
    }

    /// The sum of profiles, of one program or of several.
    pub fn merge(profiles: &[Profile]) -> Profile {
        let mut sum = Profile::default();
        let mut places: HashMap<Key, usize> = HashMap::new();
        let mut indices = Vec::new();
        for profile in profiles {
            let mut own = Vec::with_capacity(profile.functions.len());
            for (key, function) in profile.keyed() {
                own.push(*places.entry(key).or_insert_with(|| {
                    sum.functions.push(Profiled { words: vec![0; function.words.len()], ..*function });
                    sum.functions.len() - 1
                }));
            }
            indices.push(own);
        }
        for (profile, indices) in profiles.iter().zip(&indices) {
            for (function, index) in profile.functions.iter().zip(indices) {
                let words = function.words.iter().map(|word| match word & TARGET {
                    0 => *word,
                    _ => renumber(*word, |target| indices.get(target).map(|index| *index as u64)),
                });
                add(&mut sum.functions[*index].words, &words.collect::<Vec<_>>());
            }
        }
        sum
    }

    /// The file, packed. Functions that were never entered are left out, unless they look like one that was.
    pub fn write(&self) -> Vec<u8> {
        let entered = |function: &&Profiled| function.words.first().is_some_and(|count| *count > 0);
        let needed: HashSet<_> = self.functions.iter().filter(entered).map(Profiled::looks).collect();
        let kept: Vec<&Profiled> =
            self.functions.iter().filter(|function| needed.contains(&function.looks())).collect();
        let mut number = 0;
        let numbers: Vec<Option<u64>> = self
            .functions
            .iter()
            .map(|function| {
                let keeps = needed.contains(&function.looks());
                number += u64::from(keeps);
                keeps.then(|| number - 1)
            })
            .collect();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(ENCODING_PACKED.to_le_bytes());
        bytes.extend((kept.len() as u64).to_le_bytes());
        bytes.extend(kept.iter().map(|function| function.words.len() as u64).sum::<u64>().to_le_bytes());
        for (id, function) in kept.iter().enumerate() {
            for digest in [function.body, function.shape, function.name] {
                bytes.extend(digest.to_le_bytes());
            }
            bytes.extend((id as u32).to_le_bytes());
            bytes.extend((function.words.len() as u32).to_le_bytes());
        }
        let words = kept.iter().flat_map(|function| &function.words).map(|word| match word & TARGET {
            0 => *word,
            _ => renumber(*word, |target| numbers.get(target).copied().flatten()),
        });
        pack(words, &mut bytes);
        bytes
    }

    /// A number that tells it from others.
    pub fn digest(&self) -> u64 {
        Digest::new().with(&self.write()).value()
    }

    /// Functions with what tells them from each other.
    pub(super) fn keyed(&self) -> impl Iterator<Item = (Key, &Profiled)> {
        let mut seen: HashMap<(u64, u64, usize), u32> = HashMap::new();
        self.functions.iter().map(move |function| {
            let looks = function.looks();
            let ordinal = seen.entry(looks).or_insert(0);
            *ordinal += 1;
            ((looks.0, looks.1, looks.2, *ordinal), function)
        })
    }
}

impl Profiled {
    fn looks(&self) -> (u64, u64, usize) {
        (self.body, self.name, self.words.len())
    }
}

/// As a digest: options are shown in full, and compared by that.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({:016x})", self.digest())
    }
}

fn damaged() -> Error {
    Error::new("the profile is damaged: it is cut off, or its numbers do not fit each other")
        .hint("make it again: adder build --instrument, and let the executable end by itself")
}

/// A target with the number that `number` gives it.
fn renumber(word: u64, number: impl Fn(usize) -> Option<u64>) -> u64 {
    number((word & !TARGET) as usize).map_or(UNKNOWN_TARGET, |number| TARGET | number)
}

/// Adds counters to others. Where one of them has a target, a call through a table or reference begins.
fn add(sum: &mut [u64], words: &[u64]) {
    let mut index = 0;
    while index < sum.len() {
        let is_site = (sum[index] | words[index]) & TARGET != 0 && index + SITE_WORDS <= sum.len();
        if is_site {
            let range = index..index + SITE_WORDS;
            add_site(&mut sum[range.clone()], &words[range]);
            index += SITE_WORDS;
        } else {
            sum[index] = (sum[index] & !TARGET).saturating_add(words[index] & !TARGET).min(TARGET - 1);
            index += 1;
        }
    }
}

/// Adds up the targets of a call; the most frequent ones keep their places.
fn add_site(sum: &mut [u64], words: &[u64]) {
    let mut others = sum[SITE_WORDS - 1].saturating_add(words[SITE_WORDS - 1]);
    let mut targets: Vec<(u64, u64)> = Vec::new();
    for site in [&*sum, words] {
        for pair in site[..2 * SITE_TARGETS].chunks_exact(2).filter(|pair| pair[0] & TARGET != 0) {
            let count = pair[1] & !TARGET;
            match targets.iter_mut().find(|(target, _)| *target == pair[0]) {
                Some((_, known)) => *known = known.saturating_add(count),
                None => targets.push((pair[0], count)),
            }
        }
    }
    targets.sort_by_key(|(target, count)| (std::cmp::Reverse(*count), *target));
    for (_, count) in targets.drain(SITE_TARGETS.min(targets.len())..) {
        others = others.saturating_add(count);
    }
    sum.fill(0);
    for (place, (target, count)) in targets.into_iter().enumerate() {
        sum[2 * place] = target;
        sum[2 * place + 1] = count.min(TARGET - 1);
    }
    sum[SITE_WORDS - 1] = others.min(TARGET - 1);
}

fn pack(words: impl Iterator<Item = u64>, bytes: &mut Vec<u8>) {
    let mut number = |mut value: u64| loop {
        let more = value >= 0x80;
        bytes.push(value as u8 & 0x7f | u8::from(more) << 7);
        value >>= 7;
        if !more {
            break;
        }
    };
    let mut zeros = 0u64;
    for word in words {
        if word == 0 {
            zeros += 1;
            continue;
        }
        if let Some(further) = zeros.checked_sub(1) {
            number(0);
            number(further);
        }
        zeros = 0;
        // The mark of a target is in the lowest bit, so that the number stays short.
        number(word.rotate_left(1));
    }
    if let Some(further) = zeros.checked_sub(1) {
        number(0);
        number(further);
    }
}

/// What is left of a file.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    fn packed(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                return None;
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// What follows the version; `None` if it is damaged.
    fn body(&mut self) -> Option<Profile> {
        const { assert!(size_of::<Header>() == MAGIC.len() + 24) };
        let encoding = self.u32()?;
        let (count, words) = (self.u64()?, self.u64()?);
        let is_possible = count <= (self.bytes.len() / size_of::<FunctionRecord>()) as u64 && words <= WORDS_MAX;
        if !is_possible {
            return None;
        }
        let mut functions = Vec::with_capacity(count as usize);
        let mut indices = HashMap::new();
        let mut sum = 0u64;
        for index in 0..count {
            let (body, shape, name) = (self.u64()?, self.u64()?, self.u64()?);
            let (id, own) = (self.u32()?, self.u32()?);
            sum += u64::from(own);
            if sum > words {
                return None;
            }
            indices.entry(id).or_insert(index);
            functions.push(Profiled { body, shape, name, words: vec![0; own as usize] });
        }
        if sum != words {
            return None;
        }
        let mut slots = functions.iter_mut().flat_map(|function| &mut function.words);
        match encoding {
            ENCODING_PLAIN => slots.try_for_each(|slot| self.u64().map(|word| *slot = word))?,
            ENCODING_PACKED => {
                while let Some(slot) = slots.next() {
                    match self.packed()? {
                        0 => {
                            let further = self.packed()?;
                            if further > 0 && slots.nth(usize::try_from(further).ok()? - 1).is_none() {
                                return None;
                            }
                        }
                        word => *slot = word.rotate_right(1),
                    }
                }
            }
            _ => return None,
        }
        if !self.bytes.is_empty() {
            return None;
        }
        for word in functions.iter_mut().flat_map(|function| &mut function.words).filter(|word| **word & TARGET != 0) {
            let index = u32::try_from(*word & !TARGET).ok().and_then(|id| indices.get(&id));
            *word = index.map_or(UNKNOWN_TARGET, |index| TARGET | index);
        }
        Some(Profile { functions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(body: u64, words: &[u64]) -> Profiled {
        Profiled { body, shape: body + 1000, name: 0, words: words.to_vec() }
    }

    fn site(pairs: &[(u64, u64)], others: u64) -> Vec<u64> {
        let mut words = vec![5];
        for place in 0..SITE_TARGETS {
            let (target, count) = pairs.get(place).map_or((0, 0), |(target, count)| (TARGET | target, *count));
            words.extend([target, count]);
        }
        words.push(others);
        words
    }

    #[test]
    fn what_is_written_is_read() {
        let functions = vec![
            function(1, &[3, 0, 0, 0, 7, u64::MAX >> 2]),
            function(2, &site(&[(0, 4), (1, 2)], 9)),
            function(3, &[0, 0]),
            function(4, &[1, 0]),
        ];
        let mut profile = Profile { functions };
        let read = Profile::read(&profile.write()).expect("it was just written");
        profile.functions.remove(2);
        assert_eq!(read, profile, "the function that was never entered is left out");
    }

    #[test]
    fn sums_add_counters_and_targets() {
        let one = Profile { functions: vec![function(1, &[3, 1]), function(2, &site(&[(0, 4), (1, 2)], 1))] };
        let other = Profile { functions: vec![function(2, &site(&[(0, 9), (1, 1)], 0)), function(1, &[10, 0])] };
        let sum = Profile::merge(&[one, other]);
        let mut expected = site(&[(1, 11), (0, 5)], 1);
        expected[0] = 10;
        // In the second profile, 0 and 1 are the other way round: 9 calls go to function 2, 1 to function 1.
        expected[1..5].copy_from_slice(&[TARGET | 1, 11, TARGET, 5]);
        assert_eq!(sum.functions, [function(1, &[13, 1]), function(2, &expected)]);
    }

    #[test]
    fn damaged_files_are_refused() {
        let profile = Profile { functions: vec![function(1, &[3, 0, 0, 7]), function(2, &site(&[(0, 4)], 300))] };
        let bytes = profile.write();
        for cut in 0..bytes.len() {
            assert!(Profile::read(&bytes[..cut]).is_err(), "{cut} bytes");
        }
        assert!(Profile::read(&[&bytes[..], &[0]].concat()).is_err());
        for position in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[position] = value;
                // Whatever it is, it is no panic and takes little memory.
                let _ = Profile::read(&changed);
            }
        }
    }
}
