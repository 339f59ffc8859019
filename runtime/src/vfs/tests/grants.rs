//! Paths and changes below grants.

use super::*;

#[test]
fn both_ways_resolve_alike() {
    let folder = Folder::new();
    folder.file("dir/nested/file", "x").file("top", "y");
    folder.link("to_file", "dir/nested/file").link("to_dir", "dir").link("dir/up", "../top").link("loop", "loop");
    folder.link("dangling", "missing").link("out", "../..").link("absolute", "/etc/passwd").link("dir/out", "../../x");
    folder.link("slash", "dir/nested/").link("chain", "to_dir/up").link("to_self", ".").link("file_slash", "top/");
    let base = folder.open();
    let (path_only, no_follow) = (OFlags::PATH, OFlags::PATH | OFlags::NOFOLLOW);
    let good = [
        "top",
        "./top",
        "dir/../top",
        "dir/nested/../../top",
        "to_file",
        "to_dir/nested/file",
        "dir/up",
        "chain",
        "dir/",
        "dir//nested///",
        "to_dir/",
        "slash",
        "slash/file",
        "slash/..",
        ".",
        "dir/..",
        "to_dir/..",
        "to_self/to_self/top",
        "dir/nested/.",
        "dir/./nested/",
    ];
    for text in good {
        assert!(resolve(&base, text, path_only).is_ok(), "{text}");
        assert!(resolve(&base, text, no_follow).is_ok(), "{text}");
        assert!(resolve(&base, text, OFlags::RDONLY).is_ok(), "{text}");
    }
    let outside =
        ["..", "../x", "dir/../..", "out", "out/x", "absolute", "dir/out", "to_dir/out", "dir/../../etc", "../.."];
    for text in outside {
        assert_eq!(resolve(&base, text, path_only), Err(Errno::PERM), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY), Err(Errno::PERM), "{text}");
    }
    let bad = [
        ("missing", Errno::NOENT),
        ("missing/", Errno::NOENT),
        ("missing/x", Errno::NOENT),
        ("dangling", Errno::NOENT),
        ("top/", Errno::NOTDIR),
        ("top/x", Errno::NOTDIR),
        ("top/..", Errno::NOTDIR),
        ("loop", Errno::LOOP),
        ("loop/x", Errno::LOOP),
        ("file_slash", Errno::NOTDIR),
        ("top/.", Errno::NOTDIR),
    ];
    for (text, error) in bad {
        assert_eq!(resolve(&base, text, path_only), Err(error), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY), Err(error), "{text}");
    }
    for text in ["dangling", "loop", "absolute", "out"] {
        assert!(resolve(&base, text, no_follow).is_ok(), "{text}");
        assert_eq!(resolve(&base, text, OFlags::RDONLY | OFlags::NOFOLLOW), Err(Errno::LOOP), "{text}");
    }
    assert_eq!(resolve(&base, "out/", no_follow), Err(Errno::PERM));
    assert_eq!(resolve(&base, "to_dir/", no_follow), resolve(&base, "dir", no_follow));
    assert_eq!(resolve(&base, "to_dir", OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW), Err(Errno::NOTDIR));
}

#[test]
fn both_ways_make_files_alike() {
    let folder = Folder::new();
    folder.file("dir/there", "x").link("dangling", "dir/new").link("out", "../outside").link("dir/back", "../made");
    let base = folder.open();
    let create = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o600);
    for walked in [true, false] {
        let way = |text: &str, flags| open_beneath(walked, &base, text, flags, mode);
        for (text, made) in
            [("plain", "plain"), ("dangling", "dir/new"), ("dir/back", "made"), ("dir/../dir/a", "dir/a")]
        {
            assert!(way(text, create).is_ok(), "{text}");
            std::fs::remove_file(folder.0.join(made)).expect(text);
        }
        assert_eq!(way("dangling", create | OFlags::EXCL).err(), Some(Errno::EXIST));
        assert_eq!(way("dir/there", create | OFlags::EXCL).err(), Some(Errno::EXIST));
        assert_eq!(way("dangling", create | OFlags::NOFOLLOW).err(), Some(Errno::LOOP));
        assert_eq!(way("out", create).err(), Some(Errno::PERM));
        assert_eq!(way("new/", create).err(), Some(Errno::ISDIR));
        assert_eq!(way("dir", create).err(), Some(Errno::ISDIR));
    }
    assert!(!folder.0.with_file_name("outside").exists());
}

