//! WASI preview 1: all functions of `wasi_snapshot_preview1`, a file for each group.
//!
//! A function of a group is safe and typed: it gets the guest's memory and its parameters, and says how it ended. The
//! table below makes the host functions of them that generated code calls ([`adder_abi::program::HostFunction`]).
//! Each is a symbol and a section of its own, and nothing else refers to them, so that the linker drops what a program
//! does not import.

mod args;
pub mod clock;
pub mod errno;
mod fd;
mod path;
mod poll;
mod proc;
mod random;
mod sock;
pub mod threads;
pub mod types;
mod working_directory;

use crate::checkpoint::make;
use crate::fs;
use crate::fs::descriptor::{Descriptor, Rights};
use crate::fs::file::OpenFile;
use crate::fs::vectored::PIECES_MAX;
use crate::guest::pointer::{Guest, GuestRange};
use crate::process::configuration::Configuration;
use adder_abi::trap::TrapCode;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use errno::Errno;
use types::Iovec;

/// How a function ended that does not always return to the guest.
pub enum Stop {
    /// It returns this error.
    Error(Errno),
    /// The guest has ended or trapped.
    Trap(TrapCode),
}

impl From<Errno> for Stop {
    fn from(error: Errno) -> Stop {
        Stop::Error(error)
    }
}

impl From<rustix::io::Errno> for Stop {
    fn from(error: rustix::io::Errno) -> Stop {
        Stop::Error(error.into())
    }
}

/// What the functions of the groups return.
trait Outcome {
    /// The error number for the guest, or the trap that it ends with.
    fn errno(self) -> Result<u16, TrapCode>;
}

impl Outcome for Result<(), Errno> {
    fn errno(self) -> Result<u16, TrapCode> {
        Ok(self.map_or_else(|error| error as u16, |()| 0))
    }
}

impl Outcome for Result<(), Stop> {
    fn errno(self) -> Result<u16, TrapCode> {
        match self {
            Ok(()) => Ok(0),
            Err(Stop::Error(error)) => Ok(error as u16),
            Err(Stop::Trap(code)) => Err(code),
        }
    }
}

/// A parameter as it comes in a slot.
trait Parameter {
    fn from_slot(slot: u64) -> Self;
}

impl Parameter for u32 {
    fn from_slot(slot: u64) -> u32 {
        slot as u32
    }
}

impl Parameter for u64 {
    fn from_slot(slot: u64) -> u64 {
        slot
    }
}

impl Parameter for i64 {
    fn from_slot(slot: u64) -> i64 {
        slot as i64
    }
}

macro_rules! host_functions {
    ($($symbol:ident = $group:ident::$function:ident($($parameter:ident: $kind:ty),*);)*) => {
        $(
            /// A function of WASI preview 1, for generated code.
            ///
            /// # Safety
            /// `context` is null or the memory of the calling instance, and `values` has a slot for each parameter and
            /// for the result.
            #[cfg_attr(not(test), unsafe(no_mangle))]
            pub unsafe extern "C" fn $symbol(context: *mut c_void, values: *mut u64) -> u32 {
                // SAFETY: promised by the caller.
                let guest = unsafe { Guest::from_context(context) };
                #[allow(unused_mut, unused_variables, reason = "one of the functions has no parameters")]
                let mut slot = values;
                $(
                    // SAFETY: there is a slot for each parameter.
                    let $parameter = <$kind>::from_slot(unsafe { slot.read() });
                    slot = slot.wrapping_add(1);
                )*
                let _ = slot;
                match $group::$function(guest, $($parameter),*).errno() {
                    Ok(errno) => {
                        // SAFETY: there is a slot for the result.
                        unsafe { values.write(errno.into()) };
                        0
                    }
                    Err(code) => make::note_call(code, $symbol, context, values),
                }
            }
        )*

        #[cfg(test)]
        const TABLE: &[(&str, &[&str])] = &[$((stringify!($symbol), &[$(stringify!($kind)),*])),*];
    };
}

