//! Blocks, branches and traps.

use adder_abi::trap::TrapCode as Trap;
use cranelift_codegen::ir::{Block, BlockArg, BlockCall, InstBuilder, JumpTableData, Type};
use wasmparser::{BlockType, BrTable, Operator};

use super::frame::{Frame, FrameKind};
use crate::clif::{arguments, register_type, trap_code};
use crate::error::Result;
use crate::module::{malformed, value_type};
use crate::translate::translator::Translator;
use crate::types::{FunctionType, ValueType};

impl Translator<'_, '_> {
    /// Translates an operator of control flow; false if it is none. These are the operators that also matter where
    /// nothing is executed: they open and close frames.
    pub fn control(&mut self, operator: &Operator<'_>) -> Result<bool> {
        match operator {
            Operator::Block { blockty } => self.open(*blockty, Opening::Block)?,
            Operator::Loop { blockty } => self.open(*blockty, Opening::Loop)?,
            Operator::If { blockty } => self.open(*blockty, Opening::If)?,
            Operator::TryTable { try_table } => {
                self.open(try_table.ty, Opening::Block)?;
                self.guard_by_table(&try_table.catches);
            }
            Operator::Try { blockty } => {
                self.open(*blockty, Opening::Block)?;
                self.guard_by_try();
            }
            Operator::Else => self.begin_else(),
            Operator::Catch { .. } | Operator::CatchAll => self.begin_catch(),
            Operator::End | Operator::Delegate { .. } => self.end(),
            Operator::Unreachable
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrTable { .. }
            | Operator::Return
                if !self.reachable => {}
            Operator::Unreachable => {
                self.emitter.builder.ins().trap(trap_code(Trap::Unreachable));
                self.reachable = false;
            }
            Operator::Br { relative_depth } => {
                let (target, arguments) = self.branch(*relative_depth);
                self.emitter.builder.ins().jump(target, &arguments);
                self.points.go(target);
                self.reachable = false;
            }
            Operator::BrIf { relative_depth } => {
                let condition = self.pop();
                let (target, arguments) = self.branch(*relative_depth);
                let next = self.emitter.builder.create_block();
                self.divide(condition, (target, &arguments), (next, &[]));
                self.cool_by_hint(None, next);
                self.emitter.builder.seal_block(next);
                self.begin_block(next);
            }
            Operator::BrOnNull { relative_depth } => {
                let reference = self.pop();
                let (target, arguments) = self.branch(*relative_depth);
                let next = self.emitter.builder.create_block();
                self.divide(reference, (next, &[]), (target, &arguments));
                self.emitter.builder.seal_block(next);
                self.begin_block(next);
                self.push(reference);
            }
            Operator::BrOnNonNull { relative_depth } => {
                let reference = *self.operands.last().expect("validation found an operand");
                let (target, arguments) = self.branch(*relative_depth);
                let next = self.emitter.builder.create_block();
                self.divide(reference, (target, &arguments), (next, &[]));
                self.emitter.builder.seal_block(next);
                self.begin_block(next);
                self.pop();
            }
            Operator::BrTable { targets } => self.branch_table(targets)?,
            Operator::Return => {
                let values = self.pop_many(self.ty.results.len());
                self.emitter.return_values(self.ty, self.results, &values);
                self.reachable = false;
            }
            _ => return self.throwing(operator),
        }
        Ok(true)
    }

    /// Opens the frame of the function itself; a branch to it returns.
    pub fn push_function_frame(&mut self) {
        let results: Vec<Type> = self.ty.results.iter().map(|ty| register_type(*ty)).collect();
        let exit = self.block(&results);
        self.frames.push(Frame { results: results.len(), ..Frame::new(FrameKind::Block, exit, 0, None) });
    }

    fn open(&mut self, ty: BlockType, opening: Opening) -> Result<()> {
        let ty = self.block_type(ty)?;
        let types = |types: &[ValueType]| types.iter().map(|ty| register_type(*ty)).collect();
        let (parameters, results): (Vec<Type>, Vec<Type>) = (types(&ty.parameters), types(&ty.results));
        let guarded_by = self.frames.last().expect("the function's own frame is around").guarded_by;
        if !self.reachable {
            self.frames.push(Frame::new(FrameKind::Dead, self.frames[0].exit, self.operands.len(), guarded_by));
            return Ok(());
        }
        let exit = self.block(&results);
        let kind = match opening {
            Opening::Block => FrameKind::Block,
            Opening::Loop => {
                let header = self.block(&parameters);
                let arguments = arguments(&self.operands[self.operands.len() - parameters.len()..]);
                self.emitter.builder.ins().jump(header, &arguments);
                self.emitter.builder.switch_to_block(header);
                let height = self.operands.len() - parameters.len();
                self.operands.truncate(height);
                self.operands.extend_from_slice(self.emitter.builder.block_params(header));
                self.begin_loop(header);
                FrameKind::Loop(header)
            }
            Opening::If => {
                let condition = self.pop();
                let consequent = self.emitter.builder.create_block();
                let alternative = self.emitter.builder.create_block();
                self.divide(condition, (consequent, &[]), (alternative, &[]));
                self.cool_by_hint(Some(consequent), alternative);
                self.emitter.builder.seal_block(consequent);
                self.emitter.builder.seal_block(alternative);
                self.begin_block(consequent);
                FrameKind::If(alternative, self.operands[self.operands.len() - parameters.len()..].to_vec())
            }
        };
        let height = self.operands.len() - parameters.len();
        let frame = Frame::new(kind, exit, height, guarded_by);
        self.frames.push(Frame { parameters: parameters.len(), results: results.len(), ..frame });
        Ok(())
    }

