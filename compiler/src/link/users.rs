//! Which functions of a module use its imports: a refusal says so.

use std::collections::HashMap;

use wasmparser::Operator;

use crate::module::{ImportType, Module};
use crate::quote::quoted;

/// Functions that are named; of more there is only the number.
const SHOWN: usize = 3;

/// The functions that use an import.
#[derive(Default)]
struct Uses {
    /// The first of them.
    first: Vec<u32>,
    count: usize,
}

impl Uses {
    /// Functions come in ascending order.
    fn add(&mut self, function: u32) {
        if self.first.last() == Some(&function) {
            return;
        }
        self.count += 1;
        // The last one is kept to be compared with.
        self.first.truncate(SHOWN);
        self.first.push(function);
    }
}

/// Who uses the functions and globals that a module imports.
pub struct Users<'m, 'a> {
    module: &'m Module<'a>,
    /// The index of each import among those of its kind.
    indices: Vec<u32>,
    /// By index of function.
    functions: HashMap<u32, Uses>,
    /// By index of global.
    globals: HashMap<u32, Uses>,
}

impl<'m, 'a> Users<'m, 'a> {
    /// Looks through all functions of a module.
    pub fn of(module: &'m Module<'a>) -> Users<'m, 'a> {
        let (mut imported, mut globals) = (0, 0);
        let count = |counter: &mut u32| std::mem::replace(counter, *counter + 1);
        let indices = module.imports.iter().map(|import| match import.ty {
            ImportType::Function(_) => count(&mut imported),
            ImportType::Global(_) => count(&mut globals),
            _ => 0,
        });
        let indices = indices.collect();
        let mut users = Users { module, indices, functions: HashMap::new(), globals: HashMap::new() };
        for (user, body) in (imported..).zip(&module.bodies) {
            let Ok(operators) = body.body.get_operators_reader() else { continue };
            // What is not well-formed has an error of its own.
            for operator in operators.into_iter().map_while(Result::ok) {
                match operator {
                    Operator::Call { function_index: used }
                    | Operator::ReturnCall { function_index: used }
                    | Operator::RefFunc { function_index: used }
                        if used < imported =>
                    {
                        users.functions.entry(used).or_default().add(user);
                    }
                    Operator::GlobalGet { global_index: used } | Operator::GlobalSet { global_index: used }
                        if used < globals =>
                    {
                        users.globals.entry(used).or_default().add(user);
                    }
                    _ => {}
                }
            }
        }
        users
    }

    /// Names those of an import, given by its place among the imports: `, used by "a" and "b"`. Nothing if there are none.
    pub fn text(&self, place: usize) -> String {
        let index = self.indices[place];
        let uses = match self.module.imports[place].ty {
            ImportType::Function(_) => self.functions.get(&index),
            ImportType::Global(_) => self.globals.get(&index),
            _ => None,
        };
        let Some(uses) = uses else { return String::new() };
        let mut names: Vec<String> = uses.first.iter().take(SHOWN).map(|function| self.name(*function)).collect();
        if uses.count > SHOWN {
            names.push(format!("{} more", uses.count - SHOWN));
        }
        let last = names.pop().unwrap_or_default();
        match names.as_slice() {
            [] => format!(", used by {last}"),
            _ => format!(", used by {} and {last}", names.join(", ")),
        }
    }

    fn name(&self, function: u32) -> String {
        let name = self.module.names.function(function).or_else(|| self.module.exported_name(function));
        name.map_or_else(|| format!("wasm-function[{function}]"), quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_and_all_are_counted_once() {
        let mut uses = Uses::default();
        for function in [4, 4, 5, 7, 7, 9, 9, 9, 12, 12] {
            uses.add(function);
        }
        assert_eq!((&uses.first[..SHOWN], uses.count), (&[4, 5, 7][..], 5));
    }
}
