//! The command line as it is typed. What it means is decided in [`crate::request`].

use crate::machine::{cpus, targets};
use crate::target::Target;
use crate::topics;
use adder_compiler::CpuLevel;
use clap::builder::styling::Styles;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

const EXIT_STATUS: &str = "\
Exit status:
  0  done
  1  the input was refused: not a module, invalid, or it needs something unsupported
  2  the command line does not make sense
  3  a file, a program or the network failed
  4  a fault of adder itself
  (adder run ends as the program it runs: its own status, 134 after a trap)";

const TOPICS: &str = "Pages about single subjects: adder help topics";

/// Turns WebAssembly modules into native Linux executables that need nothing on the machine they run on.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = format!("{EXIT_STATUS}\n\n{TOPICS}"),
    styles = Styles::plain(),
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The command line as clap knows it, with what only the pages know: that a command has one of its name.
pub fn command() -> clap::Command {
    Arguments::command().mut_subcommands(|command| match topics::find(command.get_name()) {
        None => command,
        Some(topic) => {
            let page = topics::how_to_print(topic.name);
            command.after_help(format!("{EXIT_STATUS}\n\nA page about it: {page}"))
        }
    })
}

/// Reads a whole number in a range.
fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: Copy + Display + FromStr + PartialOrd + 'static,
{
    move |text| {
        let (least, most) = (*range.start(), *range.end());
        if text.is_empty() || text.contains(|sign: char| !sign.is_ascii_digit()) {
            return Err(format!("it must be a whole number, {least} or more"));
        }
        // Too many digits for the type are too large a number.
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("it must be a number from {least} to {most}"))
    }
}

/// The modes of adder.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile modules into an executable
    #[command(after_help = EXIT_STATUS)]
    Build(BuildArguments),
    /// Make a native python out of CPython's python.wasm
    #[command(after_help = EXIT_STATUS)]
    Python(PythonArguments),
    /// Compile a module into the cache and run it
    #[command(after_help = EXIT_STATUS)]
    Run(RunArguments),
    /// Show what an executable was made from and what it may do
    #[command(after_help = EXIT_STATUS)]
    Inspect(InspectArguments),
    /// Compare the speed of pythons, or of other programs, by a script of yours
    #[command(after_help = EXIT_STATUS)]
    Bench(BenchArguments),
    /// Work with the profiles that instrumented executables write
    #[command(subcommand, after_help = EXIT_STATUS, disable_help_subcommand = true)]
    Profile(ProfileCommand),
    /// List the machines that executables are made for
    #[command(after_help = EXIT_STATUS)]
    Targets,
    /// Write what the objects of --emit obj are linked with
    #[command(after_help = EXIT_STATUS)]
    Runtime(RuntimeArguments),
    /// Print a page of the documentation, or how a command is called
    #[command(after_help = TOPICS)]
    Help(HelpArguments),
}

/// `adder runtime`.
#[derive(Debug, Args)]
pub struct RuntimeArguments {
    /// The folder for libadder_runtime.a and adder.h; it is made if it is not there
    #[arg(short, long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The machine that the objects are for [default: this one]
    #[arg(long, value_name = "TARGET", value_parser = targets())]
    pub target: Option<&'static Target>,
}

/// `adder help`.
#[derive(Debug, Args)]
pub struct HelpArguments {
    /// A topic, a command, `topics` for a list of the topics, or `topics` and one of them
    #[arg(value_name = "TOPIC|COMMAND")]
    pub names: Vec<String>,
}

/// The modes of `adder profile`.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Sum up profiles into one small file
    #[command(after_help = EXIT_STATUS)]
    Merge(MergeArguments),
}

