//! Why a package manager did not deliver: what it said, and what helps against that.

use super::{Package, Registry};
use crate::failure::Failure;
use std::path::Path;
use std::process::Output;

/// What kept a package manager from delivering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// No room in one of the folders that it writes to.
    NoRoom,
    /// It may not write to one of its folders.
    NotAllowed,
    /// The registry's certificate is not trusted, or a proxy wants to know who asks.
    NotTrusted,
    /// The registry cannot be reached.
    Network,
    /// The registry has no version of the package at all, or could not be asked: pip does not say which, without retries.
    Nothing,
    /// The registry can be reached, and does not have the package.
    NotFound,
    /// Something else.
    Other,
}

/// What npm and pip say about each cause, in lower case. Of several that fit, the first one counts: pip, when it could not reach the
/// registry, ends by saying that there is no such package.
const SIGNS: [(Cause, &[&str]); 6] = [
    (Cause::NoRoom, &["enospc", "no space left on device", "edquot", "disk quota exceeded"]),
    (Cause::NotAllowed, &["eacces", "eperm", "erofs", "permission denied", "read-only file system"]),
    (
        Cause::NotTrusted,
        &[
            "certificate",
            "self_signed_cert",
            "unable_to_verify",
            "sslerror",
            "e407",
            "407 proxy",
            "e401",
            "401 unauthorized",
        ],
    ),
    (
        Cause::Network,
        &[
            "enotfound",
            "eai_again",
            "econnrefused",
            "econnreset",
            "etimedout",
            "enetunreach",
            "ehostunreach",
            "socket hang up",
            "failed to establish a new connection",
            "newconnectionerror",
            "connecttimeout",
            "readtimeout",
            "read timed out",
            "name resolution",
            "name or service not known",
            "connection broken",
            "connection aborted",
            "connection refused",
            "cannot connect to proxy",
            "max retries exceeded",
            "network",
        ],
    ),
    (Cause::Nothing, &["from versions: none"]),
    (Cause::NotFound, &["e404", "etarget", "404 not found", "no matching version", "no matching distribution"]),
];

/// The reason where only warnings say that the registry could not be reached.
const NO_CONNECTION: &str = "it could not connect to the registry";

/// The failure of `command`, which could be started, was to bring `package` into the temporary folder `folder`, and ended with
/// `output`.
pub fn refusal(command: &str, package: &Package, folder: &Path, output: &Output) -> Failure {
    let said = String::from_utf8_lossy(&output.stderr);
    let (cause, reason) = explain(&said);
    let registry = package.registry;
    let hint = match cause {
        Cause::NoRoom => format!(
            "make room in {}, which ADDER_CACHE can change, and in {}: {}",
            folder.parent().unwrap_or(folder).display(),
            match registry {
                Registry::Npm => "npm's own cache",
                Registry::PyPi => "pip's own cache and TMPDIR",
            },
            match registry {
                Registry::Npm => "npm config get cache",
                Registry::PyPi => "pip cache dir",
            }
        ),
        Cause::NotAllowed => match registry {
            Registry::Npm => "make npm's own cache writable: npm config get cache".to_owned(),
            Registry::PyPi => "make pip's own cache and TMPDIR writable: pip cache dir".to_owned(),
        },
        Cause::NotTrusted => {
            format!("set up {registry} for your proxy and its certificate: {}", registry.show_configuration())
        }
        Cause::Network => format!("check the network and {registry}'s configuration: {}", registry.check()),
        Cause::Nothing => format!(
            "is there a network, and does the registry that {registry} uses have this? {} shows which one it is",
            registry.show_configuration()
        ),
        Cause::NotFound => format!(
            "the registry that {registry} uses does not have this version: {} shows which one it is",
            registry.show_configuration()
        ),
        Cause::Other => format!("this shows more: {command}"),
    };
    Failure::environment(format!("{command} failed: {}", reason.unwrap_or("it did not say why"))).hint(hint)
}

