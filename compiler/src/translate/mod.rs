//! From wasm operators to intermediate code: a file for each family of operators.
//!
//! A function is validated and translated in one pass. The stack of operands exists only here, as values of the
//! intermediate code; control frames become blocks whose parameters are the results (or, for loops, the parameters) of
//! the frame. Code behind an unconditional branch is validated but makes no blocks.

mod address;
mod atomic;
mod bulk;
mod call;
mod control;
pub mod emitter;
mod exception;
mod frame;
mod invoke;
mod jump;
mod legacy;
mod local;
mod memory;
mod numeric;
mod point;
mod promote;
mod reference;
mod routine;
mod simd;
mod variable;

use cranelift_codegen::ir::{Function, InstBuilder, SourceLoc, Type, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use wasmparser::{FuncValidator, FuncValidatorAllocations, FunctionBody, Operator, ValidatorResources};

use crate::error::{Error, Result};
use crate::id::{FunctionId, GlobalId};
use crate::known::Routine;
use crate::link::FunctionKind;
use crate::module::{Body, malformed, value_type};
use crate::plan::{Instance, Program};
use crate::profile::Ways;
use crate::types::{FunctionType, ValueType};
use control::Frame;
use emitter::{Emitter, guest_signature, returns_by_pointer};
use exception::Exceptions;
use frame::{Frame as ShadowFrame, Promoted};
use local::Locals;
use point::Points;

/// What a worker reuses from function to function.
#[derive(Default)]
pub struct Scratch {
    builder: FunctionBuilderContext,
    validator: FuncValidatorAllocations,
}

impl Scratch {
    /// For functions that are not translated but made.
    pub fn builder(&mut self) -> &mut FunctionBuilderContext {
        &mut self.builder
    }
}

/// Instructions of intermediate code that a function may become. A few bytes of wasm can ask for a thousand (a call with
/// as many results), so without a limit a small hostile module would use up all memory.
const INSTRUCTIONS_MAX: usize = 4_000_000;

struct Translator<'a, 'b> {
    emitter: Emitter<'a, 'b>,
    instance: &'a Instance<'a>,
    kind: &'a FunctionType,
    /// Where results go, if there are more of them than registers.
    results: Option<Value>,
    locals: Locals,
    operands: Vec<Value>,
    frames: Vec<Frame>,
    exceptions: Exceptions<'a>,
    points: Points<'a>,
    frame: ShadowFrame,
    /// Size of the body.
    body_bytes: usize,
    /// Ways that control can go at once, of tables of branches and of calls inside of a `try`.
    edges: u64,
    /// Whether the operator at hand can be executed.
    reachable: bool,
}

/// Such ways times locals beyond which locals are kept in the frame. Each way takes along every local that changes, and
/// few bytes of wasm can make thousands of them.
const EDGE_LOCALS_MAX: u64 = 4_000_000;

/// Translates a function that an instance defines, into `function`. Returns what a profile says about its branches.
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
    let body = &instance.module.bodies[body as usize];
    let hints = instance.module.branch_hints.get(&described.index).map_or(&[][..], Vec::as_slice);
    let kind = program.signatures.get(described.signature);
    let routine = program.routines.get(&id).copied();
    let stack_pointer = program.shadow_stacks.get(&described.instance).copied();
    let source = Source { program, instance, body, kind, id, hints, routine, stack_pointer };
    let mut form = Form::Plain;
    loop {
        form = match attempt(source, form, function, frontend, scratch)? {
            Attempt::TooManyEdges => Form::InFrame,
            Attempt::Done { ways, frame, locals, edges } => {
                let promoted = frame::promote(function, &frame);
                let variables = locals + promoted.len();
                if promoted.len() == 0
                    || local::are_kept_in_frame(variables, &body.body)
                    || edges.saturating_mul(variables as u64) > EDGE_LOCALS_MAX
                {
                    return Ok(ways);
                }
                Form::Promoted(promoted)
            }
        };
        function.clear();
        // Clearing a function leaves them behind.
        function.dfg.exception_tables.clear();
        scratch.builder = FunctionBuilderContext::new();
    }
}