/// `adder profile merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The profiles
    #[arg(value_name = "PROFILE", required = true)]
    pub profiles: Vec<PathBuf>,
    /// Where their sum goes
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `adder build`.
#[derive(Debug, Args)]
pub struct BuildArguments {
    /// The modules: the main one first, then those it imports from
    ///
    /// They start in this order. A module is imported from by its file name without .wasm, or by NAME where NAME=FILE is
    /// given.
    #[arg(value_name = "FILE.wasm", required = true)]
    pub modules: Vec<String>,
    /// Where the result goes; - is standard output, for --emit obj, clif and asm
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = EmitArgument::Exe, help_heading = "Output")]
    pub emit: EmitArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub access: AccessArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub checkpoint: CheckpointArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub compile: CompileArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub profile: ProfileArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub report: ReportArguments,
}

/// `adder python`. Whether there is an output is looked at last: a wrong flavor is worse.
#[derive(Debug, Args)]
#[command(override_usage = "adder python [OPTIONS] --output <FILE> [FLAVOR|PATH.wasm]")]
pub struct PythonArguments {
    /// Which python: a name from --list, or the path of a python.wasm
    #[arg(value_name = "FLAVOR|PATH.wasm", default_value = "3.14")]
    pub flavor: String,
    /// Where the executable goes
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Show the flavors and end
    #[arg(long, help_heading = "Output")]
    pub list: bool,
    /// The standard library of a python.wasm that brings none; it is embedded
    ///
    /// A folder like lib/python3.11.
    #[arg(long, value_name = "FOLDER", help_heading = "Output")]
    pub stdlib: Option<PathBuf>,
    /// Grant only what --dir, --env and --inherit-env say
    ///
    /// Without this, the executable is granted the host's files, environment and working directory. --dir implies it.
    #[arg(long, help_heading = "Access")]
    pub sandbox: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub access: AccessArguments,
    /// Import these modules before the checkpoint, which this implies
    #[arg(
        long,
        value_name = "MODULE,...",
        value_delimiter = ',',
        conflicts_with = "no_checkpoint",
        help_heading = "Checkpoint"
    )]
    pub preload: Vec<String>,
    /// Start python now, and let the executable go on from there whenever it is started
    ///
    /// With what start-up imports, what --preload names, and what the program PRELUDE.py does. Without this option too, where
    /// that is possible: not for `scientific`, and not with --memory high or --linker cc.
    #[arg(
        long,
        value_name = "PRELUDE.py",
        require_equals = true,
        conflicts_with = "no_checkpoint",
        help_heading = "Checkpoint"
    )]
    pub checkpoint: Option<Option<PathBuf>>,
    /// Start python from the beginning in every process; then each has its own seed of hashes
    #[arg(long, help_heading = "Checkpoint")]
    pub no_checkpoint: bool,
    /// How long the start for the checkpoint may take
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = number(1..=u32::MAX),
        help_heading = "Checkpoint"
    )]
    pub checkpoint_timeout: u32,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub compile: CompileArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub profile: ProfileArguments,
    /// Do not optimise by the profile that adder brings for 3.14, 3.12, 3.11 and 3.11-tuned, in place of which
    /// --profile puts others
    #[arg(long, conflicts_with = "profile", help_heading = "Profiles")]
    pub no_profile: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub report: ReportArguments,
}

/// `adder run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The modules, as for adder build: the main one first, then those it imports from
    #[arg(value_name = "FILE.wasm", required = true)]
    pub modules: Vec<String>,
    /// Arguments of the program, behind --
    #[arg(last = true, value_name = "ARGS")]
    pub arguments: Vec<OsString>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub access: AccessArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub compile: CompileArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub report: ReportArguments,
}

/// `adder inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// An executable that adder wrote
    pub executable: PathBuf,
    /// Print the note as JSON
    #[arg(long, conflicts_with_all = ["licenses", "imports"])]
    pub json: bool,
    /// Print the functions that it imports, one a line
    #[arg(long, conflicts_with = "licenses")]
    pub imports: bool,
    /// Print the licences of what adder linked into it
    #[arg(long)]
    pub licenses: bool,
}

