//! What the border of any architecture and the rest of the runtime agree on.

use core::sync::atomic::AtomicU64;

/// What the border keeps of the thread that runs on a guest stack: the beginning of its thread cell.
#[repr(C)]
pub struct BorderState {
    /// Host stack pointer as the innermost entry left it; its saved state begins there.
    pub host_stack_pointer: u64,
    /// Frame pointer of the host call that is being served, which is also its stack pointer; 0 if there is none. The
    /// next nested entry continues below.
    pub guest_frame: u64,
    /// Where the latest trap happened; 0 if none did since the last entry.
    pub trap_address: u64,
    /// The guest's frame pointer there.
    pub trap_frame: u64,
    /// Where the guest goes on when an exception was caught.
    pub resumption: Resumption,
    /// Where the outermost entry begins: the lower end of the thread state.
    pub stack_top: u64,
    /// The stack pointer of a guest that was left for a checkpoint; its registers lie there.
    pub checkpoint_stack_pointer: u64,
}

/// Where the guest goes on, and with what: the contract of [`adder_abi::exception::Handler`].
#[repr(C)]
pub struct Resumption {
    /// The handler.
    pub address: u64,
    /// Its stack pointer.
    pub stack: u64,
    /// Its frame pointer.
    pub frame: u64,
    /// Address of the exception's payload.
    pub payload: u64,
    /// The exception.
    pub exception: u64,
}

/// Size of the guest stack region less one: what to fill into a guest stack pointer to get the region's last byte.
/// Relaxed, and without any order in the border: it is written before the first thread enters the guest, and
/// `pthread_create` publishes it to the others. In a library, the lock around each call does.
pub static STACK_MASK: AtomicU64 = AtomicU64::new(0);

/// The signals that have come and that the guest is still to be told of, each a bit: that of signal 1 is the lowest. Generated code
/// looks here after it has called the runtime ([`adder_abi::symbol::PENDING_SIGNALS`]). Relaxed, and without any order
/// in generated code: a bit says all that there is to say of a signal, and a thread sees the writes of a handler that
/// has interrupted it.
#[unsafe(export_name = "adder_pending_signals")]
pub static PENDING: AtomicU64 = AtomicU64::new(0);

const _: () = assert!(matches!(adder_abi::symbol::PENDING_SIGNALS.as_bytes(), b"adder_pending_signals"));

/// What the border calls on the host stack when an exception is thrown. The border knows nothing of exceptions: `heap` implements
/// this.
///
/// Each function returns 0 if the exception is caught, and the state says where; or else the code to leave the innermost entry
/// with.
///
/// # Safety
/// The border calls these: `frame` is the frame of its own on the guest stack, and `state` that of the cell of this thread.
pub trait Exceptions {
    /// Makes an exception and throws it.
    ///
    /// # Safety
    /// See above; `payload` is so many words, anything if there are none.
    unsafe extern "C" fn throw(tag: u32, words: u32, payload: *const u64, frame: u64, state: *mut BorderState) -> u32;

    /// Throws an exception that the guest has a reference to.
    ///
    /// # Safety
    /// See above.
    unsafe extern "C" fn throw_ref(exception: u64, frame: u64, state: *mut BorderState) -> u32;

    /// Goes on with an exception that was not caught in a nested entry, from the frame of the host call it was under.
    ///
    /// # Safety
    /// See above.
    unsafe extern "C" fn go_on(frame: u64, state: *mut BorderState) -> u32;
}
