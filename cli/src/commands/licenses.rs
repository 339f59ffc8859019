//! The licences of what is in an executable.

use crate::note::Note;
use crate::python::flavor;
use crate::terminal::printable;
use std::fmt::Write;

/// What adder links into every executable, and its notices.
const NOTICE: &str = include_str!("../../../NOTICE");

/// The text of `adder inspect --licenses`.
pub fn text(note: &Note) -> String {
    let mut text = NOTICE.to_owned();
    text.push_str("\nWhat was compiled comes under licences of its own:\n\n");
    for input in &note.inputs {
        let known = flavor::license(&input.sha256).unwrap_or("see where it comes from");
        let (file, sha256) = (printable::name(&input.file), printable::name(&input.sha256));
        writeln!(text, "   {file} (SHA-256 {sha256}): {known}").expect("a String takes everything");
    }
    for embedded in &note.embedded {
        let (guest, files) = (printable::line(&embedded.guest), embedded.files);
        writeln!(text, "   {guest} ({files} embedded files): see where they come from")
            .expect("a String takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// Packages that Cargo.lock lists for other systems only.
    const NOT_FOR_LINUX: [&str; 2] = ["windows-link", "windows-sys"];

    #[test]
    fn the_notice_lists_every_package_of_the_runtime() {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/Cargo.lock");
        let lock = fs::read_to_string(lock).expect("the runtime's Cargo.lock");
        let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let own = |name: &str| name.starts_with("adder-");
        let mut packages = names.filter(|name| !own(name) && !NOT_FOR_LINUX.contains(name)).peekable();
        assert!(packages.peek().is_some());
        for package in packages {
            assert!(NOTICE.contains(&format!("\n   {package} ")), "NOTICE does not list {package}");
        }
    }
}
