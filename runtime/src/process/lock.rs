//! A lock for what threads share: the descriptor table, positions in directories, growing memories.

use core::cell::UnsafeCell;
use core::hint::spin_loop;
use core::sync::atomic::{AtomicU32, Ordering};
use rustix::thread::futex;

/// A value that one thread at a time works on. Taking a free lock and giving it back costs no call of the system.
///
/// Whoever takes it (`Acquire`) sees all that was done before it was given back (`Release`). Relaxed: what only looks
/// whether it is worth trying to take it, or has failed to.
pub struct Lock<T> {
    state: AtomicU32,
    value: UnsafeCell<T>,
}

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody may be asleep until it is free.
const AWAITED: u32 = 2;

/// How often a taken lock is looked at before its taker's thread goes to sleep: what it is taken for is mostly shorter
/// than that.
const SPINS: u32 = 100;

// SAFETY: `with` gives the value to one thread at a time.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// A lock that nobody has taken.
    pub const fn new(value: T) -> Lock<T> {
        Lock { state: AtomicU32::new(FREE), value: UnsafeCell::new(value) }
    }

    /// Works on the value. `work` must not come back here.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        if self.state.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_err() {
            take_awaited(&self.state);
        }
        // SAFETY: this thread has taken the lock.
        let result = work(unsafe { &mut *self.value.get() });
        if self.state.swap(FREE, Ordering::Release) == AWAITED {
            // Whoever it wakes says again that others may be asleep.
            let _ = futex::wake(&self.state, futex::Flags::PRIVATE, 1);
        }
        result
    }
}

/// Takes a lock that was not free. No method of [`Lock`], of which executables would carry one for each type.
#[cold]
fn take_awaited(state: &AtomicU32) {
    for _ in 0..SPINS {
        if state.load(Ordering::Relaxed) == FREE
            && state.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok()
        {
            return;
        }
        spin_loop();
    }
    while state.swap(AWAITED, Ordering::Acquire) != FREE {
        // Whatever ends the sleep, the lock is looked at again.
        let _ = futex::wait(state, futex::Flags::PRIVATE, AWAITED, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_at_a_time() {
        let lock = Lock::new((0_u64, 0_u64));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        lock.with(|(one, other)| {
                            *one += 1;
                            assert_eq!(*one, *other + 1);
                            *other += 1;
                        });
                    }
                });
            }
        });
        assert_eq!(lock.with(|both| *both), (160_000, 160_000));
    }

    #[test]
    fn whoever_sleeps_is_woken() {
        let lock = Lock::new(());
        std::thread::scope(|scope| {
            lock.with(|()| {
                for _ in 0..4 {
                    scope.spawn(|| lock.with(|()| {}));
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            });
        });
        assert_eq!(lock.state.load(Ordering::Relaxed), FREE);
    }
}
