//! Words of the command line that were meant for an option and are none of its values, because of a blank.

use crate::python::script;
use crate::request::network;
use crate::terminal::output::say;
use crate::terminal::printable::shell_word;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::path::Path;
use std::process;

/// Options whose value stands behind `=`.
const WITH_SIGN: [&str; 2] = ["--checkpoint", "--instrument"];

/// The command line, as text.
pub fn words() -> Vec<String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Prints what clap says, with what to do about it where that is known, and ends the process.
pub fn exit(error: &clap::Error) -> ! {
    // There is nobody else to tell that nobody can hear it.
    let _ = error.print();
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let hint = match error.kind() {
        ErrorKind::UnknownArgument => named(ContextKind::InvalidArg).and_then(|word| hint(&words(), word)),
        ErrorKind::InvalidSubcommand => named(ContextKind::InvalidSubcommand).and_then(command_for),
        _ => None,
    };
    if let Some(hint) = hint {
        say(format_args!("hint: {hint}"));
    }
    process::exit(error.exit_code())
}

/// What was meant by a word that is no value of the option before it, if that is likely.
pub fn hint(words: &[String], stray: &str) -> Option<String> {
    let at = words.iter().position(|word| word == stray)?;
    let begin = words[..at].iter().rposition(|word| word.starts_with("--"))?;
    let (option, values) = (words[begin].as_str(), &words[begin + 1..=at]);
    match (option, values) {
        (_, [value]) if WITH_SIGN.contains(&option) => {
            Some(format!("a value of {option} stands behind = and without a blank: {option}={}", shell_word(value)))
        }
        // Names of files look like names of hosts.
        ("--net", [value]) if !is_file(value) => network::meant(value),
        ("--argument", [_, _, ..]) => {
            let each: Vec<String> = values.iter().map(|value| format!("--argument {}", shell_word(value))).collect();
            Some(format!("every argument of the program needs an --argument of its own: {}", each.join(" ")))
        }
        ("--preload", [_, _, ..]) => {
            let modules: Vec<&str> = values.iter().map(|value| value.trim_matches(',')).collect();
            Some(format!("several modules have commas between them, and no blanks: --preload {}", modules.join(",")))
        }
        _ => None,
    }
}

/// Whether a word is a file, by what is there or by its name.
fn is_file(word: &str) -> bool {
    let path = Path::new(word);
    path.exists() || is_module(path) || script::kind(path, b"").is_some()
}

/// Whether a file is called as modules are.
fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wasm")
}

/// The command for a file that was given in place of one.
fn command_for(word: &str) -> Option<String> {
    let path = Path::new(word);
    if script::kind(path, b"").is_some() {
        return Some(script::how_to_bundle(path));
    }
    let stem = path.file_stem()?.to_string_lossy();
    let build = || format!("adder build {} -o {}", shell_word(word), shell_word(&stem));
    is_module(path).then(build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_an_option_was_meant_to_have() {
        for (words, stray, expected) in [
            (
                "python --checkpoint prelude.py -o out",
                "prelude.py",
                Some("a value of --checkpoint stands behind = and without a blank: --checkpoint=prelude.py"),
            ),
            (
                "python 3.11 --instrument a.profile",
                "a.profile",
                Some("a value of --instrument stands behind = and without a blank: --instrument=a.profile"),
            ),
            (
                "python --argument -m greet -o out",
                "greet",
                Some("every argument of the program needs an --argument of its own: --argument -m --argument greet"),
            ),
            (
                "python 3.11 --preload json, re",
                "re",
                Some("several modules have commas between them, and no blanks: --preload json,re"),
            ),
            (
                "build --net localhost:80 a.wasm -o out",
                "localhost:80",
                Some(
                    "--net connect:localhost:80 to connect to it, --net listen:localhost:80 to listen there; --net alone grants \
                     everything",
                ),
            ),
            ("python --net 3.13", "3.13", None),
            ("build --net a.wasm -o out", "a.wasm", None),
            ("python --net a.py -o out", "a.py", None),
            ("python --net --sandbox localhost", "localhost", None),
            ("python --preload json", "json", None),
            ("python --argument greet", "greet", None),
            ("python 3.13 --checkpoint", "3.13", None),
            ("python --sandbox 3.13", "3.13", None),
            ("python 3.13", "2.7", None),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            assert_eq!(hint(&words, stray).as_deref(), expected, "{words:?}");
        }
    }

    #[test]
    fn files_in_place_of_a_command() {
        assert_eq!(command_for("a/b.wasm").as_deref(), Some("adder build a/b.wasm -o b"));
        assert!(command_for("b.py").is_some_and(|hint| hint.contains("adder python --embed b.py::/app/b.py")));
        assert_eq!(command_for("biuld"), None);
    }
}
