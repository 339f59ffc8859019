//! What guests that know POSIX do with files: modes, owners, and what is refused.

use super::*;
use crate::vfs::open::status::Status;
use crate::vfs::posix::attributes::{access, chmod, chown, stat, statfs, truncate, utimens};
use crate::vfs::posix::files::{link, mkdir, mknod, open_file, readlink, rename, rmdir, symlink, umask, unlink};
use crate::vfs::posix::namespace::{Namespace, Target};
use rustix::fs::{Access as Use, AtFlags, FileType as HostType, StatVfsMountFlags};
use std::os::unix::fs::PermissionsExt;

const READ_WRITE: bool = false;
const READ_ONLY: bool = true;

fn namespace(granted: &[(&std::path::Path, &str, bool)], root: Option<Made>) -> &'static Namespace {
    let granted: Vec<_> = granted.iter().map(|&(host, guest, read_only)| Granted { host, guest, read_only }).collect();
    Box::leak(Box::new(Namespace::new(configuration(&granted, root))))
}

fn mode(bits: u32) -> Mode {
    Mode::from_raw_mode(bits)
}

fn permissions(path: &std::path::Path) -> u32 {
    path.symlink_metadata().expect("exists").permissions().mode() & 0o7777
}

#[test]
fn modes_are_what_was_asked_for_but_for_the_umask() {
    let folder = Folder::new();
    let names = namespace(&[(&folder.0, "/data", READ_WRITE)], None);
    let to = |path: &str| names.at(None, path.as_bytes()).expect(path);
    let before = umask(mode(0o027));
    let make = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
    assert!(open_file(&to("/data/file"), make, mode(0o666)).is_ok());
    assert!(open_file(&to("/data/program"), make, mode(0o4755)).is_ok());
    assert_eq!(mkdir(&to("/data/dir"), mode(0o777)), Ok(()));
    assert_eq!(mknod(&to("/data/pipe"), HostType::Fifo, mode(0o622)), Ok(()));
    assert_eq!(mknod(&to("/data/node"), HostType::RegularFile, mode(0o660)), Ok(()));
    assert_eq!(umask(before), mode(0o027));
    for (name, expected) in [("file", 0o640), ("program", 0o4750), ("dir", 0o750), ("pipe", 0o600), ("node", 0o640)] {
        assert_eq!(permissions(&folder.0.join(name)), expected, "{name}");
        let status = stat(&to(&format!("/data/{name}")), true).expect(name);
        assert_eq!(status.mode & 0o7777, expected, "{name}");
    }
    for device in [HostType::CharacterDevice, HostType::BlockDevice, HostType::Socket, HostType::Directory] {
        assert_eq!(mknod(&to("/data/device"), device, mode(0o666)), Err(Errno::PERM));
    }
    assert_eq!(mknod(&to("/data/file"), HostType::RegularFile, mode(0)), Err(Errno::EXIST));
    let status = stat(&to("/data/pipe"), true).expect("it is there");
    assert_eq!((status.file_type, status.mode & libc::S_IFMT), (FileType::Pipe, libc::S_IFIFO));
}

