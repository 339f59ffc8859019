//! Which functions can end in an exception. In a closed world that is known: whoever throws, whoever calls one of those,
//! and so on. A call of any other function is the same inside of a `try` as outside, where values may stay in registers.

use super::extension::Extension;
use super::fact::Facts;
use super::signal::Signals;
use crate::id::{FunctionId, SignatureId};
use crate::link::{FunctionKind, Linked};

/// Which calls can throw.
#[derive(Clone, Debug, Default)]
pub struct Throwing {
    /// By function.
    functions: Vec<bool>,
    /// By type, for calls that do not say which function.
    signatures: Vec<bool>,
}

impl Throwing {
    /// Whether a function can end in an exception.
    pub fn function(&self, id: FunctionId) -> bool {
        self.functions[id.index()]
    }

    /// Whether some function of a type can end in an exception.
    pub fn some_of_type(&self, id: SignatureId) -> bool {
        self.signatures[id.index()]
    }
}

/// Finds out which functions can throw.
pub fn find_throwing(linked: &Linked<'_>, facts: &Facts, signals: &Signals, extension: Option<&Extension>) -> Throwing {
    let mut throwing =
        Throwing { functions: vec![false; linked.functions.len()], signatures: vec![false; linked.signatures.count()] };
    let mut callers: Vec<Vec<FunctionId>> = vec![Vec::new(); linked.functions.len()];
    let mut callers_by_type: Vec<Vec<FunctionId>> = vec![Vec::new(); linked.signatures.count()];
    let mut found = Vec::new();
    for (function, calls) in &facts.calls {
        for callee in &calls.functions {
            callers[callee.index()].push(*function);
        }
        for signature in &calls.types {
            callers_by_type[signature.index()].push(*function);
        }
        if calls.throws {
            found.push(*function);
        }
    }
    if !found.is_empty() {
        // Whatever throws can be what they call.
        found.extend(linked.functions.iter().enumerate().filter_map(|(index, function)| match function.kind {
            // The handler of a signal can be called from any.
            FunctionKind::Host(host) if linked.interfaces.signature(host).enters_guest || signals.are_delivered() => {
                Some(FunctionId(index as u32))
            }
            _ => None,
        }));
        found.extend(signals.library.keys().filter(|function| signals.are_delivered_from(**function)));
        // So can what a closure calls.
        for signature in extension.into_iter().flat_map(|extension| &extension.called_types) {
            throwing.signatures[signature.index()] = true;
            found.append(&mut callers_by_type[signature.index()]);
        }
    }
    while let Some(function) = found.pop() {
        if std::mem::replace(&mut throwing.functions[function.index()], true) {
            continue;
        }
        found.append(&mut callers[function.index()]);
        let signature = linked.functions[function.index()].signature;
        if !std::mem::replace(&mut throwing.signatures[signature.index()], true) {
            found.append(&mut callers_by_type[signature.index()]);
        }
    }
    throwing
}
