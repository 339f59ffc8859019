//! The life of a process, from musl's start files to the guest's end, top to bottom. The policy of a process (what is
//! printed, what it ends with) is here and nowhere else.
//!
//! Exit statuses, besides the guest's own: those of [`adder_abi::status`].

use crate::arch;
use crate::checkpoint::{self, make, restore, trial, world};
use crate::guest::backtrace::write_backtrace;
use crate::guest::border;
use crate::guest::cell;
use crate::guest::memory;
use crate::guest::program::{instances, program, text};
use crate::guest::table;
use crate::guest::thread_state;
use crate::guest::trap;
use crate::host::wasi;
use crate::process;
use crate::process::configuration::Configuration;
use crate::process::output::{Output, write_guest_text};
use crate::process::phase;
use crate::process::protect;
use crate::process::reservation;
use crate::process::reservation::{ReservationError, Resource};
use crate::process::signals;
use crate::process::vectors;
use crate::profile;
use crate::signature::{self, SLOTS_MAX, Value};
use crate::vfs::descriptors;
use adder_abi::ABI_VERSION;
use adder_abi::checkpoint::{CHECKPOINT_FILE, Checkpoint};
use adder_abi::configuration::flag;
use adder_abi::cpu::CpuLevel;
use adder_abi::plan::{LOW_MEMORY_BASE, MemoryPlan, low_stack_base};
use adder_abi::program::EntryFunction;
use adder_abi::status;
use adder_abi::trap::TrapCode;
use core::ffi::{c_char, c_int};
use core::fmt::{Display, Write};
use core::sync::atomic::{AtomicBool, Ordering};
use rustix::process::getrlimit;

/// Called by musl's start files when the executable is relocated and its libc ready.
#[cfg_attr(not(test), unsafe(no_mangle))]
extern "C" fn main(_count: c_int, arguments: *const *const c_char, environment: *const *const c_char) -> c_int {
    assert!(program().abi_version == ABI_VERSION, "compiled for another version of the runtime");
    check_cpu();
    // SAFETY: these are the vectors that the kernel put above the stack.
    unsafe { vectors::keep(arguments, environment) };
    let saved = restore::saved();
    // Before anything could allocate: the guest's addresses must still be free.
    if let Err(error) = reserve(saved) {
        fail_reservation(&error);
    }
    signals::install_handlers(trap::handle_fault);
    protect::protect_relocated();
    #[cfg(feature = "script")]
    crate::script::run();
    #[cfg(not(feature = "script"))]
    run(saved)
}

/// Ends the process if the CPU lacks what generated code was built for.
fn check_cpu() {
    let level = CpuLevel::from_number(program().cpu_level).expect("the compiler knows the same levels");
    // Asking costs a microsecond or more in a virtual machine.
    if level == CpuLevel::V1 {
        return;
    }
    if arch::lacking(level).next().is_none() {
        return;
    }
    let lacking = core::fmt::from_fn(|f| {
        arch::lacking(level).enumerate().try_for_each(|(index, extension)| {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", extension.name)
        })
    });
    let message = format_args!("this executable needs a CPU of level {}; this one lacks {lacking}", level.name());
    fail(message, Some("build it with `--cpu x86-64`, for any CPU"))
}

/// Makes the address plan true, and the saved state, if there is one, the program's.
fn reserve(saved: Option<&'static Checkpoint>) -> Result<(), ReservationError> {
    // What is saved holds addresses.
    if Configuration::of_executable().has_flag(flag::CHECKPOINT) {
        reservation::begin_fixed();
    }
    if program().memory_plan == MemoryPlan::Low as u32 && memory::has_low() {
        // Memory 0, what lies between, and the stack.
        let stack_bytes = program().stack_bytes;
        reservation::reserve_together(LOW_MEMORY_BASE..low_stack_base(stack_bytes) + stack_bytes);
    }
    let cell = cell::reserve_first_stack()?;
    match saved {
        Some(saved) => restore::restore(saved, cell)?,
        None => {
            memory::reserve_all()?;
            table::reserve_all()?;
            // SAFETY: the guest has not been entered, so nobody uses the stack yet.
            unsafe { thread_state::begin(cell) }?;
        }
    }
    reservation::end_fixed();
    Ok(())
}

