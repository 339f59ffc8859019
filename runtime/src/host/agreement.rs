//! For tests: whether the functions of an interface are what its table says.

use super::context::Context;
use super::value::{Outcome, Values};
use adder_abi::host::{Interface, Signature};
use adder_abi::value::ValueType;

/// A function of an interface, as it is.
pub struct Implementation {
    /// Its symbol.
    pub symbol: &'static str,
    /// Says whether it works on what the table says.
    pub works_on: fn(&Signature) -> bool,
    /// Its parameters.
    pub parameters: &'static [ValueType],
    /// Its results.
    pub results: &'static [ValueType],
}

/// Compares the functions with the table, apart from those that generated code does itself.
///
/// # Panics
/// If they differ.
pub fn check(interface: Interface, implementations: &[Implementation]) {
    let signatures = || interface.functions.iter().filter(|signature| signature.generated.is_none());
    assert_eq!(signatures().count(), implementations.len());
    for (signature, implementation) in signatures().zip(implementations) {
        let symbol = implementation.symbol;
        assert_eq!(symbol.strip_prefix(interface.prefix), Some(signature.symbol));
        assert!((implementation.works_on)(signature), "{symbol}");
        assert_eq!(implementation.parameters, signature.parameters, "{symbol}");
        assert_eq!(implementation.results, signature.results, "{symbol}");
    }
}

/// Returns what says whether a function works on this.
pub fn works_on<C: Context>() -> fn(&Signature) -> bool {
    C::is
}

/// Returns the types of what a function returns, which is not called.
pub fn results_of<O: Outcome>(_call: fn() -> O) -> &'static [ValueType] {
    <O::Results as Values>::TYPES
}

/// Stands for an argument of a function that is not called.
pub fn argument<T>() -> T {
    unreachable!("nobody calls the function")
}
