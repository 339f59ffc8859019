//! The ways to say what Python runs: `-c`, a script, `-m`, standard input; and what comes back: output and exit code.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{Outcome, command, finish_with_input, run};

crate::for_each_flavor! {
    code_option,
    script_with_arguments,
    standard_input_as_script,
    module_option_json_tool,
    module_beside_the_working_directory,
    directory_and_archive_as_script,
    packages_beside_the_script,
    interpreter_options,
    exit_codes,
    uncaught_exceptions,
    syntax_errors,
    missing_script,
    environment,
    standard_input_piped,
}

/// Runs the same command with the executable and with native Python, each in its own copy of a folder that `prepare`
/// fills, both under the same path; they must agree on output and exit code, and on the last line of the errors.
fn same_as_native(flavor: Flavor, prepare: impl Fn(&Path), arguments: &[&str], input: &str) -> Outcome {
    same_with(flavor, prepare, arguments, input, |_| {})
}

fn same_with(
    flavor: Flavor,
    prepare: impl Fn(&Path),
    arguments: &[&str],
    input: &str,
    adjust: impl Fn(&mut Command),
) -> Outcome {
    let parent = tempfile::tempdir().expect("the system's temporary folder is writable");
    let directory = parent.path().join("work");
    let [expected, actual] = [native().to_owned(), python(flavor, Variant::Default)].map(|executable| {
        fs::create_dir(&directory).expect("it was removed before");
        prepare(&directory);
        let mut command = command(&executable);
        command.current_dir(&directory).args(arguments);
        adjust(&mut command);
        let outcome = finish_with_input(&mut command, input.as_bytes().to_vec());
        fs::remove_dir_all(&directory).expect("the folder is ours");
        outcome
    });
    let significant = |outcome: &Outcome| (outcome.status, outcome.stdout_text(), outcome.last_error_line());
    assert_eq!(
        significant(&actual),
        significant(&expected),
        "{arguments:?}\n--- of the executable: {actual:?}\n--- of native Python: {expected:?}"
    );
    actual
}

fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().expect("it has a name")).expect("the folder is ours");
    fs::write(path, text).expect("the folder is ours");
}

fn code_option(flavor: Flavor) {
    let outcome = same_as_native(flavor, |_| {}, &["-c", "import sys; print(sys.argv, 6 * 7)", "a b", "-x", ""], "");
    assert_eq!(outcome.success(), "['-c', 'a b', '-x', ''] 42\n");
}

fn script_with_arguments(flavor: Flavor) {
    let script = "import sys\nprint(sys.argv, __name__, __file__)\n";
    same_as_native(flavor, |folder| write(folder, "script.py", script), &["script.py", "--flag", "ä ö", "3"], "");
    same_as_native(flavor, |folder| write(folder, "deeper/script.py", script), &["./deeper/script.py"], "");
}

fn standard_input_as_script(flavor: Flavor) {
    let script = "import sys\nfor number in range(3):\n    print(number, sys.argv)\nsys.exit(4)\n";
    assert_eq!(same_as_native(flavor, |_| {}, &[], script).code(), Some(4));
    assert_eq!(same_as_native(flavor, |_| {}, &["-", "argument"], script).code(), Some(4));
}

fn module_option_json_tool(flavor: Flavor) {
    let document =
        r#"{"b": [1, 2.5, null, true, "\u00e4"], "a": {"nested": {}}, "big": 123456789012345678901234567890}"#;
    same_as_native(flavor, |_| {}, &["-m", "json.tool"], document).success();
    same_as_native(flavor, |_| {}, &["-m", "json.tool", "--sort-keys", "--indent", "2"], document).success();
    let prepare = |folder: &Path| write(folder, "document.json", document);
    same_as_native(flavor, prepare, &["-m", "json.tool", "--no-ensure-ascii", "document.json"], "").success();
    assert_eq!(same_as_native(flavor, |_| {}, &["-m", "json.tool"], "{broken").code(), Some(1));
}

