//! How a python gets to its checkpoint: what it is started with at build, and the files that take it over into a new process.

use crate::archive::Member;
use crate::checkpoint::{Run, Sign, Trial};
use crate::configuration::tree::CHECKPOINT_FOLDER;
use crate::failure::{Failure, Result};
use std::path::Path;
use std::time::Duration;

/// The folder of [`PROGRAM`], in [`CHECKPOINT_FOLDER`].
const PROGRAM_FOLDER: &str = "python";

/// What asks for the checkpoint and goes on from there. Python imports the first of them when it starts.
const PROGRAM: [(&str, &str); 9] = [
    ("sitecustomize.py", include_str!("takeover/sitecustomize.py")),
    ("_adder_build.py", include_str!("takeover/_adder_build.py")),
    ("_adder_settings.py", include_str!("takeover/_adder_settings.py")),
    ("_adder_apply.py", include_str!("takeover/_adder_apply.py")),
    ("_adder_program.py", include_str!("takeover/_adder_program.py")),
    ("_adder_cold.py", include_str!("takeover/_adder_cold.py")),
    ("_adder_memory.py", include_str!("takeover/_adder_memory.py")),
    ("_adder_refresh.py", include_str!("takeover/_adder_refresh.py")),
    ("_adder_exit.py", include_str!("takeover/_adder_exit.py")),
];

/// The folder of [`COLD_START`], in [`CHECKPOINT_FOLDER`].
const COLD_START_FOLDER: &str = "cold";

/// What runs the user's program in a start without the checkpoint. Python imports it then.
const COLD_START: (&str, &str) = ("sitecustomize.py", include_str!("takeover/cold/sitecustomize.py"));

/// Where it finds the names of the modules to import, one a line.
const PRELOAD: &str = "preload";
/// Where it finds what is to be run before that.
const PRELUDE: &str = "prelude.py";

/// What CPython prints that cannot start. Files of the host are not seen at build.
const NO_LIBRARY: Sign = Sign {
    text: "No module named 'encodings'",
    meaning: "the python has not found its standard library in the executable",
    hint: "--stdlib FOLDER puts the library there, a folder like lib/python3.11",
};

/// The run that gets to the checkpoint, of a python with these variables baked in: `python -m ''`, which the program answers. It is
/// tried with what every program does: to start, and to import what is there. `prelude` is the user's program, if there is one.
pub fn run(environment: &[String], preload: &[String], prelude: Option<&Path>, timeout: Duration) -> Run {
    let mut path = format!("PYTHONPATH={CHECKPOINT_FOLDER}/{PROGRAM_FOLDER}");
    if let Some(own) = environment.iter().find_map(|variable| variable.strip_prefix("PYTHONPATH=")) {
        path = format!("{path}:{own}");
    }
    // As it was imported at build: parts of a name may be keywords.
    let import = preload.iter().map(|name| format!("__import__('{name}')")).collect::<Vec<_>>().join("; ");
    Run {
        arguments: Some(vec!["-m".to_owned(), String::new()]),
        environment: vec![path],
        timeout,
        trial: Some(Trial {
            arguments: vec!["-c".to_owned(), if preload.is_empty() { "pass".to_owned() } else { import }],
            hint: "variables PYTHON* that are baked in (--env) can make python start from the beginning every time",
        }),
        hint: "what --preload and PRELUDE.py do is done at build, without files of the host and without input",
        signs: &[NO_LIBRARY],
        names: prelude
            .map(|path| (format!("{CHECKPOINT_FOLDER}/{PRELUDE}"), path.display().to_string()))
            .into_iter()
            .collect(),
    }
}

/// Whether a python with these arguments baked in starts from the beginning whatever else it is given: options but those that
/// the program knows.
pub fn always_starts_cold(arguments: &[String]) -> bool {
    let option = arguments.first().and_then(|argument| argument.strip_prefix('-'));
    option.is_some_and(|letters| {
        let applied = letters.trim_start_matches(|letter| "bBEIOPqRstu".contains(letter));
        letters != "-" && !applied.is_empty() && !applied.starts_with(['c', 'm', 'W', 'X'])
    })
}

