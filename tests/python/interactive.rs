//! The prompt, at a terminal.

use crate::executables::{Flavor, Variant, python};
use crate::process::command;
use crate::terminal::Terminal;

crate::for_each_flavor! {
    prompt_evaluates_and_goes_on_after_an_error,
    end_of_input_leaves_the_prompt,
    input_function_reads_a_line,
    standard_streams_are_terminals,
    script_then_prompt,
}

const PROMPT: &str = ">>> ";

fn start(flavor: Flavor, arguments: &[&str]) -> Terminal {
    let mut command = command(&python(flavor, Variant::Default));
    command.args(arguments).current_dir("/").env("TERM", "dumb");
    Terminal::start(command)
}

fn prompt_evaluates_and_goes_on_after_an_error(flavor: Flavor) {
    let mut terminal = start(flavor, &[]);
    assert!(terminal.wait_for(PROMPT).contains("Python 3."));
    terminal.type_text("6 * 7\n");
    terminal.wait_for("42\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text("for i in range(2):\n");
    terminal.wait_for("... ");
    terminal.type_text("    print('item', i)\n");
    terminal.wait_for("... ");
    terminal.type_text("\n");
    terminal.wait_for("item 0\r\nitem 1\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text("undefined_name\n");
    terminal.wait_for("NameError: name 'undefined_name' is not defined");
    terminal.wait_for(PROMPT);
    terminal.type_text("_ + 1\n");
    terminal.wait_for("43\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text("raise SystemExit(6)\n");
    assert_eq!(terminal.finish().0.code(), Some(6));
}

fn end_of_input_leaves_the_prompt(flavor: Flavor) {
    let mut terminal = start(flavor, &["-q"]);
    terminal.wait_for(PROMPT);
    terminal.type_text("\u{4}");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

fn input_function_reads_a_line(flavor: Flavor) {
    let mut terminal = start(flavor, &["-c", "name = input('name? '); print('hello', name)"]);
    terminal.wait_for("name? ");
    terminal.type_text("wörld\n");
    terminal.wait_for("hello wörld\r\n");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

fn standard_streams_are_terminals(flavor: Flavor) {
    let program = "import os, sys; print([s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)], os.isatty(0))";
    let mut terminal = start(flavor, &["-c", program]);
    terminal.wait_for("[True, True, True] True\r\n");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

fn script_then_prompt(flavor: Flavor) {
    let mut terminal = start(flavor, &["-i", "-c", "value = 'kept'"]);
    terminal.wait_for(PROMPT);
    terminal.type_text("value.upper()\n");
    terminal.wait_for("'KEPT'\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text("\u{4}");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

/// CPython 3.14 has a prompt of its own in Python, which works where the terminal can do what it needs.
#[test]
fn prompt_edits_recalls_and_pastes() {
    let home = tempfile::tempdir().expect("the system's temporary folder is writable");
    let mut command = command(&python(Flavor::Python314, Variant::Default));
    command.current_dir("/").env("TERM", "xterm").env("HOME", home.path());
    let mut terminal = Terminal::start(command);
    terminal.wait_for(PROMPT);
    terminal.type_text_later("value = 40\r");
    terminal.wait_for("40");
    terminal.wait_for(PROMPT);
    // Up, to the end of the line.
    terminal.type_text_later("\u{1b}OA\u{5} + 2\r");
    terminal.type_text_later("value\r");
    terminal.wait_for("42\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text_later("\u{1b}[200~for i in range(2):\n    print('item', i)\n\n\u{1b}[201~");
    // It is shown when all of it is there.
    terminal.wait_for("'item'");
    terminal.type_text_later("\r");
    terminal.wait_for("item 0\r\nitem 1\r\n");
    terminal.wait_for(PROMPT);
    terminal.type_text_later("import time; print('sle' 'eps', flush=True); time.sleep(100)\r");
    terminal.wait_for("sleeps\r\n");
    terminal.type_text_later("\u{3}");
    terminal.wait_for("KeyboardInterrupt");
    terminal.wait_for(PROMPT);
    terminal.type_text_later("exit\r");
    assert_eq!(terminal.finish().0.code(), Some(0));
    let history = std::fs::read_to_string(home.path().join(".python_history")).expect("it is kept");
    assert!(history.starts_with("value = 40\nvalue = 40 + 2\nvalue\n"), "{history}");
}
