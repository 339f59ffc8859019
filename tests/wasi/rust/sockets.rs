//! Sockets that were handed over to the program: descriptor 3. And one that is its standard input and output.

use crate::raw::{self, *};

const PEEK: u32 = 1;
const SHUTDOWN_WRITE: u32 = 2;

/// Descriptor 3 is one end of a pair of connected sockets.
pub fn stream() {
    let mut fdstat = Fdstat::default();
    assert_eq!(fd_fdstat_get(3, &mut fdstat), SUCCESS);
    assert_eq!(fdstat.filetype, 6, "a stream socket");
    let mut buffer = [0; 16];
    assert_eq!(receive(3, &mut buffer, PEEK), Ok(4));
    assert_eq!(receive(3, &mut buffer, 0), Ok(4));
    assert_eq!(&buffer[..4], b"ping");
    assert_eq!(send(3, b"pong"), Ok(4));
    assert_eq!(sock_shutdown(3, SHUTDOWN_WRITE), SUCCESS);
    let errno = send(3, b"late").unwrap_err();
    assert_eq!(errno, PIPE);
    assert_eq!(receive(3, &mut buffer, 0), Ok(0), "the host hung up");
    let file = create(grant("/box"), "not-a-socket", b"");
    assert_eq!(send(file, b"x").unwrap_err(), NOTSOCK);
    assert_eq!(receive(12345, &mut buffer, 0).unwrap_err(), BADF);
    assert_eq!(sock_shutdown(3, 99), INVAL);
    let mut accepted = 0;
    assert_ne!(sock_accept(3, 0, &mut accepted), SUCCESS, "this socket does not listen");
}

/// Descriptors 0 and 1 are one end of a pair of connected sockets, as of a service of inetd: one is for reading, one for writing.
pub fn service() {
    let mut buffer = [0; 16];
    assert_eq!(receive(0, &mut buffer, PEEK), Ok(4));
    assert_eq!(raw::read(0, &mut buffer), Ok(4));
    assert_eq!(send(0, b"pong"), Err(BADF));
    assert_eq!(receive(1, &mut buffer, 0), Err(BADF));
    assert_eq!(fd_fdstat_set_flags(0, NONBLOCK), SUCCESS);
    assert_eq!(receive(0, &mut buffer, 0), Err(AGAIN));
    assert_eq!(raw::read(0, &mut buffer), Err(AGAIN));
    assert_eq!(sock_shutdown(1, SHUTDOWN_WRITE), BADF, "the connection is not the guest's to end");
    assert_eq!(send(1, b"po"), Ok(2));
    assert_eq!(raw::write(1, b"ng"), Ok(2));
}

/// Descriptor 3 is a listening socket that nobody connects to.
pub fn accept_nothing() {
    let mut accepted = 0;
    assert_eq!(fd_fdstat_set_flags(3, NONBLOCK), SUCCESS);
    assert_eq!(sock_accept(3, 0, &mut accepted), AGAIN);
}

/// Descriptor 3 is a listening socket.
pub fn accept() {
    let mut accepted = 0;
    assert_eq!(sock_accept(3, 0, &mut accepted), SUCCESS);
    assert!(accepted > 2);
    let mut buffer = [0; 16];
    assert_eq!(raw::read(accepted, &mut buffer), Ok(5), "sockets are read like files, too");
    assert_eq!(raw::write(accepted, &buffer[..5]), Ok(5));
    assert_eq!(fd_close(accepted), SUCCESS);
    assert_eq!(sock_accept(3, NONBLOCK, &mut accepted), SUCCESS);
    assert_eq!(receive(accepted, &mut buffer, 0), Err(AGAIN), "accepted without waiting, and nothing was sent");
}
