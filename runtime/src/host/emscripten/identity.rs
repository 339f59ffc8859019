//! Who and where the process is: system calls that Emscripten's C library only pretends to have.

use super::super::interface;
use super::is_time64;
use super::library::write_text;
use super::sleep::pause;
use crate::guest::pointer::Guest;
use crate::process::phase;
use core::mem::MaybeUninit;
use rustix::io::Errno;
use rustix::process::{Pid, getegid, geteuid, getgid, getgroups, getpgid, getpgrp, getpid, getppid, getsid, getuid};
use rustix::process::{Resource, getrlimit};
use rustix::system::uname;

interface! {
    emscripten::stub;
    adder_emscripten_stub___syscall_getegid32 = effective_group(Guest);
    adder_emscripten_stub___syscall_geteuid32 = effective_user(Guest);
    adder_emscripten_stub___syscall_getgid32 = group(Guest);
    adder_emscripten_stub___syscall_getgroups32 = groups(Guest, count: u32, list: u32);
    adder_emscripten_stub___syscall_getpgid = process_group(Guest, process: u32);
    adder_emscripten_stub___syscall_getpid = process(Guest);
    adder_emscripten_stub___syscall_getppid = parent(Guest);
    adder_emscripten_stub___syscall_getpriority = priority(Guest, which: u32, who: u32);
    adder_emscripten_stub___syscall_getresgid32 = group_triple(Guest, real: u32, effective: u32, saved: u32);
    adder_emscripten_stub___syscall_getresuid32 = user_triple(Guest, real: u32, effective: u32, saved: u32);
    adder_emscripten_stub___syscall_getrusage = usage(Guest, who: u32, result: u32);
    adder_emscripten_stub___syscall_getsid = session(Guest, process: u32);
    adder_emscripten_stub___syscall_getuid32 = user(Guest);
    adder_emscripten_stub___syscall_prlimit64 = limits(Guest, process: u32, resource: u32, new: u32, old: u32);
    adder_emscripten_stub___syscall_setpriority = set_priority(Guest, which: u32, who: u32, priority: u32);
    adder_emscripten_stub___syscall_sync = sync(Guest);
    adder_emscripten_stub___syscall_uname = names(Guest, result: u32);
    adder_emscripten_stub_getpgrp = own_process_group(Guest);
    adder_emscripten_stub_pause = pause(Guest);
}

/// Returns a number of this process; while a checkpoint is made, always the same one.
fn number(own: impl FnOnce() -> u32) -> u32 {
    if phase::is_at_build() { 1 } else { own() }
}

pub fn user(_guest: Guest) -> u32 {
    number(|| getuid().as_raw())
}

fn effective_user(_guest: Guest) -> u32 {
    number(|| geteuid().as_raw())
}

fn group(_guest: Guest) -> u32 {
    number(|| getgid().as_raw())
}

fn effective_group(_guest: Guest) -> u32 {
    number(|| getegid().as_raw())
}

fn process(_guest: Guest) -> u32 {
    number(|| getpid().as_raw_nonzero().get() as u32)
}

fn parent(_guest: Guest) -> u32 {
    number(|| Pid::as_raw(getppid()) as u32)
}

/// A process by its number; 0 is this one. Others are nobody's business.
fn own(process: u32) -> Result<Option<Pid>, Errno> {
    if process == 0 || process == getpid().as_raw_nonzero().get() as u32 { Ok(None) } else { Err(Errno::SRCH) }
}

fn process_group(_guest: Guest, process: u32) -> Result<u32, Errno> {
    Ok(getpgid(own(process)?)?.as_raw_nonzero().get() as u32)
}

fn own_process_group(_guest: Guest) -> u32 {
    number(|| getpgrp().as_raw_nonzero().get() as u32)
}

fn session(_guest: Guest, process: u32) -> Result<u32, Errno> {
    Ok(getsid(own(process)?)?.as_raw_nonzero().get() as u32)
}

/// Writes the further groups of the user, if there is room for all. Returns how many there are.
fn groups(guest: Guest, count: u32, list: u32) -> Result<u32, Errno> {
    let groups = getgroups()?;
    if count != 0 {
        if (count as usize) < groups.len() {
            return Err(Errno::INVAL);
        }
        let places = guest.array::<u32>(list, groups.len() as u32)?;
        for (place, group) in places.places().zip(&groups) {
            place.write(group.as_raw());
        }
    }
    Ok(groups.len() as u32)
}

fn write_triple(guest: Guest, places: [u32; 3], values: [u32; 3]) -> Result<(), Errno> {
    for (address, value) in places.into_iter().zip(values) {
        guest.place::<u32>(address)?.write(value);
    }
    Ok(())
}

fn user_triple(guest: Guest, real: u32, effective: u32, saved: u32) -> Result<(), Errno> {
    let effective_user = effective_user(guest);
    // Nothing changes the user of a running program, so the saved one is the effective one.
    write_triple(guest, [real, effective, saved], [user(guest), effective_user, effective_user])
}

