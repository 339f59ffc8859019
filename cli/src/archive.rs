//! Files out of archives. Whatever is in an archive is somebody else's: sizes are limited by the caller, and names are only
//! compared or checked.

use flate2::read::{DeflateDecoder, GzDecoder};
use rawzip::{CompressionMethod, ZipArchive, ZipSliceEntry};
use std::io::Read;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path: names separated by `/`, none of them empty, `.` or `..`.
    pub path: String,
    /// Its bytes.
    pub contents: Vec<u8>,
}

/// At most `limit` bytes of a file of a compressed tar archive, if it is there. The error is one line.
pub fn tar_member(archive: &[u8], path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.path_bytes().as_ref() == path.as_bytes() {
            let mut contents = Vec::new();
            entry.take(limit).read_to_end(&mut contents).map_err(|error| error.to_string())?;
            return Ok(Some(contents));
        }
    }
    Ok(None)
}

/// At most `limit` bytes of a file of a zip archive, if it is there. The error is one line.
pub fn zip_member(archive: &[u8], path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let archive = ZipArchive::from_slice(archive).map_err(|error| error.to_string())?;
    let mut entries = archive.entries();
    while let Some(header) = entries.next_entry().map_err(|error| error.to_string())? {
        if header.file_path().as_bytes() == path.as_bytes() {
            let entry = archive.get_entry(header.wayfinder()).map_err(|error| error.to_string())?;
            return contents(header.compression_method(), &entry, limit)
                .map(Some)
                .map_err(|why| format!("{path}: {why}"));
        }
    }
    Ok(None)
}

/// All files of a zip archive that `keep` accepts by their paths, in the archive's order. The error is one line: also if
/// they have more than `limit` bytes together.
pub fn zip_members(archive: &[u8], limit: u64, keep: impl Fn(&str) -> bool) -> Result<Vec<Member>, String> {
    let archive = ZipArchive::from_slice(archive).map_err(|error| error.to_string())?;
    let mut members = Vec::new();
    let mut left = limit;
    let mut entries = archive.entries();
    while let Some(header) = entries.next_entry().map_err(|error| error.to_string())? {
        let path = str::from_utf8(header.file_path().as_bytes()).map_err(|_| "a path in it is not UTF-8".to_owned())?;
        if path.ends_with('/') || !keep(path) {
            continue;
        }
        if path.split('/').any(|name| name.is_empty() || name == "." || name == "..") || path.contains('\0') {
            return Err(format!("{path:?} is no path of a file inside it"));
        }
        let entry = archive.get_entry(header.wayfinder()).map_err(|error| error.to_string())?;
        let contents = contents(header.compression_method(), &entry, left.saturating_add(1));
        let contents = contents.map_err(|why| format!("{path}: {why}"))?;
        left =
            left.checked_sub(contents.len() as u64).ok_or_else(|| format!("its files are more than {limit} bytes"))?;
        members.push(Member { path: path.to_owned(), contents });
    }
    Ok(members)
}

/// At most `limit` bytes of an entry; if these are all, they are checked.
fn contents(method: CompressionMethod, entry: &ZipSliceEntry<'_>, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = match method {
        CompressionMethod::STORE => entry.verifying_reader(entry.data()).take(limit).read_to_end(&mut bytes),
        CompressionMethod::DEFLATE => {
            entry.verifying_reader(DeflateDecoder::new(entry.data())).take(limit).read_to_end(&mut bytes)
        }
        other => return Err(format!("it is compressed in a way that adder does not know: {}", other.as_u16())),
    };
    read.map(|_| bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    pub fn tar(path: &str, contents: &[u8]) -> Vec<u8> {
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, path, contents).expect("appended");
        builder.into_inner().expect("finished").finish().expect("compressed")
    }

    pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
        for (path, contents) in files {
            // Not checked by the writer: also paths that no honest archive has.
            let path = rawzip::path::EntryPath::verbatim(path.as_bytes());
            let file = archive.new_file(path).compression_method(CompressionMethod::DEFLATE);
            let (mut entry, config) = file.start().expect("started");
            let mut writer =
                config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default()));
            writer.write_all(contents).expect("written");
            let (encoder, descriptor) = writer.finish().expect("finished");
            encoder.finish().expect("compressed");
            entry.finish(descriptor).expect("finished");
        }
        archive.finish().expect("finished");
        bytes
    }

    #[test]
    fn members_come_whole_or_not_at_all() {
        let archive = zip(&[("a/b", b"first"), ("c", b"second"), ("a/", b"")]);
        let all = zip_members(&archive, 11, |_| true).expect("within the limit");
        let expected = [("a/b", "first"), ("c", "second")];
        assert_eq!(all.iter().map(|member| member.path.as_str()).collect::<Vec<_>>(), expected.map(|(path, _)| path));
        assert!(all.iter().zip(expected).all(|(member, (_, text))| member.contents == text.as_bytes()));
        assert_eq!(zip_members(&archive, 6, |path| path == "c").expect("within the limit").len(), 1);
        assert!(zip_members(&archive, 10, |_| true).expect_err("too much").contains("more than 10 bytes"));

        let damaged: Vec<u8> = {
            let mut bytes = zip(&[("file", &[7; 1000])]);
            let start = bytes.windows(4).position(|window| window == b"file").expect("its name") + 4;
            bytes[start + 3] ^= 0x55;
            bytes
        };
        assert!(zip_members(&damaged, 1 << 20, |_| true).is_err());
        assert!(zip_member(&damaged, "file", 1 << 20).is_err());
    }

    #[test]
    fn paths_stay_inside() {
        for path in ["/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a\0b"] {
            let error = zip_members(&zip(&[(path, b"x")]), 100, |_| true).expect_err(path);
            assert!(error.contains("no path of a file"), "{path}: {error}");
        }
    }
}
