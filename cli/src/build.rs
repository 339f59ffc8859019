//! One build, top to bottom: read, compile, configure, link, write.

use crate::checkpoint::{self, Summary};
use crate::configuration::tree::{Amount, EVERYTHING};
use crate::configuration::{Configuration, Grant, object};
use crate::failure::{Failure, Result, Status};
use crate::input;
use crate::link;
use crate::note::{CheckpointNote, EmbeddedNote, GrantNote, InputNote, Note, sha256};
use crate::output::{OutputFile, print_text, say};
use crate::printable;
use crate::progress::Progress;
use crate::python;
use crate::request::{Access, Checkpoint, EmbedSource, Request};
use crate::runtime::Runtime;
use adder_compiler::{CheckpointAt, Entry, Input, MemoryPlan, Optimization, Options, Output, Report};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What a build reads before it compiles.
pub struct Prepared<'a> {
    request: &'a Request,
    /// The modules.
    contents: Vec<Vec<u8>>,
    configuration: Configuration,
    embedded: Vec<EmbeddedNote>,
}

/// Reads the modules and what is to be embedded.
pub fn prepare(request: &Request) -> Result<Prepared<'_>> {
    let contents = input::read(&request.modules)?;
    let (mut configuration, embedded) = configure(&request.access)?;
    if let Some(checkpoint) = &request.checkpoint {
        configuration.expect_checkpoint(checkpoint.files.clone())?;
    }
    Ok(Prepared { request, contents, configuration, embedded })
}

/// Does what `request` says and puts the result where `output` says; `-` is standard output.
///
/// # Errors
/// Whatever is wrong with input, options, machine or adder. Nothing is left at or beside `output` then.
pub fn build(request: &Request, output: &Path) -> Result<()> {
    if output != Path::new("-") {
        if let Some(module) = request.modules.iter().find(|module| is_same_file(&module.path, output)) {
            return Err(Failure::usage(format!("{} is both input and output", module.path.display())));
        }
        // An output that cannot be written is reported before the work, not after it.
        drop(OutputFile::create(output, request.executable)?);
    } else if request.executable {
        return Err(Failure::usage("an executable cannot go to standard output").hint("name a file: -o FILE"));
    }
    finish(&prepare(request)?, output)
}