fn module_beside_the_working_directory(flavor: Flavor) {
    let prepare = |folder: &Path| {
        write(folder, "tool/__init__.py", "");
        write(
            folder,
            "tool/__main__.py",
            "import sys\nfrom . import part\nprint(__name__, part.VALUE, sys.argv[1:])\n",
        );
        write(folder, "tool/part.py", "VALUE = 'part of the tool'\n");
    };
    let outcome = same_as_native(flavor, prepare, &["-m", "tool", "x"], "");
    assert_eq!(outcome.success(), "__main__ part of the tool ['x']\n");
    // The message begins with the name of the executable.
    let outcome = run(&python(flavor, Variant::Default), Path::new("/"), ["-m", "no_such_module"]);
    assert!(outcome.last_error_line().ends_with(": No module named no_such_module"), "{outcome:?}");
    assert_eq!(outcome.code(), Some(1));
}

fn directory_and_archive_as_script(flavor: Flavor) {
    let prepare = |folder: &Path| {
        write(folder, "application/__main__.py", "import helper\nprint('main', helper.answer())\n");
        write(folder, "application/helper.py", "def answer():\n    return 42\n");
    };
    assert_eq!(same_as_native(flavor, prepare, &["application"], "").success(), "main 42\n");

    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    prepare(folder.path());
    let executable = python(flavor, Variant::Default);
    run(&executable, folder.path(), ["-m", "zipapp", "application", "-o", "application.pyz"]).success();
    assert_eq!(run(&executable, folder.path(), ["application.pyz"]).success(), "main 42\n");
    assert_eq!(run(native(), folder.path(), ["application.pyz"]).success(), "main 42\n");
}

fn packages_beside_the_script(flavor: Flavor) {
    let prepare = |folder: &Path| {
        write(
            folder,
            "script.py",
            "import importlib.resources\n\
             import package.inner.leaf as leaf\n\
             from package import *\n\
             import namespace.member\n\
             print(leaf.where(), exported, namespace.member.VALUE)\n\
             print(importlib.resources.files('package').joinpath('data.txt').read_text())\n\
             import os\n\
             print(sorted(os.listdir('package/inner')))\n\
             print([name.split('.')[0] for name in sorted(os.listdir('package/__pycache__'))])\n",
        );
        write(folder, "package/__init__.py", "__all__ = ['exported']\nexported = 'from the package'\nhidden = 1\n");
        write(folder, "package/data.txt", "data beside the code");
        write(folder, "package/inner/__init__.py", "from .. import exported as above\n");
        write(folder, "package/inner/leaf.py", "from . import above\ndef where():\n    return __name__, above\n");
        write(folder, "namespace/member.py", "VALUE = 'no __init__ needed'\n");
    };
    same_as_native(flavor, prepare, &["script.py"], "").success();
}

fn interpreter_options(flavor: Flavor) {
    let flags = "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, sys.flags.isolated, __debug__)";
    same_as_native(flavor, |_| {}, &["-OO", "-B", "-c", flags], "").success();
    same_as_native(flavor, |_| {}, &["-I", "-c", flags], "").success();
    same_as_native(flavor, |_| {}, &["-W", "error", "-c", "import warnings; warnings.warn('loud')"], "");
    let skip = |folder: &Path| write(folder, "script.py", "@first line is skipped\nprint('second line')\n");
    same_as_native(flavor, skip, &["-x", "script.py"], "").success();
    same_as_native(flavor, |_| {}, &["-q", "-u", "-c", "import sys; sys.stdout.write('unbuffered')"], "").success();
    let version = run(&python(flavor, Variant::Default), Path::new("/"), ["--version"]);
    assert!(version.success().starts_with("Python 3."), "{version:?}");
    assert_eq!(same_as_native(flavor, |_| {}, &["-c"], "").code(), Some(2));
}

