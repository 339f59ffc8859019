//! From wasm operators to intermediate code: a file for each family of operators.
//!
//! A function is validated and translated in one pass ([`function`]). The stack of operands exists only here, as values of the
//! intermediate code; control frames become blocks whose parameters are the results (or, for loops, the parameters) of
//! the frame. Code behind an unconditional branch is validated but makes no blocks.
//!
//! A function may be translated several times: in another form, as the first time has shown ([`form`]), and where its body
//! takes the place of a call ([`bodies`]).

mod bodies;
mod call;
mod control;
mod form;
mod function;
mod library;
mod local;
mod memory;
mod numeric;
mod promote;
mod reference;
mod routine;
mod simd;
mod translator;
mod variable;

pub use bodies::Bodies;
pub use form::translate;
pub use translator::Scratch;
