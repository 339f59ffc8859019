//! Attempts to leave the grant `/box`. Beside it the host has a folder `outside` with a file `secret`, and in the grant
//! links that lead there: `link-to-folder` and `link-to-secret` (relative), `absolute-folder` and `absolute-secret`,
//! `dangling-outside` (to `outside/created`), `chain` (to `link-to-folder`), and `deep/link` (`../../outside`).

use crate::raw::{self, *};

const FILES: [&str; 17] = [
    "../outside/secret",
    "./../outside/secret",
    "deep/../../outside/secret",
    "deep/../deep/../../outside/secret",
    "deep/./.././../outside/secret",
    "../box/../outside/secret",
    "link-to-folder/secret",
    "link-to-folder/../outside/secret",
    "link-to-secret",
    "absolute-folder/secret",
    "absolute-secret",
    "chain/secret",
    "deep/link/secret",
    "deep/link/../outside/secret",
    "link-to-folder/./secret",
    "/etc/passwd",
    "/../etc/passwd",
];

const FOLDERS: [&str; 9] =
    ["..", "../", "../outside", "link-to-folder/", "absolute-folder/", "deep/../..", "chain/.", "deep/link/.", "/"];

pub fn escape() {
    let folder = grant("/box");
    for path in FILES {
        refused_file(folder, path);
    }
    for path in FOLDERS {
        refused_folder(folder, path);
    }
    // From a descriptor below the grant, `..` is no way out either, not even to the grant itself.
    let deep = open(folder, NO_FOLLOW, "deep", DIRECTORY, RIGHTS_READ, 0).unwrap();
    for path in ["../../outside/secret", "link/secret", "../link-to-secret", "../deep/../../outside/secret"] {
        refused_file(deep, path);
    }
    creations(folder);
    odd_paths(folder);
    assert_eq!(std::fs::read("/box/inside").unwrap(), b"inside", "and the grant itself still works");
}

fn refused(path: &str, what: &str, errno: Errno) {
    let reasons = [NOTCAPABLE, PERM, NOENT, LOOP];
    assert!(reasons.contains(&errno), "{what} {path}: error number {errno}");
}

fn refused_file(folder: u32, path: &str) {
    for lookup in [NO_FOLLOW, FOLLOW] {
        for rights in [RIGHTS_READ, RIGHTS_WRITE] {
            for flags in [0, CREATE, TRUNCATE, CREATE | EXCLUSIVE] {
                match open(folder, lookup, path, flags, rights, 0) {
                    Ok(_) => panic!("opened {path} with flags {flags}"),
                    // Exclusive creation sees that a link is there without following it.
                    Err(errno) => assert!(
                        errno == EXIST && flags & EXCLUSIVE != 0 || [NOTCAPABLE, PERM, NOENT, LOOP].contains(&errno),
                        "open {path} with flags {flags}: error number {errno}"
                    ),
                }
            }
        }
    }
    refused(path, "stat", stat(folder, FOLLOW, path).map(|_| 0).unwrap_or_else(|errno| errno));
    refused(path, "set times", set_times(folder, FOLLOW, path, 0, 0, 1 | 4));
    // A system may also refuse to follow links when linking, whatever they lead to.
    let errno = link(folder, FOLLOW, path, "linked");
    assert!(errno == INVAL || [NOTCAPABLE, PERM, NOENT, LOOP].contains(&errno), "link {path}: error number {errno}");
    assert_eq!(stat(folder, NO_FOLLOW, "linked").unwrap_err(), NOENT, "linked {path}");
    if path.contains('/') {
        // A link as the last component is itself inside and may be changed; only what is reached through one may not.
        refused(path, "unlink", unlink(folder, path));
        refused(path, "rename", raw::rename(folder, path, folder, "stolen"));
        refused(path, "replace", raw::rename(folder, "inside", folder, path));
        refused(path, "stat", stat(folder, NO_FOLLOW, path).map(|_| 0).unwrap_or_else(|errno| errno));
    }
}

