//! Builds the functions that the parts become.
//!
//! A part is entered with the address of the driver's frame and the values whose homes are registers. Values whose home is
//! the frame are loaded where they are used, and stored where the part is left: so what a part does not change costs it
//! nothing, and nothing in the frame changes while a part runs.

mod branch;
mod copy;
mod leave;
mod signature;

use std::collections::{HashMap, HashSet};

use cranelift_codegen::ir::{
    self, Block, BlockArg, FuncRef, Function, GlobalValue, Inst, InstBuilder, InstructionData, MemFlagsData, Opcode,
    SigRef, StackSlotData, StackSlotKind, Value, types,
};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};

use super::cut::Cut;
use super::liveness::is_remade;
use super::place::Home;
use super::region::Part;
use super::value::arguments;
use crate::clif::{POINTER, Region, zero};
use crate::symbol::Symbol;
use signature::{import, signature};

/// Builds the function with the original's signature, which has the frame and calls the part of the entry.
pub fn driver(cut: &Cut, target: &mut Function, scratch: &mut FunctionBuilderContext, frontend: TargetFrontendConfig) {
    target.signature = cut.function.signature.clone();
    let mut builder = FunctionBuilder::new(target, scratch);
    let slot =
        StackSlotData::new(StackSlotKind::ExplicitSlot, cut.frame_bytes, cut.frame_alignment.trailing_zeros() as u8);
    let slot = builder.create_sized_stack_slot(slot);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let mut arguments = vec![builder.ins().stack_addr(POINTER, slot, 0)];
    arguments.extend_from_slice(builder.block_params(block));
    let signature = builder.import_signature(signature(cut, 0));
    let function = import(&mut builder, Symbol::Part(0), signature);
    let call = builder.ins().call(function, &arguments);
    let results = builder.inst_results(call).to_vec();
    builder.ins().return_(&results);
    builder.seal_all_blocks();
    builder.finalize(frontend);
}

/// Builds the function of a part.
pub fn part(
    cut: &Cut,
    number: usize,
    target: &mut Function,
    scratch: &mut FunctionBuilderContext,
    frontend: TargetFrontendConfig,
) {
    target.signature = signature(cut, number);
    target.dfg.mem_flags = cut.function.dfg.mem_flags.clone();
    target.dfg.alias_regions = cut.function.dfg.alias_regions.clone();
    let flags = Region::Homes.mark(MemFlagsData::trusted(), &mut target.dfg);
    let mut outline = Outline {
        cut,
        part: &cut.parts.list[number],
        builder: FunctionBuilder::new(target, scratch),
        flags,
        frame: Value::from_u32(0),
        blocks: HashMap::new(),
        values: HashMap::new(),
        variables: HashMap::new(),
        at_home: at_home(cut, &cut.parts.list[number]),
        extended: HashMap::new(),
        copies: Vec::new(),
        copied_instructions: 0,
        at_hand: HashMap::new(),
        functions: HashMap::new(),
        signatures: HashMap::new(),
        globals: HashMap::new(),
    };
    outline.build();
    outline.builder.seal_all_blocks();
    outline.builder.finalize(frontend);
}

/// The values with homes in the frame that a part does not change: it is entered with them, or they are parameters of a block
/// that all ways pass the same to.
fn at_home(cut: &Cut, part: &Part) -> HashSet<Value> {
    let graph = &cut.function.dfg;
    let in_frame = |value: &Value| matches!(cut.homes.find(*value), Some(Home::Frame(_)));
    let mut at_home: HashSet<Value> = cut.homes.entered_with(part.root).iter().copied().filter(in_frame).collect();
    // Those of the root are not at home for that: the function's own come in registers.
    for block in part.blocks.iter().filter(|block| **block != part.root) {
        at_home.extend(graph.block_params(*block).iter().copied().filter(in_frame));
    }
    for block in &part.blocks {
        for inst in cut.function.layout.block_insts(*block) {
            for value in graph.inst_results(inst) {
                at_home.remove(value);
            }
        }
    }
    loop {
        let before = at_home.len();
        for from in part.blocks.iter().filter(|block| **block != cut.dispatch.block) {
            for to in &cut.graph.successors[*from] {
                if !part.contains(*to) {
                    continue;
                }
                for arguments in arguments(&cut.function, *from, *to) {
                    for (parameter, argument) in graph.block_params(*to).iter().zip(arguments) {
                        let same = cut.homes.find(argument) == cut.homes.find(*parameter);
                        if !same || !at_home.contains(&argument) {
                            at_home.remove(parameter);
                        }
                    }
                }
            }
        }
        if at_home.len() == before {
            return at_home;
        }
    }
}

