//! wasi-threads: the interface by which a program starts threads.
//!
//! A thread calls the program's `wasi_thread_start` with state of its own: what an instance of its own would have, without
//! the shared memory. It has a number from 1 to [`NUMBER_MAX`], which no other living thread has. Whatever ends it but its
//! return, a trap or `proc_exit`, ends the process.

use super::callback::GuestFunction;
use super::interface;
use super::wasi::witx::errno::Errno;
use crate::guest::thread;
use crate::process::lock::Lock;
use crate::run::activation::activate_thread;
use crate::run::end::end;
use alloc::vec::Vec;

interface! {
    wasi_threads;
    adder_thread_spawn = thread_spawn(Option<ThreadStart>, argument: u32);
}

/// The largest number of a thread. The bits above belong to the mutexes of C libraries.
const NUMBER_MAX: u32 = (1 << 29) - 1;

/// The numbers of living threads.
struct Numbers {
    living: Vec<u32>,
    /// The number that was given last.
    latest: u32,
    /// Whether all numbers have been given once.
    wrapped: bool,
}

static NUMBERS: Lock<Numbers> = Lock::new(Numbers::new());

impl Numbers {
    const fn new() -> Numbers {
        Numbers { living: Vec::new(), latest: 0, wrapped: false }
    }

    /// A number for a new thread: the one after the latest, so that a number is not given again soon.
    fn take(&mut self) -> Result<u32, Errno> {
        if self.living.len() >= NUMBER_MAX as usize {
            return Err(Errno::Again);
        }
        self.living.try_reserve(1).map_err(|_| Errno::Again)?;
        loop {
            self.wrapped |= self.latest == NUMBER_MAX;
            self.latest = self.latest % NUMBER_MAX + 1;
            if !self.wrapped || !self.living.contains(&self.latest) {
                self.living.push(self.latest);
                return Ok(self.latest);
            }
        }
    }

    /// Makes the number of a thread that has ended free.
    fn give_back(&mut self, number: u32) {
        if let Some(index) = self.living.iter().position(|&living| living == number) {
            self.living.swap_remove(index);
        }
    }
}

/// A function that a thread runs, with its number and the argument.
type ThreadStart = GuestFunction<(u32, u32), ()>;

/// Starts a thread. Returns its number, or a negated error number.
fn thread_spawn(start: Option<ThreadStart>, argument: u32) -> i32 {
    match start.ok_or(Errno::Nosys).and_then(|start| spawn(start, argument)) {
        Ok(number) => number as i32,
        Err(error) => -i32::from(error as u16),
    }
}

fn spawn(start: ThreadStart, argument: u32) -> Result<u32, Errno> {
    let number = NUMBERS.with(Numbers::take)?;
    let started = thread::start(move || run(start, number, argument));
    if started.is_err() {
        NUMBERS.with(|numbers| numbers.give_back(number));
    }
    // Whatever the system is short of, it may have it later.
    started.map(|()| number).map_err(|_| Errno::Again)
}

/// What a thread does.
fn run(start: ThreadStart, number: u32, argument: u32) {
    activate_thread();
    start.call((number, argument)).unwrap_or_else(|code| end(code));
    NUMBERS.with(|numbers| numbers.give_back(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_again_only_when_all_were() {
        let mut numbers = Numbers::new();
        assert_eq!((numbers.take(), numbers.take()), (Ok(1), Ok(2)));
        numbers.give_back(1);
        assert_eq!(numbers.take(), Ok(3));
        numbers.latest = NUMBER_MAX - 1;
        assert_eq!(numbers.take(), Ok(NUMBER_MAX));
        assert_eq!(numbers.take(), Ok(1), "2 and 3 are alive");
        assert_eq!(numbers.take(), Ok(4));
        numbers.give_back(3);
        numbers.latest = NUMBER_MAX;
        assert_eq!(numbers.take(), Ok(3));
    }

    #[test]
    fn a_program_without_an_entry_for_threads_starts_none() {
        let mut value = 7;
        // SAFETY: null is allowed, and there is a slot.
        assert_eq!(unsafe { adder_thread_spawn(core::ptr::null_mut(), &mut value) }, 0);
        assert_eq!(value as u32 as i32, -(Errno::Nosys as i32));
    }
}
