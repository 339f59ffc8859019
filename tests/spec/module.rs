//! What the runner has to know and change about a module in the binary format: its imports.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// The parts of a module that matter for linking.
#[derive(Debug, Default)]
pub struct Border {
    /// Module and field name of every import, in order.
    pub imports: Vec<(String, String)>,
    /// Whether it defines a memory of its own.
    pub defines_memory: bool,
}

/// Reads the border of a module.
pub fn border(bytes: &[u8]) -> Result<Border, String> {
    let mut border = Border::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| error.to_string())? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|error| error.to_string())?;
                    border.imports.push((import.module.to_owned(), import.name.to_owned()));
                }
            }
            Payload::MemorySection(section) => border.defines_memory = section.count() > 0,
            _ => {}
        }
    }
    Ok(border)
}

/// The same module with the module names of its imports replaced, everything else untouched.
pub fn with_import_modules(bytes: &[u8], names: &[String]) -> Result<Vec<u8>, String> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| error.to_string())?;
        if let Payload::ImportSection(section) = payload {
            let mut imports = ImportSection::new();
            for (import, name) in section.into_imports().zip(names) {
                let import = import.map_err(|error| error.to_string())?;
                let kind = RoundtripReencoder.entity_type(import.ty).map_err(|error| error.to_string())?;
                imports.import(name, import.name, kind);
            }
            module.section(&imports);
        } else if let Some((id, range)) = payload.as_section() {
            let data = &bytes[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

#[test]
fn import_modules_are_replaced_and_the_rest_stays() {
    let text = |module: &str| {
        format!(r#"(module (import "{module}" "f" (func $f (param i32))) (memory 1) (export "g" (func $f)))"#)
    };
    let before = adder_tests::text::assemble(&text("a"));
    let after = with_import_modules(&before, &["longer".to_owned()]).unwrap();
    let border = border(&after).unwrap();
    assert_eq!(border.imports, [("longer".to_owned(), "f".to_owned())]);
    assert!(border.defines_memory);
    assert_eq!(crate::features::refusal(&after, crate::features::SUPPORTED), None);
}
