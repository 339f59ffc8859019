//! Errors of the code generator as errors of ours.

use cranelift_codegen::CodegenError;

use crate::error::Error;

/// Returns an error of the code generator as one of ours. `what` says what it was to do.
pub fn generator_error(what: &str, error: &CodegenError) -> Error {
    match error {
        CodegenError::CodeTooLarge | CodegenError::ImplLimitExceeded => {
            Error::limit("the function is too large for the code generator")
        }
        CodegenError::Unsupported(problem) => Error::unsupported(format!("cannot {what}: {problem}")),
        other => Error::defect(format_args!("cannot {what}: {other:?}")),
    }
}
