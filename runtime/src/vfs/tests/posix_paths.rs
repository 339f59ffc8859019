//! Names from the guest's root: several grants, ways between them, and the working directory.

use super::*;
use crate::vfs::posix::names::{Directory, PROCFS_IS_MISSING};
use crate::vfs::posix::namespace::{Kind, Namespace, Target};
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

/// The names of a guest with these grants.
fn namespace(granted: &[(&std::path::Path, &str)], root: Option<Made>) -> &'static Namespace {
    let granted: Vec<_> = granted.iter().map(|&(host, guest)| Granted { host, guest, read_only: false }).collect();
    Box::leak(Box::new(Namespace::new(configuration(&granted, root))))
}

/// The inode that a path leads to.
fn inode(target: Result<Target, Errno>) -> Result<u64, Errno> {
    let target = target?;
    match target.kind() {
        Kind::Open(file) => Ok(file.status()?.inode),
        _ => target.run([Errno::NOENT; 2], |at| operation::status(at, true)).map(|status| status.inode),
    }
}

fn open(namespace: &'static Namespace, directory: Option<&Directory>, path: &str) -> Result<Directory, Errno> {
    let target = namespace.at(directory, path.as_bytes())?;
    let file = match target.kind() {
        Kind::Open(file) => file.clone(),
        _ => Arc::new(target.run([Errno::NOENT; 2], |at| operation::open(at, OFlags::RDONLY))?),
    };
    Ok(Directory { file, name: target.name() })
}

/// `data` and `home` with what lies beside them, which nobody may see.
fn folder() -> Folder {
    let folder = Folder::new();
    folder
        .file("data/file", "data")
        .file("data/deep/er/file", "deep")
        .file("home/me/file", "home")
        .file("secret", "no");
    folder.link("data/to_deep", "deep/er").link("data/out", "../secret").link("data/absolute", "/etc/passwd");
    folder.link("data/deep/up", "../file").link("data/deep/er/up", "../../file");
    folder
}

impl Folder {
    fn inode(&self, name: &str) -> Result<u64, Errno> {
        Ok(self.0.join(name).metadata().expect(name).ino())
    }
}

#[test]
fn absolute_paths_lead_to_the_longest_grant() {
    let folder = folder();
    let (data, home) = (folder.0.join("data"), folder.0.join("home"));
    let names = namespace(&[(&data, "/srv/data"), (&home, "/srv/data/nested/home"), (&home, "home")], None);
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        let found = |path: &str| inode(names.at(None, path.as_bytes()));
        for (path, host) in [
            ("/srv/data/file", "data/file"),
            ("//srv/./data//deep/", "data/deep"),
            ("/srv/data/to_deep/file", "data/deep/er/file"),
            ("/srv/data/to_deep/../up", "data/file"),
            ("/srv/data/nested/home/me/file", "home/me/file"),
            ("/home/me", "home/me"),
            ("/home", "home"),
            // From one into another, and out of the root.
            ("/srv/data/../../home/me/file", "home/me/file"),
            ("/srv/data/deep/er/../../../../home/me", "home/me"),
            ("/srv/data/deep/../nested/home/me", "home/me"),
            ("/home/me/../../srv/data/file", "data/file"),
            ("/../../home/../srv/data/../data/file", "data/file"),
            ("/srv/data/nested/home/../../file", "data/file"),
        ] {
            assert_eq!(found(path), folder.inode(host), "{path}");
        }
        for (path, error) in [
            ("/srv/other", Errno::NOENT),
            ("/etc/passwd", Errno::NOENT),
            ("/secret", Errno::NOENT),
            ("/srv/data/missing/../../../home/me", Errno::NOENT),
            ("/srv/data/file/../../../home/me", Errno::NOTDIR),
            ("/srv/data/out", Errno::PERM),
            ("/srv/data/absolute", Errno::PERM),
            ("/nowhere/../home/me", Errno::NOENT),
            // `..` behind a link leads on from where the link leads to.
            ("/srv/data/to_deep/../../../secret", Errno::PERM),
            ("/srv/data/to_deep/../../../home", Errno::PERM),
            ("", Errno::NOENT),
        ] {
            assert_eq!(found(path), Err(error), "{path}");
        }
        assert_eq!(found(&format!("/{}", "a/".repeat(2048))), Err(Errno::NAMETOOLONG));
    }
}

