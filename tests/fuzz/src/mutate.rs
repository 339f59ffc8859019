//! Breaks modules: bytes, numbers, sections, bodies and instructions are changed, moved and exchanged between modules.
//! Some changes keep a module valid and strange, most make it invalid in one place.

use wasm_mutate::WasmMutate;
use wasmparser::{BinaryReader, FunctionBody};

use crate::layout::{CODE, Layout, push_unsigned, unsigned};
use crate::numbers::Numbers;

/// What wasm-mutate may use for one module; its effort grows with it.
const WASM_MUTATE_FUEL: u64 = 300;
/// wasm-mutate reads all of a module several times.
const WASM_MUTATE_BYTES_MAX: usize = 64 << 10;

/// Changes a module in a few places. `other` is one to take pieces from.
pub fn mutate(module: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = module.to_vec();
    for _ in 0..[1, 1, 1, 2, 4][numbers.below(5)] {
        bytes = once(&bytes, other, numbers);
    }
    bytes
}

fn once(module: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let choice = numbers.below(12);
    if choice == 0 {
        return change_bytes(module, numbers);
    }
    if choice == 1 && module.len() <= WASM_MUTATE_BYTES_MAX {
        return keep_valid(module, numbers).unwrap_or_else(|| change_bytes(module, numbers));
    }
    let Some(mut layout) = Layout::parse(module) else { return change_bytes(module, numbers) };
    if choice < 5 && !layout.sections.is_empty() {
        change_sections(&mut layout, other, numbers);
    } else if !layout.bodies.is_empty() {
        change_bodies(&mut layout, other, numbers);
    } else {
        return change_bytes(module, numbers);
    }
    layout.encode()
}

/// A number at an edge, as the binary format has it.
fn edge_number(numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = Vec::new();
    let value = match numbers.below(3) {
        0 => numbers.below(300) as u64,
        1 => numbers.edge(),
        _ => *numbers.pick(&[1 << 16, 1 << 20, 10_000_000, 50_000, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 48]),
    };
    push_unsigned(&mut bytes, value);
    if numbers.one_in(8) {
        // Longer than needed: allowed up to a length, and then not.
        let last = bytes.len() - 1;
        bytes[last] |= 0x80;
        bytes.extend(std::iter::repeat_n(0x80, numbers.below(4)));
        bytes.push(0);
    }
    bytes
}

/// Changes something anywhere in the bytes.
fn change_bytes(module: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = module.to_vec();
    let position = 8 + numbers.below(bytes.len().saturating_sub(8).max(1));
    let position = position.min(bytes.len());
    match numbers.below(7) {
        0 => bytes.truncate(position),
        1 => bytes.insert(position, numbers.next() as u8),
        2 if position < bytes.len() => _ = bytes.remove(position),
        3 if position < bytes.len() => bytes[position] ^= 1 << numbers.below(8),
        4 if position < bytes.len() => {
            // Values at the edges of their ranges reach other places than random ones.
            bytes[position] = *numbers.pick(&[0, 1, 0x7f, 0x80, 0xff, 0x40, 0x0b, 0xfc, 0xfd, 0xfe, 0x1f, 0x06]);
        }
        5 => replace_number(&mut bytes, position, numbers),
        _ => {
            let end = (position + numbers.below(40)).min(bytes.len());
            let piece = bytes[position..end].to_vec();
            let target = (8 + numbers.below(bytes.len().saturating_sub(8).max(1))).min(bytes.len());
            bytes.splice(target..target, piece);
        }
    }
    bytes
}

/// Replaces what may be a number at a position.
fn replace_number(bytes: &mut Vec<u8>, position: usize, numbers: &mut Numbers) {
    let Some((_, rest)) = bytes.get(position..).and_then(unsigned) else { return };
    let end = bytes.len() - rest.len();
    bytes.splice(position..end, edge_number(numbers));
}

/// A change that leaves a valid module valid.
fn keep_valid(module: &[u8], numbers: &mut Numbers) -> Option<Vec<u8>> {
    let mut mutate = WasmMutate::default();
    mutate.seed(numbers.next()).fuel(WASM_MUTATE_FUEL);
    // It was not made for broken modules.
    let changed = crate::native::guarded(|| mutate.run(module).ok()?.next()?.ok());
    changed.ok().flatten()
}

