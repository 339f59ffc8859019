//! Names that a name server answers for.

use std::path::Path;

use adder_tests::outcome::{Outcome, finish};
use adder_tests::{emscripten, name_server};

use super::{ALL, program, run};

/// Runs a program where the name server is, if this machine can have it.
fn with_server(program: &Path, arguments: &[&str]) -> Option<Outcome> {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    Some(finish(name_server::command(program)?.args(arguments).current_dir(folder.path()), b""))
}

#[test]
fn a_name_server_is_asked() {
    for emscripten in emscripten::all() {
        let names = program(emscripten, "names", ALL);
        for (host, expected) in [
            ("both.test", "found\n  10 1 6 2001:db8::7 80 \n  2 1 6 192.0.2.7 80 \n"),
            ("v4.test", "found\n  2 1 6 192.0.2.7 80 \n"),
            ("none.test", "EAI_NODATA\n"),
            ("missing.test", "EAI_NONAME\n"),
            ("failing.test", "EAI_AGAIN\n"),
        ] {
            let Some(found) = with_server(&names, &[host, "80"]) else { return };
            assert_eq!(found, Outcome::success(&format!("{host} 80: {expected}")), "{}", emscripten.version);
        }
    }
}

/// The addresses of a host that was granted are those that it has when it is used, and no others.
#[test]
fn a_grant_of_a_host_follows_its_addresses() {
    let emscripten = &emscripten::all()[0];
    let granted =
        program(emscripten, "granted", &["connect:other.test:80", "connect:missing.test", "connect:by-file.test"]);
    let uses =
        [["192.0.2.7", "80"], ["2001:db8::7", "80"], ["192.0.2.55", "81"], ["192.0.2.7", "81"], ["192.0.2.8", "80"]];
    let uses: Vec<&str> = uses.iter().flat_map(|[host, port]| ["connect", host, port]).collect();
    let Some(found) = with_server(&granted, &uses) else { return };
    // Nothing leads there from a network of a process's own, but that is another error.
    let refused: Vec<bool> = found.printed().lines().map(|line| line.ends_with(": EACCES")).collect();
    assert_eq!(refused, [false, false, false, true, true], "{found:?}");
    let said = "adder: the program was not granted to connect to 192.0.2.7:81\n\
                hint: build it with --net connect:192.0.2.7:81, or with --net\n";
    assert_eq!(found.stderr, said);
}

/// Another name of the same host is another name.
#[test]
fn a_grant_of_a_host_is_for_its_name() {
    let emscripten = &emscripten::all()[0];
    let names = program(emscripten, "names", &["connect:other.test"]);
    for (host, expected) in [("other.test", "found\n  10 1 6 2001:db8::7"), ("both.test", "EAI_NONAME\n")] {
        let Some(found) = with_server(&names, &[host]) else { return };
        assert!(found.printed().starts_with(&format!("{host} -: {expected}")), "{found:?}");
        assert_eq!(found.stderr.is_empty(), host == "other.test", "{}", found.stderr);
    }
    assert!(run(&names, &["127.0.0.1"]).printed().contains("127.0.0.1"));
}
