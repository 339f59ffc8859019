//! Building a library: the library itself, and beside it what tells others how it is called.

use super::tell::tell_access;
use super::{OUTPUT, Prepared, command, note, target, write_intermediate};
use crate::configuration::object;
use crate::failure::{Failure, Result};
use crate::library;
use crate::link;
use crate::request::Product;
use crate::terminal::output::{OutputFile, say};
use crate::terminal::progress::Progress;
use adder_compiler::{Interface, Output};
use std::borrow::Cow;
use std::path::Path;

/// Writes a library, and beside it what tells others how it is called.
pub fn write(
    prepared: &Prepared,
    compiled: &Output,
    interface: &Interface,
    output: &Path,
    progress: &Progress,
) -> Result<()> {
    let Prepared { request, configuration, .. } = prepared;
    let main = request.modules.first().and_then(|module| module.path.file_name()).unwrap_or_default().to_string_lossy();
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let beside = |ending: &str| output.with_file_name(format!("{}.{ending}", interface.prefix));
    let is_shared = request.product == Product::Library;
    let mut files = Vec::new();
    if output != Path::new("-") {
        files.push((beside("h"), library::header(interface, &main)));
    }
    if is_shared {
        files.push((beside("py"), library::python(interface, &main, &name)));
    }
    if let Some((taken, _)) = files.iter().find(|(path, _)| path == output) {
        return Err(Failure::usage(format!("{} is both the library and what lies beside it", taken.display()))
            .hint("give the library another name: lib<name>.so"));
    }
    let note = note(prepared, &compiled.report, &configuration.tree);
    let linked = match is_shared {
        true => {
            progress.begin("link");
            let target = target(request);
            let second = object(target, &configuration.block(), &note.section());
            let objects = [("program", compiled.bytes.as_slice()), ("configuration", &second)];
            Cow::Owned(link::library(&objects, target, &name, request.options.jobs)?)
        }
        false => Cow::Borrowed(&compiled.bytes),
    };
    progress.finish();
    tell_access(&note, &compiled.report);
    for (path, text) in &files {
        OutputFile::create(path, false, OUTPUT)?.write(text.as_bytes())?;
    }
    write_intermediate(output, &linked)?;
    for (path, _) in &files {
        say(format_args!("wrote {}", command(path)));
    }
    Ok(())
}
