//! CPython's own test suite: every `test_*` module, run by native executables, one process a module.
//!
//! What each module has to end like is recorded in `expected-*.txt`, a file for each variant, with the number of its tests;
//! another end, better or worse, fails the test. Wherever a test of CPython fails, the record says why.
//!
//! `ADDER_SUITE=TEXT,TEXT cargo test --test suite` runs only the modules whose name contains one of the texts.
//! `ADDER_BLESS=1` records how the modules ended; the reason of a new failure has to be written by hand.
//!
//! **What the guest sees.** Executables hold the standard library and the test suite in their embedded tree: no module can change
//! them under the feet of another one that runs at the same time. 3.11's for WASI have `python.wasm` itself there, too, as
//! `sys.executable`.
//!
//! * *confined*: the guest's root is a fresh folder, and there is nothing else: no tools, no time zones, no devices. So
//!   what runs and what skips itself does not depend on the machine. Every module of 3.11 runs here.
//! * *whole host*: the grant of `adder python`. The modules that try symbolic links run once more, because where all of
//!   the host is granted links may be absolute, which a confined guest is refused (and every guest under wasmtime).
//! * *3.14*: Pyodide's Python, confined as above, with the network. Its tests are those of Debian's 3.14.8, as the ones of 3.14.2
//!   are nowhere to be had: some want what was repaired in between. `recipes/python-3.14/tests.sh` fetches them.
//! * *3.14 whole host*: the modules of 3.14 next to the system interface, with the grant of `adder python --net`.
//! * *emscripten*: 3.11 as upstream makes it for browsers, confined, with the network.
//!
//! Reasons in 3.14's record that begin with "the same under node" were compared: Pyodide in node fails the same test. Those that
//! begin with "3.14.8 wants it otherwise" were judged by what the test prints.
//!
//! Nothing outside is asked: what the tests connect to, they listen at themselves. Those of 3.14 and of emscripten run only with
//! `ADDER_SUITE_LONG=1`. Where a recipe has not been run that is not run by itself, the tests say so; `ADDER_CI_EMSCRIPTEN=1` wants
//! its output to be there.

mod executable;
mod expected;
mod module;
mod outcome;
mod platform;
mod report;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use executable::Variant;
use expected::Records;
use module::Run;
use report::Report;

/// Modules that take long, the longest first, so that no processor is left alone with one at the end.
const LONG: [&str; 24] = [
    "test_pickle",
    "test_buffer",
    "test_decimal",
    "test_lib2to3",
    "test_statistics",
    "test_compile",
    "test_bz2",
    "test_ast",
    "test_itertools",
    "test_set",
    "test_io",
    "test_bytes",
    "test_crypt",
    "test_pathlib",
    "test_datetime",
    "test_importlib",
    "test_math",
    "test_long",
    "test_email",
    "test_zipfile",
    "test_logging",
    "test_exceptions",
    "test___all__",
    "test_pickletools",
];

/// Modules with tests that need absolute symbolic links (`os_helper.skip_unless_symlink`).
const ABOUT_LINKS: [&str; 15] = [
    "test_compileall",
    "test_distutils",
    "test_genericpath",
    "test_glob",
    "test_import",
    "test_ntpath",
    "test_os",
    "test_pathlib",
    "test_posix",
    "test_posixpath",
    "test_py_compile",
    "test_shutil",
    "test_stat",
    "test_tarfile",
    "test_tempfile",
];

/// Modules of 3.14 that are run always: those next to the system interface.
const NEXT_TO_THE_SYSTEM: [&str; 42] = [
    "test.test_asyncio.test_buffered_proto",
    "test.test_asyncio.test_locks",
    "test.test_asyncio.test_queues",
    "test.test_asyncio.test_runners",
    "test.test_asyncio.test_selector_events",
    "test.test_asyncio.test_sendfile",
    "test.test_asyncio.test_server",
    "test.test_asyncio.test_sock_lowlevel",
    "test.test_asyncio.test_streams",
    "test.test_asyncio.test_timeouts",
    "test.test_asyncio.test_transports",
    "test.test_asyncio.test_unix_events",
    "test.test_asyncio.test_waitfor",
    "test_bufio",
    "test_ctypes",
    "test_eintr",
    "test_fcntl",
    "test_file",
    "test_fileio",
    "test_genericpath",
    "test_getpass",
    "test_glob",
    "test_ioctl",
    "test_largefile",
    "test_locale",
    "test_logging",
    "test_mmap",
    "test_os",
    "test_pathlib",
    "test_poll",
    "test_posix",
    "test_posixpath",
    "test_select",
    "test_selectors",
    "test_shutil",
    "test_signal",
    "test_stat",
    "test_strftime",
    "test_tempfile",
    "test_termios",
    "test_time",
    "test_tty",
];

