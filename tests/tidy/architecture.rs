//! What ARCHITECTURE.md says of the layout, computed from the source: which part of a crate may know which, and that files do
//! not import each other in large circles.

use crate::imports::Imports;
use crate::{CRATES, report};

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

const LAYERS: [Layers; 1] = [Layers {
    source: "cli/src",
    layers: &[
        &["terminal::printable", "terminal::markdown", "terminal::progress", "runtime", "target"],
        &["failure", "archive"],
        &["temporary", "terminal", "cache", "run"],
        &["configuration", "link", "checkpoint"],
        &["note", "fetch"],
        &["arguments", "topics", "profile", "request", "python", "input"],
        &["build"],
        &["commands", ""],
    ],
}];

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