fn change_sections(layout: &mut Layout, other: &[u8], numbers: &mut Numbers) {
    let position = numbers.below(layout.sections.len());
    let second = numbers.below(layout.sections.len());
    match numbers.below(8) {
        0 => _ = layout.sections.remove(position),
        1 => {
            let copy = layout.sections[position].clone();
            layout.sections.insert(second, copy);
        }
        2 => layout.sections.swap(position, second),
        3 => {
            // The same section of another module, or any if it has none.
            let Some(other) = Layout::parse(other).filter(|other| !other.sections.is_empty()) else { return };
            let id = layout.sections[position].id;
            let same = other.sections.iter().find(|section| section.id == id);
            layout.sections[position] = same.unwrap_or(&other.sections[0]).clone();
            if id == CODE {
                layout.bodies = other.bodies;
            }
        }
        4 => layout.sections[position].id = numbers.below(15) as u8,
        _ => {
            let data = &mut layout.sections[position].data;
            if data.is_empty() {
                return;
            }
            // Counts come first, and are what everything else depends on.
            let place = if numbers.one_in(4) { 0 } else { numbers.below(data.len()) };
            if numbers.one_in(2) {
                replace_number(data, place, numbers);
            } else {
                data[place] = numbers.next() as u8;
            }
        }
    }
}

fn change_bodies(layout: &mut Layout, other: &[u8], numbers: &mut Numbers) {
    let (position, second) = (numbers.below(layout.bodies.len()), numbers.below(layout.bodies.len()));
    match numbers.below(10) {
        0 => layout.bodies.swap(position, second),
        1 => layout.bodies[position] = layout.bodies[second].clone(),
        2 => {
            let foreign = Layout::parse(other).map(|other| other.bodies).unwrap_or_default();
            if !foreign.is_empty() {
                layout.bodies[position] = numbers.pick(&foreign).clone();
            }
        }
        3 => {
            // Declarations of locals come first.
            let body = &mut layout.bodies[position];
            let mut locals = vec![1];
            locals.extend(edge_number(numbers));
            locals.push(*numbers.pick(&[0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x69, 0x63, 0x64]));
            body.splice(0..1.min(body.len()), locals);
        }
        _ => change_instructions(&mut layout.bodies, position, second, numbers),
    }
}

/// Where the instructions of a body begin, the end of the last one included; `None` if it cannot be read or has none.
fn boundaries(body: &[u8]) -> Option<Vec<usize>> {
    let reader = FunctionBody::new(BinaryReader::new(body, 0)).get_operators_reader().ok()?;
    let mut places = Vec::new();
    for pair in reader.into_iter_with_offsets() {
        places.push(pair.ok()?.1 as usize);
    }
    places.push(body.len());
    (places.len() > 1).then_some(places)
}

fn change_instructions(bodies: &mut [Vec<u8>], position: usize, second: usize, numbers: &mut Numbers) {
    let Some(places) = boundaries(&bodies[position]) else { return };
    let at = numbers.below(places.len() - 1);
    let (start, end) = (places[at], places[at + 1]);
    match numbers.below(5) {
        0 => _ = bodies[position].drain(start..end),
        1 => {
            let last = (at + 1 + numbers.below(20)).min(places.len() - 1);
            let piece = bodies[position][start..places[last]].to_vec();
            bodies[position].splice(start..start, piece);
        }
        2 => {
            // An instruction of another function in its place.
            let Some(others) = boundaries(&bodies[second]) else { return };
            let from = numbers.below(others.len() - 1);
            let piece = bodies[second][others[from]..others[from + 1]].to_vec();
            bodies[position].splice(start..end, piece);
        }
        3 => bodies[position][start] = numbers.next() as u8,
        _ => {
            if end - start > 1 {
                let place = start + 1 + numbers.below(end - start - 1);
                replace_number(&mut bodies[position], place, numbers);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_of_both_kinds() {
        let module = adder_tests::text::assemble(
            "(module (memory 1) (func $f (param i32) (result i32) (local i64)
               (i32.load offset=4 (i32.add (local.get 0) (i32.const 300)))) (export \"f\" (func $f)))",
        );
        let (mut valid, mut invalid, mut same) = (0, 0, 0);
        for position in 0..3000 {
            let changed = mutate(&module, &module, &mut Numbers::new(3, position));
            if changed == module {
                same += 1;
            } else if wasmparser::validate(&changed).is_ok() {
                valid += 1;
            } else {
                invalid += 1;
            }
        }
        assert!(valid > 200 && invalid > 1000 && same < 700, "{valid} valid, {invalid} invalid, {same} the same");
    }
}
