//! Executes a case with wasmtime.

use wasmtime::{
    Collector, Config, Engine, Extern, ExternRef, HeapType, Instance, Linker, Memory, OptLevel, Ref, RegallocAlgorithm,
    SharedMemory, Store, Table, ThrownException, Trap, Val, ValType,
};

use adder_tests::program::digest;

use crate::case::{Answer, Case, Command};

/// Stack that wasm code may use, in bytes. Threads that execute cases have more.
pub const STACK_BYTES: usize = 48 << 20;

/// What a shared memory can grow to, in bytes.
const SHARED_MEMORY_BYTES: u64 = 64 << 20;

/// How wasmtime executes a case. Both sides generate code with Cranelift, so a defect of an optimisation or of an
/// instruction selector would hide if they always did it the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Native code of the optimiser, bounds checked by guard pages. It does not survive a fault in a memory that two
    /// instances share.
    Optimized,
    /// Native code without the optimiser, with explicit checks instead of faults.
    Plain,
    /// wasmtime's interpreter: another instruction selector. It knows no threads.
    Interpreted,
}

impl Kind {
    /// The kind to use in its place for a case with shared memories or atomic operators.
    pub fn with_threads(self) -> Kind {
        Kind::Plain
    }

    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Optimized, Kind::Plain, Kind::Interpreted];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Optimized => "optimized",
            Kind::Plain => "plain",
            Kind::Interpreted => "interpreted",
        }
    }
}

/// An implementation that is ready to execute cases.
pub struct Oracle {
    engine: Engine,
}

impl Oracle {
    /// Prepares one. All proposals that wasmtime knows are on.
    pub fn new(kind: Kind) -> Result<Oracle, String> {
        let mut config = Config::new();
        config
            .wasm_backtrace_max_frames(None)
            .async_stack_size(STACK_BYTES)
            .max_wasm_stack(STACK_BYTES)
            .collector(Collector::DeferredReferenceCounting);
        config.relaxed_simd_deterministic(true).shared_memory(true);
        config.wasm_tail_call(true).wasm_multi_memory(true).wasm_memory64(true).wasm_threads(true);
        config.wasm_function_references(true).wasm_gc(true).wasm_exceptions(true);
        config.wasm_wide_arithmetic(true).wasm_custom_page_sizes(true).wasm_extended_const(true);
        match kind {
            Kind::Optimized => config.cranelift_opt_level(OptLevel::Speed),
            Kind::Plain => config
                .cranelift_opt_level(OptLevel::None)
                .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass)
                // Room for the largest memory of a case: shared ones do not move.
                .memory_reservation(SHARED_MEMORY_BYTES)
                .memory_guard_size(0)
                .signals_based_traps(false)
                .memory_reservation_for_growth(0),
            Kind::Interpreted => config.wasm_threads(false).target("pulley64").map_err(|error| format!("{error:#}"))?,
        };
        Engine::new(&config).map(|engine| Oracle { engine }).map_err(|error| format!("wasmtime: {error:#}"))
    }

    /// What wasmtime executes with.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Executes a case. Gives an answer for each command; what cannot be done because an instance is missing is
    /// `None`. An error means that wasmtime does not take a module that was valid.
    pub fn run(&self, case: &Case) -> Result<Vec<Option<Answer>>, String> {
        let modules: Result<Vec<_>, String> = case
            .modules
            .iter()
            .map(|module| {
                wasmtime::Module::from_binary(&self.engine, &module.bytes).map_err(|error| format!("{error:#}"))
            })
            .collect();
        let mut run = Run {
            case,
            modules: modules?,
            store: Store::new(&self.engine, ()),
            linker: Linker::new(&self.engine),
            instances: vec![None; case.modules.len()],
        };
        run.linker.allow_shadowing(true);
        let mut answers = Vec::new();
        let mut conclusive = true;
        for command in &case.commands {
            let answer = if conclusive { run.command(command)? } else { None };
            conclusive &= !matches!(answer, Some(Answer::Inconclusive(_)));
            answers.push(answer);
        }
        Ok(answers)
    }
}

struct Run<'a> {
    case: &'a Case,
    modules: Vec<wasmtime::Module>,
    store: Store<()>,
    linker: Linker<()>,
    instances: Vec<Option<Instance>>,
}

