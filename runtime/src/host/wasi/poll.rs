//! Waiting for clocks and descriptors at once.

use super::clock::{host_clock, now};
use super::descriptor;
use super::witx::errno::Errno;
use super::witx::types::{Event, Subscription, clockid, eventrwflags, eventtype, subclockflags};
use crate::checkpoint::world;
use crate::guest::pointer::Guest;
use crate::process::phase;
use crate::vfs::ready::{Awaited, Poll};
use crate::vfs::rights;
use adder_abi::refusal::Refusal;
use alloc::vec::Vec;
use rustix::event::{PollFlags, Timespec};
use rustix::io::Errno as HostErrno;

/// How late a changed wall clock may be noticed, in nanoseconds.
const SET_CLOCK_LATENCY: u64 = 1_000_000_000;

/// Waits until at least one of the subscriptions has an event, and reports all that have one, in the order of the
/// subscriptions. What is wrong with one subscription is an event of it, and does not disturb the others.
pub fn poll_oneoff(guest: Guest, subscriptions: u32, events: u32, count: u32, result: u32) -> Result<(), Errno> {
    if count == 0 {
        return Err(Errno::Inval);
    }
    let subscriptions = guest.array::<Subscription>(subscriptions, count)?;
    let events = guest.array::<Event>(events, count)?;
    let place = guest.place::<u32>(result)?;
    let mut waits = Vec::new();
    waits.try_reserve_exact(subscriptions.len()).map_err(|_| Errno::Nomem)?;
    for subscription in subscriptions.places() {
        waits.push(Wait::for_subscription(&subscription.read())?);
    }
    let mut written = 0;
    wait(&waits, &mut |event| {
        if let Some(place) = events.get(written) {
            place.write(event);
            written += 1;
        }
    })?;
    place.write(written as u32);
    Ok(())
}

/// A subscription, understood.
struct Wait {
    userdata: u64,
    tag: u8,
    cause: Cause,
}

enum Cause {
    /// A clock reaches a time, in nanoseconds.
    Clock { clock: u32, deadline: u64 },
    /// A file can be read or written.
    File(Awaited),
    /// The subscription itself is wrong.
    Error(Errno),
}

impl Wait {
    /// Fails for what is not a subscription at all.
    fn for_subscription(subscription: &Subscription) -> Result<Wait, Errno> {
        let &Subscription { userdata, tag, clock_or_descriptor, timeout, flags, .. } = subscription;
        let cause = match tag {
            eventtype::CLOCK if flags & !subclockflags::ABSTIME != 0 => return Err(Errno::Inval),
            eventtype::CLOCK => clock_cause(clock_or_descriptor, timeout, flags & subclockflags::ABSTIME != 0),
            eventtype::FD_READ => file_cause(clock_or_descriptor, rights::FD_READ, PollFlags::IN),
            eventtype::FD_WRITE => file_cause(clock_or_descriptor, rights::FD_WRITE, PollFlags::OUT),
            _ => return Err(Errno::Inval),
        };
        Ok(Wait { userdata, tag, cause: cause.unwrap_or_else(Cause::Error) })
    }

    fn event(&self, error: u16, bytes: u64, flags: u16) -> Event {
        let (userdata, tag) = (self.userdata, self.tag);
        Event { userdata, error, tag, padding: [0; 5], bytes, flags, last_padding: [0; 6] }
    }
}

fn clock_cause(clock: u32, timeout: u64, absolute: bool) -> Result<Cause, Errno> {
    if absolute {
        now(clock)?;
        return Ok(Cause::Clock { clock, deadline: timeout });
    }
    // A time from now does not change when somebody sets the clock.
    let clock = if clock == clockid::REALTIME { clockid::MONOTONIC } else { clock };
    Ok(Cause::Clock { clock, deadline: now(clock)?.saturating_add(timeout) })
}

fn file_cause(fd: u32, right: u64, event: PollFlags) -> Result<Cause, Errno> {
    let file = descriptor::file(fd, rights::POLL_FD_READWRITE | right)?;
    Ok(Cause::File(Awaited::new(file, event)?))
}

/// The files among what is waited for.
fn files(waits: &[Wait]) -> impl Iterator<Item = &Awaited> {
    waits.iter().filter_map(|wait| match &wait.cause {
        Cause::File(file) => Some(file),
        _ => None,
    })
}

