//! Waiting for descriptors: `poll` and `select`.

use crate::checkpoint::world;
use crate::guest::pointer::{Array, Guest, GuestRange, Record};
use crate::host::emscripten::errno::Stop;
use crate::host::emscripten::is_time64;
use crate::host::emscripten::library::set_errno;
use crate::host::wasi::clock;
use crate::host::wasi::witx::types::clockid;
use crate::process::pending::interrupted;
use crate::process::phase;
use crate::vfs::descriptors;
use crate::vfs::ready::{Awaited, Poll};
use adder_abi::refusal::Refusal;
use alloc::vec::Vec;
use libc::CLOCK_MONOTONIC;
use rustix::event::{PollFlags, Timespec};
use rustix::io::Errno;

/// `struct pollfd`. Events have Linux's numbers.
#[derive(Clone, Copy)]
#[repr(C)]
struct Asked {
    fd: u32,
    events: u16,
    returned: u16,
}

// SAFETY: integers without padding between them.
unsafe impl Record for Asked {}

/// As many can be asked about at once: as many descriptors as there can be.
const ASKED_MAX: u32 = crate::vfs::descriptor::DESCRIPTORS_MAX as u32;

const NANOSECONDS: u64 = 1_000_000_000;

/// What a descriptor is asked for, and what it answers.
struct Wait {
    /// Nothing for a descriptor that is not there or nobody asks about.
    file: Option<Awaited>,
    answer: PollFlags,
}

impl Wait {
    fn new(fd: u32, events: PollFlags) -> Wait {
        // What cannot be waited for is ready, as the kernel has it.
        match descriptors::descriptor(fd) {
            Ok(descriptor) => match Awaited::new(descriptor.file, events) {
                Ok(file) => Wait { file: Some(file), answer: PollFlags::empty() },
                Err(_) => Wait { file: None, answer: events & (PollFlags::IN | PollFlags::OUT) },
            },
            Err(_) => Wait { file: None, answer: PollFlags::NVAL },
        }
    }

    /// Whether somebody waits until there is something to read.
    fn is_for_input(&self) -> bool {
        self.file.as_ref().is_some_and(|file| !file.is_always_ready() && file.events().contains(PollFlags::IN))
    }

    fn nobody() -> Wait {
        Wait { file: None, answer: PollFlags::empty() }
    }
}

/// Waits until one of some files is ready, so many nanoseconds at most. Writes what each answers.
fn wait(waits: &mut [Wait], timeout: Option<u64>) -> Result<(), Errno> {
    let is_answered =
        waits.iter().any(|wait| !wait.answer.is_empty() || wait.file.as_ref().is_some_and(Awaited::is_always_ready));
    let answers = answers(waits, is_answered, timeout)?;
    let mut answers = answers.into_iter();
    for wait in waits {
        if wait.file.is_some() {
            wait.answer = answers.next().unwrap_or(PollFlags::empty());
        }
    }
    Ok(())
}

/// Waits, and returns what the files answer, in their order.
fn answers(waits: &[Wait], is_answered: bool, timeout: Option<u64>) -> Result<Vec<PollFlags>, Errno> {
    let files = || waits.iter().filter_map(|wait| wait.file.as_ref());
    let mut poll = Poll::new(files(), waits.len())?;
    if phase::is_at_build() {
        if waits.iter().any(Wait::is_for_input) {
            phase::refuse(Refusal::WaitsForInput);
        }
        poll.wait(Some(&timespec(0)))?;
        let is_ready = is_answered || poll.events(files()).any(|answer| !answer.is_empty());
        pass_time(if is_ready { 0 } else { timeout.unwrap_or(0) });
    } else {
        wait_until_ready(&mut poll, if is_answered { Some(0) } else { timeout })?;
    }
    let answers = poll.events(files()).collect();
    Ok(answers)
}

/// Waits for what the kernel is asked about. A signal that the guest is not told of does not make that longer.
fn wait_until_ready(poll: &mut Poll<'_>, timeout: Option<u64>) -> Result<(), Errno> {
    let now = || clock::now(clockid::MONOTONIC).unwrap_or(0);
    let deadline = timeout.filter(|timeout| *timeout > 0).map(|timeout| now().saturating_add(timeout));
    let mut left = timeout;
    interrupted(|| {
        let result = poll.wait(left.map(timespec).as_ref());
        if result.is_err() {
            left = deadline.map(|deadline| deadline.saturating_sub(now()));
        }
        result
    })
}

fn timespec(nanoseconds: u64) -> Timespec {
    Timespec { tv_sec: (nanoseconds / NANOSECONDS) as _, tv_nsec: (nanoseconds % NANOSECONDS) as _ }
}

/// While a checkpoint is made, nobody sleeps: the time that is waited for has come.
fn pass_time(nanoseconds: u64) {
    if nanoseconds > 0 {
        let deadline = world::now(CLOCK_MONOTONIC).saturating_add(nanoseconds);
        world::wait_until(CLOCK_MONOTONIC, deadline);
    }
}

/// `timeout` is in milliseconds; a negative one waits as long as it takes. Returns how many have answered.
///
/// Sets `errno`, too: the library's `select`, which is made of this, only returns what this does, and who has called it
/// looks there whether a signal has come.
pub fn poll(guest: Guest, files: u32, count: u32, timeout: i32) -> Result<u32, Stop> {
    let answered = poll_files(guest, files, count, timeout);
    if let Err(error) = answered {
        set_errno(guest, error)?;
    }
    Ok(answered?)
}

