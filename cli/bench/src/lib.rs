//! What `adder bench` and the benchmarks of this repository have in common: processes are measured ([`measure`],
//! [`peak`]) in turns ([`turn`]), what they took becomes [`Samples`], and those a [`Comparison`] that can be shown as
//! text, JSON and one HTML page.
//!
//! Only ratios within one round are compared: what else a machine does falls on everything that runs in that round, and
//! the spread of the ratios over the rounds says how well that works.

mod chart;
pub mod comparison;
mod html;
pub mod machine;
pub mod measure;
pub mod peak;
pub mod statistics;
pub mod table;
mod text;
mod turns;

pub use comparison::{Comparison, Measurement, Subject, Unit};
pub use statistics::{Mean, Samples};
pub use table::Table;
pub use turns::turn;