fn group_triple(guest: Guest, real: u32, effective: u32, saved: u32) -> Result<(), Errno> {
    let effective_group = effective_group(guest);
    write_triple(guest, [real, effective, saved], [group(guest), effective_group, effective_group])
}

/// `PRIO_PROCESS`.
const OF_PROCESS: u32 = 0;

/// Only the process itself has a priority here.
fn check_own(which: u32, who: u32) -> Result<(), Errno> {
    if which != OF_PROCESS {
        return Err(Errno::INVAL);
    }
    own(who).map(drop)
}

/// Returns the priority as the kernel says it: 20 less what `nice` says.
fn priority(_guest: Guest, which: u32, who: u32) -> Result<u32, Errno> {
    check_own(which, who)?;
    Ok((20 - rustix::process::getpriority_process(None)?) as u32)
}

fn set_priority(_guest: Guest, which: u32, who: u32, priority: u32) -> Result<(), Errno> {
    check_own(which, who)?;
    rustix::process::setpriority_process(None, priority as i32)
}

/// Writes what the process has used.
fn usage(guest: Guest, who: u32, result: u32) -> Result<(), Errno> {
    let who = match who as i32 {
        libc::RUSAGE_SELF => libc::RUSAGE_SELF,
        libc::RUSAGE_CHILDREN => libc::RUSAGE_CHILDREN,
        _ => return Err(Errno::INVAL),
    };
    let (time_bytes, size) = if is_time64() { (16, 152) } else { (8, 136) };
    let range = guest.range(result, size)?;
    let mut found = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: there is room for it, and zeros are a valid one.
    let usage = unsafe {
        libc::getrusage(who, found.as_mut_ptr());
        found.assume_init()
    };
    let mut bytes = [0; 152];
    for (place, time) in [(0, usage.ru_utime), (time_bytes, usage.ru_stime)] {
        let width = time_bytes / 2;
        bytes[place..place + width].copy_from_slice(&time.tv_sec.to_le_bytes()[..width]);
        bytes[place + width..place + width + 4].copy_from_slice(&(time.tv_usec as u32).to_le_bytes());
    }
    let counts = [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ];
    for (place, count) in (2 * time_bytes..).step_by(4).zip(counts) {
        let count = u32::try_from(count).unwrap_or(i32::MAX as u32);
        bytes[place..place + 4].copy_from_slice(&count.to_le_bytes());
    }
    range.write(&bytes[..size as usize]);
    Ok(())
}

/// The limits that the guest can ask for, by their numbers on Linux.
fn resource(number: u32) -> Result<Resource, Errno> {
    Ok(match number {
        0 => Resource::Cpu,
        1 => Resource::Fsize,
        2 => Resource::Data,
        3 => Resource::Stack,
        4 => Resource::Core,
        5 => Resource::Rss,
        6 => Resource::Nproc,
        7 => Resource::Nofile,
        8 => Resource::Memlock,
        9 => Resource::As,
        10 => Resource::Locks,
        11 => Resource::Sigpending,
        12 => Resource::Msgqueue,
        13 => Resource::Nice,
        14 => Resource::Rtprio,
        15 => Resource::Rttime,
        _ => return Err(Errno::INVAL),
    })
}

/// Writes a limit of the process. They are those that it was started with: the guest cannot set them.
fn limits(guest: Guest, process: u32, number: u32, new: u32, old: u32) -> Result<(), Errno> {
    own(process)?;
    let resource = resource(number)?;
    if new != 0 {
        return Err(Errno::PERM);
    }
    if old != 0 {
        let limit = getrlimit(resource);
        let places = guest.array::<u64>(old, 2)?;
        for (place, bound) in places.places().zip([limit.current, limit.maximum]) {
            place.write(bound.unwrap_or(u64::MAX));
        }
    }
    Ok(())
}

/// Writes nothing: files that are written are the kernel's, and `fsync` is there for each.
fn sync(_guest: Guest) -> u32 {
    0
}

/// Bytes of each name of `struct utsname`.
const NAME_BYTES: usize = 65;

/// Writes what the machine and its system are called. The machine is the guest's own.
fn names(guest: Guest, result: u32) -> Result<(), Errno> {
    let range = guest.range(result, 6 * NAME_BYTES as u64)?;
    range.write(&[0; 6 * NAME_BYTES]);
    let system = uname();
    let names: [&[u8]; 5] = match phase::is_at_build() {
        true => [b"Emscripten", b"emscripten", b"", b"#1", b"wasm32"],
        false => [b"Emscripten", system.nodename().to_bytes(), system.release().to_bytes(), b"#1", b"wasm32"],
    };
    for (index, name) in names.into_iter().enumerate() {
        write_text(range.part(index * NAME_BYTES, NAME_BYTES), name);
    }
    Ok(())
}
