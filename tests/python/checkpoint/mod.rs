//! A python that goes on from its checkpoint, and one that starts cold: only the time may tell them apart.
//!
//! Both are the same executable, which starts cold where `ADDER_COLD_START` says so. `ADDER_TEST_CHECKPOINT_CASE=TEXT`
//! leaves only the command lines that have the text in them.

mod case;
mod cases;
mod settings;

use std::collections::BTreeSet;
use std::io::PipeWriter;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use adder_tests::target::is_beyond_emulator;

use crate::executables::{Flavor, Variant, python as executable};
use crate::process::{Outcome, finish};
use crate::terminal::Terminal;
use case::{Case, code, python, script};
use settings::{APPLIED_OPTIONS, APPLIED_VARIABLES};

crate::for_each_flavor! {
    every_command_line,
    what_is_restored_and_what_starts_cold,
    broken_pipe,
    why_it_starts_cold,
    found_on_the_path,
    called_by_a_path,
    order_of_variables,
    random_numbers,
    prompt,
    terminal_streams,
    program_asks_for_prompt,
    fast_exit,
    named_pipe_as_script,
    input_that_does_not_wait,
}

/// Whether there is a checkpoint below: it was made with all objects frozen. (CPython 3.12.0 freezes some by itself.)
const IS_RESTORED: &str = "import gc; print(gc.get_freeze_count() > 1000)";

/// The longest table of all is cut into so many.
fn every_command_line(flavor: Flavor) {
    let executable = executable(flavor, Variant::Default);
    let only = std::env::var("ADDER_TEST_CHECKPOINT_CASE").unwrap_or_default();
    let cases: Vec<Case> = cases::cases().into_iter().filter(|case| case.mentions(&only)).collect();
    assert!(cases.len() >= 60 || !only.is_empty(), "only {} command lines", cases.len());
    let next = AtomicUsize::new(0);
    let differences: Vec<String> = thread::scope(|scope| {
        let work = || {
            let mut found = Vec::new();
            while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                found.extend(case.difference(&executable));
            }
            found
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a comparison does not panic")).collect()
    });
    assert!(differences.is_empty(), "{} of {}:\n\n{}", differences.len(), cases.len(), differences.join("\n"));
}

/// What a process says of its start.
const WENT_ON: &str = "adder: went on from the checkpoint\n";
const STARTED: &str = "adder: started from the beginning: ";

fn what_is_restored_and_what_starts_cold(flavor: Flavor) {
    let executable = executable(flavor, Variant::Default);
    let mut restored = vec![
        code(IS_RESTORED),
        python(["-uc", IS_RESTORED]),
        script(IS_RESTORED),
        python(["-m", "program"]).file("program.py", IS_RESTORED),
        case::input(IS_RESTORED),
        python(["-", "x"]).input(IS_RESTORED),
        code(IS_RESTORED).variable("LANG", "C.UTF-8"),
        code(IS_RESTORED).without("LANG").without("PATH").without("HOME"),
        code(IS_RESTORED).variable("PYTHONUNBUFFERED", "1").variable("PYTHON_VERSION", "3").variable("PYTHONPATH", ""),
        code(IS_RESTORED).redirect("<&-"),
        // A file without a suffix and a folder without code are no modules.
        python(["-m", "program"]).file("program.py", IS_RESTORED).file("warnings", "").file("types/x", ""),
        code(IS_RESTORED).file("encodings/__init__.py", ""),
    ];
    restored.extend(APPLIED_OPTIONS.map(|options| python([options, &["-c", IS_RESTORED]].concat())));
    restored.extend(APPLIED_VARIABLES.map(|(name, value)| code(IS_RESTORED).variable(name, value)));
    for case in restored {
        let case = case.variable("ADDER_EXPLAIN", "start");
        let [cold, restored] = case.run(&executable).map(|(outcome, _)| outcome);
        let said = |outcome: &Outcome| String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert_eq!((restored.stdout_text(), restored.code()), ("True\n".into(), Some(0)), "{case} {}", said(&restored));
        assert!(said(&restored).contains(WENT_ON), "{case} {}", said(&restored));
        assert!(said(&cold).starts_with(&format!("{STARTED}ADDER_COLD_START is set\n")), "{case} {}", said(&cold));
        assert_eq!(cold.stdout_text(), "False\n", "{case}");
    }
}

