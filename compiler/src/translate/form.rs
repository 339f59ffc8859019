//! Translates a function: once, or twice where the first time shows that it takes another form, and a third time where that
//! becomes too large.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilderContext;

use super::function::{Attempt, EDGE_LOCALS_MAX, Form, Source, attempt};
use super::local::{are_kept_in_frame, promote};
use super::translator::Scratch;
use crate::clif::Ways;
use crate::error::Result;
use crate::id::FunctionId;
use crate::link::FunctionKind;
use crate::plan::Program;

/// Translates a function that an instance defines, into `function`. Returns what a profile says about its branches.
///
/// # Errors
/// If it is invalid, or goes beyond a limit.
pub fn translate(
    program: &Program<'_>,
    id: FunctionId,
    function: &mut Function,
    frontend: TargetFrontendConfig,
    scratch: &mut Scratch,
) -> Result<Ways> {
    let described = &program.functions[id.index()];
    let instance = program.instance(described.instance);
    let FunctionKind::Defined(body) = described.kind else {
        unreachable!("only functions with bodies are translated");
    };
    let source = Source {
        program,
        instance,
        body: &instance.module.bodies[body as usize],
        ty: program.signatures.get(described.signature),
        id,
        hints: instance.module.branch_hints.get(&described.index).map_or(&[][..], Vec::as_slice),
        routine: program.routines.get(&id).copied(),
        stack_pointer: program.shadow_stacks.get(&described.instance).copied(),
    };

    // As it is. If frames in the shadow stack may be looked at, this shows what is done with the function's own one.
    let plain = attempt(source, Form::Plain, function, frontend, scratch)?;
    let Attempt::Done { ways, frame, locals, edges } = plain else {
        return translate_in_frame(source, function, frontend, scratch);
    };
    let promoted = promote(function, &frame);
    let variables = locals + promoted.len();
    if promoted.len() == 0
        || are_kept_in_frame(variables, &source.body.body)
        || edges.saturating_mul(variables as u64) > EDGE_LOCALS_MAX
    {
        return Ok(ways);
    }

    // Again, with variables in place of that frame: operators are told by their places in the body.
    clear(function, scratch);
    match attempt(source, Form::Promoted(promoted), function, frontend, scratch)? {
        Attempt::Done { ways, .. } => Ok(ways),
        Attempt::TooManyEdges => translate_in_frame(source, function, frontend, scratch),
    }
}

/// Translates a function again with its locals in its frame: their number does not matter there.
fn translate_in_frame(
    source: Source<'_>,
    function: &mut Function,
    frontend: TargetFrontendConfig,
    scratch: &mut Scratch,
) -> Result<Ways> {
    clear(function, scratch);
    match attempt(source, Form::InFrame, function, frontend, scratch)? {
        Attempt::Done { ways, .. } => Ok(ways),
        Attempt::TooManyEdges => unreachable!("ways take along no locals that are in the frame"),
    }
}

/// Removes what an attempt has left.
fn clear(function: &mut Function, scratch: &mut Scratch) {
    function.clear();
    // Clearing a function leaves them behind.
    function.dfg.exception_tables.clear();
    scratch.builder = FunctionBuilderContext::new();
}
