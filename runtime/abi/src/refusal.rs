//! Why there is no checkpoint: what the run at build says before it ends with [`crate::status::SYSTEM`].
//!
//! It is one line on standard error: [`LINE`], the number of the reason and what goes with it, separated by blanks. Whoever
//! runs the program reads that; the sentence that a user sees is the reason's `Display`.

use core::fmt::{Display, Formatter, Result, Write};

/// What the line begins with.
pub const LINE: &str = "adder: checkpoint: ";

/// A reason why there is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// The guest asks before its entry is called.
    BeforeEntry,
    /// The entry has parameters or results.
    EntryHasValues,
    /// The guest asks in an entry inside of another one.
    Nested,
    /// The guest has started threads that have not ended.
    Threads,
    /// The guest has references to exceptions.
    Exceptions,
    /// The guest has changed a descriptor that every process starts with.
    Descriptors,
    /// The guest has opened something and not closed it.
    OpenDescriptor {
        /// The guest's number for it.
        number: u32,
        /// The path of what is open.
        path: &'a str,
    },
    /// The guest reads its standard input.
    ReadsInput,
    /// The guest waits until there is something to read on its standard input.
    WaitsForInput,
    /// The guest asks for a start without the checkpoint in a trial.
    StartsCold,
    /// The checkpoint could not be written to the file that it goes to.
    Unwritten,
    /// A Python that is to load a module before the checkpoint has it not, or not what that needs. Said by the Python itself.
    MissingModule {
        /// The module that was to be loaded.
        wanted: &'a str,
        /// The one that is missing.
        missing: &'a str,
    },
}

impl<'a> Refusal<'a> {
    /// Its number, by which it is known in the line.
    pub const fn number(self) -> u32 {
        match self {
            Refusal::BeforeEntry => 1,
            Refusal::EntryHasValues => 2,
            Refusal::Nested => 3,
            Refusal::Threads => 4,
            Refusal::Exceptions => 5,
            Refusal::Descriptors => 6,
            Refusal::OpenDescriptor { .. } => 7,
            Refusal::ReadsInput => 8,
            Refusal::WaitsForInput => 9,
            Refusal::StartsCold => 10,
            Refusal::Unwritten => 11,
            Refusal::MissingModule { .. } => 12,
        }
    }

    /// Writes the line, without its end.
    ///
    /// # Errors
    /// Those of `into`.
    pub fn write(self, into: &mut impl Write) -> Result {
        into.write_str(LINE)?;
        write!(into, "{}", self.number())?;
        match self {
            Refusal::OpenDescriptor { number, path } => write!(into, " {number} {path}"),
            Refusal::MissingModule { wanted, missing } => write!(into, " {wanted} {missing}"),
            _ => Ok(()),
        }
    }

    /// Reads a line without its end; `None` if it is not such a line.
    pub fn read(line: &'a str) -> Option<Refusal<'a>> {
        let text = line.strip_prefix(LINE)?;
        let (number, with) = text.split_once(' ').unwrap_or((text, ""));
        let refusal = match number.parse().ok()? {
            1 => Refusal::BeforeEntry,
            2 => Refusal::EntryHasValues,
            3 => Refusal::Nested,
            4 => Refusal::Threads,
            5 => Refusal::Exceptions,
            6 => Refusal::Descriptors,
            7 => {
                let (number, path) = with.split_once(' ')?;
                return Some(Refusal::OpenDescriptor { number: number.parse().ok()?, path });
            }
            8 => Refusal::ReadsInput,
            9 => Refusal::WaitsForInput,
            10 => Refusal::StartsCold,
            11 => Refusal::Unwritten,
            12 => {
                let (wanted, missing) = with.split_once(' ')?;
                return Some(Refusal::MissingModule { wanted, missing });
            }
            _ => return None,
        };
        with.is_empty().then_some(refusal)
    }
}

impl Display for Refusal<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Refusal::BeforeEntry => "the program asks for it before its entry is called",
            Refusal::EntryHasValues => "the function that the executable calls has parameters or results",
            Refusal::Nested => {
                "the program asks for it in a function that the runtime calls while it is in another one"
            }
            Refusal::Threads => "the program has other threads",
            Refusal::Exceptions => "the program keeps references to exceptions",
            Refusal::Descriptors => {
                "the program has closed, replaced, restricted or set flags of a descriptor that it was started with"
            }
            Refusal::OpenDescriptor { number, path } => return write!(f, "descriptor {number} is open: {path}"),
            Refusal::ReadsInput => "the program reads its standard input",
            Refusal::WaitsForInput => "the program waits for its standard input",
            Refusal::StartsCold => "the program starts cold, whatever it is started with",
            Refusal::Unwritten => "it cannot be written",
            Refusal::MissingModule { wanted, missing } => {
                return write!(f, "--preload {wanted}: this python has no module {missing}");
            }
        })
    }
}
