//! Puts the code of a function that was cut together again: one artifact, one symbol.
//!
//! The driver comes first, then the table of the dispatch, then the parts. What they refer to of each other is resolved here,
//! so the object has neither symbols nor relocations of it. Entries of the table are distances from its start.
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

/// Bytes of a reference to what is near.
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
            .map(|(index, relocation)| (relocation.offset as usize + DISTANCE_BYTES, index))
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
        assert!(machine.distances().contains(&relocation.kind), "code refers to what is near by distances of 32 bits");
        let distance = i64::from(target) + relocation.addend - i64::from(relocation.offset);
        let distance = i32::try_from(distance).expect("a function is smaller than 2 GiB");
        write(&mut driver.code, relocation.offset as usize, &distance.to_le_bytes());
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

    use super::*;

    /// Operation code of a jump or call with the distance behind it; what it is does not matter.
    const OPCODE: u8 = 0xe9;

    /// Code that refers to a part at its end.
    fn artifact(machine: Machine, code: &[u8], refers_to: u32) -> Artifact {
        let offset = code.len() as u32 + 1;
        let code = [code, &[OPCODE, 0, 0, 0, 0]].concat();
        let target = Target::Symbol(Symbol::Part(refers_to));
        let relocation = Relocation { offset, kind: machine.distances()[0], target, addend: -4 };
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
    fn joined(first: &[u8], second: &[u8]) -> [[i64; 2]; 2] {
        let machine = Machine::new(CpuLevel::V1);
        let part = |code: &[u8], refers_to: u32| {
            let artifact = artifact(machine, &[code, machine.frame_code().epilogue].concat(), refers_to);
            Part { calls: vec![artifact.code.len() as u32], artifact, frameless: false }
        };
        let joined = join(artifact(machine, &[], 0), vec![part(first, 1), part(second, 0)], &[0, 1], machine);
        assert!(joined.relocations.is_empty());
        let number = |place: usize| i64::from(i32::from_le_bytes(joined.code[place..place + 4].try_into().unwrap()));
        // The driver takes 8 bytes and the table as many, so the parts lie at 16 and at 32.
        let jump = |start: usize| {
            let place = start + joined.code[start..].iter().position(|byte| *byte == OPCODE).expect("a jump") + 1;
            place as i64 + 4 + number(place)
        };
        [[jump(16) - 32, jump(32) - 16], [8 + number(8) - 16, 8 + number(12) - 32]]
    }

    #[test]
    fn jumps_leave_out_the_frame_only_if_all_parts_have_one() {
        let machine = Machine::new(CpuLevel::V1);
        let prologue = machine.frame_code().prologue;
        let length = prologue.len() as i64;
        assert_eq!(joined(prologue, prologue), [[length; 2]; 2]);
        let other = &[prologue[0], prologue[0]];
        assert_eq!(joined(prologue, other), [[0; 2]; 2], "one begins otherwise");
        assert_eq!(joined(other, prologue), [[0; 2]; 2], "the other begins otherwise");
    }
}
