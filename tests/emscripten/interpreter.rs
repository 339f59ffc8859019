//! Signals in CPython 3.14, as npm has it.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use adder_tests::outcome::{Outcome, finish, run, spawn, wait_with_output};
use adder_tests::python::adder;
use adder_tests::workspace;
use rustix::process::{Pid, Signal, kill_process};
use rustix::time::{ClockId, clock_gettime};

fn python() -> &'static PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let executable = workspace::target_directory().join("test-guests/python-3.14-signals");
        std::fs::create_dir_all(executable.parent().expect("it is in a folder")).expect("the folder is writable");
        workspace::run(Command::new(adder()).args(["python", "3.14", "-o"]).arg(&executable).stdin(Stdio::null()));
        executable
    })
}

/// Seconds of the clock that is `time.monotonic` there.
fn now() -> f64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Sends a signal to a program that has said that it is ready. Returns when that was, what it prints then, and how it ends.
fn signalled(code: &str, signal: Signal) -> (f64, String, std::process::ExitStatus) {
    let mut command = Command::new(python());
    command.args(["-c", code]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = spawn(&mut command);
    let mut printed = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut text = String::new();
    printed.read_line(&mut text).expect("it prints text");
    assert_eq!(text, "ready\n", "{code}");
    // Time to get from the print to what follows.
    sleep(Duration::from_millis(100));
    let sent = now();
    kill_process(Pid::from_child(&child), signal).expect("it runs");
    text.clear();
    printed.read_to_string(&mut text).expect("it prints text");
    (sent, text, child.wait().expect("it ends"))
}

/// Runs a program to its end; gives what it printed, and its process's number.
fn printed_by(code: &str) -> (String, u32) {
    let child = spawn(Command::new(python()).args(["-c", code]).stdin(Stdio::null()).stdout(Stdio::piped()));
    let number = child.id();
    (Outcome::of(wait_with_output(child)).printed().to_owned(), number)
}

/// In 50 ms, where the machine has a processor for it at once: of several tries, the fastest.
#[test]
fn control_c_interrupts_at_once() {
    let what = [
        "while True: sum(range(100))",
        "time.sleep(250)",
        "sys.stdin.read()",
        "os.read(0, 1)",
        "select.select([0], [], [])",
        "poll.poll()",
        "listener.accept()",
        "pair[0].recv(1)",
        "asyncio.run(asyncio.sleep(250))",
    ];
    for what in what {
        let code = format!(
            "import asyncio, os, select, socket, sys, time\n\
             pair = socket.socketpair()\n\
             listener = socket.socket()\n\
             listener.bind(('127.0.0.1', 0))\n\
             listener.listen()\n\
             poll = select.poll()\n\
             poll.register(0, select.POLLIN)\n\
             print('ready', flush=True)\n\
             try:\n    {what}\n\
             except KeyboardInterrupt:\n    print(time.monotonic())\n"
        );
        let latency = |_| {
            let (sent, printed, status) = signalled(&code, Signal::INT);
            assert!(status.success(), "{what}: {status}, {printed}");
            printed.trim().parse::<f64>().expect("a time") - sent
        };
        let fastest = (0..3).map(latency).fold(f64::INFINITY, f64::min);
        assert!(fastest < 0.05, "{what}: {fastest} s");
    }
}

#[test]
fn what_is_not_caught_ends_it_by_the_signal() {
    let (_, _, status) = signalled("print('ready', flush=True)\nwhile True: pass", Signal::INT);
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()));
    let (_, _, status) = signalled("print('ready', flush=True)\nwhile True: pass", Signal::HUP);
    assert_eq!(status.signal(), Some(Signal::HUP.as_raw()));
}

#[test]
fn termination_is_in_order() {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder is writable");
    let code = format!(
        "import atexit, time\n\
         atexit.register(print, 'at exit')\n\
         file = open({:?}, 'w')\n\
         file.write('buffered')\n\
         print('ready', flush=True)\n\
         try:\n    time.sleep(250)\n\
         finally:\n    print('finally')\n",
        file.path()
    );
    let (_, printed, status) = signalled(&code, Signal::TERM);
    assert_eq!((printed.as_str(), status.code()), ("finally\nat exit\n", Some(143)));
    assert_eq!(std::fs::read_to_string(file.path()).expect("it is there"), "buffered");
    let (_, _, status) = signalled(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\nprint('ready', flush=True)\ntime.sleep(250)",
        Signal::TERM,
    );
    assert_eq!(status.signal(), Some(Signal::TERM.as_raw()));
}

/// What is for a thread is done at once, by the main one, which a signal reaches.
#[test]
fn work_of_a_pool_is_ended_by_signals() {
    let pool = "import time\nfrom concurrent.futures import ThreadPoolExecutor\n\
                pool = ThreadPoolExecutor()\nprint('ready', flush=True)\n\
                try: pool.submit(time.sleep, 250)\n\
                except KeyboardInterrupt: print('interrupted', flush=True)\n\
                pool.submit(print, 'next').result()\n";
    let (_, printed, status) = signalled(pool, Signal::INT);
    assert_eq!((printed.as_str(), status.code()), ("interrupted\nnext\n", Some(0)));
    let (_, printed, status) = signalled(pool, Signal::TERM);
    assert_eq!((printed.as_str(), status.code()), ("", Some(143)));
}

#[test]
fn loops_with_a_pool_of_their_own_end() {
    let code = "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\n\
                async def main():\n    \
                    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())\n    \
                    return await asyncio.to_thread(abs, -7)\n\
                print(asyncio.run(main()))\n";
    assert_eq!(run(python(), &["-c", code]).printed(), "7\n");
}