/// A module that does what the library's of the name `types` does.
const LIBRARY_TYPES: &str = "import os; exec(open(os.path.join(os.path.dirname(os.__file__), 'types.py')).read())";

fn why_it_starts_cold(flavor: Flavor) {
    let executable = executable(flavor, Variant::Default);
    // 3.14 imports `warnings` no more for `-m`, and does not work with another `types`.
    let (name, file, text) = match flavor {
        Flavor::Python314 => ("types", "types.py", LIBRARY_TYPES),
        Flavor::Python311 | Flavor::Python312 => ("warnings", "warnings.py", ""),
    };
    let why = format!("the program's folder has a module {name}, and one of that name is there already");
    let cold = [
        (python(["-S", "-c", IS_RESTORED]), "option -S"),
        (python(["-v", "-c", IS_RESTORED]), "option -v"),
        (python(["-Xdev", "-c", IS_RESTORED]), "option -X dev"),
        (code(IS_RESTORED).variable("PYTHONHASHSEED", "0"), "PYTHONHASHSEED is set"),
        (code(IS_RESTORED).variable("PYTHONMALLOC", "malloc"), "PYTHONMALLOC is set"),
        (code(IS_RESTORED).variable("PYTHONDEVMODE", "1"), "PYTHONDEVMODE is set"),
        (code(IS_RESTORED).variable("LISTEN_FDS", "0"), "sockets are handed over (LISTEN_FDS)"),
        (python(["-m", "program"]).file("program.py", IS_RESTORED).file(file, text), &why),
        (
            code(IS_RESTORED).variable("PYTHONPATH", "x").file("x/sitecustomize.py", ""),
            "/x on PYTHONPATH has a module sitecustomize, which python loads when it starts",
        ),
        (python(["folder"]).file("folder/__main__.py", IS_RESTORED), "/folder is no ordinary file"),
    ];
    for (case, why) in cold {
        let [_, (restored, _)] = case.clone().variable("ADDER_EXPLAIN", "start").run(&executable);
        let said = String::from_utf8_lossy(&restored.stderr).into_owned();
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("adder: ")).collect();
        assert!(lines.len() == 1 && lines[0].starts_with(STARTED) && lines[0].ends_with(why), "{case} {lines:?}");
        assert_eq!(restored.stdout_text(), "False\n", "{case}");
        // Nothing is said to who has not asked.
        for value in ["", "else"] {
            let [_, (restored, _)] = case.clone().variable("ADDER_EXPLAIN", value).run(&executable);
            assert!(!String::from_utf8_lossy(&restored.stderr).contains("adder: "), "{case} {restored:?}");
        }
    }
    let seen = code("import os; print('ADDER_EXPLAIN' in os.environ)").variable("ADDER_EXPLAIN", "start");
    assert_eq!(seen.run(&executable).map(|(outcome, _)| outcome.stdout_text()), ["False\n", "False\n"]);
}

/// Runs a command with a standard output that nobody reads any more.
fn with_broken_pipe(case: &Case, executable: &Path, cold: bool) -> Outcome {
    let (reader, writer): (_, PipeWriter) = std::io::pipe().expect("the system has pipes to give");
    drop(reader);
    let child = case
        .command(executable, cold)
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the executable was built");
    crate::process::collect(child)
}

fn broken_pipe(flavor: Flavor) {
    let executable = executable(flavor, Variant::Default);
    for program in ["print(1)", "print('x' * 5000)", "print('x' * 50000)", "print(1, flush=True)", "print(1); 1 / 0"] {
        for case in [code(program), python(["-u", "-c", program])] {
            let [cold, restored] = [true, false].map(|cold| with_broken_pipe(&case, &executable, cold));
            assert_eq!(restored, cold, "{case}");
            assert_ne!(cold.code(), Some(0), "{case}");
        }
    }
}

