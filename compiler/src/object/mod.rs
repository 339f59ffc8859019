//! Writes the object file: code, images, tables, and the descriptors that tell the runtime about them.
//!
//! Only this module knows file formats. Code offsets are known before the file exists: functions lie one behind the other
//! in one section, so tables of function references and the tables of traps and names need no relocations.

mod call_table;
mod descriptor;
mod exception;
mod export;
mod extension;
mod import;
mod name;
mod profile;
mod record;
mod segment;
mod state;
mod storage;

use std::collections::HashMap;

use adder_abi::symbol;
use cranelift_codegen::ir::{LibCall, Signature};
use cranelift_codegen::isa::CallConv;
use cranelift_module::{DataDescription, DataId, FuncId, Linkage, Module, ModuleReloc, ModuleRelocTarget};
use cranelift_object::{ObjectBuilder, ObjectModule};

use crate::arch::Machine;
use crate::codegen::{Artifact, Isa, Relocation, Target};
use crate::error::{Error, Result};
use crate::link::Constant;
use crate::plan::{EntryPoint, Program};
use crate::symbol::Symbol;
use name::LinkNames;
use record::{BytePool, Record};
pub use state::{State, StateContents};

/// Writes the object file. Returns with it what the program writes to.
pub fn emit(
    program: &Program<'_>,
    artifacts: &[Artifact],
    entry: &EntryPoint,
    isa: &Isa,
    configuration: Option<&[u8]>,
) -> Result<(Vec<u8>, State)> {
    let mut writer = Writer::new(program, artifacts, isa)?;
    writer.declare_code()?;
    writer.define_storage()?;
    writer.define_counters()?;
    writer.define_segments()?;
    writer.define_thread_state()?;
    writer.define_program(entry)?;
    if let Some(configuration) = configuration {
        writer.define_configuration(configuration)?;
    }
    writer.define_code()?;
    writer.define_call_tables()?;
    let state = writer.take_state(entry);
    Ok((writer.finish()?, state))
}

/// An error of the object writer, which only a defect of ours can cause.
fn defect(error: impl std::fmt::Debug) -> Error {
    Error::defect(format_args!("cannot write the object file: {error:?}"))
}

/// Where a symbol of data is: in which object, how far from its start.
type Place = (DataId, u64);

struct Writer<'a> {
    program: &'a Program<'a>,
    artifacts: &'a [Artifact],
    module: ObjectModule,
    functions: HashMap<Symbol, FuncId>,
    data: HashMap<Symbol, Place>,
    /// Code offset of each artifact.
    code_offsets: Vec<u32>,
    code_offset_of: HashMap<Symbol, u32>,
    code_bytes: u64,
    /// The call tables that are defined, and how far from the start of code they are.
    call_tables: Vec<(FuncId, u64)>,
    pool: BytePool,
    /// What the state of a thread starts as, as far as it is written.
    thread_state: Record,
    /// Everything that the program writes to, but for images and thread state: where it is, and its bytes.
    written: Vec<(DataId, u64)>,
    /// What all of that is.
    state: State,
}

impl<'a> Writer<'a> {
    fn new(program: &'a Program<'a>, artifacts: &'a [Artifact], isa: &Isa) -> Result<Self> {
        let alignment_min = isa.normal.symbol_alignment();
        let machine = program.machine;
        let name = move |helper| helper_name(machine, helper);
        let builder = ObjectBuilder::new(isa.normal.clone(), "adder", Box::new(name)).map_err(defect)?;
        let mut offset = 0u64;
        let mut code_offsets = Vec::with_capacity(artifacts.len());
        let mut code_offset_of = HashMap::with_capacity(artifacts.len());
        for artifact in artifacts {
            offset = offset.next_multiple_of(u64::from(artifact.alignment).max(alignment_min));
            let place = u32::try_from(offset).ok().filter(|place| *place < i32::MAX as u32);
            let place = place.ok_or_else(|| Error::limit("the machine code is larger than 2 GiB"))?;
            code_offsets.push(place);
            code_offset_of.insert(artifact.symbol, place);
            offset += artifact.code.len() as u64;
        }
        Ok(Writer {
            program,
            artifacts,
            module: ObjectModule::new(builder),
            functions: HashMap::new(),
            data: HashMap::new(),
            code_offsets,
            code_offset_of,
            code_bytes: offset,
            call_tables: Vec::new(),
            pool: BytePool::default(),
            thread_state: Record::default(),
            written: Vec::new(),
            state: State::default(),
        })
    }

    fn declare_code(&mut self) -> Result<()> {
        let mut names = LinkNames::default();
        for artifact in self.artifacts {
            let (name, linkage) = match artifact.symbol {
                Symbol::CFunction(id) => (self.program.c_function(id).name.clone(), Linkage::Export),
                symbol => (names.of(self.program, symbol), Linkage::Local),
            };
            let id = self.module.declare_function(&name, linkage, &no_signature()).map_err(defect)?;
            self.functions.insert(artifact.symbol, id);
        }
        self.declare_call_tables(&mut names)
    }

