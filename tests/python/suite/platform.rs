//! What CPython's tests take for granted of Emscripten, and what is true of an executable.
//!
//! `test.support` skips on Emscripten what JavaScript cannot do: sockets, mapped files, pipes that do not block. An executable can
//! do most of it, so these tests run here. A copy of the tests says so; nothing else in it is changed.

use std::fs;
use std::path::Path;

/// A part of `test/support/__init__.py`, what stands there instead, and why. Not every version has every part.
const CHANGES: [(&str, &str); 7] = [
    // Sockets, pipes, mapped files and signals are the host's.
    ("\nis_emscripten = sys.platform == \"emscripten\"\n", "\nis_emscripten = False\n"),
    // These are limits of the module, whatever is around it. It has no `resource`.
    ("if is_emscripten or is_wasi or os.name", "if is_wasm32 or os.name"),
    ("unittest.skipIf(is_emscripten, \"Exhausts stack", "unittest.skipIf(True, \"Exhausts stack"),
    ("\nis_wasm32 = is_emscripten or is_wasi\n", "\nis_wasm32 = True\n"),
    ("has_subprocess_support = not is_emscripten", "has_subprocess_support = False"),
    ("has_subprocess_support = not (\n", "has_subprocess_support = not (\n    True or\n"),
    ("has_fork_support = hasattr(os, \"fork\") and not", "has_fork_support = False and not"),
];

/// What stands behind it: tests about sockets do not say that they need threads, as they are skipped where there are none.
const WITHOUT_THREADS: &str = r#"

def _skip_without_threads(start):
    @functools.wraps(start)
    def start_or_skip(*arguments):
        try:
            return start(*arguments)
        except RuntimeError as error:
            if str(error) == "can't start new thread":
                raise unittest.SkipTest("requires threading support") from None
            raise
    return start_or_skip

import _thread, threading as _threading
_threading.Thread.start = _skip_without_threads(_threading.Thread.start)
_thread.start_new_thread = _skip_without_threads(_thread.start_new_thread)
"#;

/// Copies the folder `tests`, for whose `test.support` the platform is this one.
///
/// # Panics
/// If `test.support` does not look as expected.
pub fn copy_of_tests(tests: &Path, copy: &Path) {
    if copy.exists() {
        fs::remove_dir_all(copy).expect("it is ours");
    }
    copy_folder(tests, copy);
    let support = copy.join("test/support");
    // Bytecode of what is changed.
    let _ = fs::remove_dir_all(support.join("__pycache__"));
    let path = support.join("__init__.py");
    let text = fs::read_to_string(&path).expect("the tests have it");
    fs::write(&path, changed(&text)).expect("it is ours");
}

fn changed(support: &str) -> String {
    let mut text = support.to_owned();
    for (part, instead) in CHANGES {
        text = text.replace(part, instead);
    }
    for wanted in ["\nis_emscripten = False\n", "has_fork_support = False and", "has_subprocess_support = "] {
        assert!(text.contains(wanted), "test.support has no {wanted:?} to change");
    }
    text + WITHOUT_THREADS
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the target folder is writable");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name();
        let kind = entry.file_type().expect("the entry can be read");
        if kind.is_dir() {
            copy_folder(&entry.path(), &to.join(name));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name)).expect("the target folder is writable");
        }
    }
}

#[test]
fn only_limits_of_javascript_are_lifted() {
    let support = "import os\nis_emscripten = sys.platform == \"emscripten\"\nis_wasm32 = is_emscripten or is_wasi\n\
                   has_fork_support = hasattr(os, \"fork\") and not (\n    is_emscripten\n)\n\
                   has_subprocess_support = not (\n    is_emscripten\n)\n";
    let expected = "import os\nis_emscripten = False\nis_wasm32 = True\n\
                    has_fork_support = False and not (\n    is_emscripten\n)\n\
                    has_subprocess_support = not (\n    True or\n    is_emscripten\n)\n";
    assert_eq!(changed(support), expected.to_owned() + WITHOUT_THREADS);
}
