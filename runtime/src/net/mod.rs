//! The network that the guest sees: sockets of the kernel as far as granted, and connections inside the process that need no
//! grant.
//!
//! ```text
//! grant      what the guest may connect to and listen at       address   addresses, as the kernel has them
//! socket     made, bound, connected, accepted                  message   sending and receiving
//! inside     sockets that only this process can reach          option    options of sockets
//! names      hosts and services, as far as granted             lookup    asks for them
//! refusal    says once what was not granted
//! waiting    calls that wait                                   unix      Unix sockets with names in the file system
//! ```
//!
//! Invariants: what leaves the process was checked by [`grant`] on the address that the kernel is given, which was copied out of
//! the guest's memory before. Sockets are of the families and types that such an address means everything for: none that choose
//! by themselves where packets go. A socket is an open file as any other; what can be done with all of them is the affair of
//! [`crate::vfs`]. Errors are the host's.

pub mod address;
pub mod grant;
pub mod inside;
mod kernel_option;
pub mod lookup;
pub mod message;
pub mod names;
pub mod option;
mod refusal;
pub mod socket;
mod unix;
pub mod waiting;
