//! Addresses of sockets, and their form for the kernel.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use rustix::io::Errno;

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Of no family: what connects a socket for datagrams with nobody.
    Unspecified,
    /// Of IPv4 or IPv6.
    Ip(SocketAddr),
    /// Of a Unix socket.
    Unix(UnixAddress),
}

/// The most bytes that the address of a Unix socket has.
pub const UNIX_BYTES_MAX: usize = 108;

/// The address of a Unix socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnixAddress {
    bytes: [u8; UNIX_BYTES_MAX],
    len: usize,
}

/// What the address of a Unix socket means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnixName<'a> {
    /// None.
    Unnamed,
    /// A path.
    Path(&'a [u8]),
    /// A name beside the file system.
    Abstract(&'a [u8]),
}

impl UnixAddress {
    /// The address that does not name a socket.
    pub const UNNAMED: UnixAddress = UnixAddress { bytes: [0; UNIX_BYTES_MAX], len: 0 };

    /// Takes the bytes of an address, of a path up to its NUL. Fails with `EINVAL` if they are too many.
    pub fn new(bytes: &[u8]) -> Result<UnixAddress, Errno> {
        let end = match bytes.first() {
            None | Some(0) => bytes.len(),
            Some(_) => bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()),
        };
        let mut address = UnixAddress { len: end, ..UnixAddress::UNNAMED };
        address.bytes.get_mut(..end).ok_or(Errno::INVAL)?.copy_from_slice(&bytes[..end]);
        Ok(address)
    }

    /// Returns its bytes, without the NUL of a path.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Returns what it means.
    pub fn name(&self) -> UnixName<'_> {
        match self.bytes() {
            [] => UnixName::Unnamed,
            [0, name @ ..] => UnixName::Abstract(name),
            path => UnixName::Path(path),
        }
    }
}

/// Bytes of the largest address.
pub const BYTES_MAX: usize = size_of::<libc::sockaddr_storage>();

/// Bytes of an address of IPv4.
const V4_BYTES: usize = size_of::<libc::sockaddr_in>();
/// Bytes of an address of IPv6.
const V6_BYTES: usize = size_of::<libc::sockaddr_in6>();
/// Bytes of the family, which all addresses begin with.
const FAMILY_BYTES: usize = size_of::<libc::sa_family_t>();

/// An address as the kernel has it.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct KernelAddress {
    bytes: [u8; BYTES_MAX],
    len: libc::socklen_t,
}

impl KernelAddress {
    /// Room for one that the kernel writes.
    pub const fn room() -> KernelAddress {
        KernelAddress { bytes: [0; BYTES_MAX], len: BYTES_MAX as libc::socklen_t }
    }

    /// Takes the bytes of one that somebody else has made; those that there is no room for are left out.
    pub fn set(&mut self, bytes: &[u8]) {
        let len = bytes.len().min(BYTES_MAX);
        self.bytes[..len].copy_from_slice(&bytes[..len]);
        self.len = len as libc::socklen_t;
    }

    /// Returns its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..(self.len as usize).min(BYTES_MAX)]
    }

    /// Returns where it is.
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        self.bytes.as_mut_ptr()
    }

    /// Returns where it is.
    pub fn as_ptr(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    /// Returns where the number of its bytes is.
    pub fn len_mut(&mut self) -> &mut libc::socklen_t {
        &mut self.len
    }

    /// Returns the number of its bytes.
    #[allow(clippy::len_without_is_empty, reason = "an address is never empty")]
    pub fn len(&self) -> libc::socklen_t {
        self.len
    }

    /// Returns which address it is; nothing if it is of another family, or none.
    pub fn address(&self) -> Option<Address> {
        let bytes = self.bytes();
        let family = u16::from_ne_bytes(*bytes.first_chunk()?);
        match i32::from(family) {
            libc::AF_UNSPEC => Some(Address::Unspecified),
            libc::AF_INET => {
                let bytes = bytes.first_chunk::<V4_BYTES>()?;
                let ip = Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]);
                Some(Address::Ip(SocketAddrV4::new(ip, u16::from_be_bytes([bytes[2], bytes[3]])).into()))
            }
            libc::AF_INET6 => {
                let bytes = bytes.first_chunk::<V6_BYTES>()?;
                let word = |at: usize| u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
                let mut ip = [0; 16];
                ip.copy_from_slice(&bytes[8..24]);
                let port = u16::from_be_bytes([bytes[2], bytes[3]]);
                Some(Address::Ip(SocketAddrV6::new(Ipv6Addr::from(ip), port, word(4), word(24)).into()))
            }
            libc::AF_UNIX => UnixAddress::new(&bytes[FAMILY_BYTES..]).ok().map(Address::Unix),
            _ => None,
        }
    }
}

