//! Functions of Emscripten's C library that the runtime is told of, or does in their place.

use adder_abi::host::emscripten::signal::LibraryFunction;

use super::translator::Translator;
use crate::symbol::{RuntimeFunction, Symbol};

impl Translator<'_, '_> {
    /// Begins such a function by the call of the runtime. If that is all of it, nothing comes to the body.
    pub(super) fn begin_library_function(&mut self, function: &LibraryFunction) {
        let program = self.emitter.program;
        let host = program.emscripten_function(function.host).expect("the runtime has Emscripten's interfaces");
        let context = match program.main().interface_memory() {
            Some(memory) => self.emitter.address(Symbol::Memory(memory)),
            None => self.emitter.pointer(0),
        };
        let arguments: Vec<_> = (0..function.parameters.len() as u32).map(|local| self.local_get(local)).collect();
        let results = if function.is_replaced { self.ty.results.as_slice() } else { &[] };
        let results = self.emitter.host_call(RuntimeFunction::Host(host), context, &arguments, results);
        if !function.is_replaced {
            return;
        }
        self.emitter.deliver_signals(None);
        self.emitter.return_values(self.ty, None, &results);
        let body = self.emitter.builder.create_block();
        self.emitter.builder.seal_block(body);
        self.emitter.builder.switch_to_block(body);
    }
}