/// A folder with the executable under two names: itself, and a link to it.
fn installed(flavor: Flavor) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let executable = executable(flavor, Variant::Default);
    std::fs::create_dir(folder.path().join("bin")).expect("the folder is ours");
    std::fs::hard_link(&executable, folder.path().join("bin/python"))
        .or_else(|_| std::fs::copy(&executable, folder.path().join("bin/python")).map(drop))
        .expect("the folder is ours");
    symlink("python", folder.path().join("bin/other")).expect("the folder is ours");
    symlink("bin/python", folder.path().join("python")).expect("the folder is ours");
    folder
}

/// The commonest way to start a python: by its bare name. Native CPython looks for itself on `PATH`, as the shell did.
fn found_on_the_path(flavor: Flavor) {
    let folder = installed(flavor);
    let root = folder.path().to_str().expect("the temporary folder's name is text");
    let program = "import sys, gc; print(sys.executable, sys._base_executable, sys.argv, sys.prefix, sys.path)";
    let warm = format!("{program}; print(sys.orig_argv[0], gc.get_freeze_count() > 1000)");
    for (name, path, expected) in [
        ("python", format!("/nowhere:{root}/bin:/usr/bin"), "/bin/python"),
        ("other", format!("/usr/bin:{root}/bin/"), "/bin/other"),
        ("python", format!("{root}:{root}/bin"), "/python"),
        ("python", "/nowhere:bin:/usr/bin".to_owned(), "/bin/python"),
        ("other", "./bin/:/usr/bin".to_owned(), "/bin/other"),
        ("python", ":/usr/bin".to_owned(), "/python"),
    ] {
        let run = |program: &str, cold: bool| {
            let command = code(program).variable("PWD", "/").command(Path::new(name), cold);
            let arguments: Vec<_> = command.get_args().collect();
            // By a shell: who starts processes here would look on the PATH of this one.
            let mut shell = std::process::Command::new("/bin/sh");
            shell.arg("-c").arg(format!("exec {name} \"$@\"")).arg("sh").args(arguments).env_clear().env("PATH", &path);
            if cold {
                shell.env("ADDER_COLD_START", "1");
            }
            finish(shell.current_dir(folder.path())).success().to_owned()
        };
        let restored = run(&warm, false);
        let (first, last) = restored.trim_end().split_once('\n').expect("two lines");
        assert_eq!(last, format!("{name} True"), "{path}");
        assert!(first.starts_with(&format!("{root}{expected} {root}{expected} ['-c']")), "{path}: {first}");
        assert_eq!(run(program, true).trim_end(), first, "{name} on {path}");
    }
}

fn called_by_a_path(flavor: Flavor) {
    use std::os::unix::process::CommandExt;

    let folder = installed(flavor);
    let executable = executable(flavor, Variant::Default);
    let program = "import sys; print(sys.executable, sys._base_executable, sys.orig_argv, sys.prefix, sys.path)";
    for name in ["bin/python", "./bin/../bin/python", "bin//other", "no/such/name", "/bin/sh", ""] {
        let [cold, restored] = [true, false].map(|cold| {
            let mut command = code(program).variable("PWD", "/").command(&executable, cold);
            finish(command.arg0(name).env("PATH", "/usr/bin").current_dir(folder.path()))
        });
        assert_eq!(restored, cold, "{name}");
    }
    // Whatever a process is called, the kernel knows what it is.
    let mut command = code("import sys; print(sys.executable)").command(&executable, false);
    let outcome = finish(command.arg0("called-otherwise").current_dir("/"));
    assert_eq!(outcome.success().trim_end(), executable.to_str().expect("text"));
    for name in ["pyvenv.cfg", "bin/pyvenv.cfg", "bin/python._pth"] {
        let file = folder.path().join(name);
        std::fs::write(&file, "home = /usr/bin\n").expect("the folder is ours");
        let [cold, restored] = [true, false].map(|cold| {
            let mut command = code(cases::PROBE).command(&folder.path().join("bin/python"), cold);
            let outcome = finish(command.current_dir("/"));
            (outcome.status, case::without_addresses(&outcome.stdout), outcome.stderr)
        });
        assert_eq!(restored, cold, "{name}");
        std::fs::remove_file(file).expect("it was just written");
    }
}