/// Whether two paths lead to one file that exists.
fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.metadata(), other.metadata()), (Ok(one), Ok(other)) if (one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Compiles and links what was prepared.
pub fn finish(prepared: &Prepared, output: &Path) -> Result<()> {
    let Prepared { request, contents, .. } = prepared;
    let progress = Progress::start();
    let compiled = compile(request, contents, &progress)?;
    let wasm_bytes: usize = contents.iter().map(Vec::len).sum();
    let mut sizes = vec![
        ("parse", format!("{} of wasm", bytes(wasm_bytes as u64))),
        ("compile", compile_size(&compiled.report)),
        ("emit", bytes(compiled.bytes.len() as u64)),
    ];

    if request.executable {
        progress.begin("link");
        let mut printed = String::new();
        let mut note = note(prepared, &compiled.report);
        let second = object(&prepared.configuration.block(), &note.section());
        let objects = [("program", compiled.bytes.as_slice()), ("configuration", &second)];
        let mut executable = link::executable(&objects, &Runtime::embedded(), request.linker, request.options.jobs)?;
        sizes.push(("link", bytes(executable.len() as u64)));
        if let Some(Checkpoint { run, is_optional, .. }) = &request.checkpoint {
            progress.begin("checkpoint");
            if request.report.verbose {
                say(format_args!("running the program up to its checkpoint, for at most {} s", run.timeout.as_secs()));
            }
            let taken = match checkpoint::take(executable, &prepared.configuration, run) {
                // A defect of adder's own is no reason to go on.
                Err(failure) if *is_optional && failure.status != Status::Internal => {
                    progress.finish();
                    warn_of_cold_starts(&failure);
                    return build(&without_checkpoint(request), output);
                }
                taken => taken?,
            };
            if !taken.is_tried {
                say(
                    "warning: the kernel does not say which pages a start changes: it will be slower (is there no /proc?)",
                );
            }
            executable = taken.executable;
            sizes.push(("checkpoint", checkpoint_size(&taken.summary)));
            note.add_summary(&taken.summary);
            printed = taken.printed;
        }
        OutputFile::create(output, true)?.write(&executable)?;
        progress.finish();
        tell(request, &note, &compiled.report);
        if request.report.verbose && !printed.is_empty() {
            say(format_args!("the run for the checkpoint printed:{printed}"));
        }
    } else {
        progress.finish();
        write_intermediate(output, &compiled.bytes)?;
    }
    if request.report.time {
        say(progress.table(&sizes).trim_end());
        for name in &compiled.report.routines {
            say(format_args!("known routine: {}", printable::name(name)));
        }
        for name in &compiled.report.simplified {
            say(format_args!("simplified (too big for the optimiser): {}", printable::name(name)));
        }
    }
    Ok(())
}

/// Says that there will be no checkpoint, why, and what to do about it.
fn warn_of_cold_starts(failure: &Failure) {
    for problem in &failure.problems {
        say(format_args!("warning: {}", problem.message));
        if let Some(hint) = &problem.hint {
            say(format_args!("hint: {hint}"));
        }
    }
    say("hint: the executable starts from the beginning every time, as with --no-checkpoint");
}

/// The same build without its checkpoint.
fn without_checkpoint(request: &Request) -> Request {
    let options = Options { checkpoint: None, ..request.options.clone() };
    Request { checkpoint: None, options, ..request.clone() }
}

impl Prepared<'_> {
    /// A digest of everything that the executable depends on, adder itself included.
    pub fn key(&self) -> String {
        let mut key = format!("{} {}\n", env!("CARGO_PKG_VERSION"), identity());
        for (module, bytes) in self.request.modules.iter().zip(&self.contents) {
            key += &format!("{:?} {}\n", module.name, sha256(bytes));
        }
        // The number of threads does not change the output.
        let options = Options { jobs: 1, ..self.request.options.clone() };
        key += &format!("{options:?} {:?} {}", self.request.linker, sha256(&self.configuration.block()));
        sha256(key.as_bytes())
    }
}

/// Tells builds of adder with the same version apart.
fn identity() -> String {
    let executable = std::env::current_exe().and_then(std::fs::metadata);
    executable
        .map_or_else(|_| String::new(), |found| format!("{} {}.{}", found.len(), found.mtime(), found.mtime_nsec()))
}