fn poll_files(guest: Guest, files: u32, count: u32, timeout: i32) -> Result<u32, Errno> {
    if count > ASKED_MAX {
        return Err(Errno::INVAL);
    }
    let places: Array<Asked> = guest.array(files, count)?;
    let mut waits = Vec::new();
    waits.try_reserve_exact(places.len()).map_err(|_| Errno::NOMEM)?;
    for place in places.places() {
        let Asked { fd, events, .. } = place.read();
        let is_asked = fd as i32 >= 0;
        waits.push(if is_asked { Wait::new(fd, PollFlags::from_bits_retain(events)) } else { Wait::nobody() });
    }
    wait(&mut waits, u64::try_from(timeout).ok().map(|timeout| timeout * 1_000_000))?;
    let mut answered = 0;
    for (place, wait) in places.places().zip(&waits) {
        let asked = place.read();
        place.write(Asked { returned: wait.answer.bits(), ..asked });
        answered += u32::from(!wait.answer.is_empty());
    }
    Ok(answered)
}

pub fn poll_at_once(guest: Guest, files: u32, count: u32) -> Result<u32, Errno> {
    poll_files(guest, files, count, 0)
}

/// Descriptors that `select` can be asked about.
const SET_BITS: u32 = 1024;
const SET_BYTES: usize = SET_BITS as usize / 8;

/// A set of descriptors: where it is, and what was in it.
struct Set {
    place: Option<GuestRange>,
    bits: [u8; SET_BYTES],
}

impl Set {
    fn read(guest: Guest, address: u32, count: u32) -> Result<Set, Errno> {
        let mut set = Set { place: None, bits: [0; SET_BYTES] };
        if address != 0 {
            // As the kernel, in words of the guest.
            let place = guest.range(address, u64::from(count.div_ceil(32) * 4))?;
            place.read(&mut set.bits);
            set.place = Some(place);
        }
        Ok(set)
    }

    fn contains(&self, fd: u32) -> bool {
        self.bits[fd as usize / 8] & 1 << (fd % 8) != 0
    }

    /// Keeps a descriptor in the set, or takes it out.
    fn answer(&mut self, fd: u32, is_ready: bool) -> u32 {
        let keeps = self.contains(fd) && is_ready;
        if !keeps {
            self.bits[fd as usize / 8] &= !(1 << (fd % 8));
        }
        u32::from(keeps)
    }

    fn write(&self) {
        if let Some(place) = self.place {
            place.write(&self.bits);
        }
    }
}

/// Reads a time for which somebody waits, in nanoseconds.
fn timeout(guest: Guest, address: u32) -> Result<Option<u64>, Errno> {
    if address == 0 {
        return Ok(None);
    }
    let word = |offset: u32| guest.place::<u32>(address.wrapping_add(offset)).map(|place| place.read() as i32);
    let (seconds, part) = if is_time64() {
        let long = |offset: u32| guest.place::<u64>(address.wrapping_add(offset)).map(|place| place.read() as i64);
        (long(0)?, long(8)?)
    } else {
        (word(0)?.into(), word(4)?.into())
    };
    let (seconds, part): (i64, i64) = (seconds, part);
    let (seconds, part) =
        u64::try_from(seconds).and_then(|seconds| Ok((seconds, u64::try_from(part)?))).map_err(|_| Errno::INVAL)?;
    Ok(Some(seconds.saturating_mul(NANOSECONDS).saturating_add(part.saturating_mul(1000)).min(i64::MAX as u64)))
}

/// Returns how many descriptors are left in the sets together.
pub fn select(
    guest: Guest,
    count: u32,
    readable: u32,
    writable: u32,
    exceptional: u32,
    time: u32,
) -> Result<u32, Errno> {
    let count = u32::try_from(count as i32).map_err(|_| Errno::INVAL)?.min(SET_BITS);
    let time = timeout(guest, time)?;
    let mut read = Set::read(guest, readable, count)?;
    let mut write = Set::read(guest, writable, count)?;
    let mut except = Set::read(guest, exceptional, count)?;
    let mut waits = Vec::new();
    let mut numbers = Vec::new();
    for fd in 0..count {
        let mut events = PollFlags::empty();
        events.set(PollFlags::IN, read.contains(fd));
        events.set(PollFlags::OUT, write.contains(fd));
        events.set(PollFlags::PRI, except.contains(fd));
        if !events.is_empty() {
            descriptors::descriptor(fd)?;
            waits.push(Wait::new(fd, events));
            numbers.push(fd);
        }
    }
    wait(&mut waits, time)?;
    let mut left = 0;
    for (&fd, Wait { answer, .. }) in numbers.iter().zip(&waits) {
        if answer.contains(PollFlags::NVAL) {
            return Err(Errno::BADF);
        }
        let failed = answer.intersects(PollFlags::ERR);
        left += read.answer(fd, failed || answer.intersects(PollFlags::IN | PollFlags::HUP));
        left += write.answer(fd, failed || answer.intersects(PollFlags::OUT));
        left += except.answer(fd, answer.intersects(PollFlags::PRI));
    }
    for set in [&read, &write, &except] {
        set.write();
    }
    Ok(left)
}
