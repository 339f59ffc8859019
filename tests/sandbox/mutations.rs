//! Broken modules: thousands of small changes to good ones. Each is refused or compiled; none makes the compiler panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use adder_compiler::{Entry, Input, MemoryPlan, Options, Unobserved};
use adder_tests::workspace;

/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// The modules that are broken: those of the golden tests use every family of operators.
fn modules() -> Vec<Vec<u8>> {
    let folder = workspace::root().join("tests/golden/cases");
    let entries = std::fs::read_dir(folder).expect("the cases are in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    let assemble = |path| adder_tests::text::assemble(&std::fs::read_to_string(path).expect("a case is text"));
    paths.into_iter().map(assemble).collect()
}

fn mutate(module: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = module.to_vec();
    for _ in 0..=numbers.below(3) {
        let position = 8 + numbers.below(bytes.len().saturating_sub(8).max(1));
        let position = position.min(bytes.len());
        match numbers.below(6) {
            0 => bytes.truncate(position),
            1 => bytes.insert(position, numbers.next() as u8),
            2 if position < bytes.len() => _ = bytes.remove(position),
            3 if position < bytes.len() => bytes[position] ^= 1 << numbers.below(8),
            4 if position < bytes.len() => {
                // Values at the edges of their ranges reach other places than random ones.
                let edges = [0, 1, 0x7f, 0x80, 0xff, 0x40, 0x0b, 0xfc];
                bytes[position] = edges[numbers.below(edges.len())];
            }
            _ => {
                let end = (position + numbers.below(40)).min(bytes.len());
                let piece = bytes[position..end].to_vec();
                let target = 8 + numbers.below(bytes.len().saturating_sub(8).max(1));
                bytes.splice(target.min(bytes.len())..target.min(bytes.len()), piece);
            }
        }
    }
    bytes
}

/// Whether it compiled; panics with the module if the compiler does.
fn compile(bytes: &[u8], description: &str) -> bool {
    let options = |memory| Options { memory, entry: Entry::Library, allow_missing: true, ..Options::default() };
    let memory = if bytes.len().is_multiple_of(2) { MemoryPlan::Low } else { MemoryPlan::Checked };
    let input = Input { name: "broken", bytes };
    match catch_unwind(AssertUnwindSafe(|| adder_compiler::compile(&[input], &options(memory), &Unobserved))) {
        Ok(result) => result.is_ok(),
        Err(_) => panic!("the compiler panicked for {description}: {bytes:02x?}"),
    }
}

#[test]
fn changed_modules_are_compiled_or_refused() {
    let modules = modules();
    let mut numbers = Numbers(2026);
    let (mut compiled, mut refused) = (0, 0);
    for round in 0..4000 {
        let module = &modules[numbers.below(modules.len())];
        let changed = mutate(module, &mut numbers);
        if compile(&changed, &format!("round {round}")) { compiled += 1 } else { refused += 1 }
    }
    assert!(compiled > 100 && refused > 1000, "the changes are of both kinds: {compiled} compiled, {refused} refused");
}

#[test]
fn every_beginning_of_a_module_is_refused() {
    for module in modules().iter().take(8) {
        for length in 0..module.len() {
            // The bare header is a module, and a module may end after any section that needs no other.
            let validates = wasmparser::validate(&module[..length]).is_ok();
            if !validates {
                assert!(!compile(&module[..length], "a beginning"), "the first {length} bytes are accepted");
            }
        }
    }
}

#[test]
fn what_is_no_module_at_all_is_refused() {
    let long = vec![0; 1 << 20];
    let cases: [&[u8]; 8] =
        [b"", b"\0", b"\0asm", b"\0asm\x02\0\0\0", b"\x7fELF\x02\x01\x01\0", b"(module)", b"#!/bin/sh\n", &long];
    for bytes in cases {
        assert!(!compile(bytes, "no module"));
    }
}
