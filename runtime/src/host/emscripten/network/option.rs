//! Options of sockets: which there are, and how the guest has their values.

use crate::guest::pointer::Guest;
use crate::host::emscripten::errno::number;
use crate::net::option::{self, SocketOption, VALUE_BYTES_MAX};
use crate::vfs::posix::descriptors::file;
use rustix::io::Errno;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As by the kernel: an `int`, structures of them, a text.
    Same,
    /// The number of an error. It can only be asked for.
    Error,
    /// Seconds and microseconds of 32 bits each.
    Time32,
    /// Seconds and microseconds of 64 bits each.
    Time64,
}

/// Returns which option it is for the kernel. Up to 3.1 the C library has times of 32 bits, and since then it numbers those that have
/// 64 bits anew, but falls back on the others.
#[rustfmt::skip]
fn known(level: u32, option: u32) -> Option<(SocketOption, Form)> {
    const SOCKET: u32 = 1;
    const IP: u32 = 0;
    const TCP: u32 = 6;
    const IPV6: u32 = 41;
    let (level, number, form) = match (level, option) {
        (SOCKET, 2) => (libc::SOL_SOCKET, libc::SO_REUSEADDR, Form::Same),
        (SOCKET, 3) => (libc::SOL_SOCKET, libc::SO_TYPE, Form::Same),
        (SOCKET, 4) => (libc::SOL_SOCKET, libc::SO_ERROR, Form::Error),
        (SOCKET, 5) => (libc::SOL_SOCKET, libc::SO_DONTROUTE, Form::Same),
        (SOCKET, 6) => (libc::SOL_SOCKET, libc::SO_BROADCAST, Form::Same),
        (SOCKET, 7) => (libc::SOL_SOCKET, libc::SO_SNDBUF, Form::Same),
        (SOCKET, 8) => (libc::SOL_SOCKET, libc::SO_RCVBUF, Form::Same),
        (SOCKET, 9) => (libc::SOL_SOCKET, libc::SO_KEEPALIVE, Form::Same),
        (SOCKET, 10) => (libc::SOL_SOCKET, libc::SO_OOBINLINE, Form::Same),
        (SOCKET, 12) => (libc::SOL_SOCKET, libc::SO_PRIORITY, Form::Same),
        (SOCKET, 13) => (libc::SOL_SOCKET, libc::SO_LINGER, Form::Same),
        (SOCKET, 15) => (libc::SOL_SOCKET, libc::SO_REUSEPORT, Form::Same),
        (SOCKET, 17) => (libc::SOL_SOCKET, libc::SO_PEERCRED, Form::Same),
        (SOCKET, 18) => (libc::SOL_SOCKET, libc::SO_RCVLOWAT, Form::Same),
        (SOCKET, 19) => (libc::SOL_SOCKET, libc::SO_SNDLOWAT, Form::Same),
        (SOCKET, 20) => (libc::SOL_SOCKET, libc::SO_RCVTIMEO, Form::Time32),
        (SOCKET, 21) => (libc::SOL_SOCKET, libc::SO_SNDTIMEO, Form::Time32),
        (SOCKET, 30) => (libc::SOL_SOCKET, libc::SO_ACCEPTCONN, Form::Same),
        (SOCKET, 38) => (libc::SOL_SOCKET, libc::SO_PROTOCOL, Form::Same),
        (SOCKET, 39) => (libc::SOL_SOCKET, libc::SO_DOMAIN, Form::Same),
        (SOCKET, 66) => (libc::SOL_SOCKET, libc::SO_RCVTIMEO, Form::Time64),
        (SOCKET, 67) => (libc::SOL_SOCKET, libc::SO_SNDTIMEO, Form::Time64),
        (IP, 1) => (libc::IPPROTO_IP, libc::IP_TOS, Form::Same),
        (IP, 2) => (libc::IPPROTO_IP, libc::IP_TTL, Form::Same),
        (IP, 10) => (libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, Form::Same),
        (IP, 33) => (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL, Form::Same),
        (IP, 34) => (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP, Form::Same),
        // TCP_NODELAY to TCP_QUICKACK, and TCP_CONGESTION: numbers and texts.
        (TCP, 1..=13) => (libc::IPPROTO_TCP, option as i32, Form::Same),
        (TCP, 18) => (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT, Form::Same),
        (IPV6, 16) => (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS, Form::Same),
        (IPV6, 18) => (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS, Form::Same),
        (IPV6, 19) => (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP, Form::Same),
        (IPV6, 26) => (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, Form::Same),
        (IPV6, 67) => (libc::IPPROTO_IPV6, libc::IPV6_TCLASS, Form::Same),
        _ => return None,
    };
    Some((SocketOption { level, number }, form))
}

