//! Names of hosts, services and protocols: functions of the C library that are imported whole, and the records that they return.

use super::address::{self, GuestAddress, family};
use crate::guest::pointer::{Guest, GuestRange};
use crate::host::emscripten::library::{allocate, set_errno, text};
use crate::net::address::Address;
use crate::net::lookup::{Answer, Family, Found, NameError, Wanted};
use crate::net::names;
use adder_abi::trap::TrapCode;
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::net::{IpAddr, SocketAddr};
use core::sync::atomic::{AtomicU32, Ordering};
use rustix::io::Errno;

/// Bytes of the longest name that is looked at.
const NAME_BYTES_MAX: usize = 1024;

/// `AI_*` and `NI_*` are what they are for the host's C library, which is musl too. Unknown ones are refused there.
///
/// If the system failed, `errno` says how.
fn failed(guest: Guest, error: NameError) -> Result<u32, TrapCode> {
    let number: i32 = match error {
        NameError::BadFlags => -1,
        NameError::NoName => -2,
        NameError::Again => -3,
        NameError::Fail => -4,
        NameError::NoData => -5,
        NameError::Family => -6,
        NameError::SocketType => -7,
        NameError::Service => -8,
        NameError::Memory => -10,
        NameError::System(error) => {
            set_errno(guest, error)?;
            -11
        }
        NameError::Overflow => -12,
    };
    Ok(number as u32)
}

/// Reads a name, if there is one. One that is too long names nothing.
fn name(guest: Guest, address: u32) -> Result<Option<CString>, NameError> {
    if address == 0 {
        return Ok(None);
    }
    let bytes = text(guest, address, NAME_BYTES_MAX, Errno::NAMETOOLONG).map_err(|error| match error {
        Errno::NAMETOOLONG => NameError::NoName,
        error => NameError::System(error),
    })?;
    CString::new(bytes).map(Some).map_err(|_| NameError::NoName)
}

/// The last type of sockets that addresses are for: `SOCK_RAW`.
const SOCKET_TYPE_MAX: u32 = 3;

/// Words of `struct addrinfo`.
const INFO_WORDS: usize = 8;
/// Bytes of it.
const INFO_BYTES: usize = INFO_WORDS * 4;

/// Bytes that an address takes in a list: those of the largest, rounded up.
const LISTED_BYTES: usize = 32;

/// A flag of ours, for a caller that was compiled without IPv6 and hands nobody its addresses, but the names: the name of each
/// record of IPv6 is the full name of the host, as far as that is there, a space, and the bytes of the address in hexadecimal digits.
const ADDRESS_TEXTS: u32 = 0x4000_0000;

/// Looks up a host and a service. Writes where a list of addresses is, of which the guest's `freeaddrinfo` only frees the first
/// record and its address: so all records are in one piece of memory, and all addresses in another.
pub fn address_info(guest: Guest, host: u32, service: u32, hints: u32, result: u32) -> Result<u32, TrapCode> {
    let place = guest.place::<u32>(result).map_err(|_| TrapCode::MemoryOutOfBounds)?;
    match find(guest, host, service, hints) {
        Ok((answer, flags)) => match write_list(guest, &answer, flags)? {
            0 => failed(guest, NameError::Memory),
            address => {
                place.write(address);
                Ok(0)
            }
        },
        Err(error) => failed(guest, error),
    }
}

