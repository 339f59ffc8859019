//! What ARCHITECTURE.md says of the layout, computed from the source: which part of a crate may know which, and that files do
//! not import each other in large circles.

use crate::imports::Imports;
use crate::{CRATES, files, report};

/// As many files may import each other in a circle: a type, and two halves of what it does.
const CIRCLE_MAX: usize = 3;

#[test]
fn files_do_not_import_each_other_in_large_circles() {
    let mut findings = Vec::new();
    for source in CRATES {
        for circle in Imports::of_crate(source).circles().into_iter().filter(|circle| circle.len() > CIRCLE_MAX) {
            let names: Vec<&str> = circle.into_iter().collect();
            findings.push(format!(
                "{source}: these {} import each other in a circle: {}",
                names.len(),
                names.join(", ")
            ));
        }
    }
    report(&findings);
}

/// The layers of a crate, the lowest first. A module belongs to the layer that has the longest prefix of its path, and may only
/// import modules of its own layer and of those before it. So nothing looks ahead.
struct Layers {
    source: &'static str,
    layers: &'static [&'static [&'static str]],
}

const LAYERS: [Layers; 3] = [
    Layers {
        source: "runtime/src",
        layers: &[
            &["arch"],
            &["leaf"],
            &["process"],
            &["guest"],
            &["heap"],
            &["vfs"],
            &["net"],
            &["checkpoint"],
            &["run"],
            &["host"],
            &["start", "library", ""],
        ],
    },
    Layers {
        source: "compiler/src",
        layers: &[
            &["id", "error", "quote"],
            &["types", "symbol", "profile"],
            &["arch", "known", "options", "overrides"],
            &["module"],
            &["link"],
            &["plan"],
            &["clif"],
            &["translate"],
            &["optimize"],
            &["codegen"],
            &["object"],
            &["report", ""],
        ],
    },
    Layers {
        source: "cli/src",
        layers: &[
            &["terminal::printable", "terminal::markdown", "terminal::progress", "target"],
            &["failure", "archive"],
            &["temporary", "terminal", "cache", "run", "machine"],
            &["configuration", "link", "checkpoint"],
            &["note", "fetch", "library"],
            &["arguments", "topics", "profile", "request", "python", "input"],
            &["build"],
            &["commands", ""],
        ],
    },
];

/// Modules that only know some others, wherever those stand: leaves of the runtime run on the guest's stack, where nothing else
/// may.
const ONLY_KNOWS: [(&str, &str, &[&str]); 1] = [("runtime/src", "leaf", &["arch", "leaf"])];

#[test]
fn some_know_little() {
    let mut findings = Vec::new();
    for (source, room, known) in ONLY_KNOWS {
        let imports = Imports::of_crate(source);
        for (from, to) in imports.pairs().filter(|(from, _)| room_of(from) == room) {
            if !known.contains(&room_of(to)) {
                findings.push(format!("{source}: {from} imports {to}"));
            }
        }
    }
    report(&findings);
}

/// The part of a crate that a module is in.
fn room_of(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

#[test]
fn nothing_looks_ahead() {
    let mut findings = Vec::new();
    for Layers { source, layers } in LAYERS {
        let layer_of = |module: &str| {
            let is_in = |prefix: &str| {
                let rest = module.strip_prefix(prefix);
                rest.is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with("::") || prefix.is_empty() && module.is_empty()
                })
            };
            let all = layers
                .iter()
                .enumerate()
                .flat_map(|(layer, prefixes)| prefixes.iter().map(move |prefix| (layer, prefix)));
            all.filter(|(_, prefix)| is_in(prefix)).max_by_key(|(_, prefix)| prefix.len()).map(|(layer, _)| layer)
        };
        let imports = Imports::of_crate(source);
        for module in imports.modules().filter(|module| layer_of(module).is_none()) {
            findings.push(format!("{source}: {module} is in no layer"));
        }
        for (from, to) in imports.pairs().filter(|(from, to)| layer_of(from) < layer_of(to)) {
            findings.push(format!("{source}: {from} imports {to}, which is in a later layer"));
        }
    }
    report(&findings);
}

/// Names of registers, as assembly and the kernel have them.
const REGISTERS: [&str; 20] = [
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "rip", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
    "r15", "eax", "ecx", "edx",
];

/// How words begin that name an instruction set or a target.
const INSTRUCTION_SETS: [&str; 9] = ["x86", "amd64", "aarch64", "avx", "sse", "ssse", "xmm", "ymm", "cpuid"];

/// Where such names may stand: what knows the machine.
const MACHINE: [&str; 4] = ["compiler/src/arch/", "runtime/abi/src/arch/", "runtime/src/arch/", "cli/src/target.rs"];

#[test]
fn the_machine_is_known_in_its_place_only() {
    let mut findings = Vec::new();
    for (path, text) in files(&[".rs"]) {
        let is_source = CRATES.iter().any(|source| path.starts_with(source));
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        if !is_source || is_test || MACHINE.iter().any(|place| path.starts_with(place)) {
            continue;
        }
        let code = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]")).enumerate();
        for (number, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let words = line.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
            let is_machine = |word: &String| {
                REGISTERS.contains(&word.as_str()) || INSTRUCTION_SETS.iter().any(|set| word.starts_with(set))
            };
            findings.extend(words.filter(is_machine).map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    report(&findings);
}
