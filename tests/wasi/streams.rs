//! Standard streams, waiting, sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, Stdio};

use crate::matrix::hand_over;
use crate::sandbox::{Sandbox, describe, rust_guest, with_input};

const PIPE: i32 = 64;

#[test]
fn megabytes_pass_through() {
    let sandbox = Sandbox::new();
    let input: Vec<u8> = (0..8 << 20).map(|number: u32| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let output = with_input(sandbox.command(&rust_guest(), &["echo"]), &input);
    assert!(output.status.success(), "{}", output.status);
    assert!(output.stdout == input, "{} of {} bytes arrived as they were", output.stdout.len(), input.len());
}

#[test]
fn a_reader_that_is_gone_is_an_error_and_not_a_signal() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&rust_guest(), &["write-until-error"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(PIPE), "the guest saw EPIPE");
}

#[test]
fn a_full_device_is_an_error() {
    let sandbox = Sandbox::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = sandbox.command(&rust_guest(), &["write-until-error"]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(51), "ENOSPC");
}

#[test]
fn closed_standard_streams_stay_closed() {
    let sandbox = Sandbox::new();
    // The shell is the simplest way to start a program without descriptors 0 to 2.
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" closed <&- >&- 2>&-"]).arg(rust_guest()).current_dir(sandbox.path(""));
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", describe(&output));
    let report = std::fs::read_to_string(sandbox.path("box/closed")).unwrap();
    let writes_nowhere = |line: &str| line.ends_with("Err(8)") || line.ends_with("Ok(4)");
    // A closed stream is an error or the null device, but never a file that the program opened later.
    assert!(report.lines().skip(1).all(writes_nowhere), "{report}");
    assert!(report.starts_with("read Err(8)") || report.starts_with("read Ok(0)"), "{report}");
    assert!(!report.contains("lost"), "{report}");
}

#[test]
fn waiting_ends_with_the_earliest_event() {
    Sandbox::new().rust(&["poll"]);
}

#[test]
fn waiting_for_input_ends_when_it_comes() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&rust_guest(), &["poll-input"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // Every step waits for the guest's line before it, so nothing depends on how fast anybody is.
    if lines.next().is_some_and(|line| line.unwrap() == "waiting") {
        input.write_all(b"input").unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), "read");
    }
    drop(input);
    let output = adder_tests::outcome::wait_with_output(child);
    assert!(output.status.success(), "{}", describe(&output));
}

#[test]
fn sockets_send_receive_and_shut_down() {
    let sandbox = Sandbox::new();
    let (mut host, guest) = UnixStream::pair().unwrap();
    host.write_all(b"ping").unwrap();
    let mut command = sandbox.command(&rust_guest(), &["socket"]);
    hand_over(&mut command, OwnedFd::from(guest));
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    // The command holds the guest's end too; with it the host would wait for ever.
    drop(command);
    let mut answer = String::new();
    host.read_to_string(&mut answer).unwrap();
    let _ = host.shutdown(Shutdown::Both);
    drop(host);
    let output = adder_tests::outcome::wait_with_output(child);
    assert!(output.status.success(), "{}", describe(&output));
    assert_eq!(answer, "pong");
}

#[test]
fn a_socket_as_input_and_output_is_read_from_one_and_written_to_the_other() {
    let sandbox = Sandbox::new();
    let (mut host, guest) = UnixStream::pair().unwrap();
    host.write_all(b"ping").unwrap();
    let mut command = sandbox.command(&rust_guest(), &["service"]);
    command.stdin(OwnedFd::from(guest.try_clone().unwrap())).stdout(OwnedFd::from(guest)).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    drop(command);
    let output = adder_tests::outcome::wait_with_output(child);
    assert!(output.status.success(), "{}", describe(&output));
    let mut answer = String::new();
    host.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "pong");
}

#[test]
fn connections_are_accepted() {
    let sandbox = Sandbox::new();
    let address = sandbox.path("listener");
    let listener = UnixListener::bind(&address).unwrap();
    let mut command = sandbox.command(&rust_guest(), &["accept"]);
    hand_over(&mut command, OwnedFd::from(listener));
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(command);
    let mut first = UnixStream::connect(&address).unwrap();
    first.write_all(b"hello").unwrap();
    let mut answer = String::new();
    first.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "hello");
    let _second = UnixStream::connect(&address);
    let output = adder_tests::outcome::wait_with_output(child);
    assert!(output.status.success(), "{}", describe(&output));
}

/// Several processes may wait for the connections of one socket. Each is told of every connection, and only one can have it.
#[test]
fn a_connection_that_another_process_took_is_not_waited_for() {
    let sandbox = Sandbox::new();
    let listener = UnixListener::bind(sandbox.path("listener")).unwrap();
    let mut command = sandbox.command(&rust_guest(), &["accept-nothing"]);
    hand_over(&mut command, OwnedFd::from(listener.try_clone().unwrap()));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", describe(&output));
    // Nothing else keeps accepting from waiting when the connection is gone between asking for it and taking it.
    assert!(rustix::fs::fcntl_getfl(&listener).unwrap().contains(rustix::fs::OFlags::NONBLOCK));
}
