//! Pointers that do not point into the guest's memory: every function that takes one answers EFAULT and touches nothing.

use adder_compiler::abi::host::wasi_preview1::FUNCTIONS;
use adder_compiler::abi::value::ValueType;

use crate::sandbox::{Sandbox, describe, text_guest};

const FAULT: i32 = 21;

/// One page of memory, so this is its first byte outside.
const END: i64 = 65536;
/// Four bytes before the end: room for one word and no more.
const LAST: i64 = END - 4;
/// Wraps around 32 bits with any length.
const HIGH: i64 = 0xffff_fff0;
/// A free place with room for results.
const ROOM: i64 = 4096;
/// The open folder `/box`, the file `inside` in it once it is open (`/readonly` is 4), and its path.
const FOLDER: i64 = 3;
const FILE: i64 = 5;
const PATH: i64 = 1024;
const PATH_BYTES: i64 = 6;
/// Vectors for reading and writing: a good one, one whose buffer ends outside, one whose buffer is outside.
const GOOD: i64 = 2048;
const TOO_LONG: i64 = 2056;
const OUTSIDE: i64 = 2064;

/// Calls with one bad pointer each.
const CALLS: [(&str, &[i64]); 58] = [
    ("args_get", &[END, ROOM]),
    ("args_get", &[ROOM, END]),
    ("args_get", &[HIGH, ROOM]),
    ("args_sizes_get", &[END, ROOM]),
    ("args_sizes_get", &[ROOM, HIGH]),
    ("args_sizes_get", &[ROOM, END - 3]),
    ("clock_res_get", &[0, END]),
    ("clock_res_get", &[0, LAST]),
    ("clock_time_get", &[0, 1, LAST]),
    ("clock_time_get", &[0, 1, HIGH]),
    ("environ_get", &[END, ROOM]),
    ("environ_get", &[ROOM, HIGH]),
    ("environ_sizes_get", &[END, ROOM]),
    ("environ_sizes_get", &[ROOM, END]),
    ("fd_fdstat_get", &[1, END]),
    ("fd_fdstat_get", &[1, LAST]),
    ("fd_filestat_get", &[FOLDER, LAST]),
    ("fd_pread", &[FILE, END, 1, 0, ROOM]),
    ("fd_pread", &[FILE, TOO_LONG, 1, 0, ROOM]),
    ("fd_pread", &[FILE, OUTSIDE, 1, 0, ROOM]),
    ("fd_prestat_dir_name", &[FOLDER, END, 4]),
    ("fd_prestat_dir_name", &[FOLDER, END - 2, 4]),
    ("fd_prestat_get", &[FOLDER, LAST]),
    ("fd_pwrite", &[FILE, END, 1, 0, ROOM]),
    ("fd_pwrite", &[FILE, TOO_LONG, 1, 0, ROOM]),
    ("fd_read", &[0, LAST, 1, ROOM]),
    ("fd_read", &[0, GOOD, 0x2000_0001, ROOM]),
    ("fd_read", &[0, OUTSIDE, 1, ROOM]),
    ("fd_read", &[0, GOOD, 1, END]),
    ("fd_readdir", &[FOLDER, END - 10, 20, 0, ROOM]),
    ("fd_readdir", &[FOLDER, ROOM, 100, 0, END]),
    ("fd_readdir", &[FOLDER, HIGH, 100, 0, ROOM]),
    ("fd_seek", &[FILE, 0, 0, LAST]),
    ("fd_tell", &[FILE, END]),
    ("fd_write", &[1, END, 1, ROOM]),
    ("fd_write", &[1, TOO_LONG, 1, ROOM]),
    ("fd_write", &[1, OUTSIDE, 1, ROOM]),
    ("path_create_directory", &[FOLDER, END, 4]),
    ("path_create_directory", &[FOLDER, HIGH, 0x20]),
    ("path_filestat_get", &[FOLDER, 0, END - 1, 4, ROOM]),
    ("path_filestat_get", &[FOLDER, 0, PATH, PATH_BYTES, LAST]),
    ("path_filestat_set_times", &[FOLDER, 0, END, 1, 0, 0, 0]),
    ("path_link", &[FOLDER, 0, END, 1, FOLDER, PATH, PATH_BYTES]),
    ("path_link", &[FOLDER, 0, PATH, PATH_BYTES, FOLDER, HIGH, 0x20]),
    ("path_open", &[FOLDER, 0, END, 1, 0, 2, 2, 0, ROOM]),
    ("path_open", &[FOLDER, 0, PATH, PATH_BYTES, 0, 2, 2, 0, END]),
    ("path_readlink", &[FOLDER, END, 1, ROOM, 16, ROOM]),
    ("path_readlink", &[FOLDER, PATH + 16, 14, END - 4, 16, ROOM]),
    ("path_remove_directory", &[FOLDER, END, 1]),
    ("path_rename", &[FOLDER, END, 1, FOLDER, PATH, PATH_BYTES]),
    ("path_rename", &[FOLDER, PATH, PATH_BYTES, FOLDER, END, 1]),
    ("path_symlink", &[PATH, PATH_BYTES, FOLDER, END, 1]),
    ("path_symlink", &[HIGH, 0x20, FOLDER, PATH, PATH_BYTES]),
    ("path_unlink_file", &[FOLDER, END, 1]),
    ("poll_oneoff", &[END - 40, ROOM, 1, ROOM + 512]),
    ("poll_oneoff", &[GOOD, ROOM, 0x1000_0000, ROOM + 512]),
    ("random_get", &[END - 8, 16]),
    ("random_get", &[HIGH, 0x20]),
];