struct Outline<'a, 'b> {
    cut: &'a Cut,
    part: &'a Part,
    builder: FunctionBuilder<'b>,
    /// Of accesses to homes.
    flags: MemFlagsData,
    /// The address of the driver's frame.
    frame: Value,
    blocks: HashMap<Block, Block>,
    /// What the original's values have become.
    values: HashMap<Value, Value>,
    /// Those that a copied region makes anew although the part is entered with them.
    variables: HashMap<Value, Variable>,
    /// Values that are in their place of the frame while the part runs: it does not change them.
    at_home: HashSet<Value>,
    /// Of values with 32 bits, the same with 64, the upper ones zero.
    extended: HashMap<Value, Value>,
    /// Copies of blocks around the current place, and what their values are.
    copies: Vec<(Block, HashMap<Value, Bound>)>,
    /// How much has been copied that way.
    copied_instructions: usize,
    /// What has been loaded or made again in the current block.
    at_hand: HashMap<Value, Value>,
    functions: HashMap<FuncRef, FuncRef>,
    signatures: HashMap<SigRef, SigRef>,
    globals: HashMap<GlobalValue, GlobalValue>,
}

/// What a value is in a copy of a block.
#[derive(Clone, Copy)]
enum Bound {
    /// What another one is outside of all copies.
    To(Value),
    /// Made in the copy.
    Made(Value),
}

