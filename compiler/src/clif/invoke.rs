//! Calls of guest functions, inside of a `try` and outside.
//!
//! A call inside of a `try` ends its block: the function either returns, or the runtime goes on at one of the handlers. On
//! the way to a handler no register keeps its value, so whatever is needed there lies in the frame at the time of the call.

use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, ExceptionTableData, ExceptionTableItem, ExceptionTag, FuncRef, Inst, InstBuilder,
    SigRef, Type, Value,
};

use super::emitter::Emitter;
use super::signature::{register_type, returns_by_pointer};
use super::slot::slot_count;
use crate::id::{FunctionId, SignatureId};
use crate::symbol::{RuntimeFunction, Symbol};

/// Where an exception thrown by a call is caught: [`adder_abi::exception::Handler`], before it has an address.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// The tag with its flags.
    pub tag: u32,
    /// Its parameters are the address of the payload and the exception.
    pub landing: Block,
}

/// What is called.
enum Callee {
    Function(FuncRef),
    Address(SigRef, Value),
}

impl Emitter<'_, '_> {
    /// Calls a function of the program: [`Symbol::Function`] or [`Symbol::Inlined`]. An exception goes to the first of the
    /// handlers that fits, else to the caller.
    pub fn call(&mut self, symbol: Symbol, arguments: &[Value], handlers: &[Handler]) -> Vec<Value> {
        let (Symbol::Function(id) | Symbol::Inlined(id)) = symbol else {
            unreachable!("{symbol:?} is no function of the program");
        };
        let signature = self.program.functions[id.index()].signature;
        let callee = Callee::Function(self.function(symbol));
        self.call_guest(signature, &callee, arguments, handlers)
    }

    /// Calls whatever function is at an address.
    pub fn call_address(
        &mut self,
        signature: SignatureId,
        address: Value,
        arguments: &[Value],
        handlers: &[Handler],
    ) -> Vec<Value> {
        let callee = Callee::Address(self.signature(signature), address);
        self.call_guest(signature, &callee, arguments, handlers)
    }

    /// Calls a function of the program in place of a return. Its results are those of this function, and go where
    /// `pointer` says if that function got one. No handler of this function applies any more.
    pub fn return_call(&mut self, id: FunctionId, pointer: Option<Value>, arguments: &[Value]) {
        let function = self.function(Symbol::Function(id));
        let arguments: Vec<Value> = pointer.into_iter().chain(arguments.iter().copied()).collect();
        self.builder.ins().return_call(function, &arguments);
    }

    /// Likewise for whatever function is at an address.
    pub fn return_call_address(
        &mut self,
        signature: SignatureId,
        address: Value,
        pointer: Option<Value>,
        arguments: &[Value],
    ) {
        let reference = self.signature(signature);
        let arguments: Vec<Value> = pointer.into_iter().chain(arguments.iter().copied()).collect();
        self.builder.ins().return_call_indirect(reference, address, &arguments);
    }

    /// Calls a function of the runtime that throws. Nothing comes after it.
    pub fn call_throwing(&mut self, function: RuntimeFunction, arguments: &[Value], handlers: &[Handler]) {
        let callee = Callee::Function(self.function(Symbol::Runtime(function)));
        self.invoke(&callee, arguments, &[], handlers);
    }

    fn call_guest(
        &mut self,
        signature: SignatureId,
        callee: &Callee,
        arguments: &[Value],
        handlers: &[Handler],
    ) -> Vec<Value> {
        let ty = self.program.signatures.get(signature);
        if !returns_by_pointer(ty) {
            let results: Vec<Type> = ty.results.iter().map(|ty| register_type(*ty)).collect();
            return self.invoke(callee, arguments, &results, handlers);
        }
        let slots = self.slots(slot_count(&ty.results));
        let mut all = vec![slots];
        all.extend_from_slice(arguments);
        self.invoke(callee, &all, &[], handlers);
        self.load_slots(slots, &ty.results)
    }

    fn invoke(&mut self, callee: &Callee, arguments: &[Value], results: &[Type], handlers: &[Handler]) -> Vec<Value> {
        if handlers.is_empty() {
            let call = match *callee {
                Callee::Function(function) => self.builder.ins().call(function, arguments),
                Callee::Address(signature, address) => self.builder.ins().call_indirect(signature, address, arguments),
            };
            return self.builder.inst_results(call).to_vec();
        }
        let next = self.builder.create_block();
        for result in results {
            self.builder.append_block_param(next, *result);
        }
        self.invoke_guarded(callee, arguments, next, results.len() as u32, handlers);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        self.builder.block_params(next).to_vec()
    }

    fn invoke_guarded(
        &mut self,
        callee: &Callee,
        arguments: &[Value],
        next: Block,
        results: u32,
        handlers: &[Handler],
    ) -> Inst {
        let graph = &mut self.builder.func.dfg;
        let signature = match *callee {
            Callee::Function(function) => graph.ext_funcs[function].signature,
            Callee::Address(signature, _) => signature,
        };
        let normal = BlockCall::new(next, (0..results).map(BlockArg::TryCallRet), &mut graph.value_lists);
        let mut items = Vec::with_capacity(handlers.len());
        for handler in handlers {
            let payload = [BlockArg::TryCallExn(0), BlockArg::TryCallExn(1)];
            let landing = BlockCall::new(handler.landing, payload, &mut graph.value_lists);
            items.push(ExceptionTableItem::Tag(ExceptionTag::from_u32(handler.tag), landing));
        }
        let table = graph.exception_tables.push(ExceptionTableData::new(signature, normal, items));
        match *callee {
            Callee::Function(function) => self.builder.ins().try_call(function, arguments, table),
            Callee::Address(_, address) => self.builder.ins().try_call_indirect(address, arguments, table),
        }
    }
}
