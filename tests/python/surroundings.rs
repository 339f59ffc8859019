//! What a Python has around it and has not opened: the working directory, the clocks, folders that it may not read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use adder_tests::rights::without_rights;
use adder_tests::target::is_beyond_emulator;

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{Outcome, command, finish};

crate::for_each_flavor! {
    a_removed_working_directory_is_not_replaced,
    a_working_directory_with_a_name_that_no_path_can_hold,
    processor_time_is_that_of_the_process,
    what_may_not_be_listed_is_a_permission_error,
    a_module_runs_where_nothing_may_be_listed,
    flags_of_standard_streams_stay_the_parents,
}

/// A command without the variables that would have a Python start from the beginning.
fn warm(executable: &Path) -> Command {
    let mut command = command(executable);
    command.env_remove("PYTHONUTF8").env_remove("PYTHONHASHSEED").env("LC_ALL", "C.UTF-8");
    command
}

/// Runs a program with Python behind a line of shell.
fn behind(line: &str, executable: &Path, directory: &Path, program: &str) -> Outcome {
    let mut shell = warm(Path::new("sh"));
    shell.args(["-c", &format!("{line}; exec \"$0\" -c \"$1\"")]).arg(executable).arg(program);
    finish(shell.current_dir(directory))
}

fn a_removed_working_directory_is_not_replaced(flavor: Flavor) {
    let program = "import os\n\
                   for what in (lambda: open('made by a test', 'w'), lambda: os.mkdir('folder'), lambda: os.stat('made by a test'),\n\
                   \x20            lambda: open('no/such/file')):\n\
                   \x20   try: print('not refused:', what())\n\
                   \x20   except OSError as error: print(type(error).__name__)\n\
                   print(os.path.exists('/made by a test'), os.listdir('.'))\n";
    // From the checkpoint, and from the beginning.
    for start in ["", "; export ADDER_COLD_START=1"] {
        let line = format!("mkdir gone; cd gone; rmdir ../gone{start}");
        let outcomes = [native().to_owned(), python(flavor, Variant::Default)].map(|executable| {
            let work = tempfile::tempdir().expect("the system's temporary folder is writable");
            behind(&line, &executable, work.path(), program).success()
        });
        assert_eq!(outcomes[0], outcomes[1]);
    }
}

fn a_working_directory_with_a_name_that_no_path_can_hold(flavor: Flavor) {
    let deep = "for step in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do \
                mkdir $NAME; cd -P ./$NAME || exit 9; done 2>/dev/null";
    let line = format!("NAME={}; {deep}", "d".repeat(200));
    let program = "import os\n\
                   open('made', 'w').write('text')\n\
                   os.makedirs('a/b'); open('a/b/c', 'w').close(); os.rename('a', 'z')\n\
                   print(sorted(os.listdir('.')), open('made').read(), os.path.exists('z/b/c'), len(os.listdir('..')))\n";
    let outcomes = [native().to_owned(), python(flavor, Variant::Default)].map(|executable| {
        let work = tempfile::tempdir().expect("the system's temporary folder is writable");
        behind(&line, &executable, work.path(), program).success()
    });
    assert_eq!(outcomes[0], "['made', 'z'] text True 1\n");
    assert_eq!(outcomes[0], outcomes[1]);
}

fn processor_time_is_that_of_the_process(flavor: Flavor) {
    // How long a second is, the module says: its library takes ticks of `times` for hundredths of a second, which are nanoseconds.
    // Systems have been running for longer than ten seconds.
    let program = "import os, time\n\
                   first, times, start = time.process_time(), os.times(), time.monotonic()\n\
                   while time.monotonic() - start < 0.1 or os.times().user == times.user: pass\n\
                   passed = time.monotonic() - start\n\
                   for before, now in (first, time.process_time()), (times.user, os.times().user):\n\
                   \x20   second = (now - before) / passed\n\
                   \x20   print(second > 0, 0 <= before < 10 * second)\n\
                   print(abs(time.time() - os.stat('.').st_mtime) < 100, time.perf_counter() > 0)\n";
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    for start in [":", "export ADDER_COLD_START=1"] {
        let outcome = behind(start, &python(flavor, Variant::Default), work.path(), program);
        assert_eq!(outcome.success(), "True True\nTrue True\nTrue True\n", "{start}");
    }
}

