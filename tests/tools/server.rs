//! A web server on this machine that answers everybody the same.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Starts one. It serves until the tests end: `/film.mp4` is a file, `/items` a text in JSON, `/moved` leads there, and what is
/// posted comes back.
pub fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a loopback");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming() {
            // Who goes away is the test's to notice.
            let _ = stream.and_then(|stream| answer(&stream));
        }
    });
    address
}

fn answer(stream: &TcpStream) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let film: Vec<u8> = (0..200_000u32).map(|number| (number % 251) as u8).collect();
    let (status, kind, contents) = match target.split('?').next().unwrap_or_default() {
        "/film.mp4" => ("200 OK", "video/mp4", film),
        "/items" => ("200 OK", "application/json", br#"{"items": [1, "\u00fc"], "more": null}"#.to_vec()),
        "/moved" => ("302 Found\r\nLocation: /items", "text/plain", Vec::new()),
        "/echo" => ("201 Created", "application/json", body),
        _ => ("404 Not Found", "text/plain", b"not here\n".to_vec()),
    };
    let length = contents.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let mut writer = stream;
    writer.write_all(head.as_bytes())?;
    if method == "HEAD" { Ok(()) } else { writer.write_all(&contents) }
}
