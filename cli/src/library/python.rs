//! The Python module.

use super::{CFunction, CFunctionKind, CType, Interface, MARK, shown};
use crate::target::Target;
use adder_compiler::abi::library::{BUSY, UNAVAILABLE};
use adder_compiler::abi::trap::TrapCode;
use std::collections::HashSet;
use std::fmt::Write;

/// What the module begins with. Names of its own begin with a `_`, because functions may have any name.
const BEGINNING: &str = r#"import builtins as _builtins
import ctypes as _ctypes
import os as _os
from ctypes import byref as _byref


class Trap(_builtins.RuntimeError):
    """A call that did not return. `code` is its number in the C header."""

    code = 0


class Exit(Trap):
    """A call that has ended the program. `status` is what it has exited with."""

    status = 0


"#;

const LOADING: &str = r#"

def _vector(value):
    value = _builtins.bytes(value)
    if _builtins.len(value) != 16:
        raise _builtins.ValueError(f"a v128 has 16 bytes, not {_builtins.len(value)}")
    return (_ctypes.c_ubyte * 16).from_buffer_copy(value)


def _reference(value):
    return 0 if value is None else value


def _raise(code):
    error = (Exit if code == _EXIT else Trap)("the library is busy: it was called from inside one of its own calls")
    if code != _BUSY:
        text = _failure().decode()
        error = error.__class__(text)
    error.code = code
    if code == _EXIT:
        error.status = _exit_status()
    raise error
"#;

/// The words that no function of Python can have as its name.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether Python has a word of its own in the place of a name.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Writes the Python module of a library that is the file `library` beside it, and was compiled from `module`.
pub fn python(interface: &Interface, module: &str, library: &str, target: &Target) -> String {
    let mut text = format!(
        "\"\"\"The functions of {}{MARK}{}. See `adder help libraries`.\"\"\"\n\n",
        shown(module),
        env!("CARGO_PKG_VERSION")
    );
    text += BEGINNING;
    // The message of the dynamic linker would be that there is no such file.
    let _ = writeln!(
        text,
        "if _os.uname().machine != \"{}\":\n    raise _builtins.OSError({})\n",
        // What a triple begins with is what uname(2) says.
        target.architecture.triple().split('-').next().unwrap_or_default(),
        literal(&format!("{library} is for {}, and this is another machine", target.name))
    );
    let _ = writeln!(
        text,
        "_library = _ctypes.CDLL(_os.path.join(_os.path.dirname(_os.path.abspath(__file__)), {}))",
        literal(library)
    );
    let _ = writeln!(text, "_EXIT, _UNAVAILABLE, _BUSY = {}, {UNAVAILABLE}, {BUSY}", TrapCode::Exit as u32);
    for (own, kind, result) in
        [("_failure", CFunctionKind::Failure, "c_char_p"), ("_exit_status", CFunctionKind::ExitStatus, "c_int")]
    {
        let name =
            &interface.functions.iter().find(|function| function.kind == kind).expect("every library has it").name;
        let _ = writeln!(text, "{own} = _library.{name}\n{own}.argtypes, {own}.restype = (), _ctypes.{result}");
    }
    text += LOADING;
    let mut used = HashSet::new();
    let mut names = String::new();
    for function in &interface.functions {
        let wanted = own_name(function, &interface.prefix);
        let own = (1..)
            .map(|attempt| if attempt == 1 { wanted.clone() } else { format!("{wanted}_{attempt}") })
            .find(|name| !used.contains(name))
            .expect("there are more numbers than names");
        text += &definition(function, &own);
        if matches!(function.kind, CFunctionKind::Call { .. } | CFunctionKind::Memory) {
            names += &format!("    {}: {own},\n", literal(&function.export));
        }
        used.insert(own);
    }
    text += "\n\n#: The functions and memories by the names that the module exports them by.\n";
    text += &format!("exports = {{\n{names}}}\n");
    text
}

/// A name in the Python module.
fn own_name(function: &CFunction, prefix: &str) -> String {
    let name = function.name.strip_prefix(prefix).and_then(|name| name.strip_prefix('_')).unwrap_or(&function.name);
    let taken = is_keyword(name) || ["Trap", "Exit", "exports", ""].contains(&name);
    let is_name = !name.starts_with(|first: char| first.is_ascii_digit() || first == '_');
    match (taken, is_name) {
        (true, _) => format!("{name}_"),
        (false, true) => name.to_owned(),
        // What begins with a `_` belongs to this module.
        (false, false) => format!("export{}{name}", if name.starts_with('_') { "" } else { "_" }),
    }
}

