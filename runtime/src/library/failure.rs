//! What is said about a call that did not return.

use crate::guest::backtrace::write_backtrace;
use crate::guest::{border, trap};
use crate::process::output::write_guest_text;
use adder_abi::trap::TrapCode;
use core::ffi::c_char;
use core::fmt::{Result, Write};

const TEXT_BYTES: usize = 4 << 10;

/// A text that ends with a zero. What there is no room for is left out.
pub struct Failure {
    used: usize,
    text: [u8; TEXT_BYTES],
}

impl Failure {
    /// Nothing has failed yet.
    pub const NONE: Failure = Failure { used: 0, text: [0; TEXT_BYTES] };

    /// Forgets what is written.
    pub fn clear(&mut self) {
        self.used = 0;
        self.text[0] = 0;
    }

    /// Returns the text for C.
    pub fn text(&self) -> *const c_char {
        self.text.as_ptr().cast()
    }

    /// Writes what happened, and in which functions of the guest, as an executable does before it ends.
    pub fn trap(&mut self, code: TrapCode) {
        // What there is no room for is left out.
        let _ = self.write_str(code.message());
        if code == TrapCode::MissingImport {
            let _ = self.write_str(": ");
            write_guest_text(self, trap::missing_import(), 200);
        }
        let _ = self.write_str("\n");
        write_backtrace(self, &border::trap_place());
        if self.text[..self.used].ends_with(b"\n") {
            self.used -= 1;
            self.text[self.used] = 0;
        }
    }
}

impl Write for Failure {
    fn write_str(&mut self, text: &str) -> Result {
        let room = TEXT_BYTES - 1 - self.used;
        let text = &text[..text.floor_char_boundary(room)];
        self.text[self.used..][..text.len()].copy_from_slice(text.as_bytes());
        self.used += text.len();
        self.text[self.used] = 0;
        Ok(())
    }
}