host_functions! {
    adder_wasi_args_get = args::args_get(vector: u32, texts: u32);
    adder_wasi_args_sizes_get = args::args_sizes_get(count: u32, bytes: u32);
    adder_wasi_clock_res_get = clock::clock_res_get(clock: u32, resolution: u32);
    adder_wasi_clock_time_get = clock::clock_time_get(clock: u32, precision: u64, time: u32);
    adder_wasi_environ_get = args::environ_get(vector: u32, texts: u32);
    adder_wasi_environ_sizes_get = args::environ_sizes_get(count: u32, bytes: u32);
    adder_wasi_fd_advise = fd::fd_advise(fd: u32, offset: u64, bytes: u64, advice: u32);
    adder_wasi_fd_allocate = fd::fd_allocate(fd: u32, offset: u64, bytes: u64);
    adder_wasi_fd_close = fd::fd_close(fd: u32);
    adder_wasi_fd_datasync = fd::fd_datasync(fd: u32);
    adder_wasi_fd_fdstat_get = fd::fd_fdstat_get(fd: u32, result: u32);
    adder_wasi_fd_fdstat_set_flags = fd::fd_fdstat_set_flags(fd: u32, flags: u32);
    adder_wasi_fd_fdstat_set_rights = fd::fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
    adder_wasi_fd_filestat_get = fd::fd_filestat_get(fd: u32, result: u32);
    adder_wasi_fd_filestat_set_size = fd::fd_filestat_set_size(fd: u32, size: u64);
    adder_wasi_fd_filestat_set_times = fd::fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32);
    adder_wasi_fd_pread = fd::fd_pread(fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_prestat_dir_name = fd::fd_prestat_dir_name(fd: u32, path: u32, bytes: u32);
    adder_wasi_fd_prestat_get = fd::fd_prestat_get(fd: u32, result: u32);
    adder_wasi_fd_pwrite = fd::fd_pwrite(fd: u32, vectors: u32, count: u32, offset: u64, result: u32);
    adder_wasi_fd_read = fd::fd_read(fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_fd_readdir = fd::fd_readdir(fd: u32, buffer: u32, bytes: u32, cookie: u64, result: u32);
    adder_wasi_fd_renumber = fd::fd_renumber(from: u32, to: u32);
    adder_wasi_fd_seek = fd::fd_seek(fd: u32, offset: i64, whence: u32, result: u32);
    adder_wasi_fd_sync = fd::fd_sync(fd: u32);
    adder_wasi_fd_tell = fd::fd_tell(fd: u32, result: u32);
    adder_wasi_fd_write = fd::fd_write(fd: u32, vectors: u32, count: u32, result: u32);
    adder_wasi_path_create_directory = path::path_create_directory(fd: u32, path: u32, bytes: u32);
    adder_wasi_path_filestat_get = path::path_filestat_get(fd: u32, lookup: u32, path: u32, bytes: u32, result: u32);
    adder_wasi_path_filestat_set_times = path::path_filestat_set_times(
        fd: u32, lookup: u32, path: u32, bytes: u32, accessed: u64, modified: u64, flags: u32
    );
    adder_wasi_path_link = path::path_link(
        old_fd: u32, lookup: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_open = path::path_open(
        fd: u32, lookup: u32, path: u32, bytes: u32, oflags: u32, base: u64, inheriting: u64, fdflags: u32, result: u32
    );
    adder_wasi_path_readlink = path::path_readlink(
        fd: u32, path: u32, bytes: u32, buffer: u32, buffer_bytes: u32, result: u32
    );
    adder_wasi_path_remove_directory = path::path_remove_directory(fd: u32, path: u32, bytes: u32);
    adder_wasi_path_rename = path::path_rename(
        old_fd: u32, old_path: u32, old_bytes: u32, new_fd: u32, new_path: u32, new_bytes: u32
    );
    adder_wasi_path_symlink = path::path_symlink(text: u32, text_bytes: u32, fd: u32, path: u32, bytes: u32);
    adder_wasi_path_unlink_file = path::path_unlink_file(fd: u32, path: u32, bytes: u32);
    adder_wasi_poll_oneoff = poll::poll_oneoff(subscriptions: u32, events: u32, count: u32, result: u32);
    adder_wasi_proc_exit = proc::proc_exit(status: u32);
    adder_wasi_proc_raise = proc::proc_raise(signal: u32);
    adder_wasi_random_get = random::random_get(buffer: u32, bytes: u32);
    adder_wasi_sched_yield = proc::sched_yield();
    adder_wasi_sock_accept = sock::sock_accept(fd: u32, flags: u32, result: u32);
    adder_wasi_sock_recv = sock::sock_recv(
        fd: u32, vectors: u32, count: u32, flags: u32, result: u32, result_flags: u32
    );
    adder_wasi_sock_send = sock::sock_send(fd: u32, vectors: u32, count: u32, flags: u32, result: u32);
    adder_wasi_sock_shutdown = sock::sock_shutdown(fd: u32, how: u32);
}

/// The arguments of the guest, the name of the program first.
pub fn arguments() -> impl Iterator<Item = &'static [u8]> {
    args::arguments()
}

/// The environment of the guest: `NAME=VALUE`.
pub fn environment() -> impl Iterator<Item = &'static [u8]> + Clone {
    args::environment(Configuration::of_executable())
}

