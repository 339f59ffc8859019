//! `ctypes` in 3.14: functions of the program itself, functions in Python that C calls, and no libraries of the host.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use adder_tests::python::adder;
use adder_tests::workspace::{root, run, target_directory};

use crate::process::{self, Outcome};

/// An executable whose checkpoint has closures in it.
fn python() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let executable = target_directory().join("python-tests").join("python-3.14-ctypes");
        std::fs::create_dir_all(executable.parent().expect("it is in a folder"))
            .expect("the target folder is writable");
        let prelude = root().join("tests/python/ctypes/prelude.py");
        let mut command = Command::new(adder());
        command.args(["python", "3.14", "--preload", "ctypes", "-o"]).arg(&executable);
        run(command.arg(format!("--checkpoint={}", prelude.display())).stdin(Stdio::null()));
        executable
    };
    BUILT.get_or_init(build).clone()
}

fn run_program(name: &str, arguments: &[&str]) -> Outcome {
    let program = root().join("tests/python/ctypes").join(name).display().to_string();
    let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
    process::run(&python(), directory.path(), [program.as_str()].iter().chain(arguments))
}

#[test]
fn functions_are_called_both_ways() {
    let outcome = run_program("program.py", &[]);
    assert_eq!(outcome.success(), "all of it\n", "{outcome:?}");
}

#[test]
fn closures_of_a_checkpoint_go_on() {
    assert_eq!(run_program("after.py", &[]).success(), "[1, 2, 3, 5, 8] True\n500 500\n");
}

#[test]
fn libraries_of_the_host_are_refused() {
    let outcome = process::run_code(
        &python(),
        "import ctypes, ctypes.util\nprint(ctypes.util.find_library('m'))\nctypes.CDLL('libc.so.6%n%s')",
    );
    assert_eq!((outcome.code(), outcome.stdout_text().as_str()), (Some(1), "None\n"), "{outcome:?}");
    let said =
        "OSError: libc.so.6%n%s: this executable loads no libraries: all its code was compiled when it was built";
    assert_eq!(outcome.last_error_line(), said);
}

#[test]
fn what_is_not_a_function_of_that_type_is_a_trap() {
    for (call, message) in [
        ("libc.abs(ctypes.c_longlong(1))", "indirect call type mismatch"),
        ("ctypes.CFUNCTYPE(None)(10_000_000)()", "undefined element"),
        ("libc.strlen(ctypes.c_void_p(0xfffffff0))", "out of bounds memory access"),
    ] {
        let outcome = process::run_code(&python(), &format!("import ctypes\nlibc = ctypes.CDLL(None)\n{call}"));
        let errors = outcome.stderr_text();
        let is_trap = outcome.code() == Some(134) && errors.starts_with(&format!("adder: trap: {message}\n"));
        assert!(is_trap, "{call}: {outcome:?}");
    }
}
