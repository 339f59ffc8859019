//! What a build says to whoever asked for it, besides its result.

use super::{Prepared, bytes, command};
use crate::configuration::Tree;
use crate::failure::Failure;
use crate::note::Note;
use crate::python;
use crate::request::{Product, Request};
use crate::target::Target;
use crate::terminal::output::say;
use adder_compiler::{Report, quoted_import};
use std::fs::Metadata;
use std::path::Path;

/// Says last what there is now, and what to do with it. Of a device or pipe there is nothing to say.
pub(super) fn tell_output(output: &Path, product: Product, target: &Target) {
    let Some(found) = output.metadata().ok().filter(Metadata::is_file) else { return };
    let command = command(output);
    let what_next = match product {
        Product::Text => String::new(),
        Product::Executable if target.is_host() => format!("; run it: {command}"),
        Product::Executable => format!("; it runs on {}", target.name),
        _ if target.is_host() => String::new(),
        Product::Library | Product::Object => format!("; it is for {}", target.name),
    };
    say(format_args!("wrote {command} ({}){what_next}", bytes(found.len())));
}

/// Says that there will be no checkpoint, why, and what to do about it.
pub(super) fn warn_of_cold_starts(failure: &Failure) {
    warn(failure, "the executable starts from the beginning every time, as with --no-checkpoint");
}

/// Says what went wrong although the build goes on, and what follows from it.
pub(super) fn warn(failure: &Failure, consequence: &str) {
    tell_problems(failure);
    say(format_args!("hint: {consequence}"));
}

fn tell_problems(failure: &Failure) {
    for problem in &failure.problems {
        say(format_args!("warning: {}", problem.message));
        if let Some(hint) = &problem.hint {
            say(format_args!("hint: {hint}"));
        }
    }
}

/// What was granted, always; what else was decided, with `-v`.
pub(super) fn tell(request: &Request, note: &Note, report: &Report) {
    tell_access(note, report);
    if let Some(names) = &report.uncalled {
        say(format_args!(
            "note: there is no `_start`, so nobody calls these exports: {names}; --invoke calls one of them"
        ));
    }
    if note.inherits_working_directory && !report.changes_directory {
        say(
            "warning: the program has no chdir that adder can find, or never asks for its arguments: it starts in / whatever the \
             working directory",
        );
    }
    match report.profiled {
        Some((0, _)) => say("warning: the profile has none of the program's functions: it is of another program"),
        Some((recognised, all)) if request.report.verbose => {
            say(format_args!("profile: {recognised} of its {all} functions are the program's"));
        }
        _ => {}
    }
    if request.report.verbose {
        say(note.to_string().trim_end());
        say(format_args!("linker: {:?}, against musl and the runtime that adder was built with", request.linker));
    }
}

/// What the program may reach, and what it does not get.
pub(super) fn tell_access(note: &Note, report: &Report) {
    if let Some(grants) = note.grants_line() {
        say(format_args!("granted: {grants}"));
    }
    if !report.missing_imports.is_empty() {
        let names: Vec<_> = report.missing_imports.iter().map(|(module, name)| quoted_import(module, name)).collect();
        say(format_args!("warning: nobody supplies {}; calling one is a trap", names.join(", ")));
    }
}

/// What a python will have to do without, or do again and again.
pub(super) fn tell_of_python(prepared: &Prepared, tree: &Tree) {
    let is_python = || prepared.contents.first().is_some_and(|module| python::is_cpython(module));
    if prepared.request.python.is_some() {
        if let Some(failure) = python::native::warning(tree) {
            tell_problems(&failure);
        }
        return;
    }
    let uncompiled = tree.python_sources().iter().filter(|source| !source.has_bytecode).count();
    if uncompiled > 0 && is_python() {
        say(format_args!(
            "warning: of the embedded Python files, {uncompiled} have no bytecode, so they are compiled whenever they are imported"
        ));
        say("hint: adder python PATH.wasm makes bytecode of them at build");
    }
}
