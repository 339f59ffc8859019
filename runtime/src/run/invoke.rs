//! Calls the entry: with the arguments of the process, where `--invoke` named a function with parameters.

use super::end::end;
use super::values::{self, SLOTS_MAX, Value};
use crate::guest::border;
use crate::guest::program::{program, types};
use crate::process::failure::fail;
use crate::process::output::Output;
use crate::process::vectors;
use adder_abi::program::EntryFunction;
use adder_abi::status;
use core::fmt::Write;

/// Calls the entry.
pub fn enter() {
    if let Some(entry) = program().entry {
        match types(&program().entry_signature) {
            // SAFETY: everything is reserved, and the entry has neither parameters nor results.
            ([], []) => unsafe { border::enter(entry, &mut []) }.unwrap_or_else(|code| end(code)),
            (parameters, results) => call_with_arguments(entry, parameters, results),
        }
    }
}

/// Calls the function that `--invoke` named at build: the arguments of the process are its parameters, and its results
/// are printed. A function of its own, because the slots would cost every start two pages of stack.
#[inline(never)]
fn call_with_arguments(entry: EntryFunction, parameters: &[u8], results: &[u8]) {
    if values::slot_count(parameters).max(values::slot_count(results)) > SLOTS_MAX {
        fail(status::USAGE, &format_args!("a function with more than {SLOTS_MAX} values cannot be called"), None);
    }
    let mut slots = [0; SLOTS_MAX];
    parse_arguments(parameters, &mut slots);
    // SAFETY: everything is reserved, and there are slots for all parameters and results.
    unsafe { border::enter(entry, &mut slots) }.unwrap_or_else(|code| end(code));
    print_results(results, &slots);
}

/// Reads the arguments of the process into slots.
fn parse_arguments(parameters: &[u8], slots: &mut [u64]) {
    let given = vectors::arguments().skip(1);
    let count = given.clone().count();
    if count != parameters.len() {
        let s = if parameters.len() == 1 { "" } else { "s" };
        let message = format_args!("the function takes {} argument{s}, not {count}", parameters.len());
        // Written without quotes, it is five.
        let has_vector = parameters.contains(&b'v');
        let hint = core::fmt::from_fn(|f| write!(f, "a v128 is written {}", values::form(b'v')));
        fail(status::USAGE, &message, has_vector.then_some(&hint));
    }
    let mut slots = slots;
    for (index, (argument, &value_type)) in given.zip(parameters).enumerate() {
        let (value, rest) = slots.split_at_mut(values::slots_of(value_type));
        slots = rest;
        if argument.to_str().ok().and_then(|text| values::parse(value_type, text, value)).is_none() {
            let (a, name) = (if value_type == b'v' { "a" } else { "an" }, values::type_name(value_type));
            let hint = format_args!("{a} {name} is written {}", values::form(value_type));
            fail(status::USAGE, &format_args!("argument {} is not {a} {name}", index + 1), Some(&hint));
        }
    }
}

/// Prints results, one a line.
fn print_results(results: &[u8], slots: &[u64]) {
    let mut output = Output::standard();
    let mut slots = slots;
    for &value_type in results {
        let (value, rest) = slots.split_at(values::slots_of(value_type));
        slots = rest;
        let _ = writeln!(output, "{}", Value { value_type, slots: value });
    }
}
