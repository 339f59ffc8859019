//! Code as text, for people: `--emit clif` and `--emit asm`.

use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::Function;

use crate::plan::Program;
use crate::symbol::Symbol;

/// A heading that says which function follows.
fn heading(program: &Program<'_>, symbol: Symbol) -> String {
    match symbol {
        Symbol::Function(id) => {
            let function = &program.functions[id.index()];
            let module = program.instance(function.instance).module.name;
            let name = program.function_name(id).escape_debug().to_string();
            format!("; function {} of {module}: {name}\n", function.index)
        }
        Symbol::Entry(id) => format!("; entry of {}\n", program.function_name(id).escape_debug()),
        Symbol::IndirectCall(id) => format!("; call through a table, {}\n", id.0),
        Symbol::FurtherCallee(id) => format!("; callee of type {} beyond the table\n", id.0),
        Symbol::TypedCall(id) => format!("; call of functions of type {}\n", id.0),
        Symbol::Activation(id) => format!("; activation of {}\n", program.instance(id).module.name),
        Symbol::ThreadActivation(id) => {
            format!("; activation of {} in a thread\n", program.instance(id).module.name)
        }
        Symbol::Initialization => "; initialization of the program\n".to_owned(),
        Symbol::Part(number) => format!("; part {number} of the function above\n"),
        Symbol::CFunction(id) => format!("; function {} of the library\n", id.0),
        Symbol::Start => "; start of the program\n".to_owned(),
        Symbol::NullCallee => "; callee for null\n".to_owned(),
        Symbol::OtherTypeCallee => "; callee for functions of other types\n".to_owned(),
        _ => "; start of code\n".to_owned(),
    }
}

/// The meaning of the names of intermediate code.
fn legend(function: &Function) -> String {
    let mut lines = String::new();
    for (_, name) in function.params.user_named_funcs().iter() {
        lines.push_str(&format!("; u{}:{} = {:?}\n", name.namespace, name.index, Symbol::from_name(name)));
    }
    lines
}

/// The intermediate code of a function, before it is optimised; `@` marks offsets in the wasm file.
pub fn intermediate_code(program: &Program<'_>, symbol: Symbol, function: &Function) -> String {
    format!("{}{}{}\n", heading(program, symbol), legend(function), function.display())
}

/// The machine code of a function.
pub fn machine_code(program: &Program<'_>, symbol: Symbol, compiled: &CompiledCode) -> String {
    format!("{}{}\n", heading(program, symbol), compiled.vcode.as_deref().unwrap_or_default())
}
