//! Directories, and reading them piece by piece.

use std::collections::BTreeSet;

use crate::raw::*;

/// An entry of `fd_readdir`.
struct Entry {
    next: u64,
    filetype: u8,
    name: String,
}

/// The complete entries in a buffer, which may end within one.
fn entries(buffer: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = buffer;
    while rest.len() >= 24 {
        let bytes = u32::from_le_bytes(rest[16..20].try_into().unwrap()) as usize;
        let Some(name) = rest.get(24..24 + bytes) else { break };
        entries.push(Entry {
            next: u64::from_le_bytes(rest[..8].try_into().unwrap()),
            filetype: rest[20],
            name: String::from_utf8(name.to_vec()).unwrap(),
        });
        rest = &rest[24 + bytes..];
    }
    entries
}

pub fn directories() {
    let folder = grant("/box");
    assert_eq!(create_directory(folder, "d"), SUCCESS);
    assert_eq!(create_directory(folder, "d"), EXIST);
    assert_eq!(create_directory(folder, "d/e/f"), NOENT);
    create(folder, "d/file", b"");
    assert_eq!(remove_directory(folder, "d"), NOTEMPTY);
    assert_eq!(remove_directory(folder, "d/file"), NOTDIR);
    let errno = unlink(folder, "d");
    assert!(errno == ISDIR || errno == PERM, "error number {errno}");
    let opened = open(folder, NO_FOLLOW, "d", DIRECTORY, RIGHTS_READ, 0).unwrap();
    assert_eq!(create_directory(opened, "within"), SUCCESS);
    let found: BTreeSet<_> =
        std::fs::read_dir("/box/d").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(found, BTreeSet::from(["file".to_owned(), "within".to_owned()]));
    let mut buffer = [0; 1024];
    let count = readdir(opened, &mut buffer, 0).unwrap();
    for entry in entries(&buffer[..count]) {
        let wanted = if entry.name == "file" { FILETYPE_REGULAR } else { FILETYPE_DIRECTORY };
        assert_eq!(entry.filetype, wanted, "{}", entry.name);
    }
    let file = create(folder, "plain", b"");
    let errno = readdir(file, &mut buffer, 0).unwrap_err();
    assert!(errno == NOTDIR || errno == BADF, "error number {errno}");
    std::fs::create_dir_all("/box/a/b/c").unwrap();
    std::fs::remove_dir_all("/box/a").unwrap();
    assert_eq!(stat(folder, NO_FOLLOW, "a").unwrap_err(), NOENT);
}

/// Reads a large directory through a small buffer, and again from the middle.
pub fn cookies() {
    let folder = grant("/box");
    create_directory(folder, "many");
    let many = open(folder, NO_FOLLOW, "many", DIRECTORY, RIGHTS_READ, 0).unwrap();
    let wanted: BTreeSet<String> = (0..500).map(|number| format!("a file with the number {number}")).collect();
    for name in &wanted {
        fd_close(create(many, name, b""));
    }
    let mut listed = Vec::new();
    let mut cookie = 0;
    let mut buffer = [0; 333];
    loop {
        let count = readdir(many, &mut buffer, cookie).unwrap();
        let found = entries(&buffer[..count]);
        if count < buffer.len() && found.is_empty() {
            break;
        }
        assert!(!found.is_empty(), "a buffer of 333 bytes holds an entry");
        cookie = found.last().unwrap().next;
        listed.extend(found);
        if count < buffer.len() {
            break;
        }
    }
    let names = |list: &[Entry]| {
        list.iter().map(|entry| entry.name.clone()).filter(|name| name != "." && name != "..").collect::<Vec<_>>()
    };
    let found = names(&listed);
    assert_eq!(found.len(), 500, "every file once");
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), wanted);

    // From the middle: what follows is the same as the first time, although files before it are gone.
    let middle = listed.len() / 2;
    for entry in &listed[..middle] {
        if entry.name.starts_with('a') {
            assert_eq!(unlink(many, &entry.name), SUCCESS);
        }
    }
    let mut large = vec![0; 100_000];
    let count = readdir(many, &mut large, listed[middle - 1].next).unwrap();
    let mut rest = names(&entries(&large[..count]));
    let mut expected = names(&listed[middle..]);
    rest.sort();
    expected.sort();
    assert_eq!(rest, expected);
    let count = readdir(many, &mut large, 0).unwrap();
    assert_eq!(names(&entries(&large[..count])).len(), expected.len(), "a fresh look finds what is left");
}