/// Functions without a pointer among their parameters, and sockets, for which descriptor 0 would have to be one.
const WITHOUT: [&str; 17] = [
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_renumber",
    "fd_sync",
    "proc_exit",
    "proc_raise",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

#[test]
fn every_function_with_a_pointer_is_tried() {
    for signature in &FUNCTIONS {
        let tried = CALLS.iter().any(|(name, _)| *name == signature.name);
        assert!(tried != WITHOUT.contains(&signature.name), "{}", signature.name);
    }
}

/// A program that makes the calls one after another and prints their error numbers as bytes.
fn program() -> String {
    let mut text = String::from("(module\n");
    let used: Vec<_> =
        FUNCTIONS.iter().filter(|signature| CALLS.iter().any(|(name, _)| *name == signature.name)).collect();
    for signature in &used {
        let parameters: Vec<_> = signature.parameters.iter().map(|kind| type_name(*kind)).collect();
        text += &format!(
            "(import \"wasi_snapshot_preview1\" \"{0}\" (func ${0} (param {1}) (result i32)))\n",
            signature.name,
            parameters.join(" ")
        );
    }
    let vector = |start: i64, bytes: i64| [start as u32, bytes as u32].map(u32::to_le_bytes).concat();
    let bytes = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    text += "(memory (export \"memory\") 1 1)\n";
    text += &format!("(data (i32.const {PATH}) \"inside\")\n(data (i32.const {}) \"link-to-secret\")\n", PATH + 16);
    text += &format!("(data (i32.const {GOOD}) \"{}\")\n", bytes(&vector(ROOM, 4)));
    text += &format!("(data (i32.const {TOO_LONG}) \"{}\")\n", bytes(&vector(END - 4, 5)));
    text += &format!("(data (i32.const {OUTSIDE}) \"{}\")\n", bytes(&vector(END, 1)));
    text += &format!("(data (i32.const 0) \"{}\")\n", bytes(&vector(16384, CALLS.len() as i64)));
    text += "(func (export \"_start\")\n";
    text += &format!(
        "(if (call $path_open (i32.const 3) (i32.const 0) (i32.const {PATH}) (i32.const {PATH_BYTES}) (i32.const 0) \
         (i64.const 0x46) (i64.const 0x46) (i32.const 0) (i32.const {ROOM})) (then unreachable))\n\
         (if (i32.ne (i32.load (i32.const {ROOM})) (i32.const {FILE})) (then unreachable))\n"
    );
    for (number, (name, arguments)) in CALLS.iter().enumerate() {
        let signature = used.iter().find(|signature| signature.name == *name).expect("only known functions are tried");
        assert_eq!(signature.parameters.len(), arguments.len(), "{name}");
        let arguments: Vec<_> = signature
            .parameters
            .iter()
            .zip(*arguments)
            .map(|(kind, value)| format!("({}.const {value})", type_name(*kind)))
            .collect();
        text += &format!("(i32.store8 (i32.const {}) (call ${name} {}))\n", 16384 + number, arguments.join(" "));
    }
    text += "(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))\n";
    text
}

fn type_name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::I32 => "i32",
        ValueType::I64 => "i64",
        ValueType::F32 => "f32",
        ValueType::F64 => "f64",
        ValueType::ExternRef => "externref",
    }
}

#[test]
fn a_bad_pointer_is_an_error_and_never_more() {
    let sandbox = Sandbox::new();
    let executable = text_guest("wasi-pointers", &program());
    let output = sandbox.command(&executable, &["x"]).output().unwrap();
    assert!(output.status.success(), "{}", describe(&output));
    assert_eq!(output.stdout.len(), CALLS.len());
    let wrong: Vec<_> = CALLS
        .iter()
        .zip(&output.stdout)
        .filter(|(_, errno)| i32::from(**errno) != FAULT)
        .map(|((name, arguments), errno)| format!("{name} {arguments:x?} answered {errno}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    sandbox.assert_outside_untouched();
}
