//! The C header.

use super::{CFunction, CFunctionKind, CType, Interface, MARK, shown};
use adder_compiler::abi::library::{BUSY, UNAVAILABLE};
use adder_compiler::abi::trap::TrapCode;
use std::fmt::Write;
use std::sync::LazyLock;

/// What all headers have in common, as a header of its own: what functions return. It may be included more than once.
pub static COMMON: LazyLock<String> = LazyLock::new(|| {
    let mut text = "\
#ifndef ADDER_H
#define ADDER_H

#include <stdint.h>

/* What the functions of a library that adder has compiled return: 0, or why the call did not return. The library can be called again
   after each of them. */
enum {
    ADDER_OK = 0,
"
    .to_owned();
    for code in TrapCode::ALL.into_iter().filter(|code| *code != TrapCode::Checkpoint) {
        let _ = writeln!(text, "    {} = {}, /* {} */", constant(code), code as u32, meaning(code));
    }
    let _ = writeln!(
        text,
        "    ADDER_UNAVAILABLE = {UNAVAILABLE}, /* no memory, or the CPU lacks what it was compiled for */"
    );
    let _ = writeln!(
        text,
        "    ADDER_BUSY = {BUSY} /* called by a handler of a signal, inside a call of it or on the stack for handlers */"
    );
    text += "\
};

/* A v128, its lowest byte first. */
typedef struct adder_v128 {
    uint8_t bytes[16];
} adder_v128;

#endif
";
    text
});

/// The constant for a trap.
fn constant(code: TrapCode) -> String {
    let mut name = "ADDER".to_owned();
    for character in format!("{code:?}").chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_uppercase());
    }
    name
}

fn meaning(code: TrapCode) -> &'static str {
    match code {
        TrapCode::Exit => "it has exited: see PREFIX_adder_exit_status",
        code => code.message(),
    }
}

/// Writes the header of a library, which was compiled from `module`.
pub fn header(interface: &Interface, module: &str) -> String {
    let prefix = &interface.prefix;
    let guard = format!("ADDER_LIBRARY_{}_H", prefix);
    let mut text = format!(
        "/* The functions of {}{MARK}{}. See `adder help libraries`. */\n",
        shown(module),
        env!("CARGO_PKG_VERSION")
    );
    text += &COMMON;
    let _ = write!(text, "\n#ifndef {guard}\n#define {guard}\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n");
    for function in &interface.functions {
        let _ = writeln!(text, "{}\n", declaration(function));
    }
    for (export, what) in &interface.left_out {
        let _ = writeln!(text, "/* Left out: `{}` {what}. */\n", shown(export));
    }
    text += "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
    text
}

/// What a function does, and how it is called.
fn declaration(CFunction { name, export, kind }: &CFunction) -> String {
    let export = shown(export);
    match kind {
        CFunctionKind::Call { parameters, results } => {
            let parameters = parameters.iter().enumerate().map(|(index, ty)| format!("{}p{index}", passed(*ty)));
            let results = results.iter().enumerate().map(|(index, ty)| format!("{} *r{index}", c(*ty)));
            let all: Vec<String> = parameters.chain(results).collect();
            let all = if all.is_empty() { "void".to_owned() } else { all.join(", ") };
            format!("/* Calls `{export}`. Pass NULL for a result that you do not need. */\nint {name}({all});")
        }
        CFunctionKind::Memory => format!(
            "/* The first byte of the memory `{export}`, which never moves, and, unless the pointer is null, its size now. Null if the\n   \
             library is not available. */\nuint8_t *{name}(uint64_t *bytes);"
        ),
        CFunctionKind::Get(ty) => format!("/* Reads the global `{export}`. */\nint {name}({} *value);", c(*ty)),
        CFunctionKind::Set(ty) => format!("/* Writes the global `{export}`. */\nint {name}({}value);", passed(*ty)),
        CFunctionKind::Failure => format!(
            "/* What happened in the latest call by this thread that did not return 0, but for ADDER_BUSY: what, and in which functions,\n   \
             a line for each. It can be read until the next such call. */\nconst char *{name}(void);"
        ),
        CFunctionKind::ExitStatus => {
            format!("/* The status of the latest call by this thread that returned ADDER_EXIT. */\nint {name}(void);")
        }
    }
}

/// A type in C.
fn c(ty: CType) -> &'static str {
    match ty {
        CType::Int32 => "int32_t",
        CType::Int64 => "int64_t",
        CType::Float => "float",
        CType::Double => "double",
        CType::Vector => "adder_v128",
        CType::Reference => "uint64_t",
    }
}

/// A type in C as that of a parameter, up to its name.
fn passed(ty: CType) -> String {
    match ty {
        CType::Vector => "const adder_v128 *".to_owned(),
        ty => format!("{} ", c(ty)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_in_the_way_of_c() {
        assert_eq!(constant(TrapCode::MemoryOutOfBounds), "ADDER_MEMORY_OUT_OF_BOUNDS");
        assert!(COMMON.contains("    ADDER_INTEGER_DIVIDE_BY_ZERO = 8, /* integer divide by zero */\n"), "{}", *COMMON);
    }
}
