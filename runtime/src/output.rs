//! Text to standard output and error, collected in a small buffer: one system call a message, and no allocation, so that
//! it also works when memory is short.

use crate::signals::ignore_signals_of_writes;
use core::fmt::{Result, Write};
use rustix::fd::BorrowedFd;
use rustix::io::{Errno, write};

/// A descriptor with a buffer in front of it. What is left is written when it is dropped. Write errors are swallowed:
/// nobody is left to be told.
pub struct Output {
    descriptor: i32,
    used: usize,
    buffer: [u8; 1024],
}

impl Output {
    /// Standard output.
    pub const fn standard() -> Output {
        Output { descriptor: 1, used: 0, buffer: [0; 1024] }
    }

    /// Standard error.
    pub const fn error() -> Output {
        Output { descriptor: 2, used: 0, buffer: [0; 1024] }
    }

    /// Writes what the buffer holds.
    pub fn flush(&mut self) {
        // SAFETY: standard descriptors stay open as long as the process; if not, the write fails and nothing else.
        let descriptor = unsafe { BorrowedFd::borrow_raw(self.descriptor) };
        let mut rest = &self.buffer[..self.used];
        ignore_signals_of_writes();
        while !rest.is_empty() {
            match write(descriptor, rest) {
                Ok(0) => break,
                Ok(written) => rest = &rest[written.min(rest.len())..],
                Err(Errno::INTR) => {}
                Err(_) => break,
            }
        }
        self.used = 0;
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.used == self.buffer.len() {
                self.flush();
            }
            let (now, later) = rest.split_at(rest.len().min(self.buffer.len() - self.used));
            self.buffer[self.used..][..now.len()].copy_from_slice(now);
            self.used += now.len();
            rest = later;
        }
    }
}

impl Write for Output {
    fn write_str(&mut self, text: &str) -> Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.flush();
    }
}
