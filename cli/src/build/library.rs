//! Building a library: the library itself, and beside it what tells others how it is called.

use super::tell::tell_access;
use super::{OUTPUT, Prepared, command, note, target, write_intermediate};
use crate::configuration::object;
use crate::failure::{Failure, Result};
use crate::library;
use crate::link;
use crate::request::Product;
use crate::terminal::output::{OutputFile, say};
use crate::terminal::progress::Progress;
use adder_compiler::{Interface, Output};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

/// Writes a library, and beside it what tells others how it is called.
pub fn write(
    prepared: &Prepared,
    compiled: &Output,
    interface: &Interface,
    output: &Path,
    progress: &Progress,
) -> Result<()> {
    let Prepared { request, configuration, .. } = prepared;
    let main = request.modules.first().and_then(|module| module.path.file_name()).unwrap_or_default().to_string_lossy();
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let beside = |ending: &str| output.with_file_name(format!("{}.{ending}", interface.prefix));
    let is_shared = request.product == Product::Library;
    let mut files = Vec::new();
    if output != Path::new("-") {
        files.push((beside("h"), library::header(interface, &main)));
    }
    if is_shared {
        files.push((beside("py"), library::python(interface, &main, &name, target(request))));
    }
    if is_shared && library::is_keyword(&interface.prefix) {
        return Err(Failure::usage(format!(
            "{} is a word of Python, so nobody could import {}.py",
            interface.prefix, interface.prefix
        ))
        .hint("give the module another name: NAME=FILE.wasm"));
    }
    if is_shared && output.exists() && !output.is_file() {
        return Err(Failure::usage(format!("{} is no file, beside which a header could lie", output.display())));
    }
    if is_shared && name == format!("{}.so", interface.prefix) {
        return Err(Failure::usage(format!(
            "Python would take {name} for a module of its own, in place of {}.py",
            interface.prefix
        ))
        .hint(format!("give the library another name: lib{name}")));
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| !is_replaceable(path)) {
        return Err(Failure::usage(format!("{} is there, and adder has not written it", path.display()))
            .hint("write the library into another folder, or give its module another name: NAME=FILE.wasm"));
    }
    if let Some((taken, _)) = files.iter().find(|(path, _)| path == output) {
        return Err(Failure::usage(format!("{} is both the library and what lies beside it", taken.display()))
            .hint("give the library another name: lib<name>.so"));
    }
    let note = note(prepared, &compiled.report, &configuration.tree);
    let linked = match is_shared {
        true => {
            progress.begin("link");
            let target = target(request);
            let second = object(target, &configuration.block(), &note.section());
            let objects = [("program", compiled.bytes.as_slice()), ("configuration", &second)];
            Cow::Owned(link::library(&objects, target, &name, request.options.jobs)?)
        }
        false => Cow::Borrowed(&compiled.bytes),
    };
    progress.finish();
    tell_access(&note, &compiled.report);
    // All can be written before one is.
    let created = files.iter().map(|(path, text)| Ok((OutputFile::create(path, false, OUTPUT)?, text)));
    let created = created.collect::<Result<Vec<_>>>()?;
    write_intermediate(output, &linked)?;
    for (file, text) in created {
        file.write(text.as_bytes())?;
    }
    if interface.functions.iter().any(|function| function.export == START) {
        say("warning: the module exports _start: it is a program, whose functions may need what that prepares");
        say("hint: compile a module that is to be a library by clang with -mexec-model=reactor");
    }
    for (path, _) in &files {
        say(format_args!("wrote {}", command(path)));
    }
    Ok(())
}

/// Whether a file is not there, or one that was written here before.
fn is_replaceable(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => {
            let mut first = String::new();
            let read = BufReader::new(file.take(FIRST_LINE_MAX)).read_line(&mut first);
            read.is_ok() && first.contains(library::MARK)
        }
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// What a program exports.
const START: &str = "_start";

/// More than the first line of such a file has.
const FIRST_LINE_MAX: u64 = 1000;
