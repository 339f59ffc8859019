//! What a signal has interrupted, and the way back there.

use core::arch::naked_asm;
use core::ffi::c_void;
use libc::ucontext_t;

/// The registers of a thread that a signal has interrupted. It goes on with what is put in here.
pub struct Registers<'a> {
    all: &'a mut [libc::greg_t],
}

impl Registers<'_> {
    /// Takes the last argument of a handler that was installed with `SA_SIGINFO`.
    ///
    /// # Safety
    /// The kernel has passed it to the handler, which uses it here only, as long as the result lives.
    pub unsafe fn of_context<'a>(context: *mut c_void) -> Registers<'a> {
        // SAFETY: promised by the caller.
        let context = unsafe { &mut *context.cast::<ucontext_t>() };
        Registers { all: &mut context.uc_mcontext.gregs }
    }

    /// Returns the address of the instruction.
    pub fn instruction(&self) -> u64 {
        self.all[libc::REG_RIP as usize] as u64
    }

    /// Returns the frame pointer.
    pub fn frame_pointer(&self) -> u64 {
        self.all[libc::REG_RBP as usize] as u64
    }

    /// Returns the stack pointer.
    pub fn stack_pointer(&self) -> u64 {
        self.all[libc::REG_RSP as usize] as u64
    }

    /// Has the thread go on at an address, with this stack pointer, as if a function had returned `result`.
    pub fn go_on(&mut self, address: u64, stack_pointer: u64, result: u32) {
        self.all[libc::REG_RIP as usize] = address as i64;
        self.all[libc::REG_RSP as usize] = stack_pointer as i64;
        self.all[libc::REG_RAX as usize] = i64::from(result);
    }

    /// Has the thread go on at an address, with all other registers as they are.
    pub(in crate::arch) fn continue_at(&mut self, address: u64) {
        self.all[libc::REG_RIP as usize] = address as i64;
    }
}

/// Where a handler returns to.
#[unsafe(naked)]
pub unsafe extern "C" fn return_from_signal() {
    naked_asm!("mov eax, {number}", "syscall", number = const libc::SYS_rt_sigreturn)
}
