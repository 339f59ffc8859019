//! The working directory of a program that may use the host's files, where its name is of no use.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use adder::configuration::{Configuration, Grant};
use adder_compiler::Options;
use adder_tests::guest;
use adder_tests::outcome::{Outcome, finish};
use adder_tests::rights::without_rights;

/// The guest with these grants: the host's folder, the guest's name for it.
fn executable(grants: &[(&str, &str)]) -> PathBuf {
    let grant =
        |(host, guest): &(&str, &str)| Grant { host: (*host).to_owned(), guest: (*guest).to_owned(), read_only: false };
    let grants = grants.iter().map(grant).collect();
    let configuration = Configuration { grants, inherit_working_directory: true, ..Configuration::default() };
    let module = guest::c("wasi/c/working_directory.c");
    guest::executable("wasi-working-directory", &module, &configuration, &Options::default())
}

/// What the guest says where everything works.
const FINE: &str = "create: ok\nwrite: ok\nstat: ok\nmkdir: ok\nnested: ok\n";

/// Runs it in a directory that the child itself goes to, as `enter` says.
fn run_after(executable: &Path, enter: impl Fn() -> io::Result<()> + Send + Sync + 'static) -> Outcome {
    let mut command = Command::new(executable);
    // SAFETY: system calls, and paths that were made before.
    unsafe { command.pre_exec(enter) };
    finish(&mut command, b"")
}

/// Goes to a directory by a name of any length, in steps.
fn go_to(steps: Vec<std::ffi::CString>) -> impl Fn() -> io::Result<()> + Send + Sync + 'static {
    move || {
        for step in &steps {
            // SAFETY: a C string.
            if unsafe { libc::chdir(step.as_ptr()) } != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }
}

/// Steps of a path that is longer than a path may be, below `start`; makes its directories.
fn long_path(start: &Path) -> Vec<std::ffi::CString> {
    let name = "d".repeat(200);
    let c_string = |text: &str| std::ffi::CString::new(text).expect("no NUL");
    let mut steps = vec![c_string(start.to_str().expect("it is text"))];
    let mut directory =
        rustix::fs::open(start, rustix::fs::OFlags::PATH, rustix::fs::Mode::empty()).expect("it is there");
    for _ in 0..25 {
        rustix::fs::mkdirat(&directory, name.as_str(), rustix::fs::Mode::RWXU).expect("the folder is ours");
        let next = rustix::fs::openat(&directory, name.as_str(), rustix::fs::OFlags::PATH, rustix::fs::Mode::empty());
        directory = next.expect("it was made");
        steps.push(c_string(&name));
    }
    steps
}

#[test]
fn nothing_is_made_where_the_working_directory_was_removed() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let gone = folder.path().join("gone");
    for grants in [&[("/", "/")][..], &[(folder.path().to_str().expect("it is text"), "/data"), ("/usr", "/")]] {
        fs::create_dir(&gone).expect("the folder is ours");
        let path = std::ffi::CString::new(gone.to_str().expect("it is text")).expect("no NUL");
        let outcome = run_after(&executable(grants), move || {
            // SAFETY: C strings.
            let entered = unsafe { libc::chdir(path.as_ptr()) == 0 && libc::rmdir(path.as_ptr()) == 0 };
            if entered { Ok(()) } else { Err(io::Error::last_os_error()) }
        });
        let nothing = "No such file or directory";
        let lines = ["create", "stat", "mkdir", "nested", "beside"].map(|what| format!("{what}: {nothing}\n"));
        // As a native program: the directory above can still be looked into.
        let said = outcome.printed().replace("beside: Operation not permitted", &format!("beside: {nothing}"));
        assert_eq!(said, lines.concat(), "{grants:?}");
        for made in ["/made", "/folder", "/usr/made", "/usr/folder"] {
            assert!(!Path::new(made).exists(), "{made}");
        }
    }
}

#[test]
fn a_working_directory_may_have_a_name_that_no_path_can_hold() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let start = folder.path().join("start");
    for (grants, beside) in [
        (&[("/", "/")][..], "ok"),
        // Where the grant ends somewhere, `..` cannot be followed: what is above would be outside for all that is known.
        (&[(folder.path().to_str().expect("it is text"), "/data"), ("/usr", "/")], "Operation not permitted"),
    ] {
        fs::create_dir(&start).expect("the folder is ours");
        let steps = long_path(&start);
        let prepare = {
            let enter = go_to(steps.clone());
            move || {
                enter()?;
                // SAFETY: a C string; the file is for the guest to find.
                match unsafe { libc::open(c"../beside".as_ptr(), libc::O_CREAT | libc::O_CLOEXEC, 0o600) } {
                    -1 => Err(io::Error::last_os_error()),
                    _ => Ok(()),
                }
            }
        };
        let outcome = run_after(&executable(grants), prepare);
        assert_eq!(outcome.printed(), format!("{FINE}beside: {beside}\n"), "{grants:?}");
        // It is there that all of this was done.
        let mut shell = Command::new("cat");
        // SAFETY: as above.
        unsafe { shell.arg("made").pre_exec(go_to(steps)) };
        assert_eq!(finish(&mut shell, b""), Outcome::success("text"));
        fs::remove_dir_all(&start).expect("the folder is ours");
    }
}

#[test]
fn a_working_directory_below_one_that_cannot_be_searched() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder is ours");
    let program = folder.path().join("program");
    fs::copy(executable(&[("/", "/")]), &program).expect("the folder is ours");
    let (closed, inner) = (folder.path().join("closed"), folder.path().join("closed/inner"));
    fs::create_dir_all(&inner).expect("the folder is ours");
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o777)).expect("the folder is ours");
    let path = std::ffi::CString::new(inner.to_str().expect("it is text")).expect("no NUL");
    let above = std::ffi::CString::new(closed.to_str().expect("it is text")).expect("no NUL");
    let outcome = run_after(&program, move || {
        go_to(vec![path.clone()])()?;
        // SAFETY: a C string.
        unsafe { libc::chmod(above.as_ptr(), 0) };
        without_rights()
    });
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("the folder is ours");
    assert_eq!(outcome.printed(), format!("{FINE}beside: Permission denied\n"));
    assert_eq!(fs::read_to_string(inner.join("made")).expect("it was made"), "text");
}

#[test]
fn what_cannot_be_listed_says_so() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder is ours");
    let grant = |name: &str| Grant { host: name.to_owned(), guest: format!("/{name}"), read_only: false };
    let configuration = Configuration { grants: vec![grant("box"), grant("closed")], ..Configuration::default() };
    let module = guest::rust("wasi/rust/main.rs");
    let built = guest::executable("wasi-unreadable", &module, &configuration, &Options::default());
    let program = folder.path().join("program");
    fs::copy(built, &program).expect("the folder is ours");
    for name in ["box", "box/closed", "closed"] {
        let path = folder.path().join(name);
        fs::create_dir(&path).expect("the folder is ours");
        fs::write(path.join("inside"), "").expect("the folder is ours");
    }
    for name in ["box/closed", "closed"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o311)).expect("the folder is ours");
    }
    let mut command = Command::new(&program);
    command.arg("unreadable").current_dir(folder.path());
    // SAFETY: plain system calls.
    unsafe { command.pre_exec(without_rights) };
    let outcome = finish(&mut command, b"");
    for name in ["box/closed", "closed"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o700)).expect("the folder is ours");
    }
    assert_eq!(outcome, Outcome::success(""));
}
