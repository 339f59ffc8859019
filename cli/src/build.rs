//! One build, top to bottom: read, compile, configure, link, write.

mod checkpoint;
mod library;
mod tell;

use crate::checkpoint::Summary;
use crate::configuration::tree::{Amount, EVERYTHING, Tree};
use crate::configuration::{Configuration, Grant, object};
use crate::failure::{Failure, Place, Result, Status};
use crate::input;
use crate::link;
use crate::link::Runtime;
use crate::note::{CheckpointNote, EmbeddedNote, GrantNote, InputNote, NetworkNote, Note, PythonNote, sha256};
use crate::python;
use crate::request::{Access, Checkpoint, EmbedSource, Module, Product, Request};
use crate::run::Program;
use crate::target::Target;
use crate::terminal::output::{OutputFile, print_text, say};
use crate::terminal::printable;
use crate::terminal::progress::Progress;
use adder_compiler::{
    CheckpointAt, Entry, ErrorKind, Input, KnownModule, MemoryPlan, Observer, Optimization, Options, Output, Report,
    known_module, quoted,
};
use std::borrow::Cow;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tell::{tell, tell_of_python, tell_output, warn, warn_of_cold_starts};

/// What a note calls the entry of a module that is all start function.
const START_FUNCTION: &str = "(start)";

/// What a build reads before it compiles.
pub struct Prepared<'a> {
    request: &'a Request,
    /// The modules.
    contents: Vec<Vec<u8>>,
    /// How to compile them, with what is known of these very modules.
    options: Options,
    /// What is known of the main module.
    known: Option<&'static KnownModule>,
    configuration: Configuration,
    /// Under which names something is embedded.
    embedded: Vec<String>,
}

/// Reads the modules and what is to be embedded.
pub fn prepare(request: &Request) -> Result<Prepared<'_>> {
    let contents = input::read(&request.modules)?;
    let known = contents.first().and_then(|module| known_module(module));
    let mut options = options(request, known);
    python::script::check_hidden(&request.access, known.map_or(&[], |known| known.own_folders))?;
    let (mut configuration, embedded) = configure(&request.access)?;
    if let Some(checkpoint) = &request.checkpoint {
        configuration.decides = checkpoint.decides;
        configuration.cold_start_variable.clone_from(&checkpoint.cold_start_variable);
        configuration.expect_checkpoint(checkpoint.files.clone())?;
    }
    if request.product == Product::Object {
        options.configuration = Some(configuration.block());
    }
    Ok(Prepared { request, contents, options, known, configuration, embedded })
}

/// The options of a request, with what is known of its module.
fn options(request: &Request, known: Option<&KnownModule>) -> Options {
    let mut options = request.options.clone();
    if let Some(known) = known {
        // A promise about one module is none about others.
        let is_alone = request.modules.len() == 1;
        let has_effect = options.optimization != Optimization::None && options.memory != MemoryPlan::Checked;
        options.assume_c_abi |= request.assume_known && known.keeps_c_abi && is_alone && has_effect;
    }
    options
}

/// Does what `request` says and puts the result where `output` says; `-` is standard output.
///
/// # Errors
/// Whatever is wrong with input, options, machine or adder. Nothing is left at or beside `output` then.
pub fn build(request: &Request, output: &Path) -> Result<()> {
    check_output(&request.modules, request.product, output)?;
    finish(&prepare(request)?, output, OUTPUT)
}

/// How outputs are named on the command line.
const OUTPUT: Place = Place::Option("-o");

/// Finds out before the work, not after it, whether the output can be written.
///
/// # Errors
/// If it cannot, or is one of the inputs.
pub fn check_output(modules: &[Module], product: Product, output: &Path) -> Result<()> {
    if output == Path::new("-") {
        let what = match product {
            Product::Executable => "an executable",
            Product::Library => "a library",
            Product::Object | Product::Text => return Ok(()),
        };
        return Err(Failure::usage(format!("{what} cannot go to standard output")).hint("name a file: -o FILE"));
    }
    if let Some(module) = modules.iter().find(|module| is_same_file(&module.path, output)) {
        return Err(Failure::usage(format!("{} is both input and output", module.path.display())));
    }
    OutputFile::create(output, product == Product::Executable, OUTPUT).map(drop)
}

