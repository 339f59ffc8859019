//! Compiles one function: translates it, optimises it, generates its code. What is too big for the optimiser is compiled in a
//! simpler mode.

use std::panic::{AssertUnwindSafe, catch_unwind};

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function, Inst};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_codegen::{CompiledCode, Context, FinalizedMachExceptionHandler, FinalizedRelocTarget};

use super::artifact::{Artifact, HandledCall, Relocation, Target};
use super::glue::Glue;
use super::isa::Isa;
use super::join::{Part, join};
use super::listing;
use crate::clif::{Ways, generator_error, trap_of_code};
use crate::error::{Error, Result};
use crate::link::FunctionKind;
use crate::optimize::inline::inline;
use crate::optimize::split::{self, Cut};
use crate::optimize::{live, share};
use crate::options::{Emit, Optimization, Options};
use crate::plan::{Program, StartPlan};
use crate::symbol::Symbol;
use crate::translate::{Bodies, Scratch, translate};

/// A function with more values times blocks than this is compiled in the simple mode, where time and memory grow only
/// with its size. The optimiser's and the register allocator's grow with this product: 2 s and 650 MB for 80 KB of
/// loops nested 10,000 deep, 16 s for 340 KB of branches over 2,000 locals. CPython's largest function,
/// `_PyEval_EvalFrameDefault`, has 37,000 values times 2,700 blocks.
const OPTIMIZED_PRODUCT_MAX: usize = 1 << 29;

/// A function with more values than this is compiled in the simple mode too: if most of them are alive at a time, the
/// register allocator takes time that grows with their square (5 s for 20,000).
const OPTIMIZED_VALUES_MAX: usize = 150_000;

/// A function whose branches pass on more values than this is compiled in the simple mode: where many branches meet, each
/// gets a block of its own that copies what it passes on (500,000 take 3 s).
const OPTIMIZED_PASSED_MAX: usize = 500_000;

/// A function whose branches pass on more values than this is refused: a few thousand bytes of branches out of many calls
/// inside of a `try`, or out of a table, can become gigabytes.
const PASSED_VALUES_MAX: usize = 4_000_000;

/// What the branches of a function pass on to the blocks that they go to, and the branches themselves.
fn passed_values(function: &Function) -> usize {
    let graph = &function.dfg;
    let last = function.layout.blocks().filter_map(|block| function.layout.last_inst(block));
    let targets = |inst: Inst| graph.insts[inst].branch_destination(&graph.jump_tables, &graph.exception_tables);
    last.flat_map(targets).map(|target| 1 + target.len(&graph.value_lists)).sum()
}

/// Whether a function whose branches pass on so many values has to be compiled in the simple mode.
fn exceeds_optimizer(function: &Function, passed: usize) -> bool {
    let (values, blocks) = (function.dfg.num_values(), function.dfg.num_blocks());
    values > OPTIMIZED_VALUES_MAX
        || values.saturating_mul(blocks) > OPTIMIZED_PRODUCT_MAX
        || passed > OPTIMIZED_PASSED_MAX
}

/// Compiles functions one by one.
pub struct Worker<'a> {
    program: &'a Program<'a>,
    start: &'a StartPlan,
    options: &'a Options,
    isa: &'a Isa,
    context: Context,
    scratch: Scratch,
    bodies: Bodies,
}

