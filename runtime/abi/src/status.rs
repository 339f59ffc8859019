//! What an executable ends with, besides the guest's own statuses.

/// The arguments do not fit the function that `--invoke` named at build.
pub const USAGE: i32 = 2;

/// System or CPU cannot give what the program needs before it can start (`EX_OSERR` of `sysexits.h`); or, at build, there can
/// be no checkpoint.
pub const SYSTEM: i32 = 71;

/// The guest trapped or threw an exception that nothing catches, or the runtime found a defect of its own: what a shell shows
/// for SIGABRT.
pub const ABORTED: i32 = 134;
