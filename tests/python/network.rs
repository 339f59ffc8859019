//! Sockets and names of 3.14, the Python that has them: programs of the folder `network`, against servers on this machine, and what
//! native Python does.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use adder_tests::outcome::spawn;
use adder_tests::python::adder;
use adder_tests::target::is_beyond_emulator;
use adder_tests::{name_server, workspace};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, setrlimit};

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{Outcome, collect, command, finish, finish_with_input};

fn network() -> PathBuf {
    python(Flavor::Python314, Variant::Network)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python/network").join(name)
}

/// Servers of another process, which run as long as this is there.
struct Peers {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Of the web server, of the one for mail, of one that says nothing, and of none.
    ports: Vec<String>,
}

impl Peers {
    fn start() -> Peers {
        let mut command = command(native());
        command.arg(script("peers.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = spawn(&mut command);
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it says its ports");
        let ports: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(ports.len(), 4, "{line}");
        Peers { child, input, output, ports }
    }

    /// Ends them. Returns what they have printed.
    fn finish(mut self) -> String {
        drop(self.input.take());
        let mut printed = String::new();
        self.output.read_to_string(&mut printed).expect("it prints text");
        assert!(self.child.wait().expect("it is ours to wait for").success());
        printed
    }
}

/// Runs a script in an empty folder.
fn run(executable: &Path, name: &str, arguments: &[String], prepare: impl Fn(&mut Command)) -> Outcome {
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let mut command = command(executable);
    command.arg(script(name)).args(arguments).current_dir(&folder);
    prepare(&mut command);
    finish(&mut command)
}

/// Runs a script natively and compiled: it prints the same, which has to be these lines at least.
#[track_caller]
fn compare(name: &str, arguments: &[String], lines: &[&str], prepare: impl Fn(&mut Command)) {
    let natively = run(native(), name, arguments, &prepare).success();
    let compiled = run(&network(), name, arguments, &prepare).success();
    assert_eq!(compiled, natively, "{name}");
    for line in lines {
        assert!(natively.lines().any(|found| found == *line), "{name} does not print {line:?}: {natively}");
    }
}

#[test]
fn clients_of_the_library_do_what_they_do_natively() {
    let peers = Peers::start();
    let lines = ["POST 250000", "200 PUT b'in parts'", "{'refused@example.org': (550, b'no')}", "b'/asynchronous'"];
    compare("clients.py", &peers.ports, &lines, |_| {});
    let mail = "'Subject: test\\r\\n\\r\\n.dot\\r\\ntext\\r\\n'\n";
    assert_eq!(peers.finish(), mail.repeat(2));
}

/// The packages of `requests.txt`, from PyPI.
fn packages() -> PathBuf {
    let wanted = script("requests.txt");
    let key = adder::note::sha256(&fs::read(&wanted).expect("it is in the repository"));
    let folder = adder::cache::folder().expect("tests have a cache").join("test-packages").join(&key[..16]);
    if !folder.is_dir() {
        let parent = folder.parent().expect("it has one");
        fs::create_dir_all(parent).expect("the cache is writable");
        let new = tempfile::tempdir_in(parent).expect("the cache is writable");
        let mut pip = Command::new("pip");
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]);
        pip.args(["--only-binary=:all:", "--platform", "any", "--implementation", "py", "--abi", "none"]);
        pip.args(["--python-version", "3.14", "--root-user-action=ignore", "--requirement"]).arg(&wanted);
        workspace::run(pip.arg("--target").arg(new.path()));
        // Another run may have been faster.
        let _ = fs::rename(new.path(), &folder);
    }
    assert!(folder.join("requests").is_dir(), "{} has no requests", folder.display());
    folder
}

#[test]
fn requests_does_what_it_does_natively() {
    let peers = Peers::start();
    let packages = packages();
    let lines = [
        "2.34.2 2.8.0 urllib3.connection",
        "connections 1 mine",
        "/there [302]",
        "['ReadTimeout', 'ReadTimeoutError', 'TimeoutError']",
        "['ConnectTimeout', 'ConnectTimeoutError', 'TimeoutError']",
        "['ConnectionError', 'NewConnectionError', 'ConnectionRefusedError']",
        "['ConnectionError', 'NameResolutionError', 'gaierror']",
    ];
    compare("with_requests.py", &peers.ports, &lines, |command| {
        command.env("PYTHONPATH", &packages).env("PYTHONDONTWRITEBYTECODE", "1");
    });
    peers.finish();
}

#[test]
fn servers_do_what_they_do_natively() {
    let lines = ["stream b'UNIX\\n' stream", "DefaultSelector True []", "streams 4950", "SIGALRM True"];
    compare("servers.py", &[], &lines, |_| {});
}

#[test]
fn sockets_of_all_families_do_what_they_do_natively() {
    if is_beyond_emulator("qemu 7.2 does not pass on recvmsg without buffers") {
        return;
    }
    let lines =
        ["--- AF_UNIX", "AF_UNIX SOCK_DGRAM True False None", "b'12345' [] False True", "True True False b'text'"];
    compare("families.py", &[], &lines, |_| {});
}