#[test]
fn moving_directories_do_not_lead_the_walk_outside() {
    let folder = Folder::new();
    folder.file("inside/a/b/c/file", "inside").file("outside/secret", "secret").file("secret", "secret");
    let base = open_directory(&folder.0.join("inside"));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (inside, outside) = (folder.0.join("inside/a/b/c"), folder.0.join("outside/c"));
            while !stop.load(Ordering::Relaxed) {
                let _ = std::fs::rename(&inside, &outside);
                let _ = std::fs::rename(&outside, &inside);
                let link = folder.0.join("inside/link");
                let _ = std::os::unix::fs::symlink("a/b", &link);
                let _ = std::fs::remove_file(&link);
                let _ = std::os::unix::fs::symlink("../outside", &link);
                let _ = std::fs::remove_file(&link);
            }
        });
        for round in 0..5000 {
            for text in ["a/b/c/../secret", "a/b/c/../../../secret", "link/secret", "link/../secret"] {
                let opened = open_beneath(round % 2 == 0, &base, text, OFlags::RDONLY, Mode::empty());
                assert!(opened.is_err(), "{text} has led outside");
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn changes_stay_in_the_folder() {
    let folder = Folder::new();
    folder.file("inside/file", "x").file("outside/file", "y");
    folder.link("inside/out", "../outside").link("inside/to_file", "../outside/file");
    let start = HostFile::new(open_directory(&folder.0.join("inside")), Access::default(), None).into();
    let here = |text| at(&start, None, text);
    for missing in [false, true] {
        beneath::pretend_openat2_is_missing(missing);
        for text in ["../outside/new", "out/new", "../new", ".."] {
            assert_eq!(operation::create_directory(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::remove_directory(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::symbolic_link(&path("x"), here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::rename(here("file"), here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::link(here("file"), here(text)), Err(Errno::PERM), "{text}");
        }
        for text in ["../outside/file", "out/file"] {
            assert_eq!(operation::unlink(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::rename(here(text), here("new")), Err(Errno::PERM), "{text}");
            assert_eq!(operation::link(here(text), here("new")), Err(Errno::PERM), "{text}");
            assert_eq!(operation::read_link(here(text)), Err(Errno::PERM), "{text}");
            assert_eq!(operation::status(here(text), false).err(), Some(Errno::PERM), "{text}");
        }
        // A slash behind a link makes the kernel follow it.
        assert_eq!(operation::status(here("out/"), false).err(), Some(Errno::PERM));
        assert_eq!(operation::link(here("out/"), here("new")), Err(Errno::PERM));
        assert_eq!(operation::read_link(here("out/")), Err(Errno::PERM));
        assert_eq!(operation::unlink(here("out/")), Err(Errno::NOTDIR));
        assert_eq!(operation::remove_directory(here("out/")), Err(Errno::NOTDIR));
        assert_eq!(operation::create_directory(here("out/")), Err(Errno::EXIST));
        assert_eq!(operation::status(here("to_file"), true).err(), Some(Errno::PERM));
        assert_eq!(
            operation::status(here("to_file"), false).map(|status| status.file_type),
            Ok(FileType::SymbolicLink)
        );
        assert_eq!(
            operation::symbolic_link(&Path::any(b"/etc".to_vec()).expect("a path"), here("new")),
            Err(Errno::PERM)
        );
        assert_eq!(operation::read_link(here("out")).as_deref(), Ok(b"../outside".as_slice()));
    }
    assert_eq!(std::fs::read_dir(folder.0.join("outside")).expect("lists").count(), 1);
    assert_eq!(std::fs::read_dir(folder.0.join("inside")).expect("lists").count(), 3);
}

#[test]
fn a_directory_as_a_standard_descriptor_is_no_grant() {
    let folder = Folder::new();
    folder.file("file", "x").file("dir/file", "y").link("link", "file");
    let opened = folder.open();
    // Dropping it would put the null device in place of a standard descriptor.
    let start = core::mem::ManuallyDrop::new(OpenFile::from(Stream::new(opened.as_fd().as_raw_fd())));
    let granted = folder.preopen(Access::default(), None);
    let times = times();
    let modified = || std::fs::metadata(&folder.0).expect("is there").modified().expect("linux has times");
    let before = modified();
    for tree in [None, Some(python_tree())] {
        let here = |text| at(&start, tree, text);
        let there = |text| at(&granted, None, text);
        for text in ["file", "dir", ".", "dir/file", "link", "new"] {
            for flags in [OFlags::RDONLY, OFlags::RDWR, OFlags::WRONLY | OFlags::CREATE, OFlags::PATH] {
                assert_eq!(operation::open(here(text), flags).err(), Some(Errno::NOTDIR), "{text}");
            }
            assert_eq!(operation::status(here(text), true).err(), Some(Errno::NOTDIR), "{text}");
            assert_eq!(operation::set_times(here(text), true, &times), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::create_directory(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::remove_directory(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::unlink(here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::read_link(here(text)).err(), Some(Errno::NOTDIR), "{text}");
            assert_eq!(operation::symbolic_link(&path("x"), here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::rename(here(text), there("new")), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::rename(there("file"), here(text)), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::link(here(text), there("new")), Err(Errno::NOTDIR), "{text}");
            assert_eq!(operation::link(there("file"), here(text)), Err(Errno::NOTDIR), "{text}");
        }
        assert_eq!(start.list(tree, 0, 4096, &mut |_| panic!("an entry")), Err(Errno::NOTDIR));
    }
    assert_eq!(start.set_times(&times), Err(Errno::PERM));
    assert_eq!(start.set_size(0), Err(Errno::PERM));
    assert_eq!(start.allocate(0, 1), Err(Errno::PERM));
    assert_eq!(start.sync(false), Err(Errno::PERM));
    assert_eq!(start.status().map(|status| status.file_type), Ok(FileType::Directory));
    assert_eq!(modified(), before);
    assert_eq!(std::fs::read_dir(&folder.0).expect("lists").count(), 3);
}

#[test]
fn a_read_only_grant_changes_nothing() {
    let folder = Folder::new();
    folder.file("dir/file", "x").link("link", "dir");
    let start = folder.preopen(Access { whole_host: false, read_only: true }, None);
    let here = |text| at(&start, None, text);
    let (write, create) = (OFlags::WRONLY, OFlags::CREATE);
    let open = |text, flags| operation::open(here(text), flags).err();
    assert_eq!(open("dir/file", OFlags::RDONLY), None);
    assert_eq!(open("dir/file", create), None);
    assert_eq!(open("dir/file", create | OFlags::EXCL), Some(Errno::EXIST));
    assert_eq!(open("dir/file", write), Some(Errno::PERM));
    assert_eq!(open("dir/file", OFlags::TRUNC), Some(Errno::PERM));
    assert_eq!(open("dir/new", write | create), Some(Errno::PERM));
    assert_eq!(open("dir/new", create), Some(Errno::PERM));
    assert_eq!(open("dir/new", write), Some(Errno::NOENT));
    assert_eq!(open("dir", write), Some(Errno::ISDIR));
    assert_eq!(operation::create_directory(here("new")), Err(Errno::PERM));
    assert_eq!(operation::create_directory(here("dir")), Err(Errno::EXIST));
    assert_eq!(operation::unlink(here("dir/file")), Err(Errno::PERM));
    assert_eq!(operation::unlink(here("dir/none")), Err(Errno::NOENT));
    assert_eq!(operation::remove_directory(here("dir")), Err(Errno::PERM));
    assert_eq!(operation::rename(here("dir/file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::link(here("dir/file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::symbolic_link(&path("x"), here("new")), Err(Errno::PERM));
    let times = times();
    assert_eq!(operation::set_times(here("dir/file"), true, &times), Err(Errno::PERM));
    assert_eq!(operation::set_times(here("link"), false, &times), Err(Errno::PERM));
    let file = operation::open(here("dir/file"), OFlags::RDONLY).expect("opens");
    assert_eq!(file.set_times(&times), Err(Errno::PERM));
    // From elsewhere into it, and out of it by a second name that could be written to.
    let other = Folder::new();
    other.file("file", "z");
    let elsewhere = other.preopen(Access::default(), None);
    assert_eq!(operation::rename(at(&elsewhere, None, "file"), here("new")), Err(Errno::PERM));
    assert_eq!(operation::link(here("dir/file"), at(&elsewhere, None, "new")), Err(Errno::XDEV));
}

#[test]
fn procfs_is_never_open_for_writing() {
    let start = {
        let opened = openat(CWD, c"/", OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).expect("opens");
        HostFile::new(opened, Access { whole_host: true, read_only: false }, None).into()
    };
    for text in ["proc/self/mem", "proc/thread-self/mem", "dev/../proc/self/mem", "proc/self/root/proc/self/mem"] {
        assert_eq!(operation::open(at(&start, None, text), OFlags::RDWR).err(), Some(Errno::ACCESS), "{text}");
        assert_eq!(operation::open(at(&start, None, text), OFlags::WRONLY).err(), Some(Errno::ACCESS), "{text}");
    }
    assert!(operation::open(at(&start, None, "proc/self/status"), OFlags::RDONLY).is_ok());
    assert!(operation::open(at(&start, None, "dev/null"), OFlags::RDWR).is_ok());
    // Nothing is above the root, and absolute links stay in it.
    assert!(operation::open(at(&start, None, "../../dev/null"), OFlags::RDWR).is_ok());
}
