//! Sockets that were open when the program started: descriptor 0.

use crate::raw::{self, *};

const PEEK: u32 = 1;
const SHUTDOWN_WRITE: u32 = 2;

/// Descriptor 0 is one end of a pair of connected sockets.
pub fn stream() {
    let mut fdstat = Fdstat::default();
    assert_eq!(fd_fdstat_get(0, &mut fdstat), SUCCESS);
    assert_eq!(fdstat.filetype, 6, "a stream socket");
    let mut buffer = [0; 16];
    assert_eq!(receive(0, &mut buffer, PEEK), Ok(4));
    assert_eq!(receive(0, &mut buffer, 0), Ok(4));
    assert_eq!(&buffer[..4], b"ping");
    assert_eq!(send(0, b"pong"), Ok(4));
    assert_eq!(sock_shutdown(0, SHUTDOWN_WRITE), SUCCESS);
    let errno = send(0, b"late").unwrap_err();
    assert_eq!(errno, PIPE);
    assert_eq!(receive(0, &mut buffer, 0), Ok(0), "the host hung up");
    let file = create(grant("/box"), "not-a-socket", b"");
    assert_eq!(send(file, b"x").unwrap_err(), NOTSOCK);
    assert_eq!(receive(12345, &mut buffer, 0).unwrap_err(), BADF);
    assert_eq!(sock_shutdown(0, 99), INVAL);
    let mut accepted = 0;
    assert_ne!(sock_accept(0, 0, &mut accepted), SUCCESS, "this socket does not listen");
}

/// Descriptor 0 is a listening socket.
pub fn accept() {
    let mut accepted = 0;
    assert_eq!(sock_accept(0, 0, &mut accepted), SUCCESS);
    assert!(accepted > 2);
    let mut buffer = [0; 16];
    assert_eq!(raw::read(accepted, &mut buffer), Ok(5), "sockets are read like files, too");
    assert_eq!(raw::write(accepted, &buffer[..5]), Ok(5));
    assert_eq!(fd_close(accepted), SUCCESS);
    assert_eq!(sock_accept(0, NONBLOCK, &mut accepted), SUCCESS);
    assert_eq!(receive(accepted, &mut buffer, 0), Err(AGAIN), "accepted without waiting, and nothing was sent");
}
