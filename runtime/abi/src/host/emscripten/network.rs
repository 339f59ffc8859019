//! Sockets and names of hosts, and waiting for descriptors. Calls of sockets have six parameters; those not needed are zero.

use super::{Interface, Signature, call, interface};
use crate::callback::Callback;
use crate::value::ValueType::I32;

/// The interface.
pub const INTERFACE: Interface = interface("adder_emscripten_network_", &FUNCTIONS);

/// A call of a socket.
const fn socket(name: &'static str) -> Signature {
    call(name, &[I32, I32, I32, I32, I32, I32])
}

/// What returns records that the guest frees.
const fn allocates(signature: Signature) -> Signature {
    Signature { callbacks: &[Callback::Malloc], enters_guest: true, ..signature }
}

/// Its functions. Source: `src/library_syscall.js`, `src/library_sockfs.js`, `src/library.js`, `src/lib/libcore.js`.
pub const FUNCTIONS: [Signature; 25] = [
    socket("__syscall_accept4"),
    socket("__syscall_bind"),
    socket("__syscall_connect"),
    socket("__syscall_getpeername"),
    socket("__syscall_getsockname"),
    socket("__syscall_getsockopt"),
    socket("__syscall_listen"),
    call("__syscall__newselect", &[I32, I32, I32, I32, I32]),
    Signature { callbacks: &[Callback::ErrnoLocation], enters_guest: true, ..call("__syscall_poll", &[I32, I32, I32]) },
    call("__syscall_poll_nonblocking", &[I32, I32]),
    socket("__syscall_recvfrom"),
    socket("__syscall_recvmsg"),
    socket("__syscall_sendmsg"),
    socket("__syscall_sendto"),
    socket("__syscall_setsockopt"),
    socket("__syscall_shutdown"),
    socket("__syscall_socket"),
    socket("__syscall_socketpair"),
    // The address of IPv4 that a name has, as the network has it. This is all that `gethostbyname` asks.
    call("_emscripten_lookup_name", &[I32]),
    allocates(call("getaddrinfo", &[I32, I32, I32, I32])),
    allocates(call("gethostbyaddr", &[I32, I32, I32])),
    allocates(call("gethostbyname", &[I32])),
    call("getnameinfo", &[I32, I32, I32, I32, I32, I32, I32]),
    allocates(call("getprotobyname", &[I32])),
    // Pyodide asks this first. After 0 it goes on with a system call of its own, which fails.
    call("_try_shutdown", &[I32, I32, I32]),
];