impl Run<'_> {
    fn command(&mut self, command: &Command) -> Result<Option<Answer>, String> {
        let number = command.instance();
        if let Command::Activate(_) = command {
            return self.activate(number);
        }
        let Some(instance) = self.instances.get(number).copied().flatten() else { return Ok(None) };
        let mut export = |name: &str| {
            instance.get_export(&mut self.store, name).ok_or_else(|| format!("wasmtime finds no export {name:?}"))
        };
        let not = |what: &str, name: &str| Err(format!("the export {name:?} is no {what}"));
        match command {
            Command::Activate(_) => Ok(None),
            Command::Invoke(_, name, slots) => match export(name)? {
                Extern::Func(function) => {
                    let kind = function.ty(&self.store);
                    let parameters = self.values(kind.params(), slots)?;
                    let mut results = vec![Val::I32(0); kind.results().len()];
                    match function.call(&mut self.store, &parameters, &mut results) {
                        Ok(()) => Ok(Some(Answer::Values(self.slots(&results)?))),
                        Err(error) => self.failure(error).map(Some),
                    }
                }
                _ => not("function", name),
            },
            Command::Get(_, name) => match export(name)? {
                Extern::Global(global) => {
                    let value = global.get(&mut self.store);
                    Ok(Some(Answer::Values(self.slots(&[value])?)))
                }
                _ => not("global", name),
            },
            Command::Memory(_, name) => match export(name)? {
                Extern::Memory(memory) => Ok(Some(memory_answer(memory, &self.store))),
                Extern::SharedMemory(memory) => Ok(Some(shared_memory_answer(&memory))),
                _ => not("memory", name),
            },
            Command::Table(_, name) => match export(name)? {
                Extern::Table(table) => self.table_answer(table).map(Some),
                _ => not("table", name),
            },
        }
    }

    fn activate(&mut self, number: usize) -> Result<Option<Answer>, String> {
        let (module, name) = (&self.modules[number], &self.case.modules[number].name);
        let provided = |import: wasmtime::ImportType| {
            self.case.modules.iter().zip(&self.instances).any(|(one, instance)| {
                // An import of a module that did not become an instance.
                one.name == import.module() && instance.is_some()
            })
        };
        if !module.imports().all(provided) {
            return Ok(None);
        }
        let linked = self.linker.instantiate_pre(module);
        let instance = match linked {
            Ok(linked) => linked.instantiate(&mut self.store),
            Err(_) => return Ok(Some(Answer::Unlinkable)),
        };
        match instance {
            Ok(instance) => {
                self.linker
                    .instance(&mut self.store, name, instance)
                    .map_err(|error| format!("wasmtime does not define an instance: {error:#}"))?;
                self.instances[number] = Some(instance);
                Ok(Some(Answer::Values(Vec::new())))
            }
            Err(error) => self.failure(error).map(Some),
        }
    }

    fn failure(&mut self, error: wasmtime::Error) -> Result<Answer, String> {
        if error.is::<ThrownException>() {
            let _ = self.store.take_pending_exception();
            return Ok(Answer::Exception);
        }
        let Some(trap) = error.downcast_ref::<Trap>() else {
            let text = format!("{error:#}");
            // Room for exceptions is limited, and there is no collection while a call is active.
            if text.contains("GC heap out of memory") {
                return Ok(Answer::Inconclusive("wasmtime has no room for more references".to_owned()));
            }
            if text.contains("incompatible import type") {
                return Ok(Answer::Unlinkable);
            }
            return Err(format!("wasmtime failed: {text}"));
        };
        Ok(match trap_kind(*trap) {
            Some(kind) => Answer::Trap(kind.to_owned()),
            None => Answer::Inconclusive(format!("wasmtime: {trap}")),
        })
    }

    fn values(&mut self, kinds: impl Iterator<Item = ValType>, slots: &[u64]) -> Result<Vec<Val>, String> {
        let mut slots = slots.iter().copied();
        let mut next = || slots.next().ok_or("the command has too few values");
        let mut values = Vec::new();
        for kind in kinds {
            values.push(match kind {
                ValType::I32 => Val::I32(next()? as i32),
                ValType::I64 => Val::I64(next()? as i64),
                ValType::F32 => Val::F32(next()? as u32),
                ValType::F64 => Val::F64(next()?),
                ValType::V128 => Val::V128((u128::from(next()?) | u128::from(next()?) << 64).into()),
                ValType::Ref(reference) => match (reference.heap_type(), next()?) {
                    (heap, 0) => Val::null_ref(heap),
                    (HeapType::Extern, number) => {
                        let value = ExternRef::new(&mut self.store, number).map_err(|error| format!("{error:#}"))?;
                        Val::ExternRef(Some(value))
                    }
                    (heap, _) => return Err(format!("no command has values of type {heap}")),
                },
            });
        }
        Ok(values)
    }

    fn slots(&mut self, values: &[Val]) -> Result<Vec<u64>, String> {
        let mut slots = Vec::new();
        for value in values {
            match value {
                Val::I32(value) => slots.push(u64::from(*value as u32)),
                Val::I64(value) => slots.push(*value as u64),
                Val::F32(value) => slots.push(u64::from(*value)),
                Val::F64(value) => slots.push(*value),
                Val::V128(value) => {
                    let value = value.as_u128();
                    slots.extend([value as u64, (value >> 64) as u64]);
                }
                Val::ExternRef(Some(reference)) => slots.push(self.external(*reference)?),
                Val::ExternRef(None) => slots.push(0),
                other => slots.push(u64::from(!is_null(other))),
            }
        }
        Ok(slots)
    }

    fn external(&self, reference: wasmtime::Rooted<ExternRef>) -> Result<u64, String> {
        let data = reference.data(&self.store).map_err(|error| format!("{error:#}"))?;
        let number = data.and_then(|data| data.downcast_ref::<u64>()).copied();
        number.ok_or_else(|| "an external reference is not one that was passed".to_owned())
    }

    fn table_answer(&mut self, table: Table) -> Result<Answer, String> {
        let size = table.size(&self.store);
        let mut entries = Vec::new();
        for index in 0..size {
            let entry = table.get(&mut self.store, index).ok_or("a table is smaller than its size")?;
            entries.push(match entry {
                Ref::Extern(Some(reference)) => self.external(reference)?,
                other => u64::from(!other.is_null()),
            });
        }
        Ok(Answer::Values(vec![size, digest(entries.into_iter())]))
    }
}

