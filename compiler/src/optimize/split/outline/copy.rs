//! Copies instructions from the original to a part.

use cranelift_codegen::ir::instructions::InstructionMapper;
use cranelift_codegen::ir::{
    self, Block, BlockCall, ExtFuncData, ExternalName, FuncRef, GlobalValue, GlobalValueData, Inst, InstBuilderBase,
    SigRef, StackSlot, Value,
};

use super::Outline;

impl Outline<'_, '_> {
    /// Copies an instruction that is no branch. `operands` says what each of its operands has become.
    pub(super) fn copy(&mut self, inst: Inst, operands: &[(Value, Value)]) -> Inst {
        let original = self.original();
        let data = original.dfg.insts[inst];
        let ty = original.dfg.ctrl_typevar(inst);
        let mapped = data.map(Mapper { outline: self, operands });
        self.builder.ins().build(mapped, ty).0
    }

    fn signature(&mut self, signature: SigRef) -> SigRef {
        if let Some(known) = self.signatures.get(&signature) {
            return *known;
        }
        let copied = self.builder.import_signature(self.original().dfg.signatures[signature].clone());
        self.signatures.insert(signature, copied);
        copied
    }

    fn name(&mut self, name: &ExternalName) -> ExternalName {
        match name {
            ExternalName::User(reference) => {
                let name = self.original().params.user_named_funcs()[*reference].clone();
                ExternalName::user(self.builder.func.declare_imported_user_function(name))
            }
            other => other.clone(),
        }
    }
}

struct Mapper<'m, 'a, 'b> {
    outline: &'m mut Outline<'a, 'b>,
    operands: &'m [(Value, Value)],
}

impl InstructionMapper for Mapper<'_, '_, '_> {
    fn map_value(&mut self, value: Value) -> Value {
        let found = self.operands.iter().find(|(original, _)| *original == value);
        found.expect("all operands are mapped before their instruction").1
    }

    fn map_value_list(&mut self, list: ir::ValueList) -> ir::ValueList {
        let mut copied = ir::ValueList::new();
        for value in list.as_slice(&self.outline.original().dfg.value_lists) {
            let value = self.map_value(*value);
            copied.push(value, &mut self.outline.builder.func.dfg.value_lists);
        }
        copied
    }

    fn map_global_value(&mut self, global: GlobalValue) -> GlobalValue {
        if let Some(known) = self.outline.globals.get(&global) {
            return *known;
        }
        let data = match &self.outline.original().global_values[global] {
            GlobalValueData::Symbol { name, offset, colocated, tls } => {
                let (offset, colocated, tls) = (*offset, *colocated, *tls);
                GlobalValueData::Symbol { name: self.outline.name(name), offset, colocated, tls }
            }
            other => unreachable!("the translator makes only symbols, not {other:?}"),
        };
        let copied = self.outline.builder.create_global_value(data);
        self.outline.globals.insert(global, copied);
        copied
    }

    fn map_func_ref(&mut self, function: FuncRef) -> FuncRef {
        if let Some(known) = self.outline.functions.get(&function) {
            return *known;
        }
        let data = &self.outline.original().dfg.ext_funcs[function];
        let (colocated, patchable) = (data.colocated, data.patchable);
        let signature = self.outline.signature(data.signature);
        let name = self.outline.name(&data.name);
        let copied = self.outline.builder.import_function(ExtFuncData { name, signature, colocated, patchable });
        self.outline.functions.insert(function, copied);
        copied
    }

    fn map_sig_ref(&mut self, signature: SigRef) -> SigRef {
        self.outline.signature(signature)
    }

    fn map_constant(&mut self, constant: ir::Constant) -> ir::Constant {
        let data = self.outline.original().dfg.constants.get(constant).clone();
        self.outline.builder.func.dfg.constants.insert(data)
    }

    fn map_immediate(&mut self, immediate: ir::Immediate) -> ir::Immediate {
        let data = self.outline.original().dfg.immediates[immediate].clone();
        self.outline.builder.func.dfg.immediates.push(data)
    }

    fn map_jump_table(&mut self, _: ir::JumpTable) -> ir::JumpTable {
        unreachable!("branches are not copied but made")
    }

    fn map_exception_table(&mut self, _: ir::ExceptionTable) -> ir::ExceptionTable {
        unreachable!("a function with handlers of exceptions is not cut")
    }

    fn map_block_call(&mut self, _: BlockCall) -> BlockCall {
        unreachable!("branches are not copied but made")
    }

    fn map_block(&mut self, _: Block) -> Block {
        unreachable!("branches are not copied but made")
    }

    fn map_stack_slot(&mut self, _: StackSlot) -> StackSlot {
        unreachable!("addresses of slots are made again")
    }

    fn map_dynamic_stack_slot(&mut self, _: ir::DynamicStackSlot) -> ir::DynamicStackSlot {
        unreachable!("a function with such slots is not cut")
    }
}
