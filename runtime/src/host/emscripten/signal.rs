//! Signals and timers: what the guest handles, and what it is told when ([`adder_abi::host::emscripten::signal`]).

use super::super::interface;
use super::{is_time64, sleep};
use crate::guest::cell::this_cell;
use crate::guest::pointer::{Guest, Record};
use crate::guest::program::program;
use crate::host::import::Indirect;
use crate::host::wasi::clock;
use crate::host::wasi::witx::types::clockid;
use crate::process::{pending, phase, signals};
use adder_abi::host::emscripten::signal::{Delivery, FIRST, NUMBER_BITS};
use adder_abi::program::SignalAction;
use adder_abi::symbol::TIMER_SIGNALS;
use adder_abi::trap::TrapCode;
use core::ffi::c_int;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};
use rustix::io::Errno;

interface! {
    emscripten::signal;
    adder_emscripten_signal_action = set_action(Guest, signal: u32, action: u32, former: u32);
    adder_emscripten_signal_raise = raise(Guest, signal: u32);
    adder_emscripten_signal_block = block(Guest, how: u32, set: u32, former: u32);
    adder_emscripten_signal_take = take(Guest, restarts: u32);
    adder_emscripten_signal_now = now(Guest);
    adder_emscripten_signal_go_on = go_on(Guest);
    adder_emscripten_signal_clock_nanosleep = sleep::clock_nanosleep(
        Guest, clock: u32, flags: u32, time: u32, remaining: u32
    );
    adder_emscripten_signal_nanosleep = sleep::nanosleep(Guest, time: u32, remaining: u32);
    adder_emscripten_signal_emscripten_thread_sleep = sleep::thread_sleep(Guest, milliseconds: f64);
    adder_emscripten_signal___call_sighandler = call_handler(Indirect<(u32, u32), ()>, handler: u32, signal: u32);
    adder_emscripten_signal__setitimer_js = set_timer(Guest, timer: u32, milliseconds: f64);
    adder_emscripten_signal_alarm = alarm(Guest, seconds: u32);
}

/// Signals that the guest can have an action for, from 1 on.
const SIGNALS: u32 = SignalAction::COUNT as u32;

const DEFAULT: u32 = 0;
/// Not 1, which is a function.
const IGNORED: u32 = -2_i32 as u32;

/// [`SignalAction::flags`]: the handler takes three parameters.
const WITH_INFORMATION: u32 = 4;
/// What the handler has ended is done again.
const RESTARTS: u32 = 1 << 28;
/// The handler can be interrupted by its own signal.
const NOT_HELD: u32 = 1 << 30;

/// `struct sigaction` up to Emscripten 3.1.
#[derive(Clone, Copy)]
#[repr(C)]
struct LongAction {
    handler: u32,
    mask: [u32; 32],
    flags: u32,
    restorer: u32,
}

/// `struct sigaction`.
#[derive(Clone, Copy)]
#[repr(C)]
struct ShortAction {
    handler: u32,
    mask: [u32; 2],
    flags: u32,
    restorer: u32,
}

// SAFETY: integers without padding between them.
unsafe impl Record for LongAction {}
// SAFETY: as above.
unsafe impl Record for ShortAction {}

fn read_action(guest: Guest, address: u32) -> Result<SignalAction, Errno> {
    let action = |handler, flags, low: u32, high: u32| SignalAction {
        handler,
        flags,
        mask: u64::from(high) << 32 | u64::from(low),
    };
    Ok(if is_time64() {
        let ShortAction { handler, mask, flags, .. } = guest.place::<ShortAction>(address)?.read();
        action(handler, flags, mask[0], mask[1])
    } else {
        let LongAction { handler, mask, flags, .. } = guest.place::<LongAction>(address)?.read();
        action(handler, flags, mask[0], mask[1])
    })
}

/// The place of a signal's action; nothing if there is none, or if the program's actions are not known.
fn place(signal: u32) -> Option<*mut SignalAction> {
    let actions = program().signal_actions;
    let is_known = !actions.is_null() && (1..=SIGNALS).contains(&signal);
    is_known.then(|| actions.wrapping_add(signal as usize - 1))
}

/// The action of a signal; nothing if it is not known.
fn action(signal: u32) -> Option<SignalAction> {
    // SAFETY: only the guest's thread uses the actions, in host calls.
    place(signal).map(|place| unsafe { place.read() })
}

/// Takes note of the action that the guest gives a signal, and has the signal do that.
fn set_action(guest: Guest, signal: u32, action: u32, _former: u32) {
    // Whoever only asks gives none. What is wrong the library finds out.
    if action == 0 {
        return;
    }
    let (Some(place), Ok(action)) = (place(signal), read_action(guest, action)) else { return };
    // SAFETY: only the guest's thread uses the actions, in host calls.
    unsafe { place.write(action) };
    if !phase::is_at_build() {
        handle(signal, action);
    }
}

