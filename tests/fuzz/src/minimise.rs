//! Makes a finding smaller as long as the sides differ in the same way: fewer commands, fewer functions and
//! instructions, then whatever wasm-shrink can take away. What is left is printed as a script.

use std::fmt::Write;
use std::path::Path;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{CodeSection, Function, Instruction, RawSection};
use wasm_shrink::WasmShrink;
use wasmparser::{CodeSectionReader, FunctionBody, Parser, Payload, ValType};

use crate::case::{Answer, Case, Command, ExportKind, exports, slots};
use crate::differential::{Differential, Verdict};
use crate::finding::Finding;
use crate::report::Counts;

/// How often wasm-shrink may fail in a row.
const ATTEMPTS: u32 = 200;

/// Makes the finding in a folder smaller, keeps the result in a folder next to it, and prints it.
pub fn run(folder: &Path) -> Result<(), String> {
    let finding = Finding::read(folder)?;
    let differential = Differential::new()?;
    let temporary = crate::temporary()?;
    let judge = Judge { differential: &differential, finding: &finding, folder: temporary.path() };
    if !judge.is_interesting(&finding.case) {
        return Err(format!("{}: the sides do not differ like this any more", folder.display()));
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    let mut case = finding.case.clone();
    let (small, place) = loop {
        let before = size(&case);
        commands(&judge, &mut case);
        modules(&judge, &mut case);
        for number in 0..case.modules.len() {
            bodies(&judge, &mut case, number);
            shrink(&judge, &mut case, number)?;
        }
        eprintln!("{} bytes and commands, from {before}", size(&case));
        // Each round is kept: a run that takes too long may be ended.
        let small = Finding {
            name: format!("{}-small", finding.name),
            case: case.clone(),
            difference: judge.difference(&case).ok_or("the smaller case is none")?,
            ..finding
        };
        let place = small.write(parent).map_err(|error| format!("cannot keep the result: {error}"))?;
        if size(&case) == before {
            break (small, place);
        }
    };
    println!("{}", script(&differential, &case, &finding)?);
    eprintln!("{}\n{}", place.display(), small.difference.details);
    Ok(())
}

fn size(case: &Case) -> usize {
    case.modules.iter().map(|module| module.bytes.len()).sum::<usize>() + case.commands.len()
}

struct Judge<'a> {
    differential: &'a Differential,
    finding: &'a Finding,
    folder: &'a Path,
}

impl Judge<'_> {
    fn difference(&self, case: &Case) -> Option<crate::differential::Difference> {
        let mut counts = Counts::default();
        let (build, oracle) = (self.finding.build, self.finding.oracle);
        match self.differential.compare(&[case], build, oracle, self.folder, &mut counts).pop() {
            Some(Verdict::Differs(difference)) => Some(difference),
            _ => None,
        }
    }

    fn is_interesting(&self, case: &Case) -> bool {
        let features = crate::proposals::features(&self.differential.supported);
        // Most candidates end here, cheaply.
        case.modules.iter().all(|module| exports(&module.bytes, features).is_ok())
            && self.difference(case).is_some_and(|difference| difference.kind == self.finding.difference.kind)
    }

    /// Takes the candidate over if it is interesting.
    fn accept(&self, case: &mut Case, candidate: Case) -> bool {
        let accepted = self.is_interesting(&candidate);
        if accepted {
            *case = candidate;
        }
        accepted
    }
}

/// Removes ranges of a list, large ones first. `try_without` gets a range and says whether it is gone.
fn remove_ranges(mut length: usize, mut try_without: impl FnMut(std::ops::Range<usize>) -> bool) {
    let mut step = length.next_power_of_two();
    while step > 0 {
        let mut end = length;
        while end > 0 {
            let start = end.saturating_sub(step);
            if try_without(start..end) {
                length -= end - start;
            }
            end = start;
        }
        step /= 2;
    }
}