    fn define_code(&mut self) -> Result<()> {
        for artifact in self.artifacts {
            let relocations =
                artifact.relocations.iter().map(|relocation| self.relocation(artifact.symbol, relocation));
            let relocations = relocations.collect::<Result<Vec<_>>>()?;
            let id = self.functions[&artifact.symbol];
            self.module
                .define_function_bytes(id, u64::from(artifact.alignment), &artifact.code, &relocations)
                .map_err(defect)?;
        }
        Ok(())
    }

    fn relocation(&mut self, within: Symbol, relocation: &Relocation) -> Result<ModuleReloc> {
        let mut addend = relocation.addend;
        let name = match &relocation.target {
            Target::Helper(helper) => ModuleRelocTarget::LibCall(*helper),
            Target::Itself(offset) => ModuleRelocTarget::FunctionOffset(self.functions[&within], *offset),
            Target::Symbol(symbol) if symbol.is_function() => {
                let id = self.function(*symbol)?;
                ModuleRelocTarget::user(0, id.as_u32())
            }
            Target::Symbol(symbol) => {
                let (id, offset) = self.data[symbol];
                addend += offset as i64;
                ModuleRelocTarget::user(1, id.as_u32())
            }
        };
        Ok(ModuleReloc { offset: relocation.offset, kind: relocation.kind, name, addend })
    }

    fn define_configuration(&mut self, block: &[u8]) -> Result<()> {
        let id = self.module.declare_data(symbol::CONFIGURATION, Linkage::Hidden, false, false).map_err(defect)?;
        let mut description = DataDescription::new();
        description.define(block.into());
        description.set_align(16);
        self.module.define_data(id, &description).map_err(defect)
    }

    /// The function behind a symbol; functions of the runtime are declared when they are first needed.
    fn function(&mut self, symbol: Symbol) -> Result<FuncId> {
        if let Some(id) = self.functions.get(&symbol) {
            return Ok(*id);
        }
        let Symbol::Runtime(function) = symbol else {
            unreachable!("{symbol:?} was not generated");
        };
        let name = function.link_name(self.program.interfaces);
        let id = self.module.declare_function(&name, Linkage::Import, &no_signature()).map_err(defect)?;
        self.functions.insert(symbol, id);
        Ok(id)
    }

    /// The 8 bytes of a constant in memory; of a vector the lower ones.
    fn constant_bits(&self, constant: Constant) -> u64 {
        match constant {
            Constant::V128(bytes) => u128::from_le_bytes(bytes) as u64,
            Constant::I32(value) => u64::from(value as u32),
            Constant::I64(value) => value as u64,
            Constant::F32(bits) => u64::from(bits),
            Constant::F64(bits) => bits,
            Constant::Null => 0,
            Constant::Function(id) => {
                let type_number = self.program.functions[id.index()].signature.type_number();
                adder_abi::program::function_reference(self.code_offset_of[&Symbol::Function(id)], type_number)
            }
        }
    }

    fn finish(mut self) -> Result<Vec<u8>> {
        self.define_pool()?;
        let mut product = self.module.finish();
        for (artifact, offset) in self.artifacts.iter().zip(&self.code_offsets) {
            let symbol = product.function_symbol(self.functions[&artifact.symbol]);
            assert_eq!(
                product.object.symbol(symbol).value,
                u64::from(*offset),
                "tables of function references were made for another code offset"
            );
        }
        for (function, offset) in &self.call_tables {
            let symbol = product.function_symbol(*function);
            assert_eq!(product.object.symbol(symbol).value, *offset, "a call table was made for another place");
        }
        mark_stack_not_executable(&mut product.object);
        product.emit().map_err(defect)
    }
}

/// Without this section a linker has to assume that the object wants an executable stack.
fn mark_stack_not_executable(object: &mut object::write::Object<'_>) {
    object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), object::SectionKind::Other);
}

/// Signatures have no meaning in an object file.
fn no_signature() -> Signature {
    Signature::new(CallConv::SystemV)
}

fn helper_name(machine: Machine, helper: LibCall) -> String {
    let name = match helper {
        LibCall::CeilF32 => symbol::LEAF_CEIL_F32,
        LibCall::CeilF64 => symbol::LEAF_CEIL_F64,
        LibCall::FloorF32 => symbol::LEAF_FLOOR_F32,
        LibCall::FloorF64 => symbol::LEAF_FLOOR_F64,
        LibCall::TruncF32 => symbol::LEAF_TRUNC_F32,
        LibCall::TruncF64 => symbol::LEAF_TRUNC_F64,
        LibCall::NearestF32 => symbol::LEAF_NEAREST_F32,
        LibCall::NearestF64 => symbol::LEAF_NEAREST_F64,
        _ => match machine.leaf(helper) {
            Some(name) => name,
            // ObjectModule asks for the names of all helpers; generated code uses no others.
            None => return format!("adder_unused_helper_{helper}"),
        },
    };
    name.to_owned()
}