/// Starts the guest, or lets it go on from a checkpoint, and ends the process.
#[cfg_attr(feature = "script", allow(dead_code))]
fn run(saved: Option<&'static Checkpoint>) -> ! {
    match saved {
        Some(saved) => go_on(saved),
        None => activate(),
    }
    exit_once(0)
}

/// Activates the instances in order, and calls the entry.
fn activate() {
    for instance in instances() {
        if let Some(activate) = instance.activate {
            // SAFETY: everything is reserved; an activation has neither parameters nor results.
            unsafe { border::enter(activate, &mut []) }.unwrap_or_else(|code| end(code));
        }
    }
    if let Some(initialization) = program().initialization {
        // SAFETY: as above, for an initialization.
        unsafe { border::enter(initialization, &mut []) }.unwrap_or_else(|code| end(code));
        if phase::is_making() {
            make::write_initialized();
        }
    }
    make::entered();
    enter();
}

/// Goes on from a checkpoint.
fn go_on(saved: &'static Checkpoint) {
    if phase::is_trial() {
        world::go_on_from(&saved.resume);
    }
    // SAFETY: all of the guest's state is restored, and the guest does not run yet.
    unsafe { wasi::clock::go_on_from(&saved.resume) };
    if !Configuration::of_executable().has_flag(flag::DECIDES) {
        checkpoint::explain::went_on();
    }
    match restore::under_way(saved) {
        Some(resume) => {
            if let Err(error) = descriptors::reopen_checkpoint(resume.descriptor as u32) {
                fail(format_args!("cannot open {CHECKPOINT_FILE}: error {}", error.raw_os_error()), None);
            }
            // SAFETY: all of its state is restored.
            unsafe { border::go_on(resume) }.unwrap_or_else(|code| end(code));
        }
        None => enter(),
    }
}

/// Calls the entry.
fn enter() {
    if let Some(entry) = program().entry {
        match signature::split(text(&program().entry_signature)) {
            // SAFETY: everything is reserved, and the entry has neither parameters nor results.
            ([], []) => unsafe { border::enter(entry, &mut []) }.unwrap_or_else(|code| end(code)),
            (parameters, results) => call_with_arguments(entry, parameters, results),
        }
    }
}

/// Activates what a further thread has of its own.
pub(crate) fn activate_thread() {
    for activate in instances().iter().filter_map(|instance| instance.activate_thread) {
        // SAFETY: everything is reserved; an activation has neither parameters nor results.
        unsafe { border::enter(activate, &mut []) }.unwrap_or_else(|code| end(code));
    }
}

/// Calls the function that `--invoke` named at build: the arguments of the process are its parameters, and its results
/// are printed. A function of its own, because the slots would cost every start two pages of stack.
#[inline(never)]
fn call_with_arguments(entry: EntryFunction, parameters: &[u8], results: &[u8]) {
    if signature::slot_count(parameters).max(signature::slot_count(results)) > SLOTS_MAX {
        fail_usage(format_args!("a function with more than {SLOTS_MAX} values cannot be called"), None);
    }
    let mut slots = [0; SLOTS_MAX];
    parse_arguments(parameters, &mut slots);
    // SAFETY: everything is reserved, and there are slots for all parameters and results.
    unsafe { border::enter(entry, &mut slots) }.unwrap_or_else(|code| end(code));
    print_results(results, &slots);
}

/// Reads the arguments of the process into slots.
fn parse_arguments(parameters: &[u8], slots: &mut [u64]) {
    let given = vectors::arguments().skip(1);
    let count = given.clone().count();
    if count != parameters.len() {
        let s = if parameters.len() == 1 { "" } else { "s" };
        let message = format_args!("the function takes {} argument{s}, not {count}", parameters.len());
        // Written without quotes, it is five.
        let has_vector = parameters.contains(&b'v');
        let hint = core::fmt::from_fn(|f| write!(f, "a v128 is written {}", signature::form(b'v')));
        fail_usage(message, has_vector.then_some(&hint));
    }
    let mut slots = slots;
    for (index, (argument, &value_type)) in given.zip(parameters).enumerate() {
        let (value, rest) = slots.split_at_mut(signature::slots_of(value_type));
        slots = rest;
        if argument.to_str().ok().and_then(|text| signature::parse(value_type, text, value)).is_none() {
            let (a, name) = (if value_type == b'v' { "a" } else { "an" }, signature::type_name(value_type));
            let hint = format_args!("{a} {name} is written {}", signature::form(value_type));
            fail_usage(format_args!("argument {} is not {a} {name}", index + 1), Some(&hint));
        }
    }
}