/// `adder bench`.
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// A python to measure; reports call it NAME, or by its path. Repeatable
    #[arg(long = "python", value_name = "[NAME=]FILE")]
    pub pythons: Vec<String>,
    /// The native python that the others are measured by [default: the first --python]
    #[arg(long, value_name = "[NAME=]FILE")]
    pub native: Option<String>,
    /// How often each of them runs the script; they take turns
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = number(1..=u16::MAX))]
    pub rounds: u16,
    /// Write everything that was measured
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a page with charts
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// The script, and its arguments
    #[arg(value_name = "SCRIPT.py", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub script: Vec<OsString>,
}

/// What the executable may reach. Without any of these it reaches nothing but its standard streams.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Access")]
pub struct AccessArguments {
    /// Let the program use the folder HOST, under the name GUEST; repeatable
    ///
    /// Without GUEST the name is the same. A relative HOST is looked up where the executable is started. With :ro, nothing in
    /// it can be changed; :rw is the default, and is only needed behind a name with a colon in its last part.
    #[arg(long = "dir", value_name = "HOST[::GUEST][:ro|:rw]")]
    pub dirs: Vec<String>,
    /// Let the program use the network, or only connect to HOST, or only listen at ADDR; repeatable
    ///
    /// Without a value, everything. PORT may be * or left out, which is all ports; HOST and ADDR may be *. An address of IPv6
    /// stands in brackets: listen:[::1]:8000. The name of a host stands for all addresses that it has when the program uses one.
    #[arg(
        long = "net",
        value_name = "connect:HOST[:PORT]|listen:ADDR:PORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub network: Vec<String>,
    /// Embed the folder or file HOST; the program reads it under the absolute path GUEST; repeatable
    #[arg(long = "embed", value_name = "HOST::GUEST")]
    pub embed: Vec<String>,
    /// Set an environment variable; repeatable
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// Give the program this argument before those it is started with; repeatable
    #[arg(long = "argument", value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "invoke")]
    pub arguments: Vec<String>,
    /// Let the program see the environment it is started in
    #[arg(long)]
    pub inherit_env: bool,
}

/// How to compile.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Compilation")]
pub struct CompileArguments {
    /// How hard to optimise
    #[arg(short = 'O', long = "optimize", value_enum, value_name = "LEVEL", default_value_t = OptimizeArgument::Fast)]
    pub optimize: OptimizeArgument,
    /// Rely on something that is true of the module, and be faster for it; repeatable
    ///
    /// Worth most for modules that were compiled without optimisation; without effect with -O 0 or --memory checked. Unless
    /// this option is given, c-abi is relied on for modules that adder knows by their digest to keep it: python 3.12 from npm.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub assume: Vec<AssumeArgument>,
    /// The machine that the executable is for; this one, if nothing is said
    #[arg(long, value_parser = targets())]
    pub target: Option<&'static Target>,
    /// The CPUs that the executable is for; all of the target, if nothing is said
    ///
    /// It starts only where the CPU has the level. x86-64 and armv8-a mean all CPUs; native is the highest level that this machine
    /// has.
    #[arg(long, value_parser = cpus())]
    pub cpu: Option<CpuLevel>,
    /// Where memories lie: low is fastest; high is for tools like valgrind; checked needs little address space
    #[arg(long, value_enum, default_value_t = MemoryArgument::Low)]
    pub memory: MemoryArgument,
    /// Size of the program's stack, like 64M; rounded up to a power of two
    #[arg(long, value_name = "SIZE", default_value = "64MiB")]
    pub stack_size: String,
    /// Size beyond which no memory grows, like 2GiB [default: what the module declares]
    #[arg(long, value_name = "SIZE")]
    pub max_memory: Option<String>,
    /// Call this export instead of _start, with the command line as its parameters, and print its results
    ///
    /// Parameters are integers in decimal or 0x hexadecimal; floats like 0.5, 1e3, inf or nan; a v128 as one argument, a shape
    /// and its lanes, 'i32x4 1 2 3 4'; references only null. Results are printed one a line, every v128 as i32x4 in
    /// hexadecimal.
    #[arg(long, value_name = "NAME", help_heading = "Entry")]
    pub invoke: Option<String>,
    /// Call this export instead of _start, without parameters, and end with the status that it returns
    ///
    /// For reactors that read the command line by themselves.
    #[arg(long, value_name = "NAME", conflicts_with = "invoke", help_heading = "Entry")]
    pub reactor: Option<String>,
    /// Let imports that nobody supplies trap when they are called, instead of refusing the module
    #[arg(long, help_heading = "Entry")]
    pub allow_missing: bool,
    /// Threads to compile with [default: one for each processor]
    #[arg(short, long, value_name = "N", value_parser = number(1..=1024_u16))]
    pub jobs: Option<u16>,
    /// What links the executable: wild is inside adder, cc is the C compiler of this machine
    #[arg(long, value_enum, default_value_t = LinkerArgument::Wild)]
    pub linker: LinkerArgument,
}

