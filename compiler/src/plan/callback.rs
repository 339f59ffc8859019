//! What system interfaces call in the guest.

use std::collections::BTreeMap;

use adder_abi::callback::{Callback, GuestFunction};
use adder_abi::host::emscripten::{self, process};
use adder_abi::host::{Context, Guests, HostFunction, Signature};

use super::program::Program;
use crate::id::{FunctionId, InstanceId};
use crate::link::FunctionKind;
use crate::module::ExportItem;
use crate::types::FunctionType;

/// Finds the functions of the main module that the runtime calls for what the program imports. `way` is what the
/// working directory is changed by, if there is a way.
pub fn find_callbacks(program: &Program<'_>, way: Option<(Callback, FunctionId)>) -> BTreeMap<Callback, FunctionId> {
    let ids = (0..program.functions.len() as u32).map(FunctionId);
    let imported = ids.filter_map(|id| program.host_signature(id));
    // What the start of a program by Emscripten calls, it need not import.
    let at_start = [process::ARGUMENTS, process::EXIT].iter().filter(|_| program.emscripten.is_some());
    let at_start = at_start.filter_map(|name| Some(program.interfaces.signature(program.emscripten_function(name)?)));
    let of_library = program.signals.library.values();
    let of_library =
        of_library.filter_map(|it| Some(program.interfaces.signature(program.emscripten_function(it.host)?)));
    let declared = imported.chain(at_start).chain(of_library).flat_map(|signature| signature.callbacks);
    let found = declared.filter_map(|callback| match callback {
        // It need not be exported, and may be done by another function.
        Callback::ChangeDirectory => way,
        _ => Some((*callback, program.guest_function(program.main, callback.function())?)),
    });
    found.collect()
}

impl Program<'_> {
    /// Returns the function of Emscripten's interfaces with this name, if the runtime has them.
    pub fn emscripten_function(&self, name: &str) -> Option<HostFunction> {
        self.interfaces.named(Guests::Emscripten, emscripten::MODULE, name).next()
    }

    /// Returns what is said of the function of the runtime that a function wraps, if it wraps one.
    pub fn host_signature(&self, id: FunctionId) -> Option<&'static Signature> {
        match self.functions[id.index()].kind {
            FunctionKind::Host(function) => Some(self.interfaces.signature(function)),
            _ => None,
        }
    }

    /// Returns the function that an instance exports for an interface to call, if it does. A program without may still be able
    /// to do all that it wants.
    pub fn guest_function(&self, instance: InstanceId, wanted: GuestFunction) -> Option<FunctionId> {
        let instance = self.instance(instance);
        let index = match instance.module.export(wanted.export) {
            Some(ExportItem::Function(index)) => index,
            // Emscripten exports what its JavaScript calls, and not all that a program has.
            None if self.emscripten.is_some() => instance.module.names.function_named(wanted.export)?,
            _ => return None,
        };
        let function = instance.functions[index as usize];
        let ty = FunctionType::of_abi(wanted.parameters, wanted.results);
        (*self.function_type(function) == ty).then_some(function)
    }

    /// Returns the functions of the guest that functions of the runtime work on.
    pub fn contexts(&self) -> impl Iterator<Item = FunctionId> {
        (0..self.functions.len() as u32).map(FunctionId).filter_map(|id| match self.host_signature(id)?.context {
            Context::Function(wanted) => self.guest_function(self.functions[id.index()].instance, wanted),
            Context::Memory | Context::Import => None,
        })
    }
}
