//! The program descriptor, and the tables of functions and traps.

use adder_abi::callback::Callback;
use adder_abi::host::emscripten::signal::GO_ON;
use adder_abi::program::{
    FunctionRecord, Instance as InstanceDescriptor, NOT_IN_THREAD_STATE, Program as ProgramDescriptor, StackPointer,
};
use adder_abi::{ABI_VERSION, symbol};
use cranelift_module::{DataDescription, DataId, Linkage, Module};

use super::record::{PoolRange, Record};
use super::state::StateContents;
use super::{Place, Writer, defect};
use crate::error::Result;
use crate::id::{FunctionId, InstanceId, MemoryId, TableId};
use crate::link::FunctionKind;
use crate::plan::{ChangeDirectory, EntryPoint};
use crate::symbol::{RuntimeFunction, Symbol};

/// Bytes of a function's name that backtraces can show.
const NAME_BYTES_MAX: usize = 1024;

impl Writer<'_> {
    /// Defines the program descriptor and all that hangs on it.
    pub(super) fn define_program(&mut self, entry: &EntryPoint) -> Result<()> {
        self.define_import_names()?;
        self.define_extended_table()?;
        self.define_imports()?;
        let instances = self.define_instances()?;
        let exports = self.define_exports(entry)?;
        let (functions, function_count, names) = self.define_functions()?;
        let (trap_offsets, trap_codes, trap_count) = self.define_traps()?;
        let exceptions = self.define_exceptions()?;
        let (stack_pointers, stack_pointer_count) = self.define_stack_pointers()?;
        let (state, state_count) = self.define_state()?;
        let instrumentation = self.define_instrumentation()?;
        let described = entry.function.filter(|_| entry.has_slots);
        let entry_signature = described.map(|function| self.signature_text(function)).unwrap_or_default();
        let texts = self.pool()?;
        let (memories, memory_count, own_memories) =
            self.array((0..self.program.memories.len() as u32).map(|index| Symbol::Memory(MemoryId(index))));
        let (tables, table_count, own_tables) =
            self.array((0..self.program.tables.len() as u32).map(|index| Symbol::Table(TableId(index))));
        let thread_state = self.data.get(&Symbol::ThreadState).copied();
        let start = match entry.function {
            Some(_) => Some(self.function(Symbol::Start)?),
            None => None,
        };
        let initialization = match entry.initialization {
            true => Some(self.function(Symbol::Initialization)?),
            false => None,
        };
        let mut callback = |callback| match entry.callbacks.get(&callback) {
            Some(function) => Ok(Some(self.function(Symbol::Entry(*function))?)),
            None => Ok(None),
        };
        let callbacks = Callback::ALL.iter().map(|it| callback(*it)).collect::<Result<Vec<_>>>()?;
        let (stack_pointer, variable) = match entry.change_directory {
            Some(ChangeDirectory::ByCall(_, global)) => (Some(Symbol::Global(global)), 0),
            Some(ChangeDirectory::ByVariable(_, variable)) => (None, variable),
            None => (None, 0),
        };
        let memory = self.program.main().interface_memory();
        let memory = memory.and_then(|memory| self.data.get(&Symbol::Memory(memory)).copied());
        let stack_pointer_in_thread = stack_pointer.and_then(|global| self.program.thread_state.offset(global));
        let stack_pointer =
            stack_pointer.filter(|_| stack_pointer_in_thread.is_none()).map(|global| self.data[&global]);
        let handle_signals = self.program.emscripten_function(GO_ON).filter(|_| self.program.signals.has_actions);
        let handle_signals = match handle_signals {
            Some(function) => Some(self.function(Symbol::Runtime(RuntimeFunction::Host(function)))?),
            None => None,
        };
        let code = self.function(Symbol::Code)?;

        let mut program = Record::default();
        program.u32(ABI_VERSION).u32(self.program.memory_plan as u32);
        program.function(Some(code)).u64(self.code_bytes).u64(self.program.stack_bytes);
        program.data(memories).u64(memory_count).data(tables).u64(table_count);
        program.data(thread_state).u64(self.program.thread_state.bytes).u64(own_memories).u64(own_tables);
        program.data(Some((instances, 0))).u64(self.program.instances.len() as u64);
        program.function(initialization).function(start).text(texts, entry_signature);
        program.data(Some((functions, 0))).u64(function_count).text(texts, names);
        program.data(Some((trap_offsets, 0))).data(Some(trap_codes)).u64(trap_count);
        program.data(exports.map(|(data, _)| (data, 0))).u64(exports.map_or(0, |(_, count)| count));
        for callback in callbacks {
            program.function(callback);
        }
        program.data(stack_pointer);
        program.u64(stack_pointer_in_thread.unwrap_or(NOT_IN_THREAD_STATE)).u64(u64::from(variable));
        program.data(memory);
        exceptions.append(&mut program);
        let family = self.program.emscripten.map_or(0, |family| family as u32);
        program.u32(self.program.machine.cpu as u32).u32(family).data(Some((state, 0))).u64(state_count);
        program.data(instrumentation.map(|data| (data, 0)));
        program.data(self.data.get(&Symbol::SignalActions).copied()).function(handle_signals);
        program.data(stack_pointers).u64(stack_pointer_count);
        assert_eq!(program.len(), size_of::<ProgramDescriptor>());
        let id = self.module.declare_data(symbol::PROGRAM, Linkage::Hidden, false, false).map_err(defect)?;
        let description = program.describe(&mut self.module);
        self.module.define_data(id, &description).map_err(defect)
    }

    /// The list of the library's pointers to shadow stacks, and how many there are.
    fn define_stack_pointers(&mut self) -> Result<(Option<Place>, u64)> {
        let list = self.program.library.as_ref().map_or(&[][..], |library| &library.stack_pointers);
        if list.is_empty() {
            return Ok((None, 0));
        }
        let mut record = Record::default();
        for global in list {
            record.data(Some(self.data[&Symbol::Global(*global)])).u64(0);
        }
        assert_eq!(record.len(), list.len() * size_of::<StackPointer>());
        let count = list.len() as u64;
        Ok((Some((self.define_written("stack pointers", StateContents::Addresses, record)?, 0)), count))
    }

    /// Of these descriptors, which lie one behind the other: where the first that threads share is, how many are shared, and
    /// how many each thread has of its own.
    fn array(&self, symbols: impl Iterator<Item = Symbol>) -> (Option<Place>, u64, u64) {
        let (mut first, mut shared, mut own) = (None, 0, 0);
        for symbol in symbols {
            match self.data.get(&symbol) {
                Some(place) => {
                    first.get_or_insert(*place);
                    shared += 1;
                }
                None => own += 1,
            }
        }
        (first, shared, own)
    }

    /// The pool of bytes, so that it can be referred to; it is defined last.
    pub(super) fn pool(&mut self) -> Result<DataId> {
        if let Some(id) = self.pool.id {
            return Ok(id);
        }
        let id = self.module.declare_data("pool", Linkage::Local, false, false).map_err(defect)?;
        self.pool.id = Some(id);
        Ok(id)
    }

    /// Defines the pool of bytes.
    pub(super) fn define_pool(&mut self) -> Result<()> {
        let id = self.pool()?;
        let mut bytes = std::mem::take(&mut self.pool.bytes);
        bytes.push(0);
        let mut description = DataDescription::new();
        description.define(bytes.into_boxed_slice());
        self.module.define_data(id, &description).map_err(defect)
    }

    fn define_import_names(&mut self) -> Result<()> {
        let texts = self.pool()?;
        let mut record = Record::default();
        let mut missing = Vec::new();
        for (index, function) in self.program.functions.iter().enumerate() {
            let remark = match function.kind {
                FunctionKind::Missing => "",
                FunctionKind::WithoutJavaScript => ", which is JavaScript's",
                _ => continue,
            };
            let module = &self.program.instance(function.instance).module;
            let import = module.import_of_function(function.index);
            let name = self.pool.add(format!("{}.{}{remark}", import.module, import.name).as_bytes());
            missing.push((FunctionId(index as u32), record.len() as u64));
            record.text(texts, name);
        }
        let data = self.define("missing imports", record)?;
        self.data.extend(missing.iter().map(|(id, offset)| (Symbol::ImportName(*id), (data, *offset))));
        Ok(())
    }

    fn define_instances(&mut self) -> Result<DataId> {
        let texts = self.pool()?;
        let mut record = Record::default();
        for (index, instance) in self.program.instances.iter().enumerate() {
            let activate = match instance.activation.steps().is_empty() {
                true => None,
                false => Some(self.function(Symbol::Activation(InstanceId(index as u32)))?),
            };
            let id = InstanceId(index as u32);
            let activate_thread = match self.program.thread_activation(id).next() {
                None => None,
                Some(_) => Some(self.function(Symbol::ThreadActivation(id))?),
            };
            let name = self.pool.add(instance.module.name.as_bytes());
            record.function(activate).function(activate_thread).text(texts, name);
        }
        assert_eq!(record.len(), self.program.instances.len() * size_of::<InstanceDescriptor>());
        self.define("instances", record)
    }

    /// The table of functions, their number, and where their names are.
    fn define_functions(&mut self) -> Result<(DataId, u64, PoolRange)> {
        let first = self.pool.bytes.len();
        let mut record = Record::default();
        for (artifact, code_offset) in self.artifacts.iter().zip(&self.code_offsets) {
            record.u32(*code_offset).u32((self.pool.bytes.len() - first) as u32);
            if let Symbol::Function(id) = artifact.symbol
                && let FunctionKind::Defined(_) = self.program.functions[id.index()].kind
            {
                let name = self.program.function_name(id);
                let name = &name.as_bytes()[..name.floor_char_boundary(NAME_BYTES_MAX)];
                self.pool.add(name);
                if let Some(unseen) = &artifact.unseen {
                    record.u32(code_offset + unseen.start).u32((self.pool.bytes.len() - first) as u32);
                    record.u32(code_offset + unseen.end).u32((self.pool.bytes.len() - first) as u32);
                    self.pool.add(name);
                }
            }
        }
        let count = record.len() / size_of::<FunctionRecord>();
        let names = PoolRange { offset: first as u64, bytes: (self.pool.bytes.len() - first) as u64 };
        Ok((self.define("functions", record)?, count as u64, names))
    }

    fn define_traps(&mut self) -> Result<(DataId, Place, u64)> {
        let mut offsets = Record::default();
        let mut codes = Vec::new();
        for (artifact, code_offset) in self.artifacts.iter().zip(&self.code_offsets) {
            for (offset, trap) in &artifact.traps {
                offsets.u32(code_offset + offset);
                codes.push(*trap as u8);
            }
        }
        let range = self.pool.add(&codes);
        let pool = self.pool()?;
        Ok((self.define("trap offsets", offsets)?, (pool, range.offset), codes.len() as u64))
    }
}