impl From<&Address> for KernelAddress {
    fn from(address: &Address) -> KernelAddress {
        let mut kernel = KernelAddress::room();
        let mut len = 0;
        let mut add = |bytes: &[u8]| {
            kernel.bytes[len..len + bytes.len()].copy_from_slice(bytes);
            len += bytes.len();
        };
        let family = |family: i32| (family as libc::sa_family_t).to_ne_bytes();
        match address {
            Address::Unspecified => add(&[0; V4_BYTES]),
            Address::Ip(SocketAddr::V4(v4)) => {
                add(&family(libc::AF_INET));
                add(&v4.port().to_be_bytes());
                add(&v4.ip().octets());
                add(&[0; 8]);
            }
            Address::Ip(SocketAddr::V6(v6)) => {
                add(&family(libc::AF_INET6));
                add(&v6.port().to_be_bytes());
                add(&v6.flowinfo().to_ne_bytes());
                add(&v6.ip().octets());
                add(&v6.scope_id().to_ne_bytes());
            }
            Address::Unix(unix) => {
                add(&family(libc::AF_UNIX));
                add(unix.bytes());
                // A path that fills all of it has no NUL.
                if matches!(unix.name(), UnixName::Path(path) if path.len() < UNIX_BYTES_MAX) {
                    add(&[0]);
                }
            }
        }
        kernel.len = len as libc::socklen_t;
        kernel
    }
}

/// Returns the host that an address really means: of IPv4, if it is one of those in another form, and this machine if it is none.
pub fn host_of(address: &SocketAddr) -> IpAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn addresses_come_back_from_their_form_for_the_kernel() {
        let unix = |bytes: &[u8]| Address::Unix(UnixAddress::new(bytes).expect("it fits"));
        let mut addresses: Vec<Address> = ["1.2.3.4:5", "[::1]:80", "[fe80::1%3]:65535"]
            .map(|text| Address::Ip(text.parse().expect("an address")))
            .to_vec();
        addresses.extend([Address::Unspecified, unix(b""), unix(b"/tmp/a"), unix(b"\0abstract\0"), unix(&[b'x'; 108])]);
        for address in addresses {
            assert_eq!(KernelAddress::from(&address).address(), Some(address));
        }
        assert_eq!(UnixAddress::new(&[1; 109]), Err(Errno::INVAL));
        assert_eq!(unix(b"a\0b"), unix(b"a"));
    }

    #[test]
    fn hosts_are_known_in_other_forms() {
        for (text, expected) in [
            ("[::ffff:1.2.3.4]:5", "1.2.3.4"),
            ("[::ffff:0.0.0.0]:5", "127.0.0.1"),
            ("0.0.0.0:5", "127.0.0.1"),
            ("[::]:5", "::1"),
            ("[2001:db8::1]:5", "2001:db8::1"),
        ] {
            let address: SocketAddr = text.parse().expect("an address");
            assert_eq!(host_of(&address), expected.parse::<IpAddr>().expect("a host"), "{text}");
        }
    }
}
