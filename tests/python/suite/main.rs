//! CPython's own test suite: every `test_*` module of 3.11.2, run by native executables, one process a module.
//!
//! What each module has to end like is recorded in `expected-confined.txt`, with the number of its tests; another end,
//! better or worse, fails the test. Wherever a test of CPython fails, the record says why.
//!
//! `ADDER_SUITE=TEXT cargo test --test suite` runs only the modules whose name contains the text and prints everything.
//! `ADDER_BLESS=1` records how the modules ended; the reason of a new failure has to be written by hand.
//!
//! **What the guest sees.** Two executables hold the standard library, the test suite and, as `sys.executable`,
//! `python.wasm` itself in their embedded tree: no module can change them under the feet of another one that runs at the
//! same time.
//!
//! * *confined*: the guest's root is a fresh folder, and there is nothing else: no tools, no time zones, no devices. So
//!   what runs and what skips itself does not depend on the machine. Every module runs here.
//! * *whole host*: the grant of `adder python`. The modules that try symbolic links run once more, because where all of
//!   the host is granted links may be absolute, which a confined guest is refused (and every guest under wasmtime).

mod executable;
mod expected;
mod module;
mod outcome;
mod report;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use executable::Variant;
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

/// Held while modules run: as many run at the same time as there are processors, and not twice that.
static PROCESSORS: Mutex<()> = Mutex::new(());

#[test]
fn every_module_ends_as_expected() {
    check(Variant::Confined, executable::modules());
}

#[test]
fn modules_about_links_end_as_expected_with_the_whole_host() {
    check(Variant::WholeHost, ABOUT_LINKS.map(str::to_owned).into());
}

fn check(variant: Variant, mut modules: Vec<String>) {
    let filter = std::env::var("ADDER_SUITE").ok();
    if let Some(filter) = &filter {
        modules.retain(|module| module.contains(filter));
        if modules.is_empty() {
            // The other test says so if there is no such module at all.
            assert_ne!(variant, Variant::Confined, "no module is called like {filter:?}");
            return;
        }
    }
    let rank = |name: &String| LONG.iter().position(|long| long == name).unwrap_or(LONG.len());
    modules.sort_by_key(|name| (rank(name), name.clone()));
    let report = run_all(variant, &modules);
    println!("{}", report.text());
    let recorded = expected::path(variant);
    if adder_tests::workspace::bless() {
        expected::bless(&recorded, &report, filter.is_none());
    }
    let deviations = expected::deviations(&recorded, &report, filter.is_none());
    assert!(
        deviations.is_empty(),
        "{} (ADDER_BLESS=1 to accept) does not say that:\n{}",
        recorded.display(),
        deviations.join("\n")
    );
}

/// Runs these modules, in this order as far as there are processors.
fn run_all(variant: Variant, modules: &[String]) -> Report {
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
                    let run: Run = module::run(variant, &executable, name);
                    runs.lock().expect("no thread panicked").push(run);
                }
            });
        }
    });
    let elapsed = start.elapsed();
    drop(guard);
    Report::new(variant, runs.into_inner().expect("no thread panicked"), elapsed)
}
