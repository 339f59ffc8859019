//! Tools that talk to servers.

use crate::compare::Work;
use crate::server;

/// By itself httpie looks for a newer one once in two weeks, in a process of its own, and ends where there are none:
/// [`limits`](crate::limits).
pub const HTTPIE_SETTINGS: (&str, &str) = ("httpie/config.json", "{\"disable_update_warnings\": true}");

#[test]
fn httpie() {
    let server = server::start();
    let address = |path: &str| format!("http://{server}{path}");
    let (items, moved, echo, missing) = (address("/items"), address("/moved"), address("/echo"), address("/missing"));
    // 3.14 can also decompress zstd, and says so.
    const CODING: &str = "Accept-Encoding: gzip";
    Work {
        tool: "httpie",
        files: &[HTTPIE_SETTINGS, ("file.txt", "a file\n")],
        environment: &[("HTTPIE_CONFIG_DIR", "httpie")],
        lines: &[
            (0, "\"items\": [", &["http", "--ignore-stdin", "--pretty=format", &items]),
            (0, "\u{1b}[", &["http", "--ignore-stdin", "--pretty=all", "--style=monokai", "--headers", &items]),
            (0, "\"more\": null", &["http", "--ignore-stdin", "--follow", "--all", "--verbose", &moved, CODING]),
            (
                0,
                "201 Created",
                &["http", "--ignore-stdin", "-v", &echo, CODING, "name=ü", "count:=3", "q==a b", "X-Own: yes"],
            ),
            (
                0,
                "a file",
                &["http", "--ignore-stdin", "--form", "--offline", "--boundary=x", &echo, CODING, "f@file.txt"],
            ),
            (4, "warning: HTTP 404 Not Found", &["http", "--ignore-stdin", "--check-status", &missing]),
            (0, "Content-Length: 200000", &["http", "--ignore-stdin", "--headers", "HEAD", &address("/film.mp4")]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn yt_dlp() {
    let server = server::start();
    let (film, missing) = (format!("http://{server}/film.mp4"), format!("http://{server}/missing"));
    Work {
        tool: "yt-dlp",
        lines: &[
            (0, "[download] Destination: film.mp4", &["yt-dlp", "--no-progress", "-o", "%(title)s.%(ext)s", &film]),
            (0, "has already been downloaded", &["yt-dlp", "--no-progress", "-o", "%(title)s.%(ext)s", &film]),
            (0, "mp4 unknown", &["yt-dlp", "--list-formats", &film]),
            (
                0,
                "\"ext\": \"mp4\"",
                &["yt-dlp", "--print", "%(.{id,title,ext,url,protocol})#j", "--no-warnings", &film],
            ),
            (0, "generic\n", &["yt-dlp", "--list-extractors"]),
            (1, "HTTP Error 404: Not Found", &["yt-dlp", &missing]),
        ],
        ..Work::default()
    }
    .check();
}
