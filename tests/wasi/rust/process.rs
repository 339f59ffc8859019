//! What a process has: arguments, environment, clocks, an exit status, standard streams.

use std::io::{Read, Write};

use crate::raw;

/// Prints every argument with its length, so that the host sees what arrived.
pub fn arguments() {
    for argument in std::env::args_os().skip(2) {
        let argument = argument.to_string_lossy().into_owned();
        println!("{} {argument:?}", argument.len());
    }
}

pub fn environment() {
    let mut variables: Vec<_> = std::env::vars().collect();
    variables.sort();
    for (name, value) in variables {
        println!("{name}={value}");
    }
}

/// `now` is the host's clock in seconds.
pub fn clocks(now: u64) {
    let time = |clock| {
        let mut nanoseconds = 0;
        assert_eq!(raw::clock_time_get(clock, 1, &mut nanoseconds), raw::SUCCESS, "clock {clock}");
        nanoseconds
    };
    let difference = (time(0) / 1_000_000_000).abs_diff(now);
    assert!(difference < 60, "the real-time clock is {difference} seconds off");
    let before = time(1);
    let mut sum = 0_u64;
    for number in 0..2_000_000_u64 {
        sum = std::hint::black_box(sum.wrapping_add(number));
    }
    assert!(time(1) > before, "the monotonic clock moves");
    assert!(time(2) > 0, "the process has used time");
    assert!(time(3) > 0, "the thread has used time");
    for clock in 0..4 {
        let mut resolution = 0;
        assert_eq!(raw::clock_res_get(clock, &mut resolution), raw::SUCCESS);
        assert!((1..1_000_000_000).contains(&resolution), "clock {clock}: {resolution}");
    }
    let mut unused = 7;
    assert_eq!(raw::clock_time_get(4, 1, &mut unused), raw::INVAL);
    assert_eq!(raw::clock_res_get(99, &mut unused), raw::INVAL);
    assert_eq!(unused, 7, "a failed call writes nothing");
}

pub fn random() {
    let (mut one, mut other) = ([0; 4096], [0; 4096]);
    assert_eq!(raw::random(&mut one), raw::SUCCESS);
    assert_eq!(raw::random(&mut other), raw::SUCCESS);
    assert_ne!(one, other);
    assert!((0..=255_u8).filter(|value| one.contains(value)).count() > 200, "all kinds of bytes");
    assert_eq!(raw::random(&mut []), raw::SUCCESS);
    assert_eq!(raw::sched_yield(), raw::SUCCESS);
}

/// Ends in a trap, in a function that a backtrace can name.
pub fn trap() {
    inner_of_trap(std::hint::black_box(1));
}

#[inline(never)]
fn inner_of_trap(depth: u32) {
    if depth > 0 {
        std::hint::black_box(());
        core::arch::wasm32::unreachable();
    }
}

/// Copies standard input to standard output.
pub fn echo() {
    let mut buffer = [0; 65536];
    loop {
        let count = std::io::stdin().read(&mut buffer).expect("standard input can be read");
        if count == 0 {
            return;
        }
        std::io::stdout().write_all(&buffer[..count]).expect("standard output can be written");
    }
}

/// Writes until that fails and tells the error number by the exit status.
pub fn write_until_error() {
    loop {
        if let Err(errno) = raw::write(1, &[b'y'; 4096]) {
            raw::proc_exit(errno as u32);
        }
    }
}

/// Descriptors 0 to 2 were closed by whoever started the program; a new file must not take their place.
pub fn closed() {
    let folder = raw::grant("/box");
    let file = raw::create(folder, "closed", b"");
    assert!(file > 2, "a new file is descriptor {file}");
    let mut report = String::new();
    let mut byte = [0];
    report += &format!("read {:?}\n", raw::read(0, &mut byte));
    report += &format!("write {:?}\n", raw::write(1, b"lost"));
    report += &format!("error {:?}\n", raw::write(2, b"lost"));
    raw::write(file, report.as_bytes()).expect("the file can be written");
}
