//! Asks the C library for hosts and services: it reads the hosts file and asks the name servers of the host. Who may ask is said in
//! [`super::names`] and [`super::grant`].

use super::address::{Address, KernelAddress};
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_int};
use core::mem::zeroed;
use core::net::IpAddr;
use core::ptr::{null, null_mut};
use rustix::io::Errno;

/// Why something was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Flags that there are not, or that do not fit each other.
    BadFlags,
    /// There is no such host or service.
    NoName,
    /// There is the host, but it has no address of the family.
    NoData,
    /// A name server does not answer.
    Again,
    /// A name server fails.
    Fail,
    /// The family is not supported.
    Family,
    /// The type of sockets is not supported.
    SocketType,
    /// There is no such service for this type of sockets.
    Service,
    /// There is no memory left.
    Memory,
    /// The system failed.
    System(Errno),
    /// A buffer is too small.
    Overflow,
}

impl NameError {
    fn of_number(number: c_int) -> NameError {
        match number {
            libc::EAI_BADFLAGS => NameError::BadFlags,
            libc::EAI_NONAME => NameError::NoName,
            libc::EAI_NODATA => NameError::NoData,
            libc::EAI_AGAIN => NameError::Again,
            libc::EAI_FAMILY => NameError::Family,
            libc::EAI_SOCKTYPE => NameError::SocketType,
            libc::EAI_SERVICE => NameError::Service,
            libc::EAI_MEMORY => NameError::Memory,
            // SAFETY: the location belongs to this thread.
            libc::EAI_SYSTEM => NameError::System(Errno::from_raw_os_error(unsafe { *libc::__errno_location() })),
            libc::EAI_OVERFLOW => NameError::Overflow,
            _ => NameError::Fail,
        }
    }
}

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Returns the number of the kernel.
    fn number(self) -> c_int {
        match self {
            Family::V4 => libc::AF_INET,
            Family::V6 => libc::AF_INET6,
        }
    }
}

/// What is looked for. Types and protocols are numbered as by the kernel.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The family, if it is to be one.
    pub family: Option<Family>,
    /// The type of sockets, 0 for all.
    pub socket_type: i32,
    /// The protocol, 0 for all.
    pub protocol: i32,
    /// `AI_*`.
    pub flags: i32,
}

/// An address that was found, and what to use it with.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The address.
    pub address: Address,
    /// The type of sockets.
    pub socket_type: i32,
    /// The protocol.
    pub protocol: i32,
}

/// What was found.
pub struct Answer {
    /// The addresses, in the order in which to try them.
    pub found: Vec<Found>,
    /// The full name of the host, if that was asked for.
    pub canonical: Option<CString>,
}

impl Answer {
    /// The addresses alone.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.found.iter().filter_map(|found| match found.address {
            Address::Ip(address) => Some(address.ip()),
            _ => None,
        })
    }
}

/// Looks up a host, a service or both.
pub fn look_up(host: Option<&CStr>, service: Option<&CStr>, wanted: &Wanted) -> Result<Answer, NameError> {
    // SAFETY: plain data, for which zeros are valid.
    let mut hints: libc::addrinfo = unsafe { zeroed() };
    hints.ai_family = wanted.family.map_or(libc::AF_UNSPEC, Family::number);
    hints.ai_socktype = wanted.socket_type;
    hints.ai_protocol = wanted.protocol;
    hints.ai_flags = wanted.flags;
    let mut list = null_mut();
    let text = |text: Option<&CStr>| text.map_or(null(), CStr::as_ptr);
    // SAFETY: the texts end with NUL, and the rest is on this stack.
    let error = unsafe { libc::getaddrinfo(text(host), text(service), &hints, &mut list) };
    if error != 0 {
        return Err(NameError::of_number(error));
    }
    let mut answer = Answer { found: Vec::new(), canonical: None };
    let mut next = list;
    // SAFETY: what was returned is a list of such records, whose addresses are there.
    while let Some(info) = unsafe { next.as_ref() } {
        let mut address = KernelAddress::room();
        address.set(bytes_of(info));
        if let Some(address) = address.address() {
            answer.found.push(Found { address, socket_type: info.ai_socktype, protocol: info.ai_protocol });
        }
        if answer.canonical.is_none() && !info.ai_canonname.is_null() {
            // SAFETY: a text of the C library, which ends with NUL.
            answer.canonical = Some(unsafe { CStr::from_ptr(info.ai_canonname) }.into());
        }
        next = info.ai_next;
    }
    // SAFETY: the list is from `getaddrinfo`, and nothing of it is used any more.
    unsafe { libc::freeaddrinfo(list) };
    Ok(answer)
}

/// Returns the bytes of an address that was found.
fn bytes_of(info: &libc::addrinfo) -> &[u8] {
    // SAFETY: the C library says that so many are there.
    unsafe { core::slice::from_raw_parts(info.ai_addr.cast(), info.ai_addrlen as usize) }
}

/// Returns all addresses of a host; none if there is no such host.
pub fn addresses(host: &str) -> Vec<IpAddr> {
    let Ok(host) = CString::new(host) else { return Vec::new() };
    let wanted = Wanted { family: None, socket_type: libc::SOCK_STREAM, protocol: 0, flags: 0 };
    look_up(Some(&host), None, &wanted).map(|answer| answer.addresses().collect()).unwrap_or_default()
}

/// Bytes of the longest name of a host, and of a service, with their NUL.
const HOST_BYTES: usize = 1025;
const SERVICE_BYTES: usize = 64;

/// Returns the names of a host and a service; of a host also its address as a text, where it has no name or `flags` say so. `flags`
/// are `NI_*`.
pub fn names(address: &Address, flags: i32) -> Result<(CString, CString), NameError> {
    let address = KernelAddress::from(address);
    let mut host = [0_u8; HOST_BYTES];
    let mut service = [0_u8; SERVICE_BYTES];
    // SAFETY: the address has so many bytes, and so have the buffers.
    let error = unsafe {
        libc::getnameinfo(
            address.as_ptr().cast(),
            address.len(),
            host.as_mut_ptr().cast(),
            HOST_BYTES as libc::socklen_t,
            service.as_mut_ptr().cast(),
            SERVICE_BYTES as libc::socklen_t,
            flags,
        )
    };
    if error != 0 {
        return Err(NameError::of_number(error));
    }
    let text = |bytes: &[u8]| CStr::from_bytes_until_nul(bytes).map(CString::from).map_err(|_| NameError::Overflow);
    Ok((text(&host)?, text(&service)?))
}