/// What the locals of a function become.
enum Form {
    /// Variables of the builder.
    Plain,
    /// The same, and so do places of the function's frame in the shadow stack.
    Promoted(Promoted),
    /// Places in the function's own frame.
    InFrame,
}

/// What is translated.
#[derive(Clone, Copy)]
struct Source<'a> {
    program: &'a Program<'a>,
    instance: &'a Instance<'a>,
    body: &'a Body<'a>,
    kind: &'a FunctionType,
    id: FunctionId,
    hints: &'a [(u32, bool)],
    /// What it does, if that is known.
    routine: Option<Routine>,
    /// What points to the shadow stack, if frames there are looked at.
    stack_pointer: Option<GlobalId>,
}

/// How an attempt to translate a function ended.
enum Attempt {
    Done {
        ways: Ways,
        /// What was seen of its frame in the shadow stack.
        frame: Box<ShadowFrame>,
        locals: usize,
        edges: u64,
    },
    /// Its locals have to be kept in the frame.
    TooManyEdges,
}

fn attempt(
    Source { program, instance, body, kind, id, hints, routine, stack_pointer }: Source<'_>,
    form: Form,
    function: &mut Function,
    frontend: TargetFrontendConfig,
    scratch: &mut Scratch,
) -> Result<Attempt> {
    function.signature = guest_signature(kind);

    let validator = wasmparser::FuncToValidate {
        resources: body.validator.resources.clone(),
        index: body.validator.index,
        ty: body.validator.ty,
        features: body.validator.features,
    };
    let mut validator = validator.into_validator(std::mem::take(&mut scratch.validator));
    let locals = read_locals(&body.body, kind, &mut validator)?;

    let builder = FunctionBuilder::new(function, &mut scratch.builder);
    let mut translator = Translator {
        emitter: Emitter::new(builder, program),
        instance,
        kind,
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
    let in_frame = matches!(form, Form::InFrame) || local::are_kept_in_frame(locals.len(), &body.body);
    match form {
        Form::Plain if !in_frame => translator.frame.pointer = stack_pointer,
        Form::Promoted(promoted) => translator.frame.promoted = promoted,
        Form::Plain | Form::InFrame => {}
    }
    translator.begin(&locals, in_frame);
    if let Some(routine) = routine {
        translator.begin_routine(routine);
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
                Error::new(format!("the function becomes more than {INSTRUCTIONS_MAX} instructions")).at(offset)
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
    kind: &FunctionType,
    validator: &mut FuncValidator<ValidatorResources>,
) -> Result<Vec<ValueType>> {
    let mut locals = kind.parameters.clone();
    let mut reader = body.get_locals_reader().map_err(malformed)?;
    for _ in 0..reader.get_count() {
        let offset = reader.original_position();
        let (count, kind) = reader.read().map_err(malformed)?;
        // This limits their number, too.
        validator.define_locals(offset, count, kind).map_err(malformed)?;
        locals.extend(std::iter::repeat_n(value_type(kind).map_err(|error| error.at(offset))?, count as usize));
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
        if returns_by_pointer(self.kind) {
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

    fn push(&mut self, value: Value) {
        self.operands.push(value);
    }

    fn pop(&mut self) -> Value {
        self.operands.pop().expect("validation found an operand")
    }

    fn pop_many(&mut self, count: usize) -> Vec<Value> {
        self.operands.split_off(self.operands.len() - count)
    }
}

fn zero(builder: &mut FunctionBuilder<'_>, kind: Type) -> Value {
    match kind {
        types::F32 => builder.ins().f32const(0.0),
        types::F64 => builder.ins().f64const(0.0),
        vector if vector.is_vector() => {
            let zeros = builder.func.dfg.constants.insert(vec![0; 16].into());
            builder.ins().vconst(vector, zeros)
        }
        integer => builder.ins().iconst(integer, 0),
    }
}
