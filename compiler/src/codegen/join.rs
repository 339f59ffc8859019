//! Puts the code of a function that was cut together again: one artifact, one symbol.
//!
//! The driver comes first, then the table of the dispatch, then the parts. What they refer to of each other is resolved here, so
//! the object has no symbols of it, and relocations only where an instruction depends on where the code will lie. Entries of
//! the table are distances from its start.
//!
//! When one part hands control to another, the frame pointer stays what it is: the jump leaves out that the one restores its
//! caller's and that the other sets one up again. That is only done if all parts begin and end as [`FrameCode`] says; else
//! they are joined as they are.

use std::collections::HashMap;

use super::artifact::{Artifact, Relocation, Target};
use crate::arch::{FrameCode, Machine};
use crate::symbol::Symbol;

/// What parts are aligned to: as functions are by other compilers.
const PART_ALIGNMENT: usize = 16;

/// Bytes of a reference in the code.
const REFERENCE_BYTES: usize = 4;

/// Bytes of an entry of the table.
const DISTANCE_BYTES: usize = 4;

/// A part that was compiled.
pub struct Part {
    /// What it was compiled to.
    pub artifact: Artifact,
    /// Where its calls end, those in place of a return included.
    pub calls: Vec<u32>,
    /// Whether the stack pointer is what the frame pointer is.
    pub frameless: bool,
}

/// A jump from a part to another one.
struct Jump {
    /// Where it ends.
    end: usize,
    /// Its size in bytes.
    bytes: usize,
    /// The index of its relocation, if it has one.
    relocation: Option<usize>,
}

impl Part {
    /// Its jumps to other parts. A function with other calls in place of a return is not cut.
    fn jumps(&self, machine: Machine) -> Vec<Jump> {
        let is_part = |relocation: &Relocation| matches!(relocation.target, Target::Symbol(Symbol::Part(_)));
        let relocations = self.artifact.relocations.iter().enumerate();
        let places: HashMap<usize, usize> = relocations
            .filter(|(_, relocation)| is_part(relocation))
            .map(|(index, relocation)| (relocation.offset as usize + REFERENCE_BYTES, index))
            .collect();
        let jumps = self.calls.iter().filter_map(|end| {
            let end = *end as usize;
            let relocation = places.get(&end).copied();
            let bytes = machine.jump_bytes(&self.artifact.code[..end], relocation.is_some())?;
            Some(Jump { end, bytes, relocation })
        });
        jumps.collect()
    }

    /// Whether it sets a frame up where it begins, and takes it down in front of all its jumps.
    fn has_frame(&self, machine: Machine) -> bool {
        let (code, frame) = (&self.artifact.code, machine.frame_code());
        let takes_down = |jump: &Jump| code[..jump.end - jump.bytes].ends_with(frame.epilogue);
        code.starts_with(frame.prologue) && self.jumps(machine).iter().all(takes_down)
    }

    /// Shortens the ways to other parts.
    fn keep_frame(&mut self, machine: Machine) {
        let FrameCode { prologue, epilogue, reset_bytes, padding, .. } = machine.frame_code();
        // What stays of the epilogue is what resets the stack pointer, and of a frame without bytes nothing.
        let kept = if self.frameless { 0 } else { reset_bytes };
        for Jump { end, bytes, relocation } in self.jumps(machine) {
            let code = &mut self.artifact.code;
            let start = end - bytes - epilogue.len();
            code.copy_within(end - bytes..end, start + kept);
            code[start + kept + bytes..end].fill(padding);
            if let Some(index) = relocation {
                let relocation = &mut self.artifact.relocations[index];
                relocation.offset -= (epilogue.len() - kept) as u32;
                relocation.addend += prologue.len() as i64;
            }
        }
    }
}