fn compile(request: &Request, contents: &[Vec<u8>], progress: &Progress) -> Result<Output> {
    let inputs: Vec<Input> =
        request.modules.iter().zip(contents).map(|(module, bytes)| Input { name: &module.name, bytes }).collect();
    let working_directory = contents.first().and_then(|module| python::flavor::working_directory(module));
    let options = Options { working_directory, ..request.options.clone() };
    adder_compiler::compile(&inputs, &options, progress).map_err(|mut error| {
        // People know files, not the names that modules import from each other by.
        let module = request.modules.iter().find(|module| error.module.as_ref() == Some(&module.name));
        if let Some(module) = module.or_else(|| request.modules.first().filter(|_| request.modules.len() == 1)) {
            error.module = Some(module.path.display().to_string());
        }
        error.module = error.module.map(|name| printable::line(&name).into_owned());
        if let Some((_, Some(name))) = &mut error.function {
            *name = printable::name(name).into_owned();
        }
        // The compiler marks its own faults in the message; everything else is the module's.
        let own_fault = error.message.starts_with("internal error");
        let failure =
            if own_fault { Failure::internal(error.to_string()) } else { Failure::refused(error.to_string()) };
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

fn write_intermediate(output: &Path, contents: &[u8]) -> Result<()> {
    if output == Path::new("-") { print_text(contents) } else { OutputFile::create(output, false)?.write(contents) }
}

/// Reads what is to be embedded.
fn configure(access: &Access) -> Result<(Configuration, Vec<EmbeddedNote>)> {
    let mut configuration = Configuration {
        grants: access.grants.clone(),
        arguments: access.arguments.clone(),
        environment: access.environment.clone(),
        inherit_environment: access.inherit_environment,
        inherit_working_directory: access.inherit_working_directory,
        ..Configuration::default()
    };
    let mut embedded = Vec::new();
    for embed in &access.embed {
        let (tree, guest) = (&mut configuration.tree, &embed.guest);
        let Amount { files, bytes } = match &embed.source {
            EmbedSource::Folder(folder) => tree.embed(folder, guest, EVERYTHING)?,
            EmbedSource::StandardLibrary(folder) => tree.embed(folder, guest, python::STANDARD_LIBRARY)?,
            EmbedSource::Scientific(part) => python::scientific::embed(tree, *part, guest)?,
        };
        embedded.push(EmbeddedNote { guest: embed.guest.clone(), files, bytes });
    }
    Ok((configuration, embedded))
}

fn note(prepared: &Prepared, report: &Report) -> Note {
    let Prepared { request, contents, embedded, .. } = prepared;
    let options = &request.options;
    let access = &request.access;
    let inputs = request.modules.iter().zip(contents).map(|(module, bytes)| InputNote {
        file: module.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
    });
    let grant =
        |grant: &Grant| GrantNote { host: grant.host.clone(), guest: grant.guest.clone(), read_only: grant.read_only };
    Note {
        adder: env!("CARGO_PKG_VERSION").to_owned(),
        abi: adder_compiler::abi::ABI_VERSION,
        target: options.target.to_string(),
        inputs: inputs.collect(),
        entry: match &options.entry {
            Entry::Command => "_start".to_owned(),
            Entry::Invoke(name) | Entry::Reactor(name) => name.clone(),
            Entry::Library => String::new(),
        },
        optimization: match options.optimization {
            Optimization::None => 0,
            Optimization::Fast => 1,
            Optimization::Speed => 2,
        },
        assumptions: options.assume_c_abi.then(|| "c-abi".to_owned()).into_iter().collect(),
        profile: options.profile.as_ref().map(|profile| format!("{:016x}", profile.digest())),
        instrumented: options.instrument.clone(),
        cpu: options.cpu.name().to_owned(),
        memory: match options.memory {
            MemoryPlan::Low => "low",
            MemoryPlan::High => "high",
            MemoryPlan::Checked => "checked",
        }
        .to_owned(),
        stack_bytes: options.stack_bytes.next_power_of_two(),
        memory_limit_bytes: options.memory_limit_bytes,
        functions: report.functions,
        code_bytes: report.code_bytes.1,
        image_bytes: report.image_bytes,
        imports: report.host_imports.clone(),
        missing_imports: report.missing_imports.clone(),
        grants: access.grants.iter().map(grant).collect(),
        arguments: access.arguments.clone(),
        environment: access.environment.clone(),
        inherits_environment: access.inherit_environment,
        inherits_working_directory: access.inherit_working_directory,
        embedded: embedded.clone(),
        checkpoint: options.checkpoint.as_ref().map(|at| CheckpointNote {
            after: match at {
                CheckpointAt::After(name) => Some(name.clone()),
                CheckpointAt::Convention => None,
            },
            ..CheckpointNote::default()
        }),
    }
}

/// What was granted, always; what else was decided, with `-v`.
fn tell(request: &Request, note: &Note, report: &Report) {
    if let Some(grants) = note.grants_line() {
        say(format_args!("granted: {grants}"));
    }
    if !note.missing_imports.is_empty() {
        let names: Vec<_> = note.missing_imports.iter().map(|name| printable::name_in_list(name)).collect();
        say(format_args!("warning: nobody supplies {}; calling one is a trap", names.join(", ")));
    }
    if note.inherits_working_directory && !report.changes_directory {
        say("warning: the program has no chdir that adder can find: it starts in / whatever the working directory");
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

fn compile_size(report: &Report) -> String {
    let (wasm, machine) = report.code_bytes;
    format!("{} functions, {} of wasm code to {} of machine code", report.functions, bytes(wasm), bytes(machine))
}

fn checkpoint_size(summary: &Summary) -> String {
    let (file, memory, copied) = (bytes(summary.file_bytes), bytes(summary.memory_bytes), bytes(summary.copied_bytes));
    format!("{file} for {memory} of memory, runs: {}, {copied} to copy", summary.runs)
}

/// A number of bytes for people.
pub(crate) fn bytes(number: u64) -> String {
    match number {
        0..10_000 => format!("{number} bytes"),
        10_000..10_000_000 => format!("{:.1} kB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}
