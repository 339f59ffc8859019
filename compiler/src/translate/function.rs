//! One pass over the operators of a function, which validates and translates them.

use cranelift_codegen::ir::{Function, SourceLoc};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilder;
use wasmparser::{FuncToValidate, FuncValidator, FunctionBody, Operator, ValidatorResources};

use super::control::{Exceptions, Points};
use super::local::{Locals, Promoted, ShadowFrame, are_kept_in_frame};
use super::translator::{Scratch, Translator};
use crate::clif::{Emitter, Ways, guest_signature, returns_by_pointer};
use crate::error::{Error, Result};
use crate::id::{FunctionId, GlobalId};
use crate::known::Routine;
use crate::module::{Body, malformed, value_type};
use crate::plan::{Instance, Program};
use crate::types::{FunctionType, ValueType};

/// Instructions of intermediate code that a function may become. A few bytes of wasm can ask for a thousand (a call with
/// as many results), so without a limit a small hostile module would use up all memory.
const INSTRUCTIONS_MAX: usize = 4_000_000;

/// Ways that control can go at once ([`Translator::edges`]) times locals beyond which locals are kept in the frame. Each way takes along every local that changes, and
/// few bytes of wasm can make thousands of them.
pub const EDGE_LOCALS_MAX: u64 = 4_000_000;

/// What the locals of a function become.
pub enum Form {
    /// Variables of the builder.
    Plain,
    /// The same, and so do places of the function's frame in the shadow stack.
    Promoted(Promoted),
    /// Places in the function's own frame.
    InFrame,
}

/// What is translated.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The program it belongs to.
    pub program: &'a Program<'a>,
    /// The instance that defines it.
    pub instance: &'a Instance<'a>,
    /// Its body.
    pub body: &'a Body<'a>,
    /// Its type.
    pub ty: &'a FunctionType,
    /// Its number.
    pub id: FunctionId,
    /// Branches that the module has hints about.
    pub hints: &'a [(u32, bool)],
    /// What it does, if that is known.
    pub routine: Option<Routine>,
    /// What points to the shadow stack, if frames there are looked at.
    pub stack_pointer: Option<GlobalId>,
}

/// How an attempt to translate a function ended.
pub enum Attempt {
    /// It is translated.
    Done {
        /// What a profile says about its branches.
        ways: Ways,
        /// What was seen of its frame in the shadow stack.
        frame: Box<ShadowFrame>,
        /// How many locals it has.
        locals: usize,
        /// [`Translator::edges`]
        edges: u64,
    },
    /// Its locals have to be kept in the frame.
    TooManyEdges,
}

/// Translates a function in one form.
///
/// # Errors
/// If it is invalid, or goes beyond a limit.
pub fn attempt(
    Source { program, instance, body, ty, id, hints, routine, stack_pointer }: Source<'_>,
    form: Form,
    function: &mut Function,
    frontend: TargetFrontendConfig,
    scratch: &mut Scratch,
) -> Result<Attempt> {
    function.signature = guest_signature(ty);

    let validator = FuncToValidate {
        resources: body.validator.resources.clone(),
        index: body.validator.index,
        ty: body.validator.ty,
        features: body.validator.features,
    };
    let mut validator = validator.into_validator(std::mem::take(&mut scratch.validator));
    let locals = read_locals(&body.body, ty, &mut validator)?;

    let builder = FunctionBuilder::new(function, &mut scratch.builder);
    let mut translator = Translator {
        emitter: Emitter::new(builder, program),
        instance,
        ty,
        results: None,
        locals: Locals::Variables(Vec::new()),
        operands: Vec::new(),
        frames: Vec::new(),
        exceptions: Exceptions::new(&body.body),
        points: Points::new(program, id, hints),
        frame: ShadowFrame::default(),
        body_bytes: body.body.as_bytes().len(),
        edges: 0,
        reachable: true,
    };
    let in_frame = matches!(form, Form::InFrame) || are_kept_in_frame(locals.len(), &body.body);
    match form {
        Form::Plain if !in_frame => translator.frame.pointer = stack_pointer,
        Form::Promoted(promoted) => translator.frame.promoted = promoted,
        Form::Plain | Form::InFrame => {}
    }
    translator.begin(&locals, in_frame);
    if let Some(routine) = routine {
        translator.begin_routine(routine);
    }
    if let Some(function) = program.signals.library.get(&id) {
        translator.begin_library_function(function);
    }

    let mut operators = body.body.get_operators_reader().map_err(malformed)?;
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset().map_err(malformed)?;
        validator.op(offset, &operator).map_err(malformed)?;
        translator.emitter.builder.set_srcloc(SourceLoc::new(offset as u32));
        translator.points.advance(&operator, (offset - body.body.range().start) as u32);
        translator.operator(&operator).map_err(|error| error.at(offset))?;
        if translator.emitter.builder.func.dfg.num_insts() > INSTRUCTIONS_MAX {
            return Err(
                Error::limit(format!("the function becomes more than {INSTRUCTIONS_MAX} instructions")).at(offset)
            );
        }
        if !in_frame && translator.edges.saturating_mul(locals.len() as u64) > EDGE_LOCALS_MAX {
            return Ok(Attempt::TooManyEdges);
        }
    }
    operators.finish().map_err(malformed)?;
    scratch.validator = validator.into_allocations();
    translator.emitter.builder.finalize(frontend);
    let Translator { points, frame, edges, .. } = translator;
    Ok(Attempt::Done { ways: points.ways, frame: Box::new(frame), locals: locals.len(), edges })
}

/// The types of all locals, parameters first, as the module writes them.
fn read_locals(
    body: &FunctionBody<'_>,
    ty: &FunctionType,
    validator: &mut FuncValidator<ValidatorResources>,
) -> Result<Vec<ValueType>> {
    let mut locals = ty.parameters.clone();
    let mut reader = body.get_locals_reader().map_err(malformed)?;
    for _ in 0..reader.get_count() {
        let offset = reader.original_position();
        let (count, ty) = reader.read().map_err(malformed)?;
        // This limits their number, too.
        validator.define_locals(offset, count, ty).map_err(malformed)?;
        locals.extend(std::iter::repeat_n(value_type(ty).map_err(|error| error.at(offset))?, count as usize));
    }
    Ok(locals)
}

impl Translator<'_, '_> {
    /// Makes the entry block, the locals (parameters first) and the frame of the function itself.
    fn begin(&mut self, locals: &[ValueType], in_frame: bool) {
        let builder = &mut self.emitter.builder;
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        let mut parameters = builder.block_params(entry).to_vec();
        if returns_by_pointer(self.ty) {
            self.results = Some(parameters.remove(0));
        }
        self.begin_locals(locals, &parameters, in_frame);
        self.begin_frame();
        self.count_entry();
        self.push_function_frame();
    }

    fn operator(&mut self, operator: &Operator<'_>) -> Result<()> {
        if self.control(operator)? || !self.reachable {
            return Ok(());
        }
        if self.numeric(operator)
            || self.variable(operator)
            || self.memory(operator)
            || self.calls(operator)?
            || self.reference(operator)
            || self.bulk(operator)
            || self.simd(operator)
            || self.atomic(operator)
        {
            return Ok(());
        }
        Err(Error::unsupported(format!("no translation of the operator {operator:?}")))
    }
}