/// Has a signal do what its action says.
fn handle(signal: u32, action: SignalAction) {
    let signal = signal as c_int;
    match action.handler {
        _ if !signals::can_be_handled(signal) => {}
        DEFAULT => signals::set_default_of_guest(signal),
        IGNORED => signals::ignore(signal),
        _ => signals::catch(signal),
    }
}

// Relaxed, from here on: these are variables of the thread that the guest runs on, of which programs of Emscripten have
// one. Handlers of the host use none of them.

/// Signals that the guest has blocked. The library keeps those that come meanwhile.
static BLOCKED: AtomicU64 = AtomicU64::new(0);

/// Takes note of what the guest blocks.
fn block(guest: Guest, how: u32, set: u32, _former: u32) {
    const BLOCK: u32 = 0;
    const UNBLOCK: u32 = 1;
    const SET: u32 = 2;
    // Whoever only asks gives no set.
    if set == 0 {
        return;
    }
    let Ok(set) = guest.place::<u64>(set).map(|place| place.read()) else { return };
    let before = BLOCKED.load(Ordering::Relaxed);
    let blocked = match how {
        BLOCK => before | set,
        UNBLOCK => before & !set,
        SET => set,
        _ => before,
    };
    BLOCKED.store(blocked, Ordering::Relaxed);
}

/// Does what a signal does by default that the guest sends itself, if that is what it wants: the library ends the program with
/// a status of its own, or does nothing.
fn raise(_guest: Guest, signal: u32) {
    let is_default = action(signal).is_some_and(|action| action.handler == DEFAULT);
    let is_blocked = is_default && BLOCKED.load(Ordering::Relaxed) & pending::bit(signal) != 0;
    if is_default && !is_blocked && !phase::is_at_build() {
        signals::end_by(signal as c_int);
    }
}

/// Handles what was handled when the checkpoint was made that this process goes on from.
fn go_on(_guest: Guest) {
    if phase::is_at_build() {
        return;
    }
    for signal in 1..=SIGNALS {
        if let Some(action) = action(signal).filter(|action| action.handler != DEFAULT) {
            handle(signal, action);
        }
    }
}

/// Signals whose handlers run.
static RUNNING: AtomicU64 = AtomicU64::new(0);

/// Where on the guest stack the handler of each of them was called from.
static CALLED_FROM: [AtomicU64; SIGNALS as usize] = [const { AtomicU64::new(0) }; SIGNALS as usize];

/// What is pending and has to wait for the end of a handler.
static HELD: AtomicU64 = AtomicU64::new(0);

/// The signals of a set, from the lowest.
fn each(mut set: u64) -> impl Iterator<Item = u32> {
    core::iter::from_fn(move || {
        let signal = (set != 0).then(|| set.trailing_zeros() + 1)?;
        set &= set - 1;
        Some(signal)
    })
}

/// Where on the guest stack the host call is that is being served.
pub fn place_on_stack() -> u64 {
    // SAFETY: the cell is that of this thread.
    unsafe { (*this_cell()).border.guest_frame }
}

/// What the handlers that still run hold back. A handler that was left by `longjmp` runs no longer: it was called from further down
/// on the stack, or from the same place.
fn held_back() -> u64 {
    let here = place_on_stack();
    let (mut running, mut held) = (0, 0);
    for signal in each(RUNNING.load(Ordering::Relaxed)) {
        if CALLED_FROM[signal as usize - 1].load(Ordering::Relaxed) > here {
            running |= pending::bit(signal);
            let SignalAction { flags, mask, .. } = action(signal).unwrap_or(SignalAction::DEFAULT);
            held |= mask | if flags & NOT_HELD == 0 { pending::bit(signal) } else { 0 };
        }
    }
    RUNNING.store(running, Ordering::Relaxed);
    held
}

/// The signal behind a bit of what is pending, and the timer that it is of.
fn meaning(bit: u32) -> (u32, Option<u32>) {
    match bit.checked_sub(TIMER_SIGNALS).and_then(|timer| Some((timer, pending::TIMER_ENDS.get(timer as usize)?))) {
        Some((timer, end)) => (*end as u32, Some(timer)),
        None => (bit, None),
    }
}

/// How many signals the guest has been told of.
static TOLD: AtomicU32 = AtomicU32::new(0);

/// Returns how many signals the guest has been told of.
pub fn told() -> u32 {
    TOLD.load(Ordering::Relaxed)
}

/// The time of the monotonic clock in milliseconds, for a timer.
fn now(_guest: Guest) -> f64 {
    clock::now(clockid::MONOTONIC).unwrap_or(0) as f64 / 1e6
}

