//! Islands: code that calls go over whose distance no instruction holds.
//!
//! A call reaches 128 MiB on aarch64, and the linker makes no longer way of it. So larger code is divided into regions, each of
//! which ends with an island: for every function outside of the region that is called in it, a jump there that reaches
//! 4 GiB. Functions of the runtime lie behind all code, so they are outside of all regions.

use std::collections::{HashMap, HashSet};

use super::artifact::{Artifact, Relocation, Target};
use crate::arch::CallReach;
use crate::error::{Error, Result};
use crate::plan::Program;
use crate::symbol::Symbol;

/// Makes calls reach what they call. `alignment_min` is what functions are aligned to at least.
///
/// # Errors
/// If a region is too large nevertheless.
pub fn add_islands(artifacts: Vec<Artifact>, program: &Program<'_>, alignment_min: u64) -> Result<Vec<Artifact>> {
    let tables = program.call_tables.ids().map(|id| program.callees(program.call_tables.get(id)).count() as u64 * 4);
    let behind = tables.sum();
    match program.machine.call_reach() {
        Some(reach) => divide(artifacts, &reach, alignment_min, behind),
        None => Ok(artifacts),
    }
}

fn divide(artifacts: Vec<Artifact>, reach: &CallReach, alignment_min: u64, behind: u64) -> Result<Vec<Artifact>> {
    let size = |artifact: &Artifact| artifact.code.len() as u64 + u64::from(artifact.alignment).max(alignment_min);
    if artifacts.iter().map(size).sum::<u64>() + behind <= reach.bytes - reach.runtime_bytes {
        return Ok(artifacts);
    }
    let mut divided = Vec::with_capacity(artifacts.len() + 1);
    let mut regions: Vec<(u64, Vec<Artifact>)> = Vec::new();
    for artifact in artifacts {
        let bytes = size(&artifact);
        match regions.last_mut() {
            Some((sum, region)) if *sum + bytes <= reach.region_bytes => {
                *sum += bytes;
                region.push(artifact);
            }
            _ => regions.push((bytes, vec![artifact])),
        }
    }
    for (number, (bytes, mut region)) in regions.into_iter().enumerate() {
        let island = island(&mut region, number as u32, reach);
        if bytes + island.code.len() as u64 > reach.bytes {
            let mib = bytes >> 20;
            return Err(Error::limit(format!("{mib} MiB of machine code call each other, more than a call can cross")));
        }
        divided.append(&mut region);
        divided.push(island);
    }
    Ok(divided)
}

/// Leads calls that leave the region over an island. Returns that.
fn island(region: &mut [Artifact], number: u32, reach: &CallReach) -> Artifact {
    let symbol = Symbol::Island(number);
    let mut island = Artifact {
        symbol,
        code: Vec::new(),
        alignment: 4,
        relocations: Vec::new(),
        traps: Vec::new(),
        handled_calls: Vec::new(),
        unseen: None,
        simplified: false,
        text: String::new(),
    };
    let near: HashSet<Symbol> = region.iter().map(|artifact| artifact.symbol).collect();
    let mut entries: HashMap<Target, u32> = HashMap::new();
    for relocation in region.iter_mut().flat_map(|artifact| &mut artifact.relocations) {
        let is_near = match &relocation.target {
            Target::Symbol(symbol) => near.contains(symbol),
            Target::Itself(_) => true,
            Target::Helper(_) => false,
        };
        if relocation.kind != reach.kind || is_near {
            continue;
        }
        assert_eq!(relocation.addend, 0, "a call goes to where a function begins");
        let entry = *entries.entry(relocation.target.clone()).or_insert_with_key(|target| {
            let entry = island.code.len() as u32;
            island.code.extend_from_slice(reach.jump);
            island.relocations.extend(reach.jump_relocations.iter().map(|(offset, kind)| Relocation {
                offset: entry + offset,
                kind: *kind,
                target: target.clone(),
                addend: 0,
            }));
            entry
        });
        relocation.target = Target::Symbol(symbol);
        relocation.addend = i64::from(entry);
    }
    island
}

#[cfg(test)]
mod tests {
    use adder_abi::arch::CpuLevel;
    use cranelift_codegen::binemit::Reloc;

    use super::*;
    use crate::arch::Machine;
    use crate::id::{FunctionId, Numbered};
    use crate::symbol::RuntimeFunction;

    /// Functions of 100 bytes; each calls those in its list, and a function of the runtime.
    fn divided(calls: &[&[u32]], region_bytes: u64) -> Vec<Artifact> {
        let machine = Machine::new(CpuLevel::Arm8_0);
        let bytes = 8 + region_bytes;
        let reach =
            CallReach { region_bytes, bytes: bytes + 1000, runtime_bytes: 1000, ..machine.call_reach().unwrap() };
        let function = |number| Symbol::Function(FunctionId::from_number(number));
        let artifacts = calls.iter().enumerate().map(|(number, calls)| {
            let called = calls.iter().map(|callee| function(*callee));
            let called = called.chain([Symbol::Runtime(RuntimeFunction::MemoryMove)]);
            let relocation = |(place, symbol)| Relocation {
                offset: place as u32 * 4,
                kind: reach.kind,
                target: Target::Symbol(symbol),
                addend: 0,
            };
            Artifact {
                symbol: function(number as u32),
                code: vec![0; 100],
                alignment: 4,
                relocations: called.enumerate().map(relocation).collect(),
                traps: Vec::new(),
                handled_calls: Vec::new(),
                unseen: None,
                simplified: false,
                text: String::new(),
            }
        });
        divide(artifacts.collect(), &reach, 4, 0).unwrap()
    }

    #[test]
    fn code_within_reach_stays_as_it_is() {
        let artifacts = divided(&[&[1], &[0]], 400);
        assert_eq!(artifacts.len(), 2);
        assert!(artifacts.iter().flat_map(|artifact| &artifact.relocations).all(|relocation| relocation.addend == 0));
    }

    #[test]
    fn calls_that_leave_a_region_go_over_its_island() {
        let artifacts = divided(&[&[1, 2, 3], &[2, 2], &[0, 3], &[]], 250);
        let islands: Vec<usize> =
            (0..artifacts.len()).filter(|at| matches!(artifacts[*at].symbol, Symbol::Island(_))).collect();
        assert_eq!(islands, [2, 5], "two functions are a region");
        for (at, artifact) in artifacts.iter().enumerate() {
            let region = if at <= 2 { 0..=2 } else { 3..=5 };
            let near: Vec<Symbol> = artifacts[region].iter().map(|artifact| artifact.symbol).collect();
            let calls = artifact.relocations.iter().filter(|relocation| relocation.kind == Reloc::Arm64Call);
            for relocation in calls {
                let Target::Symbol(symbol) = &relocation.target else { panic!("calls go to symbols") };
                assert!(near.contains(symbol), "{symbol:?} is in another region");
            }
        }
        let first = &artifacts[2];
        // Functions 2 and 3, and the function of the runtime: each once.
        assert_eq!(first.relocations.len(), 2 * 3);
        let places: Vec<i64> = artifacts[0].relocations.iter().map(|relocation| relocation.addend).collect();
        assert_eq!(places, [0, 0, 12, 24], "the first is near");
    }
}
