//! Sending and receiving, with the addresses that datagrams go to and come from.

use super::address::{Address, KernelAddress};
use super::grant::{self, Use};
use super::inside::State;
use super::socket::descriptor;
use super::unix;
use super::waiting::{until_done, until_ready};
use crate::arch::waiting_system_call;
use crate::guest::pointer::GuestRange;
use crate::process::phase;
use crate::vfs::open::OpenFile;
use crate::vfs::open::vectored::PIECES_MAX;
use adder_abi::refusal::Refusal;
use core::mem::zeroed;
use rustix::event::PollFlags;
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// What the guest may say of a message that it sends: everything but what needs memory to stay as it is (`MSG_ZEROCOPY`), and what
/// connects (`MSG_FASTOPEN`).
const SENDING: i32 =
    libc::MSG_OOB | libc::MSG_DONTROUTE | libc::MSG_DONTWAIT | libc::MSG_EOR | libc::MSG_CONFIRM | libc::MSG_MORE;

/// What the guest may say of a message that it receives.
const RECEIVING: i32 = libc::MSG_OOB | libc::MSG_PEEK | libc::MSG_TRUNC | libc::MSG_DONTWAIT | libc::MSG_WAITALL;

/// A message that was received.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    /// Bytes of it; more than there was room for, if `MSG_TRUNC` asks for that.
    pub bytes: usize,
    /// `MSG_*` that say what became of it.
    pub flags: i32,
    /// Whom it is from, where that is known.
    pub from: Option<Address>,
}

/// Sends a message; to an address, or else to whom the socket is connected to. `flags` are `MSG_*`. Returns how many bytes.
pub fn send(file: &OpenFile, pieces: &[GuestRange], to: Option<&Address>, flags: i32) -> Result<usize, Errno> {
    let socket = descriptor(file)?;
    let state = state(file);
    if state == State::Listens {
        return Err(Errno::NOTCONN);
    }
    // A stream goes where it is connected to.
    let to = to.filter(|_| state != State::Connected);
    if let Some(address) = to {
        grant::check(Use::Connect, address)?;
    }
    let to = to.map(unix::reach).transpose()?;
    let mut address = to.as_ref().map(|to| KernelAddress::from(&to.address));
    let mut message = message(pieces);
    if let Some(address) = &mut address {
        message.msg_namelen = address.len();
        message.msg_name = address.as_mut_ptr().cast();
    }
    let flags = flags & SENDING | libc::MSG_NOSIGNAL;
    waiting_as_told(file, socket, PollFlags::OUT, flags, |flags| {
        // SAFETY: the message is valid, has no control data, and its pieces are memory of the guest that the kernel only reads.
        unsafe {
            let message = &raw const message as usize;
            waiting_system_call(libc::SYS_sendmsg, [socket.as_raw_fd() as usize, message, flags as usize])
        }
    })
}

/// Receives a message. `flags` are `MSG_*`.
pub fn receive(file: &OpenFile, pieces: &[GuestRange], flags: i32) -> Result<Received, Errno> {
    let socket = descriptor(file)?;
    if phase::is_at_build() && file.standard().is_some() {
        phase::refuse(Refusal::ReadsInput);
    }
    if state(file) == State::Listens {
        return Err(Errno::NOTCONN);
    }
    let mut address = KernelAddress::room();
    let mut message = message(pieces);
    message.msg_name = address.as_mut_ptr().cast();
    let bytes = waiting_as_told(file, socket, PollFlags::IN, flags & RECEIVING, |flags| {
        message.msg_namelen = super::address::BYTES_MAX as libc::socklen_t;
        // SAFETY: the message is valid, there is room for any address and none for control data, and its pieces are memory that
        // the guest owns and expects to change.
        unsafe {
            let message = &raw mut message as usize;
            waiting_system_call(libc::SYS_recvmsg, [socket.as_raw_fd() as usize, message, flags as usize])
        }
    })?;
    *address.len_mut() = message.msg_namelen;
    let from = if message.msg_namelen == 0 { None } else { address.address().map(unix::as_guest_knows) };
    Ok(Received { bytes, flags: message.msg_flags, from })
}

fn state(file: &OpenFile) -> State {
    match file {
        OpenFile::Socket(socket) => socket.with_role(|role| State::of(role)),
        _ => State::Outside { is_granted: false },
    }
}

/// Makes a call of a socket, and waits or not as the guest has said, if it has said so for itself of a socket that others share.
fn waiting_as_told(
    file: &OpenFile,
    socket: BorrowedFd<'_>,
    event: PollFlags,
    flags: i32,
    mut call: impl FnMut(i32) -> Result<usize, Errno>,
) -> Result<usize, Errno> {
    let own = file.own_flags();
    let never_waits = own.is_some_and(|own| own.contains(OFlags::NONBLOCK));
    let flags = flags | if never_waits { libc::MSG_DONTWAIT } else { 0 };
    loop {
        match until_done(|| call(flags)) {
            Err(Errno::AGAIN) if own.is_some() && flags & libc::MSG_DONTWAIT == 0 => {
                until_ready(socket, event)?;
            }
            result => return result,
        }
    }
}

fn message(pieces: &[GuestRange]) -> libc::msghdr {
    // SAFETY: all zeros is a message without anything; the fields that libc keeps for padding have no names.
    let mut message: libc::msghdr = unsafe { zeroed() };
    message.msg_iov = pieces.as_ptr().cast_mut().cast();
    message.msg_iovlen = pieces.len().min(PIECES_MAX) as _;
    message
}
