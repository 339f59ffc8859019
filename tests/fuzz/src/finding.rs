//! Findings on disk: a folder with the modules and a text that says what to do with them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::case::{Case, Command, Module};
use crate::differential::Difference;
use crate::native::Build;
use crate::oracle::Kind;

/// A case on which the sides do not agree, and all that is needed to see it again.
pub struct Finding {
    /// The name of its folder.
    pub name: String,
    /// The modules and commands.
    pub case: Case,
    /// How the native program was built.
    pub build: Build,
    /// How wasmtime executed it.
    pub oracle: Kind,
    /// How they differ.
    pub difference: Difference,
}

impl Finding {
    /// Writes it below a folder and returns where.
    pub fn write(&self, parent: &Path) -> std::io::Result<PathBuf> {
        let folder = parent.join(&self.name);
        fs::create_dir_all(&folder)?;
        let mut text = String::new();
        let _ = writeln!(text, "build {}\noracle {}", self.build.text(), self.oracle.name());
        for (number, module) in self.case.modules.iter().enumerate() {
            let _ = writeln!(text, "module {number}.wasm {}", module.name);
            fs::write(folder.join(format!("{number}.wasm")), &module.bytes)?;
        }
        for command in &self.case.commands {
            let _ = writeln!(text, "command {}", command.line(0));
        }
        let _ = writeln!(text, "found {}\n{}", self.difference.kind, self.difference.details);
        fs::write(folder.join("finding.txt"), text)?;
        Ok(folder)
    }

    /// Reads what [`Finding::write`] wrote.
    pub fn read(folder: &Path) -> Result<Finding, String> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let text = String::from_utf8(read("finding.txt")?).map_err(|error| error.to_string())?;
        let mut case = Case::default();
        let (mut build, mut oracle) = (None, None);
        let mut difference = Difference { kind: String::new(), details: String::new() };
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let odd = || format!("{}: `{line}` is not understood", folder.display());
            match word {
                "build" => build = Some(Build::parse(rest).ok_or_else(odd)?),
                "oracle" => oracle = Some(Kind::ALL.into_iter().find(|kind| kind.name() == rest).ok_or_else(odd)?),
                "module" => {
                    let (file, name) = rest.split_once(' ').ok_or_else(odd)?;
                    case.modules.push(Module { name: name.to_owned(), bytes: read(file)? });
                }
                "command" => case.commands.push(Command::parse(rest).ok_or_else(odd)?),
                "found" => {
                    difference.kind = rest.to_owned();
                    break;
                }
                _ => return Err(odd()),
            }
        }
        let missing = || format!("{}: finding.txt is not complete", folder.display());
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Finding { name, case, build: build.ok_or_else(missing)?, oracle: oracle.ok_or_else(missing)?, difference })
    }
}
