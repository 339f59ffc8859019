//! The modes of adder, a file each.

mod bench;
mod build;
mod help;
mod inspect;
mod licenses;
mod profile;
mod python;
mod run;
mod runtime;
pub mod stray;
mod targets;

pub use bench::bench;
pub use build::build;
pub use help::help;
pub use inspect::inspect;
pub use profile::profile;
pub use python::python;
pub use run::run;
pub use runtime::runtime;
pub use targets::targets;