/// The second of its sockets cannot be made here.
#[test]
fn a_pair_of_sockets_that_fails_leaves_nothing_open() {
    let code = "import os, socket, sys\nmade = []\n\
                def hook(event, arguments):\n \
                if event == 'socket.__new__':\n  made.append(event)\n  if len(made) == 2: raise OSError('no')\n\
                sys.addaudithook(hook)\n\
                before = os.dup(0)\nos.close(before)\n\
                try: socket.socketpair()\n\
                except OSError as error: print(error, os.dup(0) == before)";
    assert_eq!(finish(command(&network()).args(["-c", code])).success(), "no True\n");
}

#[test]
fn errors_are_those_of_native_python() {
    let lines = [
        "reset, receiving ConnectionResetError ECONNRESET",
        "in use OSError EADDRINUSE",
        "closed, poll True",
        "all descriptors, socket OSError EMFILE True",
        "all descriptors, a name True",
        "b'again'",
    ];
    compare("errors.py", &[], &lines, |command| {
        use std::os::unix::process::CommandExt;
        const FEW: Rlimit = Rlimit { current: Some(100), maximum: Some(100) };
        // SAFETY: between fork and exec, the closure only makes a system call.
        unsafe { command.pre_exec(|| Ok(setrlimit(Resource::Nofile, FEW)?)) };
    });
}

/// From outside, while the loop waits.
#[test]
fn signals_reach_a_loop_that_waits() {
    let program = "import asyncio, signal\n\
                   async def main():\n\
                   \x20   came = asyncio.Queue()\n\
                   \x20   loop = asyncio.get_running_loop()\n\
                   \x20   for number in signal.SIGUSR1, signal.SIGTERM, signal.SIGINT:\n\
                   \x20       loop.add_signal_handler(number, came.put_nowait, number.name)\n\
                   \x20   print('ready', flush=True)\n\
                   \x20   while (name := await came.get()) != 'SIGINT': print(name, flush=True)\n\
                   asyncio.run(main())\nprint('ends')\n";
    let mut command = command(&network());
    let mut child = spawn(command.args(["-c", program]).stdin(Stdio::null()).stdout(Stdio::piped()));
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let process = Pid::from_child(&child);
    for (signal, expected) in [(None, "ready"), (Some(Signal::USR1), "SIGUSR1"), (Some(Signal::TERM), "SIGTERM")] {
        if let Some(signal) = signal {
            std::thread::sleep(Duration::from_millis(20));
            kill_process(process, signal).expect("it runs");
        }
        let mut line = String::new();
        output.read_line(&mut line).expect("it prints text");
        assert_eq!(line.trim_end(), expected);
    }
    kill_process(process, Signal::INT).expect("it runs");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("it prints text");
    assert_eq!(rest, "ends\n");
    assert!(collect(child).status.success());
}

/// What `refusals.py` prints and says where nothing of the network is granted.
const REFUSED: &str = "\
connect PermissionError EACCES
connect_ex EACCES
connect by name PermissionError EACCES
connect by version 6 PermissionError EACCES
send PermissionError EACCES
connect datagrams PermissionError EACCES
send by version 6 PermissionError EACCES
bind PermissionError EACCES
bind here PermissionError EACCES
bind by version 6 PermissionError EACCES
bind datagrams PermissionError EACCES
listen PermissionError EACCES
abstract PermissionError EACCES
abstract too PermissionError EACCES
path OSError EROFS
path too FileNotFoundError ENOENT
name gaierror -2
name of a number gaierror -2
raw PermissionError EPERM
packets OSError EAFNOSUPPORT
asyncio connect PermissionError EACCES
asyncio listen PermissionError EACCES
asyncio datagrams PermissionError EACCES
b'inside'
";

#[test]
fn nothing_is_reached_without_a_grant() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    let program = fs::read(script("refusals.py")).expect("it is in the repository");
    let mut command = command(&python(Flavor::Python314, Variant::Sandbox));
    let outcome = finish_with_input(command.arg("-").arg(port.to_string()), program);
    assert_eq!(outcome.success(), REFUSED);
    let said = format!(
        "adder: the program was not granted to connect to 127.0.0.1:{port}\n\
         hint: build it with --net connect:127.0.0.1:{port}, or with --net\n"
    );
    assert_eq!(outcome.stderr_text(), said);
    listener.set_nonblocking(true).expect("it can be");
    assert!(listener.accept().is_err(), "somebody has connected");
}