fn refused_folder(folder: u32, path: &str) {
    for lookup in [NO_FOLLOW, FOLLOW] {
        match open(folder, lookup, path, DIRECTORY, RIGHTS_READ, 0) {
            Ok(_) => panic!("opened {path}"),
            Err(errno) => assert!([NOTCAPABLE, PERM, NOENT, LOOP, NOTDIR].contains(&errno), "{path}: {errno}"),
        }
    }
    let below = format!("{}/new", path.trim_end_matches('/'));
    refused(&below, "create", create_directory(folder, &below));
    refused(&below, "symlink", symlink("x", folder, &below));
    refused(&below, "rename", raw::rename(folder, "inside", folder, &below));
    refused(&below, "link", link(folder, NO_FOLLOW, "inside", &below));
}

/// New names through a dangling link must not appear outside.
fn creations(folder: u32) {
    for lookup in [NO_FOLLOW, FOLLOW] {
        let opened = open(folder, lookup, "dangling-outside", CREATE, RIGHTS_WRITE, 0);
        refused("dangling-outside", "create", opened.map(|_| 0).unwrap_or_else(|errno| errno));
    }
    assert_eq!(create_directory(folder, "dangling-outside"), EXIST);
    // A link that the guest makes itself leads nowhere else either.
    let errno = symlink("../outside", folder, "own-link");
    if errno == SUCCESS {
        refused_file(folder, "own-link/secret");
    } else {
        refused("own-link", "symlink", errno);
    }
    let errno = symlink("/etc", folder, "own-absolute");
    if errno == SUCCESS {
        refused_file(folder, "own-absolute/passwd");
    } else {
        refused("own-absolute", "symlink", errno);
    }
    // A hard link to a symbolic link is a link to the link.
    let errno = link(folder, NO_FOLLOW, "link-to-secret", "hard");
    if errno == SUCCESS {
        assert_eq!(stat(folder, NO_FOLLOW, "hard").unwrap().filetype, FILETYPE_SYMLINK);
        assert_eq!(unlink(folder, "hard"), SUCCESS);
    }
}

fn odd_paths(folder: u32) {
    assert_eq!(open(folder, FOLLOW, "", 0, RIGHTS_READ, 0), Err(NOENT));
    assert!(open(folder, FOLLOW, "inside\0", 0, RIGHTS_READ, 0).is_err(), "a zero byte ends no path");
    assert!(open(folder, FOLLOW, "inside\0/../../outside/secret", 0, RIGHTS_READ, 0).is_err());
    assert_eq!(open(folder, FOLLOW, &"x".repeat(300), 0, RIGHTS_READ, 0), Err(NAMETOOLONG));
    assert!(open(folder, FOLLOW, &"./".repeat(100_000), DIRECTORY, RIGHTS_READ, 0).is_err());
    assert_eq!(open(folder, FOLLOW, "inside/", 0, RIGHTS_READ, 0), Err(NOTDIR));
    assert!(open(folder, FOLLOW, "deep/..", DIRECTORY, RIGHTS_READ, 0).is_ok(), "up, but not out");
}

/// The host keeps exchanging the folder `swapped` and a link to `outside`; whatever the guest opens must never be there.
pub fn race(rounds: u32) {
    let folder = grant("/box");
    let (mut opened, mut failed) = (0, 0);
    for round in 0..rounds {
        match open(folder, FOLLOW, "swapped/secret", 0, RIGHTS_READ, 0) {
            Ok(file) => {
                let mut buffer = [0; 16];
                let count = raw::read(file, &mut buffer).unwrap();
                assert_eq!(&buffer[..count], b"harmless", "round {round}: read what is outside");
                fd_close(file);
                opened += 1;
            }
            Err(_) => failed += 1,
        }
        let name = format!("swapped/created-{}", round % 8);
        if let Ok(file) = open(folder, FOLLOW, &name, CREATE, RIGHTS_WRITE, 0) {
            fd_close(file);
        }
        let _ = create_directory(folder, "swapped/made");
        let _ = unlink(folder, &name);
        let _ = remove_directory(folder, "swapped/made");
        let _ = raw::rename(folder, "swapped/secret", folder, "swapped/secret");
        let _ = symlink("nowhere", folder, "swapped/linked");
        let _ = unlink(folder, "swapped/linked");
    }
    println!("{opened} {failed}");
}
