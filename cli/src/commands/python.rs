//! `adder python`: CPython as one executable that behaves like the `python` of the machine it runs on.

use super::stray;
use crate::arguments::{EmitArgument, PythonArguments};
use crate::configuration::Grant;
use crate::failure::{Failure, Result};
use crate::input;
use crate::link::Linker;
use crate::note::Note;
use crate::profile;
use crate::python::bytecode::Interpreter;
use crate::python::flavor::{self, Files, Flavor, Library, scientific};
use crate::python::{self, ArchivePlace, archive_place, guest_folder, prefix, script, takeover};
use crate::request::{self, Access, Checkpoint, Embed, EmbedSource, Module, Product, Python, Request};
use crate::terminal::output::{print, say};
use crate::terminal::printable::shell_word;
use adder_compiler::{CheckpointAt, Entry, MemoryPlan, Options};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Builds a python, or lists the flavors. What is wrong with the command line is said before anything is fetched.
pub fn python(arguments: &PythonArguments) -> Result<()> {
    if arguments.list {
        return print(flavor::list().as_bytes());
    }
    let source = source(arguments)?;
    let Some(output) = &arguments.output else {
        return Err(Failure::usage("--output is missing: where does the executable go?")
            .hint("name a file: adder python -o python"));
    };
    let mut access = request::access(&arguments.access)?;
    if !arguments.sandbox && arguments.access.dirs.is_empty() {
        access.grants.push(Grant { host: "/".to_owned(), guest: "/".to_owned(), read_only: false });
        access.inherit_environment = true;
        access.inherit_working_directory = true;
    }
    // Python looks for itself on PATH by bits of files that WASI does not have. Without the host's PATH, it does not look.
    access.name_is_path = access.inherit_environment;
    let mut options = request::options(&arguments.compile, EmitArgument::Exe, "")?;
    profile::add(&arguments.profile, &mut options)?;
    if let Source::Flavor(Flavor { profile: Some(trained), .. }) = source
        && !arguments.no_profile
    {
        profile::add_default(trained, &mut options);
    }
    let mut interpreter = Interpreter::default();
    if source.has_own_library() {
        scientific::prepare(&mut access);
        interpreter.arguments = scientific::start_arguments();
        if options.entry == Entry::Command {
            options.entry = Entry::Reactor(scientific::REACTOR.to_owned());
        }
    }
    let checkpoint = checkpoint(arguments, &access, &options)?;
    if checkpoint.is_some() {
        options.checkpoint = Some(CheckpointAt::Convention);
    }
    let given_library = match &arguments.stdlib {
        Some(folder) if !folder.is_file() => Some(embedded_library(folder.clone())?),
        _ => None,
    };
    request::check_access(&access)?;
    // A library that is embedded later may hold the script.
    let own_folders = [source.own_folders(), &[source.library_folder()]].concat();
    script::check(&arguments.access.arguments, &access, &own_folders)?;
    script::check_hidden(&access, source.own_folders())?;
    crate::build::check_output(&[], Product::Executable, output)?;
    if let Source::Path(path) = source {
        check_python(path)?;
    }
    warn_of_relative_paths(&arguments.access.env);

    let Files { module, library } = source.files()?;
    let archive = match (&arguments.stdlib, &library) {
        (Some(given), _) if given.is_file() => Some(given.clone()),
        (None, Library::Archive(archive)) => Some(archive.clone()),
        _ => None,
    };
    let library = match (given_library, library) {
        (Some(library), _) => Some(library),
        (None, Library::Folder(folder)) => Some(embedded_library(folder)?),
        (None, Library::Inside | Library::Scientific | Library::Archive(_)) => None,
    };
    let embedded = match archive {
        Some(archive) => Some(embedded_archive(&module, archive)?),
        None => library.map(|library| (library, prefix())),
    };
    let version = source.version(embedded.as_ref().map(|(library, _)| library));
    if let Some((library, prefix)) = embedded {
        access.embed.push(library);
        if !access.environment.iter().any(|variable| variable.starts_with("PYTHONHOME=")) {
            access.environment.push(format!("PYTHONHOME={prefix}"));
        }
    }
    let request = Request {
        modules: vec![Module { name: "python".to_owned(), path: module }],
        options,
        product: Product::Executable,
        linker: request::linker(&arguments.compile),
        access,
        assume_known: arguments.compile.assume.is_empty(),
        python: Some(Python { interpreter, version, flavor: source.flavor() }),
        checkpoint,
        report: arguments.report,
    };
    crate::build::build(&request, output)
}

