//! A program that is a library (feature `library`): it has no process of its own, but functions that a program in C, or in any
//! language that calls C, calls. For each there is a function in generated code, which puts parameters into slots and calls
//! [`adder_library_call`].
//!
//! The library is one instance of the program, with one guest stack. It comes into being with the first call, and its callers take
//! turns: who calls while another thread's call is under way waits. A call by a signal handler that has interrupted a call of the same
//! thread can never have its turn, and is refused.
//!
//! What ends the guest ends the call, and nothing else: the instance stays as it is, and can be called again. The process
//! belongs to the host program. So nothing here ends it, or changes for good what it has for signals, but for the handlers of faults
//! ([`crate::process::signals::chain`]).

mod failure;
mod thread;

use crate::arch;
use crate::guest::border;
use crate::guest::cell::{self, ThreadCell};
use crate::guest::program::program;
use crate::guest::{memory, table, thread_state, trap};
use crate::process::lock::Lock;
use crate::process::reservation::ReservationError;
use crate::process::signals::chain;
use crate::run::activation::activate_instances;
use adder_abi::ABI_VERSION;
use adder_abi::arch::CpuLevel;
use adder_abi::library;
use adder_abi::program::{EntryFunction, Memory, StackPointer};
use adder_abi::trap::TrapCode;
use core::ffi::c_char;
use core::fmt::Write;
use core::ptr::null_mut;
use core::slice;
use failure::Failure;
use thread::HostThread;

/// The instance, as far as it has come into being.
struct Instance {
    /// The cell of the guest stack; null before there is one.
    cell: *mut ThreadCell,
    /// What became of its activation; `None` before it. Whose activation has failed never comes into being.
    activation: Option<Result<(), TrapCode>>,
}

// SAFETY: whoever has the lock is the only one that uses the cell.
unsafe impl Send for Instance {}

static INSTANCE: Lock<Instance> = Lock::new(Instance { cell: null_mut(), activation: None });

/// Calls a function of the guest. See [`adder_abi::symbol::LIBRARY_CALL`].
///
/// # Safety
/// `entry` is an entry wrapper of the program, and `values` has as many slots as it says, enough for `entry`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_library_call(entry: EntryFunction, values: *mut u64, slots: u64) -> u32 {
    // SAFETY: promised by the caller.
    with_instance(|| unsafe { border::enter(entry, core::slice::from_raw_parts_mut(values, slots as usize)) })
}

/// Says where a memory is. See [`adder_abi::symbol::LIBRARY_MEMORY`].
///
/// # Safety
/// `memory` is a memory of the program, and `bytes` null or a place for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_library_memory(memory: *mut Memory, bytes: *mut u64) -> *mut u8 {
    let mut base = null_mut();
    with_instance(|| {
        // SAFETY: promised by the caller; nobody else uses the instance.
        unsafe {
            base = (*memory).base;
            if !bytes.is_null() {
                bytes.write((*memory).size_bytes);
            }
        }
        Ok(())
    });
    base
}

/// Copies a global. See [`adder_abi::symbol::LIBRARY_COPY`].
///
/// # Safety
/// One of both is a global of the program, and both have so many bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn adder_library_copy(destination: *mut u8, source: *const u8, bytes: u64) -> u32 {
    with_instance(|| {
        // SAFETY: promised by the caller; nobody else uses the instance.
        unsafe { core::ptr::copy(source, destination, bytes as usize) };
        Ok(())
    })
}

/// Says what the latest failure was. See [`adder_abi::symbol::LIBRARY_FAILURE`]. It stays readable until the thread's next one.
#[unsafe(no_mangle)]
pub extern "C" fn adder_library_failure() -> *const c_char {
    HostThread::this().map_or(c"there is no memory to say what happened".as_ptr(), |thread| {
        // SAFETY: only this thread uses what is its own.
        unsafe { (*thread).failure.text() }
    })
}

/// Says what the guest has exited with. See [`adder_abi::symbol::LIBRARY_EXIT_STATUS`].
#[unsafe(no_mangle)]
pub extern "C" fn adder_library_exit_status() -> i32 {
    // SAFETY: only this thread uses what is its own.
    HostThread::this().map_or(0, |thread| unsafe { (*thread).exit_status })
}

/// Does `work` in the instance as its only user, in which it may enter the guest. Returns 0, or what the call returns that it is for.
fn with_instance(work: impl FnOnce() -> Result<(), TrapCode>) -> u32 {
    let Some(thread) = HostThread::this() else { return library::UNAVAILABLE };
    let call = || {
        INSTANCE.with(|instance| {
            // SAFETY: only this thread uses what is its own, and no handler of its signals comes here.
            instance.run(work).map_or_else(|stop| unsafe { stop.tell(&mut *thread) }, |()| 0)
        })
    };
    // SAFETY: it is that of this thread.
    unsafe { HostThread::once(thread, call) }.unwrap_or(library::BUSY)
}

