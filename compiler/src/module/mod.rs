//! What a wasm file says: one [`Module`] for each input, parsed and (but for function bodies) validated.
//!
//! Bodies are validated in the moment they are translated, operator by operator, so that each is decoded once.

mod constant;
mod convert;
mod definition;
mod export;
mod feature;
mod item;
mod name;
mod parse;

pub use constant::{ConstantExpression, ConstantOperator};
pub use convert::{malformed, value_type};
pub use definition::Module;
pub use export::{exported_functions, exported_functions_where};
pub use feature::explain;
pub use item::{Body, ExportItem, Import, ImportType, SegmentMode};
pub use parse::parse;