fn commands(judge: &Judge, case: &mut Case) {
    remove_ranges(case.commands.len(), |range| {
        let mut candidate = case.clone();
        candidate.commands.drain(range);
        judge.accept(case, candidate)
    });
}

/// Removes the last modules, if nothing is done with them.
fn modules(judge: &Judge, case: &mut Case) {
    while case.modules.len() > 1 && case.commands.iter().all(|command| command.instance() + 1 < case.modules.len()) {
        let mut candidate = case.clone();
        candidate.modules.pop();
        if !judge.accept(case, candidate) {
            break;
        }
    }
}

/// Empties functions, then removes instructions.
fn bodies(judge: &Judge, case: &mut Case, number: usize) {
    let count = with_bodies(&case.modules[number].bytes, |_, _| None).map_or(0, |(_, count)| count);
    for function in 0..count {
        let mut try_change = |change: &dyn Fn(&FunctionBody) -> Option<Function>| {
            let changed = with_bodies(
                &case.modules[number].bytes,
                |index, body| {
                    if index == function { change(body) } else { None }
                },
            );
            let Some((bytes, _)) = changed.filter(|(bytes, _)| bytes.len() < case.modules[number].bytes.len()) else {
                return false;
            };
            let mut candidate = case.clone();
            candidate.modules[number].bytes = bytes;
            judge.accept(case, candidate)
        };
        let empty = |_: &FunctionBody| {
            let mut empty = Function::new([]);
            empty.instructions().unreachable().end();
            Some(empty)
        };
        if try_change(&empty) {
            continue;
        }
        let mut length = 0;
        // Never accepted: it is only counted.
        let _ = with_bodies(&case.modules[number].bytes, |index, body| {
            if index == function {
                length = body.get_operators_reader().map_or(0, |reader| reader.into_iter().count());
            }
            None
        });
        let mut try_change = |change: &dyn Fn(&FunctionBody) -> Option<Function>| {
            let changed = with_bodies(
                &case.modules[number].bytes,
                |index, body| {
                    if index == function { change(body) } else { None }
                },
            );
            let Some((bytes, _)) = changed else { return false };
            let mut candidate = case.clone();
            candidate.modules[number].bytes = bytes;
            judge.accept(case, candidate)
        };
        // What follows the difference is of no use.
        let (mut kept, mut more) = (0, length);
        while kept < more {
            let middle = kept + (more - kept) / 2;
            if try_change(&|body| cut(body, middle)) {
                more = middle;
            } else {
                kept = middle + 1;
            }
        }
        let length = more.min(length);
        // The last instruction is the function's `end`.
        remove_ranges(length.saturating_sub(1), |range| try_change(&|body| without(body, &range)));
    }
}

/// The first instructions of a body. Execution does not go on behind them.
fn cut(body: &FunctionBody, count: usize) -> Option<Function> {
    let mut reencoder = RoundtripReencoder;
    let mut function = reencoder.new_function_with_parsed_locals(body).ok()?;
    let mut open = 1;
    for operator in body.get_operators_reader().ok()?.into_iter().take(count) {
        let instruction = reencoder.instruction(operator.ok()?).ok()?;
        match instruction {
            Instruction::Block(_) | Instruction::Loop(_) | Instruction::If(_) | Instruction::TryTable(..) => open += 1,
            Instruction::End => open -= 1,
            _ => {}
        }
        function.instruction(&instruction);
    }
    if open == 0 {
        return None;
    }
    for _ in 0..open {
        function.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
    }
    Some(function)
}

/// A body without some of its instructions.
fn without(body: &FunctionBody, range: &std::ops::Range<usize>) -> Option<Function> {
    let mut reencoder = RoundtripReencoder;
    let mut function = reencoder.new_function_with_parsed_locals(body).ok()?;
    for (index, operator) in body.get_operators_reader().ok()?.into_iter().enumerate() {
        let instruction: Instruction = reencoder.instruction(operator.ok()?).ok()?;
        if !range.contains(&index) {
            function.instruction(&instruction);
        }
    }
    Some(function)
}

