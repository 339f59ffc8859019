//! Arguments, environment, clocks, exit statuses, traps.

use std::os::unix::process::ExitStatusExt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::sandbox::{Sandbox, c_guest, c_guest_with_environment, describe, rust_guest, succeed};

#[test]
fn arguments_arrive_byte_for_byte() {
    let printed = Sandbox::new().rust(&["arguments", "", "with space", "new\nline", "\u{1f40d}", "--flag=1"]);
    let wanted = "0 \"\"\n10 \"with space\"\n8 \"new\\nline\"\n4 \"\u{1f40d}\"\n8 \"--flag=1\"\n";
    assert_eq!(printed, wanted);
}

#[test]
fn ten_thousand_arguments_arrive() {
    let arguments: Vec<String> =
        std::iter::once("arguments".to_owned()).chain((0..10_000).map(|number| number.to_string())).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(Sandbox::new().rust(&arguments).lines().count(), 10_000);
}

#[test]
fn only_the_baked_environment_is_seen_unless_the_other_was_granted() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&rust_guest(), &["environment"]);
    assert_eq!(succeed_with_host_variable(&mut command), "BAKED=in\nEMPTY=\n");
    for (name, wanted) in [("HOST", "outside\n"), ("BAKED", "in\n"), ("ABSENT", "(unset)\n")] {
        let mut command = sandbox.command(&c_guest_with_environment(), &["environment", name]);
        command.env("BAKED", "overridden by what is baked in");
        assert_eq!(succeed_with_host_variable(&mut command), wanted);
    }
    let mut command = sandbox.command(&c_guest(), &["environment", "HOST"]);
    assert_eq!(succeed_with_host_variable(&mut command), "(unset)\n");
}

fn succeed_with_host_variable(command: &mut std::process::Command) -> String {
    let output = command.env("HOST", "outside").output().expect("the executable can be run");
    assert!(output.status.success(), "{}", describe(&output));
    String::from_utf8(output.stdout).expect("the guests print text")
}

#[test]
fn clocks_tell_the_time_and_move() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    Sandbox::new().rust(&["clocks", &now.to_string()]);
    Sandbox::new().c(&["clocks"]);
}

#[test]
fn random_bytes_are_random() {
    Sandbox::new().rust(&["random"]);
}

#[test]
fn memory_grows_as_the_c_library_needs_it() {
    Sandbox::new().c(&["memory"]);
}

#[test]
fn exit_statuses_are_those_of_the_process() {
    let sandbox = Sandbox::new();
    for status in [0, 1, 2, 42, 125, 134, 255] {
        let output = sandbox.command(&rust_guest(), &["exit", &status.to_string()]).output().unwrap();
        assert_eq!(output.status.code(), Some(status));
        assert!(output.stderr.is_empty(), "{}", describe(&output));
    }
    succeed(sandbox.command(&rust_guest(), &["return"]));
    let output = sandbox.command(&c_guest(), &["exit", "7"]).output().unwrap();
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(7), &b"at exit\n"[..]));
}

#[test]
fn a_trap_has_a_message_a_backtrace_and_its_status() {
    let output = Sandbox::new().command(&rust_guest(), &["trap"]).output().unwrap();
    assert_eq!(output.status.code(), Some(134), "{}", describe(&output));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("unreachable"), "{stderr}");
    let (inner, start) = (stderr.find("inner_of_trap"), stderr.find("_start"));
    assert!(inner.is_some() && start.is_some() && inner < start, "innermost first, down to the entry:\n{stderr}");
}

#[test]
fn a_panic_of_the_guest_is_its_own_affair() {
    let output = Sandbox::new().command(&rust_guest(), &["no such thing"]).output().unwrap();
    assert_eq!(output.status.code(), Some(134), "{}", describe(&output));
    assert_eq!(output.status.signal(), None);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the guest cannot do no such thing"));
    let output = Sandbox::new().command(&c_guest(), &["abort"]).output().unwrap();
    assert_eq!(output.status.code(), Some(134), "{}", describe(&output));
}
