//! Puts the code of a function that was cut together again: one artifact, one symbol.
//!
//! The driver comes first, then the table of the dispatch, then the parts. What they refer to of each other is resolved here,
//! so the object has neither symbols nor relocations of it. Entries of the table are distances from its start.
//!
//! When one part hands control to another, the frame pointer stays what it is: the jump leaves out that the one takes its
//! frame down (`pop rbp`) and that the other sets one up again (`push rbp; mov rbp, rsp`).

use std::collections::HashMap;

use cranelift_codegen::binemit::Reloc;

use super::{Artifact, Relocation, Target};
use crate::symbol::Symbol;

/// What parts are aligned to: as functions are by other compilers.
const PART_ALIGNMENT: usize = 16;

/// What is between parts, and never executed: `int3`.
const PADDING: u8 = 0xcc;

/// How every part begins: `push rbp; mov rbp, rsp`.
const PROLOGUE: [u8; 4] = [0x55, 0x48, 0x89, 0xe5];

/// How a part ends before it jumps to another: `mov rsp, rbp; pop rbp`.
const EPILOGUE: [u8; 4] = [0x48, 0x89, 0xec, 0x5d];

/// A part that was compiled.
pub struct Part {
    /// What it was compiled to.
    pub artifact: Artifact,
    /// Where its calls end, those in place of a return included.
    pub calls: Vec<u32>,
    /// Whether the stack pointer is what the frame pointer is.
    pub frameless: bool,
}

impl Part {
    /// Shortens the ways to other parts. A function with other calls in place of a return is not cut.
    fn keep_frame(&mut self) {
        let relocations = &mut self.artifact.relocations;
        let is_part = |relocation: &Relocation| matches!(relocation.target, Target::Symbol(Symbol::Part(_)));
        let places: HashMap<usize, usize> = relocations
            .iter()
            .enumerate()
            .filter(|(_, relocation)| is_part(relocation))
            .map(|(index, relocation)| (relocation.offset as usize + 4, index))
            .collect();
        for end in &self.calls {
            let end = *end as usize;
            let code = &mut self.artifact.code;
            let direct = places.get(&end).map(|index| &mut relocations[*index]);
            let jump = match (&direct, &code[..end]) {
                (Some(_), _) => 5,
                (None, [.., 0x41, 0xff, 0xe0..=0xe7]) => 3,
                (None, [.., 0xff, 0xe0..=0xe7]) => 2,
                _ => continue,
            };
            let start = end - jump - EPILOGUE.len();
            assert_eq!(code[start..end - jump], EPILOGUE, "a call in place of a return takes the frame down");
            // What stays of the epilogue is `mov rsp, rbp`, and of a frame without bytes nothing.
            let kept = if self.frameless { 0 } else { EPILOGUE.len() - 1 };
            code.copy_within(end - jump..end, start + kept);
            code[start + kept + jump..end].fill(PADDING);
            if let Some(relocation) = direct {
                relocation.offset -= (EPILOGUE.len() - kept) as u32;
                relocation.addend += PROLOGUE.len() as i64;
            }
        }
    }
}

/// Appends parts and table to their driver.
pub fn join(mut driver: Artifact, parts: Vec<Part>, table: &[u32]) -> Artifact {
    driver.code.resize(driver.code.len().next_multiple_of(4), PADDING);
    let table_offset = driver.code.len();
    driver.code.resize(table_offset + table.len() * 4, 0);
    let mut relocations = std::mem::take(&mut driver.relocations);
    let mut part_offsets = Vec::with_capacity(parts.len());
    for mut part in parts {
        part.keep_frame();
        let part = part.artifact;
        assert!(part.code.starts_with(&PROLOGUE), "every function sets up a frame");
        let alignment = PART_ALIGNMENT.max(part.alignment as usize);
        driver.code.resize(driver.code.len().next_multiple_of(alignment), PADDING);
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
    // The operand of the call follows a byte of operation code.
    driver.unseen = call.map(|call| call.offset - 1..table_offset as u32);
    for (index, part) in table.iter().enumerate() {
        let distance = part_offsets[*part as usize] + PROLOGUE.len() as u32 - table_offset as u32;
        let place = table_offset + index * 4;
        driver.code[place..place + 4].copy_from_slice(&distance.to_le_bytes());
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
        assert!(
            matches!(relocation.kind, Reloc::X86PCRel4 | Reloc::X86CallPCRel4),
            "code refers to what is near by distances of 32 bits"
        );
        let distance = i64::from(target) + relocation.addend - i64::from(relocation.offset);
        let distance = i32::try_from(distance).expect("a function is smaller than 2 GiB");
        let place = relocation.offset as usize;
        driver.code[place..place + 4].copy_from_slice(&distance.to_le_bytes());
    }
    driver
}

fn moved(relocation: &Relocation, by: u32) -> Relocation {
    let target = match &relocation.target {
        Target::Itself(offset) => Target::Itself(offset + by),
        other => other.clone(),
    };
    Relocation { offset: relocation.offset + by, target, ..relocation.clone() }
}
