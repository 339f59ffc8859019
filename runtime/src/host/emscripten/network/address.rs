//! Addresses of sockets in the guest's memory.

use crate::guest::pointer::Guest;
use crate::net::address::{Address, BYTES_MAX, UnixAddress};
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use rustix::io::Errno;

/// Families, as the C library numbers them.
pub mod family {
    /// None.
    pub const UNSPEC: u32 = 0;
    /// Unix sockets.
    pub const UNIX: u32 = 1;
    /// IPv4.
    pub const INET: u32 = 2;
    /// IPv6.
    pub const INET6: u32 = 10;
}

/// Bytes of `struct sockaddr_in`.
const V4_BYTES: usize = 16;
/// Bytes of `struct sockaddr_in6`.
const V6_BYTES: usize = 28;
/// The same without the scope, as it was once.
const V6_BYTES_MIN: usize = 24;
/// Bytes of the family, which every address begins with.
const FAMILY_BYTES: usize = 2;

/// Bytes of an address as the guest has it.
pub struct GuestAddress {
    bytes: [u8; BYTES_MAX],
    len: usize,
}

impl GuestAddress {
    /// Returns its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl From<&Address> for GuestAddress {
    fn from(address: &Address) -> GuestAddress {
        let mut guest = GuestAddress { bytes: [0; BYTES_MAX], len: 0 };
        let mut add = |bytes: &[u8]| {
            guest.bytes[guest.len..guest.len + bytes.len()].copy_from_slice(bytes);
            guest.len += bytes.len();
        };
        let family = |family: u32| (family as u16).to_le_bytes();
        match address {
            Address::Unspecified => add(&family(family::UNSPEC)),
            Address::Ip(SocketAddr::V4(v4)) => {
                add(&family(family::INET));
                add(&v4.port().to_be_bytes());
                add(&v4.ip().octets());
                add(&[0; 8]);
            }
            Address::Ip(SocketAddr::V6(v6)) => {
                add(&family(family::INET6));
                add(&v6.port().to_be_bytes());
                add(&v6.flowinfo().to_le_bytes());
                add(&v6.ip().octets());
                add(&v6.scope_id().to_le_bytes());
            }
            Address::Unix(unix) => {
                add(&family(family::UNIX));
                add(unix.bytes());
                // As the kernel has it, unless there is no room for the NUL.
                if unix.bytes().first().is_some_and(|first| *first != 0) {
                    add(&[0]);
                }
            }
        }
        guest
    }
}

/// Reads an address of `bytes` bytes. Fails with `EINVAL` for a number of bytes that no address has, and with `EAFNOSUPPORT` for one
/// of another family.
pub fn read(guest: Guest, address: u32, bytes: u32) -> Result<Address, Errno> {
    let len = usize::try_from(bytes).ok().filter(|len| *len <= BYTES_MAX).ok_or(Errno::INVAL)?;
    let mut all = [0; BYTES_MAX];
    guest.range(address, bytes.into())?.read(&mut all);
    let bytes = &all[..len];
    let family = u16::from_le_bytes(*bytes.first_chunk().ok_or(Errno::INVAL)?);
    match u32::from(family) {
        family::UNSPEC => Ok(Address::Unspecified),
        family::INET => {
            let bytes = bytes.first_chunk::<V4_BYTES>().ok_or(Errno::INVAL)?;
            let ip = Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]);
            Ok(Address::Ip(SocketAddrV4::new(ip, u16::from_be_bytes([bytes[2], bytes[3]])).into()))
        }
        family::INET6 if bytes.len() >= V6_BYTES_MIN => {
            // What is not there is zero.
            let bytes = all.first_chunk::<V6_BYTES>().ok_or(Errno::INVAL)?;
            let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
            let mut ip = [0; 16];
            ip.copy_from_slice(&bytes[8..24]);
            let port = u16::from_be_bytes([bytes[2], bytes[3]]);
            Ok(Address::Ip(SocketAddrV6::new(Ipv6Addr::from(ip), port, word(4), word(24)).into()))
        }
        family::INET6 => Err(Errno::INVAL),
        family::UNIX => UnixAddress::new(&bytes[FAMILY_BYTES..]).map(Address::Unix),
        _ => Err(Errno::AFNOSUPPORT),
    }
}

/// Writes an address, cut to the room that is said behind `bytes`, and there how many bytes it has. Nothing is written if there is no
/// address to write to.
pub fn write(guest: Guest, found: Option<Address>, address: u32, bytes: u32) -> Result<(), Errno> {
    if address == 0 {
        return Ok(());
    }
    let place = guest.place::<u32>(bytes)?;
    let room = u32::try_from(place.read() as i32).map_err(|_| Errno::INVAL)?;
    let found = found.as_ref().map(GuestAddress::from);
    let bytes = found.as_ref().map_or(&[][..], GuestAddress::bytes);
    guest.range(address, u64::from(room).min(bytes.len() as u64))?.write(bytes);
    place.write(bytes.len() as u32);
    Ok(())
}
