//! Names for people, from the custom section "name". They have no meaning and nothing is refused because of them.

use std::collections::HashMap;

use wasmparser::{Name, NameMap, NameSectionReader};

/// The names that a module gives its parts.
#[derive(Clone, Debug, Default)]
pub struct Names<'a> {
    functions: HashMap<u32, &'a str>,
    globals: HashMap<u32, &'a str>,
}

impl<'a> Names<'a> {
    /// Reads a name section as far as it is well-formed.
    pub fn read(section: NameSectionReader<'a>) -> Names<'a> {
        let mut names = Names::default();
        for subsection in section {
            match subsection {
                Ok(Name::Function(map)) => names.functions = read_map(map),
                Ok(Name::Global(map)) => names.globals = read_map(map),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        names
    }

    /// The name of a function, if it has one that is not empty.
    pub fn function(&self, index: u32) -> Option<&'a str> {
        self.functions.get(&index).copied().filter(|name| !name.is_empty())
    }

    /// The only function with this name.
    pub fn function_named(&self, name: &str) -> Option<u32> {
        only(&self.functions, name)
    }

    /// The only global with this name.
    pub fn global_named(&self, name: &str) -> Option<u32> {
        only(&self.globals, name)
    }
}

fn only(names: &HashMap<u32, &str>, wanted: &str) -> Option<u32> {
    let mut found = names.iter().filter(|(_, name)| **name == wanted).map(|(index, _)| *index);
    let first = found.next()?;
    if found.next().is_some() { None } else { Some(first) }
}

fn read_map<'a>(map: NameMap<'a>) -> HashMap<u32, &'a str> {
    map.into_iter().map_while(|naming| naming.ok()).map(|naming| (naming.index, naming.name)).collect()
}