fn exit_codes(flavor: Flavor) {
    for (program, code) in [
        ("pass", 0),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit(255)", 255),
        ("import sys; sys.exit(True)", 1),
        ("import sys; sys.exit('a message')", 1),
        ("raise SystemExit(77)", 77),
        ("import os; os._exit(9)", 9),
        ("import atexit, sys; atexit.register(print, 'at exit'); sys.exit(5)", 5),
        ("1 / 0", 1),
    ] {
        assert_eq!(same_as_native(flavor, |_| {}, &["-c", program], "").code(), Some(code), "{program}");
    }
}

fn uncaught_exceptions(flavor: Flavor) {
    let script = "def inner():\n    raise ValueError('the cause')\n\n\
                  def outer():\n    try:\n        inner()\n    except ValueError as error:\n\
                  \x20       raise KeyError('the effect') from error\n\nouter()\n";
    let outcome = same_as_native(flavor, |folder| write(folder, "script.py", script), &["script.py"], "");
    assert_eq!(outcome.code(), Some(1));
    let trace = outcome.stderr_text();
    for expected in
        ["Traceback (most recent call last):", "script.py\", line 2, in inner", "direct cause of", "line 10"]
    {
        assert!(trace.contains(expected), "no {expected:?} in {outcome:?}");
    }
    same_as_native(flavor, |_| {}, &["-c", "assert False, 'not so'"], "");
    same_as_native(flavor, |_| {}, &["-c", "import no_such_module"], "");
    same_as_native(flavor, |_| {}, &["-c", "class E(Exception): pass\nraise E('ä', 1)"], "");
    same_as_native(flavor, |_| {}, &["-c", "raise ExceptionGroup('several', [ValueError(1), TypeError('two')])"], "");
}

fn syntax_errors(flavor: Flavor) {
    for program in ["if True print(1)", "x = (1,", "def f():\nreturn 1", "'unterminated", "\u{e4} = = 1"] {
        let outcome = same_as_native(flavor, |folder| write(folder, "script.py", program), &["script.py"], "");
        assert_eq!(outcome.code(), Some(1), "{program}");
    }
}

fn missing_script(flavor: Flavor) {
    let outcome = run(&python(flavor, Variant::Default), Path::new("/"), ["no/such/script.py"]);
    assert_eq!(outcome.code(), Some(2), "{outcome:?}");
    assert!(
        outcome.stderr_text().contains("[Errno 44] No such file") || outcome.stderr_text().contains("No such file")
    );
}

fn environment(flavor: Flavor) {
    let program = "import os\n\
                   print(os.environ['GREETING'], os.environ.get('EMPTY'), os.environ.get('ABSENT'))\n\
                   print(sorted(name for name in os.environ if name.startswith('GREET')))\n\
                   os.environ['CHANGED'] = 'yes'; print(os.getenv('CHANGED'), os.path.expandvars('$GREETING!'))\n\
                   del os.environ['GREETING']; print('GREETING' in os.environ)";
    let outcome = same_with(
        flavor,
        |_| {},
        &["-c", program],
        "",
        |command| {
            command.env("GREETING", "grüße = 1").env("EMPTY", "").env_remove("ABSENT");
        },
    );
    assert!(outcome.success().starts_with("grüße = 1  None\n"));
    let path = same_with(
        flavor,
        |folder| write(folder, "elsewhere/extra.py", "print('found')"),
        &["-c", "import extra"],
        "",
        |command| {
            command.env("PYTHONPATH", "elsewhere").env("PYTHONDONTWRITEBYTECODE", "1");
        },
    );
    assert_eq!(path.success(), "found\n");
}

fn standard_input_piped(flavor: Flavor) {
    let program = "import sys\nprint(input('? '))\nprint(repr(sys.stdin.readline()))\n\
                   for line in sys.stdin: print(len(line), line.rstrip().upper())\nprint(repr(sys.stdin.read()))";
    let outcome = same_as_native(flavor, |_| {}, &["-c", program], "first\nsecond\nthird ä\nwithout an end");
    assert!(outcome.success().contains("14 WITHOUT AN END"));
    assert!(same_as_native(flavor, |_| {}, &["-c", "input()"], "").last_error_line().starts_with("EOFError"));
}