#[test]
fn what_leads_to_grants_is_a_directory() {
    let folder = folder();
    let (data, home) = (folder.0.join("data"), folder.0.join("home"));
    let names = namespace(&[(&data, "/srv/data"), (&home, "/home"), (&home, "/srv/b/home")], None);
    let list = |path: &str| entries(None, &open(names, None, path).expect(path).file);
    assert_eq!(list("/"), [".", "..", "home", "srv"]);
    assert_eq!(list("/srv"), [".", "..", "b", "data"]);
    assert_eq!(list("/srv/b/.."), [".", "..", "b", "data"]);
    assert_eq!(list("/home"), [".", "..", "me"]);
    let root = open(names, None, "/").expect("opens");
    let status = root.file.status().expect("it has one");
    assert_eq!((status.file_type, status.mode), (FileType::Directory, libc::S_IFDIR | 0o555));
    let srv = open(names, Some(&root), "srv").expect("opens");
    assert_eq!(inode(names.at(Some(&srv), b"data/file")), folder.inode("data/file"));
    assert_eq!(inode(names.at(Some(&srv), b"../home/me")), folder.inode("home/me"));
    assert_eq!(inode(names.at(Some(&srv), b"..")), Ok(status.inode));
    assert!(matches!(names.at(Some(&srv), b"new").expect("a name").kind(), Kind::Nothing));
    assert_eq!(names.at(Some(&srv), b"new/new").err(), Some(Errno::NOENT));
}

#[test]
fn the_tree_is_at_the_root_beside_grants() {
    let folder = folder();
    let home = folder.0.join("home");
    let names = namespace(&[(&home, "/home"), (&home, "/usr/share/home")], Some(python_files()));
    let tree = names.mounts.tree;
    let list = |path: &str| entries(tree, &open(names, None, path).expect(path).file);
    let size = |path: &str| {
        let target = names.at(None, path.as_bytes())?;
        target.run([Errno::NOENT; 2], |at| operation::status(at, true)).map(|status| status.size)
    };
    assert_eq!(list("/"), [".", "..", "home", "usr"]);
    assert_eq!(list("/usr"), [".", "..", "lib", "share"]);
    assert_eq!(list("/usr/lib/python"), [".", "..", "json", "os.py"]);
    assert_eq!(size("/usr/lib/python/os.py"), Ok(10));
    assert_eq!(size("/home/me/../../usr/lib/python/json/../os.py"), Ok(10));
    assert_eq!(size("/usr/lib/python/../../share/home/me/file"), Ok(4));
    assert_eq!(size("/usr/lib/nothing"), Err(Errno::NOENT));
    let python = open(names, None, "/usr/lib/python").expect("opens");
    assert_eq!(inode(names.at(Some(&python), b"../../../home/me")), folder.inode("home/me"));
    names.chdir(b"/usr/lib").expect("it is a directory");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/usr/lib".as_slice()));
    assert_eq!(inode(names.at(None, b"../../home/me")), folder.inode("home/me"));
    assert_eq!(size("python/os.py"), Ok(10));
}

#[test]
fn relative_paths_stay_in_the_grant_and_not_in_their_start() {
    let folder = folder();
    let (data, home) = (folder.0.join("data"), folder.0.join("home"));
    let names = namespace(&[(&data, "/data"), (&home, "/home")], None);
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        let deep = open(names, None, "/data/deep").expect("opens");
        let through_link = open(names, None, "/data/to_deep").expect("opens");
        for start in [Some(&deep), None] {
            names.chdir(b"/data/deep").expect("it is there");
            let found = |path: &str| inode(names.at(start, path.as_bytes()));
            assert_eq!(found("er/file"), folder.inode("data/deep/er/file"));
            assert_eq!(found("../file"), folder.inode("data/file"));
            assert_eq!(found("up"), folder.inode("data/file"), "a link out of the start");
            assert_eq!(found("er/up"), folder.inode("data/file"));
            assert_eq!(found("../../home/me"), folder.inode("home/me"));
            assert_eq!(found("../out"), Err(Errno::PERM));
            assert_eq!(found("er/../../../nothing"), Err(Errno::NOENT));
            assert_eq!(found("."), folder.inode("data/deep"));
        }
        // `..` is that of the directory, not of the link that has led there.
        assert_eq!(inode(names.at(Some(&through_link), b"..")), folder.inode("data/deep"));
        assert_eq!(inode(names.at(Some(&through_link), b"../../file")), folder.inode("data/file"));
        names.chdir(b"/data/to_deep").expect("it is there");
        assert_eq!(names.getcwd().as_deref(), Ok(b"/data/deep/er".as_slice()));
        names.chdir(b"../..").expect("it is there");
        assert_eq!(names.getcwd().as_deref(), Ok(b"/data".as_slice()));
        names.chdir(b"..").expect("it is there");
        assert_eq!(names.getcwd().as_deref(), Ok(b"/".as_slice()));
        assert_eq!(inode(names.at(None, b"data/file")), folder.inode("data/file"));
    }
    // As good as the directory itself where its text says so, whatever the kernel calls it now.
    assert_eq!(names.chdir(b"/data/file"), Err(Errno::NOTDIR));
    assert_eq!(names.chdir(b"/data/none"), Err(Errno::NOENT));
    assert_eq!(names.getcwd().as_deref(), Ok(b"/".as_slice()));
}

