//! Python scripts on adder's command line: given where a module was meant, or given to the executable by `--argument`.

use crate::failure::{Failure, Result};
use crate::request::{Access, EmbedSource};
use crate::terminal::printable::shell_word;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// How files of Python's are called, and what they are.
const KINDS: [(&str, &str); 4] = [
    ("py", "a Python script"),
    ("pyw", "a Python script"),
    ("pyz", "an archive of Python modules"),
    ("pyc", "Python's bytecode"),
];

/// What a file is instead of a module, if it is Python's: by its name, or by its first line.
pub fn kind(path: &Path, beginning: &[u8]) -> Option<&'static str> {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let by_name = KINDS.iter().find(|(name, _)| *name == extension).map(|(_, kind)| *kind);
    let first_line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has_python = |line: &[u8]| line.windows(6).any(|word| word == b"python");
    by_name.or_else(|| (first_line.starts_with(b"#!") && has_python(first_line)).then_some("a Python script"))
}

/// How to run a script, and how to make one file of a python and the script.
pub fn how_to_bundle(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let embed = shell_word(&format!("{}::/app/{name}", path.display()));
    let argument = shell_word(&format!("/app/{name}"));
    let script = shell_word(&path.display().to_string());
    let stem = shell_word(&path.file_stem().unwrap_or_default().to_string_lossy());
    format!(
        "adder puts a script into a python: adder python --embed {embed} --argument {argument} -o {stem}; one that runs any script, as \
         ./python {script}: adder python -o python; with a folder of modules in place of the script: adder help embedding"
    )
}

/// Looks for the script that the arguments which are baked in name, as far as it can be known now where it will be looked for.
/// `own_folders` are the guest's folders that the python brings itself.
///
/// # Errors
/// If the executable will not find it.
pub fn check(arguments: &[String], access: &Access, own_folders: &[&str]) -> Result<()> {
    let Some(script) = named(arguments) else { return Ok(()) };
    if !script.starts_with('/') && access.inherit_working_directory {
        return Ok(());
    }
    let Some(path) = normalized(script) else { return Ok(()) };
    let mut embedded_as = None;
    for embed in &access.embed {
        let Some(rest) = below(&path, &embed.guest) else { continue };
        match &embed.source {
            EmbedSource::Folder(host) if !joined(host, rest).exists() => embedded_as = Some(&embed.guest),
            _ => return Ok(()),
        }
    }
    if let Some(guest) = embedded_as {
        return Err(Failure::usage(format!(
            "--argument {script}: there is no such file in what is embedded as {guest}"
        )));
    }
    let mut others = access.grants.iter().map(|grant| grant.guest.as_str()).chain(own_folders.iter().copied());
    if others.any(|folder| below(&path, folder).is_some()) {
        return Ok(());
    }
    Err(Failure::usage(format!("--argument {script}: the executable reaches no such file"))
        .hint("--embed HOST::GUEST puts a script or a folder into the executable, --dir HOST grants a folder; both need the name that the guest knows"))
}

/// The script that CPython would run with these arguments.
fn named(arguments: &[String]) -> Option<&str> {
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        let Some(letters) = argument.strip_prefix('-') else { return Some(argument) };
        match letters {
            "" => return None,
            "-" => return arguments.next(),
            "-check-hash-based-pycs" => drop(arguments.next()),
            _ if letters.starts_with('-') => {}
            _ => match letters.find(['c', 'm', 'W', 'X']) {
                Some(at) if letters[at..].starts_with(['c', 'm']) => return None,
                // The value of the option follows, if it is not behind the letter.
                Some(at) if at + 1 == letters.len() => drop(arguments.next()),
                _ => {}
            },
        }
    }
    None
}

/// Looks for what is embedded where the python's own folders would hide it.
///
/// # Errors
/// If there is any: all of it at once.
pub fn check_hidden(access: &Access, own_folders: &[&str]) -> Result<()> {
    let failures = access.embed.iter().filter_map(|embed| {
        let path = normalized(&embed.guest)?;
        let folder = own_folders.iter().find(|folder| **folder != "/" && below(&path, folder).is_some())?;
        Some(match &embed.source {
            EmbedSource::StandardLibrary(library) | EmbedSource::LibraryArchive(library) => Failure::usage(format!(
                "--stdlib {}: the module brings its own {folder}, and with it its library",
                library.display()
            ))
            .hint("leave out --stdlib"),
            _ => Failure::usage(format!(
                "--embed ...::{}: the module brings its own {folder}, which hides that",
                embed.guest
            ))
            .hint("embed it elsewhere, for instance in /app"),
        })
    });
    Failure::join(failures).map_or(Ok(()), Err)
}