/// Whether two paths lead to one file that exists.
fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.metadata(), other.metadata()), (Ok(one), Ok(other)) if (one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Compiles and links what was prepared. `place` says how `output` was chosen.
pub fn finish(prepared: &Prepared, output: &Path, place: Place) -> Result<()> {
    let Prepared { request, contents, .. } = prepared;
    let progress = Progress::start();
    let compiled = compile(prepared, &prepared.options, &progress)?;
    let wasm_bytes: usize = contents.iter().map(Vec::len).sum();
    let mut sizes = vec![
        ("parse", format!("{} of wasm", bytes(wasm_bytes as u64))),
        ("compile", compile_size(&compiled.report)),
        ("emit", bytes(compiled.bytes.len() as u64)),
    ];

    let is_executable = request.product == Product::Executable;
    if is_executable {
        let configuration = with_bytecode(prepared, &compiled, &progress);
        progress.begin("link");
        let mut printed = String::new();
        let mut note = note(prepared, &compiled.report, &configuration.tree);
        let mut executable = link(request, target(request), &compiled, &configuration, &note)?;
        sizes.push(("link", bytes(executable.len() as u64)));
        if let Some(Checkpoint { run, is_optional, .. }) = &request.checkpoint {
            progress.begin("checkpoint");
            if request.report.verbose {
                say(format_args!("running the program up to its checkpoint, for at most {} s", run.timeout.as_secs()));
            }
            let taken = match checkpoint::take(prepared, executable, &compiled, &configuration, run) {
                // A defect of adder's own is no reason to go on.
                Err(failure) if *is_optional && failure.status != Status::Internal => {
                    progress.finish();
                    warn_of_cold_starts(&failure);
                    return build(&checkpoint::without(request), output);
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
        OutputFile::create(output, true, place)?.write(&executable)?;
        progress.finish();
        tell(request, &note, &compiled.report);
        tell_of_python(prepared, &configuration.tree);
        if request.report.verbose && !printed.is_empty() {
            say(format_args!("the run for the checkpoint printed:{printed}"));
        }
    } else if let Some(interface) = &compiled.interface {
        library::write(prepared, &compiled, interface, output, &progress)?;
    } else {
        progress.finish();
        write_intermediate(output, &compiled.bytes)?;
    }
    if request.report.time {
        say(progress.table(&sizes).trim_end());
        for name in &compiled.report.routines {
            say(format_args!("known routine: {}", quoted(name)));
        }
        for name in &compiled.report.simplified {
            say(format_args!("simplified (too big for the optimiser): {}", quoted(name)));
        }
    }
    if place == OUTPUT {
        tell_output(output, request.product, target(request));
    }
    Ok(())
}

/// The machine that a request is about.
fn target(request: &Request) -> &'static Target {
    Target::of(request.options.cpu.architecture())
}

/// What to type to run the file at this path: in a shell, a name without a slash is looked up elsewhere.
fn command(path: &Path) -> String {
    let text = path.display().to_string();
    printable::shell_word(&if text.contains('/') { text } else { format!("./{text}") })
}

/// Links what was compiled with a configuration and a note.
fn link(
    request: &Request,
    target: &'static Target,
    compiled: &Output,
    configuration: &Configuration,
    note: &Note,
) -> Result<Vec<u8>> {
    let second = object(target, &configuration.block(), &note.section());
    let objects = [("program", compiled.bytes.as_slice()), ("configuration", &second)];
    link::executable(&objects, &Runtime::embedded(target), request.linker, request.options.jobs)
}

/// The configuration of the executable: of a python, with bytecode of the Python files in it. Without that it only starts slower, so
/// no failure ends the build.
fn with_bytecode<'a>(prepared: &'a Prepared, compiled: &Output, progress: &Progress) -> Cow<'a, Configuration> {
    let Prepared { request, contents, configuration, .. } = prepared;
    let mut configuration = Cow::Borrowed(configuration);
    let (Some(python), [module, ..]) = (&request.python, &contents[..]) else { return configuration };
    if configuration.tree.python_sources().is_empty() {
        return configuration;
    }
    progress.begin("bytecode");
    let run_by = |tree: &Tree| {
        let configuration = python::bytecode::configuration(&python.interpreter, &request.access.environment, tree);
        let executable =
            link(request, target(request), compiled, &configuration, &note(prepared, &compiled.report, tree))?;
        Program::create(target(request), "adder-bytecode-", "python", &executable)
    };
    let added = python::bytecode::Library::of(&request.access.environment, &configuration.tree).and_then(|library| {
        let tree = &mut configuration.to_mut().tree;
        python::bytecode::add(tree, &sha256(module), &library, request.options.jobs, run_by)
    });
    match added {
        Ok(outcome) if request.report.verbose => {
            let python::bytecode::Outcome { compiled, cached, refused } = outcome;
            say(format_args!("bytecode: of {compiled} files, {cached} of them from the cache"));
            for path in refused {
                say(format_args!("bytecode: {} does not compile", printable::name_in_list(&path)));
            }
        }
        Ok(_) => {}
        Err(failure) => warn(
            &failure,
            "embedded Python files have no new bytecode, so they are compiled whenever they are imported",
        ),
    }
    configuration
}

impl Prepared<'_> {
    /// A digest of everything that the executable depends on, adder itself included.
    pub fn key(&self) -> String {
        let mut key = format!("{} {}\n", env!("CARGO_PKG_VERSION"), identity());
        for (module, bytes) in self.request.modules.iter().zip(&self.contents) {
            key += &format!("{:?} {}\n", module.name, sha256(bytes));
        }
        // The number of threads does not change the output.
        let options = Options { jobs: 1, ..self.options.clone() };
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

fn compile(prepared: &Prepared, options: &Options, observer: &dyn Observer) -> Result<Output> {
    let Prepared { request, contents, .. } = prepared;
    let inputs: Vec<Input> =
        request.modules.iter().zip(contents).map(|(module, bytes)| Input { name: &module.name, bytes }).collect();
    adder_compiler::compile(&inputs, options, observer).map_err(|mut error| {
        // People know files, not the names that modules import from each other by.
        let module = request.modules.iter().find(|module| error.module.as_ref() == Some(&module.name));
        if let Some(module) = module.or_else(|| request.modules.first().filter(|_| request.modules.len() == 1)) {
            error.module = Some(module.path.display().to_string());
        }
        error.module = error.module.map(|name| printable::line(&name).into_owned());
        let failure = match error.kind {
            ErrorKind::Defect => Failure::internal(error.to_string()),
            ErrorKind::Refused
            | ErrorKind::Unlinkable
            | ErrorKind::MissingModule
            | ErrorKind::Limit
            | ErrorKind::Unsupported => Failure::refused(error.to_string()),
        };
        match error.hint {
            // The compiler does not know which command it works for.
            Some(hint) if request.python.is_some() && error.kind == ErrorKind::MissingModule => {
                failure.hint(format!("adder python takes one module, adder build several: {hint}"))
            }
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

fn write_intermediate(output: &Path, contents: &[u8]) -> Result<()> {
    if output == Path::new("-") {
        return print_text(contents);
    }
    OutputFile::create(output, false, OUTPUT)?.write(contents)
}

/// Reads what is to be embedded.
fn configure(access: &Access) -> Result<(Configuration, Vec<String>)> {
    let mut configuration = Configuration {
        grants: access.grants.clone(),
        network: access.network.clone(),
        arguments: access.arguments.clone(),
        environment: access.environment.clone(),
        inherit_environment: access.inherit_environment,
        inherit_working_directory: access.inherit_working_directory,
        name_is_path: access.name_is_path,
        ..Configuration::default()
    };
    let mut embedded = Vec::new();
    for embed in &access.embed {
        let (tree, guest) = (&mut configuration.tree, &embed.guest);
        match &embed.source {
            EmbedSource::Folder(folder) => tree.embed(folder, guest, EVERYTHING)?,
            EmbedSource::StandardLibrary(folder) => tree.embed(folder, guest, python::STANDARD_LIBRARY)?,
            EmbedSource::LibraryArchive(archive) => python::embed_archive(tree, archive, guest)?,
            EmbedSource::Scientific(part) => python::flavor::scientific::embed(tree, *part, guest)?,
        };
        embedded.push(embed.guest.clone());
    }
    Ok((configuration, embedded))
}

fn note(prepared: &Prepared, report: &Report, tree: &Tree) -> Note {
    let Prepared { request, contents, options, known, embedded, .. } = prepared;
    let embedded = embedded.iter().map(|guest| {
        let Amount { files, bytes } = tree.amount(guest);
        EmbeddedNote { guest: guest.clone(), files, bytes }
    });
    let access = &request.access;
    let inputs = request.modules.iter().zip(contents).map(|(module, bytes)| InputNote {
        file: module.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
    });
    let grant = |grant: &Grant| GrantNote {
        host: grant.host.clone(),
        guest: grant.guest.clone(),
        read_only: grant.read_only,
        hidden: known.map_or_else(Vec::new, |known| python::flavor::hidden_below(known, &grant.guest)),
    };
    Note {
        adder: env!("CARGO_PKG_VERSION").to_owned(),
        abi: adder_compiler::abi::ABI_VERSION,
        target: options.cpu.architecture().triple().to_owned(),
        inputs: inputs.collect(),
        python: request
            .python
            .as_ref()
            .map(|python| PythonNote { version: python.version.clone(), flavor: python.flavor.map(str::to_owned) }),
        entry: match &options.entry {
            Entry::Command if report.is_start_function => START_FUNCTION.to_owned(),
            Entry::Command => "_start".to_owned(),
            Entry::Invoke(name) | Entry::Reactor(name) => name.clone(),
            Entry::Library | Entry::CLibrary(_) => String::new(),
        },
        optimization: match options.optimization {
            Optimization::None => 0,
            Optimization::Fast => 1,
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
        imports: joined(&report.host_imports),
        missing_imports: joined(&report.missing_imports),
        grants: access.grants.iter().map(grant).collect(),
        network: access.network.iter().map(NetworkNote::of).collect(),
        arguments: access.arguments.clone(),
        environment: access.environment.clone(),
        inherits_environment: access.inherit_environment,
        inherits_working_directory: access.inherit_working_directory,
        embedded: embedded.collect(),
        checkpoint: options.checkpoint.as_ref().map(|at| CheckpointNote {
            after: match at {
                CheckpointAt::After(name) => Some(name.clone()),
                CheckpointAt::Convention => None,
            },
            ..CheckpointNote::default()
        }),
    }
}

/// Imports as a note has them, `module.name`.
fn joined(imports: &[(String, String)]) -> Vec<String> {
    imports.iter().map(|(module, name)| format!("{module}.{name}")).collect()
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