#[test]
fn a_pause_lasts_until_a_signal() {
    let code = "import signal, time\n\
                signal.signal(signal.SIGUSR1, lambda number, frame: print('handled', flush=True))\n\
                print('ready', flush=True)\n\
                begun = time.process_time()\n\
                signal.pause()\n\
                print(time.process_time() - begun < 0.05, flush=True)\n\
                signal.setitimer(signal.ITIMER_REAL, 0.01)\n\
                signal.pause()\n";
    let (_, printed, status) = signalled(code, Signal::USR1);
    assert_eq!((printed.as_str(), status.signal()), ("handled\nTrue\n", Some(Signal::ALARM.as_raw())));
}

#[test]
fn handlers_run_and_what_they_interrupt_goes_on() {
    let code = "import signal, time\n\
                signal.signal(signal.SIGUSR1, lambda number, frame: print('handled', flush=True))\n\
                begun = time.monotonic()\n\
                print('ready', flush=True)\n\
                time.sleep(0.5)\n\
                print(time.monotonic() - begun >= 0.5)\n\
                signal.raise_signal(signal.SIGUSR1)\n\
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n\
                signal.raise_signal(signal.SIGUSR1)\n\
                print(signal.sigpending() == {signal.SIGUSR1})\n\
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])\n";
    let (_, printed, status) = signalled(code, Signal::USR1);
    assert_eq!(printed, "handled\nTrue\nhandled\nTrue\nhandled\n");
    assert!(status.success());
}

#[test]
fn signals_are_sent_to_the_program_itself_alone() {
    let code = "import os, signal\n\
                signal.signal(signal.SIGUSR2, lambda number, frame: print('handled'))\n\
                os.kill(os.getpid(), signal.SIGUSR2)\n\
                try: os.kill(1, 0)\n\
                except PermissionError: print('refused')\n";
    assert_eq!(run(python(), &["-c", code]).printed(), "handled\nrefused\n");
}

/// Emscripten says 42 for all.
#[test]
fn the_number_of_the_process_is_its_own() {
    let code = "import os\n\
                print(os.getpid(), os.getpgid(0) == os.getpgid(os.getpid()), os.kill(os.getpid(), 0))\n";
    let (printed, number) = printed_by(code);
    assert_eq!(printed, format!("{number} True None\n"));
}

/// The group of processes is the test's. What finds the numbers out is seen by hooks once at most.
#[test]
fn the_number_of_the_process_is_there_however_it_starts() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("sitecustomize.py"), "print('mine')\n").expect("the folder is writable");
    let code = "import sys\n\
                events = []\n\
                sys.addaudithook(lambda event, arguments: events.append(event))\n\
                import os, posix\n\
                os.getpid()\n\
                events.clear()\n\
                print(os.getpid() == posix.getpid() != 42, os.getpgrp(), os.getpgid(0), os.getpgid(os.getpid()), events)\n\
                if 'site' in sys.modules: os.kill(os.getpid(), 15)\n";
    let group = rustix::process::getpgrp().as_raw_nonzero();
    let numbers = format!("True {group} {group} {group} []\n");
    for (option, before, status) in
        [("-u", "mine\n", 143), ("-S", "", 0), ("-I", "", 143), ("-E", "", 143), ("-SI", "", 0), ("-OI", "", 143)]
    {
        for cold in [None, Some("1")] {
            let mut command = Command::new(python());
            command.args([option, "-c", code]).env("PYTHONPATH", folder.path());
            let outcome = finish(command.envs(cold.map(|value| ("ADDER_COLD_START", value))), b"");
            assert_eq!(
                (outcome.stdout, outcome.status),
                (format!("{before}{numbers}"), Some(status)),
                "{option} {cold:?}"
            );
        }
    }
}

#[test]
fn timers_run_out() {
    let code = "import signal, time\n\
                hits = []\n\
                signal.signal(signal.SIGALRM, lambda number, frame: hits.append(number))\n\
                print(signal.alarm(5), signal.alarm(0))\n\
                print(signal.setitimer(signal.ITIMER_REAL, 0.05, 0.02))\n\
                delay, interval = signal.getitimer(signal.ITIMER_REAL)\n\
                print(0 < delay <= 0.05, interval)\n\
                signal.setitimer(signal.ITIMER_VIRTUAL, 700.5, 3.25)\n\
                delay, interval = signal.getitimer(signal.ITIMER_VIRTUAL)\n\
                print(700 < delay <= 700.5, interval)\n\
                while len(hits) < 3: pass\n\
                print(signal.setitimer(signal.ITIMER_REAL, 0)[1], set(hits) == {signal.SIGALRM})\n\
                for wrong in (7, 1), (0, -1), (0, 1, -1):\n    \
                    try: signal.setitimer(*wrong)\n    \
                    except signal.ItimerError as error: print(error.strerror)\n\
                signal.signal(signal.SIGALRM, signal.SIG_DFL)\n\
                signal.setitimer(signal.ITIMER_REAL, 1e-9)\n\
                while True: pass\n";
    let child = spawn(Command::new(python()).args(["-uc", code]).stdin(Stdio::null()).stdout(Stdio::piped()));
    let output = wait_with_output(child);
    let expected = "0 5\n(0.0, 0.0)\nTrue 0.02\nTrue 3.25\n0.02 True\n".to_owned() + &"Invalid argument\n".repeat(3);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(output.status.signal(), Some(Signal::ALARM.as_raw()));
}

#[test]
fn sleep_takes_no_processor_time() {
    let code = "import time\n\
                work, begun = time.process_time(), time.monotonic()\n\
                time.sleep(1)\n\
                print(time.process_time() - work < 0.02, 1 <= time.monotonic() - begun < 1.5)\n";
    assert_eq!(run(python(), &["-c", code]).printed(), "True True\n");
}
