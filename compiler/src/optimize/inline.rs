//! Puts the bodies of functions in the place of calls. The translator decides which calls: it marks them by
//! [`Symbol::Inlined`]. What becomes of a function is kept within bounds. A marked call is of a function with a smaller body
//! than that which has the call, so inlining comes to an end.
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

use crate::clif::generator_error;
use crate::error::Result;
use crate::id::FunctionId;
use crate::symbol::Symbol;

/// Values that all bodies in one function may add to it.
const ADDED_VALUES_MAX: usize = 30_000;

/// Values times blocks of a function beyond which nothing is added to it.
const PRODUCT_MAX: usize = 1 << 28;

/// Puts the bodies of marked calls in their place. Calls that are left are of the function itself. `body` gives the body of
/// a function, if it can be inlined.
///
/// # Errors
/// If the code generator refuses.
pub fn inline(context: &mut Context, body: &mut dyn FnMut(FunctionId) -> Option<Rc<Function>>) -> Result<()> {
    let names = context.func.params.user_named_funcs();
    if !names.values().any(|name| matches!(Symbol::from_name(name), Symbol::Inlined(_))) {
        return Ok(());
    }
    let own = context.func.global_values.len();
    let mut visitor = Visitor { body, added: 0, inlined: Vec::new() };
    context.inline(&mut visitor).map_err(|error| generator_error("inline calls", &error))?;
    let inlined = visitor.inlined;
    rename_globals(&mut context.func, own, &inlined);
    join_globals(&mut context.func);
    Ok(())
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

struct Visitor<'a> {
    body: &'a mut dyn FnMut(FunctionId) -> Option<Rc<Function>>,
    added: usize,
    /// The bodies that were handed out, in order.
    inlined: Vec<Rc<Function>>,
}

impl Inline for Visitor<'_> {
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
        let Some(body) = (self.body)(id) else { return InlineCommand::KeepCall };
        self.added += body.dfg.num_values();
        self.inlined.push(body);
        let body = self.inlined.last().expect("it was just pushed");
        InlineCommand::Inline { callee: Cow::Borrowed(body), visit_callee: true }
    }
}
