//! The driver of the WebAssembly specification's test scripts (feature `script`): the test runner compiles the modules of a
//! script into one executable and steers it through standard input and output, a line for a command and a line for its
//! answer. State stays as it is after a trap, as the specification wants.
//!
//! | command | answers |
//! |---|---|
//! | `activate N`: instance by index | `ok` |
//! | `invoke N HEXNAME V...`: a function that instance N exports | `ok V...` |
//! | `get N HEXNAME`: a global that instance N exports | `ok V` |
//! | `memory N HEXNAME`: a memory that instance N exports | `ok BYTES DIGEST` |
//! | `table N HEXNAME`: a table that instance N exports | `ok ENTRIES DIGEST` |
//!
//! Words are separated by one space. Names are in hexadecimal; an empty name is an empty word. A value is a slot: 16
//! hexadecimal digits, narrow values zero-extended; a vector is two slots, the lower one first. Besides `ok`, an answer
//! may be `trap MESSAGE`, `exception` (nothing catches one), `exit STATUS` (the guest asked to exit), `unlinkable` (an
//! import does not fit) and `error TEXT` (the command makes no sense). The process ends with its input.
//!
//! A digest is that of [`digest`] over the words of the memory, or over the entries of the table (where a function reference
//! counts as 1). All four are values like the others.

use super::values;
use crate::guest::program::{exports, instances, text, types};
use crate::guest::{border, cell, thread_state, trap};
use crate::process;
use crate::process::output::Output;
use adder_abi::program::{EXPORT_OF_THREAD, EntryFunction, Export, ExportKind, Memory, Table};
use adder_abi::trap::TrapCode;
use alloc::vec::Vec;
use core::fmt::Write;
use core::mem::transmute;
use rustix::fd::BorrowedFd;
use rustix::io::{Errno, read};

/// Answers commands until there are no more.
pub fn run() -> ! {
    let mut lines = Lines { buffer: Vec::new(), start: 0 };
    while let Some(line) = lines.next() {
        let mut output = Output::standard();
        let answer = match core::str::from_utf8(&line) {
            Ok(command) => answer(command, &mut output),
            Err(_) => Err("the command is not UTF-8"),
        };
        if let Err(message) = answer {
            let _ = write!(output, "error {message}");
        }
        output.bytes(b"\n");
    }
    process::exit(0)
}

/// Standard input, line by line.
struct Lines {
    buffer: Vec<u8>,
    /// Where in the buffer the next line starts.
    start: usize,
}

impl Lines {
    fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let rest = &self.buffer[self.start..];
            if let Some(length) = rest.iter().position(|&byte| byte == b'\n') {
                let line = rest[..length].to_vec();
                self.start += length + 1;
                return Some(line);
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            let mut chunk = [0; 4096];
            // SAFETY: standard input stays open as long as the process; if not, reading fails and nothing else.
            match read(unsafe { BorrowedFd::borrow_raw(0) }, &mut chunk) {
                Ok(0) => return None,
                Ok(count) => self.buffer.extend_from_slice(&chunk[..count]),
                Err(Errno::INTR) => {}
                Err(_) => return None,
            }
        }
    }
}