/// Counting what a program executes, and optimising by it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Profiles")]
pub struct ProfileArguments {
    /// Build an executable that counts what it executes, and writes that to FILE when it ends
    ///
    /// In its working directory, as adder.profile if no FILE is named, or to the file that the environment variable
    /// ADDER_PROFILE names. %p in the name is the number of the process.
    #[arg(long, value_name = "FILE", require_equals = true)]
    pub instrument: Option<Option<String>>,
    /// Optimise by what an instrumented executable of the program has counted; repeatable
    ///
    /// One of a similar program is of use, too. Several are summed up.
    #[arg(long, value_name = "FILE")]
    pub profile: Vec<PathBuf>,
}

/// Whether the executable starts where a run at build got to.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Checkpoint")]
pub struct CheckpointArguments {
    /// Run the program now, and let the executable go on from there whenever it is started
    ///
    /// It is run up to where it reads the file /.adder/checkpoint, or until its export wizer.initialize returns. The run has no
    /// arguments, no input, no files but embedded ones, and only the environment that --env gives.
    #[arg(long)]
    pub checkpoint: bool,
    /// Call this export now, and start the executable as it was when that had returned; implies --checkpoint
    #[arg(long, value_name = "NAME")]
    pub checkpoint_init: Option<String>,
    /// How long the run for the checkpoint may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = number(1..=u32::MAX))]
    pub checkpoint_timeout: u32,
}

/// What to tell while working.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Messages", disable_help_flag = true)]
pub struct ReportArguments {
    /// Print the phases with their times and sizes
    #[arg(long)]
    pub time: bool,
    /// Say what is being done
    #[arg(short, long)]
    pub verbose: bool,
    /// Print this: -h in short, --help with everything
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}

/// `--emit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EmitArgument {
    /// An executable
    Exe,
    /// A shared library with what the main module exports, and beside it a C header and a Python module
    Lib,
    /// The same as an object file, with a C header beside it, to be linked with what adder runtime writes
    Obj,
    /// The intermediate code, as text
    Clif,
    /// The machine code, as text
    Asm,
}

/// `--optimize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OptimizeArgument {
    /// Not at all, and registers are handed out in one quick pass: the simplest way, for large or doubtful modules
    #[value(name = "0")]
    None,
    /// With everything that pays and compiles about as fast as other compilers
    #[value(name = "1")]
    Fast,
}

/// `--assume`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AssumeArgument {
    /// A compiler for C, C++, Rust or the like has made it, and nothing reads another function's variables but by an
    /// address that it was given: it does not look through its own stack, for garbage or to measure it
    CAbi,
    /// Nothing, whatever adder knows of the module
    None,
}

/// `--memory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum MemoryArgument {
    Low,
    High,
    Checked,
}

/// `--linker`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum LinkerArgument {
    Wild,
    Cc,
}