/// The standard library in this folder, as what is to be embedded.
fn embedded_library(folder: PathBuf) -> Result<Embed> {
    let guest = guest_folder(&folder)?;
    Ok(Embed { source: EmbedSource::StandardLibrary(folder), guest })
}

/// The standard library in this archive, for the python in this module, as what is to be embedded, and the python's prefix.
fn embedded_archive(module: &Path, archive: PathBuf) -> Result<(Embed, &'static str)> {
    let contents = input::read(&[Module { name: "python".to_owned(), path: module.to_owned() }])?;
    let Some(ArchivePlace { prefix, folder }) = contents.iter().find_map(|module| archive_place(module)) else {
        return Err(Failure::usage(format!(
            "--stdlib {}: this python does not say where it wants an archive",
            archive.display()
        ))
        .hint("--stdlib wants a folder like lib/python3.11 for a python that was made for WASI"));
    };
    Ok((Embed { source: EmbedSource::LibraryArchive(archive), guest: folder }, prefix))
}

/// How the checkpoint is made, if there is to be one. Unless it is asked for by name, there is one where there can be.
fn checkpoint(arguments: &PythonArguments, access: &Access, options: &Options) -> Result<Option<Checkpoint>> {
    let is_optional = arguments.checkpoint.is_none() && arguments.preload.is_empty();
    let linker = request::linker(&arguments.compile);
    // Whoever wants addresses that the system chooses does not want those of a checkpoint.
    let is_possible = options.entry == Entry::Command
        && options.memory != MemoryPlan::High
        && linker == Linker::Wild
        && !takeover::always_starts_cold(&access.arguments);
    if arguments.no_checkpoint || is_optional && !is_possible {
        return Ok(None);
    }
    let option = if arguments.checkpoint.is_some() { "--checkpoint" } else { "--preload" };
    if options.entry != Entry::Command {
        return Err(Failure::usage(format!(
            "{option}: only a python that starts as CPython's own program can have a checkpoint"
        ))
        .hint("choose another flavor; adder python --list shows which ones there are"));
    }
    request::checkpoint_linker(option, linker)?;
    let prelude_path = arguments.checkpoint.iter().flatten().next();
    let prelude = match prelude_path {
        Some(path) => Some(fs::read(path).map_err(|error| Failure::file("read", path, &error))?),
        None => None,
    };
    let timeout = Duration::from_secs(arguments.checkpoint_timeout.into());
    let run = takeover::run(&access.environment, &arguments.preload, prelude_path.map(PathBuf::as_path), timeout);
    let cold_start_variable = takeover::cold_start_variable(prelude.is_some());
    let files = takeover::files(&arguments.preload, prelude)?;
    Ok(Some(Checkpoint { run, files, decides: true, cold_start_variable, is_optional }))
}