/// Held while modules run: as many run at the same time as there are processors, and not twice that.
static PROCESSORS: Mutex<()> = Mutex::new(());

#[test]
fn every_module_ends_as_expected() {
    check(Variant::Confined, executable::modules(Variant::Confined), true);
}

#[test]
fn modules_about_links_end_as_expected_with_the_whole_host() {
    check(Variant::WholeHost, ABOUT_LINKS.map(str::to_owned).into(), true);
}

#[test]
fn modules_of_3_14_next_to_the_system_end_as_expected_with_the_whole_host() {
    if is_long() && is_there(Variant::PyodideWholeHost) {
        check(Variant::PyodideWholeHost, NEXT_TO_THE_SYSTEM.map(str::to_owned).into(), true);
    }
}

#[test]
fn modules_of_3_14_end_as_expected() {
    if is_long() && is_there(Variant::Pyodide) {
        check(Variant::Pyodide, executable::modules(Variant::Pyodide), true);
    }
}

#[test]
fn modules_of_the_python_for_browsers_end_as_expected() {
    if is_long() && is_there(Variant::Emscripten) {
        check(Variant::Emscripten, executable::modules(Variant::Emscripten), true);
    }
}

/// Whether what takes long is to be run.
fn is_long() -> bool {
    let is_long = is_set("ADDER_SUITE_LONG");
    if !is_long {
        println!("not run: it takes minutes; ADDER_SUITE_LONG=1 runs it");
    }
    is_long
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

/// Whether what a recipe makes is there, which `ADDER_CI_EMSCRIPTEN=1` wants.
fn is_there(variant: Variant) -> bool {
    let Some(recipe) = variant.missing_recipe() else { return true };
    assert!(!is_set("ADDER_CI_EMSCRIPTEN"), "what {} needs is not there\nhint: run {recipe}", variant.name());
    println!("not run: {recipe} makes what {} needs", variant.name());
    false
}

/// Runs these modules, and compares how they end with the record. `complete`: they are all that it has.
fn check(variant: Variant, mut modules: Vec<String>, complete: bool) {
    let filter = std::env::var("ADDER_SUITE").ok();
    let complete = complete && filter.is_none();
    if let Some(filter) = &filter {
        modules.retain(|module| filter.split(',').any(|text| module.contains(text)));
        if modules.is_empty() {
            // Another variant may have one.
            println!("no module of {} is called like {filter:?}", variant.name());
            return;
        }
    }
    let rank = |name: &String| LONG.iter().position(|long| long == name).unwrap_or(LONG.len());
    modules.sort_by_key(|name| (rank(name), name.clone()));
    let recorded = expected::path(variant);
    let records = Records::of(&recorded);
    modules.retain(|module| !records.leaves_out(module));
    let report = run_all(variant, &modules, &records);
    println!("{}", report.text());
    if adder_tests::workspace::bless() {
        expected::bless(&recorded, &report, complete);
    }
    let deviations = expected::deviations(&recorded, &report, complete);
    assert!(
        deviations.is_empty(),
        "{} (ADDER_BLESS=1 to accept) does not say that:\n{}",
        recorded.display(),
        deviations.join("\n")
    );
}

/// Runs these modules, in this order as far as there are processors.
fn run_all(variant: Variant, modules: &[String], records: &Records) -> Report {
    let executable = executable::build(variant);
    let guard = PROCESSORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Vec::new());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                while let Some(name) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run: Run = module::run(variant, &executable, name, &records.left_out_of(name));
                    runs.lock().expect("no thread panicked").push(run);
                }
            });
        }
    });
    let elapsed = start.elapsed();
    drop(guard);
    Report::new(variant, runs.into_inner().expect("no thread panicked"), elapsed)
}
