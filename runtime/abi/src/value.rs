//! The types of values that cross the border between guest and runtime.

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// 32-bit integer or pointer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// A reference to something of the host. No function of the runtime gets or makes one: only generated code has them.
    ExternRef,
}