/// Takes one of what is pending, for generated code to tell the guest.
fn take(_guest: Guest, restarts: u32) -> (u32, u32, u32) {
    let mut restarts = if restarts == FIRST { pending::restarts() } else { restarts != 0 };
    while let Some((signal, timer)) = next_pending() {
        let SignalAction { handler, flags, .. } = action(signal).unwrap_or(SignalAction::DEFAULT);
        let delivery = match (timer, handler) {
            // What becomes of its signal is the affair of the library, whose actions may not be known.
            (Some(_), _) => Delivery::Timer,
            // It came before the guest has given up its handler.
            (None, DEFAULT) => {
                signals::end_by(signal as c_int);
                continue;
            }
            (None, IGNORED) => continue,
            (None, _) if flags & WITH_INFORMATION != 0 => Delivery::HandlerWithInformation,
            (None, _) => Delivery::Handler,
        };
        TOLD.fetch_add(1, Ordering::Relaxed);
        restarts &= flags & RESTARTS != 0;
        RUNNING.fetch_or(pending::bit(signal), Ordering::Relaxed);
        CALLED_FROM[signal as usize - 1].store(place_on_stack(), Ordering::Relaxed);
        return (delivery as u32 | timer.unwrap_or(signal) << NUMBER_BITS, handler, restarts.into());
    }
    (Delivery::None as u32, 0, restarts.into())
}

/// Takes the lowest signal that is pending and that no handler holds back, with the timer that it is of.
fn next_pending() -> Option<(u32, Option<u32>)> {
    let held_back = held_back();
    let (mut taken, mut held, mut later) = (None, 0, 0);
    for bit in each(pending::take() | HELD.load(Ordering::Relaxed)) {
        let (signal, timer) = meaning(bit);
        if held_back & pending::bit(signal) != 0 {
            held |= pending::bit(bit);
        } else if taken.is_none() {
            taken = Some((signal, timer));
        } else {
            later |= pending::bit(bit);
        }
    }
    HELD.store(held, Ordering::Relaxed);
    pending::add(later);
    taken
}

/// Calls a signal handler of the program.
fn call_handler(table: Indirect<(u32, u32), ()>, handler: u32, signal: u32) -> Result<(), TrapCode> {
    table.call((handler, signal))
}

/// Sets a timer to so many milliseconds from now, or stops it if that is 0. The library sets it again when it runs out.
fn set_timer(_guest: Guest, timer: u32, milliseconds: f64) -> Result<u32, Errno> {
    let end = *pending::TIMER_ENDS.get(timer as usize).ok_or(Errno::INVAL)?;
    if phase::is_at_build() {
        return Ok(0);
    }
    let microseconds = match milliseconds * 1000.0 {
        // What is too short for the clock is not nothing; what is no number is.
        short if short > 0.0 && short < 1.0 => 1,
        other => (other as i64).max(0),
    };
    if program().signal_actions.is_null() {
        // The library finds out what is to be done.
        signals::catch(end);
    }
    let value = libc::timeval { tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000 };
    let time = libc::itimerval { it_interval: libc::timeval { tv_sec: 0, tv_usec: 0 }, it_value: value };
    // SAFETY: the structure is the kernel's.
    match unsafe { libc::syscall(libc::SYS_setitimer, timer, &raw const time, null_mut::<libc::itimerval>()) } {
        0 => Ok(0),
        _ => Err(Errno::INVAL),
    }
}

/// The kernel's number of the timer that [`alarm`] sets; none before it is first set.
static ALARM: AtomicI32 = AtomicI32::new(NO_TIMER);

const NO_TIMER: i32 = -1;

/// Has `SIGALRM` come in so many seconds, or not at all if that is 0. Returns how many were left before. This is a timer of its own,
/// not one of `setitimer(2)`, of which a library that has no timers would have to be told.
fn alarm(_guest: Guest, seconds: u32) -> u32 {
    if phase::is_at_build() {
        return 0;
    }
    let mut timer = ALARM.load(Ordering::Relaxed);
    if timer == NO_TIMER {
        // SAFETY: without a structure, the timer sends `SIGALRM`; its number is written to `timer`.
        let made =
            unsafe { libc::syscall(libc::SYS_timer_create, libc::CLOCK_REALTIME, null_mut::<c_int>(), &raw mut timer) };
        if made != 0 {
            return 0;
        }
        ALARM.store(timer, Ordering::Relaxed);
    }
    let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let time = libc::itimerspec { it_interval: never, it_value: libc::timespec { tv_sec: seconds.into(), tv_nsec: 0 } };
    let mut before = libc::itimerspec { it_interval: never, it_value: never };
    // SAFETY: both structures are the kernel's, and the timer is there.
    unsafe { libc::syscall(libc::SYS_timer_settime, timer, 0, &raw const time, &raw mut before) };
    // Something that was left is never nothing.
    let left = before.it_value;
    let rounded = left.tv_sec + i64::from(left.tv_nsec >= 500_000_000);
    rounded.max(i64::from(left.tv_nsec > 0)) as u32
}