/// Also where it starts itself anew.
fn order_of_variables(flavor: Flavor) {
    if is_beyond_emulator("qemu turns the order of variables around at every start") {
        return;
    }
    let program = "import os; print(list(os.environ))";
    for options in [&["-c", program][..], &["-S", "-c", program]] {
        let case = python(options).variable("LATER", "1").variable("BEFORE", "2");
        let [cold, restored] = case.run(&executable(flavor, Variant::Default)).map(|(outcome, _)| outcome);
        assert_eq!(restored, cold, "{options:?}");
    }
}

fn random_numbers(flavor: Flavor) {
    let executable = executable(flavor, Variant::Default);
    let program = "import random, uuid, tempfile, secrets, os\n\
                   print(random.random(), random.getrandbits(64))\n\
                   print(uuid.uuid1(), uuid.uuid4())\n\
                   print(next(tempfile._get_candidate_names()))\n\
                   print(secrets.token_hex(), os.urandom(9))\n";
    let runs: Vec<String> =
        (0..3).map(|_| case::code(program).run(&executable)).map(|[_, (outcome, _)]| outcome.success()).collect();
    for line in 0..4 {
        let seen: BTreeSet<_> = runs.iter().map(|run| run.lines().nth(line)).collect();
        assert_eq!(seen.len(), runs.len(), "{runs:?}");
    }
}

fn terminal(case: &Case, flavor: Flavor, cold: bool) -> Terminal {
    let mut command = case.command(&executable(flavor, Variant::Default), cold);
    command.current_dir("/").env("TERM", "dumb");
    Terminal::start(command)
}

/// What a terminal shows for the same typing, cold and restored; and how it ends.
fn same_on_terminal(flavor: Flavor, case: &Case, typing: &[(&str, &str)]) {
    let [cold, restored] = [true, false].map(|cold| {
        let mut terminal = terminal(case, flavor, cold);
        let mut seen = String::new();
        for (until, text) in typing {
            seen += &terminal.wait_for(until);
            terminal.type_text(text);
        }
        let (status, rest) = terminal.finish();
        (status, String::from_utf8_lossy(&case::without_addresses((seen + &rest).as_bytes())).into_owned())
    });
    assert_eq!(restored, cold, "{case}");
}

fn prompt(flavor: Flavor) {
    let typing = [
        (">>> ", "6 * 7\n"),
        ("42\r\n>>> ", "import sys; [name for name in dir() if name != '_'], sys.argv, sys.path, sys.flags\n"),
        ("\n>>> ", "sorted(sys.modules)\n"),
        ("\n>>> ", "__file__\n"),
        ("__name__'?\r\n>>> ", "def f():\n"),
        ("... ", "    1 / 0\n"),
        ("... ", "\n"),
        ("\n>>> ", "f()\n"),
        ("zero\r\n>>> ", "x = (\n"),
        ("... ", ")\n"),
        ("\n>>> ", "sys._getframe().f_back, sys.last_type, __name__, __loader__\n"),
        ("\n>>> ", "x = = 3\n"),
        (
            "invalid syntax\r\n>>> ",
            "import os; os.environ.get('PYTHONINSPECT'), sys.stdin, sys.stdout, input('as' 'k: ')\n",
        ),
        ("ask: ", "an answer\n"),
        ("'an answer')\r\n>>> ", "import atexit; atexit.register(print, 'at exit')\n"),
    ];
    for end in ["\u{4}", "raise SystemExit(6)\n", "sys.exit('a message')\n"] {
        for case in [python([""; 0]), python(["-"]), python(["-q"]), python(["-u"]), python(["-", "x"])] {
            same_on_terminal(flavor, &case, &[&typing[..], &[(">>> ", end)]].concat());
        }
    }
}

