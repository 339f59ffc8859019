//! Says what the guest was refused, the first time: its own message is only that permission is denied.
//!
//! Not said is that the machine's own name may not be looked up. Servers and clients for mail ask for it as a matter of form, and go
//! on without it; what they are refused later is to be the first.

use super::address::{Address, UnixName};
use super::grant::Use;
use super::lookup::Answer;
use crate::process::lock::Lock;
use crate::process::output::{Output, write_guest_text};
use crate::process::phase;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::net::{IpAddr, SocketAddr};
use core::sync::atomic::{AtomicBool, Ordering};
use rustix::io::Errno;
use rustix::system::uname;

/// Whether it was said. Relaxed: of several threads one says it, and nothing else is known by it.
static SAID: AtomicBool = AtomicBool::new(false);

/// The name that was looked up last, and its addresses. What is used of them then was mostly asked for by the name, and a grant of
/// one address would be too little.
static LAST_NAME: Lock<Option<(String, Vec<IpAddr>)>> = Lock::new(None);

/// Remembers the name that has led to these addresses, for the hint if one of them is refused. No name: a number was written out.
pub fn remember(name: Option<&str>, answer: &Answer) {
    // What grants can name.
    let is_plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let last =
        name.filter(is_plain).map(|name| (name.into(), answer.addresses().map(|ip| ip.to_canonical()).collect()));
    if !phase::is_at_build() {
        LAST_NAME.with(|known| *known = last);
    }
}

/// The name by which the guest has found an address, if it has.
fn name_of(ip: IpAddr) -> Option<String> {
    LAST_NAME.with(|known| known.as_ref().filter(|(_, found)| found.contains(&ip)).map(|(name, _)| name.clone()))
}

/// Whether this is the first refusal, of a process whose messages somebody reads.
fn is_first() -> bool {
    !phase::is_at_build() && !SAID.swap(true, Ordering::Relaxed)
}

/// Says that an address may not be used. Returns the error for the guest.
#[cold]
pub fn of_address(used: Use, address: &Address) -> Errno {
    if is_first() {
        let mut error = Output::error();
        let (verb, option) = match used {
            Use::Connect => ("connect to", "connect"),
            Use::Listen => ("listen at", "listen"),
        };
        let _ = match address {
            Address::Ip(ip) => {
                let refused = SocketAddr::new(ip.ip().to_canonical(), ip.port());
                let name = name_of(refused.ip());
                let _ = write!(error, "adder: the program was not granted to {verb} {refused}");
                let _ = match &name {
                    Some(name) => write!(error, " ({name})\nhint: build it with --net {option}:{name}"),
                    None if refused.is_ipv6() => {
                        write!(error, "\nhint: build it with --net {option}:[{}]", refused.ip())
                    }
                    None => write!(error, "\nhint: build it with --net {option}:{}", refused.ip()),
                };
                match (used, refused.port()) {
                    (Use::Listen, 0) => writeln!(error, ":*, or with --net"),
                    (_, port) => writeln!(error, ":{port}, or with --net"),
                }
            }
            Address::Unix(unix) => {
                let name = match unix.name() {
                    UnixName::Abstract(name) | UnixName::Path(name) => name,
                    UnixName::Unnamed => b"",
                };
                let _ = write!(error, "adder: the program was not granted to {verb} the abstract socket @");
                write_guest_text(&mut error, name, name.len());
                writeln!(error, "\nhint: build it with --net")
            }
            Address::Unspecified => Ok(()),
        };
    }
    Errno::ACCESS
}

/// Says that the name of a host may not be looked up, unless it is the machine's own.
#[cold]
pub fn of_name(name: &str) {
    if !is_own_name(name) && is_first() {
        let mut error = Output::error();
        error.bytes(b"adder: the program was not granted to look up the host ");
        write_guest_text(&mut error, name.as_bytes(), name.len());
        error.bytes(b"\nhint: build it with --net connect:");
        write_guest_text(&mut error, name.as_bytes(), name.len());
        error.bytes(b", or with --net\n");
    }
}

/// Whether this is the name of the machine, as the guest knows it.
fn is_own_name(name: &str) -> bool {
    uname().nodename().to_bytes().eq_ignore_ascii_case(name.as_bytes())
}

/// Says that the name of an address may not be looked up.
#[cold]
pub fn of_number(ip: IpAddr) {
    if is_first() {
        let mut error = Output::error();
        let _ = writeln!(error, "adder: the program was not granted to look up the name of {ip}");
        let _ = writeln!(error, "hint: build it with --net");
    }
}