/// Appends parts and table to their driver.
pub fn join(mut driver: Artifact, mut parts: Vec<Part>, table: &[u32], machine: Machine) -> Artifact {
    let FrameCode { prologue, padding, call_opcode_bytes, .. } = machine.frame_code();
    // What one part leaves out another one relies on, so it is all of them or none.
    let keeps_frame = parts.iter().all(|part| part.has_frame(machine));
    if keeps_frame {
        parts.iter_mut().for_each(|part| part.keep_frame(machine));
    }
    driver.code.resize(driver.code.len().next_multiple_of(DISTANCE_BYTES), padding);
    let table_offset = driver.code.len();
    driver.code.resize(table_offset + table.len() * DISTANCE_BYTES, 0);
    let mut relocations = std::mem::take(&mut driver.relocations);
    let mut part_offsets = Vec::with_capacity(parts.len());
    for Part { artifact: part, .. } in parts {
        let alignment = PART_ALIGNMENT.max(part.alignment as usize);
        driver.code.resize(driver.code.len().next_multiple_of(alignment), padding);
        driver.alignment = driver.alignment.max(alignment as u32);
        let offset = driver.code.len() as u32;
        part_offsets.push(offset);
        driver.code.extend_from_slice(&part.code);
        driver.traps.extend(part.traps.iter().map(|(place, trap)| (place + offset, *trap)));
        assert!(part.handled_calls.is_empty(), "a function with handlers of exceptions is not cut");
        relocations.extend(part.relocations.iter().map(|relocation| moved(relocation, offset)));
        driver.text.push_str(&part.text);
    }
    let call = relocations.iter().find(|relocation| relocation.target == Target::Symbol(Symbol::Part(0)));
    driver.unseen = call.map(|call| call.offset - call_opcode_bytes..table_offset as u32);
    let left_out = if keeps_frame { prologue.len() as u32 } else { 0 };
    for (index, part) in table.iter().enumerate() {
        let distance = part_offsets[*part as usize] + left_out - table_offset as u32;
        write(&mut driver.code, table_offset + index * DISTANCE_BYTES, &distance.to_le_bytes());
    }
    for relocation in relocations {
        let target = match relocation.target {
            Target::Symbol(Symbol::Part(number)) => part_offsets[number as usize],
            Target::Symbol(Symbol::PartTable) => table_offset as u32,
            _ => {
                driver.relocations.push(relocation);
                continue;
            }
        };
        let distance = i64::from(target) + relocation.addend - i64::from(relocation.offset);
        let place = relocation.offset as usize;
        let place = driver.code[place..].first_chunk_mut().expect("a relocation lies in the code");
        if !machine.write_distance(relocation.kind, place, distance) {
            driver.relocations.push(Relocation { target: Target::Itself(target), ..relocation });
        }
    }
    driver
}

fn write(code: &mut [u8], place: usize, bytes: &[u8; DISTANCE_BYTES]) {
    code[place..place + DISTANCE_BYTES].copy_from_slice(bytes);
}

fn moved(relocation: &Relocation, by: u32) -> Relocation {
    let target = match &relocation.target {
        Target::Itself(offset) => Target::Itself(offset + by),
        other => other.clone(),
    };
    Relocation { offset: relocation.offset + by, target, ..relocation.clone() }
}

#[cfg(test)]
mod tests {
    use adder_abi::arch::CpuLevel;
    use cranelift_codegen::binemit::Reloc;

    use super::*;

    /// How a machine jumps, and what the jump's distance is counted from.
    struct JumpCode {
        cpu: CpuLevel,
        jump: &'static [u8],
        /// Bytes of it in front of its relocation.
        opcode_bytes: usize,
        kind: Reloc,
        addend: i64,
        /// Where a jump goes.
        target: fn(&[u8], usize) -> i64,
    }

    const X86_64: JumpCode = JumpCode {
        cpu: CpuLevel::V1,
        jump: &[0xe9, 0, 0, 0, 0],
        opcode_bytes: 1,
        kind: Reloc::X86CallPCRel4,
        addend: -4,
        target: |code, at| at as i64 + 5 + i64::from(i32::from_le_bytes(*code[at + 1..].first_chunk().unwrap())),
    };

    const AARCH64: JumpCode = JumpCode {
        cpu: CpuLevel::Arm8_0,
        jump: &[0, 0, 0, 0x14],
        opcode_bytes: 0,
        kind: Reloc::Arm64Call,
        addend: 0,
        target: |code, at| {
            let instruction = u32::from_le_bytes(*code[at..].first_chunk().unwrap());
            assert_eq!(instruction >> 26, 0b00_0101, "it is `b`");
            at as i64 + i64::from((instruction << 6) as i32 >> 6) * 4
        },
    };

