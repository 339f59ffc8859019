//! Errors with their kind and place: file, function, offset, and what to do about them.

use std::fmt;

use crate::quote::quoted;

/// Why a module cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Whose fault it is.
    pub kind: ErrorKind,
    /// What happened, in one line. Boxed, so that results are small.
    pub message: Box<str>,
    /// The module it happened in, by the name it was given.
    pub module: Option<String>,
    /// Index of the function it happened in, and its name if it has one.
    pub function: Option<(u32, Option<String>)>,
    /// Where in the module's file, in bytes.
    pub offset: Option<u64>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input's, or that of what was asked for: it is invalid (the parser's limits are part of that), or it makes no sense.
    Refused,
    /// The input's: imports do not fit what supplies them, or nobody can supply them.
    Unlinkable,
    /// Likewise, and another module among the inputs could mend it: one that supplies what is imported.
    MissingModule,
    /// Nobody's: it is valid, and beyond a limit of adder or of the options.
    Limit,
    /// Nobody's: it is valid, and not supported.
    Unsupported,
    /// A defect of adder.
    Defect,
}

/// What the fallible functions of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of the input that is only a message so far.
    pub fn new(message: impl Into<String>) -> Error {
        Error {
            kind: ErrorKind::Refused,
            message: message.into().into_boxed_str(),
            module: None,
            function: None,
            offset: None,
            hint: None,
        }
    }

    /// An error about something valid that is not supported.
    pub fn unsupported(message: impl Into<String>) -> Error {
        Error { kind: ErrorKind::Unsupported, ..Error::new(message) }
    }

    /// An error about imports that cannot be linked, whatever other modules there are.
    pub fn unlinkable(message: impl Into<String>) -> Error {
        Error { kind: ErrorKind::Unlinkable, ..Error::new(message) }
    }

    /// An error about something valid that is beyond a limit.
    pub fn limit(message: impl Into<String>) -> Error {
        Error { kind: ErrorKind::Limit, ..Error::new(message) }
    }

    /// An error that only a defect of adder can cause. The message says so.
    pub fn defect(what: impl fmt::Display) -> Error {
        Error { kind: ErrorKind::Defect, ..Error::new(format!("internal error: {what}")) }
    }

    /// The same with the module it happened in.
    pub fn in_module(mut self, name: &str) -> Error {
        self.module.get_or_insert_with(|| name.to_owned());
        self
    }

    /// The same with the function it happened in.
    pub fn in_function(mut self, index: u32, name: Option<&str>) -> Error {
        self.function.get_or_insert_with(|| (index, name.map(str::to_owned)));
        self
    }

    /// The same with the offset in the module's file.
    pub fn at(mut self, offset: u64) -> Error {
        self.offset.get_or_insert(offset);
        self
    }

    /// The same with what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint.get_or_insert_with(|| hint.into());
        self
    }
}

/// One line without the hint: `FILE: function N "NAME": offset 0xOFFSET: MESSAGE`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(module) = &self.module {
            write!(f, "{module}: ")?;
        }
        match &self.function {
            Some((index, Some(name))) => write!(f, "function {index} {}: ", quoted(name))?,
            Some((index, None)) => write!(f, "function {index}: ")?,
            None => {}
        }
        if let Some(offset) = self.offset {
            write!(f, "offset {offset:#x}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
