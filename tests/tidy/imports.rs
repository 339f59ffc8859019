//! Which module of a crate imports which: read from its source, as `use` lines and as paths in the code.
//!
//! A module is a file. It imports another one if it names something of it, also something that the other one only passes on
//! (`pub use`). What stands in `#[cfg(test)]` does not count. Nor does what a module has of the modules inside of it, which it is
//! made of: they may know it, and it may know them.

use adder_tests::workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use syn::visit::{self, Visit};

/// The modules of a crate, by their paths in it (`translate::control`; the root is empty), and what each imports.
pub struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Reads all files below a crate's `src` folder, named from the root of the repository.
    pub fn of_crate(source: &str) -> Imports {
        let mut files = BTreeMap::new();
        collect(&workspace::root().join(source), &mut Vec::new(), &mut files);
        assert!(files.len() > 1, "{source} has no modules");
        for name in files.keys().cloned().collect::<Vec<_>>() {
            if let Some(text) = files.get(&name) {
                let only_for_tests = modules_for_tests(&name, text);
                files.retain(|other, _| !only_for_tests.iter().any(|tests| is_or_inside(other, tests)));
            }
        }
        let names: BTreeSet<String> = files.keys().cloned().collect();
        let imports = files.iter().map(|(name, text)| {
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{source}: {name}: {error}"));
            let mut reader = Reader { names: &names, here: path(name), found: BTreeSet::new() };
            reader.visit_file(&file);
            let is_inside =
                |other: &str| other.strip_prefix(name).is_some_and(|rest| rest.starts_with("::") || name.is_empty());
            let found = reader.found.into_iter().filter(|other| other != name && !is_inside(other));
            (name.clone(), found.collect())
        });
        Imports(imports.collect())
    }

    /// All pairs of a module and one that it imports.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(from, to)| to.iter().map(|to| (from.as_str(), to.as_str())))
    }

    /// The names of all modules.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Groups of modules of which each reaches each other by imports.
    pub fn circles(&self) -> Vec<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.modules().map(|module| (module, self.reached(module))).collect();
        let mut circles: Vec<BTreeSet<&str>> = Vec::new();
        for module in self.modules().filter(|module| reached[module].contains(module)) {
            let circle = reached[module].iter().filter(|other| reached[*other].contains(module)).copied().collect();
            if !circles.contains(&circle) {
                circles.push(circle);
            }
        }
        circles
    }

    fn reached(&self, module: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut left: Vec<&str> = self.0[module].iter().map(String::as_str).collect();
        while let Some(next) = left.pop() {
            if reached.insert(next) {
                left.extend(self.0[next].iter().map(String::as_str));
            }
        }
        reached
    }
}

fn path(module: &str) -> Vec<String> {
    module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Reads the files of a folder that is the module `at`.
fn collect(folder: &Path, at: &mut Vec<String>, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the repository can be read") {
        let entry = entry.expect("the repository can be read").path();
        let name = entry.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        at.push(name.clone());
        if entry.is_dir() {
            collect(&entry, at, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let is_folders = matches!(name.as_str(), "mod" | "lib" | "main");
            let module = &at[..at.len() - usize::from(is_folders)];
            let text = fs::read_to_string(&entry).expect("the repository can be read");
            files.insert(module.join("::"), text);
        }
        at.pop();
    }
}

/// Goes through one file.
struct Reader<'a> {
    names: &'a BTreeSet<String>,
    /// The module that is read.
    here: Vec<String>,
    found: BTreeSet<String>,
}

impl Reader<'_> {
    /// A path as it stands in the code.
    fn name(&mut self, path: &[String]) {
        let mut from = self.here.clone();
        let mut rest = path;
        match path.first().map(String::as_str) {
            Some("crate") => (from, rest) = (Vec::new(), &path[1..]),
            Some("self") => rest = &path[1..],
            Some("super") => {
                while let Some("super") = rest.first().map(String::as_str) {
                    from.pop();
                    rest = &rest[1..];
                }
            }
            // A module within this one; else a name of another crate, or one that was imported.
            Some(first) if self.names.contains(&[from.as_slice(), &[first.to_owned()]].concat().join("::")) => {}
            _ => return,
        }
        let mut target = [from.as_slice(), rest].concat();
        while !self.names.contains(&target.join("::")) {
            target.pop();
        }
        if !target.is_empty() {
            self.found.insert(target.join("::"));
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&path.tree, &[prefix, &[path.ident.to_string()]].concat()),
            syn::UseTree::Name(name) => self.name(&[prefix, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.name(&[prefix, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.name(prefix),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, prefix)),
        }
    }
}

/// The names of a path that a text of tokens begins with.
fn leading_path(tokens: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in tokens.split(" :: ") {
        let end = part.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(part.len());
        names.extend((end > 0).then(|| part[..end].to_owned()));
        if end < part.len() {
            break;
        }
    }
    names
}

/// The modules that a file declares for tests alone.
fn modules_for_tests(name: &str, text: &str) -> Vec<String> {
    let items = syn::parse_file(text).map(|file| file.items).unwrap_or_default();
    let declared = items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if is_for_tests(&module.attrs) => Some(module.ident.to_string()),
        _ => None,
    });
    declared.map(|module| [path(name).as_slice(), &[module]].concat().join("::")).collect()
}

/// Whether a module is another one, or in it.
fn is_or_inside(module: &str, other: &str) -> bool {
    module.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.name(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // A macro's own syntax: only paths that begin in this crate can be told.
        let text = item.tokens.to_string();
        for start in ["crate ::", "super ::"] {
            for (at, _) in text.match_indices(start) {
                self.name(&leading_path(&text[at..]));
            }
        }
        visit::visit_macro(self, item);
    }
}
