//! Python files that are embedded have bytecode, made at build by the python itself: they are not compiled whenever they are imported.

use std::fs;
use std::path::Path;
use std::process::Command;

use adder_tests::outcome::{Outcome, finish};
use adder_tests::python::adder;

use crate::executables::{self, Flavor, Variant};

/// Makes Python 3.12, whose library is in its module, in `folder`, with these arguments and this cache.
fn build(folder: &Path, cache: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(adder());
    command.args(["python", "3.12", "--sandbox", "--no-checkpoint", "-O", "0", "-v"]).args(arguments);
    finish(command.current_dir(folder).env("ADDER_CACHE", cache), b"")
}

fn run(executable: &Path, arguments: &[&str]) -> Outcome {
    finish(Command::new(executable).args(arguments), b"")
}

/// A cache with the packages of the real one, and nothing else.
fn cache(folder: &Path, name: &str) -> std::path::PathBuf {
    let cache = folder.join(name);
    fs::create_dir(&cache).expect("the folder is ours");
    let packages = adder::cache::folder().expect("there is one").join("python-3.12.0-npm");
    fs::create_dir_all(&packages).expect("the cache is writable");
    std::os::unix::fs::symlink(packages, cache.join("python-3.12.0-npm")).expect("the folder is ours");
    cache
}

/// Prints what was loaded from where, without looking at the time.
const SHOW: &str = "import app.good, app.stale, sys\n\
    for name in ('good', 'stale'):\n    \
        module = sys.modules['app.' + name]\n    \
        print(name, module.VALUE, open(module.__cached__, 'rb').read()[4], module.__cached__)\n\
    try:\n    import app.broken\nexcept SyntaxError as error:\n    print(error.msg, error.filename)\n";

#[test]
fn embedded_files_have_bytecode_of_this_python() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let app = folder.path().join("app");
    fs::create_dir_all(app.join("__pycache__")).expect("the folder is ours");
    let nested = format!("x = {}1{}\n", "(".repeat(150), ")".repeat(150));
    for (name, text) in [
        ("__init__.py", ""),
        ("good.py", "VALUE = frozenset({'a', 'b', 1}) and 'good'\n"),
        ("stale.py", "VALUE = 'new'\n"),
        ("broken.py", "def (\n"),
        // Whatever becomes of it, it is the only one.
        ("nested.py", &nested),
        ("show.py", SHOW),
        // Of another python, and of this one but not of this source.
        ("__pycache__/good.cpython-38.pyc", "x"),
        ("__pycache__/stale.cpython-312.pyc", "x"),
    ] {
        fs::write(app.join(name), text).expect("the folder is ours");
    }
    let (one, other) = (cache(folder.path(), "one"), cache(folder.path(), "other"));
    let arguments = ["--embed", "app::/app/app", "--env", "PYTHONPATH=/app", "--argument", "/app/app/show.py"];
    let first = build(folder.path(), &one, &[&arguments[..], &["-o", "first", "--jobs", "1"]].concat());
    assert!(first.stderr.contains("\nbytecode: /app/app/broken.py does not compile\n"), "{}", first.stderr);
    assert!(first.stderr.contains(" 0 of them from the cache\n"), "{}", first.stderr);
    let expected = "good good 1 /app/app/__pycache__/good.cpython-312.pyc\n\
                    stale new 1 /app/app/__pycache__/stale.cpython-312.pyc\n\
                    invalid syntax /app/app/broken.py\n";
    let seen = run(&folder.path().join("first"), &[]);
    assert_eq!((seen.printed(), seen.stderr.as_str()), (expected, ""));

    // The same again: from the cache; with another cache, more processes, and other times of the files.
    let again = build(folder.path(), &one, &[&arguments[..], &["-o", "again"]].concat());
    assert!(!again.stderr.contains(" 0 of them from the cache\n"), "{}", again.stderr);
    let second = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for entry in fs::read_dir(&app).expect("it is there") {
        let file = fs::File::open(entry.expect("an entry").path()).expect("it is ours");
        file.set_modified(second).expect("it is ours");
    }
    fs::remove_dir_all(app.join("__pycache__")).expect("it is ours");
    build(folder.path(), &other, &[&arguments[..], &["-o", "anew", "--jobs", "3"]].concat());
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("it was built");
    assert!(bytes("first") == bytes("again"), "the cache changes the output");
    assert!(bytes("first") == bytes("anew"), "times, the host's bytecode or the number of processes change the output");
}

