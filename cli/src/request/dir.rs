//! The meaning of `--dir`: which folder of the host is granted, and under which name.

use crate::configuration::Grant;
use crate::failure::{Failure, Result};
use crate::terminal::output::say;
use crate::terminal::printable::shell_word;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// `HOST[::GUEST][:ro|:rw]`. What follows the last colon is meant as a mode unless it has a slash: a grant that was meant
/// to be narrower must not become a wide one under another name.
pub fn grant(text: &str) -> Result<Grant> {
    let (host, last) = text.split_once("::").map_or((None, text), |(host, guest)| (Some(host), guest));
    let (last, read_only) = match last.rsplit_once(':') {
        Some((folder, "ro")) => (folder, true),
        Some((folder, "rw")) => (folder, false),
        Some((_, mode)) if !mode.contains('/') => {
            let hint = format!("where the colon belongs to the folder's name, say so: --dir {text}:rw, or :ro");
            return Err(Failure::usage(format!("--dir {text}: {mode:?} is neither ro nor rw")).hint(hint));
        }
        _ => (last, false),
    };
    let (host, guest) = (host.unwrap_or(last), last);
    if host.is_empty() || guest.is_empty() || text.contains('\0') {
        return Err(Failure::usage(format!("--dir {text}: needs a folder of the host, as in --dir /data::/data:ro")));
    }
    let grant = Grant { host: host.to_owned(), guest: guest.to_owned(), read_only };
    match other_separator(text, &grant) {
        Some(meant) => Err(Failure::usage(format!("--dir {text}: there is no folder {host}"))
            .hint(format!("two colons stand between a folder and the program's name for it: {}", dir_option(&meant)))),
        None => Ok(grant),
    }
}

/// What was meant where HOST and GUEST are separated as elsewhere, `data:/data` or `data=/data`. A folder may have such a name.
fn other_separator(text: &str, grant: &Grant) -> Option<Grant> {
    if text.contains("::") || Path::new(&grant.host).exists() {
        return None;
    }
    let at = [":/", "=/"].iter().filter_map(|separator| grant.host.find(separator)).min()?;
    let (host, guest) = (&grant.host[..at], &grant.host[at + 1..]);
    (!host.is_empty()).then(|| Grant { host: host.to_owned(), guest: guest.to_owned(), read_only: grant.read_only })
}

