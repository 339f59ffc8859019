//! Bodies of functions that are put in the place of calls: they are translated a second time.
//!
//! A body is translated anew by each worker that needs it, which takes a small part of the time of compiling it, and kept
//! for the next call up to a limit. So nothing waits for anything, and the result does not depend on the order of work.

use std::collections::HashMap;
use std::rc::Rc;

use cranelift_codegen::ir::{Function, Opcode};
use cranelift_codegen::isa::TargetFrontendConfig;

use super::form::translate;
use super::translator::Scratch;
use crate::id::FunctionId;
use crate::plan::Program;

/// Values of all bodies that a worker keeps.
const KEPT_VALUES_MAX: usize = 1_000_000;

/// The bodies that a worker has translated to take the place of calls.
#[derive(Default)]
pub struct Bodies {
    /// `None` is a body that cannot take the place of a call.
    bodies: HashMap<FunctionId, Option<Rc<Function>>>,
    values: usize,
    scratch: Scratch,
}

impl Bodies {
    /// Translates the body of a function again, if it can take the place of a call.
    pub fn translate(
        &mut self,
        program: &Program<'_>,
        id: FunctionId,
        frontend: TargetFrontendConfig,
    ) -> Option<Rc<Function>> {
        if let Some(known) = self.bodies.get(&id) {
            return known.clone();
        }
        if self.values > KEPT_VALUES_MAX {
            self.bodies.clear();
            self.values = 0;
        }
        let mut function = Function::new();
        let translated = translate(program, id, &mut function, frontend, &mut self.scratch);
        if translated.is_err() {
            // It will be reported when the function itself is compiled.
            self.scratch = Scratch::default();
        }
        let body = (translated.is_ok() && is_plain(&function)).then(|| Rc::new(function));
        self.values += body.as_ref().map_or(1, |body| body.dfg.num_values());
        self.bodies.insert(id, body.clone());
        body
    }
}

/// Whether a function has neither handlers nor tail calls, for which its frame matters.
fn is_plain(function: &Function) -> bool {
    let last = function.layout.blocks().filter_map(|block| function.layout.last_inst(block));
    last.map(|inst| function.dfg.insts[inst].opcode()).all(|opcode| {
        !matches!(opcode, Opcode::TryCall | Opcode::TryCallIndirect | Opcode::ReturnCall | Opcode::ReturnCallIndirect)
    })
}