#[test]
fn attributes_change_below_a_grant_and_not_behind_its_links() {
    let folder = Folder::new();
    folder.file("data/file", "text").file("secret", "secret");
    folder.link("data/link", "file").link("data/out", "../secret").link("data/absolute", "/etc");
    let names = namespace(&[(&folder.0.join("data"), "/data", READ_WRITE)], None);
    let to = |path: &str| names.at(None, path.as_bytes()).expect(path);
    let (file, secret) = (folder.0.join("data/file"), folder.0.join("secret"));
    let before = permissions(&secret);
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        assert_eq!(chmod(&to("/data/link"), mode(0o4711), true), Ok(()));
        assert_eq!(permissions(&file), 0o4711);
        assert_eq!(chmod(&to("/data/file"), mode(0o600), false), Ok(()));
        assert_eq!(permissions(&file), 0o600);
        assert_eq!(chmod(&to("/data/link"), mode(0o600), false), Err(Errno::OPNOTSUPP));
        for out in ["/data/out", "/data/absolute"] {
            assert_eq!(chmod(&to(out), mode(0o777), true), Err(Errno::PERM), "{out}");
            assert_eq!(chown(&to(out), Some(1), None, true), Err(Errno::PERM), "{out}");
            assert_eq!(truncate(&to(out), 0), Err(Errno::PERM), "{out}");
            assert_eq!(utimens(&to(out), &times(), true), Err(Errno::PERM), "{out}");
            assert_eq!(access(&to(out), Use::EXISTS, AtFlags::empty()), Err(Errno::PERM), "{out}");
            assert_eq!(access(&to(out), Use::EXISTS, AtFlags::SYMLINK_NOFOLLOW), Ok(()), "{out}");
            assert_eq!(statfs(&to(out)).err(), Some(Errno::PERM), "{out}");
            assert_eq!(link(&to(out), &to("/data/new"), true), Err(Errno::PERM), "{out}");
            assert!(stat(&to(out), false).is_ok());
        }
        assert_eq!(utimens(&to("/data/link"), &times(), true), Ok(()));
        assert_eq!(stat(&to("/data/file"), true).map(|status| status.modified), Ok(2));
        let all = Use::READ_OK | Use::WRITE_OK;
        for flags in [AtFlags::empty(), AtFlags::EACCESS] {
            assert_eq!(access(&to("/data/link"), all, flags), Ok(()));
            assert_eq!(access(&to("/data/file"), Use::EXEC_OK, flags), Err(Errno::ACCESS), "not even root may");
            assert_eq!(access(&to("/data/none"), Use::EXISTS, flags), Err(Errno::NOENT));
        }
        assert_eq!(truncate(&to("/data/link"), 10), Ok(()));
        assert_eq!(stat(&to("/data/file"), true).map(|status| status.size), Ok(10));
        assert_eq!(truncate(&to("/data"), 0), Err(Errno::ISDIR));
        assert!(!statfs(&to("/data/file")).expect("it is there").f_flag.contains(StatVfsMountFlags::RDONLY));
    }
    // SAFETY: asking has no conditions.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    assert_eq!(chown(&to("/data/link"), Some(uid), Some(gid), true), Ok(()));
    assert_eq!(chown(&to("/data/out"), Some(uid), None, false), Ok(()), "the link itself");
    let Status { uid: owner, gid: group, links, blocks, block_size, .. } =
        stat(&to("/data/file"), true).expect("is there");
    assert_eq!((owner, group, links), (uid, gid, 1));
    assert!(block_size > 0 && blocks < 100);
    assert_eq!(permissions(&secret), before);
    assert_eq!(std::fs::read_to_string(secret).expect("reads"), "secret");
}

#[test]
fn a_read_only_grant_is_a_read_only_file_system() {
    let folder = Folder::new();
    folder.file("data/file", "text").link("data/link", "file").file("home/file", "x");
    let (data, home) = (folder.0.join("data"), folder.0.join("home"));
    let whole = (std::path::Path::new("/"), "/", READ_ONLY);
    let inside = data.to_str().expect("text").to_owned();
    for (names, data) in [
        (namespace(&[(&data, "/data", READ_ONLY), (&home, "/home", READ_WRITE)], None), "/data"),
        (namespace(&[whole, (&home, "/home", READ_WRITE)], None), inside.as_str()),
    ] {
        let to = |path: &str| names.at(None, path.as_bytes()).expect(path);
        let here = |name: &str| to(&format!("{data}/{name}"));
        let open = |target: &Target, flags| open_file(target, flags, mode(0o666)).err();
        let (write, create) = (OFlags::WRONLY, OFlags::CREATE);
        assert_eq!(open(&here("file"), OFlags::RDONLY | create), None);
        assert_eq!(open(&here("file"), write), Some(Errno::ROFS));
        assert_eq!(open(&here("file"), OFlags::RDONLY | OFlags::TRUNC), Some(Errno::ROFS));
        assert_eq!(open(&here("new"), create), Some(Errno::ROFS));
        assert_eq!(open(&here("new"), OFlags::RDONLY), Some(Errno::NOENT));
        assert_eq!(open(&here("."), OFlags::TMPFILE | OFlags::RDWR), Some(Errno::ROFS));
        assert_eq!(mkdir(&here("new"), mode(0o777)), Err(Errno::ROFS));
        assert_eq!(mkdir(&here("file"), mode(0o777)), Err(Errno::EXIST));
        assert_eq!(mknod(&here("new"), HostType::Fifo, mode(0o777)), Err(Errno::ROFS));
        assert_eq!(unlink(&here("file")), Err(Errno::ROFS));
        assert_eq!(unlink(&here("none")), Err(Errno::NOENT));
        assert_eq!(rename(&here("file"), &here("new")), Err(Errno::ROFS));
        assert_eq!(rename(&to("/home/file"), &here("new")), Err(Errno::ROFS));
        assert_eq!(rename(&here("file"), &to("/home/new")), Err(Errno::ROFS));
        assert_eq!(link(&here("file"), &to("/home/new"), false), Err(Errno::XDEV));
        assert_eq!(link(&here("link"), &to("/home/new"), true), Err(Errno::XDEV));
        assert_eq!(symlink(b"x", &here("new")), Err(Errno::ROFS));
        assert_eq!(chmod(&here("link"), mode(0o777), true), Err(Errno::ROFS));
        assert_eq!(chown(&here("file"), Some(0), None, true), Err(Errno::ROFS));
        assert_eq!(utimens(&here("file"), &times(), true), Err(Errno::ROFS));
        assert_eq!(truncate(&here("file"), 0), Err(Errno::ROFS));
        assert_eq!(access(&here("link"), Use::WRITE_OK, AtFlags::empty()), Err(Errno::ROFS));
        assert_eq!(access(&here("file"), Use::READ_OK, AtFlags::EACCESS), Ok(()));
        assert!(statfs(&here("file")).expect("it is there").f_flag.contains(StatVfsMountFlags::RDONLY));
        assert_eq!(readlink(&here("link")).as_deref(), Ok(b"file".as_slice()));
    }
    assert_eq!(std::fs::read_dir(&data).expect("lists").count(), 2);
    assert_eq!(std::fs::read_dir(&home).expect("lists").count(), 1);
}