    /// Code that refers to a part at its end.
    fn artifact(jump: &JumpCode, code: &[u8], refers_to: u32) -> Artifact {
        let offset = (code.len() + jump.opcode_bytes) as u32;
        let code = [code, jump.jump].concat();
        let target = Target::Symbol(Symbol::Part(refers_to));
        let relocation = Relocation { offset, kind: jump.kind, target, addend: jump.addend };
        Artifact {
            symbol: Symbol::Start,
            code,
            alignment: 16,
            relocations: vec![relocation],
            traps: Vec::new(),
            handled_calls: Vec::new(),
            unseen: None,
            simplified: false,
            text: String::new(),
        }
    }

    /// Joins two parts that jump to each other and begin like this. Returns where each jump of the parts goes, and each entry
    /// of the table, in bytes from the start of the part.
    fn joined(jump: &JumpCode, first: &[u8], second: &[u8]) -> [[i64; 2]; 2] {
        let machine = Machine::new(jump.cpu);
        let part = |code: &[u8], refers_to: u32| {
            let artifact = artifact(jump, &[code, machine.frame_code().epilogue].concat(), refers_to);
            Part { calls: vec![artifact.code.len() as u32], artifact, frameless: false }
        };
        let driver = artifact(jump, &[], 0);
        let table = driver.code.len().next_multiple_of(4);
        let starts = [16, 32];
        let joined = join(driver, vec![part(first, 1), part(second, 0)], &[0, 1], machine);
        assert!(joined.relocations.is_empty());
        assert_eq!((jump.target)(&joined.code, 0), 16, "the driver calls the part of the entry");
        let number = |place: usize| i64::from(i32::from_le_bytes(*joined.code[place..].first_chunk().unwrap()));
        let target = |start: usize| {
            // Neither a prologue nor an epilogue has a byte like the one that says that it is a jump. Two bits of that can
            // belong to the distance.
            let (place, opcode) = jump.jump.iter().enumerate().find(|(_, byte)| **byte != 0).expect("it has an opcode");
            let found = joined.code[start..].iter().position(|byte| byte & !3 == opcode & !3).expect("there is a jump");
            (jump.target)(&joined.code, start + found - place)
        };
        let entry = |number_of: usize| table as i64 + number(table + number_of * 4) - starts[number_of];
        [[target(16) - starts[1], target(32) - starts[0]], [entry(0), entry(1)]]
    }

    #[test]
    fn jumps_leave_out_the_frame_only_if_all_parts_have_one() {
        for jump in [X86_64, AARCH64] {
            let prologue = Machine::new(jump.cpu).frame_code().prologue;
            let length = prologue.len() as i64;
            assert_eq!(joined(&jump, prologue, prologue), [[length; 2]; 2]);
            let other = &[prologue, prologue].concat()[1..1 + prologue.len()];
            assert_eq!(joined(&jump, prologue, other), [[0; 2]; 2], "one begins otherwise");
            assert_eq!(joined(&jump, other, prologue), [[0; 2]; 2], "the other begins otherwise");
        }
    }

    #[test]
    fn addresses_of_parts_stay_relocations_where_they_depend_on_where_the_code_lies() {
        let mut driver = artifact(&AARCH64, &[], 0);
        let (kind, target) = (Reloc::Aarch64AdrPrelPgHi21, Target::Symbol(Symbol::PartTable));
        driver.code.extend([0; 4]);
        driver.relocations.push(Relocation { offset: 4, kind, target, addend: 0 });
        let machine = Machine::new(AARCH64.cpu);
        let part = Part { calls: Vec::new(), artifact: artifact(&AARCH64, &[], 0), frameless: false };
        let joined = join(driver, vec![part], &[0], machine);
        assert_eq!(joined.relocations, [Relocation { offset: 4, kind, target: Target::Itself(8), addend: 0 }]);
    }
}
