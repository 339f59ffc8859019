//! Reads a script of the specification into what has to be compiled and what has to be done with it.
//!
//! The scripts name instances in three ways: the last one, by identifier (`$M`) and by registered name, and all three
//! change their meaning along the script. Here each instance gets a number and a name of its own, and the imports of
//! later modules are rewritten to it, so that a whole script can be linked at once.

use std::collections::HashMap;

use adder_compiler::{Input, Options};
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use crate::features::{self, Folder};
use crate::module;
use crate::spectest::Part;
use crate::value::{self, Expected};

/// A script, ready to be compiled and run.
#[derive(Default)]
pub struct Script {
    /// Every module that has to be compiled, in order of instantiation.
    pub instances: Vec<Instance>,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// A module on its way to becoming an instance.
pub struct Instance {
    /// The name that other modules of the script import from.
    pub name: String,
    /// The module, its imports renamed.
    pub bytes: Vec<u8>,
    /// Earlier instances that it imports from.
    pub instances: Vec<usize>,
    /// Parts of `spectest` that it imports from.
    pub parts: Vec<Part>,
    /// Whether it has a memory of its own.
    pub defines_memory: bool,
}

/// Something to do, and where the script says so.
pub struct Step {
    /// Line in the script, from 1.
    pub line: usize,
    /// What to do.
    pub action: Action,
}

/// What a step does.
pub enum Action {
    /// Activate an instance.
    Activate { instance: usize, outcome: Outcome },
    /// Call or read an export.
    Use { instance: usize, export: Export, outcome: Outcome },
    /// Ask the compiler to refuse a module.
    Refuse { bytes: Vec<u8> },
    /// Ask the compiler to accept a module that is defined but not (yet) instantiated.
    Accept { bytes: Vec<u8> },
    /// Decided while reading: the parser of the text format refused what it had to.
    RefusedAsText,
    /// Decided while reading: the compiler refused to link what it had to.
    Unlinked,
    /// Decided while reading: left out for this reason.
    Skip(String),
    /// Decided while reading: failed for this reason.
    Fail(String),
}

/// A use of an export.
pub enum Export {
    /// Call a function with these slots.
    Call(String, Vec<u64>),
    /// Read a global.
    Read(String),
}

/// How a step has to end.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It returns; nothing is said about values.
    Returns,
    /// It returns these values.
    Values(Vec<Expected>),
    /// It traps with this message.
    Trap(String),
    /// It throws an exception that nothing catches.
    Exception,
    /// The instance cannot be linked.
    Unlinkable,
}

/// What a name of the script stands for.
#[derive(Clone)]
enum Meaning {
    Instance(usize),
    /// There is no instance because the module was skipped or failed, for this reason.
    Unavailable(String),
}

struct Reader<'a> {
    text: &'a str,
    folder: &'a Folder,
    file: &'a str,
    options: &'a Options,
    script: Script,
    current: Meaning,
    identifiers: HashMap<String, Meaning>,
    registered: HashMap<String, Meaning>,
    /// Modules that are instantiated by a directive of their own, by identifier; the last one also by the empty name.
    definitions: HashMap<String, Vec<u8>>,
}

/// Reads a script. An error means that the script as a whole is not understood.
pub fn read(text: &str, folder: &Folder, file: &str, options: &Options) -> Result<Script, String> {
    let mut lexer = wast::lexer::Lexer::new(text);
    // Scripts about names contain the characters that a careful lexer warns about.
    lexer.allow_confusing_unicode(true);
    let describe = |error: wast::Error| {
        let (line, column) = error.span().linecol_in(text);
        format!("line {}, column {}: {}", line + 1, column + 1, error.message())
    };
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(describe)?;
    let wast = parser::parse::<Wast>(&buffer).map_err(describe)?;
    let mut reader = Reader {
        text,
        folder,
        file,
        options,
        script: Script::default(),
        current: Meaning::Unavailable("there is no module yet".to_owned()),
        identifiers: HashMap::new(),
        registered: HashMap::new(),
        definitions: HashMap::new(),
    };
    for directive in wast.directives {
        reader.directive(directive);
    }
    Ok(reader.script)
}