/// Bytes of the time that the kernel has: seconds and microseconds of 64 bits each.
const KERNEL_TIME_BYTES: usize = 16;

pub fn set(guest: Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32, _: u32) -> Result<(), Errno> {
    let file = file(fd, 0)?;
    let (known, form) = known(level, option).ok_or(Errno::NOPROTOOPT)?;
    let len = u32::try_from(bytes as i32).map_err(|_| Errno::INVAL)?;
    let mut copy = [0; VALUE_BYTES_MAX];
    // The kernel does not look at what is behind a value either.
    let len = guest.range(value, u64::from(len).min(VALUE_BYTES_MAX as u64))?.read(&mut copy);
    match form {
        Form::Same => option::set(&file, known, &copy[..len]),
        Form::Error => Err(Errno::NOPROTOOPT),
        Form::Time32 => {
            let [seconds, part] = halves::<4>(&copy[..len])?.map(|word| i64::from(i32::from_le_bytes(word)));
            option::set(&file, known, &kernel_time(seconds, part))
        }
        Form::Time64 => {
            let [seconds, part] = halves::<8>(&copy[..len])?.map(i64::from_le_bytes);
            option::set(&file, known, &kernel_time(seconds, part))
        }
    }
}

pub fn get(guest: Guest, fd: u32, level: u32, option: u32, value: u32, bytes: u32, _: u32) -> Result<(), Errno> {
    let file = file(fd, 0)?;
    let (known, form) = known(level, option).ok_or(Errno::NOPROTOOPT)?;
    let place = guest.place::<u32>(bytes)?;
    let room = u32::try_from(place.read() as i32).map_err(|_| Errno::INVAL)?;
    let room = guest.range(value, u64::from(room).min(VALUE_BYTES_MAX as u64))?;
    let mut copy = [0; VALUE_BYTES_MAX];
    let written = match form {
        Form::Same => {
            let len = option::get(&file, known, &mut copy[..room.len()])?;
            room.write(&copy[..len.min(VALUE_BYTES_MAX)])
        }
        Form::Error => {
            let error = option::error(&file)?.map_or(0, number);
            room.write(&error.to_le_bytes())
        }
        Form::Time32 | Form::Time64 => {
            option::get(&file, known, &mut copy[..KERNEL_TIME_BYTES])?;
            let [seconds, part] = halves::<8>(&copy[..KERNEL_TIME_BYTES])?.map(i64::from_le_bytes);
            if form == Form::Time32 {
                let seconds = i32::try_from(seconds).map_err(|_| Errno::OVERFLOW)?;
                room.write(&seconds.to_le_bytes()) + room.part(4, 4).write(&(part as i32).to_le_bytes())
            } else {
                room.write(&seconds.to_le_bytes()) + room.part(8, 8).write(&part.to_le_bytes())
            }
        }
    };
    place.write(written as u32);
    Ok(())
}

/// Returns two numbers that stand one behind the other. Fails with `EINVAL` if there are fewer bytes.
fn halves<const BYTES: usize>(value: &[u8]) -> Result<[[u8; BYTES]; 2], Errno> {
    match value.as_chunks::<BYTES>().0 {
        [first, second, ..] => Ok([*first, *second]),
        _ => Err(Errno::INVAL),
    }
}

fn kernel_time(seconds: i64, microseconds: i64) -> [u8; KERNEL_TIME_BYTES] {
    let mut time = [0; KERNEL_TIME_BYTES];
    let (first, second) = time.split_at_mut(8);
    first.copy_from_slice(&seconds.to_ne_bytes());
    second.copy_from_slice(&microseconds.to_ne_bytes());
    time
}