fn find(guest: Guest, host: u32, service: u32, hints: u32) -> Result<(Answer, u32), NameError> {
    let mut words = [0_u32; INFO_WORDS];
    if hints != 0 {
        let places = guest.array::<u32>(hints, INFO_WORDS as u32).map_err(NameError::System)?;
        for (word, place) in words.iter_mut().zip(places.places()) {
            *word = place.read();
        }
    }
    let [flags, wanted_family, socket_type, protocol, ..] = words;
    let family = match wanted_family {
        family::UNSPEC => None,
        family::INET => Some(Family::V4),
        family::INET6 => Some(Family::V6),
        _ => return Err(NameError::Family),
    };
    if socket_type > SOCKET_TYPE_MAX {
        return Err(NameError::SocketType);
    }
    let known = flags & !ADDRESS_TEXTS;
    let wanted = Wanted { family, socket_type: socket_type as i32, protocol: protocol as i32, flags: known as i32 };
    let (host, service) = (name(guest, host)?, name(guest, service)?);
    let mut answer = names::look_up(host.as_deref(), service.as_deref(), &wanted)?;
    answer.canonical = answer.canonical.filter(|_| wanted.flags & libc::AI_CANONNAME != 0);
    if answer.found.is_empty() { Err(NameError::NoName) } else { Ok((answer, flags)) }
}

/// Writes a list of what was found into memory of the guest's allocator. Returns its address, or 0 if there is no memory.
fn write_list(guest: Guest, answer: &Answer, flags: u32) -> Result<u32, TrapCode> {
    let Answer { found, canonical } = answer;
    let names: Vec<Vec<u8>> =
        found.iter().enumerate().map(|(index, found)| name_of_record(index, found, canonical, flags)).collect();
    let name_bytes = names.iter().map(Vec::len).sum();
    let bytes = |each: usize, more: usize| u32::try_from(found.len() * each + more).unwrap_or(u32::MAX);
    let Some((infos, info_range)) = allocate(guest, bytes(INFO_BYTES, name_bytes))? else { return Ok(0) };
    let Some((addresses, address_range)) = allocate(guest, bytes(LISTED_BYTES, 0))? else { return Ok(0) };
    let mut name_at = found.len() * INFO_BYTES;
    for (index, (Found { address, socket_type, protocol }, name)) in found.iter().zip(&names).enumerate() {
        let guest_address = GuestAddress::from(address);
        let family = match address {
            Address::Ip(SocketAddr::V6(_)) => family::INET6,
            _ => family::INET,
        };
        address_range.part(index * LISTED_BYTES, LISTED_BYTES).write(guest_address.bytes());
        info_range.part(name_at, name.len()).write(name);
        let is_last = index + 1 == found.len();
        let words: [u32; INFO_WORDS] = [
            flags,
            family,
            *socket_type as u32,
            *protocol as u32,
            guest_address.bytes().len() as u32,
            addresses + (index * LISTED_BYTES) as u32,
            if name.is_empty() { 0 } else { infos + name_at as u32 },
            if is_last { 0 } else { infos + ((index + 1) * INFO_BYTES) as u32 },
        ];
        write_words(info_range.part(index * INFO_BYTES, INFO_BYTES), &words);
        name_at += name.len();
    }
    Ok(infos)
}

