//! Pipes and descriptors: much data, a reader that goes away, standard descriptors that are closed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{Outcome, collect, command, finish, finish_with_input};

crate::for_each_flavor! {
    hundred_megabytes_through_a_pipe,
    reader_that_goes_away_is_broken_pipe,
    closed_standard_input,
    closed_standard_output,
    closed_standard_error,
    all_standard_descriptors_closed,
    redirections_to_and_from_files,
    appending_redirection_appends,
}

fn hundred_megabytes_through_a_pipe(flavor: Flavor) {
    const MEGABYTE: usize = 1 << 20;
    // No period that a buffer size divides, so that lost, repeated or swapped blocks show.
    let input: Vec<u8> = (0..100 * MEGABYTE as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let program = "import sys\n\
                   table = bytes(255 - byte for byte in range(256))\n\
                   while block := sys.stdin.buffer.read(1 << 20):\n\
                   \x20   sys.stdout.buffer.write(block.translate(table))\n";
    let mut command = command(&python(flavor, Variant::Default));
    let outcome = finish_with_input(command.args(["-c", program]), input.clone());
    assert!(outcome.status.success(), "{outcome:?}");
    assert_eq!(outcome.stdout.len(), input.len());
    let inverted = outcome.stdout.iter().zip(&input).all(|(output, input)| *output == 255 - input);
    assert!(inverted, "the data is not what was sent");
}

fn reader_that_goes_away_is_broken_pipe(flavor: Flavor) {
    let [expected, actual] = [native().to_owned(), python(flavor, Variant::Default)].map(|executable| {
        let mut command = command(&executable);
        command.args(["-c", "number = 0\nwhile True:\n    print('line', number)\n    number += 1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the executable was built");
        let stdout = child.stdout.take().expect("it was asked for");
        // As `| head -n 2` does.
        let lines: Vec<String> = BufReader::new(stdout).lines().take(2).map(|line| line.expect("it is text")).collect();
        assert_eq!(lines, ["line 0", "line 1"]);
        collect(child)
    });
    for outcome in [actual, expected] {
        // 120 if what is left in the buffer cannot be written at the end either, which depends on where in the buffer
        // the pipe broke.
        assert!(matches!(outcome.code(), Some(1 | 120)), "{outcome:?}");
        assert!(outcome.stderr_text().contains("BrokenPipeError: ["), "{outcome:?}");
    }
}

/// Runs Python through a shell that closes descriptors as `redirections` say.
fn with_redirections(executable: &Path, directory: &Path, redirections: &str, program: &str) -> Outcome {
    let mut shell = Command::new("sh");
    shell.current_dir(directory).env("PYTHONUTF8", "1");
    // The shell's own standard error must be closed last, or it could not report a mistake in this line.
    shell.args(["-c", &format!("exec \"$0\" -c \"$1\" {redirections}")]).arg(executable).arg(program);
    finish(&mut shell)
}

/// Runs a program under redirections with the executable and with native Python; both have to succeed and to leave
/// the same text in the file `result`.
#[track_caller]
fn same_result(flavor: Flavor, redirections: &str, program: &str) -> (Outcome, String) {
    let [expected, actual] = [native().to_owned(), python(flavor, Variant::Default)].map(|executable| {
        let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
        let outcome = with_redirections(&executable, directory.path(), redirections, program);
        assert!(outcome.status.success(), "{executable:?} {redirections}: {outcome:?}");
        let result = fs::read_to_string(directory.path().join("result")).expect("the program wrote it");
        (outcome, result)
    });
    assert_eq!(actual.1, expected.1, "{redirections}");
    assert_eq!(actual.0.stdout_text(), expected.0.stdout_text(), "{redirections}");
    actual
}

// A file that is opened while a standard descriptor is closed must not take its place: what is printed afterwards
// would end up in the file.
const WRITE_RESULT: &str = "import sys\n\
                            file = open('result', 'w')\n\
                            print('printed')\n\
                            print('complained', file=sys.stderr)\n\
                            file.write('result only')\n\
                            file.close()\n";

fn closed_standard_input(flavor: Flavor) {
    let (outcome, result) = same_result(flavor, "<&-", WRITE_RESULT);
    assert_eq!((outcome.stdout_text().as_str(), result.as_str()), ("printed\n", "result only"));
}

fn closed_standard_output(flavor: Flavor) {
    let program = WRITE_RESULT.replace("print('printed')\n", "");
    let (outcome, result) = same_result(flavor, ">&-", &program);
    assert_eq!((outcome.stderr_text().as_str(), result.as_str()), ("complained\n", "result only"));
}

fn closed_standard_error(flavor: Flavor) {
    let program = WRITE_RESULT.replace("print('complained', file=sys.stderr)\n", "");
    let (outcome, result) = same_result(flavor, "2>&-", &program);
    assert_eq!((outcome.stdout_text().as_str(), result.as_str()), ("printed\n", "result only"));
}

fn all_standard_descriptors_closed(flavor: Flavor) {
    let program = "with open('result', 'w') as file:\n    file.write('nobody listens')\n";
    let (_, result) = same_result(flavor, "<&- >&- 2>&-", program);
    assert_eq!(result, "nobody listens");
}

fn redirections_to_and_from_files(flavor: Flavor) {
    let program = "import sys\nopen('source', 'w').write('from a file')\nprint('printed')\n";
    let (_, result) = same_result(flavor, ">result", program);
    assert_eq!(result, "printed\n");
    let program =
        "import sys\nprint(sys.stdin.read().upper(), sys.stdin.seekable())\nopen('result', 'w').write('done')\n";
    let (outcome, _) = same_result(flavor, "<<'END'\nfrom a here-document\nEND\n", program);
    assert!(outcome.stdout_text().starts_with("FROM A HERE-DOCUMENT"));
}

fn appending_redirection_appends(flavor: Flavor) {
    let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
    let executable = python(flavor, Variant::Default);
    for _ in 0..3 {
        with_redirections(&executable, directory.path(), ">>result", "print('again')").success();
    }
    let result = fs::read_to_string(directory.path().join("result")).expect("the shell made it");
    assert_eq!(result, "again\n".repeat(3));
}
