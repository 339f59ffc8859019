//! CPython 3.11 as upstream makes it for browsers (`recipes/python-3.11/build.sh emscripten`), used the way people use `python`. The
//! recipe takes minutes, so these tests run where its output is; `ADDER_CI_EMSCRIPTEN=1` wants it to be there.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use adder::cache;
use adder_tests::outcome::{Outcome, finish, spawn};
use adder_tests::workspace;
use rustix::process::{Pid, Signal, kill_process};

/// The executable, which may use all files and all of the network; nothing where the recipe has not been run.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let recipe = cache::folder().expect("tests have a cache").join("python-3.11.2-emscripten/.recipe-key");
        if !recipe.is_file() {
            let is_wanted = std::env::var_os("ADDER_CI_EMSCRIPTEN").is_some_and(|value| value == "1");
            assert!(!is_wanted, "there is no {}\nhint: run recipes/python-3.11/build.sh emscripten", recipe.display());
            println!("not run: recipes/python-3.11/build.sh emscripten makes the Python that this is about");
            return None;
        }
        let folder = workspace::target_directory().join("test-guests");
        std::fs::create_dir_all(&folder).expect("the target folder is writable");
        let output = folder.join("python-emscripten");
        workspace::run(Command::new(workspace::adder()).args(["python", "emscripten", "--net", "-o"]).arg(&output));
        Some(output)
    });
    python.as_deref()
}

/// Runs Python in this folder.
fn run(python: &Path, folder: &Path, arguments: &[&str], input: &str) -> Outcome {
    let mut command = Command::new(python);
    command.args(arguments).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin");
    finish(&mut command, input.as_bytes())
}

/// Runs a program, which has to succeed, in a folder of its own; gives what it printed.
fn printed(python: &Path, program: &str) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    run(python, folder.path(), &["-c", program], "").printed().to_owned()
}

#[test]
fn programs_are_run_in_all_ways() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let script = "import sys\nprint(__name__, sys.argv[1:], sys.version_info[:3], sys.platform)\nsys.exit(7)\n";
    std::fs::write(folder.path().join("script.py"), script).expect("the folder is writable");
    std::fs::create_dir(folder.path().join("package")).expect("the folder is writable");
    std::fs::write(folder.path().join("package/__main__.py"), script).expect("the folder is writable");
    let line = "__main__ ['a', 'b c'] (3, 11, 2) emscripten\n";
    for arguments in [&["script.py"][..], &["-m", "package"], &["-c", script], &["-"]] {
        let outcome = run(python, folder.path(), &[arguments, &["a", "b c"]].concat(), script);
        let expected = Outcome { status: Some(7), stdout: line.to_owned(), stderr: String::new() };
        assert_eq!(outcome, expected, "{arguments:?}");
    }
    let outcome = run(python, folder.path(), &["-c", "1/0"], "");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(1), ""));
    assert!(outcome.stderr.ends_with("ZeroDivisionError: division by zero\n"), "{}", outcome.stderr);
    let outcome = run(python, folder.path(), &["-c", "raise SystemExit('a reason')"], "");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(1), "a reason\n"));
}

#[test]
fn it_goes_on_from_a_checkpoint() {
    let Some(python) = python() else { return };
    let inspected = workspace::run(Command::new(workspace::adder()).arg("inspect").arg(python));
    let inspected = String::from_utf8(inspected).expect("text");
    assert!(inspected.lines().any(|line| line.starts_with("checkpoint: ")), "{inspected}");
    let restored = "import gc; print(gc.get_freeze_count() > 0)";
    assert_eq!(printed(python, restored), "True\n");
}

#[test]
fn files_are_those_of_the_host() {
    let Some(python) = python() else { return };
    let program = r#"
import os, stat, sys, zlib, pathlib, tempfile, json, hashlib, mmap
os.umask(0o022)
with open("a", "w") as file: file.write("text\n")
os.chmod("a", 0o640)
os.symlink("a", "l"); os.mkdir("d")
s = os.stat("l"); print(oct(s.st_mode), s.st_size, s.st_nlink, s.st_uid == os.getuid())
print(sorted(e.name + "/" * e.is_dir() for e in os.scandir(".")), os.readlink("l"))
os.utime("a", ns=(10**18, 10**18 + 5000)); print(os.stat("a").st_mtime_ns)
os.chdir("d"); print(os.path.basename(os.getcwd()), pathlib.Path("../a").read_text()); os.chdir("..")
with open("m", "w+b") as file:
    file.truncate(4096)
    with mmap.mmap(file.fileno(), 4096) as m: m[:6] = b"mapped"
    print(os.pread(file.fileno(), 6, 0))
for call in lambda: open("missing"), lambda: os.mkdir("d"), lambda: os.rmdir("a"), lambda: open("d", "w"):
    try: call()
    except OSError as e: print(type(e).__name__, e.errno)
with tempfile.TemporaryDirectory() as t: print(os.path.isdir(t))
print(json.dumps({"a": 1}), hashlib.sha256(zlib.compress(b"x" * 1000)).hexdigest()[:8] != "")
"#;
    let expected = "0o100640 5 1 True\n['a', 'd/', 'l'] a\n1000000000000005000\nd text\n\nb'mapped'\n\
                    FileNotFoundError 44\nFileExistsError 20\nNotADirectoryError 54\nIsADirectoryError 31\nTrue\n\
                    {\"a\": 1} True\n";
    assert_eq!(printed(python, program), expected);
}

#[test]
fn sockets_connect() {
    let Some(python) = python() else { return };
    let program = r#"
import select, socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname(), timeout=5)
peer, address = server.accept()
client.sendall(b"there"); print(peer.recv(10)); peer.sendall(b"and back")
print(select.select([client], [], [], 5)[0] == [client], client.recv(10))
peer.settimeout(0.05)
try: peer.recv(1)
except TimeoutError as e: print(type(e).__name__)
client.close(); print(peer.recv(1))
port = server.getsockname()[1]; server.close()
try: socket.create_connection(("127.0.0.1", port), timeout=5)
except OSError as e: print(type(e).__name__)
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)[0][4])
import asyncio; print(asyncio.run(asyncio.sleep(0.01, "slept")))
"#;
    let expected = "b'there'\nTrue b'and back'\nTimeoutError\nb''\nConnectionRefusedError\n('127.0.0.1', 80)\nslept\n";
    assert_eq!(printed(python, program), expected);
}

#[test]
fn interrupts_are_exceptions() {
    let Some(python) = python() else { return };
    for waiting in ["for _ in iter(int, 1): pass", "time.sleep(100)", "sys.stdin.read()"] {
        let program = format!(
            "import sys, time\nprint('.', end='', flush=True)\ntry:\n    {waiting}\nexcept KeyboardInterrupt: sys.exit(5)\n"
        );
        let mut command = Command::new(python);
        command.args(["-c", &program]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = spawn(&mut command);
        let mut ready = [0];
        child.stdout.as_mut().expect("it is piped").read_exact(&mut ready).expect("it says when it is ready");
        std::thread::sleep(Duration::from_millis(100));
        let begun = Instant::now();
        kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), status.signal()), (Some(5), None), "{waiting}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{waiting}: {:?}", begun.elapsed());
    }
}
