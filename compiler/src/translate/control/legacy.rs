//! The legacy form of exception handling, as far as it has to be known in advance: a `try` says only behind its code what
//! it catches, but the calls in that code need to know.

use wasmparser::{FunctionBody, Operator};

/// What a `try` catches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Try {
    /// Its `catch`es and its `catch_all`, in order.
    pub clauses: Vec<Clause>,
    /// The label that it delegates to.
    pub delegate: Option<u32>,
}

/// A `catch` or `catch_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Index of the tag; `None` for `catch_all`.
    pub tag: Option<u32>,
    /// Whether code behind it rethrows what it has caught.
    pub rethrown: bool,
}

/// All `try`s of a function, in the order in which they begin.
pub struct Tries(std::vec::IntoIter<Try>);

impl Tries {
    /// Reads a function's operators. They may not be valid: the translation will report that.
    pub fn gather(body: &FunctionBody<'_>) -> Tries {
        let mut tries = Vec::new();
        // An error ends the reading; what has been found is enough for everything before it.
        let _ = read(body, &mut tries);
        Tries(tries.into_iter())
    }

    /// The next one; one without clauses if it was not found.
    pub fn next(&mut self) -> Try {
        self.0.next().unwrap_or_default()
    }
}

fn read(body: &FunctionBody<'_>, tries: &mut Vec<Try>) -> wasmparser::Result<()> {
    // For each open frame the number of the `try` that has opened it.
    let mut frames: Vec<Option<usize>> = vec![None];
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        let innermost = frames.last().copied().flatten();
        match reader.read()? {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                frames.push(None)
            }
            Operator::Try { .. } => {
                frames.push(Some(tries.len()));
                tries.push(Try::default());
            }
            Operator::Catch { tag_index } => {
                if let Some(number) = innermost {
                    tries[number].clauses.push(Clause { tag: Some(tag_index), rethrown: false });
                }
            }
            Operator::CatchAll => {
                if let Some(number) = innermost {
                    tries[number].clauses.push(Clause { tag: None, rethrown: false });
                }
            }
            Operator::Rethrow { relative_depth } => {
                let frame = frames.len().checked_sub(1 + relative_depth as usize);
                let clause = frame.and_then(|frame| tries[frames[frame]?].clauses.last_mut());
                if let Some(clause) = clause {
                    clause.rethrown = true;
                }
            }
            Operator::Delegate { relative_depth } => {
                if let Some(number) = innermost {
                    tries[number].delegate = Some(relative_depth);
                }
                frames.pop();
            }
            Operator::End => {
                frames.pop();
            }
            _ => {}
        }
    }
    Ok(())
}
