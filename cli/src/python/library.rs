//! The standard library of a `python.wasm` that brings none: what is embedded of it, and where python finds it.

use crate::archive::{Member, zip_members};
use crate::configuration::tree::{Amount, Filter, Tree};
use crate::failure::{Failure, Result};
use std::ffi::OsStr;
use std::path::Path;

/// The prefix that CPython is configured for unless told otherwise.
const PREFIX: &str = "/usr/local";

/// What `PYTHONHOME` is set to, so that python takes the embedded library even where the executable lies beside a
/// library of the host's.
pub fn prefix() -> &'static str {
    PREFIX
}

/// The guest's folder for the library that lies in `host` on this machine.
///
/// # Errors
/// If there is no library, or the version it is for is unknown.
pub fn guest_folder(host: &Path) -> Result<String> {
    const WANTED: &str = "--stdlib wants a folder like lib/python3.11";
    let resolved = host.canonicalize().map_err(|error| Failure::file("read", host, &error).hint(WANTED))?;
    if !resolved.join("os.py").is_file() {
        return Err(Failure::environment(format!("{} is no Python standard library: it has no os.py", host.display()))
            .hint(WANTED));
    }
    match resolved.file_name().and_then(OsStr::to_str) {
        Some(name) if is_versioned(name) => Ok(format!("{PREFIX}/lib/{name}")),
        _ => Err(Failure::usage(format!("which Python version {} is for is not in its name", host.display()))
            .hint("rename the folder to python3.11 or the like, as python itself expects it")),
    }
}

/// The prefix that Pyodide configures CPython for.
const PREFIX_OF_PYODIDE: &str = "/";

/// Where a python made for Emscripten finds its library, if it is given as an archive.
#[derive(Debug, PartialEq, Eq)]
pub struct ArchivePlace {
    /// What `PYTHONHOME` is set to.
    pub prefix: &'static str,
    /// The guest's folder for the archive's files.
    pub folder: String,
}