/// Looks whether the folders are there. Another machine may have what this one has not, so that is only a warning, and none
/// for relative names: they are looked up where the executable is started.
///
/// # Errors
/// If one is something else than a folder here.
pub fn check(grants: &[Grant]) -> Result<()> {
    for grant in grants {
        let host = &grant.host;
        match fs::metadata(host) {
            Ok(found) if !found.is_dir() => {
                let path = Path::new(host);
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                return Err(Failure::usage(format!("--dir {host}: is not a folder")).hint(format!(
                    "--dir {} grants the folder that it is in; --embed {} puts a copy of a file into the executable",
                    shell_word(&folder.display().to_string()),
                    shell_word(&format!("{host}::/{name}")),
                )));
            }
            Err(error)
                if host.starts_with('/') && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                say(format_args!(
                    "warning: --dir {host}: there is no such folder here; the executable looks for it where it is run"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses grants of different folders under one name. A program's C library keeps of each name what follows `/` and `./` at its
/// start, so `/` and `.` are one name to it, and it would only ever use the last folder.
pub fn are_distinct(grants: &[Grant]) -> Result<()> {
    let name = |grant: &Grant| -> Vec<String> {
        grant.guest.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect()
    };
    for (index, later) in grants.iter().enumerate() {
        let same = |earlier: &&Grant| name(earlier) == name(later);
        let Some(earlier) = grants[..index].iter().find(same) else { continue };
        if earlier.host == later.host && earlier.read_only == later.read_only {
            continue;
        }
        let (one, other) = (dir_option(earlier), dir_option(later));
        let message = format!("{one} and {other}: the program cannot tell the names of these folders apart");
        let is_working_directory = |grant: &Grant| grant.host == "." && grant.guest == ".";
        let is_host = |grant: &Grant| grant.host == "/" && grant.guest == "/";
        let hint = if is_host(earlier) && is_working_directory(later) || is_host(later) && is_working_directory(earlier)
        {
            "leave out --dir .: with --dir / the program starts in the working directory".to_owned()
        } else {
            "give one of them another name, as in --dir HOST::/other".to_owned()
        };
        return Err(Failure::usage(message).hint(hint));
    }
    Ok(())
}

/// A grant as it is asked for.
fn dir_option(grant: &Grant) -> String {
    let guest = if grant.host == grant.guest { String::new() } else { format!("::{}", grant.guest) };
    let mode = if grant.read_only { ":ro" } else { "" };
    format!("--dir {}{guest}{mode}", grant.host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants() {
        let parsed = |text: &str| grant(text).map(|grant| (grant.host, grant.guest, grant.read_only)).ok();
        let expected = |host: &str, guest: &str, read_only| Some((host.to_owned(), guest.to_owned(), read_only));
        assert_eq!(parsed("/a"), expected("/a", "/a", false));
        assert_eq!(parsed("/a:ro"), expected("/a", "/a", true));
        assert_eq!(parsed("a::/b"), expected("a", "/b", false));
        assert_eq!(parsed("a:b::/b:ro"), expected("a:b", "/b", true));
        assert_eq!(parsed("a::ro"), expected("a", "ro", false));
        assert_eq!(parsed("/a:b/c"), expected("/a:b/c", "/a:b/c", false));
        assert_eq!(parsed("a::/b:rw"), expected("a", "/b", false));
        assert_eq!(parsed("a::/b:rx:rw"), expected("a", "/b:rx", false));
        assert_eq!(parsed("/a:ro:ro"), expected("/a:ro", "/a:ro", true));
        assert_eq!(parsed("a:/b::a:/b"), expected("a:/b", "a:/b", false));
        for text in ["", ":ro", "::", "::/b", "/a::", "/a::\0", "::ro", "a:::ro"] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn folders_with_one_name_are_refused() {
        let refusal = |dirs: &[&str]| {
            let grants: Vec<Grant> = dirs.iter().map(|dir| grant(dir).expect(dir)).collect();
            are_distinct(&grants).err().map(|failure| failure.to_string())
        };
        for dirs in [&["/", "/data"][..], &["/", "/"], &["a::/x", "b::/y"], &["/a", "/a/b"], &[".", "sub"]] {
            assert_eq!(refusal(dirs), None, "{dirs:?}");
        }
        let same = "the program cannot tell the names of these folders apart";
        assert_eq!(
            refusal(&["/", "."]),
            Some(format!(
                "error: --dir / and --dir .: {same}\n\
                 hint: leave out --dir .: with --dir / the program starts in the working directory"
            ))
        );
        for (dirs, options) in [
            (["a::/", "b::."], "--dir a::/ and --dir b::."),
            (["a::/x", "b::x/"], "--dir a::/x and --dir b::x/"),
            (["a::./x", "b::/x"], "--dir a::./x and --dir b::/x"),
            (["/x", "/x:ro"], "--dir /x and --dir /x:ro"),
        ] {
            let hint = "hint: give one of them another name, as in --dir HOST::/other";
            assert_eq!(refusal(&dirs), Some(format!("error: {options}: {same}\n{hint}")));
        }
    }

    #[test]
    fn a_mode_that_is_none_does_not_become_a_part_of_the_name() {
        for text in ["d::/a:rx", "/a:RO", "/a:", "a::/b:read-only", "a::b:0"] {
            let failure = grant(text).expect_err(text).to_string();
            assert!(failure.starts_with(&format!("error: --dir {text}: \"")), "{failure}");
            assert!(failure.ends_with(&format!(
                "\nhint: where the colon belongs to the folder's name, say so: --dir {text}:rw, or :ro"
            )));
        }
    }

    #[test]
    fn separators_of_other_programs_are_no_part_of_the_name() {
        for (text, folder, meant) in [
            ("data:/data", "data:/data", "data::/data"),
            ("data=/data", "data=/data", "data::/data"),
            ("/a/b:/c:ro", "/a/b:/c", "/a/b::/c:ro"),
            ("./a:/b=/c", "./a:/b=/c", "./a::/b=/c"),
        ] {
            let failure = grant(text).expect_err(text).to_string();
            let hint = "two colons stand between a folder and the program's name for it";
            let expected = format!("error: --dir {text}: there is no folder {folder}\nhint: {hint}: --dir {meant}");
            assert_eq!(failure, expected);
        }
        // A folder of this name that is there is meant.
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let named = folder.path().join("a:/b");
        fs::create_dir_all(&named).expect("the folder is ours");
        let text = named.to_str().expect("text");
        assert_eq!(grant(text).expect("it is there").host, text);
    }
}
