//! Guards: what frames catch.

use adder_abi::exception::Handler as HandlerRecord;
use cranelift_codegen::ir::Block;
use wasmparser::FunctionBody;

use super::legacy::Tries;
use crate::id::TagId;

/// What the translation of a function knows about exceptions beside its frames.
pub struct Exceptions<'a> {
    /// Its body.
    pub body: &'a FunctionBody<'a>,
    /// What the `try`s of the function have, once the first of them was met.
    pub tries: Option<Tries>,
    /// Clauses that were looked at so far, for all calls together.
    pub handlers: usize,
}

impl<'a> Exceptions<'a> {
    /// Of a function that has not been looked at yet.
    pub fn new(body: &'a FunctionBody<'a>) -> Self {
        Exceptions { body, tries: None, handlers: 0 }
    }
}

/// What a frame catches.
pub struct Guard {
    /// What it catches, in order.
    pub clauses: Vec<Clause>,
    /// The frame whose guard comes after this one's clauses.
    pub outer: Option<usize>,
    /// In the legacy form: how many of the clauses have begun.
    pub begun: usize,
}

/// What is caught, and what happens then.
pub struct Clause {
    /// `None` is every tag.
    pub tag: Option<TagId>,
    /// Whether the guest gets a reference to the exception.
    pub keeps: bool,
    /// Where it goes on.
    pub goes: Goes,
    /// Where exceptions come in, if any call can throw one. Its parameters are the address of the payload and the
    /// exception.
    pub landing: Option<Block>,
}

/// Where a clause goes on.
#[derive(Clone, Copy)]
pub enum Goes {
    /// To the label of this frame.
    ToLabel(usize),
    /// In place, behind the `catch`. If a `throw` jumps there, it is to this block.
    Behind(Option<Block>),
}

impl Clause {
    /// A clause that no call has met.
    pub fn new(tag: Option<TagId>, keeps: bool, goes: Goes) -> Clause {
        Clause { tag, keeps, goes, landing: None }
    }

    /// The tag with its flags, as the runtime finds it.
    pub fn record_tag(&self) -> u32 {
        let tag = self.tag.map_or(HandlerRecord::ANY_TAG, |tag| tag.0);
        tag | if self.keeps { HandlerRecord::KEEPS } else { 0 }
    }
}
