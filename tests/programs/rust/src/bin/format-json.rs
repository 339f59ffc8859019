//! `format-json [--compact]`: reads JSON from standard input and writes it, indented or compact. Ends with 1 after an error,
//! which it names with line and column.

use std::io::{Write, stdin, stdout};
use std::process::ExitCode;

use serde_json::{Value, from_reader, to_writer, to_writer_pretty};

fn main() -> ExitCode {
    let compact = std::env::args().any(|argument| argument == "--compact");
    let value: Value = match from_reader(stdin().lock()) {
        Ok(value) => value,
        Err(error) => {
            eprintln!("format-json: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut output = stdout().lock();
    let written = if compact { to_writer(&mut output, &value) } else { to_writer_pretty(&mut output, &value) };
    match written.map_err(Into::into).and_then(|()| writeln!(output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("format-json: {error}");
            ExitCode::FAILURE
        }
    }
}
