//! The process: its arguments, its end, its user, and what it writes about itself.

use super::super::interface;
use super::identity::user;
use super::library::{fail, text, write_text};
use crate::guest::pointer::Guest;
use crate::guest::trap;
use crate::host::callback::callback;
use crate::host::vectors::arguments_by_path;
use crate::host::wasi::random::random_get;
use crate::process::output::{Output, write_guest_text};
use adder_abi::callback::Callback;
use adder_abi::trap::TrapCode;
use core::fmt::Write;
use core::sync::atomic::{AtomicU32, Ordering};
use rustix::io::Errno;

interface! {
    emscripten::process;
    adder_emscripten_process_arguments = arguments(Guest);
    adder_emscripten_process___assert_fail = assert_fail(
        Guest, condition: u32, file: u32, line: u32, function: u32
    );
    adder_emscripten_process___syscall_getuid32_js = user(Guest);
    adder_emscripten_process__abort_js = abort(Guest);
    adder_emscripten_process_abort = abort(Guest);
    adder_emscripten_process__emscripten_get_progname = program_name(Guest, buffer: u32, bytes: u32);
    adder_emscripten_process__emscripten_system = system(Guest, command: u32);
    adder_emscripten_process_emscripten_log_impl_js = log(Guest, message: u32);
    adder_emscripten_process__emscripten_log_formatted = log_formatted(Guest, flags: u32, message: u32);
    adder_emscripten_process_emscripten_num_logical_cores = logical_cores(Guest);
    adder_emscripten_process_exit = exit(Guest, status: u32);
    adder_emscripten_process_getentropy = entropy(Guest, buffer: u32, bytes: u32);
    adder_emscripten_process_getloadavg = load_averages(Guest, averages: u32, count: u32);
    adder_emscripten_process_setTempRet0 = set_upper_half(Guest, value: u32);
    adder_emscripten_process_getTempRet0 = upper_half(Guest);
    adder_emscripten_process_system = system(Guest, command: u32);
}

/// Writes the arguments onto the stack of the main function. Returns how many there are, and the address of their addresses.
fn arguments(guest: Guest) -> Result<(u32, u32), TrapCode> {
    let outside = |_| TrapCode::MemoryOutOfBounds;
    let allocate = callback::<u32, u32>(Callback::StackAllocate).or_else(|| callback(Callback::StackAllocateOld));
    // A program without takes no arguments.
    let Some(allocate) = allocate else { return Ok((0, 0)) };
    let count = arguments_by_path().count() as u32;
    let addresses = allocate.call((count + 1).saturating_mul(4))?;
    let places = guest.array::<u32>(addresses, count + 1).map_err(outside)?;
    for (place, argument) in places.places().zip(arguments_by_path()) {
        let bytes = argument.len() as u32 + 1;
        let address = allocate.call(bytes)?;
        write_text(guest.range(address, bytes.into()).map_err(outside)?, argument);
        place.write(address);
    }
    if let Some(last) = places.get(count as usize) {
        last.write(0);
    }
    Ok((count, addresses))
}

/// Ends the program in order: what `atexit` was told is called, and streams are written out.
fn exit(_guest: Guest, status: u32) -> Result<(), TrapCode> {
    if let Some(run) = callback::<(), ()>(Callback::RunExitHandlers) {
        run.call(())?;
    }
    match callback::<(), ()>(Callback::FlushStreams) {
        Some(flush) => flush.call(())?,
        None => {
            if let Some(flush) = callback::<u32, u32>(Callback::Flush) {
                flush.call(0)?;
            }
        }
    }
    trap::exit(status);
    Err(TrapCode::Exit)
}

fn abort(_guest: Guest) -> Result<(), TrapCode> {
    Err(TrapCode::Abort)
}

/// Bytes of a text that is written for the guest.
const MESSAGE_BYTES_MAX: usize = 1 << 16;

/// Writes why an assertion failed, and ends the program.
fn assert_fail(guest: Guest, condition: u32, file: u32, line: u32, function: u32) -> Result<(), TrapCode> {
    let mut error = Output::error();
    for (address, behind) in
        [(file, b":".as_slice()), (0, b": "), (function, b": assertion failed: "), (condition, b"\n")]
    {
        match (address, text(guest, address, MESSAGE_BYTES_MAX, Errno::OVERFLOW)) {
            (0, _) => drop(write!(error, "{line}")),
            (_, Ok(text)) => write_guest_text(&mut error, &text, 200),
            (_, Err(_)) => error.bytes(b"?"),
        }
        error.bytes(behind);
    }
    Err(TrapCode::Abort)
}

/// Writes the name of the program into a buffer.
fn program_name(guest: Guest, buffer: u32, bytes: u32) -> Result<(), TrapCode> {
    let buffer = guest.range(buffer, bytes.into()).map_err(|_| TrapCode::MemoryOutOfBounds)?;
    write_text(buffer, arguments_by_path().next().unwrap_or_default());
    Ok(())
}

/// Says that there is no shell, or fails to run a command: a program starts no others.
fn system(_guest: Guest, command: u32) -> Result<u32, Errno> {
    if command == 0 { Ok(0) } else { Err(Errno::NOSYS) }
}

/// Writes a message of the program to standard error.
fn log(guest: Guest, message: u32) -> Result<(), TrapCode> {
    log_formatted(guest, 0, message)
}

fn log_formatted(guest: Guest, _flags: u32, message: u32) -> Result<(), TrapCode> {
    if let Ok(text) = text(guest, message, MESSAGE_BYTES_MAX, Errno::OVERFLOW) {
        let mut error = Output::error();
        write_guest_text(&mut error, &text, text.len());
        error.bytes(b"\n");
    }
    Ok(())
}

/// One: a program without threads can use no more.
fn logical_cores(_guest: Guest) -> u32 {
    1
}

/// The most bytes that are given at once.
const ENTROPY_BYTES_MAX: u32 = 256;

/// Fills a buffer with random bytes.
fn entropy(guest: Guest, buffer: u32, bytes: u32) -> Result<u32, TrapCode> {
    let filled = match bytes {
        0..=ENTROPY_BYTES_MAX => random_get(guest, buffer, bytes),
        _ => return fail(guest, Errno::IO),
    };
    filled.map_or_else(|_| fail(guest, Errno::FAULT), |()| Ok(0))
}

/// Writes how many processes were runnable on average, as far as they are asked for. Returns how many numbers that are, or -1.
fn load_averages(guest: Guest, averages: u32, count: u32) -> u32 {
    let mut loads = [0_f64; 3];
    // SAFETY: there is room for three.
    let found = unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) };
    let count = count.min(u32::try_from(found).unwrap_or(0));
    match guest.array::<u64>(averages, count) {
        Ok(places) if found > 0 => {
            for (place, load) in places.places().zip(loads) {
                place.write(load.to_bits());
            }
            count
        }
        _ => u32::MAX,
    }
}

/// The upper half of a result of 64 bits, where a program returns it apart. Relaxed: programs of Emscripten have one
/// thread.
static UPPER_HALF: AtomicU32 = AtomicU32::new(0);

fn set_upper_half(_guest: Guest, value: u32) {
    UPPER_HALF.store(value, Ordering::Relaxed);
}

fn upper_half(_guest: Guest) -> u32 {
    UPPER_HALF.load(Ordering::Relaxed)
}