#[test]
fn a_working_directory_that_moves_stays_it() {
    let folder = folder();
    let data = folder.0.join("data");
    let names = namespace(&[(&data, "/data"), (&folder.0.join("home"), "/home")], None);
    names.chdir(b"/data/deep/er").expect("it is there");
    std::fs::rename(data.join("deep"), data.join("other")).expect("renames");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/data/other/er".as_slice()));
    assert_eq!(inode(names.at(None, b"../up")), folder.inode("data/file"));
    assert_eq!(inode(names.at(None, b"file")), folder.inode("data/other/er/file"));
    // To where no grant is.
    std::fs::rename(data.join("other/er"), folder.0.join("away")).expect("renames");
    assert_eq!(names.getcwd(), Err(Errno::NOENT));
    assert_eq!(inode(names.at(None, b"../secret")), Err(Errno::NOENT));
    assert_eq!(inode(names.at(None, b"file")), folder.inode("away/file"));
    std::fs::remove_dir_all(folder.0.join("away")).expect("removes");
    assert_eq!(names.getcwd(), Err(Errno::NOENT));
    assert_eq!(inode(names.at(None, b"file")), Err(Errno::NOENT));
    names.chdir(b"/home").expect("it is there");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/home".as_slice()));
}

#[test]
fn the_whole_host_is_as_for_any_process() {
    let folder = folder();
    let names = namespace(&[(std::path::Path::new("/"), "/")], None);
    let here = std::env::current_dir().expect("there is one");
    assert_eq!(names.getcwd().as_deref(), Ok(here.as_os_str().as_encoded_bytes()));
    assert_eq!(inode(names.at(None, b"Cargo.toml")), Ok(here.join("Cargo.toml").metadata().expect("exists").ino()));
    let path = |name: &str| folder.0.join(name).to_str().expect("text").to_owned();
    assert_eq!(inode(names.at(None, path("data/out").as_bytes())), folder.inode("secret"));
    assert_eq!(inode(names.at(None, path("data/../secret").as_bytes())), folder.inode("secret"));
    assert!(inode(names.at(None, path("data/absolute").as_bytes())).is_ok());
    let er = open(names, None, &path("data/to_deep")).expect("opens");
    assert_eq!(inode(names.at(Some(&er), b"../../../secret")), folder.inode("secret"));
    names.chdir(path("data/to_deep").as_bytes()).expect("it is there");
    assert_eq!(names.getcwd(), Ok(path("data/deep/er").into_bytes()));
    std::fs::rename(path("data/deep"), path("moved")).expect("renames");
    assert_eq!(names.getcwd(), Ok(path("moved/er").into_bytes()));
    assert_eq!(inode(names.at(None, b"../../secret")), folder.inode("secret"));
    std::fs::remove_dir_all(path("moved/er")).expect("removes");
    assert_eq!(names.getcwd(), Err(Errno::NOENT));
}

#[test]
fn a_grant_lies_over_the_whole_host() {
    let folder = folder();
    let data = folder.0.join("data");
    // The guest finds `data` where the host has `home`.
    let over = folder.0.join("home").to_str().expect("text").to_owned();
    let names = namespace(&[(std::path::Path::new("/"), "/"), (&data, &over)], None);
    assert_eq!(inode(names.at(None, format!("{over}/file").as_bytes())), folder.inode("data/file"));
    assert_eq!(inode(names.at(None, format!("{over}/../secret").as_bytes())), folder.inode("secret"));
    assert_eq!(inode(names.at(None, format!("{over}/../data/../home/file").as_bytes())), folder.inode("data/file"));
    assert_eq!(inode(names.at(None, format!("{over}/out").as_bytes())), Err(Errno::PERM));
    names.chdir(folder.0.as_os_str().as_encoded_bytes()).expect("it is there");
    assert_eq!(inode(names.at(None, b"home/file")), folder.inode("data/file"));
    assert_eq!(inode(names.at(None, b"secret")), folder.inode("secret"));
    assert_eq!(inode(names.at(None, b"data/../home/file")), folder.inode("data/file"));
    let depth = over.split('/').count();
    let from_above = format!("{}{over}/file", "../".repeat(depth + 3));
    assert_eq!(inode(names.at(None, from_above.as_bytes())), folder.inode("data/file"));
    let from_above = format!("/tmp/{}{over}/file", "../".repeat(3));
    assert_eq!(inode(names.at(None, from_above.as_bytes())), folder.inode("data/file"));
    names.chdir(b"home/deep").expect("it is there");
    assert_eq!(names.getcwd(), Ok(format!("{over}/deep").into_bytes()));
    assert_eq!(inode(names.at(None, b"../../secret")), folder.inode("secret"));
}