/// The name `localhost` has an address of each version, and a grant of the one that was refused first may be of no use. That a program
/// has asked for the machine's own name, and gone on without, is not worth a word.
#[test]
fn the_hint_for_a_name_lets_the_program_connect() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    let program = format!(
        "import socket\nassert socket.getfqdn()\nsocket.create_connection(('localhost', {port}), timeout=5)\nprint('connected')\n"
    );
    let run = |executable: &Path| finish(command(executable).args(["-c", &program]));
    let refused = run(&python(Flavor::Python314, Variant::Sandbox));
    let said = refused.stderr_text();
    let mut lines = said.lines();
    let first = lines.next().unwrap_or_default();
    assert!(first.starts_with("adder: the program was not granted to connect to "), "{said}");
    assert!(first.ends_with(&format!(":{port} (localhost)")), "{said}");
    let hint = lines.next().and_then(|line| line.strip_prefix("hint: build it with --net ")).expect("a hint");
    let grant = hint.strip_suffix(", or with --net").expect("a hint");
    assert_eq!(grant, format!("connect:localhost:{port}"));

    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let granted = folder.path().join("granted");
    let mut build = Command::new(adder());
    workspace::run(build.args(["python", "--sandbox", "--no-checkpoint", "--net", grant, "-o"]).arg(&granted));
    let connected = run(&granted);
    assert_eq!((connected.success().as_str(), connected.stderr_text().as_str()), ("connected\n", ""));
}

/// Runs `names.py` where the name server is, if this machine can have it.
fn names(arguments: &[&str]) -> Option<String> {
    let mut command = name_server::command(&network())?;
    command.arg(script("names.py")).args(arguments).env("PYTHONUTF8", "1");
    Some(finish(&mut command).success())
}

#[test]
fn names_are_looked_up_in_the_hosts_file_and_by_dns() {
    let both = ["both.test", "both.test.", "other.test", "truncated.test"];
    let asked = ["by-file.test", "short-name", "v4.test", "v6.test", "none.test", "missing.test", "longer.test"];
    let once = ["--", "again.test", "late.test", "failing.test", "silent.test"];
    let Some(printed) = names(&[&both[..], &asked, &once].concat()) else { return };
    let longer: Vec<String> = (1..=30).map(|number| format!("192.0.2.{number}")).collect();
    let longer = longer.join(" ");
    let expected = format!(
        "both.test, 2001:db8::7 192.0.2.7, 192.0.2.7, 2001:db8::7, 192.0.2.7, both.test\n\
         both.test., 2001:db8::7 192.0.2.7, 192.0.2.7, 2001:db8::7, 192.0.2.7, both.test\n\
         other.test, 2001:db8::7 192.0.2.7, 192.0.2.7, 2001:db8::7, 192.0.2.7, both.test\n\
         truncated.test, 2001:db8::7 192.0.2.7, 192.0.2.7, 2001:db8::7, 192.0.2.7, truncated.test\n\
         by-file.test, 2001:db8::55 192.0.2.55, 192.0.2.55, 2001:db8::55, 192.0.2.55, by-file.test\n\
         short-name, 192.0.2.55, 192.0.2.55, EAI_NODATA, 192.0.2.55, by-file.test\n\
         v4.test, 192.0.2.7, 192.0.2.7, EAI_NODATA, 192.0.2.7, v4.test\n\
         v6.test, 2001:db8::7, EAI_NODATA, 2001:db8::7, EAI_NODATA, v6.test\n\
         none.test, EAI_NODATA, EAI_NODATA, EAI_NODATA, EAI_NODATA, EAI_NODATA\n\
         missing.test, EAI_NONAME, EAI_NONAME, EAI_NONAME, EAI_NONAME, EAI_NONAME\n\
         longer.test, {longer}, {longer}, EAI_NODATA, 192.0.2.1, longer.test\n\
         again.test, 2001:db8::7 192.0.2.7\n\
         late.test, 2001:db8::7 192.0.2.7\n\
         failing.test, EAI_AGAIN\n\
         silent.test, EAI_AGAIN\n\
         127.0.0.1 ('localhost', '80') ('localhost', '80')\n\
         192.0.2.7 ('seven.test', '80') ('seven.test', '80')\n\
         192.0.2.99 ('192.0.2.99', '80') EAI_NONAME\n"
    );
    assert_eq!(printed, expected);
}

/// Answers that are wrong are none, and do no harm. The C library does not look at names of records, so that one may be made of
/// itself.
#[test]
fn wrong_answers_of_a_name_server_are_none() {
    let wrong = [
        ("number", "2001:db8::7 192.0.2.7"),
        ("loop", "c01b:c01b:c01b:c01b:c01b:c01b:c01b:c01b"),
        ("beyond", "EAI_NODATA"),
        ("alias", "EAI_NODATA"),
        ("circle", "EAI_NODATA"),
        ("short", "EAI_NODATA"),
        ("empty", "EAI_NODATA"),
        ("sizes", "EAI_NODATA"),
        ("lengths", "EAI_NODATA"),
        ("text", "EAI_NODATA"),
        ("long", "EAI_NODATA"),
        ("itself", "EAI_NODATA"),
        ("rubbish", "EAI_AGAIN"),
        ("both", "2001:db8::7 192.0.2.7"),
    ];
    let asked: Vec<String> = wrong.iter().map(|(name, _)| format!("{name}.test")).collect();
    let asked: Vec<&str> = ["--"].into_iter().chain(asked.iter().map(String::as_str)).collect();
    let Some(printed) = names(&asked) else { return };
    let expected: String = wrong.iter().map(|(name, found)| format!("{name}.test, {found}\n")).collect();
    assert_eq!(printed, expected);
}
