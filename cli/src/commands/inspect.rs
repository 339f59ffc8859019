//! `adder inspect`: what an executable says about itself.

use super::licenses;
use crate::arguments::InspectArguments;
use crate::checkpoint;
use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::terminal::output::print;
use crate::terminal::printable;
use std::fs;

/// Prints the note of an executable, or a part of it, or the licences of what is in it.
pub fn inspect(arguments: &InspectArguments) -> Result<()> {
    let path = &arguments.executable;
    let bytes = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    let mut note = Note::read(path, &bytes)?;
    let size = bytes.len();
    if let Some(summary) = checkpoint::summary(bytes) {
        note.add_summary(&summary);
    }
    if arguments.licenses {
        return print(licenses::text(&note).as_bytes());
    }
    if arguments.json {
        let json = serde_json::to_string_pretty(&note).expect("a structure of texts and numbers is JSON");
        return print(printable::json(&format!("{json}\n")).as_bytes());
    }
    if arguments.imports {
        return print(note.imports_list().as_bytes());
    }
    let file = path.display().to_string();
    print(format!("file: {}, {} bytes\n{note}", printable::line(&file), size).as_bytes())
}
