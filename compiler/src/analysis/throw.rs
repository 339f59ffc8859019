//! Which functions can end in an exception. In a closed world that is known: whoever throws, whoever calls one of those,
//! and so on. A call of any other function is the same inside of a `try` as outside, where values may stay in registers.

use super::fact::ProgramFacts;
use super::{FunctionKind, Program};
use crate::id::{FunctionId, SignatureId};

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
pub fn plan_throwing(program: &mut Program<'_>, facts: &ProgramFacts) {
    let mut throwing = Throwing {
        functions: vec![false; program.functions.len()],
        signatures: vec![false; program.signatures.count()],
    };
    let mut callers: Vec<Vec<FunctionId>> = vec![Vec::new(); program.functions.len()];
    let mut callers_by_type: Vec<Vec<FunctionId>> = vec![Vec::new(); program.signatures.count()];
    let mut found = Vec::new();
    for (function, calls) in &facts.calls {
        // Indices that do not exist belong to an invalid body.
        let instance = program.instance(program.functions[function.index()].instance);
        for callee in calls.functions.iter().filter_map(|index| instance.functions.get(*index as usize)) {
            callers[callee.index()].push(*function);
        }
        for signature in calls.types.iter().filter_map(|index| instance.signatures.get(*index as usize)) {
            callers_by_type[signature.index()].push(*function);
        }
        if calls.throws {
            found.push(*function);
        }
    }
    if !found.is_empty() {
        // Whatever throws can be what they call.
        found.extend(program.functions.iter().enumerate().filter_map(|(index, function)| match function.kind {
            FunctionKind::Host(host) if host.signature().enters_guest => Some(FunctionId(index as u32)),
            _ => None,
        }));
    }
    while let Some(function) = found.pop() {
        if std::mem::replace(&mut throwing.functions[function.index()], true) {
            continue;
        }
        found.append(&mut callers[function.index()]);
        let signature = program.functions[function.index()].signature;
        if !std::mem::replace(&mut throwing.signatures[signature.index()], true) {
            found.append(&mut callers_by_type[signature.index()]);
        }
    }
    program.throwing = throwing;
}
