//! `adder runtime`: what the objects of `--emit obj` are linked with.

use crate::arguments::RuntimeArguments;
use crate::failure::{Failure, Place, Result};
use crate::library;
use crate::machine;
use crate::terminal::output::{OutputFile, say};
use crate::terminal::printable;

const OUT: Place = Place::Option("--out");

/// Writes the static library and the header.
pub fn runtime(arguments: &RuntimeArguments) -> Result<()> {
    let folder = &arguments.out;
    let target = machine::target(arguments.target);
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing("make the folder", folder, &error, OUT))?;
    let archive = library::hidden(target.files.library)?;
    let files: [(&str, &[u8]); 2] = [("libadder_runtime.a", &archive), ("adder.h", library::COMMON.as_bytes())];
    for (name, contents) in files {
        OutputFile::create(&folder.join(name), false, OUT)?.write(contents)?;
    }
    let shown = printable::shell_word(&folder.display().to_string());
    say(format_args!("wrote libadder_runtime.a and adder.h into {shown}, for {}", target.name));
    Ok(())
}
