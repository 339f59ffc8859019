//! Threads that sleep until somebody wakes them by an address of guest memory.
//!
//! The kernel's futexes alone do not do it: they know no values of 64 bits, and `memory.atomic.notify` has to wake in the
//! order of waiting. So the waiting threads are kept in lists here, some for all addresses, each under a lock; a sleeping
//! thread waits on a futex of its own.

use crate::process::lock::Lock;
use core::cell::UnsafeCell;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering};
use rustix::io::Errno;
use rustix::thread::futex::{self, Timespec};

/// How a wait ended; the numbers are those of `memory.atomic.wait32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Another thread has woken this one.
    Woken = 0,
    /// The memory held another value.
    Different = 1,
    /// Nobody has woken it in time.
    TimedOut = 2,
}

/// A thread that waits; it lies on that thread's stack.
struct Waiter {
    address: usize,
    /// [`ASLEEP`] until it is woken.
    state: AtomicU32,
    /// The neighbours in its list.
    links: UnsafeCell<Links>,
}

struct Links {
    earlier: *mut Waiter,
    later: *mut Waiter,
}

const ASLEEP: u32 = 0;
const AWAKE: u32 = 1;

/// Waiting threads in the order of their waits.
struct List {
    first: *mut Waiter,
    last: *mut Waiter,
}

// SAFETY: a waiter stays in its list only as long as its thread waits, so the pointers are good; whoever follows them has
// the list to itself.
unsafe impl Send for List {}

/// Lists, by the addresses that are waited for. More of them than threads usually wait at a time.
const LISTS: usize = 64;

static WAITING: [Lock<List>; LISTS] = [const { Lock::new(List { first: null_mut(), last: null_mut() }) }; LISTS];

fn list(address: usize) -> &'static Lock<List> {
    // Fibonacci hashing: neighbours go to different lists.
    &WAITING[(address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize >> (64 - LISTS.ilog2())]
}

impl List {
    /// Adds a thread at the end.
    ///
    /// # Safety
    /// The waiter is in no list, and stays where it is until it is in none again.
    unsafe fn append(&mut self, waiter: &Waiter) {
        let this = core::ptr::from_ref(waiter).cast_mut();
        // SAFETY: whoever has the list uses the links of the waiters in it alone.
        unsafe {
            *waiter.links.get() = Links { earlier: self.last, later: null_mut() };
            match self.last.as_ref() {
                Some(last) => (*last.links.get()).later = this,
                None => self.first = this,
            }
        }
        self.last = this;
    }

    /// Takes a thread out.
    ///
    /// # Safety
    /// The waiter is in this list.
    unsafe fn remove(&mut self, waiter: &Waiter) {
        // SAFETY: as in `append`.
        unsafe {
            let Links { earlier, later } = *waiter.links.get();
            match earlier.as_ref() {
                Some(earlier) => (*earlier.links.get()).later = later,
                None => self.first = later,
            }
            match later.as_ref() {
                Some(later) => (*later.links.get()).earlier = earlier,
                None => self.last = earlier,
            }
        }
    }
}

/// Waits at an address until somebody wakes this thread or the time, in nanoseconds, is over; not at all if
/// `is_expected` says no. Nobody can wake it, and miss it, between that and the wait.
pub fn wait(address: usize, nanoseconds: Option<u64>, is_expected: impl FnOnce() -> bool) -> Outcome {
    let waiter = Waiter {
        address,
        state: AtomicU32::new(ASLEEP),
        links: UnsafeCell::new(Links { earlier: null_mut(), later: null_mut() }),
    };
    let waits = list(address).with(|list| {
        let waits = is_expected();
        if waits {
            // SAFETY: this function is not left before the waiter is out of the list.
            unsafe { list.append(&waiter) };
        }
        waits
    });
    if !waits {
        return Outcome::Different;
    }
    let deadline = nanoseconds.map(deadline);
    loop {
        if waiter.state.load(Ordering::Acquire) == AWAKE {
            return Outcome::Woken;
        }
        let slept = futex::wait_bitset(
            &waiter.state,
            futex::Flags::PRIVATE,
            ASLEEP,
            deadline.as_ref(),
            core::num::NonZeroU32::MAX,
        );
        if slept == Err(Errno::TIMEDOUT) {
            return list(address).with(|list| {
                if waiter.state.load(Ordering::Acquire) == AWAKE {
                    return Outcome::Woken;
                }
                // SAFETY: nobody has woken it, so it is still in its list.
                unsafe { list.remove(&waiter) };
                Outcome::TimedOut
            });
        }
    }
}

/// Wakes the threads that wait at an address, those that have waited longest first, at most so many. Returns how many.
pub fn wake(address: usize, count_max: u32) -> u32 {
    let mut count = 0;
    list(address).with(|list| {
        let mut next = list.first;
        while count < count_max && !next.is_null() {
            // SAFETY: it is in the list, and so its thread waits.
            let waiter = unsafe { &*next };
            // SAFETY: as in `append`.
            next = unsafe { (*waiter.links.get()).later };
            if waiter.address != address {
                continue;
            }
            // SAFETY: it is in the list.
            unsafe { list.remove(waiter) };
            count += 1;
            let state = &raw const waiter.state;
            waiter.state.store(AWAKE, Ordering::Release);
            wake_sleeper(state);
        }
    });
    count
}

