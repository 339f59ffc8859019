//! Every call of preview 1 that takes a descriptor, on every kind of descriptor: the error number of each is in `matrix.txt`
//! (`ADDER_BLESS=1` writes it anew; then each change of it has to be right). A descriptor that the parent shares is looked at
//! afterwards: nothing but reading and writing may have happened to it.

use adder_tests::target::is_beyond_emulator;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::symlink;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use adder::configuration::{Configuration, Grant, tree};
use adder_compiler::Options;
use adder_tests::{guest, workspace};
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;

/// The calls, in the words of the guest (`rust/matrix.rs`).
const CALLS: &[&str] = &[
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags 0",
    "fd_fdstat_set_flags APPEND",
    "fd_fdstat_set_flags NONBLOCK",
    "fd_fdstat_set_flags SYNC",
    "fd_fdstat_set_rights 0",
    "fd_fdstat_set_rights all",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_renumber from",
    "fd_renumber to",
    "fd_seek nowhere",
    "fd_seek start",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open create",
    "path_open read",
    "path_open truncate",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll read",
    "poll write",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

/// The kinds of a shared descriptor.
const SHARED: &[&str] = &["file", "appending", "pipe", "terminal", "folder", "null", "socket", "listening"];

/// What the guest opens or was granted, by the name of its column.
const OPENED: &[(&str, &str)] = &[
    ("file", "/box:read:inside"),
    ("file rw", "/box:write:inside"),
    ("appending", "/box:append:inside"),
    ("folder", "/box:folder:folder"),
    ("grant", "/box"),
    ("file in :ro", "/readonly:read:inside"),
    ("folder in :ro", "/readonly:folder:folder"),
    ("grant :ro", "/readonly"),
    ("embedded", "/:read:embedded/inside"),
    ("emb. folder", "/:folder:embedded"),
    ("emb. root", "/"),
    ("closed", "77"),
];

/// The names of error numbers (witx: `errno`), in their order.
const ERRORS: &str = "ok 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY CANCELED CHILD CONNABORTED \
                      CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST FAULT FBIG HOSTUNREACH IDRM ILSEQ INPROGRESS INTR \
                      INVAL IO ISCONN ISDIR LOOP MFILE MLINK MSGSIZE MULTIHOP NAMETOOLONG NETDOWN NETRESET NETUNREACH NFILE \
                      NOBUFS NODEV NOENT NOEXEC NOLCK NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS NOTCONN NOTDIR NOTEMPTY \
                      NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NXIO OVERFLOW OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT PROTOTYPE RANGE \
                      ROFS SPIPE SRCH STALE TIMEDOUT TXTBSY XDEV NOTCAPABLE";

#[test]
fn every_call_on_every_kind_of_descriptor() {
    let (granted, sandboxed) = (executable(true), executable(false));
    let mut table = String::new();
    let input = columns(SHARED, |kind| shared_column(&granted, kind, 0));
    append(&mut table, "standard input", SHARED, &input);
    let output = columns(SHARED, |kind| shared_column(&granted, kind, 1));
    append(&mut table, "standard output and error", SHARED, &output);
    let inherited = columns(&["socket", "listening"], |kind| shared_column(&granted, kind, 3));
    append(&mut table, "handed over by LISTEN_FDS", &["socket", "listening"], &inherited);
    let names: Vec<&str> = OPENED.iter().map(|(name, _)| *name).collect();
    let opened = columns(OPENED, |(_, kind)| {
        CALLS.iter().map(|call| finish(Folders::new().command(&granted, call, kind))).collect()
    });
    append(&mut table, "opened or granted", &names, &opened);

    // Grants are of files, so they change nothing for streams; and the two outputs are alike.
    assert_eq!(columns(SHARED, |kind| shared_column(&sandboxed, kind, 0)), input, "standard input without any grant");
    assert_eq!(columns(SHARED, |kind| shared_column(&sandboxed, kind, 1)), output, "standard output without any grant");
    assert_eq!(columns(SHARED, |kind| shared_column(&sandboxed, kind, 2)), output, "standard error");

    let expected = workspace::root().join("tests/wasi/matrix.txt");
    if workspace::bless() {
        fs::write(&expected, &table).expect("the repository is writable");
    }
    let expected = fs::read_to_string(expected).expect("it is in the repository");
    for (found, expected) in table.lines().zip(expected.lines()) {
        assert_eq!(found, expected, "see matrix.txt for the columns");
    }
    assert_eq!(table.lines().count(), expected.lines().count());
}

/// The columns of a table, each made by a thread of its own.
fn columns<T: Sync>(kinds: &[T], make: impl Fn(&T) -> Vec<String> + Sync) -> Vec<Vec<String>> {
    thread::scope(|scope| {
        let threads: Vec<_> = kinds.iter().map(|kind| scope.spawn(|| make(kind))).collect();
        threads.into_iter().map(|thread| thread.join().expect("the column is right")).collect()
    })
}

fn append(table: &mut String, title: &str, names: &[&str], columns: &[Vec<String>]) {
    let width = |column: usize| {
        columns[column].iter().map(String::len).chain([names[column].len()]).max().expect("there is a name")
    };
    let mut row = |first: &str, cells: &mut dyn Iterator<Item = &str>| {
        let mut line = format!("{first:28}");
        for (column, cell) in cells.enumerate() {
            write!(line, "  {cell:width$}", width = width(column)).expect("it is memory");
        }
        table.push_str(line.trim_end());
        table.push('\n');
    };
    row(title, &mut names.iter().copied());
    for (index, call) in CALLS.iter().enumerate() {
        row(call, &mut columns.iter().map(|column| column[index].as_str()));
    }
    table.push('\n');
}

/// The executable of the guest, with a folder to change, one to read and one inside the file, or with nothing.
fn executable(granted: bool) -> PathBuf {
    let mut configuration = Configuration::default();
    let folders = Folders::new();
    if granted {
        let grant = |name: &str, read_only| Grant { host: name.to_owned(), guest: format!("/{name}"), read_only };
        configuration.grants = vec![grant("box", false), grant("readonly", true)];
        let source = folders.path("box");
        fs::remove_file(source.join("link")).expect("it was made");
        configuration.tree.embed(&source, "/embedded", tree::EVERYTHING).expect("the folder was made");
    }
    let name = format!("wasi-matrix-{granted}");
    guest::executable(&name, &guest::rust("wasi/rust/main.rs"), &configuration, &Options::default())
}

/// Folders for one run.
struct Folders(TempDir);

impl Folders {
    fn new() -> Folders {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        for name in ["box", "readonly"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.join("folder")).expect("the folder is ours");
            fs::write(path.join("inside"), "inside").expect("the folder is ours");
            symlink("inside", path.join("link")).expect("the folder is ours");
        }
        Folders(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, executable: &Path, call: &str, kind: &str) -> Command {
        let mut command = Command::new(executable);
        command.args(["call", call, kind]).current_dir(self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Runs the guest; gives the name of its error number.
fn finish(mut command: Command) -> String {
    let status = command.status().expect("the executable can be run");
    let name = status.code().and_then(|code| ERRORS.split_whitespace().nth(code as usize));
    name.map_or_else(|| status.to_string(), str::to_owned)
}

/// What all calls say on a shared descriptor of this kind.
fn shared_column(executable: &Path, kind: &str, number: i32) -> Vec<String> {
    CALLS.iter().map(|call| shared_cell(executable, call, kind, number)).collect()
}

/// What a file holds that somebody else writes to or reads from.
const CONTENTS: &str = "not the guest's\n";

fn shared_cell(executable: &Path, call: &str, kind: &str, number: i32) -> String {
    let folders = Folders::new();
    let shared = Shared::new(kind, number, &folders);
    let flags = || fcntl_getfl(&shared.descriptor).expect("it is open");
    let before = flags();
    let mut command = folders.command(executable, call, &number.to_string());
    let given = shared.descriptor.try_clone().expect("there are descriptors enough");
    match number {
        0 => drop(command.stdin(given)),
        1 => drop(command.stdout(given)),
        2 => drop(command.stderr(given)),
        _ => hand_over(&mut command, given),
    }
    let said = finish(command);
    assert_eq!(flags(), before, "{call}, {kind}: its flags are not the guest's");
    if let Some(mut file) = shared.file {
        let mut contents = String::new();
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut contents)).expect("it is a file");
        let written = if number != 0 && call == "fd_write" { "x" } else { "" };
        assert_eq!(contents, format!("{CONTENTS}{written}"), "{call}, {kind}: what was in it is not the guest's");
        let modified = file.metadata().and_then(|found| found.modified()).expect("linux has times");
        let age = modified.elapsed().unwrap_or_default();
        assert!(age.as_secs() < 3600, "{call}, {kind}: its times are not the guest's");
    }
    said
}

/// Has the child find a socket as descriptor 3, by the protocol of `sd_listen_fds(3)`.
pub fn hand_over(command: &mut Command, socket: OwnedFd) {
    let original = std::mem::replace(command, Command::new("sh"));
    command.args(["-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\""]).arg(original.get_program());
    command.args(original.get_args()).current_dir(original.get_current_dir().expect("it was set"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let raw = socket.as_raw_fd();
    let place = move || {
        let _open = &socket;
        // SAFETY: plain system calls.
        let placed = unsafe { if raw == 3 { libc::fcntl(3, libc::F_SETFD, 0) } else { libc::dup2(raw, 3) } };
        if placed < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: as above, and nothing is allocated.
    unsafe { command.pre_exec(place) };
}

/// A descriptor of the parent's, and what keeps its other side alive.
struct Shared {
    descriptor: OwnedFd,
    /// The same file once more, opened anew.
    file: Option<File>,
    _other: Vec<OwnedFd>,
}

impl Shared {
    /// Of this kind, for a standard descriptor with this number. There is something to read, or the end of it, and room to write.
    fn new(kind: &str, number: i32, folders: &Folders) -> Shared {
        let path = folders.path("shared");
        let plain = |descriptor: OwnedFd, other: Vec<OwnedFd>| Shared { descriptor, file: None, _other: other };
        match kind {
            "file" | "appending" => {
                fs::write(&path, CONTENTS).expect("the folder is ours");
                // For reading and writing, as a terminal is: what of that is the guest's, its number says.
                let mut options = OpenOptions::new();
                let mut file =
                    options.read(true).write(true).append(kind == "appending").open(&path).expect("it was made");
                if number != 0 {
                    file.seek(SeekFrom::End(0)).expect("it is a file");
                }
                Shared {
                    descriptor: file.into(),
                    file: Some(File::open(&path).expect("it was made")),
                    _other: Vec::new(),
                }
            }
            "pipe" => {
                let (reader, writer) = std::io::pipe().expect("there are descriptors enough");
                if number == 0 {
                    drop(writer);
                    plain(reader.into(), Vec::new())
                } else {
                    plain(writer.into(), vec![reader.into()])
                }
            }
            "terminal" => {
                let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
                grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
                let name = ptsname(&master, Vec::new()).expect("it has a name");
                let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
                let terminal =
                    rustix::fs::open(name.as_c_str(), flags, rustix::fs::Mode::empty()).expect("it is there");
                rustix::io::write(&master, b"a line\n").expect("there is room");
                plain(terminal, vec![master])
            }
            "folder" => plain(File::open(folders.path("box")).expect("it was made").into(), Vec::new()),
            "null" => {
                let null = OpenOptions::new().read(true).write(true).open("/dev/null").expect("it is there");
                plain(null.into(), Vec::new())
            }
            "socket" => {
                let (one, mut other) = UnixStream::pair().expect("there are descriptors enough");
                other.write_all(b"sent").expect("there is room");
                plain(one.into(), vec![other.into()])
            }
            "listening" => {
                let listener = UnixListener::bind(&path).expect("the folder is ours");
                let client = UnixStream::connect(&path).expect("there is room in its queue");
                plain(listener.into(), vec![client.into()])
            }
            other => panic!("there is no kind {other}"),
        }
    }
}

/// What the guest says of flags that it sets for itself: see `rust/matrix.rs`.
#[test]
fn flags_of_streams_are_the_guests_own() {
    if is_beyond_emulator("qemu 7.2 has no pwritev2") {
        return;
    }
    let folders = Folders::new();
    let path = folders.path("error");
    fs::write(&path, "old ").expect("the folder is ours");
    let error = OpenOptions::new().write(true).open(&path).expect("it was made");
    let (input, mut feed) = std::io::pipe().expect("there are descriptors enough");
    let (mut drain, output) = std::io::pipe().expect("there are descriptors enough");
    let mut command = Command::new(executable(false));
    command.arg("own-flags").stdin(input.try_clone().expect("enough")).stdout(output.try_clone().expect("enough"));
    command.stderr(error.try_clone().expect("enough"));
    let mut child = command.spawn().expect("the executable can be run");
    drop(command);
    let said = || fs::read_to_string(&path).expect("it is a text");
    // It says how much it has written, and then waits for both of its streams.
    let written = loop {
        let said = said();
        if let Some(number) = said.strip_prefix("old end").and_then(|rest| rest.parse::<usize>().ok()) {
            break number;
        }
        assert!(child.try_wait().expect("it is ours").is_none(), "it has ended: {said}");
        thread::sleep(std::time::Duration::from_millis(5));
    };
    for (descriptor, name) in [(input.as_fd(), "input"), (output.as_fd(), "output"), (error.as_fd(), "error")] {
        let flags = fcntl_getfl(descriptor).expect("it is open") & (OFlags::APPEND | OFlags::NONBLOCK);
        assert_eq!(flags, OFlags::empty(), "standard {name}");
    }
    feed.write_all(b"line").expect("it is read from");
    drop(output);
    let mut drained = Vec::new();
    drain.read_to_end(&mut drained).expect("it is a pipe");
    assert!(child.wait().expect("it is ours").success(), "{}", said());
    let (first, rest) = drained.split_at(written);
    assert!(first.iter().all(|byte| *byte == b'y') && !rest.is_empty() && rest.iter().all(|byte| *byte == b'z'));
}

#[test]
fn a_guest_can_wait_where_its_parent_does_not() {
    let (input, mut feed) = std::io::pipe().expect("there are descriptors enough");
    rustix::fs::fcntl_setfl(&input, OFlags::NONBLOCK).expect("it is open");
    let mut command = Command::new(executable(false));
    command.arg("flags-of-others").stdin(input.try_clone().expect("enough")).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the executable can be run");
    let mut said = [0; 8];
    child.stdout.take().expect("it was asked for").read_exact(&mut said).expect("it says so");
    assert_eq!(&said, b"waiting\n");
    assert!(fcntl_getfl(&input).expect("it is open").contains(OFlags::NONBLOCK), "the parent's flag stays");
    feed.write_all(b"line").expect("it is read from");
    assert!(child.wait().expect("it is ours").success());
}