/// Why a call did not return.
enum Stop {
    Trap(TrapCode),
    NoMemory(ReservationError),
    Cpu(CpuLevel),
    Version,
}

impl From<TrapCode> for Stop {
    fn from(code: TrapCode) -> Stop {
        Stop::Trap(code)
    }
}

impl From<ReservationError> for Stop {
    fn from(error: ReservationError) -> Stop {
        Stop::NoMemory(error)
    }
}

impl Instance {
    /// Does `work` with the guest stack as that of this thread.
    fn run(&mut self, work: impl FnOnce() -> Result<(), TrapCode>) -> Result<(), Stop> {
        if self.cell.is_null() {
            self.cell = reserve()?;
        }
        // The program that calls may compute in another way: numpy's and gcc's `-ffast-math` flush small numbers to zero.
        let floats = arch::default_float_control();
        let result = self.activate().and_then(|()| {
            save_stack_pointers();
            work().inspect_err(|_| restore_stack_pointers())
        });
        arch::set_float_control(floats);
        Ok(result?)
    }

    /// Activates the instances, unless that was tried before.
    fn activate(&mut self) -> Result<(), TrapCode> {
        *self.activation.get_or_insert_with(|| {
            activate_instances()?;
            match program().entry {
                // SAFETY: everything is reserved; what initializes a library has neither parameters nor results.
                Some(initialize) => unsafe { border::enter(initialize, &mut []) },
                None => Ok(()),
            }
        })
    }
}

/// The pointers to shadow stacks. Only who has the instance uses them.
fn stack_pointers() -> &'static mut [StackPointer] {
    match program().stack_pointer_count {
        0 => &mut [],
        // SAFETY: pointer and count belong together; whoever calls this has the instance, and uses each result before the next one.
        count => unsafe { slice::from_raw_parts_mut(program().stack_pointers, count as usize) },
    }
}

/// Notes how much of their shadow stacks instances use.
fn save_stack_pointers() {
    for pointer in stack_pointers() {
        // SAFETY: a global of the program, which does not run now.
        pointer.saved = unsafe { pointer.global.read() };
    }
}

/// Frees what a call has used of shadow stacks that did not return.
fn restore_stack_pointers() {
    for pointer in stack_pointers() {
        // SAFETY: likewise.
        unsafe { pointer.global.write(pointer.saved) };
    }
}

/// Makes the address plan true. Returns the cell of the guest stack.
fn reserve() -> Result<*mut ThreadCell, Stop> {
    // A program is linked with the archive that its maker has. What follows the version may be different in another one.
    if program().abi_version != ABI_VERSION {
        return Err(Stop::Version);
    }
    let level =
        CpuLevel::from_number(program().cpu_level.into()).expect("this version's compiler knows the same levels");
    if arch::lacking(level).next().is_some() {
        return Err(Stop::Cpu(level));
    }
    let cell = cell::reserve_first_stack()?;
    // SAFETY: the guest has not been entered, so nobody uses the stack yet.
    let begun =
        unsafe { memory::reserve_all().and_then(|()| table::reserve_all()).and_then(|()| thread_state::begin(cell)) };
    if let Err(error) = begun {
        // It may be tried again.
        // SAFETY: nobody uses the stack; no cell is always good.
        unsafe {
            cell::use_cell(null_mut());
            cell::release_stack(cell);
        }
        return Err(error.into());
    }
    chain::install_handlers(trap::handle_fault);
    Ok(cell)
}

impl Stop {
    /// Writes down for the thread what happened. Returns what the call returns.
    fn tell(self, thread: &mut HostThread) -> u32 {
        let failure = &mut thread.failure;
        failure.clear();
        match self {
            Stop::NoMemory(error) => {
                // There is always room for the beginning, and nobody misses the rest.
                let _ = write!(failure, "{error}");
                library::UNAVAILABLE
            }
            Stop::Cpu(level) => {
                let _ = write!(failure, "the library needs a CPU of level {}", level.name());
                library::UNAVAILABLE
            }
            Stop::Version => {
                let _ = failure.write_str("the object and libadder_runtime.a are of different versions of adder");
                library::UNAVAILABLE
            }
            Stop::Trap(TrapCode::Exit) => {
                thread.exit_status = trap::exit_status() as i32;
                let _ = write!(failure, "exited with status {}", thread.exit_status);
                TrapCode::Exit as u32
            }
            Stop::Trap(code) => {
                failure.trap(code);
                code as u32
            }
        }
    }
}

const _: () = assert!(library::UNAVAILABLE > TrapCode::ALL.len() as u32 && library::BUSY > TrapCode::ALL.len() as u32);