fn is_null(value: &Val) -> bool {
    match value {
        Val::FuncRef(reference) => reference.is_none(),
        Val::AnyRef(reference) => reference.is_none(),
        Val::ExnRef(reference) => reference.is_none(),
        _ => false,
    }
}

fn words(bytes: impl Iterator<Item = u8>) -> impl Iterator<Item = u64> {
    let mut bytes = bytes.peekable();
    std::iter::from_fn(move || {
        bytes.peek()?;
        Some((0..8).fold(0, |word, position| word | u64::from(bytes.next().unwrap_or(0)) << (8 * position)))
    })
}

fn memory_answer(memory: Memory, store: &Store<()>) -> Answer {
    let bytes = memory.data(store);
    let (whole, rest) = bytes.as_chunks::<8>();
    let words = whole.iter().map(|word| u64::from_le_bytes(*word)).chain(words(rest.iter().copied()));
    Answer::Values(vec![bytes.len() as u64, digest(words)])
}

fn shared_memory_answer(memory: &SharedMemory) -> Answer {
    let bytes = memory.data();
    // SAFETY: no wasm code runs, and nobody else has the memory.
    let contents = bytes.iter().map(|byte| unsafe { *byte.get() });
    Answer::Values(vec![bytes.len() as u64, digest(words(contents))])
}

/// The common name of a trap; `None` for one that says nothing about the module.
fn trap_kind(trap: Trap) -> Option<&'static str> {
    Some(match trap {
        Trap::MemoryOutOfBounds => "out of bounds memory access",
        Trap::HeapMisaligned => "unaligned atomic",
        Trap::TableOutOfBounds => "out of bounds table access",
        Trap::IndirectCallToNull => "uninitialized element",
        Trap::BadSignature => "indirect call type mismatch",
        Trap::IntegerOverflow => "integer overflow",
        Trap::IntegerDivisionByZero => "integer divide by zero",
        Trap::BadConversionToInteger => "invalid conversion to integer",
        Trap::UnreachableCodeReached => "unreachable",
        Trap::AtomicWaitNonSharedMemory => "expected shared memory",
        Trap::NullReference => "null reference",
        Trap::ArrayOutOfBounds => "out of bounds array access",
        Trap::CastFailure => "cast failure",
        _ => return None,
    })
}