#[test]
fn nothing_can_be_made_where_no_grant_is() {
    let folder = Folder::new();
    folder.file("data/file", "text");
    let names = namespace(&[(&folder.0.join("data"), "/srv/data", READ_WRITE)], Some(python_files()));
    let to = |path: &str| names.at(None, path.as_bytes()).expect(path);
    let open = |path, flags| open_file(&to(path), flags, mode(0o666)).err();
    for path in ["/new", "/srv/new", "/usr/lib/new", "/usr/lib/python/new"] {
        assert_eq!(open(path, OFlags::RDONLY), Some(Errno::NOENT), "{path}");
        assert_eq!(open(path, OFlags::WRONLY | OFlags::CREATE), Some(Errno::ROFS), "{path}");
        assert_eq!(mkdir(&to(path), mode(0o777)), Err(Errno::ROFS), "{path}");
        assert_eq!(mknod(&to(path), HostType::Fifo, mode(0o777)), Err(Errno::ROFS), "{path}");
        assert_eq!(symlink(b"x", &to(path)), Err(Errno::ROFS), "{path}");
        assert_eq!(rename(&to("/srv/data/file"), &to(path)), Err(Errno::ROFS), "{path}");
        assert_eq!(link(&to("/srv/data/file"), &to(path), false), Err(Errno::ROFS), "{path}");
        for gone in [unlink, rmdir] {
            assert_eq!(gone(&to(path)), Err(Errno::NOENT), "{path}");
        }
        assert_eq!(chmod(&to(path), mode(0o777), true), Err(Errno::NOENT), "{path}");
        assert_eq!(access(&to(path), Use::EXISTS, AtFlags::empty()), Err(Errno::NOENT), "{path}");
        assert_eq!(readlink(&to(path)).err(), Some(Errno::NOENT), "{path}");
    }
    for path in ["/", "/srv", "/srv/."] {
        assert_eq!(open(path, OFlags::RDONLY | OFlags::DIRECTORY), None, "{path}");
        assert_eq!(open(path, OFlags::WRONLY), Some(Errno::ISDIR), "{path}");
        assert_eq!(open(path, OFlags::RDWR | OFlags::TMPFILE), Some(Errno::ROFS), "{path}");
        assert_eq!(mkdir(&to(path), mode(0o777)), Err(Errno::EXIST), "{path}");
        assert_eq!(rmdir(&to(path)), Err(Errno::BUSY), "{path}");
        assert_eq!(unlink(&to(path)), Err(Errno::ISDIR), "{path}");
        assert_eq!(rename(&to(path), &to("/srv/data/x")), Err(Errno::BUSY), "{path}");
        assert_eq!(chmod(&to(path), mode(0o777), true), Err(Errno::ROFS), "{path}");
        assert_eq!(chown(&to(path), Some(0), None, true), Err(Errno::ROFS), "{path}");
        assert_eq!(utimens(&to(path), &times(), true), Err(Errno::ROFS), "{path}");
        assert_eq!(truncate(&to(path), 0), Err(Errno::ISDIR), "{path}");
        assert_eq!(access(&to(path), Use::READ_OK | Use::EXEC_OK, AtFlags::empty()), Ok(()), "{path}");
        assert_eq!(access(&to(path), Use::WRITE_OK, AtFlags::empty()), Err(Errno::ROFS), "{path}");
        assert!(statfs(&to(path)).expect("it is there").f_flag.contains(StatVfsMountFlags::RDONLY));
    }
    // The folder of a grant is in use.
    assert_eq!(rmdir(&to("/srv/data")), Err(Errno::BUSY));
    assert_eq!(rename(&to("/srv/data"), &to("/srv/x")), Err(Errno::ROFS));
    assert_eq!(rename(&to("/srv/data"), &to("/srv/data/x")), Err(Errno::BUSY));
    // What is embedded can be read, and its directories be passed.
    let os = "/usr/lib/python/os.py";
    let status = stat(&to(os), true).expect("it is there");
    assert_eq!((status.mode, status.blocks), (libc::S_IFREG | 0o444, 1));
    assert_eq!(stat(&to("/usr/lib/python"), true).map(|status| status.mode), Ok(libc::S_IFDIR | 0o555));
    assert_eq!(access(&to(os), Use::READ_OK, AtFlags::empty()), Ok(()));
    assert_eq!(access(&to(os), Use::EXEC_OK, AtFlags::empty()), Err(Errno::ACCESS));
    assert_eq!(access(&to(os), Use::WRITE_OK, AtFlags::empty()), Err(Errno::ROFS));
    assert_eq!(truncate(&to(os), 0), Err(Errno::ROFS));
    assert_eq!(chmod(&to(os), mode(0o777), true), Err(Errno::ROFS));
}

