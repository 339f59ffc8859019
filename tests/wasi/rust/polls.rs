//! Waiting: several clocks, several descriptors.

use crate::raw::{self, *};

const MILLISECOND: u64 = 1_000_000;
const CLOCK: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;
const ABSOLUTE: u16 = 1;

fn monotonic() -> u64 {
    let mut now = 0;
    assert_eq!(clock_time_get(1, 1, &mut now), SUCCESS);
    now
}

fn clock(userdata: u64, id: u32, timeout: u64, flags: u16) -> Subscription {
    Subscription { userdata, tag: u64::from(CLOCK), first: id, timeout, precision: 0, flags }
}

fn descriptor(userdata: u64, kind: u8, fd: u32) -> Subscription {
    Subscription { userdata, tag: u64::from(kind), first: fd, ..Subscription::default() }
}

pub fn poll() {
    assert_eq!(raw::poll(&[]).unwrap_err(), INVAL, "waiting for nothing");

    let before = monotonic();
    let events = raw::poll(&[clock(7, 1, 30 * MILLISECOND, 0)]).unwrap();
    let waited = monotonic() - before;
    assert_eq!((events.len(), events[0].userdata, events[0].error, events[0].kind), (1, 7, 0, CLOCK));
    assert!(waited >= 30 * MILLISECOND && waited < 5000 * MILLISECOND, "waited {waited} ns");

    // The earliest of several wins, whether it is relative or absolute.
    let before = monotonic();
    let far = 60_000 * MILLISECOND;
    let mut real = 0;
    assert_eq!(clock_time_get(0, 1, &mut real), SUCCESS);
    let events = raw::poll(&[
        clock(1, 1, far, 0),
        clock(2, 1, before + 40 * MILLISECOND, ABSOLUTE),
        clock(3, 0, far, 0),
        clock(4, 0, real + far, ABSOLUTE),
    ])
    .unwrap();
    let waited = monotonic() - before;
    assert_eq!(events.iter().map(|event| event.userdata).collect::<Vec<_>>(), [2]);
    assert!(waited >= 40 * MILLISECOND && waited < 5000 * MILLISECOND, "waited {waited} ns");
    let events = raw::poll(&[clock(5, 0, 1, ABSOLUTE), clock(6, 1, far, 0)]).unwrap();
    assert_eq!(events[0].userdata, 5, "a time in the past is reached at once");

    // Descriptors that are ready do not wait for the clock; one that does not exist is an event with an error.
    let file = create(grant("/box"), "polled", b"contents");
    let before = monotonic();
    let events = raw::poll(&[
        clock(1, 1, far, 0),
        descriptor(2, READ, file),
        descriptor(3, WRITE, file),
        descriptor(4, READ, 12345),
    ])
    .unwrap();
    assert!(monotonic() - before < 5000 * MILLISECOND);
    let mut found: Vec<_> = events.iter().map(|event| (event.userdata, event.kind, i32::from(event.error))).collect();
    found.sort_unstable();
    assert_eq!(found, [(2, READ, SUCCESS), (3, WRITE, SUCCESS), (4, READ, BADF)]);

    let events = raw::poll(&[clock(1, 99, 1, 0)]);
    let refused = matches!(&events, Err(INVAL)) || matches!(&events, Ok(list) if i32::from(list[0].error) == INVAL);
    assert!(refused, "a clock that does not exist: {events:?}");
    let events = raw::poll(&[Subscription { tag: 9, ..Subscription::default() }]);
    assert!(matches!(events, Err(INVAL)), "a kind of subscription that does not exist: {events:?}");
}

/// Standard input is a pipe that the host fills after a while, and then closes.
pub fn poll_input() {
    let events = raw::poll(&[clock(1, 1, 20 * MILLISECOND, 0), descriptor(2, READ, 0)]).unwrap();
    assert_eq!(events.iter().map(|event| event.userdata).collect::<Vec<_>>(), [1], "nothing to read yet");
    println!("waiting");
    let events = raw::poll(&[clock(1, 1, 30_000 * MILLISECOND, 0), descriptor(2, READ, 0)]).unwrap();
    assert_eq!(events.iter().map(|event| event.userdata).collect::<Vec<_>>(), [2]);
    assert_eq!(events[0].bytes, 5, "what can be read without waiting");
    let mut buffer = [0; 16];
    assert_eq!(raw::read(0, &mut buffer), Ok(5));
    println!("read");
    let events = raw::poll(&[descriptor(2, READ, 0)]).unwrap();
    assert_eq!(events[0].flags & 1, 1, "the other side hung up");
    assert_eq!(raw::read(0, &mut buffer), Ok(0));
}