fn terminal_streams(flavor: Flavor) {
    same_on_terminal(flavor, &code(cases::PROBE), &[]);
    same_on_terminal(flavor, &python(["-u", "-c", cases::PROBE]), &[]);
    let question = "print('before', end='')\nname = input('name? ')\nprint('hello', name)\nimport sys\nprint(sys.stdin.readline())";
    same_on_terminal(flavor, &code(question), &[("name? ", "w\u{f6}rld\n"), ("hello", "line\n")]);
    same_on_terminal(flavor, &code("import sys\nprint(sys.stdin.read())"), &[("", "a\nb\n"), ("", "\u{4}")]);
    same_on_terminal(flavor, &python(["-i", "-c", "print(1)"]), &[(">>> ", "\u{4}")]);
}

fn program_asks_for_prompt(flavor: Flavor) {
    let program = "import os\nos.environ['PYTHONINSPECT'] = '1'\nvalue = 5\nprint('set')";
    same_on_terminal(flavor, &code(program), &[("set", ""), (">>> ", "value\n"), (">>> ", "\u{4}")]);
    let failing = format!("{program}\n1 / 0");
    same_on_terminal(flavor, &code(&failing), &[(">>> ", "import sys; sys.last_value\n"), (">>> ", "\u{4}")]);
}

/// Where nobody can tell, python does not take itself apart; then a file of the process's own stays as it was.
fn fast_exit(flavor: Flavor) {
    // Only an ordinary end calls this: it is the interpreter's, not the program's.
    let program = "import sys, threading\nthreading._shutdown = lambda: print('an ordinary end')\n";
    let quiet = [
        "x = 5",
        "class A: pass\na = A()\nl = [a, {'a': a}]",
        "import atexit\natexit.register(print, 'x')",
        "import logging\nlogging.getLogger('a').addHandler(logging.StreamHandler())",
        "class M(type):\n    def __eq__(self, other): return self is other\nclass A(metaclass=M): pass",
    ];
    let loud = [
        "class A:\n    def __del__(self): pass\na = A()",
        "def g():\n    yield\nx = g()\nnext(x)",
        "import sys; sys.exit()",
        "import gc; gc.freeze()",
    ];
    let executable = executable(flavor, Variant::Default);
    for (programs, is_fast) in [(&quiet[..], true), (&loud[..], false)] {
        for last in programs {
            let case = code(&format!("{program}{last}"));
            let ended =
                |case: &Case| case.run(&executable).map(|(outcome, _)| outcome.success().contains("an ordinary end"));
            assert_eq!(ended(&case), [true, !is_fast], "{case}");
            assert_eq!(ended(&case.clone().variable("ADDER_FAST_EXIT", "0")), [true, true], "{case}");
        }
    }
}

/// Who opens it to have a look takes the program away from who is to run it.
fn named_pipe_as_script(flavor: Flavor) {
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let pipe = folder.path().join("pipe");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status().expect("the system has mkfifo");
    assert!(status.success());
    let executable = executable(flavor, Variant::Default);
    for cold in [true, false] {
        let mut command = python(["pipe"]).command(&executable, cold);
        let child =
            command.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = child.spawn().expect("the executable was built");
        let writer = thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, "print('through a pipe')\n")
        });
        assert_eq!(crate::process::collect(child).success(), "through a pipe\n", "cold: {cold}");
        writer.join().expect("the writer does not panic").expect("somebody reads");
    }
}

/// What there was is the program, though its end is an error.
fn input_that_does_not_wait(flavor: Flavor) {
    use std::io::Write;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    let executable = executable(flavor, Variant::Default);
    for text in ["print('all there is')\n", "", "x = (\n"] {
        let [cold, restored] = [true, false].map(|cold| {
            let (stdin, mut other) = UnixStream::pair().expect("the system has sockets to give");
            stdin.set_nonblocking(true).expect("it is a socket");
            other.write_all(text.as_bytes()).expect("it has room");
            let mut command = python([""; 0]).command(&executable, cold);
            command.stdin(OwnedFd::from(stdin)).stdout(Stdio::piped()).stderr(Stdio::piped());
            // The other end stays open.
            (crate::process::collect(command.spawn().expect("the executable was built")), other).0
        });
        assert_eq!(restored, cold, "{text}");
        assert_eq!(cold.stdout_text().contains("all"), text.contains("all"));
    }
}