    fn begin_else(&mut self) {
        self.leave_through_end();
        let frame = self.frames.last_mut().expect("validation found an `if`");
        match std::mem::replace(&mut frame.kind, FrameKind::Block) {
            FrameKind::If(alternative, parameters) => {
                self.operands.truncate(frame.height);
                self.operands.extend(parameters);
                self.begin_block(alternative);
                self.reachable = true;
            }
            dead => frame.kind = dead,
        }
    }

    fn end(&mut self) {
        self.leave_through_end();
        let mut frame = self.frames.pop().expect("validation found a frame");
        if let Some(guard) = &frame.guard {
            self.end_guard(guard);
        }
        match frame.kind {
            FrameKind::Dead => {
                self.operands.truncate(frame.height);
                return;
            }
            FrameKind::Loop(header) => self.emitter.builder.seal_block(header),
            FrameKind::If(alternative, parameters) => {
                // No `else`: the parameters are the results.
                self.begin_block(alternative);
                self.emitter.builder.ins().jump(frame.exit, &arguments(&parameters));
                self.points.go(frame.exit);
                frame.exit_reached = true;
            }
            FrameKind::Block => {}
        }
        self.operands.truncate(frame.height);
        self.reachable = frame.exit_reached;
        self.emitter.builder.seal_block(frame.exit);
        if !frame.exit_reached {
            return;
        }
        self.begin_block(frame.exit);
        self.operands.extend_from_slice(self.emitter.builder.block_params(frame.exit));
        if self.frames.is_empty() {
            let values = self.pop_many(self.ty.results.len());
            self.emitter.return_values(self.ty, self.results, &values);
            self.reachable = false;
        }
    }

    /// At an `else` or `end`: goes on behind the frame, if this place is reached.
    pub fn leave_through_end(&mut self) {
        if self.reachable {
            let (exit, results) = {
                let frame = self.frames.last_mut().expect("validation found a frame");
                frame.exit_reached = true;
                (frame.exit, frame.results)
            };
            let arguments = arguments(&self.operands[self.operands.len() - results..]);
            self.emitter.builder.ins().jump(exit, &arguments);
            self.points.go(exit);
            self.reachable = false;
        }
    }

    /// The block that a branch goes to, and its arguments. They stay on the stack of operands: `br_if` needs them there.
    fn branch(&mut self, depth: u32) -> (Block, Vec<BlockArg>) {
        let index = self.frames.len() - 1 - depth as usize;
        let (target, count) = self.frames[index].branch_to();
        (target, arguments(&self.operands[self.operands.len() - count..]))
    }

    fn branch_table(&mut self, targets: &BrTable<'_>) -> Result<()> {
        let index = self.pop();
        let (table_index, front) = self.before_subtraction(index, targets.len());
        self.edges += u64::from(front) + u64::from(targets.len());
        let mut calls = Vec::with_capacity(front as usize + targets.len() as usize);
        let mut blocks = Vec::with_capacity(targets.len() as usize + 1);
        for _ in 0..front {
            let (target, arguments) = self.branch(targets.default());
            calls.push(self.block_call(target, arguments));
        }
        for depth in targets.targets() {
            let (target, arguments) = self.branch(depth.map_err(malformed)?);
            calls.push(self.block_call(target, arguments));
            blocks.push(target);
        }
        let (target, arguments) = self.branch(targets.default());
        let default = self.block_call(target, arguments);
        blocks.push(target);
        self.divide_by_table(index, targets.len(), &blocks);
        let table = self.emitter.builder.create_jump_table(JumpTableData::new(default, &calls));
        let branch = self.emitter.builder.ins().br_table(table_index, table);
        self.record_table_ways(branch, front);
        self.reachable = false;
        Ok(())
    }

    fn block_call(&mut self, target: Block, arguments: Vec<BlockArg>) -> BlockCall {
        BlockCall::new(target, arguments, &mut self.emitter.builder.func.dfg.value_lists)
    }

    fn block(&mut self, parameters: &[Type]) -> Block {
        let block = self.emitter.builder.create_block();
        for parameter in parameters {
            self.emitter.builder.append_block_param(block, *parameter);
        }
        block
    }

    fn block_type(&self, ty: BlockType) -> Result<FunctionType> {
        Ok(match ty {
            BlockType::Empty => FunctionType::default(),
            BlockType::Type(result) => FunctionType { parameters: Vec::new(), results: vec![value_type(result)?] },
            BlockType::FuncType(index) => self.instance.module.types[index as usize].clone(),
        })
    }
}

#[derive(Clone, Copy)]
enum Opening {
    Block,
    Loop,
    If,
}
