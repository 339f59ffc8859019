//! Says what the guest was refused, the first time: its own message is only that permission is denied.

use super::address::{Address, UnixName};
use super::grant::Use;
use crate::process::output::{Output, write_guest_text};
use crate::process::phase;
use core::fmt::Write;
use core::net::{IpAddr, SocketAddr};
use core::sync::atomic::{AtomicBool, Ordering};
use rustix::io::Errno;

/// Whether it was said.
static SAID: AtomicBool = AtomicBool::new(false);

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
                let granted = SocketAddr::new(ip.ip().to_canonical(), ip.port());
                let _ = writeln!(error, "adder: the program was not granted to {verb} {granted}");
                match (used, granted.ip()) {
                    (Use::Listen, ip) if granted.port() == 0 => {
                        let is_v6 = ip.is_ipv6();
                        let (open, close) = if is_v6 { ("[", "]") } else { ("", "") };
                        writeln!(error, "hint: build it with --net {option}:{open}{ip}{close}:*, or with --net")
                    }
                    _ => writeln!(error, "hint: build it with --net {option}:{granted}, or with --net"),
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

/// Says that the name of a host may not be looked up.
#[cold]
pub fn of_name(name: &str) {
    if is_first() {
        let mut error = Output::error();
        error.bytes(b"adder: the program was not granted to look up the host ");
        write_guest_text(&mut error, name.as_bytes(), name.len());
        error.bytes(b"\nhint: build it with --net connect:");
        write_guest_text(&mut error, name.as_bytes(), name.len());
        error.bytes(b", or with --net\n");
    }
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
