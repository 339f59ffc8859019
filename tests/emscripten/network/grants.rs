//! What is refused, and what is said of it.

use std::net::{TcpListener, UdpSocket};

use adder_tests::emscripten;
use adder_tests::outcome::Outcome;

use super::{ALL, natively, program, run};

/// What a program prints that uses addresses, of those that were granted this.
fn told(network: &[&str], uses: &[&str]) -> Vec<(String, String)> {
    let each = emscripten::all().iter().map(|emscripten| {
        let Outcome { status, stdout, stderr } = run(&program(emscripten, "granted", network), uses);
        assert_eq!(status, Some(0), "{stdout}{stderr}");
        let ends: Vec<&str> = stdout.lines().map(|line| line.rsplit(": ").next().unwrap_or_default()).collect();
        (ends.join(" "), stderr)
    });
    each.collect()
}

fn assert_told(network: &[&str], uses: &[&str], expected: &str, message: &str) {
    for (ends, stderr) in told(network, uses) {
        assert_eq!((ends.as_str(), stderr.as_str()), (expected, message), "{network:?} {uses:?}");
    }
}

#[test]
fn nothing_is_reached_without_a_grant() {
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = tcp.local_addr().expect("it is bound").port().to_string();
    let datagrams = udp.local_addr().expect("it is bound").port().to_string();
    let uses = [
        "connect",
        "127.0.0.1",
        &port,
        "connect",
        "::ffff:127.0.0.1",
        &port,
        "connect",
        "0.0.0.0",
        &port,
        "send",
        "127.0.0.1",
        &datagrams,
        "listen",
        "0.0.0.0",
        "0",
        "listen",
        "127.0.0.1",
        "1",
        "receive",
        "127.0.0.1",
        "0",
        "unbound",
        "127.0.0.1",
        "0",
        "listen",
        "@abstract",
        "0",
        "connect",
        "@abstract",
        "0",
    ];
    let message = format!(
        "adder: the program was not granted to connect to 127.0.0.1:{port}\n\
         hint: build it with --net connect:127.0.0.1:{port}, or with --net\n"
    );
    assert_told(&[], &uses, &["EACCES"; 10].join(" "), &message);
    tcp.set_nonblocking(true).expect("it can be");
    assert!(tcp.accept().is_err(), "nobody has connected");
    udp.set_nonblocking(true).expect("it can be");
    assert!(udp.recv(&mut [0]).is_err(), "nobody has sent");
    assert_told(
        &[],
        &["listen", "::", "0"],
        "EACCES",
        "adder: the program was not granted to listen at [::]:0\nhint: build it with --net listen:[::]:*, or with --net\n",
    );
}

#[test]
fn parts_of_the_network_are_granted() {
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = tcp.local_addr().expect("it is bound").port().to_string();
    let other = other.local_addr().expect("it is bound").port().to_string();
    let uses = [
        "connect",
        "127.0.0.1",
        &port,
        "connect",
        "0.0.0.0",
        &port,
        "connect",
        "::ffff:127.0.0.1",
        &port,
        "connect",
        "127.0.0.1",
        &other,
        "listen",
        "0.0.0.0",
        "0",
    ];
    let message = format!(
        "adder: the program was not granted to connect to 127.0.0.1:{other}\n\
         hint: build it with --net connect:127.0.0.1:{other}, or with --net\n"
    );
    for host in ["127.0.0.1", "localhost"] {
        assert_told(&[&format!("connect:{host}:{port}")], &uses, "ok ok ok EACCES EACCES", &message);
    }
    assert_told(
        &[&format!("connect:*:{port}"), &format!("connect:127.0.0.1:{other}"), "listen:0.0.0.0:0"],
        &uses,
        "ok ok ok ok ok",
        "",
    );
    let addresses =
        ["listen", "127.0.0.1", "0", "listen", "0.0.0.0", "0", "listen", "::", "0", "receive", "127.0.0.1", "0"];
    let message = "adder: the program was not granted to listen at 0.0.0.0:0\nhint: build it with --net listen:0.0.0.0:*, or with --net\n";
    assert_told(&["listen:127.0.0.1"], &addresses, "ok EACCES EACCES ok", message);
    assert_told(&["listen:[::]:*"], &addresses, "ok ok ok ok", "");
    assert_told(ALL, &addresses, "ok ok ok ok", "");
}

/// A file is where it is granted, and beside the file system only those are who have all of the network.
#[test]
fn unix_sockets_are_granted_with_files() {
    let uses =
        ["listen", "/socket", "0", "connect", "/socket", "0", "listen", "/no/folder", "0", "connect", "/none", "0"];
    assert_told(&[], &uses, "ok ok ENOENT ENOENT", "");
    assert_told(&[], &["listen", "../../socket", "0", "listen", "../socket", "0"], "ok EADDRINUSE", "");
    assert_told(ALL, &["listen", "@adder-test-abstract", "0"], "ok", "");
}

/// As Python makes a pair of sockets: a socket that listens at a port of the system's choice, and one that connects to it.
#[test]
fn a_process_connects_to_itself_without_a_grant() {
    let expected = natively("tcp", &[]);
    for emscripten in emscripten::all() {
        let found = run(&program(emscripten, "pair", &[]), &[]);
        assert_eq!(found, Outcome::success(&natively("pair", &[])), "{}", emscripten.version);
        // With a grant to listen, it really listens.
        let found = run(&program(emscripten, "pair", &["listen:127.0.0.1:0"]), &[]);
        assert_eq!(found, Outcome::success(&natively("pair", &[])), "{}", emscripten.version);
        let found = run(&program(emscripten, "tcp", &["listen:127.0.0.1:*", "connect:127.0.0.1"]), &[]);
        assert_eq!(found, Outcome::success(&expected), "{}", emscripten.version);
    }
}

#[test]
fn others_cannot_connect_to_what_listens_inside() {
    for emscripten in emscripten::all() {
        let found = run(&program(emscripten, "pair", &[]), &["port"]);
        let port: u16 = found.printed().trim().parse().expect("a port");
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}

#[test]
fn names_are_looked_up_where_they_are_granted() {
    let expected = natively("names", &[]);
    for emscripten in emscripten::all() {
        for network in [&[][..], ALL] {
            let found = run(&program(emscripten, "names", network), &[]);
            assert_eq!(found, Outcome::success(&expected), "{} {network:?}", emscripten.version);
        }
        let found = run(&program(emscripten, "names", &[]), &["example.invalid", "80"]);
        let message = "adder: the program was not granted to look up the host example.invalid\n\
                       hint: build it with --net connect:example.invalid, or with --net\n";
        assert_eq!((found.printed(), found.stderr.as_str()), ("example.invalid 80: EAI_NONAME\n", message));
        // The machine's own name is asked for as a matter of form.
        let own = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("it has a name");
        assert_eq!(run(&program(emscripten, "names", &[]), &[own.trim(), "80"]).stderr, "");
        let found = run(&program(emscripten, "names", &["connect:Example.Invalid.:80"]), &["example.invalid", "80"]);
        assert_eq!(found.stderr, "");
        assert!(found.printed().starts_with("example.invalid 80: EAI_"), "{found:?}");
    }
}