/// The variable that has python import [`COLD_START`], if there is a program to run.
pub fn cold_start_variable(has_prelude: bool) -> String {
    if has_prelude { format!("PYTHONPATH={CHECKPOINT_FOLDER}/{COLD_START_FOLDER}") } else { String::new() }
}

/// What is embedded in [`CHECKPOINT_FOLDER`] for that run.
///
/// # Errors
/// If what is to be imported cannot be a module.
pub fn files(preload: &[String], prelude: Option<Vec<u8>>) -> Result<Vec<Member>> {
    let member = |path: String, contents: Vec<u8>| Member { path, contents };
    let program =
        PROGRAM.iter().map(|(name, text)| member(format!("{PROGRAM_FOLDER}/{name}"), text.as_bytes().to_vec()));
    let mut files: Vec<Member> = program.collect();
    if let Some(name) = preload.iter().find(|name| !is_module(name)) {
        return Err(Failure::usage(format!("--preload {name}: that is no name of a module"))
            .hint("separate several by commas only: --preload json,re,asyncio"));
    }
    if !preload.is_empty() {
        files.push(member(PRELOAD.to_owned(), (preload.join("\n") + "\n").into_bytes()));
    }
    if let Some(prelude) = prelude {
        files.push(member(PRELUDE.to_owned(), prelude));
        files.push(member(format!("{COLD_START_FOLDER}/{}", COLD_START.0), COLD_START.1.as_bytes().to_vec()));
    }
    Ok(files)
}

/// Whether `name` can be imported: identifiers with dots between them.
fn is_module(name: &str) -> bool {
    name.split('.').all(|part| {
        let rest = part.strip_prefix(|first: char| first == '_' || first.is_alphabetic());
        rest.is_some_and(|rest| rest.chars().all(|next| next == '_' || next.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_comes_before_what_the_user_has() {
        let second = Duration::from_secs(1);
        assert_eq!(run(&[], &[], None, second).environment, ["PYTHONPATH=/.adder/python"]);
        let own = ["A=1".to_owned(), "PYTHONPATH=/a:/b".to_owned()];
        assert_eq!(run(&own, &[], None, second).environment, ["PYTHONPATH=/.adder/python:/a:/b"]);
    }

    #[test]
    fn arguments_that_always_start_cold() {
        let starts_cold = |argument: &str| always_starts_cold(&[argument.to_owned()]);
        assert!(["-S", "-i", "-qv", "--help"].map(starts_cold).iter().all(|cold| *cold));
        let warm = ["-", "--", "-c", "-m", "-u", "-cpass", "script.py", "", "-I", "-qX", "-OO"];
        assert!(warm.map(starts_cold).iter().all(|cold| !cold));
        assert!(!always_starts_cold(&[]));
    }

    #[test]
    fn it_is_tried_with_what_is_there() {
        let tried = |preload: &[String]| {
            run(&[], preload, None, Duration::from_secs(1)).trial.map(|trial| trial.arguments).unwrap_or_default()
        };
        assert_eq!(tried(&[]), ["-c", "pass"]);
        let names = ["json".to_owned(), "os.path".to_owned()];
        assert_eq!(tried(&names), ["-c", "__import__('json'); __import__('os.path')"]);
    }

    #[test]
    fn modules_to_import() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let made = files(&names(&["json", "os.path", "_x1"]), Some(b"pass".to_vec())).expect("names");
        assert_eq!(
            made[PROGRAM.len()],
            Member { path: "preload".to_owned(), contents: b"json\nos.path\n_x1\n".to_vec() }
        );
        assert_eq!(made[PROGRAM.len() + 1], Member { path: "prelude.py".to_owned(), contents: b"pass".to_vec() });
        assert_eq!(files(&[], None).expect("nothing").len(), PROGRAM.len());
        for name in ["", "a b", "json ", "1x", "a..b", ".a", "a-b", "../x", "a\nb"] {
            let failure = files(&names(&[name]), None).expect_err(name);
            assert!(
                failure.to_string().starts_with(&format!("error: --preload {}", name.lines().next().unwrap_or(""))),
                "{failure}"
            );
        }
    }
}