/// Prints results, one a line.
fn print_results(results: &[u8], slots: &[u64]) {
    let mut output = Output::standard();
    let mut slots = slots;
    for &value_type in results {
        let (value, rest) = slots.split_at(signature::slots_of(value_type));
        slots = rest;
        let _ = writeln!(output, "{}", Value { value_type, slots: value });
    }
}

/// Whether a thread is ending the process.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Makes this the thread that ends the process. If another one does already, this one waits for that.
fn begin_end() {
    if ENDING.swap(true, Ordering::Relaxed) {
        loop {
            // SAFETY: `pause` has no conditions.
            unsafe { libc::pause() };
        }
    }
}

fn exit_once(status: i32) -> ! {
    begin_end();
    exit(status)
}

fn exit(status: i32) -> ! {
    if phase::is_trial() {
        trial::write_changed();
    }
    profile::finish();
    process::exit(status)
}

/// Ends the process for a guest that was left by a trap, on the thread that it happened on.
pub(crate) fn end(code: TrapCode) -> ! {
    begin_end();
    if code == TrapCode::Checkpoint {
        make::write_under_way();
    }
    if code == TrapCode::Exit {
        exit(trap::exit_status() as i32);
    }
    let mut error = Output::error();
    // What nothing has caught is no trap, but nothing else can become of it here.
    let kind = if code == TrapCode::UncaughtException { "" } else { "trap: " };
    let _ = write!(error, "adder: {kind}{}", code.message());
    if code == TrapCode::MissingImport {
        error.bytes(b": ");
        write_guest_text(&mut error, trap::missing_import(), 200);
    }
    error.bytes(b"\n");
    write_backtrace(&mut error, &border::trap_place());
    drop(error);
    profile::finish();
    process::exit(status::ABORTED)
}

fn fail_reservation(error: &ReservationError) -> ! {
    if error.resource == Resource::Memory {
        fail_memory(error);
    }
    let hint = if program().memory_plan == MemoryPlan::Checked as u32 {
        "raise the limit of address space (`ulimit -v`), or build with a smaller `--max-memory` or `--stack-size`"
    } else {
        "raise the limit of address space (`ulimit -v`), or build with `--memory checked`, which needs less of it, or with \
         `--memory high`, if something else (such as valgrind) has taken the addresses"
    };
    fail(format_args!("{error}"), Some(hint))
}

/// Ends a process that gets less memory than it starts with.
fn fail_memory(error: &ReservationError) -> ! {
    let limit = getrlimit(rustix::process::Resource::Data).current;
    let hint = core::fmt::from_fn(|f| match limit {
        Some(bytes) => write!(
            f,
            "raise the limit of data (`ulimit -d`, which is {} now), or build with a smaller `--stack-size`",
            bytes / 1024
        ),
        None => f.write_str(
            "the system has no more memory for this process: see the limit of its container, and the setting \
             vm.overcommit_memory of the kernel",
        ),
    });
    complain(&error, Some(&hint));
    process::exit(status::SYSTEM)
}

fn fail(message: impl Display, hint: Option<&str>) -> ! {
    complain(&message, hint.as_ref().map(|hint| hint as &dyn Display));
    process::exit(status::SYSTEM)
}

fn fail_usage(message: impl Display, hint: Option<&dyn Display>) -> ! {
    complain(&message, hint);
    process::exit(status::USAGE)
}

fn complain(message: &dyn Display, hint: Option<&dyn Display>) {
    let mut error = Output::error();
    let _ = writeln!(error, "adder: {message}");
    if let Some(hint) = hint {
        let _ = writeln!(error, "hint: {hint}");
    }
}
