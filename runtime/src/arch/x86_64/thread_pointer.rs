//! Sets the thread pointer of the process's first thread, in place of the function of musl that does it by a system call:
//! where the kernel lets programs use the instruction for that, every start has one call less.

use core::arch::asm;
use core::ffi::{c_char, c_int, c_void};
use libc::{AT_HWCAP2, AT_NULL};

/// The bit of `AT_HWCAP2` that says that `wrfsbase` can be used (arch/x86/include/uapi/asm/hwcap2.h).
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// What `arch_prctl` is asked to do (arch_prctl(2)).
const ARCH_SET_FS: c_int = 0x1002;

unsafe extern "C" {
    /// musl's, which it sets before anything else.
    static environ: *const *const c_char;
}

/// See `__init_tp` in musl: 0, or a negative number if it cannot be done. It is called before there is a thread pointer, so
/// nothing here may use one, `errno` least of all.
///
/// # Safety
/// Only musl calls this, with the address of the first thread's descriptor.
#[unsafe(no_mangle)]
unsafe extern "C" fn __set_thread_area(pointer: *mut c_void) -> c_int {
    // SAFETY: musl has kept the vectors that the kernel put above the stack.
    let is_permitted = unsafe { auxiliary_value(AT_HWCAP2) } & HWCAP2_FSGSBASE != 0;
    if is_permitted {
        // SAFETY: the processor knows the instruction, and nobody uses the former value.
        unsafe { asm!("wrfsbase {}", in(reg) pointer, options(nostack, preserves_flags)) };
        return 0;
    }
    let mut result = libc::SYS_arch_prctl;
    // SAFETY: the system call reads and writes no memory; it changes the registers that are named.
    unsafe {
        asm!("syscall", inout("rax") result, in("rdi") ARCH_SET_FS, in("rsi") pointer,
            out("rcx") _, out("r11") _, options(nostack));
    }
    result as c_int
}

/// A value of the auxiliary vector, which lies behind the environment (getauxval(3)); 0 if there is none.
///
/// # Safety
/// `environ` is the vector that the kernel made.
unsafe fn auxiliary_value(kind: u64) -> u64 {
    // SAFETY: both vectors end where this stops.
    unsafe {
        let mut variable = environ;
        while !(*variable).is_null() {
            variable = variable.add(1);
        }
        let mut entry = variable.add(1).cast::<[u64; 2]>();
        while (*entry)[0] != AT_NULL && (*entry)[0] != kind {
            entry = entry.add(1);
        }
        if (*entry)[0] == kind { (*entry)[1] } else { 0 }
    }
}