/// The cause, and the line that tells it best: the first that it calls an error and that has a sign of the cause, else the first that it
/// calls an error, else one with a sign. Warnings, which may come before, name errors too.
fn explain(said: &str) -> (Cause, Option<&str>) {
    let has = |line: &str, signs: &[&str]| {
        let line = line.to_ascii_lowercase();
        signs.iter().any(|sign| line.contains(sign))
    };
    let found = SIGNS.iter().find(|(_, signs)| said.lines().any(|line| has(line, signs)));
    let (cause, signs) = found.map_or((Cause::Other, &[][..]), |(cause, signs)| (*cause, *signs));
    let is_error = |line: &&str| {
        let line = line.trim_start().to_ascii_lowercase();
        line.starts_with("error") || line.starts_with("npm err")
    };
    // `npm error code E404` is a sign, but says less than what follows.
    let says_more = |line: &&str| !line.to_ascii_lowercase().trim_start().starts_with("npm error code");
    let errors = || said.lines().filter(is_error).filter(says_more);
    // The last line of a traceback, `OSError: [Errno 28] ...`, where what pip itself says is only that there is one.
    let is_exception = |line: &&str| line.split_once(':').is_some_and(|(name, _)| name.ends_with("Error"));
    let exception = || said.lines().rev().find(|line| is_exception(line) && has(line, signs));
    let reason = errors().find(|line| has(line, signs)).or_else(exception);
    if cause == Cause::Network && reason.is_none() {
        // What pip calls an error then, that there is no such package, is not the reason.
        return (cause, Some(NO_CONNECTION));
    }
    let reason = reason.or_else(|| errors().next());
    let reason = reason.or_else(|| said.lines().find(|line| is_error(line) || has(line, signs)));
    (cause, reason.map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What npm and pip print, shortened, and the cause and line that are made of it.
    const CASES: [(&str, Cause, Option<&str>); 12] = [
        (
            "ERROR: Exception:\nTraceback (most recent call last):\n  File \"x.py\", line 1\nOSError: [Errno 28] No space left on device\n",
            Cause::NoRoom,
            Some("OSError: [Errno 28] No space left on device"),
        ),
        (
            "npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28\n\
             npm error nospc ENOSPC: no space left on device, write\n\
             npm error nospc There appears to be insufficient space on your system to finish.\n",
            Cause::NoRoom,
            Some("npm error nospc ENOSPC: no space left on device, write"),
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            Cause::NoRoom,
            Some("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
        ),
        (
            "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\n\
             npm error network request to https://registry.example failed, reason: getaddrinfo ENOTFOUND registry.example\n",
            Cause::Network,
            Some(
                "npm error network request to https://registry.example failed, reason: getaddrinfo ENOTFOUND registry.example",
            ),
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...: Failed to establish a new \
             connection: [Errno 111] Connection refused')': /simple/x/\n\
             ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\n\
             ERROR: No matching distribution found for x==1\n",
            Cause::Network,
            Some(NO_CONNECTION),
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel \
             connection failed: 403 Forbidden'))': /simple/x/\n\
             ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\n",
            Cause::Network,
            Some(NO_CONNECTION),
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\n\
             ERROR: No matching distribution found for x==1\n",
            Cause::Nothing,
            Some("ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)"),
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1, 2)\n\
             ERROR: No matching distribution found for x==9\n",
            Cause::NotFound,
            Some("ERROR: No matching distribution found for x==9"),
        ),
        (
            "npm error code E404\nnpm error 404 Not Found - GET https://registry.example/x - Not found\n",
            Cause::NotFound,
            Some("npm error 404 Not Found - GET https://registry.example/x - Not found"),
        ),
        (
            "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to https://x failed, reason: self-signed certificate\n",
            Cause::NotTrusted,
            Some("npm error request to https://x failed, reason: self-signed certificate"),
        ),
        ("npm error code EUSAGE\n", Cause::Other, Some("npm error code EUSAGE")),
        ("", Cause::Other, None),
    ];

    #[test]
    fn causes_are_told_apart() {
        for (said, cause, reason) in CASES {
            assert_eq!(explain(said), (cause, reason), "{said}");
        }
    }
}