/// Takes from a command what root may do that others may not.
fn take_rights(command: &mut Command) {
    // SAFETY: it makes plain system calls and allocates nothing.
    unsafe { command.pre_exec(without_rights) };
}

fn a_module_runs_where_nothing_may_be_listed(flavor: Flavor) {
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    fs::set_permissions(work.path(), fs::Permissions::from_mode(0o311)).expect("the folder is ours");
    let place = tempfile::tempdir().expect("the system's temporary folder is writable");
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("the folder is ours");
    let executable = place.path().join("python");
    fs::copy(python(flavor, Variant::Default), &executable).expect("the folder is ours");
    for start in [None, Some("1")] {
        let mut python = warm(&executable);
        python.envs(start.map(|value| ("ADDER_COLD_START", value)));
        python.args(["-m", "calendar", "2026", "1"]).current_dir(work.path());
        take_rights(&mut python);
        let outcome = finish(&mut python);
        assert!(outcome.success().starts_with("    January 2026\n"), "{start:?} {outcome:?}");
    }
}

fn what_may_not_be_listed_is_a_permission_error(flavor: Flavor) {
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    fs::set_permissions(work.path(), fs::Permissions::from_mode(0o755)).expect("the folder is ours");
    let folder = work.path().join("closed");
    fs::create_dir(&folder).expect("the folder is ours");
    fs::write(folder.join("inside"), "text").expect("the folder is ours");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o311)).expect("the folder is ours");
    let executable = work.path().join("python");
    fs::copy(python(flavor, Variant::Default), &executable).expect("the folder is ours");
    let mut python = warm(&executable);
    let program = "import os\n\
                   for what in (lambda: os.listdir('closed'), lambda: list(os.scandir('closed')), lambda: list(os.walk('closed',\n\
                   \x20            onerror=lambda error: print('walk', type(error).__name__)))):\n\
                   \x20   try: print(what())\n\
                   \x20   except OSError as error: print(type(error).__name__)\n\
                   print(os.path.isdir('closed'), os.path.exists('closed/inside'))\n";
    python.args(["-c", program]).current_dir(work.path());
    take_rights(&mut python);
    let outcome = finish(&mut python);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("the folder is ours");
    let refused = "PermissionError\nPermissionError\nwalk PermissionError\n[]\n";
    assert_eq!(outcome.success(), format!("{refused}True True\n"));
}

fn flags_of_standard_streams_stay_the_parents(flavor: Flavor) {
    if is_beyond_emulator("qemu 7.2 has no preadv2 and no pwritev2") {
        return;
    }
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    let program = "import os, sys\n\
                   print(os.get_blocking(0), os.get_blocking(1))\n\
                   os.set_blocking(0, False); os.set_blocking(1, False)\n\
                   print(os.get_blocking(0), os.get_blocking(1), sys.stdin.buffer.raw.read(1))\n\
                   sys.stdout.flush()\n\
                   for what in lambda: os.ftruncate(1, 0), lambda: os.read(1, 1), lambda: os.write(0, b'x'), lambda: os.pwrite(1, b'x', 0):\n\
                   \x20   try: print(what())\n\
                   \x20   except OSError as error: print(error.strerror)\n";
    fs::write(work.path().join("log"), "old\n").expect("the folder is ours");
    // The shell keeps the other end of the pipe open, and writes to the file by the same open file afterwards.
    let line = "mkfifo pipe; exec 3<>pipe";
    let mut shell = warm(Path::new("sh"));
    shell.args(["-c", &format!("{line}; {{ \"$0\" -c \"$1\" <pipe; echo new; }} >>log")]);
    shell.arg(python(flavor, Variant::Default)).arg(program).current_dir(work.path());
    finish(&mut shell).success();
    let log = fs::read_to_string(work.path().join("log")).expect("it is a text");
    // WASI has rights of descriptors, and says of what they do not allow that it is no descriptor for that.
    let refused = if flavor == Flavor::Python314 { "Operation not permitted" } else { "Bad file descriptor" };
    let said =
        format!("True True\nFalse False None\n{refused}\nBad file descriptor\nBad file descriptor\nInvalid seek\n");
    assert_eq!(log, format!("old\n{said}new\n"));
}