/// The module with some bodies replaced, and how many bodies it has. Custom sections are left out.
fn with_bodies(bytes: &[u8], change: impl FnMut(usize, &FunctionBody) -> Option<Function>) -> Option<(Vec<u8>, usize)> {
    let mut change = change;
    let mut module = wasm_encoder::Module::new();
    let mut count = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::CodeSectionStart { unchecked_range: range, .. } => {
                let data = &bytes[range.start as usize..range.end as usize];
                let mut code = CodeSection::new();
                for body in CodeSectionReader::new(wasmparser::BinaryReader::new(data, range.start)).ok()? {
                    let body = body.ok()?;
                    match change(count, &body) {
                        Some(function) => _ = code.function(&function),
                        None => _ = code.raw(body.as_bytes()),
                    }
                    count += 1;
                }
                module.section(&code);
            }
            Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &bytes[range.start as usize..range.end as usize] });
                }
            }
        }
    }
    Some((module.finish(), count))
}

fn shrink(judge: &Judge, case: &mut Case, number: usize) -> Result<(), String> {
    let original = case.clone();
    let candidate = |bytes: &[u8]| {
        let mut candidate = original.clone();
        candidate.modules[number].bytes = bytes.to_vec();
        candidate
    };
    let predicate = |bytes: &[u8]| anyhow::Ok(judge.is_interesting(&candidate(bytes)));
    let shrink = WasmShrink::default().attempts(ATTEMPTS).allow_empty(true);
    match shrink.run(original.modules[number].bytes.clone(), predicate) {
        Ok(info) if info.output.len() < original.modules[number].bytes.len() => *case = candidate(&info.output),
        Ok(_) => {}
        // It does not know all proposals.
        Err(error) => eprintln!("wasm-shrink: {error:#}"),
    }
    Ok(())
}

/// The case as a script, with wasmtime's answers.
fn script(differential: &Differential, case: &Case, finding: &Finding) -> Result<String, String> {
    let expected = differential.expect(case, finding.oracle).map_err(|difference| difference.details)?;
    let features = crate::proposals::features(&differential.supported);
    let mut text = String::new();
    for (command, answer) in expected.answers() {
        let command = &case.commands[command];
        let instance = command.instance();
        let line = match command {
            Command::Activate(_) => {
                let module = &case.modules[instance];
                let printed = wasmprinter::print_bytes(&module.bytes).map_err(|error| format!("{error:#}"))?;
                let named = printed.trim_end().replacen("(module", &format!("(module $m{instance}"), 1);
                match answer {
                    Answer::Values(_) => format!("{named}\n(register {} $m{instance})", quoted(&module.name)),
                    Answer::Unlinkable => format!("(assert_unlinkable {printed} \"incompatible import type\")"),
                    other => format!("(assert_trap {printed} {})", quoted(&message(other))),
                }
            }
            Command::Invoke(_, name, values) => {
                let exports = exports(&case.modules[instance].bytes, features)?;
                let kind = exports.iter().find(|export| export.name == *name).map(|export| export.kind.clone());
                let Some(ExportKind::Function(parameters, results)) = kind else { continue };
                let call = format!("(invoke $m{instance} {}{})", quoted(name), constants(&parameters, values));
                assertion(&call, answer, &results)
            }
            Command::Get(_, name) => {
                let exports = exports(&case.modules[instance].bytes, features)?;
                let kind = exports.iter().find(|export| export.name == *name).map(|export| export.kind.clone());
                let Some(ExportKind::Global(kind)) = kind else { continue };
                assertion(&format!("(get $m{instance} {})", quoted(name)), answer, &[kind.content_type])
            }
            Command::Memory(_, name) | Command::Table(_, name) => {
                // Nothing in a script looks at a memory or table: a function has to be added by hand.
                format!(
                    ";; {} {name:?} of $m{instance}: {answer}",
                    if matches!(command, Command::Memory(..)) { "memory" } else { "table" }
                )
            }
        };
        let _ = writeln!(text, "{line}");
    }
    Ok(text)
}