impl Reader<'_> {
    fn directive(&mut self, directive: WastDirective) {
        let line = directive.span().linecol_in(self.text).0 + 1;
        if let Some(reason) = features::superseded(self.folder.name, self.file, line) {
            self.script.steps.push(Step { line, action: Action::Skip(reason.to_owned()) });
            return;
        }
        let action = match directive {
            WastDirective::Module(mut module) => self.module(line, &mut module),
            WastDirective::ModuleDefinition(mut module) => self.define(&mut module),
            WastDirective::ModuleInstance { instance, module, .. } => {
                self.instantiate_definition(line, instance, module)
            }
            WastDirective::Register { name, module, .. } => {
                let meaning = self.meaning(module);
                self.registered.insert(name.to_owned(), meaning);
                return;
            }
            WastDirective::Invoke(invoke) => self.invoke(&invoke, Outcome::Returns),
            WastDirective::AssertReturn { exec, results, .. } => {
                match results.iter().map(value::expected).collect::<Result<Vec<_>, _>>() {
                    Ok(values) => self.execute(line, exec, Outcome::Values(values)),
                    Err(kind) => Action::Skip(format!("{kind} belongs to an unsupported proposal")),
                }
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                self.execute(line, exec, Outcome::Trap(message.to_owned()))
            }
            WastDirective::AssertException { exec, .. } => self.execute(line, exec, Outcome::Exception),
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.invoke(&call, Outcome::Trap(message.to_owned()))
            }
            WastDirective::AssertInvalid { module, .. } | WastDirective::AssertMalformed { module, .. } => {
                self.refuse(module)
            }
            WastDirective::AssertUnlinkable { module, .. } => self.unlinkable(line, module),
            other => Action::Fail(format!("the runner does not know the directive {other:?}")),
        };
        self.script.steps.push(Step { line, action });
    }

    fn module(&mut self, line: usize, module: &mut QuoteWat) -> Action {
        let identifier = module.name().map(|id| id.name().to_owned());
        let action = match module.encode() {
            Ok(bytes) => self.instantiate(line, bytes, Outcome::Returns),
            Err(error) => Action::Fail(format!("the text parser refuses a valid module: {}", error.message())),
        };
        self.name_instance(line, identifier, &action);
        action
    }

    /// Keeps a module for later instantiation.
    fn define(&mut self, module: &mut QuoteWat) -> Action {
        let identifier = module.name().map(|id| id.name().to_owned());
        let bytes = match module.encode() {
            Ok(bytes) => bytes,
            Err(error) => return Action::Fail(format!("the text parser refuses a valid module: {}", error.message())),
        };
        self.definitions.insert(String::new(), bytes.clone());
        if let Some(identifier) = identifier {
            self.definitions.insert(identifier, bytes.clone());
        }
        match unsupported(&bytes) {
            Some(reason) => Action::Skip(reason),
            None => Action::Accept { bytes },
        }
    }

    fn instantiate_definition(&mut self, line: usize, instance: Option<Id>, module: Option<Id>) -> Action {
        let name = module.map_or("", |id| id.name());
        let action = match self.definitions.get(name).cloned() {
            Some(bytes) => self.instantiate(line, bytes, Outcome::Returns),
            None => Action::Fail(format!("no module is defined as ${name}")),
        };
        self.name_instance(line, instance.map(|id| id.name().to_owned()), &action);
        action
    }

    /// Makes an instance the current one, and the meaning of an identifier.
    fn name_instance(&mut self, line: usize, identifier: Option<String>, action: &Action) {
        self.current = match action {
            Action::Activate { instance, .. } => Meaning::Instance(*instance),
            _ => Meaning::Unavailable(format!("the module of line {line} was not compiled")),
        };
        if let Some(identifier) = identifier {
            self.identifiers.insert(identifier, self.current.clone());
        }
    }

    /// Adds an instance, unless its module needs an unsupported proposal or an instance that is not there.
    fn instantiate(&mut self, line: usize, bytes: Vec<u8>, outcome: Outcome) -> Action {
        if let Some(reason) = unsupported(&bytes) {
            return Action::Skip(reason);
        }
        match self.link(line, bytes) {
            Ok(Ok(instance)) => {
                self.script.instances.push(instance);
                Action::Activate { instance: self.script.instances.len() - 1, outcome }
            }
            Ok(Err(unavailable)) => Action::Skip(unavailable),
            Err(message) => Action::Fail(message),
        }
    }

    /// Rewrites the imports of a module to the names of the instances that they mean now.
    fn link(&self, line: usize, bytes: Vec<u8>) -> Result<Result<Instance, String>, String> {
        let border = module::border(&bytes)?;
        let (mut names, mut instances, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (module, field) in &border.imports {
            match self.registered.get(module) {
                Some(Meaning::Instance(instance)) => {
                    names.push(self.script.instances[*instance].name.clone());
                    instances.push(*instance);
                }
                Some(Meaning::Unavailable(reason)) => return Ok(Err(reason.clone())),
                None if module == "spectest" => {
                    let part = Part::holding(field);
                    names.push(part.name().to_owned());
                    parts.push(part);
                }
                None => names.push(module.clone()),
            }
        }
        let unchanged = names.iter().zip(&border.imports).all(|(name, (module, _))| name == module);
        let bytes = if unchanged { bytes } else { module::with_import_modules(&bytes, &names)? };
        instances.sort_unstable();
        instances.dedup();
        parts.sort_unstable();
        parts.dedup();
        let name = format!("line{line}#{}", self.script.instances.len());
        Ok(Ok(Instance { name, bytes, instances, parts, defines_memory: border.defines_memory }))
    }

    fn execute(&mut self, line: usize, exec: WastExecute, outcome: Outcome) -> Action {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, outcome),
            WastExecute::Get { module, global, .. } => match self.meaning(module) {
                Meaning::Instance(instance) => {
                    Action::Use { instance, export: Export::Read(global.to_owned()), outcome }
                }
                Meaning::Unavailable(reason) => Action::Skip(reason),
            },
            WastExecute::Wat(mut module) => match module.encode() {
                // A module that fails to start leaves its effects behind, but never becomes the current one.
                Ok(bytes) => self.instantiate(line, bytes, outcome),
                Err(error) => Action::Fail(format!("the text parser refuses a valid module: {}", error.message())),
            },
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke, outcome: Outcome) -> Action {
        let instance = match self.meaning(invoke.module) {
            Meaning::Instance(instance) => instance,
            Meaning::Unavailable(reason) => return Action::Skip(reason),
        };
        match invoke.args.iter().map(value::argument).collect::<Result<Vec<_>, _>>() {
            Ok(arguments) => {
                Action::Use { instance, export: Export::Call(invoke.name.to_owned(), arguments.concat()), outcome }
            }
            Err(kind) => Action::Skip(format!("{kind} belongs to an unsupported proposal")),
        }
    }

    fn refuse(&self, mut module: QuoteWat) -> Action {
        let Ok(bytes) = module.encode() else {
            return Action::RefusedAsText;
        };
        let allowed_since = features::refusal(&bytes, features::SUPPORTED).is_none()
            && features::refusal(&bytes, self.folder.language).is_some();
        if allowed_since {
            return Action::Skip("a later version of the specification allows this module".to_owned());
        }
        Action::Refuse { bytes }
    }

    fn unlinkable(&mut self, line: usize, mut module: Wat) -> Action {
        let bytes = match module.encode() {
            Ok(bytes) => bytes,
            Err(error) => return Action::Fail(format!("the text parser refuses a valid module: {}", error.message())),
        };
        let instance = match self.link(line, bytes) {
            Ok(Ok(instance)) => instance,
            Ok(Err(unavailable)) => return Action::Skip(unavailable),
            Err(message) => return Action::Fail(message),
        };
        let needed = self.script.closure(&instance);
        let inputs: Vec<Input> = self.script.inputs(&needed, instance.parts.iter().copied(), Some(&instance));
        match crate::guarded(|| adder_compiler::check_links(&inputs, self.options)) {
            Err(panic) => Action::Fail(format!("check_links panicked: {panic}")),
            Ok(Err(_)) => Action::Unlinked,
            // What it imports may still have grown too much, or too little, by the time it is activated.
            Ok(Ok(())) => {
                self.script.instances.push(instance);
                Action::Activate { instance: self.script.instances.len() - 1, outcome: Outcome::Unlinkable }
            }
        }
    }

    fn meaning(&self, identifier: Option<Id>) -> Meaning {
        match identifier {
            None => self.current.clone(),
            Some(id) => self
                .identifiers
                .get(id.name())
                .cloned()
                .unwrap_or_else(|| Meaning::Unavailable(format!("no module is called ${}", id.name()))),
        }
    }
}

