//! Puts the bodies of functions in the place of calls. The translator decides which calls ([`crate::translate`] marks
//! them by [`Symbol::Inlined`]); this finds the bodies and keeps what becomes of a function within bounds.
//!
//! A body is translated anew by each worker that needs it, which takes a small part of the time of compiling it, and kept
//! for the next call up to a limit. So nothing waits for anything, and the result does not depend on the order of work.
//! A marked call is of a function with a smaller body than that which has the call, so inlining comes to an end.
//!
//! Traps in an inlined body are reported in the function that it is part of: backtraces do not have its name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use cranelift_codegen::Context;
use cranelift_codegen::inline::{Inline, InlineCommand};
use cranelift_codegen::ir::{
    ExternalName, FuncRef, Function, GlobalValue, GlobalValueData, Inst, InstructionData, Opcode, Value,
};
use cranelift_codegen::isa::TargetFrontendConfig;

use crate::error::{Error, Result};
use crate::id::FunctionId;
use crate::plan::Program;
use crate::symbol::Symbol;
use crate::translate::{Scratch, translate};

/// Values that all bodies in one function may add to it.
const ADDED_VALUES_MAX: usize = 30_000;

/// Values times blocks of a function beyond which nothing is added to it.
const PRODUCT_MAX: usize = 1 << 28;

/// Values of all bodies that a worker keeps.
const KEPT_VALUES_MAX: usize = 1_000_000;

/// The bodies that a worker has translated for inlining.
#[derive(Default)]
pub struct Bodies {
    /// `None` is a body that cannot be inlined.
    bodies: HashMap<FunctionId, Option<Rc<Function>>>,
    values: usize,
    scratch: Scratch,
}

impl Bodies {
    /// Puts the bodies of marked calls in their place. Calls that are left are of the function itself.
    pub fn inline(
        &mut self,
        program: &Program<'_>,
        context: &mut Context,
        frontend: TargetFrontendConfig,
    ) -> Result<()> {
        let marked = |function: &Function| {
            function
                .params
                .user_named_funcs()
                .values()
                .any(|name| matches!(Symbol::from_name(name), Symbol::Inlined(_)))
        };
        if !marked(&context.func) {
            return Ok(());
        }
        let own = context.func.global_values.len();
        let mut visitor = Visitor { bodies: self, program, frontend, added: 0, inlined: Vec::new() };
        context.inline(&mut visitor).map_err(|error| Error::new(format!("cannot inline calls: {error:?}")))?;
        let inlined = visitor.inlined;
        rename_globals(&mut context.func, own, &inlined);
        join_globals(&mut context.func);
        Ok(())
    }

    /// The body of a function, if it can be inlined.
    fn get(&mut self, program: &Program<'_>, id: FunctionId, frontend: TargetFrontendConfig) -> Option<Rc<Function>> {
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

/// Gives the global values that inlined bodies have brought their names: Cranelift copies them, in the order in which bodies
/// are inlined behind the `own` ones of the function, with references to names as they are in the body.
fn rename_globals(function: &mut Function, own: usize, inlined: &[Rc<Function>]) {
    let brought = inlined.iter().flat_map(|body| body.global_values.values().map(move |data| (body, data)));
    for (index, (body, data)) in (own..).zip(brought) {
        let GlobalValueData::Symbol { name: ExternalName::User(reference), .. } = data else { continue };
        let known = body.params.user_named_funcs()[*reference].clone();
        let reference = function.declare_imported_user_function(known);
        let GlobalValueData::Symbol { name, .. } = &mut function.global_values[GlobalValue::from_u32(index as u32)]
        else {
            unreachable!("global values were copied in another order");
        };
        *name = ExternalName::User(reference);
    }
    let count = inlined.iter().map(|body| body.global_values.len()).sum::<usize>();
    assert_eq!(function.global_values.len(), own + count, "global values were copied otherwise");
}

/// Gives all uses of a symbol the same name for it: the code generator only sees that two addresses are the same if they
/// are of the same name, and each inlined body has brought its own.
fn join_globals(function: &mut Function) {
    let mut first: HashMap<ExternalName, GlobalValue> = HashMap::new();
    let mut joined = HashMap::new();
    for (value, data) in function.global_values.iter() {
        if let GlobalValueData::Symbol { name, .. } = data {
            joined.insert(value, *first.entry(name.clone()).or_insert(value));
        }
    }
    let (layout, graph) = (&function.stencil.layout, &mut function.stencil.dfg);
    for block in layout.blocks() {
        for inst in layout.block_insts(block) {
            if let InstructionData::UnaryGlobalValue { global_value, .. } = &mut graph.insts[inst] {
                *global_value = joined.get(global_value).copied().unwrap_or(*global_value);
            }
        }
    }
}

struct Visitor<'a, 'b> {
    bodies: &'a mut Bodies,
    program: &'a Program<'b>,
    frontend: TargetFrontendConfig,
    added: usize,
    /// The bodies that were handed out, in order.
    inlined: Vec<Rc<Function>>,
}

impl Inline for Visitor<'_, '_> {
    fn inline(
        &mut self,
        caller: &Function,
        _: Inst,
        opcode: Opcode,
        callee: FuncRef,
        _: &[Value],
    ) -> InlineCommand<'_> {
        let ExternalName::User(name) = &caller.dfg.ext_funcs[callee].name else { return InlineCommand::KeepCall };
        let Symbol::Inlined(id) = Symbol::from_name(&caller.params.user_named_funcs()[*name]) else {
            return InlineCommand::KeepCall;
        };
        let is_full = self.added > ADDED_VALUES_MAX
            || caller.dfg.num_values().saturating_mul(caller.dfg.num_blocks()) > PRODUCT_MAX;
        if opcode != Opcode::Call || is_full {
            return InlineCommand::KeepCall;
        }
        let Some(body) = self.bodies.get(self.program, id, self.frontend) else { return InlineCommand::KeepCall };
        self.added += body.dfg.num_values();
        self.inlined.push(body);
        let body = self.inlined.last().expect("it was just pushed");
        InlineCommand::Inline { callee: Cow::Borrowed(body), visit_callee: true }
    }
}
