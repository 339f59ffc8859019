//! `ioctl`: terminals, and what other files have of it.

use super::layout::argument;
use crate::guest::pointer::Guest;
use crate::vfs::posix::{descriptors, terminal};
use rustix::fs::OFlags;
use rustix::io::Errno;
use terminal::{Flow, Queue, When};

/// The operations. Source: `system/lib/libc/musl/arch/generic/bits/ioctl.h`.
const GET_ATTRIBUTES: u32 = 0x5401;
const SET_ATTRIBUTES: u32 = 0x5402;
const SET_ATTRIBUTES_DRAINED: u32 = 0x5403;
const SET_ATTRIBUTES_FLUSHED: u32 = 0x5404;
/// What `tcdrain` and `tcsendbreak` are made of.
const SEND_BREAK: u32 = 0x5409;
const SET_FLOW: u32 = 0x540a;
const FLUSH: u32 = 0x540b;
const GET_PROCESS_GROUP: u32 = 0x540f;
const SET_PROCESS_GROUP: u32 = 0x5410;
const GET_WINDOW_SIZE: u32 = 0x5413;
const SET_WINDOW_SIZE: u32 = 0x5414;
const BYTES_TO_READ: u32 = 0x541b;
const SET_NONBLOCKING: u32 = 0x5421;
const CLEAR_CLOSE_ON_EXEC: u32 = 0x5450;
const SET_CLOSE_ON_EXEC: u32 = 0x5451;

pub fn ioctl(guest: Guest, fd: u32, operation: u32, variadic: u32) -> Result<u32, Errno> {
    let file = descriptors::file(fd, 0)?;
    let argument = || argument(guest, variadic);
    match operation {
        GET_ATTRIBUTES => {
            let range = guest.range(argument()?, terminal::ATTRIBUTES_BYTES as u64)?;
            range.write(&terminal::attributes(&file)?);
        }
        SET_ATTRIBUTES | SET_ATTRIBUTES_DRAINED | SET_ATTRIBUTES_FLUSHED => {
            let mut attributes = [0; terminal::ATTRIBUTES_BYTES];
            guest.range(argument()?, attributes.len() as u64)?.read(&mut attributes);
            let when = match operation {
                SET_ATTRIBUTES => When::Now,
                SET_ATTRIBUTES_DRAINED => When::Drained,
                _ => When::Flushed,
            };
            terminal::set_attributes(&file, when, &attributes)?;
        }
        // With a number that is not 0 it only waits until all output was written.
        SEND_BREAK if argument()? == 0 => terminal::send_break(&file)?,
        SEND_BREAK => terminal::drain(&file)?,
        SET_FLOW => {
            let flow = match argument()? {
                0 => Flow::StopOutput,
                1 => Flow::StartOutput,
                2 => Flow::StopInput,
                3 => Flow::StartInput,
                _ => return Err(Errno::INVAL),
            };
            terminal::set_flow(&file, flow)?;
        }
        FLUSH => {
            let queue = match argument()? {
                0 => Queue::Input,
                1 => Queue::Output,
                2 => Queue::Both,
                _ => return Err(Errno::INVAL),
            };
            terminal::flush(&file, queue)?;
        }
        GET_PROCESS_GROUP => guest.place::<u32>(argument()?)?.write(terminal::process_group(&file)?),
        SET_PROCESS_GROUP => return Err(if file.is_terminal() { Errno::PERM } else { Errno::NOTTY }),
        GET_WINDOW_SIZE => {
            let places = guest.array::<u16>(argument()?, 4)?;
            let (rows, columns) = terminal::window_size(&file)?;
            for (place, value) in places.places().zip([rows, columns, 0, 0]) {
                place.write(value);
            }
        }
        SET_WINDOW_SIZE => return Err(if file.is_terminal() { Errno::PERM } else { Errno::NOTTY }),
        BYTES_TO_READ => guest.place::<u32>(argument()?)?.write(terminal::bytes_to_read(&file)?),
        SET_NONBLOCKING => {
            let is_on = guest.place::<u32>(argument()?)?.read() != 0;
            let mut flags = file.flags()?;
            flags.set(OFlags::NONBLOCK, is_on);
            file.set_flags(flags & (OFlags::APPEND | OFlags::NONBLOCK))?;
        }
        CLEAR_CLOSE_ON_EXEC => descriptors::set_close_on_exec(fd, false)?,
        SET_CLOSE_ON_EXEC => descriptors::set_close_on_exec(fd, true)?,
        _ => return Err(Errno::NOTTY),
    }
    Ok(0)
}