#[test]
fn the_whole_host_can_have_another_name() {
    let folder = folder();
    let names = namespace(&[(std::path::Path::new("/"), "/host"), (&folder.0.join("home"), "/home")], None);
    let data = format!("/host{}/data", folder.0.display());
    names.chdir(format!("{data}/to_deep").as_bytes()).expect("it is there");
    assert_eq!(names.getcwd(), Ok(format!("{data}/deep/er").into_bytes()));
    assert_eq!(inode(names.at(None, b"../../../secret")), folder.inode("secret"));
    let depth = data.split('/').count() + 1;
    assert_eq!(inode(names.at(None, format!("{}home/me", "../".repeat(depth)).as_bytes())), folder.inode("home/me"));
    assert_eq!(inode(names.at(None, b"/host/usr/../../home/me")), folder.inode("home/me"));
    names.chdir(b"/host/..").expect("it is there");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/".as_slice()));
}

#[test]
fn what_is_embedded_lies_over_the_whole_host_for_relative_paths_too() {
    let folder = folder();
    let names = namespace(&[(std::path::Path::new("/"), "/")], Some(python_files()));
    let size = |directory: Option<&Directory>, path: &str| {
        let target = names.at(directory, path.as_bytes())?;
        target.run([Errno::NOENT; 2], |at| operation::status(at, true)).map(|status| status.size)
    };
    let deep = folder.0.join("data/deep");
    names.chdir(deep.as_os_str().as_encoded_bytes()).expect("it is there");
    let up = "../".repeat(deep.components().count() - 1);
    assert_eq!(size(None, &format!("{up}usr/lib/python/os.py")), Ok(10));
    assert_eq!(size(None, "../file"), Ok(4));
    let here = open(names, None, deep.to_str().expect("text")).expect("opens");
    assert_eq!(size(Some(&here), &format!("{up}usr/lib/single")), Ok(1));
    names.chdir(b"/usr/lib").expect("the host has it too");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/usr/lib".as_slice()));
    assert_eq!(size(None, "python/os.py"), Ok(10));
    assert_eq!(size(None, "../lib/python/os.py"), Ok(10));
    assert_eq!(inode(names.at(None, format!("../..{}/secret", folder.0.display()).as_bytes())), folder.inode("secret"));
}

#[test]
fn the_guest_starts_where_its_process_does() {
    let here = std::env::current_dir().expect("there is one");
    let above = here.parent().expect("it has one");
    let name = format!("/granted/{}", here.file_name().expect("it has one").to_str().expect("text"));
    let manifest = here.join("Cargo.toml").metadata().expect("exists").ino();
    for missing in [false, true] {
        PROCFS_IS_MISSING.set(missing);
        let names = namespace(&[(above, "/granted")], None);
        assert_eq!(inode(names.at(None, b"Cargo.toml")), Ok(manifest));
        assert_eq!(names.getcwd().as_deref(), Ok(name.as_bytes()));
        assert_eq!(inode(names.at(None, b"..")), Ok(above.metadata().expect("exists").ino()));
        // A grant that does not cover it.
        let folder = folder();
        let names = namespace(&[(&folder.0, "/data")], None);
        assert_eq!(names.getcwd().as_deref(), Ok(b"/".as_slice()));
        assert_eq!(inode(names.at(None, b"data/secret")), folder.inode("secret"));
    }
    PROCFS_IS_MISSING.set(false);
}

#[test]
fn names_are_known_without_procfs() {
    let folder = folder();
    let data = folder.0.join("data");
    let names = namespace(&[(&data, "/data"), (&folder.0.join("home"), "/home")], None);
    PROCFS_IS_MISSING.set(true);
    names.chdir(b"/data/deep/../deep/er").expect("it is there");
    assert_eq!(names.getcwd().as_deref(), Ok(b"/data/deep/er".as_slice()));
    assert_eq!(inode(names.at(None, b"../../../home/me")), folder.inode("home/me"));
    assert_eq!(inode(names.at(None, b"up")), folder.inode("data/file"));
    std::fs::rename(data.join("deep"), data.join("other")).expect("renames");
    assert_eq!(names.getcwd(), Err(Errno::NOENT));
    folder.file("data/deep/er/file", "another one");
    assert_eq!(names.getcwd(), Err(Errno::NOENT));
    assert_eq!(inode(names.at(None, b"file")), folder.inode("data/other/er/file"));
    PROCFS_IS_MISSING.set(false);
    assert_eq!(names.getcwd().as_deref(), Ok(b"/data/other/er".as_slice()));
}