pub use args::path_for_name;

/// The open file behind a descriptor, if the guest has all the `needed` rights to it.
fn file(fd: u32, needed: u64) -> Result<Arc<OpenFile>, Errno> {
    descriptor(fd, needed).map(|descriptor| descriptor.file)
}

/// A descriptor that has these rights, with all of its rights. Fails with `EBADF` for a standard descriptor that was never given
/// them, and with `ENOTCAPABLE` where the guest has taken them away.
fn descriptor(fd: u32, needed: u64) -> Result<Descriptor, Errno> {
    let descriptor = fs::descriptor(fd)?;
    if needed & !descriptor.rights.base == 0 {
        return Ok(descriptor);
    }
    // As for a descriptor that was opened for something else.
    let never_had = |standard| needed & !Rights::of_standard(standard).base != 0;
    Err(if descriptor.file.is_standard().is_some_and(never_had) { Errno::Badf } else { Errno::Notcapable })
}

/// The pieces of memory that a read or write is about, checked.
struct Pieces {
    /// The first ones; programs hardly ever have more than two.
    few: [MaybeUninit<GuestRange>; FEW_PIECES],
    count: usize,
    /// All of them, if they are more.
    many: Vec<GuestRange>,
}

/// Pieces that need no memory from the heap. Room for all on the stack would cost every call some pages of it.
const FEW_PIECES: usize = 8;

impl Pieces {
    /// Reads an array of `iovec`. Pieces beyond as many as the kernel takes at once are left out: a read or write may
    /// always do less than it is asked for. Empty ones are too.
    fn from_guest(guest: Guest, vectors: u32, count: u32) -> Result<Pieces, Errno> {
        let vectors = guest.array::<Iovec>(vectors, count)?;
        let mut pieces = Pieces { few: [const { MaybeUninit::uninit() }; FEW_PIECES], count: 0, many: Vec::new() };
        for place in vectors.places() {
            let iovec = place.read();
            if pieces.ranges().len() == PIECES_MAX {
                break;
            }
            let range = guest.range(iovec.buffer, iovec.bytes.into())?;
            if !range.is_empty() {
                pieces.add(range, vectors.len())?;
            }
        }
        Ok(pieces)
    }

