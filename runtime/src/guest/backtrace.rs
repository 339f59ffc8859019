//! The guest's call stack at a trap, as names of its functions.
//!
//! The chain of frames is read after the guest was left: its stack is still as it was, because nothing but the guest runs
//! there.

use crate::guest::border::TrapPlace;
use crate::guest::frame::Frames;
use crate::guest::program::{code, functions, program, text};
use crate::process::output::write_guest_text;
use core::fmt::Write;

/// Frames shown from the trap on, and from the entry back. What is between is counted.
const FIRST_FRAMES: usize = 50;
const LAST_FRAMES: usize = 10;

/// Characters of a name that are shown. C++ and Rust have long ones; more than this helps nobody.
const NAME_CHARACTERS: usize = 300;

/// Writes the call stack at a trap, innermost function first.
pub fn write_backtrace(output: &mut impl Write, place: &TrapPlace) {
    let mut last = [0; LAST_FRAMES];
    let mut count = 0;
    walk(place, |function| {
        if count < FIRST_FRAMES {
            write_frame(output, count, function);
        } else {
            last[(count - FIRST_FRAMES) % LAST_FRAMES] = function;
        }
        count += 1;
    });
    let rest = count.saturating_sub(FIRST_FRAMES);
    if rest > LAST_FRAMES {
        let _ = writeln!(output, "      ... {} more ...", rest - LAST_FRAMES);
    }
    for index in rest.saturating_sub(LAST_FRAMES)..rest {
        write_frame(output, FIRST_FRAMES + index, last[index % LAST_FRAMES]);
    }
}

/// Calls `visit` with the index of each function of the chain that has a name.
fn walk(place: &TrapPlace, mut visit: impl FnMut(usize)) {
    if let Some(function) = named_function_at(place.address) {
        visit(function);
    }
    // SAFETY: this is the accessible part of the guest stack, on which nothing runs now.
    for frame in unsafe { Frames::new(place.frame, place.stack.clone()) } {
        // The call is what belongs to the caller; the instruction after it may be another function's first.
        if let Some(function) = named_function_at(frame.return_address.wrapping_sub(1)) {
            visit(function);
        }
    }
}

/// The function that an address of generated code lies in, unless it is glue.
fn named_function_at(address: u64) -> Option<usize> {
    let code = code();
    if !code.contains(&address) {
        return None;
    }
    let offset = u32::try_from(address - code.start).ok()?;
    let index = functions().partition_point(|function| function.code_offset <= offset).checked_sub(1)?;
    (!name(index).is_empty()).then_some(index)
}

/// The name of a function, by its index in the program's list.
fn name(index: usize) -> &'static [u8] {
    let names = text(&program().function_names);
    let functions = functions();
    let start = functions[index].name as usize;
    let end = functions.get(index + 1).map_or(names.len(), |next| next.name as usize);
    names.get(start..end).unwrap_or(&[])
}

fn write_frame(output: &mut impl Write, number: usize, function: usize) {
    let _ = write!(output, "{number:>4}: ");
    write_guest_text(output, name(function), NAME_CHARACTERS);
    let _ = output.write_str("\n");
}
