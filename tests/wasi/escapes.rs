//! Attempts to reach what is not granted, with and without the kernel's help against them (`openat2`).

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sandbox::{Sandbox, describe, rust_guest, succeed, text_guest};

#[test]
fn no_path_leads_out_of_a_grant() {
    let sandbox = Sandbox::new();
    sandbox.rust(&["escape"]);
    sandbox.assert_outside_untouched();
}

#[test]
fn no_path_leads_out_of_a_grant_on_an_old_kernel() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&rust_guest(), &["escape"]);
    without_openat2(&mut command);
    succeed(command);
    sandbox.assert_outside_untouched();
}

#[test]
fn files_work_on_an_old_kernel() {
    for what in ["files", "symbolic-links", "rename", "read-only", "directories"] {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(&rust_guest(), &[what]);
        without_openat2(&mut command);
        succeed(command);
    }
}

/// Uses a descriptor as a directory in several ways and writes the error number of each, one byte, to standard output.
fn directory_user(descriptor: u32) -> String {
    let calls = [
        format!("path_create_directory {descriptor} 0 3"),
        format!("path_open {descriptor} 0 3 4 1 64 0 0 96"),
        format!("path_symlink 0 3 {descriptor} 7 4"),
        format!("path_filestat_get {descriptor} 0 0 3 128"),
        format!("path_rename {descriptor} 0 3 {descriptor} 11 5"),
        format!("fd_readdir {descriptor} 256 256 0 96"),
        format!("fd_filestat_set_times {descriptor} 0 0 5"),
        format!("fd_sync {descriptor}"),
    ];
    let (mut imports, mut body) = (String::new(), String::new());
    for (index, call) in calls.iter().enumerate() {
        let mut words = call.split(' ');
        let name = words.next().expect("the name comes first");
        let wide: &[usize] = match name {
            "path_open" => &[5, 6],
            "fd_readdir" => &[3],
            "fd_filestat_set_times" => &[1, 2],
            _ => &[],
        };
        let (mut parameters, mut arguments) = (String::new(), String::new());
        for (position, argument) in words.enumerate() {
            let kind = if wide.contains(&position) { "i64" } else { "i32" };
            parameters.push_str(&format!(" {kind}"));
            arguments.push_str(&format!(" ({kind}.const {argument})"));
        }
        imports.push_str(&format!(
            "(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} (param{parameters}) (result i32)))\n"
        ));
        body.push_str(&format!("(i32.store8 (i32.const {}) (call ${name}{arguments}))\n", 64 + index));
    }
    format!(
        r#"(module
            {imports}
            (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "newfilelinkmoved")
            (data (i32.const 32) "\40\00\00\00\08\00\00\00")
            (func (export "_start")
                {body}
                (drop (call $fd_write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 96)))))"#
    )
}

#[test]
fn a_directory_as_a_standard_descriptor_is_no_grant() {
    const NOT_A_DIRECTORY: u8 = 54;
    const NOT_PERMITTED: u8 = 63;
    const NOT_FOR_THIS: u8 = 8;
    let refused = |[seventh, eighth]: [u8; 2]| {
        let mut answers = [NOT_A_DIRECTORY; 8];
        answers[6..].copy_from_slice(&[seventh, eighth]);
        answers
    };
    // Descriptor 3 is a grant: there, every one of the calls works.
    let input = refused([NOT_FOR_THIS, NOT_FOR_THIS]);
    let error = refused([NOT_FOR_THIS, NOT_PERMITTED]);
    for (descriptor, answers) in [(0, input), (2, error), (3, [0; 8])] {
        let sandbox = Sandbox::new();
        let executable = text_guest(&format!("wasi-directory-{descriptor}"), &directory_user(descriptor));
        let open = || std::fs::File::open(sandbox.path("outside")).unwrap();
        let modified = || std::fs::metadata(sandbox.path("outside")).unwrap().modified().unwrap();
        let before = modified();
        let mut command = sandbox.command(&executable, &["x"]);
        if descriptor != 3 {
            command.stdin(open()).stderr(open());
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", describe(&output));
        assert_eq!(output.stdout, answers, "descriptor {descriptor}");
        assert_eq!(modified(), before);
        sandbox.assert_outside_untouched();
    }
}

#[test]
fn no_race_leads_out_of_a_grant() {
    race(|_| {}, 20_000);
}

#[test]
fn no_race_leads_out_of_a_grant_on_an_old_kernel() {
    race(without_openat2, 8_000);
}

/// Exchanges a folder and a link to the outside all the time while the guest opens, creates and removes files there.
fn race(prepare: fn(&mut Command), rounds: u32) {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("box/swapped")).unwrap();
    std::fs::write(sandbox.path("box/swapped/secret"), "harmless").unwrap();
    symlink("../outside", sandbox.path("box/other")).unwrap();
    let mut command = sandbox.command(&rust_guest(), &["race", &rounds.to_string()]);
    prepare(&mut command);
    let done = AtomicBool::new(false);
    let printed = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                exchange(&sandbox.path("box/swapped"), &sandbox.path("box/other")).expect("linux can exchange");
            }
        });
        let output = command.output();
        done.store(true, Ordering::Relaxed);
        output.expect("the executable can be run")
    });
    assert!(printed.status.success(), "{}", describe(&printed));
    let counts = String::from_utf8(printed.stdout).unwrap();
    let counts: Vec<u32> = counts.split_whitespace().map(|count| count.parse().unwrap()).collect();
    assert!(counts[0] > 0 && counts[1] > 0, "both sides of the race were seen: {counts:?}");
    sandbox.assert_outside_untouched();
}

fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    let text = |path: &Path| CString::new(path.as_os_str().as_bytes()).expect("no zero bytes in test paths");
    let (one, other) = (text(one), text(other));
    // SAFETY: both paths are terminated and outlive the call.
    let result =
        unsafe { libc::renameat2(libc::AT_FDCWD, one.as_ptr(), libc::AT_FDCWD, other.as_ptr(), libc::RENAME_EXCHANGE) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Makes `openat2` fail with ENOSYS in the process to be started, as on a kernel before 5.6.
fn without_openat2(command: &mut Command) {
    // Load the number of the system call; if it is openat2, return ENOSYS, else allow.
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let mut filter = [
        step(LOAD, 0, 0, 0),
        step(EQUAL, 0, 1, libc::SYS_openat2 as u32),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let install = move || {
        let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
        // SAFETY: the filter is four valid instructions and outlives the calls; both calls are async-signal-safe.
        let result = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                | libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program)
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    // SAFETY: between fork and exec the closure only makes two system calls.
    unsafe { command.pre_exec(install) };
}
