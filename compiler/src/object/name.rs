//! Names of symbols. Guest functions are local symbols under the prefix `wasm::`, for debuggers and profilers; the linker
//! never resolves anything by them.

use std::collections::HashSet;

use crate::link::FunctionKind;
use crate::plan::Program;
use crate::symbol::Symbol;

/// Characters of a guest's name that a symbol keeps.
const NAME_CHARACTERS_MAX: usize = 200;

/// Gives out names, each once.
#[derive(Default)]
pub struct LinkNames {
    used: HashSet<String>,
}

impl LinkNames {
    /// A name for a piece of code.
    pub fn of(&mut self, program: &Program<'_>, symbol: Symbol) -> String {
        let (wanted, number) = match symbol {
            Symbol::Function(id) => {
                let function = &program.functions[id.index()];
                let prefix = match function.kind {
                    FunctionKind::Defined(_) => "wasm::",
                    FunctionKind::Host(_) | FunctionKind::Missing | FunctionKind::WithoutJavaScript => "import::",
                };
                (format!("{prefix}{}", sanitize(&program.function_name(id))), id.0)
            }
            Symbol::Entry(id) => (format!("entry::{}", sanitize(&program.function_name(id))), id.0),
            Symbol::IndirectCall(id) => (format!("indirect call::{}", id.0), id.0),
            Symbol::FurtherCallee(id) => (format!("further callee::{}", id.0), id.0),
            Symbol::TypedCall(id) => (format!("typed call::{}", id.0), id.0),
            Symbol::Activation(id) => (format!("activation::{}", id.0), id.0),
            Symbol::ThreadActivation(id) => (format!("thread activation::{}", id.0), id.0),
            Symbol::Initialization => ("initialization::".to_owned(), 0),
            Symbol::Start => ("start::".to_owned(), 0),
            Symbol::CallTable(id) => (format!("call table::{}", id.0), id.0),
            Symbol::Island(number) => (format!("island::{number}"), number),
            Symbol::SignalDelivery => ("signal delivery::".to_owned(), 0),
            Symbol::NullCallee => ("null callee::".to_owned(), 0),
            Symbol::OtherTypeCallee => ("other type callee::".to_owned(), 0),
            _ => ("code::".to_owned(), 0),
        };
        let name = if self.used.contains(&wanted) { format!("{wanted}[{number}]") } else { wanted };
        // The number makes it unique among wanted names, but a guest may have chosen just that name.
        let name = (0..)
            .map(|attempt| if attempt == 0 { name.clone() } else { format!("{name}~{attempt}") })
            .find(|name| !self.used.contains(name))
            .expect("there are more numbers than names");
        self.used.insert(name.clone());
        name
    }
}

/// `@` would be a version to a linker; everything else that is not plain is confusing only to people.
fn sanitize(name: &str) -> String {
    let plain = |character: char| if character.is_ascii_graphic() && character != '@' { character } else { '_' };
    name.chars().take(NAME_CHARACTERS_MAX).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_short() {
        assert_eq!(sanitize("a@b c\u{e9}\0"), "a_b_c__");
        assert_eq!(sanitize(&"x".repeat(1 << 20)).len(), NAME_CHARACTERS_MAX);
    }
}