/// Where a python made for Emscripten finds the library that it has as an archive: the module says which version it is by the
/// archive's name. `None` if it says nothing of that.
pub fn archive_place(module: &[u8]) -> Option<ArchivePlace> {
    const BEFORE: &[u8] = b"/lib/python3";
    const BEHIND: &[u8] = b".zip\0";
    let mut places = module.windows(BEFORE.len()).enumerate().filter(|(_, bytes)| *bytes == BEFORE);
    places.find_map(|(place, _)| {
        let rest = &module[place + BEFORE.len()..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (minor, rest) = rest.split_at(digits);
        let is_one = !minor.is_empty() && rest.starts_with(BEHIND);
        let folder = format!("/lib/python3.{}", String::from_utf8_lossy(minor));
        is_one.then_some(ArchivePlace { prefix: PREFIX_OF_PYODIDE, folder })
    })
}

/// More than any library has, unpacked.
const LIBRARY_BYTES_MAX: u64 = 256 << 20;

/// What pythons that were made for JavaScript need beside their library: shims/README.md says why.
const SHIMS: [(&str, &str); 6] = [
    ("js.py", include_str!("shims/js.py")),
    ("pyodide_js.py", include_str!("shims/pyodide_js.py")),
    ("_adder_missing.py", include_str!("shims/_adder_missing.py")),
    ("_adder_sockets.py", include_str!("shims/_adder_sockets.py")),
    ("_adder_start.py", include_str!("shims/_adder_start.py")),
    ("_adder_worker.py", include_str!("shims/_adder_worker.py")),
];

/// Lines of the library behind which something is put: shims/README.md says why. A library without the lines stays as it is.
const ADDITIONS: [(&str, &str, &str); 15] = [
    ("encodings/__init__.py", "\ncodecs.register(search_function)\n", include_str!("shims/start_import.py")),
    ("socket.py", "\nimport _socket\n", include_str!("shims/socket_options.py")),
    ("socket.py", "\nimport _socket\n", include_str!("shims/socket_families.py")),
    (
        "socket.py",
        "    __slots__ = [\"__weakref__\", \"_io_refs\", \"_closed\"]\n",
        include_str!("shims/socket_class.py"),
    ),
    ("socket.py", "    addrlist = []\n", include_str!("shims/socket_flags.py")),
    (
        "socket.py",
        "    for res in _socket.getaddrinfo(host, port, family, type, proto, flags):\n",
        include_str!("shims/socket_results.py"),
    ),
    (
        "socketserver.py",
        "        \"\"\"Start a new thread to process the request.\"\"\"\n",
        include_str!("shims/without_threads.py"),
    ),
    (
        "asyncio/base_events.py",
        "        if self._default_executor is None:\n            return\n",
        include_str!("shims/executor_shutdown.py"),
    ),
    ("signal.py", "\nfrom _signal import *\n", include_str!("shims/timers.py")),
    ("signal.py", "\nfrom _signal import *\n", include_str!("shims/wakeup.py")),
    ("concurrent/futures/thread.py", "\nimport queue\n", include_str!("shims/thread_pool_imports.py")),
    (
        "concurrent/futures/thread.py",
        "    def submit(self, fn, /, *args, **kwargs):\n",
        include_str!("shims/thread_pool.py"),
    ),
    ("http/client.py", "\nimport sys\n", include_str!("shims/http_client.py")),
    (
        "operator.py",
        "def ixor(a, b):\n    \"Same as a ^= b.\"\n    a ^= b\n    return a\n",
        include_str!("shims/operator_methodcaller.py"),
    ),
    ("ssl.py", "\nHAS_NEVER_CHECK_COMMON_NAME = False\n", include_str!("shims/ssl_common_name.py")),
];

/// Puts in what belongs into a file of the library.
fn add_to(member: &mut Member) {
    for (name, line, text) in ADDITIONS {
        if member.path == name
            && let Ok(source) = str::from_utf8(&member.contents)
            && let Some((before, behind)) = source.split_once(line)
        {
            member.contents = format!("{before}{line}{text}{behind}").into_bytes();
        }
    }
}

/// Embeds the library that lies in a zip archive under the guest's folder `guest`, with what it needs besides.
///
/// # Errors
/// If the archive cannot be read or has no library in it.
pub fn embed_archive(tree: &mut Tree, archive: &Path, guest: &str) -> Result<Amount> {
    let bytes = std::fs::read(archive).map_err(|error| Failure::file("read", archive, &error))?;
    let refuse = |why: String| {
        Failure::environment(format!("{}: {why}", archive.display()))
            .hint("--stdlib wants a zip archive with the library's files, like Pyodide's python_stdlib.zip")
    };
    let mut members =
        zip_members(&bytes, LIBRARY_BYTES_MAX, |path| STANDARD_LIBRARY(Path::new(path), false)).map_err(refuse)?;
    if !members.iter().any(|member| member.path == "os.py" || member.path == "os.pyc") {
        return Err(refuse("it has no os.py in it".to_owned()));
    }
    for (name, text) in SHIMS {
        if members.iter().all(|member| member.path != name) {
            members.push(Member { path: name.to_owned(), contents: text.as_bytes().to_vec() });
        }
    }
    members.iter_mut().for_each(add_to);
    // Python complains where there is no folder for its libraries in C.
    tree.embed_members(&format!("{guest}/lib-dynload"), Vec::new())?;
    tree.embed_members(guest, members)
}

/// Whether `name` is like `python3.11`.
fn is_versioned(name: &str) -> bool {
    let version = name.strip_prefix("python3.").unwrap_or_default();
    !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
}

/// Leaves out what takes much room and cannot serve here: CPython's own tests, programs for a desktop, static
/// libraries, and bytecode for `-O`. Ordinary bytecode stays where there is some, with the source's time beside it, so
/// that python does not compile what it imports at every start.
pub const STANDARD_LIBRARY: Filter = &|path, is_folder| {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    if is_folder {
        let top = path.components().count() == 1;
        let desktop = top && ["idlelib", "tkinter", "turtledemo"].contains(&name);
        return !desktop && !["test", "tests", "idle_test"].contains(&name);
    }
    let optimized = name.ends_with(".opt-1.pyc") || name.ends_with(".opt-2.pyc");
    !optimized && !name.ends_with(".a") && !name.ends_with(".o")
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_import_stays() {
        let keeps = |path: &str, is_folder| STANDARD_LIBRARY(Path::new(path), is_folder);
        for path in ["json", "unittest", "__pycache__", "encodings", "site-packages", "importlib/tkinter"] {
            assert!(keeps(path, true), "{path}");
        }
        for path in ["test", "unittest/test", "json/tests", "tkinter", "idlelib"] {
            assert!(!keeps(path, true), "{path}");
        }
        for path in ["os.py", "json/tool.py", "test.py", "__pycache__/os.cpython-311.pyc"] {
            assert!(keeps(path, false), "{path}");
        }
        for path in ["__pycache__/os.cpython-311.opt-1.pyc", "config-3.11/libpython3.11.a"] {
            assert!(!keeps(path, false), "{path}");
        }
    }

    #[test]
    fn the_module_says_the_version_of_its_archive() {
        let place = |text: &str| archive_place(format!("\0{text}\0").as_bytes()).map(|place| place.folder);
        assert_eq!(place("/lib/python314.zip").as_deref(), Some("/lib/python3.14"));
        assert_eq!(place("/lib/python3.14/\0/lib/python39.zip").as_deref(), Some("/lib/python3.9"));
        assert_eq!(place("/lib/python314.zip.old"), None);
        assert_eq!(place("/lib/python3.zip"), None);
    }

    #[test]
    fn the_folder_says_the_version() {
        assert!(["python3.11", "python3.9"].into_iter().all(is_versioned));
        assert!(!["python3", "python3.", "Lib", "python3.x", "python3.11-old"].into_iter().any(is_versioned));
    }
}