/// Returns the name that a record has, with its NUL: the full name of the host, in the first one, and the address, where that is
/// wanted. Empty if it has none.
fn name_of_record(index: usize, found: &Found, canonical: &Option<CString>, flags: u32) -> Vec<u8> {
    let full = canonical.as_ref().filter(|_| index == 0);
    let mut name = full.map_or_else(Vec::new, |name| name.as_bytes().to_vec());
    let has_text = flags & ADDRESS_TEXTS != 0 && matches!(found.address, Address::Ip(SocketAddr::V6(_)));
    if has_text {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        name.push(b' ');
        for byte in GuestAddress::from(&found.address).bytes() {
            name.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
    if full.is_some() || has_text {
        name.push(0);
    }
    name
}

fn write_words(range: GuestRange, words: &[u32]) {
    for (index, word) in words.iter().enumerate() {
        range.part(index * 4, 4).write(&word.to_le_bytes());
    }
}

/// Writes the names of a host and a service into buffers.
pub fn name_info(
    guest: Guest,
    address: u32,
    bytes: u32,
    host: u32,
    host_bytes: u32,
    service: u32,
    service_bytes: u32,
    flags: u32,
) -> Result<u32, TrapCode> {
    let written = (|| {
        let address = address::read(guest, address, bytes).map_err(|_| NameError::Family)?;
        if !matches!(address, Address::Ip(_)) {
            return Err(NameError::Family);
        }
        let (host_name, service_name) = names::names(&address, flags as i32)?;
        for (text, address, bytes) in [(host_name, host, host_bytes), (service_name, service, service_bytes)] {
            if address != 0 && bytes != 0 {
                let range = guest.range(address, bytes.into()).map_err(NameError::System)?;
                let text = text.as_bytes_with_nul();
                if text.len() > range.len() {
                    return Err(NameError::Overflow);
                }
                range.write(text);
            }
        }
        Ok(())
    })();
    written.map_or_else(|error| failed(guest, error), |()| Ok(0))
}

/// Finds addresses of IPv4.
fn addresses(name: Option<&CStr>) -> Result<Vec<[u8; 4]>, NameError> {
    let wanted = Wanted { family: Some(Family::V4), socket_type: libc::SOCK_STREAM, protocol: 0, flags: 0 };
    let answer = names::look_up(Some(name.ok_or(NameError::NoName)?), None, &wanted)?;
    let of = |found: &Found| match found.address {
        Address::Ip(SocketAddr::V4(v4)) => Some(v4.ip().octets()),
        _ => None,
    };
    Ok(answer.found.iter().filter_map(of).collect())
}

/// Returns the first address of IPv4 that a host has, in the order of the network; 0 if it has none.
pub fn name_to_number(guest: Guest, host: u32) -> u32 {
    let found = name(guest, host).and_then(|name| addresses(name.as_deref()));
    found.ok().and_then(|found| found.first().map(|ip| u32::from_le_bytes(*ip))).unwrap_or(0)
}

/// Memory that the next call of a function writes over, as in any C library: only the first call allocates it.
struct Reused {
    /// Relaxed: an address of the guest's, which is checked at each use. Programs of Emscripten have one thread.
    address: AtomicU32,
    bytes: u32,
}

impl Reused {
    const fn new(bytes: u32) -> Reused {
        Reused { address: AtomicU32::new(0), bytes }
    }

    /// Returns the memory, and its address, unless there is none left.
    fn take(&self, guest: Guest) -> Result<Option<(u32, GuestRange)>, TrapCode> {
        let known = self.address.load(Ordering::Relaxed);
        if known != 0
            && let Ok(range) = guest.range(known, self.bytes.into())
        {
            return Ok(Some((known, range)));
        }
        let allocated = allocate(guest, self.bytes)?;
        if let Some((address, _)) = allocated {
            self.address.store(address, Ordering::Relaxed);
        }
        Ok(allocated)
    }
}

/// Addresses that are returned of one host.
const ADDRESSES_MAX: usize = 32;
/// Bytes of an address of IPv6, the larger one.
const ADDRESS_BYTES: usize = 16;
/// Words of `struct hostent`: name, other names, family, bytes of an address, addresses.
const HOST_WORDS: usize = 5;

/// A host: the record, a list of no other names, the list of addresses, the addresses, the name.
static HOST: Reused =
    Reused::new(((HOST_WORDS + 1 + ADDRESSES_MAX + 1) * 4 + ADDRESSES_MAX * ADDRESS_BYTES + NAME_BYTES_MAX + 1) as u32);

fn write_host(guest: Guest, name: &CStr, family: u32, addresses: &[&[u8]]) -> Result<u32, TrapCode> {
    let Some((start, range)) = HOST.take(guest)? else { return Ok(0) };
    let addresses = &addresses[..addresses.len().min(ADDRESSES_MAX)];
    let address_bytes = addresses.first().map_or(0, |address| address.len());
    let others_at = HOST_WORDS * 4;
    let list_at = others_at + 4;
    let addresses_at = list_at + (ADDRESSES_MAX + 1) * 4;
    let name_at = addresses_at + ADDRESSES_MAX * ADDRESS_BYTES;
    let at = |offset: usize| start + offset as u32;
    let record = [at(name_at), at(others_at), family, address_bytes as u32, at(list_at)];
    write_words(range, &record);
    write_words(range.part(others_at, 4), &[0]);
    for (index, address) in addresses.iter().enumerate() {
        let offset = addresses_at + index * ADDRESS_BYTES;
        write_words(range.part(list_at + index * 4, 4), &[at(offset)]);
        range.part(offset, ADDRESS_BYTES).write(address);
    }
    write_words(range.part(list_at + addresses.len() * 4, 4), &[0]);
    let text = name.to_bytes_with_nul();
    range.part(name_at, text.len()).write(text);
    Ok(start)
}

/// Looks up a host. Returns the address of a record that is good until the next call, or 0.
pub fn host_by_name(guest: Guest, host: u32) -> Result<u32, TrapCode> {
    let Ok(Some(name)) = name(guest, host) else { return Ok(0) };
    match addresses(Some(&name)) {
        Ok(found) if !found.is_empty() => {
            let found: Vec<&[u8]> = found.iter().map(|address| &address[..]).collect();
            write_host(guest, &name, family::INET, &found)
        }
        _ => Ok(0),
    }
}

/// Looks up the name of an address. Returns the address of such a record, or 0.
pub fn host_by_address(guest: Guest, address: u32, bytes: u32, wanted: u32) -> Result<u32, TrapCode> {
    let mut octets = [0; ADDRESS_BYTES];
    let Ok(range) = guest.range(address, bytes.into()) else { return Ok(0) };
    let read = range.read(&mut octets);
    let ip = match wanted {
        family::INET if bytes == 4 => octets.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
        family::INET6 if bytes == 16 => Some(IpAddr::from(octets)),
        _ => None,
    };
    let Some(ip) = ip else { return Ok(0) };
    let named = names::names(&Address::Ip(SocketAddr::new(ip, 0)), libc::NI_NAMEREQD);
    let Ok((name, _)) = named else { return Ok(0) };
    write_host(guest, &name, wanted, &[&octets[..read]])
}

/// Bytes of a protocol: the record of three words, a list of one other name, both names.
const PROTOCOL_NAME_BYTES: usize = 16;
static PROTOCOL: Reused = Reused::new((5 * 4 + 2 * PROTOCOL_NAME_BYTES) as u32);

/// Protocols by their names (`/etc/protocols` has them everywhere): those that sockets are made with, and what they stand on.
const PROTOCOLS: [(&CStr, &CStr, u32); 6] = [
    (c"ip", c"IP", 0),
    (c"icmp", c"ICMP", 1),
    (c"tcp", c"TCP", 6),
    (c"udp", c"UDP", 17),
    (c"ipv6", c"IPv6", 41),
    (c"ipv6-icmp", c"IPv6-ICMP", 58),
];

/// Returns the address of a record that says the number of a protocol, good until the next call, or 0.
pub fn protocol_by_name(guest: Guest, wanted: u32) -> Result<u32, TrapCode> {
    let Ok(Some(wanted)) = name(guest, wanted) else { return Ok(0) };
    let found = PROTOCOLS.iter().find(|(name, other, _)| *name == &*wanted || *other == &*wanted);
    let Some((name, other, number)) = found else { return Ok(0) };
    let Some((start, range)) = PROTOCOL.take(guest)? else { return Ok(0) };
    let at = |offset: usize| start + offset as u32;
    let (others_at, name_at) = (12, 20);
    let other_at = name_at + PROTOCOL_NAME_BYTES;
    write_words(range, &[at(name_at), at(others_at), *number, at(other_at), 0]);
    range.part(name_at, PROTOCOL_NAME_BYTES).write(name.to_bytes_with_nul());
    range.part(other_at, PROTOCOL_NAME_BYTES).write(other.to_bytes_with_nul());
    Ok(start)
}
