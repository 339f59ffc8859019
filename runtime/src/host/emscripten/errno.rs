//! Error numbers of Emscripten's C library: WASI's, and numbers of its own for those that WASI has not. Source:
//! `system/lib/libc/musl/arch/emscripten/bits/errno.h`, the same in all versions.

use crate::host::value::Outcome;
use adder_abi::trap::TrapCode;
use rustix::io::Errno;

/// The numbers, by those of Linux; `EIO` where there is none.
static NUMBERS: [u8; 134] = {
    let mut numbers = [EIO; 134];
    let mut index = 0;
    while index < PAIRS.len() {
        let (linux, number) = PAIRS[index];
        numbers[linux as usize] = number;
        index += 1;
    }
    numbers
};

const EIO: u8 = 29;

#[rustfmt::skip]
const PAIRS: [(i32, u8); 130] = [
    (libc::EPERM, 63), (libc::ENOENT, 44), (libc::ESRCH, 71), (libc::EINTR, 27), (libc::EIO, 29), (libc::ENXIO, 60),
    (libc::E2BIG, 1), (libc::EBADF, 8), (libc::ECHILD, 12), (libc::EAGAIN, 6), (libc::ENOMEM, 48),
    (libc::EACCES, 2), (libc::EFAULT, 21), (libc::ENOTBLK, 105), (libc::EBUSY, 10), (libc::EEXIST, 20), (libc::EXDEV, 75),
    (libc::ENODEV, 43), (libc::ENOTDIR, 54), (libc::EISDIR, 31), (libc::EINVAL, 28), (libc::ENFILE, 41), (libc::EMFILE, 33),
    (libc::ENOTTY, 59), (libc::ETXTBSY, 74), (libc::EFBIG, 22), (libc::ENOSPC, 51), (libc::ESPIPE, 70), (libc::EROFS, 69),
    (libc::EMLINK, 34), (libc::EPIPE, 64), (libc::EDOM, 18), (libc::ERANGE, 68), (libc::EDEADLK, 16),
    (libc::ENAMETOOLONG, 37), (libc::ENOLCK, 46), (libc::ENOSYS, 52), (libc::ENOTEMPTY, 55), (libc::ELOOP, 32),
    (libc::ENOMSG, 49), (libc::EIDRM, 24), (libc::ECHRNG, 106), (libc::EL2NSYNC, 156), (libc::EL3HLT, 107),
    (libc::EL3RST, 108), (libc::ELNRNG, 109), (libc::EUNATCH, 110), (libc::ENOCSI, 111), (libc::EL2HLT, 112),
    (libc::EBADE, 113), (libc::EBADR, 114), (libc::EXFULL, 115), (libc::ENOANO, 104), (libc::EBADRQC, 103),
    (libc::EBADSLT, 102), (libc::EBFONT, 101), (libc::ENOSTR, 100), (libc::ENODATA, 116), (libc::ETIME, 117),
    (libc::ENOSR, 118), (libc::ENONET, 119), (libc::ENOPKG, 120), (libc::EREMOTE, 121), (libc::ENOLINK, 47),
    (libc::EADV, 122), (libc::ESRMNT, 123), (libc::ECOMM, 124), (libc::EPROTO, 65), (libc::EMULTIHOP, 36),
    (libc::EDOTDOT, 125), (libc::EBADMSG, 9), (libc::EOVERFLOW, 61), (libc::ENOTUNIQ, 126), (libc::EBADFD, 127),
    (libc::EREMCHG, 128), (libc::ELIBACC, 129), (libc::ELIBBAD, 130), (libc::ELIBSCN, 131), (libc::ELIBMAX, 132),
    (libc::ELIBEXEC, 133), (libc::EILSEQ, 25), (libc::ERESTART, 134), (libc::ESTRPIPE, 135), (libc::EUSERS, 136),
    (libc::ENOTSOCK, 57), (libc::EDESTADDRREQ, 17), (libc::EMSGSIZE, 35), (libc::EPROTOTYPE, 67), (libc::ENOPROTOOPT, 50),
    (libc::EPROTONOSUPPORT, 66), (libc::ESOCKTNOSUPPORT, 137), (libc::EOPNOTSUPP, 138), (libc::EPFNOSUPPORT, 139),
    (libc::EAFNOSUPPORT, 5), (libc::EADDRINUSE, 3), (libc::EADDRNOTAVAIL, 4), (libc::ENETDOWN, 38), (libc::ENETUNREACH, 40),
    (libc::ENETRESET, 39), (libc::ECONNABORTED, 13), (libc::ECONNRESET, 15), (libc::ENOBUFS, 42), (libc::EISCONN, 30),
    (libc::ENOTCONN, 53), (libc::ESHUTDOWN, 140), (libc::ETOOMANYREFS, 141), (libc::ETIMEDOUT, 73), (libc::ECONNREFUSED, 14),
    (libc::EHOSTDOWN, 142), (libc::EHOSTUNREACH, 23), (libc::EALREADY, 7), (libc::EINPROGRESS, 26), (libc::ESTALE, 72),
    (libc::EUCLEAN, 143), (libc::ENOTNAM, 144), (libc::ENAVAIL, 145), (libc::EISNAM, 146), (libc::EREMOTEIO, 147),
    (libc::EDQUOT, 19), (libc::ENOMEDIUM, 148), (libc::EMEDIUMTYPE, 149), (libc::ECANCELED, 11), (libc::ENOKEY, 150),
    (libc::EKEYEXPIRED, 151), (libc::EKEYREVOKED, 152), (libc::EKEYREJECTED, 153), (libc::EOWNERDEAD, 62),
    (libc::ENOTRECOVERABLE, 56), (libc::ERFKILL, 154), (libc::EHWPOISON, 155),
];

/// Returns the number that the guest has for an error of the host.
pub fn number(error: Errno) -> u32 {
    let number = usize::try_from(error.raw_os_error()).ok().and_then(|linux| NUMBERS.get(linux));
    u32::from(*number.unwrap_or(&EIO))
}

/// How a system call ended that does not always return to the guest.
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

impl From<TrapCode> for Stop {
    fn from(code: TrapCode) -> Stop {
        Stop::Trap(code)
    }
}

/// What a system call returns for an error: its number, negated.
fn negated(error: Errno) -> u32 {
    number(error).wrapping_neg()
}

impl Outcome for Result<u32, Errno> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        Ok(self.unwrap_or_else(negated))
    }
}

impl Outcome for Result<(), Errno> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        Ok(self.map_or_else(negated, |()| 0))
    }
}

impl Outcome for Result<u32, Stop> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        match self {
            Ok(value) => Ok(value),
            Err(Stop::Error(error)) => Ok(negated(error)),
            Err(Stop::Trap(code)) => Err(code),
        }
    }
}

impl Outcome for Result<(), Stop> {
    type Results = u32;

    fn results(self) -> Result<u32, TrapCode> {
        self.map(|()| 0).results()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_c_library() {
        for (error, expected) in [
            (Errno::PERM, 63),
            (Errno::NOENT, 44),
            (Errno::BADF, 8),
            (Errno::NOTSUP, 138),
            (Errno::SHUTDOWN, 140),
            (Errno::INPROGRESS, 26),
            (Errno::from_raw_os_error(4000), 29),
        ] {
            assert_eq!(number(error), expected, "{error:?}");
        }
        assert_eq!(Err::<u32, _>(Errno::NOENT).results(), Ok(-44_i32 as u32));
    }
}
