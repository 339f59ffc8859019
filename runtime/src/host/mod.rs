//! What modules may import from the host: a folder or a file for each interface of [`adder_abi::host::INTERFACES`], and what
//! they have in common.
//!
//! A function of an interface is safe and typed: it gets what it works on and its parameters, and returns its results or a trap.
//! [`interface!`] makes the host function of it that generated code calls ([`adder_abi::program::HostFunction`]). Each is a
//! symbol and a section of its own, and nothing else refers to them, so that the linker drops what a program does not import.

#[cfg(test)]
mod agreement;
mod callback;
mod context;
mod emscripten;
#[cfg(any(test, feature = "script"))]
mod example;
#[cfg_attr(not(any(test, feature = "script")), allow(dead_code, reason = "only the tests' interface needs all of it"))]
mod import;
pub mod special;
mod value;
pub mod vectors;
pub mod wasi;
mod wasi_python;
pub mod wasi_threads;

/// Adds the interface whose table is the module of this name in [`adder_abi::host`]: makes the host functions of all its
/// functions, in the table's order, and a test that both agree. The first parameter is what a function works on, a
/// [`context::Context`]; then come its own.
macro_rules! interface {
    (
        $($interface:ident)::+;
        $($symbol:ident = $($function:ident)::+($context:ty $(, $parameter:ident: $ty:ty)*);)*
    ) => {
        $(
            /// A function of the interface, for generated code.
            ///
            /// # Safety
            /// `context` is what the interface's table says, and `values` has a slot for each parameter and result.
            #[cfg_attr(not(test), unsafe(no_mangle))]
            pub unsafe extern "C" fn $symbol(context: *mut core::ffi::c_void, values: *mut u64) -> u32 {
                use $crate::host::value::{Outcome, Values};
                // SAFETY: promised by the caller.
                let receiver = unsafe { <$context as $crate::host::context::Context>::receive(context, values) };
                #[allow(unused_mut, unused_variables, reason = "some functions have no parameters")]
                let mut slot = values;
                $(
                    // SAFETY: there is a slot for each parameter.
                    let $parameter = <$ty as $crate::host::value::Value>::from_slot(unsafe { slot.read() });
                    slot = slot.wrapping_add(1);
                )*
                let _ = slot;
                match $($function)::+(receiver $(, $parameter)*).results() {
                    Ok(results) => {
                        // SAFETY: there is a slot for each result.
                        unsafe { results.store(values) };
                        0
                    }
                    Err(code) => $crate::checkpoint::make::note_call(code, $symbol, context, values),
                }
            }
        )*

        #[cfg(test)]
        #[test]
        fn every_function_is_there_with_its_type() {
            use $crate::host::agreement::{Implementation, argument, check, results_of, works_on};
            let implementations = [$(Implementation {
                symbol: stringify!($symbol),
                works_on: works_on::<$context>(),
                parameters: &[$(<$ty as $crate::host::value::Value>::TYPE),*],
                results: results_of(|| $($function)::+(argument::<$context>() $(, argument::<$ty>())*)),
            }),*];
            check(adder_abi::host::$($interface)::+::INTERFACE, &implementations);
        }
    };
}

use interface;

#[cfg(test)]
mod tests {
    use adder_abi::host::{Context, INTERFACES, IndirectCall, Interfaces, example};
    use alloc::vec::Vec;

    #[test]
    fn what_tables_say_is_possible() {
        let interfaces = [INTERFACES.0, &[example::INTERFACE]].concat();
        let all = Interfaces(interfaces.leak()).all().map(|(interface, it, _)| (interface, it));
        // What generated code does has no symbol.
        let functions: Vec<_> = all.filter(|(_, it)| it.generated.is_none()).collect();
        for (index, (interface, function)) in functions.iter().enumerate() {
            let symbol = [interface.prefix, function.symbol].concat();
            for (other, it) in &functions[..index] {
                assert_ne!(symbol, [other.prefix, it.symbol].concat());
                let same =
                    other.module == interface.module && other.guests == interface.guests && it.name == function.name;
                assert!(!same || it.parameters != function.parameters || it.results != function.results, "{symbol}");
            }
            let calls_through_table = !function.indirect_calls.is_empty() || function.extends_table;
            let needs_import = function.is_pattern || calls_through_table;
            assert_eq!(function.context == Context::Import, needs_import, "{symbol}");
            let calls = !function.callbacks.is_empty() || calls_through_table;
            assert!(!calls || function.enters_guest, "{symbol}");
            let forwards = function.indirect_calls.contains(&IndirectCall::Forwarded);
            assert!(!forwards || function.is_pattern, "{symbol}");
        }
    }
}