/// The definition of a function, after an empty line.
fn definition(function: &CFunction, own: &str) -> String {
    let c_name = &function.name;
    let export = shown(&function.export);
    let foreign = format!("_c_{own}");
    let head = |argument_types: &str, result: &str| {
        format!(
            "\n\n{foreign} = _library.{c_name}\n{foreign}.argtypes, {foreign}.restype = ({argument_types}), _ctypes.{result}\n\n\n"
        )
    };
    let list = |types: &[String]| types.iter().map(|ty| format!("{ty}, ")).collect::<String>();
    match &function.kind {
        CFunctionKind::Call { parameters, results } => {
            let types: Vec<String> = parameters
                .iter()
                .map(|ty| passed(*ty))
                .chain(results.iter().map(|ty| format!("_ctypes.POINTER({})", ctype(*ty))))
                .collect();
            let names: Vec<String> = (0..parameters.len()).map(|index| format!("p{index}")).collect();
            let mut body = String::new();
            for (index, ty) in results.iter().enumerate() {
                let _ = writeln!(body, "    r{index} = {}()", ctype(*ty));
            }
            let given = parameters.iter().zip(&names).map(|(ty, name)| to_c(*ty, name));
            let places = (0..results.len()).map(|index| format!("_byref(r{index})"));
            let all: Vec<String> = given.chain(places).collect();
            let _ = writeln!(body, "    code = {foreign}({})\n    if code:\n        _raise(code)", all.join(", "));
            let values: Vec<String> =
                results.iter().enumerate().map(|(index, ty)| from_c(*ty, &format!("r{index}"))).collect();
            match values.as_slice() {
                [] => {}
                [value] => {
                    let _ = writeln!(body, "    return {value}");
                }
                values => {
                    let _ = writeln!(body, "    return ({})", values.join(", "));
                }
            }
            let signature = names.join(", ");
            format!(
                "{}def {own}({signature}):\n    \"\"\"Calls `{export}`.\"\"\"\n{body}",
                head(&list(&types), "c_int")
            )
        }
        CFunctionKind::Memory => format!(
            "{}def {own}():\n    \"\"\"The bytes of the memory `{export}`, as large as it is now; they never move.\"\"\"\n    \
             count = _ctypes.c_uint64()\n    address = {foreign}(_byref(count))\n    if not address:\n        \
             _raise(_UNAVAILABLE)\n    \
             return _builtins.memoryview((_ctypes.c_ubyte * count.value).from_address(address)).cast(\"B\")\n",
            head("_ctypes.POINTER(_ctypes.c_uint64), ", "c_void_p")
        ),
        CFunctionKind::Get(ty) => format!(
            "{}def {own}():\n    \"\"\"Reads the global `{export}`.\"\"\"\n    value = {}()\n    code = {foreign}(_byref(value))\n    \
             if code:\n        _raise(code)\n    return {}\n",
            head(&format!("_ctypes.POINTER({}), ", ctype(*ty)), "c_int"),
            ctype(*ty),
            from_c(*ty, "value")
        ),
        CFunctionKind::Set(ty) => format!(
            "{}def {own}(value):\n    \"\"\"Writes the global `{export}`.\"\"\"\n    code = {foreign}({})\n    \
             if code:\n        _raise(code)\n",
            head(&format!("{}, ", passed(*ty)), "c_int"),
            to_c(*ty, "value")
        ),
        CFunctionKind::Failure | CFunctionKind::ExitStatus => String::new(),
    }
}

/// A type of `ctypes`.
fn ctype(ty: CType) -> &'static str {
    match ty {
        CType::Int32 => "_ctypes.c_int32",
        CType::Int64 => "_ctypes.c_int64",
        CType::Float => "_ctypes.c_float",
        CType::Double => "_ctypes.c_double",
        CType::Vector => "(_ctypes.c_ubyte * 16)",
        CType::Reference => "_ctypes.c_uint64",
    }
}

/// A type of `ctypes` as that of a parameter.
fn passed(ty: CType) -> String {
    match ty {
        CType::Vector => format!("_ctypes.POINTER{}", ctype(ty)),
        ty => ctype(ty).to_owned(),
    }
}

/// What of Python's is given to C.
fn to_c(ty: CType, name: &str) -> String {
    match ty {
        CType::Vector => format!("_vector({name})"),
        CType::Reference => format!("_reference({name})"),
        _ => name.to_owned(),
    }
}

/// What of C's is given to Python.
fn from_c(ty: CType, name: &str) -> String {
    match ty {
        CType::Vector => format!("_builtins.bytes({name})"),
        CType::Reference => format!("({name}.value or None)"),
        _ => format!("{name}.value"),
    }
}

/// A text of Python.
fn literal(text: &str) -> String {
    let escaped = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        character if character.is_ascii_graphic() || character == ' ' => character.to_string(),
        character => format!("\\U{:08x}", character as u32),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_names_of_python() {
        let named =
            |name: &str| CFunction { name: format!("m_{name}"), export: String::new(), kind: CFunctionKind::Memory };
        for (name, wanted) in [
            ("line", "line"),
            ("class", "class_"),
            ("_start", "export_start"),
            ("2d", "export_2d"),
            ("", "_"),
            ("Trap", "Trap_"),
        ] {
            assert_eq!(own_name(&named(name), "m"), wanted);
        }
    }

    #[test]
    fn texts_end_where_they_should() {
        assert_eq!(literal("a\"\n\u{e9}\\"), "\"a\\\"\\U0000000a\\U000000e9\\\\\"");
    }
}