impl<'a> Outline<'a, '_> {
    fn original(&self) -> &'a Function {
        &self.cut.function
    }

    fn build(&mut self) {
        let root = self.part.root;
        let is_entry = root == self.cut.graph.order[0];
        let entered_with: &[Value] = self.cut.homes.entered_with(root);
        let made = self.made();
        let begin = self.builder.create_block();
        self.builder.append_block_params_for_function_params(begin);
        self.builder.switch_to_block(begin);
        let given = self.builder.block_params(begin).to_vec();
        self.frame = given[0];

        // If something inside goes back to the root, that is a block of its own behind the one that is entered.
        let goes_back = self.part.blocks.iter().any(|block| self.goes_to(*block, root));
        for block in &self.part.blocks {
            let copy = if *block == root && !goes_back { begin } else { self.builder.create_block() };
            self.blocks.insert(*block, copy);
            if copy == begin {
                continue;
            }
            for parameter in self.parameters(*block) {
                let ty = self.ty(parameter);
                self.builder.append_block_param(copy, ty);
            }
        }

        for value in entered_with {
            if made.contains(value) && !self.at_home.contains(value) {
                let ty = self.ty(*value);
                let variable = self.builder.declare_var(ty);
                self.variables.insert(*value, variable);
            }
        }
        if is_entry {
            for (parameter, given) in self.original().dfg.block_params(root).iter().zip(&given[1..]) {
                self.values.insert(*parameter, *given);
            }
        }
        for value in entered_with {
            match self.cut.homes.of(*value) {
                Home::Register(register) => {
                    let given = given[register + 1];
                    let value_now = self.narrow(*value, given);
                    self.define(*value, value_now);
                }
                Home::Frame(_) if self.variables.contains_key(value) => {
                    let loaded = self.load(*value);
                    self.define(*value, loaded);
                }
                Home::Frame(_) => {}
            }
        }
        if goes_back {
            let mut arguments = Vec::new();
            for parameter in self.parameters(root) {
                let value = if self.cut.live.is_used(parameter) { self.use_of(parameter) } else { self.any(parameter) };
                arguments.push(BlockArg::Value(if self.is_kept_wide(parameter) { self.wide(value) } else { value }));
            }
            self.builder.ins().jump(self.blocks[&root], &arguments);
        }
        for block in &self.part.blocks {
            self.at_hand.clear();
            let copy = self.blocks[block];
            if copy != begin {
                self.builder.switch_to_block(copy);
                if self.original().layout.is_cold(*block) {
                    self.builder.set_cold_block(copy);
                }
                let copies = self.builder.block_params(copy).to_vec();
                for (parameter, copied) in self.parameters(*block).into_iter().zip(copies) {
                    let copied = if self.is_kept_wide(parameter) { self.narrow(parameter, copied) } else { copied };
                    self.define(parameter, copied);
                }
            }
            for inst in self.original().layout.block_insts(*block) {
                self.builder.set_srcloc(self.original().srcloc(inst));
                self.instruction(*block, inst);
            }
        }
    }

    /// The parameters of a block that its copy has too: those that are not in the frame anyway.
    fn parameters(&self, block: Block) -> Vec<Value> {
        let parameters = self.original().dfg.block_params(block).iter().copied();
        parameters.filter(|parameter| !self.at_home.contains(parameter)).collect()
    }

    /// What a branch passes to a block of the part.
    fn arguments(&mut self, target: Block, values: &[Value]) -> Vec<BlockArg> {
        let parameters = self.original().dfg.block_params(target);
        let mut arguments = Vec::new();
        for (parameter, value) in parameters.iter().zip(values) {
            if self.at_home.contains(parameter) {
                continue;
            }
            let value = self.use_of(*value);
            arguments.push(BlockArg::Value(if self.is_kept_wide(*parameter) { self.wide(value) } else { value }));
        }
        arguments
    }

    /// Whether a value of 32 bits is kept with 64, in which it is handed over.
    fn is_kept_wide(&self, value: Value) -> bool {
        self.cut.convention.extends
            && self.original().dfg.value_type(value) == types::I32
            && matches!(self.cut.homes.find(value), Some(Home::Register(_)))
    }

    /// The type that a value is kept in, where ways meet.
    fn ty(&self, value: Value) -> ir::Type {
        if self.is_kept_wide(value) { types::I64 } else { self.original().dfg.value_type(value) }
    }

    /// Whether a block of the part goes to another one without leaving the part.
    fn goes_to(&self, from: Block, to: Block) -> bool {
        from != self.cut.dispatch.block && self.cut.graph.successors[from].contains(&to)
    }

    /// What the part makes itself, but for the parameters of its root.
    fn made(&self) -> HashSet<Value> {
        let mut made = HashSet::new();
        for block in &self.part.blocks {
            if *block != self.part.root {
                made.extend(self.original().dfg.block_params(*block));
            }
            for inst in self.original().layout.block_insts(*block) {
                made.extend(self.original().dfg.inst_results(inst));
            }
        }
        made
    }

    /// A value of the original from 64 bits that it was passed in.
    fn narrow(&mut self, value: Value, given: Value) -> Value {
        if self.original().dfg.value_type(value) == self.builder.func.dfg.value_type(given) {
            return given;
        }
        let narrow = self.builder.ins().ireduce(types::I32, given);
        self.extended.insert(narrow, given);
        narrow
    }

    fn wide(&mut self, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == types::I64 {
            return value;
        }
        match self.extended.get(&value) {
            Some(wide) => *wide,
            None => self.builder.ins().uextend(types::I64, value),
        }
    }

    fn load(&mut self, value: Value) -> Value {
        let Home::Frame(offset) = self.cut.homes.of(value) else {
            unreachable!("a value in a register is defined where the part is entered");
        };
        let ty = self.original().dfg.value_type(value);
        if ty == types::I32 && self.cut.convention.extends {
            let wide = self.builder.ins().uload32(self.flags, self.frame, offset as i32);
            return self.narrow(value, wide);
        }
        self.builder.ins().load(ty, self.flags, self.frame, offset as i32)
    }

    fn define(&mut self, value: Value, copied: Value) {
        if let Some((_, values)) = self.copies.last_mut() {
            values.insert(value, Bound::Made(copied));
            return;
        }
        match self.variables.get(&value) {
            Some(variable) => {
                let variable = *variable;
                let copied = if self.is_kept_wide(value) { self.wide(copied) } else { copied };
                self.builder.def_var(variable, copied);
            }
            None => {
                self.values.insert(value, copied);
            }
        }
    }

    /// What a value is bound to by the copies around; itself, if by none.
    fn bound(&self, value: Value) -> Bound {
        let found = self.copies.iter().rev().find_map(|(_, values)| values.get(&value));
        found.copied().unwrap_or(Bound::To(value))
    }

    /// What a value of the original is here.
    fn use_of(&mut self, value: Value) -> Value {
        let value = match self.bound(value) {
            Bound::Made(copied) => return copied,
            Bound::To(value) => value,
        };
        if let Some(variable) = self.variables.get(&value) {
            let copied = self.builder.use_var(*variable);
            return if self.is_kept_wide(value) { self.narrow(value, copied) } else { copied };
        }
        if let Some(copied) = self.values.get(&value).or_else(|| self.at_hand.get(&value)) {
            return *copied;
        }
        let copied = if is_remade(self.original(), value) { self.remake(value) } else { self.load(value) };
        self.at_hand.insert(value, copied);
        copied
    }

    /// Stands for a value that nothing uses.
    fn any(&mut self, value: Value) -> Value {
        let ty = self.original().dfg.value_type(value);
        zero(&mut self.builder, ty)
    }

    fn remake(&mut self, value: Value) -> Value {
        let graph = &self.original().dfg;
        let inst = graph.value_def(value).unwrap_inst();
        if let InstructionData::StackAddr { stack_slot, offset, .. } = graph.insts[inst] {
            let offset = i64::from(self.cut.slots[&stack_slot]) + i64::from(i32::from(offset));
            let offset = self.builder.ins().iconst(POINTER, offset);
            return self.builder.ins().iadd(self.frame, offset);
        }
        let copy = self.copy(inst, &[]);
        self.builder.inst_results(copy)[0]
    }

    fn instruction(&mut self, block: Block, inst: Inst) {
        let graph = &self.original().dfg;
        let results = graph.inst_results(inst);
        if let [result] = results
            && is_remade(self.original(), *result)
        {
            return;
        }
        match graph.insts[inst] {
            InstructionData::Jump { destination, .. } => self.jump(destination),
            InstructionData::Brif { arg, blocks: [consequent, alternative], .. } => {
                let condition = self.use_of(arg);
                let (consequent, first) = self.destination(consequent);
                let (alternative, second) = self.destination(alternative);
                self.builder.ins().brif(condition, consequent, &[], alternative, &[]);
                self.fill([first, second].into_iter().flatten());
            }
            InstructionData::BranchTable { .. } if block == self.cut.dispatch.block => self.dispatch(),
            InstructionData::BranchTable { arg, table, .. } => self.branch_table(arg, table),
            InstructionData::Unary { opcode: Opcode::Uextend, arg }
                if graph.value_type(results[0]) == types::I64 && graph.value_type(arg) == types::I32 =>
            {
                let narrow = self.use_of(arg);
                let wide = self.wide(narrow);
                self.define(results[0], wide);
            }
            _ => {
                let operands: Vec<(Value, Value)> =
                    graph.inst_args(inst).iter().map(|value| (*value, self.use_of(*value))).collect();
                let copy = self.copy(inst, &operands);
                if graph.insts[inst].opcode().is_call() {
                    // It is cheaper to load a value again than to keep it over the call.
                    self.at_hand.clear();
                }
                let copied = self.builder.inst_results(copy).to_vec();
                for (result, copied) in results.iter().zip(copied) {
                    self.define(*result, copied);
                }
            }
        }
    }
}