#[test]
fn a_script_of_one_file_is_bundled_as_the_hint_says() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let cache = cache(folder.path(), "cache");
    fs::write(folder.path().join("hello.py"), "import sys\nprint('hello', *sys.argv[1:])\n")
        .expect("the folder is ours");
    let refused = finish(Command::new(adder()).args(["python", "hello.py", "-o", "x"]).current_dir(&folder), b"");
    let command = refused.stderr.split_once("adder python ").expect("the hint has a command").1;
    let command = command.split(';').next().unwrap_or_default();
    let built = build(folder.path(), &cache, &command.split_whitespace().collect::<Vec<_>>());
    assert!(built.stderr.contains("\nwrote ./hello ("), "{}", built.stderr);
    assert_eq!(run(&folder.path().join("hello"), &["world"]).printed(), "hello world\n");
}

#[test]
fn native_modules_are_told() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let cache = cache(folder.path(), "cache");
    fs::create_dir(folder.path().join("app")).expect("the folder is ours");
    let native = std::env::current_exe().expect("the system knows the running executable");
    fs::copy(native, folder.path().join("app/fast.cpython-312-x86_64-linux-gnu.so")).expect("copied");
    let built = build(folder.path(), &cache, &["--embed", "app::/app", "-o", "out"]);
    let warning = "warning: an embedded file is native code, which this python cannot load: \
                   /app/fast.cpython-312-x86_64-linux-gnu.so\nhint: ";
    assert_eq!(built.stderr.matches(warning).count(), 1, "{}", built.stderr);
}

#[test]
fn a_module_that_is_known_keeps_the_abi_of_c_unless_told_otherwise() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let packages = adder::cache::folder().expect("there is one").join("python-3.12.0-npm/python.wasm");
    let module = packages.to_str().expect("text");
    let is_assumed = |executable: &Path| {
        let inspected = finish(Command::new(adder()).arg("inspect").arg(executable), b"");
        inspected.printed().contains(", --assume c-abi\n")
    };
    assert!(is_assumed(&executables::python(Flavor::Python312, Variant::Sandbox)));
    for (arguments, expected) in [
        (&["build", module][..], true),
        (&["build", module, "--assume", "none"], false),
        // Without effect, so it is not claimed.
        (&["build", module, "-O", "0"], false),
    ] {
        let output = folder.path().join("out");
        finish(Command::new(adder()).args(arguments).arg("-o").arg(&output), b"");
        assert_eq!(is_assumed(&output), expected, "{arguments:?}");
        assert_eq!(run(&output, &["-c", "print(1)"]).printed(), "1\n", "{arguments:?}");
    }
}

#[test]
fn the_grant_says_what_the_module_hides() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let output = folder.path().join("out");
    let mut command = Command::new(adder());
    command
        .args(["python", "3.12", "--no-checkpoint", "-O", "0", "--dir", "/", "--dir", "/usr/share", "-o"])
        .arg(&output);
    let built = finish(&mut command, b"");
    let granted = "granted: / (read and write, but for /usr: the module brings its own), /usr/share (read and write), \
                   the working directory\n";
    assert!(built.stderr.starts_with(granted), "{}", built.stderr);
    let inspected = finish(Command::new(adder()).arg("inspect").arg(&output), b"");
    assert!(inspected.printed().contains(granted), "{}", inspected.printed());
    // It is as it says.
    let seen = run(
        &output,
        &["-c", "import os; print(os.listdir('/usr'), os.path.exists('/usr/share'), os.path.exists('/etc'))"],
    );
    assert_eq!(seen.printed(), "['local'] True True\n");
}