/// Refuses programs that are no CPython: what is done for one would be of no use to them.
fn check_python(path: &Path) -> Result<()> {
    let module = Module { name: "python".to_owned(), path: path.to_owned() };
    let contents = input::read(&[module])?;
    if contents.iter().all(|module| python::is_cpython(module)) {
        return Ok(());
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let (module, output) = (shell_word(&path.display().to_string()), shell_word(&stem));
    Err(Failure::refused(format!("{}: is a WebAssembly module, but no CPython", path.display()))
        .hint(format!("adder build makes executables of other programs: adder build {module} -o {output}")))
}

/// Warns of folders to import from that every process looks for in another place.
fn warn_of_relative_paths(environment: &[String]) {
    for variable in environment {
        let folders = variable.strip_prefix("PYTHONPATH=").unwrap_or_default().split(':');
        if let Some(folder) = folders.into_iter().find(|folder| !folder.is_empty() && !folder.starts_with('/')) {
            say(format_args!(
                "warning: --env {variable}: {folder} does not begin with /, so it is looked for in the working directory of each \
                 process"
            ));
            say(
                "hint: embedded folders are found by the name that --embed gives them: --embed FOLDER::/app --env PYTHONPATH=/app",
            );
        }
    }
}

/// Where a python comes from.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// It has a name.
    Flavor(&'static Flavor),
    /// It is the user's own.
    Path(&'a Path),
}

impl Source<'_> {
    fn has_own_library(self) -> bool {
        matches!(self, Source::Flavor(flavor) if flavor.has_own_library())
    }

    /// What it is called, if it has a name.
    fn flavor(self) -> Option<&'static str> {
        match self {
            Source::Flavor(flavor) => Some(flavor.name),
            Source::Path(_) => None,
        }
    }

    /// Its version. That of the user's own is what its library says, in the name of its folder.
    fn version(self, library: Option<&Embed>) -> Option<String> {
        match self {
            Source::Flavor(flavor) => Some(flavor.version.to_owned()),
            Source::Path(_) => library?.guest.rsplit_once("/python").map(|(_, version)| version.to_owned()),
        }
    }

    /// The guest's folders that the python brings itself, as far as that is known.
    fn own_folders(self) -> &'static [&'static str] {
        match self {
            Source::Flavor(flavor) => flavor.own_folders(),
            // It may bring any.
            Source::Path(_) => &["/"],
        }
    }

    /// The guest's folder below which its library is embedded, if it has one.
    fn library_folder(self) -> &'static str {
        match self {
            Source::Flavor(flavor) => flavor.library_folder(),
            Source::Path(_) => prefix(),
        }
    }

    /// Its files, fetched if they have to be.
    fn files(self) -> Result<Files> {
        match self {
            Source::Flavor(flavor) => flavor.files(),
            Source::Path(path) => Ok(Files { module: path.to_owned(), library: Library::Inside }),
        }
    }
}

/// A flavor, or a python of the user's own: whatever has a slash or ends in `.wasm` is a path.
fn source(arguments: &PythonArguments) -> Result<Source<'_>> {
    let name = &arguments.flavor;
    if let Some(flavor) = flavor::find(name) {
        if arguments.stdlib.is_some() && !flavor.takes_library() {
            return Err(Failure::usage(format!("--stdlib: its library is part of python {name}"))
                .hint("leave out --stdlib, or name a python.wasm of your own that brings none"));
        }
        return Ok(Source::Flavor(flavor));
    }
    let path = Path::new(name);
    let stray = stray::hint(&stray::words(), name);
    if let Some(kind) = script::kind(path, b"") {
        let hint = stray.unwrap_or_else(|| script::how_to_bundle(path));
        return Err(Failure::usage(format!("{name} is {kind}, not a python")).hint(hint));
    }
    if path.is_file() {
        check_module(path)?;
    }
    if name.contains('/') || name.ends_with(".wasm") {
        return Ok(Source::Path(path));
    }
    let hint = stray.unwrap_or_else(|| match path.is_file() {
        true => format!("give a file with its folder: adder python {}", shell_word(&format!("./{name}"))),
        false => wanted(),
    });
    Err(Failure::usage(format!("there is no python {name}")).hint(hint))
}

/// What pythons can be made of, for a hint.
fn wanted() -> String {
    format!("there are {}; the path of a python.wasm works too", flavor::names())
}

/// Refuses a file that is there and is no module: a script, or a program that was built already.
fn check_module(path: &Path) -> Result<()> {
    if input::is_module(path) {
        return Ok(());
    }
    let shown = path.display();
    if let Some(bytes) = fs::read(path).ok().filter(|bytes| bytes.starts_with(b"\x7fELF")) {
        let folder = if path.is_absolute() || path.starts_with(".") { "" } else { "./" };
        let (what, hint) = match Note::read(path, &bytes) {
            Ok(_) => {
                let run = shell_word(&format!("{folder}{shown}"));
                ("an executable that adder has made", format!("{run} runs it; {}", wanted()))
            }
            Err(_) => ("native code", wanted()),
        };
        return Err(Failure::usage(format!("{shown} is {what}, not a python to make one of")).hint(hint));
    }
    let module = Module { name: "python".to_owned(), path: path.to_owned() };
    input::read(&[module]).map_err(|failure| failure.hint(wanted())).map(drop)
}
