//! Sockets of all kinds.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use adder_tests::emscripten;
use adder_tests::outcome::{Outcome, spawn};

use super::{ALL, natively, program, run};

#[test]
fn sockets_do_what_they_do_natively() {
    for name in ["tcp", "datagrams"] {
        let expected = natively(name, &[]);
        for emscripten in emscripten::all() {
            let found = run(&program(emscripten, name, ALL), &[]);
            assert_eq!(found, Outcome::success(&expected), "{name} by {}", emscripten.version);
        }
    }
}

/// Emscripten 3.1.6 has them in the module, where they do nothing.
#[test]
fn options_and_time_limits_do_what_they_do_natively() {
    let expected = natively("options", &[]);
    for emscripten in emscripten::all().iter().filter(|emscripten| emscripten.is_at_least((5, 0))) {
        let found = run(&program(emscripten, "options", ALL), &[]);
        assert_eq!(found, Outcome::success(&expected), "{}", emscripten.version);
    }
}

#[test]
fn two_processes_talk() {
    for emscripten in emscripten::all() {
        let echo = program(emscripten, "tcp", &["listen:127.0.0.1:0"]);
        let mut server = spawn(Command::new(&echo).args(["server", "2"]).stdout(Stdio::piped()));
        let mut port = String::new();
        let stdout = server.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut port).expect("it says its port");
        let port = port.trim();
        let client = program(emscripten, "tcp", &[&format!("connect:127.0.0.1:{port}")]);
        let printed = run(&client, &["client", port]);
        assert!(printed.printed().ends_with(": ok\necho this\n"), "{printed:?}");
        let mut native = TcpStream::connect(("127.0.0.1", port.parse().expect("a port"))).expect("it listens");
        native.write_all(b"from outside").expect("it reads");
        let mut echoed = [0; 12];
        native.read_exact(&mut echoed).expect("it answers");
        assert_eq!(&echoed, b"from outside");
        drop(native);
        assert!(server.wait().expect("it ends").success());
    }
}

#[test]
fn wrong_pointers_and_lengths_are_errors() {
    let expected = natively("hostile", &[]);
    for emscripten in emscripten::all() {
        let found = run(&program(emscripten, "hostile", ALL), &[]);
        assert_eq!(found, Outcome::success(&expected), "{}", emscripten.version);
    }
}
