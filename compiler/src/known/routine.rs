//! Routines of the guest's C library that there is a faster form of: `memcpy`, `memmove`, `memset`, `memcmp`. (`memchr` and `strlen`
//! go by words already.)
//!
//! They are known by what they do, not by what they are called: by the digest of their whole body, as Debian's wasi-libc has
//! it, with the targets of calls left out, which have to be known routines themselves. So a function that was recognised
//! is that function. `translate/routine.rs` says what is made of it.

use sha2::{Digest, Sha256};
use wasmparser::{FunctionBody, Operator};

use super::digest::hexadecimal;
use crate::types::{FunctionType, ValueType};

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routine {
    /// `memcpy`. What it does with ranges that overlap is its own affair.
    Copy,
    /// `memmove`.
    Move,
    /// `memset`.
    Fill,
    /// `memcmp`.
    Compare,
}

/// A body that is known.
struct Known {
    routine: Routine,
    /// Its size in bytes, so that few bodies need a digest.
    bytes: usize,
    /// SHA-256 of its bytes, those of the targets of calls as zeros.
    digest: &'static str,
}

/// Debian's wasi-libc 0.0~git20220510, compiled by clang 14.
const KNOWN: [Known; 4] = [
    Known {
        routine: Routine::Copy,
        bytes: 1296,
        digest: "9309fc4b367619f4e757d7fa0e9f69b126204f97105475b70b80de24d38e9de8",
    },
    Known {
        routine: Routine::Move,
        bytes: 1287,
        digest: "733e968ef9a068947a78b512a128301cae22c909fdc228995d8f0157e82cb256",
    },
    Known {
        routine: Routine::Fill,
        bytes: 379,
        digest: "deff370dc7f59d36989adab2cc33cfb5301abdb1db79ba597b353842b2e299bb",
    },
    Known {
        routine: Routine::Compare,
        bytes: 73,
        digest: "0c7dcc3ae4fa79ba231ede22d4305eed59eb0907f39aa455f713dc8ad552a3fb",
    },
];

/// What a body does if what it calls is `memcpy`, and what it calls, by the module's indices. `ty` is the type of its
/// function. The memory that it works on is the module's first: it has 32-bit indices, and no threads share it.
pub fn recognize(body: &FunctionBody<'_>, ty: &FunctionType) -> Option<(Routine, Vec<u32>)> {
    let bytes = body.as_bytes().len();
    if !KNOWN.iter().any(|known| known.bytes == bytes) {
        return None;
    }
    let wanted = FunctionType { parameters: vec![ValueType::I32; 3], results: vec![ValueType::I32] };
    if *ty != wanted {
        return None;
    }
    let (digest, callees) = digest(body)?;
    let known = KNOWN.iter().find(|known| known.bytes == bytes && known.digest == digest)?;
    Some((known.routine, callees))
}

/// The digest of a body, and the functions that it calls. Nothing for one that cannot be read; its translation says why.
fn digest(body: &FunctionBody<'_>) -> Option<(String, Vec<u32>)> {
    let mut bytes = body.as_bytes().to_vec();
    let start = body.range().start;
    let mut callees = Vec::new();
    let mut reader = body.get_operators_reader().ok()?;
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset().ok()?;
        if let Operator::Call { function_index } = operator {
            callees.push(function_index);
            let target = (offset + 1 - start) as usize..(reader.original_position() - start) as usize;
            bytes.get_mut(target)?.fill(0);
        }
    }
    Some((hexadecimal(&Sha256::digest(&bytes)), callees))
}
