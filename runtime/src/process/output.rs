//! Text to standard output and error, collected in a small buffer: one system call a message, and no allocation, so that
//! it also works when memory is short.

use crate::process::signals::ignore_signals_of_writes;
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

/// Writes text that comes from the guest, so that it can neither steer a terminal nor pass for something else: control
/// characters and those that change the direction of text are escaped, and so is what is not UTF-8.
pub fn write_guest_text(output: &mut impl Write, text: &[u8], characters_max: usize) {
    let mut room = characters_max;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            if room == 0 {
                let _ = output.write_str("...");
                return;
            }
            room -= 1;
            let _ = match character {
                '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}' => {
                    write!(output, "{}", character.escape_unicode())
                }
                _ if character.is_control() => write!(output, "{}", character.escape_unicode()),
                _ => output.write_char(character),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(output, "\\x{byte:02x}");
        }
    }
}