impl<'a> Worker<'a> {
    /// Has compiled nothing yet.
    pub fn new(program: &'a Program<'a>, start: &'a StartPlan, options: &'a Options, isa: &'a Isa) -> Worker<'a> {
        let context = Context::new();
        Worker { program, start, options, isa, context, scratch: Scratch::default(), bodies: Bodies::default() }
    }

    /// Compiles a function of the program, or makes a piece of glue.
    ///
    /// # Errors
    /// If the function is invalid or beyond a limit, or if there is a defect in this compiler: a panic is one.
    pub fn compile(&mut self, symbol: Symbol) -> Result<Artifact> {
        let caught = catch_unwind(AssertUnwindSafe(|| self.compile_unguarded(symbol)));
        let result = caught.unwrap_or_else(|_| {
            Err(Error::defect("the compiler panicked on this function")
                .hint("this is a defect of adder, please report it with the module"))
        });
        if result.is_err() {
            // Whatever a function that was given up halfway has left behind is not used again.
            self.context = Context::new();
            self.scratch = Scratch::default();
            self.bodies = Bodies::default();
        }
        result.map_err(|error| self.locate(symbol, error))
    }

    fn locate(&self, symbol: Symbol, error: Error) -> Error {
        let Symbol::Function(id) = symbol else { return error };
        let function = &self.program.functions[id.index()];
        let module = &self.program.instance(function.instance).module;
        error.in_function(function.index, Some(&self.program.function_name(id))).in_module(module.name)
    }

    fn compile_unguarded(&mut self, symbol: Symbol) -> Result<Artifact> {
        self.context.clear();
        // Cranelift leaves these behind, and looks through all of them for every function: a seventh of the time that a
        // large module with exceptions takes.
        self.context.func.dfg.exception_tables.clear();
        let ways = self.build(symbol, self.isa.normal.frontend_config())?;
        if let Some(targets_min) = self.options.overrides.cut_loops_from
            && self.options.optimization != Optimization::None
            && !exceeds_optimizer(&self.context.func, passed_values(&self.context.func))
            && let convention = self.program.machine.part_convention()
            && let Some(cut) = split::cut(&mut self.context.func, &ways, targets_min, convention)
        {
            return self.compile_cut(symbol, &cut);
        }
        self.compile_built(symbol)
    }

    /// Compiles driver and parts of a function that was cut.
    fn compile_cut(&mut self, symbol: Symbol, cut: &Cut) -> Result<Artifact> {
        let frontend = self.isa.normal.frontend_config();
        self.context.clear();
        split::driver(cut, &mut self.context.func, self.scratch.builder(), frontend);
        let driver = self.compile_built(symbol)?;
        let mut parts = Vec::with_capacity(cut.part_count());
        for number in 0..cut.part_count() {
            self.context.clear();
            split::part(cut, number, &mut self.context.func, self.scratch.builder(), frontend);
            let artifact = self.compile_built(Symbol::Part(number as u32))?;
            let buffer = &self.context.compiled_code().expect("the part has just been compiled").buffer;
            let calls = buffer.call_sites().map(|call| call.ret_addr).collect();
            let frameless = buffer.frame_layout().is_some_and(|frame| frame.frame_to_fp_offset == 0);
            parts.push(Part { artifact, calls, frameless });
        }
        Ok(join(driver, parts, &cut.table(), self.program.machine))
    }

    /// Compiles the function that has been built.
    fn compile_built(&mut self, symbol: Symbol) -> Result<Artifact> {
        let passed = passed_values(&self.context.func);
        if passed > PASSED_VALUES_MAX {
            return Err(Error::limit(format!("its branches pass on more than {PASSED_VALUES_MAX} values")));
        }
        let simplified = exceeds_optimizer(&self.context.func, passed);
        let mut listing = String::new();
        if self.options.emit == Emit::Clif {
            listing = listing::intermediate_code(self.program, symbol, &self.context.func);
        }
        self.context.set_disasm(self.options.emit == Emit::Assembly);
        let mut isa = if simplified { &*self.isa.simple } else { &*self.isa.normal };
        if let Some(optimized) = self.isa.optimized.as_deref().filter(|_| !simplified) {
            let done = self.context.optimize(isa, &mut ControlPlane::default());
            done.map_err(|error| generator_error("optimise", &error))?;
            let machine = self.program.machine;
            live::shorten(&mut self.context.func, &self.context.domtree, machine);
            if let Some(base) = machine.base_in_register() {
                share::share(&mut self.context.func, &self.context.cfg, &self.context.domtree, base as i64);
            }
            isa = optimized;
        }
        let compiled = self.context.compile(isa, &mut ControlPlane::default());
        compiled.map_err(|error| generator_error("generate code", &error.inner))?;
        let compiled = self.context.compiled_code().expect("the function has just been compiled");
        if self.options.emit == Emit::Assembly {
            listing = listing::machine_code(self.program, symbol, compiled);
        }
        let mut traps: Vec<_> =
            compiled.buffer.traps().iter().filter_map(|trap| Some((trap.offset, trap_of_code(trap.code)?))).collect();
        traps.sort_unstable_by_key(|(offset, _)| *offset);
        let relocations = compiled.buffer.relocs().iter().map(|relocation| Relocation {
            offset: relocation.offset,
            kind: relocation.kind,
            target: target(&relocation.target, &self.context.func),
            addend: relocation.addend,
        });
        Ok(Artifact {
            symbol,
            code: compiled.buffer.data().to_vec(),
            alignment: compiled.buffer.alignment,
            relocations: relocations.collect(),
            traps,
            handled_calls: handled_calls(compiled),
            unseen: None,
            simplified,
            text: listing,
        })
    }

    /// Builds a function. Returns what a profile says about its branches.
    fn build(&mut self, symbol: Symbol, frontend: TargetFrontendConfig) -> Result<Ways> {
        let function = &mut self.context.func;
        if let Symbol::Function(id) = symbol
            && let FunctionKind::Defined(_) = self.program.functions[id.index()].kind
        {
            let ways = translate(self.program, id, function, frontend, &mut self.scratch)?;
            // Functions whose bodies take the place of calls are translated a second time here, each by whoever needs it.
            let (program, bodies) = (self.program, &mut self.bodies);
            inline(&mut self.context, &mut |id| bodies.translate(program, id, frontend))?;
            return Ok(ways);
        }
        let glue = Glue { program: self.program, function, scratch: self.scratch.builder(), frontend };
        match symbol {
            Symbol::Code => glue.code_start(),
            Symbol::Function(id) => glue.import(id),
            Symbol::Entry(id) => glue.entry(id),
            Symbol::IndirectCall(id) => glue.indirect_call(id),
            Symbol::FurtherCallee(id) => glue.further_callee(id),
            Symbol::TypedCall(id) => glue.typed_call(id),
            Symbol::Activation(id) => glue.activation(self.program.instance(id).activation.steps()),
            Symbol::ThreadActivation(id) => {
                glue.activation(&self.program.thread_activation(id).collect::<Vec<_>>());
            }
            Symbol::Initialization => glue.initialization(&self.start.initialization),
            Symbol::Start => glue.start(self.start),
            Symbol::CFunction(id) => glue.c_function(id),
            Symbol::SignalDelivery => glue.signal_delivery(),
            Symbol::NullCallee => glue.trap(Trap::UninitializedElement),
            Symbol::OtherTypeCallee => glue.trap(Trap::IndirectCallTypeMismatch),
            other => unreachable!("{other:?} is not code of ours"),
        }
        Ok(Ways::default())
    }
}

fn handled_calls(compiled: &CompiledCode) -> Vec<HandledCall> {
    let guarded = compiled.buffer.call_sites().filter(|call| !call.exception_handlers.is_empty());
    let mut calls: Vec<_> = guarded
        .map(|call| HandledCall {
            return_offset: call.ret_addr,
            frame_bytes: call.frame_offset.expect("the code generator knows the frame of a call with handlers"),
            handlers: call.exception_handlers.iter().map(handler).collect(),
        })
        .collect();
    calls.sort_unstable_by_key(|call| call.return_offset);
    calls
}

fn handler(handler: &FinalizedMachExceptionHandler) -> (u32, u32) {
    match handler {
        FinalizedMachExceptionHandler::Tag(tag, offset) => (tag.as_u32(), *offset),
        other => unreachable!("the translator makes only handlers of tags, not {other:?}"),
    }
}

fn target(target: &FinalizedRelocTarget, function: &Function) -> Target {
    match target {
        FinalizedRelocTarget::ExternalName(ExternalName::User(reference)) => {
            Target::Symbol(match Symbol::from_name(&function.params.user_named_funcs()[*reference]) {
                // A call that was not inlined after all.
                Symbol::Inlined(id) => Symbol::Function(id),
                symbol => symbol,
            })
        }
        FinalizedRelocTarget::ExternalName(ExternalName::LibCall(helper)) => Target::Helper(*helper),
        FinalizedRelocTarget::ExternalName(other) => unreachable!("generated code does not refer to {other:?}"),
        FinalizedRelocTarget::Func(offset) => Target::Itself(*offset),
    }
}