/// Wakes the thread that sleeps on a futex. From the store before on it may be awake already, and the futex gone: then the
/// kernel finds nobody there, or somebody who looks at his own state once more.
fn wake_sleeper(state: *const AtomicU32) {
    // SAFETY: the kernel takes the address as a name and does not read what is there.
    unsafe { libc::syscall(libc::SYS_futex, state, libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, 1) };
}

/// The time of the monotonic clock that is so many nanoseconds from now.
fn deadline(nanoseconds: u64) -> Timespec {
    const SECOND: u64 = 1_000_000_000;
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // From libc, which asks the kernel's shared page instead of the kernel.
    // SAFETY: `now` is the room for the answer. This clock always exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    let fraction = now.tv_nsec as u64 + nanoseconds % SECOND;
    // Both summands are far from the ends of their type.
    let seconds = now.tv_sec + (nanoseconds / SECOND + fraction / SECOND) as i64;
    Timespec { tv_sec: seconds, tv_nsec: (fraction % SECOND) as _ }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::time::{Duration, Instant};

    const MILLISECOND: u64 = 1_000_000;

    /// Addresses that all fall into one list.
    fn colliding(start: usize) -> Vec<usize> {
        (start..).step_by(4).filter(|&address| core::ptr::eq(list(address), list(start))).take(3).collect()
    }

    /// Waits until so many threads wait at an address.
    fn until_waiting(address: usize, count: usize) {
        loop {
            let waiting = list(address).with(|list| {
                let (mut next, mut waiting) = (list.first, 0);
                // SAFETY: it is null or in the list, and so its thread waits.
                while let Some(waiter) = unsafe { next.as_ref() } {
                    waiting += usize::from(waiter.address == address);
                    // SAFETY: whoever has the list uses the links of the waiters in it alone.
                    next = unsafe { (*waiter.links.get()).later };
                }
                waiting
            });
            if waiting == count {
                return;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_different_value_does_not_wait() {
        assert_eq!(wait(0x1000, None, || false), Outcome::Different);
        assert_eq!(wake(0x1000, u32::MAX), 0);
    }

    #[test]
    fn time_runs_out() {
        let before = Instant::now();
        assert_eq!(wait(0x2000, Some(30 * MILLISECOND), || true), Outcome::TimedOut);
        assert!(before.elapsed() >= Duration::from_millis(30));
        assert_eq!(wait(0x2000, Some(0), || true), Outcome::TimedOut);
        assert_eq!(wake(0x2000, u32::MAX), 0, "whoever has gone is not woken");
    }

    #[test]
    fn those_who_wait_longest_are_woken_first() {
        let order = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let addresses = colliding(0x3000);
            let mut threads = Vec::new();
            for number in 0..6 {
                let (address, other, order) = (addresses[0], addresses[1], &order);
                threads.push(scope.spawn(move || {
                    assert_eq!(wait(address, None, || true), Outcome::Woken);
                    order.fetch_add(1, Ordering::SeqCst)
                }));
                until_waiting(address, number + 1);
                // Others in the same list, in between, have to stay.
                assert_eq!(wait(other, Some(0), || true), Outcome::TimedOut);
            }
            let last = addresses[2];
            let stays = scope.spawn(move || wait(last, None, || true));
            until_waiting(addresses[2], 1);
            for (number, thread) in threads.into_iter().enumerate() {
                assert_eq!(wake(addresses[0], 1), 1);
                assert_eq!(thread.join().expect("it does not panic"), number);
            }
            assert_eq!(wake(addresses[0], 1), 0);
            assert!(!stays.is_finished());
            assert_eq!(wake(addresses[2], u32::MAX), 1);
        });
    }

    #[test]
    fn as_many_as_asked_for_are_woken() {
        std::thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| assert_eq!(wait(0x4000, Some(u64::MAX), || true), Outcome::Woken));
            }
            until_waiting(0x4000, 5);
            assert_eq!(wake(0x4000, 0), 0);
            assert_eq!(wake(0x4000, 3), 3);
            assert_eq!(wake(0x4000, u32::MAX), 2);
            assert_eq!(wake(0x4000, u32::MAX), 0);
        });
    }

    #[test]
    fn timeouts_and_wakes_do_not_lose_each_other() {
        // Every wake that is counted has to end exactly one wait as woken.
        let (woken, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let counted = std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let (woken, ended) = (&woken, &ended);
                scope.spawn(move || {
                    for round in 0..2000 {
                        let nanoseconds = (round * 7 + thread) % 40 * 1000;
                        if wait(0x5000, Some(nanoseconds), || true) == Outcome::Woken {
                            woken.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                    ended.fetch_add(1, Ordering::SeqCst);
                });
            }
            let mut counted = 0;
            while ended.load(Ordering::SeqCst) < 4 {
                counted += wake(0x5000, 2) as usize;
            }
            counted
        });
        assert_eq!(woken.into_inner(), counted);
    }
}
