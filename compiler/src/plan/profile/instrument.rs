//! Where an instrumented program counts.

use adder_abi::profile::{ENCODING_PLAIN, MAGIC, VERSION};

use crate::error::{Error, Result};
use crate::id::FunctionId;
use crate::link::{FunctionKind, Linked};
use crate::profile::body::{self, Identity};

/// Counters that a program can have; they take 8 bytes each.
const WORDS_MAX: u64 = 1 << 27;

/// What is counted of a function.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The function.
    pub function: FunctionId,
    /// By what it is recognised.
    pub identity: Identity,
    /// Digest of its name.
    pub name: u64,
    /// Index of its first counter.
    pub first: u64,
}

/// What an instrumented program counts.
#[derive(Clone, Debug)]
pub struct Instrumentation {
    /// Where the file goes unless the environment says something else.
    pub path: String,
    /// Functions with bodies.
    pub functions: Vec<Counted>,
    /// Number of counters.
    pub words: u64,
    /// By function, its index among those with bodies.
    by_function: Vec<Option<u32>>,
}

impl Instrumentation {
    /// Plans what a program counts.
    pub fn plan(linked: &Linked<'_>, path: &str) -> Result<Instrumentation> {
        let mut plan = Instrumentation {
            path: path.to_owned(),
            functions: Vec::new(),
            words: 0,
            by_function: vec![None; linked.functions.len()],
        };
        for (function, identity, name) in identities(linked) {
            plan.by_function[function.index()] = Some(plan.functions.len() as u32);
            plan.functions.push(Counted { function, identity, name, first: plan.words });
            plan.words += u64::from(identity.words);
        }
        if plan.words > WORDS_MAX {
            return Err(Error::limit(format!("the program has more than {WORDS_MAX} places to count at"))
                .hint("build it without --instrument"));
        }
        Ok(plan)
    }

    /// Index of a function's first counter.
    pub fn first_word(&self, function: FunctionId) -> Option<u64> {
        self.by_function[function.index()].map(|index| self.functions[index as usize].first)
    }

    /// What a file starts with. `id` gives the number by which a function is told from others when it is called.
    pub fn head(&self, id: impl Fn(FunctionId) -> u32) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend(ENCODING_PLAIN.to_le_bytes());
        head.extend((self.functions.len() as u64).to_le_bytes());
        head.extend(self.words.to_le_bytes());
        for Counted { function, identity, name, .. } in &self.functions {
            for digest in [identity.body, identity.shape, *name] {
                head.extend(digest.to_le_bytes());
            }
            head.extend(id(*function).to_le_bytes());
            head.extend(identity.words.to_le_bytes());
        }
        head
    }
}

/// All functions with bodies, with what they are recognised by.
pub fn identities<'a>(linked: &'a Linked<'_>) -> impl Iterator<Item = (FunctionId, Identity, u64)> + 'a {
    linked.functions.iter().enumerate().filter_map(|(index, function)| {
        let FunctionKind::Defined(body) = function.kind else { return None };
        let module = &linked.instance(function.instance).module;
        let identity = body::identify(&module.bodies[body as usize].body);
        Some((FunctionId(index as u32), identity, body::name_digest(module.names.function(function.index))))
    })
}