    fn add(&mut self, range: GuestRange, expected: usize) -> Result<(), Errno> {
        if self.many.is_empty() && self.count < FEW_PIECES {
            self.few[self.count].write(range);
            self.count += 1;
            return Ok(());
        }
        if self.many.is_empty() {
            self.many.try_reserve_exact(expected.min(PIECES_MAX)).map_err(|_| Errno::Nomem)?;
            for &earlier in self.few.iter().take(self.count) {
                // SAFETY: the first `count` were written.
                self.many.push(unsafe { earlier.assume_init() });
            }
        }
        self.many.push(range);
        Ok(())
    }

    fn ranges(&self) -> &[GuestRange] {
        if !self.many.is_empty() {
            return &self.many;
        }
        // SAFETY: the first `count` were written.
        unsafe { core::slice::from_raw_parts(self.few.as_ptr().cast(), self.count) }
    }
}

/// Any times at all, for tests of what may not be changed.
#[cfg(test)]
pub fn tests_timestamps() -> rustix::fs::Timestamps {
    fd::timestamps(1, 2, types::fstflags::ATIM | types::fstflags::MTIM).expect("no contradiction")
}

#[cfg(test)]
mod tests {
    use super::*;
    use adder_abi::host::{ValueType, WASI_PREVIEW1};
    use adder_abi::symbol::WASI_PREVIEW1_PREFIX;

    #[test]
    fn every_function_is_there_with_its_type() {
        assert_eq!(TABLE.len(), WASI_PREVIEW1.len());
        for (signature, (symbol, parameters)) in WASI_PREVIEW1.iter().zip(TABLE) {
            assert_eq!(symbol.strip_prefix(WASI_PREVIEW1_PREFIX), Some(signature.name));
            let types: Vec<_> =
                parameters.iter().map(|kind| if *kind == "u32" { ValueType::I32 } else { ValueType::I64 }).collect();
            assert_eq!(types, signature.parameters, "{symbol}");
        }
    }

    #[test]
    fn slots_become_parameters_and_the_result() {
        // `clock_res_get` of a clock that does not exist.
        let mut values = [u64::from(u32::MAX) << 32 | 77, 0];
        // SAFETY: an instance without memory, and a slot for each parameter.
        let code = unsafe { adder_wasi_clock_res_get(core::ptr::null_mut(), values.as_mut_ptr()) };
        assert_eq!((code, values[0]), (0, Errno::Fault as u64));
    }

    #[test]
    fn pieces_are_checked_one_by_one() {
        let mut bytes = vec![0_u8; 65536];
        let mut memory = crate::test_program::memory(bytes.as_mut_ptr(), bytes.len(), 0);
        // SAFETY: a memory that lives as long as the test.
        let guest = unsafe { Guest::from_context((&raw mut memory).cast()) };
        let put = |index: u32, buffer: u32, bytes: u32| {
            guest.place::<Iovec>(index * 8).expect("inside").write(Iovec { buffer, bytes });
        };
        put(0, 100, 10);
        put(1, u32::MAX, 0);
        assert!(matches!(Pieces::from_guest(guest, 0, 2).err(), Some(Errno::Fault)));
        put(1, 65536, 0);
        put(2, 65535, 1);
        let pieces = Pieces::from_guest(guest, 0, 3).expect("all inside");
        assert_eq!(pieces.ranges().iter().map(|range| range.len()).collect::<Vec<_>>(), [10, 1]);
        put(2, 65535, 2);
        assert!(Pieces::from_guest(guest, 0, 3).is_err());
        assert!(Pieces::from_guest(guest, 65529, 1).is_err());
        assert!(Pieces::from_guest(guest, 0, u32::MAX).is_err());
        for index in 0..4096 {
            put(index, 40000, 1);
        }
        assert_eq!(Pieces::from_guest(guest, 0, 4096).expect("all inside").ranges().len(), PIECES_MAX);
        for count in [FEW_PIECES - 1, FEW_PIECES, FEW_PIECES + 1] {
            let pieces = Pieces::from_guest(guest, 8, count as u32).expect("all inside");
            assert_eq!(pieces.ranges().len(), count);
            assert!(pieces.ranges().iter().all(|range| range.len() == 1));
        }
    }
}
