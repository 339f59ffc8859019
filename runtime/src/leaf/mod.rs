//! Leaves: what generated code calls directly, on the guest stack, because it is too long to inline or because the
//! baseline CPU lacks the instruction. They use little stack, call nothing of the runtime and cannot fail.

mod atomic;
mod bulk;
mod count;
mod rounding;
#[cfg(test)]
mod tests;
