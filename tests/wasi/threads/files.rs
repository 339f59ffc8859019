//! The file system under several threads: files of each, and files, directories and descriptors that all use at once.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

const THREADS: usize = 6;

/// Each thread makes, reads, renames, lists and removes files of its own in one directory.
pub fn own_files() {
    thread::scope(|scope| {
        for own in 0..THREADS {
            scope.spawn(move || {
                for round in 0..60 {
                    let (one, other) = (format!("/box/{own}-{round}"), format!("/box/{own}-{round}-renamed"));
                    let contents = format!("{own} {round}").repeat(100);
                    fs::write(&one, &contents).unwrap();
                    fs::rename(&one, &other).unwrap();
                    assert_eq!(fs::read_to_string(&other).unwrap(), contents);
                    let listed = fs::read_dir("/box").unwrap().filter(|entry| {
                        entry.as_ref().unwrap().file_name().to_str() == other.strip_prefix("/box/")
                    });
                    assert_eq!(listed.count(), 1);
                    assert!(fs::metadata(&one).is_err());
                    fs::remove_file(&other).unwrap();
                }
            });
        }
    });
    println!("done");
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn fd_readdir(fd: i32, buffer: *mut u8, bytes: usize, cookie: u64, used: *mut usize) -> i32;
}

/// The names of a directory, read through one descriptor in pieces that hold about three.
fn names(fd: i32) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut cookie = 0;
    loop {
        let mut buffer = [0_u8; 100];
        let mut used = 0;
        // SAFETY: the buffer is as long as said.
        assert_eq!(unsafe { fd_readdir(fd, buffer.as_mut_ptr(), buffer.len(), cookie, &mut used) }, 0);
        let mut rest = &buffer[..used];
        let mut whole = 0;
        while rest.len() >= 24 {
            let bytes = u32::from_le_bytes(rest[16..20].try_into().unwrap()) as usize;
            let Some(name) = rest.get(24..24 + bytes) else { break };
            cookie = u64::from_le_bytes(rest[..8].try_into().unwrap());
            assert!(names.insert(String::from_utf8(name.to_vec()).unwrap()), "a name twice");
            rest = &rest[24 + bytes..];
            whole += 1;
        }
        if used < buffer.len() {
            return names;
        }
        assert!(whole > 0, "a name is longer than the buffer");
    }
}

/// All threads list a directory through one descriptor.
pub fn one_directory(path: &str) {
    let directory = File::open(path).unwrap();
    let expected = names(directory.as_raw_fd());
    assert!(expected.len() > 100);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(names(directory.as_raw_fd()), expected);
                }
            });
        }
    });
    println!("{}", expected.len());
}

/// All threads read a file through one descriptor: every byte comes once.
pub fn one_file(path: &str) {
    let expected = fs::read(path).unwrap();
    let mut file = File::open(path).unwrap();
    let (bytes, sum) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for own in 0..THREADS {
            let (mut file, bytes, sum) = (&file, &bytes, &sum);
            scope.spawn(move || {
                let mut buffer = vec![0; 3 + own];
                loop {
                    let read = file.read(&mut buffer).unwrap();
                    if read == 0 {
                        break;
                    }
                    bytes.fetch_add(read as u64, Ordering::Relaxed);
                    sum.fetch_add(buffer[..read].iter().map(|byte| u64::from(*byte)).sum(), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(bytes.into_inner(), expected.len() as u64);
    assert_eq!(sum.into_inner(), expected.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    assert_eq!(file.read(&mut [0; 10]).unwrap(), 0);
    println!("{}", expected.len());
}

/// Threads open and close at the same time; each reads what it has opened and nothing else.
pub fn descriptors() {
    for own in 0..THREADS {
        fs::write(format!("/box/file{own}"), [own as u8; 64]).unwrap();
    }
    thread::scope(|scope| {
        for own in 0..THREADS {
            scope.spawn(move || {
                for _ in 0..400 {
                    let mut files: Vec<File> =
                        (0..3).map(|_| File::open(format!("/box/file{own}")).unwrap()).collect();
                    files.swap_remove(1);
                    for file in &mut files {
                        let mut contents = Vec::new();
                        file.read_to_end(&mut contents).unwrap();
                        assert_eq!(contents, [own as u8; 64]);
                    }
                }
            });
        }
    });
    println!("done");
}

/// All threads append lines to one file: none is lost, none is torn.
pub fn append() {
    let file = OpenOptions::new().create(true).append(true).open("/box/log").unwrap();
    thread::scope(|scope| {
        for own in 0..THREADS {
            let mut file = &file;
            scope.spawn(move || (0..300).for_each(|line| file.write_all(format!("{own} {line}\n").as_bytes()).unwrap()));
        }
    });
    let text = fs::read_to_string("/box/log").unwrap();
    for own in 0..THREADS {
        let own = own.to_string();
        let lines = text.lines().filter_map(|line| line.split_once(' ')).filter(|(thread, _)| *thread == own);
        assert!(lines.map(|(_, line)| line.parse::<u32>().unwrap()).eq(0..300));
    }
    println!("{}", text.lines().count());
}
