//! Which proposals there are, and which of them Adder compiles: it is asked, so that the fuzzer grows with it.

use adder_compiler::{Entry, Input, Options, Unobserved};
use adder_tests::text::assemble;
use wasm_smith::Config;
use wasmparser::WasmFeatures;

/// A proposal that a random module may use or not.
pub struct Proposal {
    /// Its name.
    pub name: &'static str,
    /// A module that needs it and nothing else that is new.
    probe: &'static str,
    /// What a validator calls it.
    pub features: WasmFeatures,
    /// Lets wasm-smith use it.
    pub enable: fn(&mut Config),
}

/// All of them, those that others build on first. Typed function references are added after generation
/// ([`crate::rewrite`]), because wasm-smith has them only together with garbage collection.
pub const ALL: [Proposal; 12] = [
    Proposal {
        name: "extended-const",
        probe: "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
        features: WasmFeatures::EXTENDED_CONST,
        enable: |config| config.extended_const_enabled = true,
    },
    Proposal {
        name: "simd",
        probe: "(module (func (result v128) (v128.const i64x2 1 2)))",
        features: WasmFeatures::SIMD,
        enable: |config| config.simd_enabled = true,
    },
    Proposal {
        name: "relaxed-simd",
        probe: "(module (func (param v128) (result v128)
                  (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))",
        features: WasmFeatures::RELAXED_SIMD,
        enable: |config| {
            config.simd_enabled = true;
            config.relaxed_simd_enabled = true;
        },
    },
    Proposal {
        name: "tail-call",
        probe: "(module (func $f (return_call $f)))",
        features: WasmFeatures::TAIL_CALL,
        enable: |config| config.tail_call_enabled = true,
    },
    Proposal {
        name: "exceptions",
        probe: "(module (tag $t) (func (block (try_table (catch $t 0) (throw $t)))))",
        features: WasmFeatures::EXCEPTIONS,
        enable: |config| config.exceptions_enabled = true,
    },
    Proposal {
        name: "multi-memory",
        probe: "(module (memory 1) (memory 1))",
        features: WasmFeatures::MULTI_MEMORY,
        enable: |config| config.max_memories = 4,
    },
    Proposal {
        name: "memory64",
        probe: "(module (memory i64 1) (table i64 1 funcref))",
        features: WasmFeatures::MEMORY64,
        enable: |config| config.memory64_enabled = true,
    },
    Proposal {
        name: "threads",
        probe: "(module (memory 1 1 shared) (func (result i32) (i32.atomic.load (i32.const 0))))",
        features: WasmFeatures::THREADS,
        enable: |config| config.threads_enabled = true,
    },
    Proposal {
        name: "function-references",
        probe: "(module (type $t (func)) (func (param (ref null $t)) (call_ref $t (local.get 0))))",
        features: WasmFeatures::FUNCTION_REFERENCES,
        enable: |_| {},
    },
    Proposal {
        name: "gc",
        probe: "(module (type $s (struct (field i32))) (func (result (ref $s)) (struct.new_default $s)))",
        features: WasmFeatures::GC.union(WasmFeatures::FUNCTION_REFERENCES),
        enable: |config| config.gc_enabled = true,
    },
    Proposal {
        name: "custom-page-sizes",
        probe: "(module (memory 1 (pagesize 1)))",
        features: WasmFeatures::CUSTOM_PAGE_SIZES,
        enable: |config| config.custom_page_sizes_enabled = true,
    },
    Proposal {
        name: "wide-arithmetic",
        probe: "(module (func (result i64 i64) (i64.mul_wide_s (i64.const 1) (i64.const 2))))",
        features: WasmFeatures::WIDE_ARITHMETIC,
        enable: |config| config.wide_arithmetic_enabled = true,
    },
];

/// What Adder compiles without a proposal: WebAssembly 2.0 but for SIMD, and the legacy form of exceptions, which nothing generates
/// but real modules have.
pub fn base() -> WasmFeatures {
    WasmFeatures::WASM2.difference(WasmFeatures::SIMD) | WasmFeatures::LEGACY_EXCEPTIONS
}

/// The proposals that Adder compiles.
pub fn supported() -> Vec<&'static Proposal> {
    ALL.iter().filter(|proposal| compiles(&assemble(proposal.probe))).collect()
}

/// Everything that is valid for Adder.
pub fn features(proposals: &[&Proposal]) -> WasmFeatures {
    proposals.iter().fold(base(), |features, proposal| features | proposal.features)
}

fn compiles(bytes: &[u8]) -> bool {
    let options = Options { entry: Entry::Library, allow_missing: true, ..Options::default() };
    adder_compiler::compile(&[Input { name: "probe", bytes }], &options, &Unobserved).is_ok()
}

#[test]
fn every_probe_needs_its_proposal() {
    let everything = features(&ALL.iter().collect::<Vec<_>>());
    for proposal in &ALL {
        let module = assemble(proposal.probe);
        let validates = |features| wasmparser::Validator::new_with_features(features).validate_all(&module).is_ok();
        assert!(validates(everything), "{}", proposal.name);
        assert!(!validates(base()), "{}", proposal.name);
    }
}
