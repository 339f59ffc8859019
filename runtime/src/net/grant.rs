//! What the guest may connect to and listen at.
//!
//! Grants are looked at when an address is used, and compared with what the kernel is given: with the address itself, whatever name
//! the guest has it from. Where a grant names a host, the name is looked up then and there, and all addresses count that it has at
//! that moment.

use super::address::{Address, UnixName, host_of};
use super::{lookup, refusal};
use crate::process::configuration::Configuration;
use crate::process::phase;
use adder_abi::configuration::{ANY_PORT, NetworkGrant, NetworkUse};
use core::net::{IpAddr, SocketAddr};
use core::str;
use rustix::io::Errno;

/// What an address is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To connect to it, or to send to it.
    Connect,
    /// To listen at it, or to receive there.
    Listen,
}

/// A grant.
#[derive(Clone, Copy)]
struct Grant {
    used: NetworkUse,
    /// Empty for all.
    host: &'static str,
    /// `None` for all.
    port: Option<u16>,
}

/// Returns all grants. While a checkpoint is made there are none: nobody knows what the network will be.
fn grants() -> impl Iterator<Item = Grant> {
    let configuration = Configuration::of_executable();
    let records = if phase::is_at_build() { &[] } else { configuration.network() };
    records.iter().map(move |record| Grant::of_record(configuration, record))
}

impl Grant {
    fn of_record(configuration: Configuration, record: &NetworkGrant) -> Grant {
        let used = match record.used {
            it if it == NetworkUse::All as u32 => NetworkUse::All,
            it if it == NetworkUse::Connect as u32 => NetworkUse::Connect,
            _ => NetworkUse::Listen,
        };
        let port = if record.port == ANY_PORT { None } else { Some(record.port as u16) };
        Grant { used, host: str::from_utf8(configuration.text(record.host)).unwrap_or("?"), port }
    }

    /// Whether it is for this use of this port.
    fn is_for(&self, used: Use, port: u16) -> bool {
        let same_use = match self.used {
            NetworkUse::All => true,
            NetworkUse::Connect => used == Use::Connect,
            NetworkUse::Listen => used == Use::Listen,
        };
        same_use && self.port.is_none_or(|granted| granted == port)
    }

    /// Whether it is for this use of an address. Looks the name of a host up, if it has one.
    fn covers(&self, used: Use, address: &SocketAddr) -> bool {
        if !self.is_for(used, address.port()) {
            return false;
        }
        let same = |granted: IpAddr| match used {
            Use::Connect => host_of(&SocketAddr::new(granted, 0)) == host_of(address),
            Use::Listen => includes(granted, address.ip()),
        };
        match self.host {
            "" => true,
            host => match host.parse::<IpAddr>() {
                Ok(ip) => same(ip),
                Err(_) => lookup::addresses(host).into_iter().any(same),
            },
        }
    }
}

/// Whether who may listen at one address may listen at another: at all addresses of IPv4 is at each of them, and at all of IPv6 at
/// everything.
fn includes(granted: IpAddr, address: IpAddr) -> bool {
    let (granted, address) = (granted.to_canonical(), address.to_canonical());
    match granted {
        IpAddr::V6(all) if all.is_unspecified() => true,
        IpAddr::V4(all) if all.is_unspecified() => address.is_ipv4(),
        granted => granted == address,
    }
}

/// Whether everything is granted.
pub fn is_all() -> bool {
    grants().any(|grant| grant.used == NetworkUse::All)
}

/// Whether an address of IPv4 or IPv6 may be used.
pub fn covers(used: Use, address: &SocketAddr) -> bool {
    grants().any(|grant| grant.covers(used, address))
}

/// Fails with `EACCES` where an address may not be used, and says so the first time.
pub fn check(used: Use, address: &Address) -> Result<(), Errno> {
    let granted = match address {
        Address::Unspecified => true,
        Address::Ip(ip) => covers(used, ip),
        Address::Unix(unix) => match unix.name() {
            UnixName::Unnamed | UnixName::Abstract(_) => is_all(),
            // A path is covered by grants of files.
            UnixName::Path(_) => true,
        },
    };
    if granted { Ok(()) } else { Err(refusal::of_address(used, address)) }
}

/// Whether a name may be looked up, in the hosts file or by DNS: whoever may use the host by its name may, and whoever may use all
/// hosts.
pub fn may_look_up(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let same = |host: &str| host.strip_suffix('.').unwrap_or(host).eq_ignore_ascii_case(name);
    grants().any(|grant| grant.host.is_empty() && grant.used != NetworkUse::Listen || same(grant.host))
}

/// Whether the name of an address, or of a service, may be looked up.
pub fn may_look_up_numbers() -> bool {
    grants().any(|grant| grant.host.is_empty() && grant.used != NetworkUse::Listen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(used: NetworkUse, host: &'static str, port: Option<u16>, asked: Use, address: &str) -> bool {
        Grant { used, host, port }.covers(asked, &address.parse().expect("an address"))
    }

    #[test]
    fn grants_cover_addresses() {
        use NetworkUse::{All, Connect, Listen};
        for (used, host, port, asked, address, expected) in [
            (All, "", None, Use::Connect, "8.8.8.8:53", true),
            (All, "", None, Use::Listen, "0.0.0.0:80", true),
            (Connect, "127.0.0.1", None, Use::Connect, "127.0.0.1:80", true),
            (Connect, "127.0.0.1", None, Use::Connect, "[::ffff:127.0.0.1]:80", true),
            (Connect, "127.0.0.1", None, Use::Connect, "0.0.0.0:80", true),
            (Connect, "127.0.0.1", None, Use::Connect, "127.0.0.2:80", false),
            (Connect, "127.0.0.1", Some(80), Use::Connect, "127.0.0.1:81", false),
            (Connect, "127.0.0.1", Some(80), Use::Listen, "127.0.0.1:80", false),
            (Connect, "::1", Some(80), Use::Connect, "[::]:80", true),
            (Connect, "", Some(443), Use::Connect, "1.2.3.4:443", true),
            (Connect, "", Some(443), Use::Connect, "1.2.3.4:80", false),
            (Listen, "127.0.0.1", None, Use::Listen, "0.0.0.0:80", false),
            (Listen, "0.0.0.0", None, Use::Listen, "127.0.0.1:80", true),
            (Listen, "0.0.0.0", None, Use::Listen, "[::]:80", false),
            (Listen, "::", None, Use::Listen, "0.0.0.0:80", true),
            (Listen, "::", None, Use::Connect, "127.0.0.1:80", false),
            (Listen, "127.0.0.1", Some(0), Use::Listen, "127.0.0.1:0", true),
            (Listen, "127.0.0.1", Some(80), Use::Listen, "127.0.0.1:0", false),
        ] {
            let found = covers(used, host, port, asked, address);
            assert_eq!(found, expected, "{used:?} {host} {port:?}: {asked:?} {address}");
        }
    }
}
