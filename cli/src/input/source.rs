//! Source code that is given in place of a module: what it is, told by its name, and how it becomes a module.

use crate::terminal::printable::shell_word;
use std::ffi::OsStr;
use std::path::Path;

/// How files of source code are called, what they are, and what compiles them.
const LANGUAGES: [(&[&str], &str, Compiler); 4] = [
    (&["c", "h"], "C", Compiler::Clang("clang")),
    (&["cc", "cpp", "cxx", "hpp"], "C++", Compiler::Clang("clang++")),
    (&["rs"], "Rust", Compiler::Cargo),
    (&["go"], "Go", Compiler::Go),
];

/// What makes a module of source code.
enum Compiler {
    /// One of clang's commands.
    Clang(&'static str),
    Cargo,
    Go,
}

/// What a file is by its name, and how to make a module of it; `None` if its name does not say.
pub fn recognise(path: &Path) -> Option<(String, String)> {
    let extension = path.extension().and_then(OsStr::to_str)?;
    let (_, language, compiler) = LANGUAGES.iter().find(|(names, ..)| names.contains(&extension))?;
    let file = shell_word(&path.display().to_string());
    let module = shell_word(&path.with_extension("wasm").display().to_string());
    let how = match compiler {
        Compiler::Clang(clang) => format!("{clang} --target=wasm32-wasi -O2 {file} -o {module}"),
        Compiler::Cargo => "cargo build --release --target wasm32-wasip1".to_owned(),
        Compiler::Go => format!("GOOS=wasip1 GOARCH=wasm go build -o {module} {file}"),
    };
    Some((format!("is source code in {language}, not a WebAssembly module"), format!("compile it first: {how}")))
}
