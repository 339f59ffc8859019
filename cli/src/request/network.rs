//! The meaning of `--net`: what the program may connect to and listen at.

use crate::configuration::{NetworkGrant, NetworkUse};
use crate::failure::{Failure, Result};
use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr};

const OPTION: &str = "--net";
const CONNECT: &str = "connect:";
const LISTEN: &str = "listen:";

/// Joins `--net` with the word behind it where that is what the program may do: the option has a value or none, and what it has none
/// of begins with one of two words. What is behind `--` stays as it is.
pub fn join(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut is_over = false;
    for word in words {
        is_over |= word == "--";
        let text = word.to_string_lossy();
        let is_value = text.starts_with(CONNECT) || text.starts_with(LISTEN);
        match joined.last_mut() {
            Some(last) if !is_over && is_value && last == OPTION => {
                last.push("=");
                last.push(&word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// What was meant by a value that says neither `connect:` nor `listen:`, if it is an address, a host with a port, a port, or a name
/// that looks like a host's.
pub fn meant(text: &str) -> Option<String> {
    let (host, port) = match text.rsplit_once(':') {
        _ if text.parse::<Ipv6Addr>().is_ok() => (text, "*"),
        Some((host, port)) if port.parse::<u16>().is_ok_and(|port| port > 0) => (host, port),
        _ if text.parse::<u16>().is_ok_and(|port| port > 0) => ("*", text),
        _ => (text, "*"),
    };
    let is_word = |part: &str| part.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_domain = host.rsplit_once('.').is_some_and(|(before, last)| !before.is_empty() && is_word(last));
    let host = match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => format!("[{ip}]"),
        Ok(IpAddr::V4(_)) => host.to_owned(),
        Err(_) if host == "*" || is_name(host) && (host == "localhost" || is_domain || port != "*") => host.to_owned(),
        Err(_) => host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(|ip| format!("[{ip}]"))?,
    };
    let connect = if port == "*" { format!("{CONNECT}{host}") } else { format!("{CONNECT}{host}:{port}") };
    Some(format!(
        "{OPTION} {connect} to connect to it, {OPTION} {LISTEN}{host}:{port} to listen there; {OPTION} alone grants everything"
    ))
}

/// Whether something may be the name of a host.
fn is_name(host: &str) -> bool {
    host.starts_with(|first: char| first.is_ascii_alphanumeric())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// `connect:HOST[:PORT]` or `listen:ADDR[:PORT]`; nothing means everything. An address of IPv6 stands in brackets; `*` is all hosts
/// or ports.
pub fn grant(text: &str) -> Result<NetworkGrant> {
    let refused = |why: &str| Failure::usage(format!("{OPTION} {text}: {why}"));
    let forms = "--net connect:HOST[:PORT] or --net listen:ADDR:PORT; --net alone grants everything";
    let (used, prefix, rest) = if text.is_empty() {
        return Ok(NetworkGrant { used: NetworkUse::All, host: String::new(), port: None });
    } else if let Some(rest) = text.strip_prefix(CONNECT) {
        (NetworkUse::Connect, CONNECT, rest)
    } else if let Some(rest) = text.strip_prefix(LISTEN) {
        (NetworkUse::Listen, LISTEN, rest)
    } else {
        return Err(refused("says neither connect: nor listen:").hint(meant(text).as_deref().unwrap_or(forms)));
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(bracketed) => {
            let (host, behind) = bracketed.split_once(']').ok_or_else(|| refused("a bracket is not closed"))?;
            host.parse::<Ipv6Addr>().map_err(|_| refused("what is in brackets is no address of IPv6"))?;
            match behind.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if behind.is_empty() => (host, None),
                None => return Err(refused("behind the bracket stands a colon and a port")),
            }
        }
        None if rest.parse::<Ipv6Addr>().is_ok() || rest.matches(':').count() > 1 => {
            let hint = format!("as in {OPTION} {prefix}[{rest}]:*");
            return Err(refused("an address of IPv6 stands in brackets").hint(hint));
        }
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err(refused("which host is missing; * is all").hint(forms));
    }
    if port.is_none() && host.bytes().all(|byte| byte.is_ascii_digit()) {
        let hint = format!("{OPTION} {prefix}*:{host} is all of them");
        return Err(refused("that is a port alone; which host is missing").hint(hint));
    }
    if host != "*" && host.parse::<IpAddr>().is_err() && !is_name(host) {
        return Err(refused("that is neither an address nor the name of a host"));
    }
    let port = match port {
        None | Some("*") => None,
        Some(port) => match port.parse::<u16>() {
            Ok(0) if used == NetworkUse::Connect => return Err(refused("nobody listens at port 0")),
            Ok(port) => Some(port),
            Err(_) => return Err(refused("a port is a number up to 65535, or * for all")),
        },
    };
    Ok(NetworkGrant { used, host: if host == "*" { String::new() } else { host.to_owned() }, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants() {
        use NetworkUse::{All, Connect, Listen};
        for (text, expected) in [
            ("", Some((All, "", None))),
            ("connect:example.org", Some((Connect, "example.org", None))),
            ("connect:example.org:443", Some((Connect, "example.org", Some(443)))),
            ("connect:example.org:*", Some((Connect, "example.org", None))),
            ("connect:*:443", Some((Connect, "", Some(443)))),
            ("connect:[::1]", Some((Connect, "::1", None))),
            ("connect:[2001:db8::1]:80", Some((Connect, "2001:db8::1", Some(80)))),
            ("listen:127.0.0.1:8000", Some((Listen, "127.0.0.1", Some(8000)))),
            ("listen:127.0.0.1:0", Some((Listen, "127.0.0.1", Some(0)))),
            ("listen:[::]:*", Some((Listen, "::", None))),
            ("listen:*", Some((Listen, "", None))),
            ("all", None),
            ("example.org:443", None),
            ("listen:8000", None),
            ("connect:80", None),
            ("connect:", None),
            ("listen::8000", None),
            ("connect:::1", None),
            ("connect:[::1", None),
            ("connect:[::1]80", None),
            ("connect:[example.org]:80", None),
            ("connect:example.org:http", None),
            ("connect:example.org:65536", None),
            ("connect:example.org:0", None),
            ("connect:http://example.org", None),
            ("connect:exa mple", None),
        ] {
            let found = grant(text).ok().map(|NetworkGrant { used, host, port }| (used, host, port));
            assert_eq!(found, expected.map(|(used, host, port)| (used, host.to_owned(), port)), "{text}");
        }
    }

    #[test]
    fn hosts_without_a_word_before_them() {
        let forms = |connect: &str, listen: &str| {
            format!("--net {connect} to connect to it, --net {listen} to listen there; --net alone grants everything")
        };
        for (text, connect, listen) in [
            ("localhost", "connect:localhost", "listen:localhost:*"),
            ("localhost:8000", "connect:localhost:8000", "listen:localhost:8000"),
            ("example.org", "connect:example.org", "listen:example.org:*"),
            ("10.1.2.3:80", "connect:10.1.2.3:80", "listen:10.1.2.3:80"),
            ("::1", "connect:[::1]", "listen:[::1]:*"),
            ("[::1]:80", "connect:[::1]:80", "listen:[::1]:80"),
            ("8000", "connect:*:8000", "listen:*:8000"),
            ("*", "connect:*", "listen:*:*"),
        ] {
            assert_eq!(meant(text), Some(forms(connect, listen)), "{text}");
            for value in [connect, listen] {
                assert!(grant(value).is_ok(), "{value}");
            }
        }
        // Of these, nobody knows.
        for text in ["", "3.13", "all", "py", "python", "http://example.org", "a b:80", "localhost:http", "70000"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn the_option_is_joined_with_its_value_alone() {
        let joined = |line: &str| join(line.split(' ').map(OsString::from)).join(" ".as_ref());
        assert_eq!(joined("build --net a.wasm -o a"), "build --net a.wasm -o a");
        assert_eq!(
            joined("run --net connect:a --net listen:b:1 a.wasm"),
            "run --net=connect:a --net=listen:b:1 a.wasm"
        );
        assert_eq!(joined("run a.wasm -- --net connect:a"), "run a.wasm -- --net connect:a");
    }
}