fn assertion(action: &str, answer: &Answer, results: &[ValType]) -> String {
    match answer {
        Answer::Values(values) => format!("(assert_return {action}{})", constants(results, values)),
        Answer::Exception => format!("(assert_exception {action})"),
        other => format!("(assert_trap {action} {})", quoted(&message(other))),
    }
}

fn message(answer: &Answer) -> String {
    match answer {
        Answer::Trap(kind) => kind.clone(),
        other => other.to_string(),
    }
}

fn constants(kinds: &[ValType], values: &[u64]) -> String {
    let mut text = String::new();
    let mut position = 0;
    for kind in kinds {
        let value = values.get(position).copied().unwrap_or(0);
        let second = values.get(position + 1).copied().unwrap_or(0);
        position += slots(*kind);
        let _ = match kind {
            ValType::I32 => write!(text, " (i32.const {:#x})", value as u32),
            ValType::I64 => write!(text, " (i64.const {value:#x})"),
            ValType::F32 => write!(text, " (f32.const {})", float32(value as u32)),
            ValType::F64 => write!(text, " (f64.const {})", float64(value)),
            ValType::V128 => write!(text, " (v128.const i64x2 {value:#x} {second:#x})"),
            kind if crate::case::is_external(*kind) && value != 0 => write!(text, " (ref.extern {})", value - 1),
            kind if crate::case::is_external(*kind) => write!(text, " (ref.null extern)"),
            _ if value == 0 => write!(text, " (ref.null func)"),
            _ => write!(text, " (ref.func)"),
        };
    }
    text
}

fn float32(bits: u32) -> String {
    let value = f32::from_bits(bits);
    let sign = if bits >> 31 == 1 { "-" } else { "" };
    match bits & 0x007f_ffff {
        payload if value.is_nan() => format!("{sign}nan:{payload:#x}"),
        _ if value.is_infinite() => format!("{sign}inf"),
        _ => format!("{value:e}"),
    }
}

fn float64(bits: u64) -> String {
    let value = f64::from_bits(bits);
    let sign = if bits >> 63 == 1 { "-" } else { "" };
    match bits & 0x000f_ffff_ffff_ffff {
        payload if value.is_nan() => format!("{sign}nan:{payload:#x}"),
        _ if value.is_infinite() => format!("{sign}inf"),
        _ => format!("{value:e}"),
    }
}

/// A text as the text format wants it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', byte as char]),
            b' '..=b'~' => quoted.push(byte as char),
            _ => _ = write!(quoted, "\\{byte:02x}"),
        }
    }
    quoted + "\""
}

#[test]
fn ranges_are_removed_until_only_the_needed_is_left() {
    let mut list: Vec<usize> = (0..37).collect();
    remove_ranges(list.len(), |range| {
        let rest: Vec<usize> = list[..range.start].iter().chain(&list[range.end..]).copied().collect();
        let is_good = [3, 20, 21].iter().all(|needed| rest.contains(needed));
        if is_good {
            list = rest;
        }
        is_good
    });
    assert_eq!(list, [3, 20, 21]);
}

#[test]
fn values_are_written_as_the_text_format_reads_them() {
    let kinds = [ValType::I32, ValType::F32, ValType::F64, ValType::F64];
    let values = [0xffff_ffff, 0x7fc0_0000, 1.5f64.to_bits(), f64::NEG_INFINITY.to_bits()];
    let text = constants(&kinds, &values);
    assert_eq!(text, " (i32.const 0xffffffff) (f32.const nan:0x400000) (f64.const 1.5e0) (f64.const -inf)");
    assert_eq!(quoted("a\"\u{1f40d}\0"), "\"a\\\"\\f0\\9f\\90\\8d\\00\"");
}