/// Carries out a command and writes its answer; an error is a command that makes no sense.
fn answer(command: &str, output: &mut Output) -> Result<(), &'static str> {
    let mut words = command.split(' ');
    let verb = words.next().ok_or("the command is empty")?;
    let index: u32 = words.next().and_then(|word| word.parse().ok()).ok_or("the instance's index is missing")?;
    match verb {
        "activate" => {
            let instance = instances().get(index as usize).ok_or("there is no such instance")?;
            let result = match instance.activate {
                // SAFETY: everything is reserved; an activation has neither parameters nor results.
                Some(activate) => unsafe { border::enter(activate, &mut []) },
                None => Ok(()),
            };
            write_result(output, result, &[]);
        }
        "invoke" => {
            let export = find(index, ExportKind::Function, words.next())?;
            let (parameters, results) = types(&export.signature);
            let mut slots = words.map(parse_slot).collect::<Option<Vec<u64>>>().ok_or("a value is not 16 digits")?;
            if slots.len() != values::slot_count(parameters) {
                return Err("the number of values does not fit the function");
            }
            let count = values::slot_count(results);
            slots.resize(slots.len().max(count), 0);
            // SAFETY: the address of an exported function is an entry wrapper.
            let function = unsafe { transmute::<*mut core::ffi::c_void, EntryFunction>(export.address) };
            // SAFETY: everything is reserved, and there are slots for all parameters and results.
            let result = unsafe { border::enter(function, &mut slots) };
            write_result(output, result, &slots[..count]);
        }
        "get" => {
            let export = find(index, ExportKind::Global, words.next())?;
            let slots: *const u64 = place(export).cast();
            let value_type = text(&export.signature).first().copied().unwrap_or(b'l');
            let mut value = Vec::new();
            for index in 0..values::slots_of(value_type) {
                // SAFETY: the place of an exported global is that of its 8 bytes, or of the 16 of a vector.
                value.push(narrow(value_type, unsafe { slots.add(index).read_unaligned() }));
            }
            write_result(output, Ok(()), &value);
        }
        "memory" => {
            let export = find(index, ExportKind::Memory, words.next())?;
            // SAFETY: the place of an exported memory is its descriptor, and the guest, which shares it, does not run.
            let memory = unsafe { &*place(export).cast::<Memory>() };
            let words = (0..memory.size_bytes as usize / 8).map(|index| {
                // SAFETY: all bytes below the memory's size are accessible; its base is aligned to a page.
                unsafe { memory.base.cast::<u64>().add(index).read() }
            });
            write_result(output, Ok(()), &[memory.size_bytes, digest(words)]);
        }
        "table" => {
            let export = find(index, ExportKind::Table, words.next())?;
            // SAFETY: the place of an exported table is its descriptor, and the guest, which shares it, does not run.
            let table = unsafe { &*place(export).cast::<Table>() };
            let is_external = text(&export.signature) == b"E";
            let entries = (0..table.size_entries as usize).map(|index| {
                // SAFETY: all entries below the table's size are accessible.
                let entry = unsafe { table.base.add(index).read() };
                if is_external { entry } else { u64::from(entry != 0) }
            });
            write_result(output, Ok(()), &[table.size_entries, digest(entries)]);
        }
        _ => return Err("the command is unknown"),
    }
    Ok(())
}

/// A digest that differs if exactly one of the words does (FNV-1a, a word at a time).
fn digest(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0xcbf2_9ce4_8422_2325, |digest, word| (digest ^ word).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The slot of a value of this type, of which only the low bytes count.
fn narrow(value_type: u8, slot: u64) -> u64 {
    match value_type {
        b'i' | b'f' => u64::from(slot as u32),
        _ => slot,
    }
}

fn write_result(output: &mut Output, result: Result<(), TrapCode>, slots: &[u64]) {
    // Writing to `Output` does not fail.
    let _ = match result {
        Ok(()) => {
            output.bytes(b"ok");
            slots.iter().try_for_each(|slot| write!(output, " {slot:016x}"))
        }
        Err(TrapCode::Exit) => write!(output, "exit {}", trap::exit_status()),
        Err(TrapCode::UncaughtException) => output.write_str("exception"),
        Err(TrapCode::LinkError) => output.write_str("unlinkable"),
        Err(code) => write!(output, "trap {}", code.message()),
    };
}

/// The export of an instance with a name in hexadecimal.
fn find(instance: u32, kind: ExportKind, name: Option<&str>) -> Result<&'static Export, &'static str> {
    let name = name.and_then(parse_name).ok_or("the name is not hexadecimal")?;
    exports()
        .iter()
        .find(|export| {
            let is_kind = export.kind & !EXPORT_OF_THREAD == kind as u32;
            export.instance == instance && is_kind && text(&export.name) == name
        })
        .ok_or("there is no such export")
}

/// Where an export is that is no function: in the program, or in the state of this thread.
fn place(export: &Export) -> *mut u8 {
    match export.kind & EXPORT_OF_THREAD {
        0 => export.address.cast(),
        _ => thread_state::start(cell::this_cell()).wrapping_add(export.address as usize),
    }
}

fn parse_name(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits = hexadecimal.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks_exact(2).map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn parse_slot(word: &str) -> Option<u64> {
    if word.len() != 16 {
        return None;
    }
    u64::from_str_radix(word, 16).ok()
}
