//! What of the tools native Python can do and an executable cannot, with the reason: nothing here has threads, processes or TLS.

use crate::compare::Work;
use crate::network::HTTPIE_SETTINGS;
use crate::server;

/// copier has plumbum, which wants the module `grp`. Pyodide's Python does not have it. Behind that comes `pydantic-core`, which is
/// native code. (The machine's own Python cannot load it either: what is installed is for 3.14.)
#[test]
fn copier_needs_native_code() {
    Work { tool: "copier", lines: &[(1, "pydantic_core._pydantic_core", &["copier", "--version"])], ..Work::default() }
        .check_limit(1, "ModuleNotFoundError: No module named 'grp'");
}

/// A lock that processes share is the work of a process.
#[test]
fn black_shows_differences_of_one_file_at_a_time() {
    Work {
        tool: "black",
        files: &[("a.py", "a = [ 1 ]\n"), ("b.py", "b = [ 1 ]\n")],
        lines: &[(0, "+b = [1]", &["black", "--diff", "."])],
        ..Work::default()
    }
    .check_limit(1, "ModuleNotFoundError: No module named '_multiprocessing'");
}

/// A process that cannot be started cannot be stopped, either, and that is what is said.
#[test]
fn sphinx_has_no_jobs() {
    Work {
        tool: "sphinx",
        files: &[
            ("conf.py", ""),
            ("index.rst", "A\n=\n\n.. toctree::\n   :glob:\n\n   *\n"),
            ("b.rst", "B\n=\n"),
            ("c.rst", "C\n=\n"),
        ],
        lines: &[(0, "build succeeded", &["sphinx-build", "-j2", ".", "html"])],
        ..Work::default()
    }
    .check_limit(2, "AttributeError: 'NoneType' object has no attribute 'terminate'");
}

/// The bar that shows how far it is has a thread.
#[test]
fn httpie_does_not_show_downloads() {
    let film = format!("http://{}/film.mp4", server::start());
    Work {
        tool: "httpie",
        files: &[HTTPIE_SETTINGS],
        environment: &[("HTTPIE_CONFIG_DIR", "httpie")],
        lines: &[(0, "Done.", &["http", "--ignore-stdin", "--download", &film])],
        ..Work::default()
    }
    .check_limit(1, "http: error: RuntimeError: can't start new thread");
}

/// It looks for a newer version, which natively asks the network in the background. It does so with `fork`, and where there is none it ends with `os._exit` before anything else.
#[test]
fn httpie_needs_to_be_told_not_to_look_for_a_newer_one() {
    let items = format!("http://{}/items", server::start());
    Work { tool: "httpie", lines: &[(0, "items", &["http", "--ignore-stdin", &items])], ..Work::default() }
        .check_limit(1, "");
}