/// Why a valid module is left out: it needs a proposal that Adder does not support.
fn unsupported(bytes: &[u8]) -> Option<String> {
    let reason = features::refusal(bytes, features::SUPPORTED)?;
    let valid = features::refusal(bytes, wasmparser::WasmFeatures::all()).is_none();
    valid.then(|| format!("needs an unsupported proposal: {reason}"))
}

impl Script {
    /// The instances that an instance needs, directly or not, in order.
    fn closure(&self, instance: &Instance) -> Vec<usize> {
        let mut needed = instance.instances.clone();
        let mut next = 0;
        while let Some(&number) = needed.get(next) {
            for &other in &self.instances[number].instances {
                if !needed.contains(&other) {
                    needed.push(other);
                }
            }
            next += 1;
        }
        needed.sort_unstable();
        needed
    }

    /// What to compile for these instances, in order of activation: the parts of `spectest` that they (or the caller)
    /// need, the instances, and `last`.
    pub fn inputs<'a>(
        &'a self,
        instances: &[usize],
        parts: impl Iterator<Item = Part>,
        last: Option<&'a Instance>,
    ) -> Vec<Input<'a>> {
        let mut parts: Vec<Part> =
            instances.iter().flat_map(|&number| self.instances[number].parts.iter().copied()).chain(parts).collect();
        parts.sort_unstable();
        parts.dedup();
        let parts = parts.into_iter().map(|part| Input { name: part.name(), bytes: part.bytes() });
        let instances = instances.iter().map(|&number| &self.instances[number]).chain(last);
        parts.chain(instances.map(|instance| Input { name: &instance.name, bytes: &instance.bytes })).collect()
    }
}
