//! What a signal has interrupted, and the way back there.

use core::arch::naked_asm;
use core::ffi::c_void;
use libc::{mcontext_t, ucontext_t};

/// The register that holds the frame pointer.
const FRAME_POINTER: usize = 29;

/// The registers of a thread that a signal has interrupted. It goes on with what is put in here.
pub struct Registers<'a> {
    all: &'a mut mcontext_t,
}

impl Registers<'_> {
    /// Takes the last argument of a handler that was installed with `SA_SIGINFO`.
    ///
    /// # Safety
    /// The kernel has passed it to the handler, which uses it here only, as long as the result lives.
    pub unsafe fn of_context<'a>(context: *mut c_void) -> Registers<'a> {
        // SAFETY: promised by the caller.
        let context = unsafe { &mut *context.cast::<ucontext_t>() };
        Registers { all: &mut context.uc_mcontext }
    }

    /// Returns the address of the instruction.
    pub fn instruction(&self) -> u64 {
        self.all.pc
    }

    /// Returns the frame pointer.
    pub fn frame_pointer(&self) -> u64 {
        self.all.regs[FRAME_POINTER]
    }

    /// Returns the stack pointer.
    pub fn stack_pointer(&self) -> u64 {
        self.all.sp
    }

    /// Has the thread go on at an address, with this stack pointer, as if a function had returned `result`.
    pub fn go_on(&mut self, address: u64, stack_pointer: u64, result: u32) {
        self.all.pc = address;
        self.all.sp = stack_pointer;
        self.all.regs[0] = result.into();
    }

    /// Has the thread go on at an address, with all other registers as they are.
    pub(in crate::arch) fn continue_at(&mut self, address: u64) {
        self.all.pc = address;
    }
}

/// Where a handler returns to.
#[unsafe(naked)]
pub unsafe extern "C" fn return_from_signal() {
    naked_asm!("mov x8, {number}", "svc 0", number = const libc::SYS_rt_sigreturn)
}