/// Waits until there is an event and gives all that there are to `report`.
fn wait(waits: &[Wait], report: &mut dyn FnMut(Event)) -> Result<(), Errno> {
    let mut poll = Poll::new(files(waits), waits.len())?;
    if phase::is_at_build() {
        pass_time(waits);
    }
    loop {
        let timeout = time_left(waits)?;
        match poll.wait(timeout.map(timespec).as_ref()) {
            Ok(()) => {}
            // The deadlines are absolute, so that signals do not put them off.
            Err(HostErrno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let mut some = false;
        let mut answers = poll.events(files(waits));
        for wait in waits {
            let event = match &wait.cause {
                Cause::Error(error) => Some(wait.event(*error as u16, 0, 0)),
                Cause::Clock { clock, deadline } => (now(*clock)? >= *deadline).then(|| wait.event(0, 0, 0)),
                Cause::File(file) => file_event(wait, file, answers.next().unwrap_or(PollFlags::empty())),
            };
            if let Some(event) = event {
                report(event);
                some = true;
            }
        }
        if some {
            return Ok(());
        }
    }
}

/// While a checkpoint is made, nobody sleeps: the time that is waited for has come. Whoever waits for input waits in vain.
fn pass_time(waits: &[Wait]) {
    let waits_for_input = |wait: &Wait| match &wait.cause {
        Cause::File(file) => wait.tag == eventtype::FD_READ && !file.is_always_ready(),
        _ => false,
    };
    if waits.iter().any(waits_for_input) {
        phase::refuse(Refusal::WaitsForInput);
    }
    let clocks = waits.iter().filter_map(|wait| match wait.cause {
        // A clock that there is: its time was asked for.
        Cause::Clock { clock, deadline } => host_clock(clock).ok().map(|clock| (clock, deadline)),
        _ => None,
    });
    // Somebody who is told at once does not wait.
    let at_once = waits.iter().any(|wait| !matches!(wait.cause, Cause::Clock { .. }));
    let nearest = clocks.min_by_key(|&(clock, deadline)| world::time_left(clock, deadline));
    if let Some((clock, deadline)) = nearest.filter(|_| !at_once) {
        world::wait_until(clock, deadline);
    }
}

/// Nanoseconds until the next deadline; 0 if there is an event already, `None` without clocks.
///
/// The clocks of used processor time hardly go on while the process sleeps; then this is asked again and again, and the
/// event comes when they have arrived.
fn time_left(waits: &[Wait]) -> Result<Option<u64>, Errno> {
    let mut least = None;
    for wait in waits {
        let left = match &wait.cause {
            // Somebody may set the clock while the process sleeps, and the kernel does not tell.
            Cause::Clock { clock: clockid::REALTIME, deadline } => {
                deadline.saturating_sub(now(clockid::REALTIME)?).min(SET_CLOCK_LATENCY)
            }
            Cause::Clock { clock, deadline } => deadline.saturating_sub(now(*clock)?),
            Cause::Error(_) => 0,
            Cause::File(file) if file.is_always_ready() => 0,
            Cause::File(_) => continue,
        };
        least = Some(least.map_or(left, |least: u64| least.min(left)));
    }
    Ok(least)
}

fn timespec(nanoseconds: u64) -> Timespec {
    Timespec { tv_sec: (nanoseconds / 1_000_000_000) as _, tv_nsec: (nanoseconds % 1_000_000_000) as _ }
}

fn file_event(wait: &Wait, file: &Awaited, answer: PollFlags) -> Option<Event> {
    if answer.is_empty() {
        return None;
    }
    if answer.contains(PollFlags::NVAL) {
        return Some(wait.event(Errno::Badf as u16, 0, 0));
    }
    let reads = wait.tag == eventtype::FD_READ;
    if answer.contains(PollFlags::ERR) && file.is_pipe() && !reads {
        // Nobody reads any more.
        return Some(wait.event(Errno::Pipe as u16, 0, eventrwflags::HANGUP));
    }
    // Any other error is reported by the read or write that follows.
    let bytes = if reads { file.bytes_to_read() } else { file.bytes_to_write() };
    let hung_up = answer.intersects(PollFlags::HUP | PollFlags::ERR);
    Some(wait.event(0, bytes, if hung_up { eventrwflags::HANGUP } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(userdata: u64, id: u32, timeout: u64, flags: u16) -> Subscription {
        Subscription {
            userdata,
            tag: eventtype::CLOCK,
            padding: [0; 7],
            clock_or_descriptor: id,
            more_padding: [0; 4],
            timeout,
            precision: 0,
            flags,
            last_padding: [0; 6],
        }
    }

    fn events(subscriptions: &[Subscription]) -> Vec<(u64, u16)> {
        let waits: Vec<_> =
            subscriptions.iter().map(|each| Wait::for_subscription(each).expect("a subscription")).collect();
        let mut events = Vec::new();
        wait(&waits, &mut |event| events.push((event.userdata, event.error))).expect("waits");
        events
    }

    #[test]
    fn the_nearest_clock_wins() {
        let before = now(clockid::MONOTONIC).expect("a clock");
        let hour = 3_600_000_000_000;
        let found = events(&[
            clock(1, clockid::MONOTONIC, hour, 0),
            clock(2, clockid::MONOTONIC, 20_000_000, 0),
            clock(3, clockid::REALTIME, u64::MAX, 1),
            clock(4, clockid::REALTIME, u64::MAX, 0),
        ]);
        let passed = now(clockid::MONOTONIC).expect("a clock") - before;
        assert_eq!(found, [(2, 0)]);
        assert!((20_000_000..hour).contains(&passed), "{passed}");
    }

    #[test]
    fn absolute_times_in_the_past_are_events_at_once() {
        let found = events(&[
            clock(1, clockid::REALTIME, 5, 1),
            clock(2, clockid::MONOTONIC, 0, 1),
            clock(3, clockid::PROCESS_CPUTIME_ID, 0, 0),
            clock(4, clockid::MONOTONIC, u64::MAX, 0),
        ]);
        assert_eq!(found, [(1, 0), (2, 0), (3, 0)]);
    }

    #[test]
    fn a_clock_that_does_not_exist_is_an_event() {
        let found = events(&[clock(1, 9, 5, 0), clock(2, clockid::MONOTONIC, u64::MAX, 0)]);
        assert_eq!(found, [(1, Errno::Inval as u16)]);
    }

    #[test]
    fn processor_time_is_waited_for() {
        let found = events(&[clock(1, clockid::THREAD_CPUTIME_ID, 20_000, 0)]);
        assert_eq!(found, [(1, 0)]);
    }

    #[test]
    fn what_is_not_a_subscription_is_refused() {
        assert!(Wait::for_subscription(&clock(1, 0, 0, 2)).is_err());
        let mut unknown = clock(1, 0, 0, 0);
        unknown.tag = 3;
        assert!(Wait::for_subscription(&unknown).is_err());
    }
}