#[test]
fn flags_of_open_are_those_of_linux() {
    let folder = Folder::new();
    folder.file("file", "text").link("link", "file");
    let whole = namespace(&[(std::path::Path::new("/"), "/", READ_WRITE)], None);
    let one = namespace(&[(&folder.0, "/data", READ_WRITE)], None);
    let root = folder.0.to_str().expect("text").to_owned();
    for (missing, names, data) in [(false, one, "/data"), (true, one, "/data"), (false, whole, root.as_str())] {
        beneath::pretend_openat2_is_missing(missing);
        let open = |name: &str, flags| {
            open_file(&names.at(None, format!("{data}/{name}").as_bytes()).expect(name), flags, mode(0o600))
        };
        // What no kernel knows is ignored, as `open` does.
        let strange = OFlags::from_bits_retain(1 << 30 | libc::O_LARGEFILE as u32);
        for kept in [OFlags::APPEND, OFlags::NONBLOCK, OFlags::SYNC] {
            let file = open("file", OFlags::RDWR | kept | strange).expect("opens");
            let flags = file.flags().expect("it is open");
            assert!(flags.contains(OFlags::RDWR | kept), "{flags:?}");
        }
        assert_eq!(open("link", OFlags::NOFOLLOW).err(), Some(Errno::LOOP));
        assert_eq!(open("file", OFlags::DIRECTORY).err(), Some(Errno::NOTDIR));
        let path_only = open("link", OFlags::PATH | OFlags::NOFOLLOW | OFlags::RDWR | OFlags::CREATE).expect("opens");
        assert_eq!(path_only.status().map(|status| status.file_type), Ok(FileType::SymbolicLink));
        let unnamed = open(".", OFlags::TMPFILE | OFlags::RDWR).expect("opens");
        assert_eq!(unnamed.status().map(|status| (status.mode & 0o7777, status.links)), Ok((0o600, 0)));
        assert_eq!(open("file", OFlags::TMPFILE | OFlags::RDWR).err(), Some(Errno::NOTDIR));
    }
}

#[test]
fn names_change_between_grants() {
    let folder = Folder::new();
    folder.file("data/deep/file", "text").file("home/me/file", "x").link("data/link", "deep/file");
    let names = namespace(
        &[(&folder.0.join("data"), "/data", READ_WRITE), (&folder.0.join("home"), "/home", READ_WRITE)],
        None,
    );
    let to = |path: &str| names.at(None, path.as_bytes()).expect(path);
    names.chdir(b"/data/deep").expect("it is there");
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        assert_eq!(rename(&to("file"), &to("../../home/moved")), Ok(()));
        assert_eq!(rename(&to("/home/moved"), &to("file")), Ok(()));
        assert_eq!(link(&to("../link"), &to("/home/linked"), true), Ok(()));
        assert_eq!(stat(&to("file"), true).map(|status| status.links), Ok(2));
        assert_eq!(link(&to("../link"), &to("/home/link"), false), Ok(()));
        assert_eq!(readlink(&to("/home/link")).as_deref(), Ok(b"deep/file".as_slice()));
        assert_eq!(symlink(b"../file", &to("up")), Ok(()));
        assert_eq!(symlink(b"", &to("empty")), Err(Errno::NOENT));
        assert_eq!(symlink(b"/etc", &to("absolute")), Err(Errno::PERM));
        assert_eq!(mkdir(&to("../new/"), mode(0o700)), Ok(()));
        assert_eq!(rmdir(&to("/data/new")), Ok(()));
        for made in ["/home/linked", "/home/link", "up"] {
            assert_eq!(unlink(&to(made)), Ok(()), "{made}");
        }
    }
}
