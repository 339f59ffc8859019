//! The command line of adder, as a library: what the `adder` binary is made of, and what tests of the whole need
//! ([`link::link`] with a [`link::Runtime`] and a [`configuration::Configuration`]).
//!
//! Only this crate knows files, processes and the terminal. The way of a command: [`arguments`] is what was typed,
//! [`request`] what it means, [`commands`] the modes, [`build`] the one pipeline they all use.

pub mod archive;
pub mod arguments;
pub mod build;
pub mod cache;
pub mod checkpoint;
pub mod commands;
pub mod configuration;
pub mod failure;
pub mod fetch;
mod input;
mod library;
pub mod link;
mod machine;
pub mod note;
pub mod profile;
pub mod python;
pub mod request;
mod run;
pub mod target;
pub mod temporary;
pub mod terminal;
pub mod topics;

pub use failure::{Failure, Result};
pub use terminal::caught;
