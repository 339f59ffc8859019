//! Paths as the guest writes them: bytes between slashes.

pub mod beneath;
pub mod locate;
pub mod namespace;
pub mod walk;
pub mod working_directory;

use alloc::vec::Vec;
use core::ffi::CStr;
use rustix::io::Errno;

/// Longest path in bytes, as on Linux (where the number counts the terminating NUL).
pub const PATH_BYTES_MAX: usize = 4095;

/// A path that is relative, not empty and short enough, and that the kernel can be given: it ends with a NUL and has no
/// other. Names need not be UTF-8, as on any Linux file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    with_nul: Vec<u8>,
}

impl Path {
    /// Checks a path that the guest has given.
    ///
    /// Fails with `EPERM` for an absolute path (what other engines say too: the functions of WASI take paths relative to a
    /// directory), `EINVAL` for one with a NUL inside, `ENOENT` for an empty one and `ENAMETOOLONG`.
    pub fn new(bytes: Vec<u8>) -> Result<Path, Errno> {
        if bytes.first() == Some(&b'/') {
            return Err(Errno::PERM);
        }
        Path::any(bytes)
    }

    /// Checks a path that may also be absolute: the target of a symbolic link, or a path of the configuration.
    pub fn any(mut bytes: Vec<u8>) -> Result<Path, Errno> {
        if bytes.is_empty() {
            return Err(Errno::NOENT);
        }
        if bytes.len() > PATH_BYTES_MAX {
            return Err(Errno::NAMETOOLONG);
        }
        if bytes.contains(&0) {
            return Err(Errno::INVAL);
        }
        bytes.push(0);
        Ok(Path { with_nul: bytes })
    }

    /// The path without its NUL.
    pub fn bytes(&self) -> &[u8] {
        &self.with_nul[..self.with_nul.len() - 1]
    }

    /// The path for the kernel.
    pub fn c_str(&self) -> &CStr {
        CStr::from_bytes_with_nul(&self.with_nul).unwrap_or(c"")
    }

    /// Whether it starts at the root.
    pub fn is_absolute(&self) -> bool {
        self.with_nul[0] == b'/'
    }
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `..`
    Up,
    /// Any other name.
    Down(&'a [u8]),
}

/// The steps of a path, each with what follows it. Empty names and `.` are not steps.
pub fn steps(path: &[u8]) -> impl Iterator<Item = (Step<'_>, &[u8])> {
    let mut rest = path;
    core::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
            let (name, after) = (&rest[..end], &rest[end..]);
            rest = after.strip_prefix(b"/").unwrap_or(after);
            match name {
                b"" | b"." => {}
                b".." => return Some((Step::Up, after)),
                name => return Some((Step::Down(name), after)),
            }
        }
    })
}

/// Splits before the last name: the part before it, which may be empty, and the name with any slashes that follow it.
pub fn split_last(path: &[u8]) -> (&[u8], &[u8]) {
    let end = path.iter().rposition(|&byte| byte != b'/').map_or(0, |index| index + 1);
    let start = path[..end].iter().rposition(|&byte| byte == b'/').map_or(0, |index| index + 1);
    path.split_at(start)
}

/// Whether a path is the root: wasi-libc takes `.` and the empty path for it too.
pub fn is_root(path: &[u8]) -> bool {
    steps(path).next().is_none()
}

/// Whether a path can only name a directory, however it resolves: it ends with a slash, `.` or `..`.
pub fn names_directory(path: &[u8]) -> bool {
    let (_, last) = split_last(path);
    last.last() == Some(&b'/') || matches!(last, b"" | b"." | b"..")
}

/// Splits a path where, by its text alone, it has come back to where it started, if it does: `a/../b` comes back after
/// `a/..`.
pub fn way_back(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut depth = 0_i64;
    for (step, after) in steps(path) {
        depth += if step == Step::Up { -1 } else { 1 };
        if depth <= 0 {
            return Some(path.split_at(path.len() - after.len()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_checked() {
        assert_eq!(Path::new(b"/a".to_vec()), Err(Errno::PERM));
        assert_eq!(Path::new(b"".to_vec()), Err(Errno::NOENT));
        assert_eq!(Path::new(b"a\0b".to_vec()), Err(Errno::INVAL));
        assert_eq!(Path::new(vec![b'a'; 4096]), Err(Errno::NAMETOOLONG));
        assert_eq!(Path::new(vec![b'a'; 4095]).map(|path| path.bytes().len()), Ok(4095));
        assert_eq!(Path::new(b"a\xff".to_vec()).expect("bytes").c_str().to_bytes(), b"a\xff");
    }

    #[test]
    fn steps_skip_what_does_not_move() {
        let all: Vec<_> = steps(b".//a/./b/..//c/").collect();
        assert_eq!(
            all,
            [
                (Step::Down(b"a".as_slice()), b"/./b/..//c/".as_slice()),
                (Step::Down(b"b"), b"/..//c/"),
                (Step::Up, b"//c/"),
                (Step::Down(b"c"), b"/"),
            ]
        );
        assert_eq!(steps(b"./.").count(), 0);
    }

    #[test]
    fn the_last_name_keeps_its_slashes() {
        assert_eq!(split_last(b"a"), (b"".as_slice(), b"a".as_slice()));
        assert_eq!(split_last(b"a/b"), (b"a/".as_slice(), b"b".as_slice()));
        assert_eq!(split_last(b"a//b//"), (b"a//".as_slice(), b"b//".as_slice()));
        assert_eq!(split_last(b"//"), (b"".as_slice(), b"//".as_slice()));
        assert_eq!(split_last(b"a/.."), (b"a/".as_slice(), b"..".as_slice()));
    }

    #[test]
    fn some_paths_only_name_directories() {
        for path in [b"a/".as_slice(), b".", b"..", b"a/.", b"a/..", b"./", b""] {
            assert!(names_directory(path), "{path:?}");
        }
        for path in [b"a".as_slice(), b"a/b", b"a/..b", b"a/b."] {
            assert!(!names_directory(path), "{path:?}");
        }
    }

    #[test]
    fn ways_back_are_found() {
        for (path, back) in
            [(b"a/../b".as_slice(), b"/b".as_slice()), (b"..", b""), (b"a/..", b""), (b"a/b/../..//c", b"//c")]
        {
            assert_eq!(way_back(path).map(|(_, after)| after), Some(back), "{path:?}");
        }
        for path in [b"a".as_slice(), b"a/b/../c", b"./a/./b/..", b""] {
            assert_eq!(way_back(path), None, "{path:?}");
        }
    }
}
