//! Which proposals are compiled, and how a module that needs another one is refused by name.

use wasmparser::{Validator, WasmFeatures};

use crate::error::{Error, ErrorKind};

/// The proposals that are compiled: WebAssembly 3.0 without garbage collection, and the legacy form of exceptions.
pub fn supported() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        | WasmFeatures::SIMD
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::MEMORY64
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::LEGACY_EXCEPTIONS
        | WasmFeatures::THREADS
        | WasmFeatures::GC_TYPES
}

/// Proposals that are refused by name. Some build on others and come after them.
const REFUSED: &[(&str, WasmFeatures)] = &[
    ("garbage collection", WasmFeatures::GC),
    ("custom page sizes", WasmFeatures::CUSTOM_PAGE_SIZES),
    ("memory control", WasmFeatures::MEMORY_CONTROL),
    ("stack switching", WasmFeatures::STACK_SWITCHING),
    ("wide arithmetic", WasmFeatures::WIDE_ARITHMETIC),
    ("shared-everything threads", WasmFeatures::SHARED_EVERYTHING_THREADS),
    ("custom descriptors", WasmFeatures::CUSTOM_DESCRIPTORS),
    ("compact import section", WasmFeatures::COMPACT_IMPORTS),
];

/// Why the module was found invalid at `error`: if it is valid with more proposals, the error names those it needs.
///
/// This validates the module again, up to once for each proposal; only refused modules pay for it.
pub fn explain(bytes: &[u8], error: Error) -> Error {
    let valid_with = |features| Validator::new_with_features(features).validate_all(bytes).is_ok();
    let everything = REFUSED.iter().fold(supported(), |all, (_, feature)| all | *feature);
    if valid_with(supported()) || !valid_with(everything) {
        // It is not validity that failed, or the module is wrong under every proposal.
        return error;
    }
    let mut enough = everything;
    let mut needed = Vec::new();
    for (name, feature) in REFUSED.iter().rev() {
        let without = enough.difference(*feature).union(supported());
        if valid_with(without) {
            enough = without;
        } else {
            needed.push(*name);
        }
    }
    needed.reverse();
    Error {
        kind: ErrorKind::Unsupported,
        message: format!("uses a part of WebAssembly that is not supported yet: {}", needed.join(", "))
            .into_boxed_str(),
        hint: Some("compile the module without it; adder help compatibility lists what is supported".to_owned()),
        ..error
    }
}
