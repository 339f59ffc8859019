//! Brings the guest into the working directory of the process.
//!
//! A program of wasi-libc starts in `/`, and only its own `chdir` can change that. So the runtime calls that function, once,
//! with the guest's name for the directory, if a grant covers it.
//!
//! A directory may have no name that can be used: it was removed, its name is longer than any path may be, or a directory
//! above it cannot be searched. Then the guest gets a name that stands for it ([`WITHOUT_NAME`]), so that relative paths lead
//! where they lead a native program.

use super::witx::outcome::Stop;
use crate::guest::pointer::Guest;
use crate::guest::program::program;
use crate::guest::{cell, thread_state};
use crate::host::callback::{GuestFunction, callback};
use crate::process::configuration::Configuration;
use crate::process::phase;
use crate::vfs::path::PATH_BYTES_MAX;
use crate::vfs::path::namespace::{guest_working_directory, guest_working_directory_without_name};
use crate::vfs::path::working_directory::WITHOUT_NAME;
use adder_abi::callback::Callback;
use adder_abi::configuration::flag;
use adder_abi::program::{NOT_IN_THREAD_STATE, WorkingDirectory};
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering};
use rustix::fs::{Access, AtFlags, CWD, accessat};

/// Whether somebody has begun. Relaxed: whoever comes second neither waits for the first nor uses what it does. C
/// libraries ask for the arguments before they start threads.
static DONE: AtomicBool = AtomicBool::new(false);

/// What the shadow stack must have left beside the path, in bytes, so that `chdir` can run on it.
const SHADOW_STACK_BYTES_MIN: u32 = 16 << 10;

/// The longest name of a directory that is still of use, in bytes: the C library puts it before every relative path, and at
/// least one name has to fit behind it.
const NAME_BYTES_MAX: usize = PATH_BYTES_MAX - 256;

/// Calls the guest's `chdir` if that is wanted, possible and not done yet. A trap in its `chdir` ends it.
pub fn enter(guest: Guest) -> Result<(), Stop> {
    let memory = program().working_directory.memory;
    // A library that asks for the arguments has another memory than the one that `chdir` belongs to.
    if !memory.is_null() && !guest.is(memory) {
        return Ok(());
    }
    // At build there is no working directory yet: it comes when the guest goes on from the checkpoint.
    if phase::is_making() || DONE.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let configuration = Configuration::of_executable();
    if !configuration.has_flag(flag::INHERIT_WORKING_DIRECTORY) {
        return Ok(());
    }
    let Some(way) = Way::of_program() else { return Ok(()) };
    let mut buffer = [0; NAME_BYTES_MAX + 1];
    if let Some(directory) = host_working_directory(&mut buffer)
        && let Ok(named) = guest_working_directory(configuration, directory)
    {
        // If no grant covers it, the guest stays in its root.
        let Some(path) = named else { return Ok(()) };
        if path == b"/" || way.enter(guest, directory, &path)? {
            return Ok(());
        }
    }
    if let Some(path) = guest_working_directory_without_name(configuration) {
        way.enter(guest, WITHOUT_NAME, &path)?;
    }
    Ok(())
}

/// How the guest can be brought into a directory.
enum Way {
    /// By its `chdir`. Its shadow stack is needed for the name.
    Call { change_directory: GuestFunction<u32, i32>, stack_pointer: *mut u32 },
    /// By its `malloc` and the address of its variable that points to the name of the directory.
    Store { malloc: GuestFunction<u32, u32>, variable: u32 },
}

impl Way {
    /// The one that the compiler has found, if any.
    fn of_program() -> Option<Way> {
        let found = &program().working_directory;
        match u32::try_from(found.variable).ok()? {
            0 => {
                let change_directory = callback(Callback::ChangeDirectory)?;
                Some(Way::Call { change_directory, stack_pointer: stack_pointer(found)? })
            }
            variable => Some(Way::Store { malloc: callback(Callback::Malloc)?, variable }),
        }
    }

    /// Brings the guest into the directory that it calls `path` and the host `directory`. Returns whether it is there: not if
    /// it cannot be reached by that name.
    fn enter(&self, guest: Guest, directory: &[u8], path: &[u8]) -> Result<bool, Stop> {
        match self {
            // It looks whether there is such a directory.
            Way::Call { change_directory, stack_pointer } => call(guest, change_directory, *stack_pointer, path),
            Way::Store { malloc, variable } => {
                let is_found = directory == WITHOUT_NAME || is_reachable(directory);
                Ok(is_found && store(guest, malloc, *variable, path)?)
            }
        }
    }
}

/// The program's `__stack_pointer`, if it is known.
fn stack_pointer(found: &WorkingDirectory) -> Option<*mut u32> {
    if found.stack_pointer_in_thread != NOT_IN_THREAD_STATE {
        let state = thread_state::start(cell::this_cell());
        return Some(state.wrapping_add(found.stack_pointer_in_thread as usize).cast());
    }
    (!found.stack_pointer.is_null()).then_some(found.stack_pointer)
}

/// Whether the process may go to a directory by this name, which is its own: it may not if one above it cannot be searched.
fn is_reachable(directory: &[u8]) -> bool {
    accessat(CWD, directory, Access::EXISTS, AtFlags::empty()).is_ok()
}

/// Does what the program's `chdir` would do, of which only the variable is left: `variable` is the guest's address of the
/// pointer to the name of the working directory. The name is never freed, like the `/` that it starts as.
fn store(guest: Guest, malloc: &GuestFunction<u32, u32>, variable: u32, path: &[u8]) -> Result<bool, Stop> {
    let bytes = path.len() as u32 + 1;
    let address = malloc.call(bytes)?;
    if address == 0 {
        return Ok(false);
    }
    let (Ok(room), Ok(pointer)) = (guest.range(address, bytes.into()), guest.range(variable, 4)) else {
        return Ok(false);
    };
    room.write(path);
    room.part(path.len(), 1).write(&[0]);
    pointer.write(&address.to_le_bytes());
    Ok(true)
}

/// The name of the working directory, if it has one that can be used.
fn host_working_directory(buffer: &mut [u8]) -> Option<&[u8]> {
    // SAFETY: the buffer is as long as said.
    let found = unsafe { libc::getcwd(buffer.as_mut_ptr().cast(), buffer.len()) };
    // A directory that cannot be reached from the root has no name.
    let text = (!found.is_null()).then(|| CStr::from_bytes_until_nul(buffer).ok())??.to_bytes();
    text.starts_with(b"/").then_some(text)
}

/// Puts the path below the shadow stack pointer, where nothing of the guest can be while it is in a host call, and keeps
/// the pointer below it during the call. Returns whether `chdir` has succeeded.
fn call(
    guest: Guest,
    change_directory: &GuestFunction<u32, i32>,
    stack_pointer: *mut u32,
    path: &[u8],
) -> Result<bool, Stop> {
    // SAFETY: the program's own variable, which only its code and this function use, one after the other.
    let before = unsafe { stack_pointer.read() };
    let bytes = path.len() as u32 + 1;
    let Some(address) = before.checked_sub(bytes).map(|address| address & !15) else { return Ok(false) };
    if address < SHADOW_STACK_BYTES_MIN {
        return Ok(false);
    }
    let Ok(room) = guest.range(address, bytes.into()) else { return Ok(false) };
    room.write(path);
    room.part(path.len(), 1).write(&[0]);
    // SAFETY: as above.
    unsafe { stack_pointer.write(address) };
    let ended = change_directory.call(address);
    // SAFETY: as above.
    unsafe { stack_pointer.write(before) };
    Ok(ended? == 0)
}