/// An absolute path without `.`, `..` and empty names; a relative one is taken from the root. `None` if it leads out.
fn normalized(path: &str) -> Option<String> {
    let mut names = Vec::new();
    for name in path.split('/').filter(|name| !name.is_empty() && *name != ".") {
        match name {
            ".." => drop(names.pop()?),
            _ => names.push(name),
        }
    }
    Some(format!("/{}", names.join("/")))
}

/// The part of `path` below `folder`, or nothing if they are the same; `None` if it is not there.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let folder = normalized(folder)?;
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn joined(host: &Path, rest: &str) -> PathBuf {
    if rest.is_empty() { host.to_owned() } else { host.join(rest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Grant;
    use crate::request::Embed;

    #[test]
    fn pythons_files_are_recognised() {
        for (path, beginning, expected) in [
            ("a.py", &b""[..], Some("a Python script")),
            ("a.pyc", b"", Some("Python's bytecode")),
            ("a.pyz", b"PK\x03\x04", Some("an archive of Python modules")),
            ("a", b"#!/usr/bin/env python3\nprint()", Some("a Python script")),
            ("a", b"#!/bin/sh\npython", None),
            ("a.wasm", b"\0asm", None),
            ("python", b"", None),
        ] {
            assert_eq!(kind(Path::new(path), beginning), expected, "{path}");
        }
    }

    #[test]
    fn the_script_is_what_python_takes_for_it() {
        for (arguments, expected) in [
            (&["/app/a.py"][..], Some("/app/a.py")),
            (&["-u", "a.py", "-c"], Some("a.py")),
            (&["-W", "ignore", "-Xdev", "a.py"], Some("a.py")),
            (&["-uX", "dev", "a.py"], Some("a.py")),
            (&["--", "-a.py"], Some("-a.py")),
            (&["--check-hash-based-pycs", "never", "a.py"], Some("a.py")),
            (&["-m", "tool"], None),
            (&["-uc", "pass"], None),
            (&["-"], None),
            (&["-W"], None),
            (&[], None),
        ] {
            let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
            assert_eq!(named(&arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn a_script_is_looked_for_where_it_will_be() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("a.py"), "").expect("a file");
        let embed =
            |guest: &str| Embed { source: EmbedSource::Folder(folder.path().to_owned()), guest: guest.to_owned() };
        let grant = |guest: &str| Grant { host: ".".to_owned(), guest: guest.to_owned(), read_only: false };
        let sandbox = Access { embed: vec![embed("/app")], ..Access::default() };
        let granted = Access { grants: vec![grant("/data")], ..sandbox.clone() };
        let host = Access { grants: vec![grant("/")], inherit_working_directory: true, ..sandbox.clone() };
        let found = |script: &str, access: &Access| check(&[script.to_owned()], access, &["/usr"]).is_ok();
        for script in ["/app/a.py", "/app/./x/../a.py", "app/a.py", "/app", "/usr/lib/x.py"] {
            assert!(found(script, &sandbox), "{script}");
        }
        for script in ["/app/b.py", "/apps/a.py", "a.py", "/data/a.py", "/usrs/x.py"] {
            assert!(!found(script, &sandbox), "{script}");
        }
        assert!(found("/data/a.py", &granted) && !found("/app/b.py", &granted) && !found("a.py", &granted));
        assert!(found("a.py", &host) && found("/x/a.py", &host) && !found("/app/b.py", &host));
        let relative = Access { grants: vec![grant(".")], ..sandbox.clone() };
        // To the libc in the module, this grant is the root.
        assert!(found("a.py", &relative) && found("/b.py", &relative) && !found("/app/b.py", &relative));
        let message = check(&["/app/b.py".to_owned()], &sandbox, &[]).expect_err("it is not there").to_string();
        assert_eq!(message, "error: --argument /app/b.py: there is no such file in what is embedded as /app");
    }
}
