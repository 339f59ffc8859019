//! The prompt of 3.14, which is a program of its own that edits lines, and what else programs do with terminals.

use std::fs;
use std::path::Path;

use crate::executables::{Flavor, Variant, python};
use crate::process::command;
use crate::terminal::Terminal;

const PROMPT: &str = ">>> ";
const UP: &str = "\u{1b}OA";
const RIGHT: &str = "\u{1b}OC";
const LEFT: &str = "\u{1b}OD";
const HOME: &str = "\u{1b}OH";
const END: &str = "\u{1b}OF";
const BACKSPACE: &str = "\u{7f}";
const CONTROL_C: &str = "\u{3}";
const CONTROL_D: &str = "\u{4}";
const CONTROL_K: &str = "\u{b}";
const CONTROL_R: &str = "\u{12}";
const CONTROL_U: &str = "\u{15}";

fn start(variant: Variant, term: &str, home: &Path, arguments: &[&str]) -> Terminal {
    let mut command = command(&python(Flavor::Python314, variant));
    command.args(arguments).current_dir("/").env("TERM", term).env("HOME", home).env("NO_COLOR", "1");
    Terminal::start(command)
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("the system's temporary folder is writable")
}

/// Runs a program on a terminal.
fn program(text: &str) -> Terminal {
    start(Variant::Default, "xterm", Path::new("/"), &["-c", text])
}

/// Types lines at prompts, and waits for what each prints.
#[track_caller]
fn talk(terminal: &mut Terminal, lines: &[(&str, &str)]) {
    for (typed, printed) in lines {
        terminal.wait_for(PROMPT);
        terminal.type_text_later(typed);
        terminal.wait_for(printed);
    }
}

#[track_caller]
fn leave(mut terminal: Terminal) {
    terminal.wait_for(PROMPT);
    terminal.type_text_later(CONTROL_D);
    assert_eq!(terminal.finish().0.code(), Some(0));
}

#[test]
fn lines_are_edited() {
    let home = home();
    let mut terminal = start(Variant::Default, "xterm", home.path(), &["-q"]);
    talk(
        &mut terminal,
        &[
            (&format!("12{LEFT}{LEFT}{RIGHT}0*{END}+7\r"), "27\r\n"),
            (&format!("x{BACKSPACE}40{HOME}2+{END}\r"), "42\r\n"),
            (&format!("nothing of this{CONTROL_U}6*8\r"), "48\r\n"),
            (
                &format!("6*9 + nothing{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{LEFT}{CONTROL_K}\r"),
                "54\r\n",
            ),
            // An accent, a sign of two columns, and one that is taken back.
            ("'wörld 漢x\u{7f}'.upper()\r", "'WÖRLD 漢'\r\n"),
            (&format!("{UP}{UP}{UP}\r"), "48\r\n"),
        ],
    );
    // What is found is shown and can be edited; what was typed before that is thrown away.
    terminal.wait_for(PROMPT);
    terminal.type_text_later(&format!("{CONTROL_R}6*9\r"));
    terminal.wait_for(">>> 6*9");
    terminal.type_text_later(&format!("{END}+1\r"));
    terminal.wait_for("55\r\n");
    leave(terminal);
}

#[test]
fn blocks_are_indented_and_interrupted() {
    let home = home();
    let mut terminal = start(Variant::Default, "xterm", home.path(), &["-q"]);
    terminal.wait_for(PROMPT);
    terminal.type_text_later("def double(x):\r");
    terminal.wait_for("...     ");
    terminal.type_text_later("return x * 2\r");
    terminal.wait_for("...     ");
    terminal.type_text_later("\r");
    talk(&mut terminal, &[("double(21)\r", "42\r\n"), (&format!("abandoned{CONTROL_C}"), "KeyboardInterrupt\r\n")]);
    terminal.wait_for(PROMPT);
    terminal.type_text_later("if True:\r");
    terminal.wait_for("...     ");
    terminal.type_text_later(CONTROL_C);
    terminal.wait_for("KeyboardInterrupt\r\n");
    talk(&mut terminal, &[("double(22)\r", "44\r\n")]);
    leave(terminal);
}

#[test]
fn history_is_kept_for_the_next_process() {
    let home = home();
    let file = home.path().join("kept");
    let start = || {
        let mut command = command(&python(Flavor::Python314, Variant::Default));
        command
            .arg("-q")
            .env("TERM", "xterm")
            .env("HOME", home.path())
            .env("PYTHON_HISTORY", &file)
            .env("NO_COLOR", "1");
        Terminal::start(command)
    };
    let mut terminal = start();
    talk(&mut terminal, &[("'of the ' + 'first'\r", "'of the first'\r\n")]);
    leave(terminal);
    let mut terminal = start();
    talk(&mut terminal, &[(&format!("{UP}\r"), "'of the first'\r\n")]);
    leave(terminal);
    assert_eq!(fs::read_to_string(file).expect("it is kept"), "'of the ' + 'first'\n".repeat(2));
    assert!(!home.path().join(".python_history").exists());
}

#[test]
fn terminals_that_cannot_be_edited_on_have_a_plain_prompt() {
    let home = home();
    for term in ["dumb", "nonsense"] {
        let mut terminal = start(Variant::Default, term, home.path(), &["-q"]);
        assert!(terminal.wait_for(PROMPT).contains("can't use pyrepl"), "{term}");
        // The kernel edits.
        terminal.type_text_later(&format!("6 * 77{BACKSPACE}\n"));
        terminal.wait_for("42\r\n");
        terminal.wait_for(PROMPT);
        terminal.type_text_later(CONTROL_C);
        terminal.wait_for("KeyboardInterrupt\r\n");
        // With Ctrl-D, CPython 3.14 would end by SIGINT: at this prompt it keeps in mind that there was one.
        terminal.wait_for(PROMPT);
        terminal.type_text_later("exit(3)\n");
        assert_eq!(terminal.finish().0.code(), Some(3));
    }
}

/// Without a grant there is no environment, and no file for the history.
#[test]
fn the_prompt_needs_no_grant() {
    let mut terminal = start(Variant::Sandbox, "xterm", Path::new("/"), &["-q"]);
    talk(&mut terminal, &[("6 * 7\n", "42\r\n"), ("import os; os.get_terminal_size().columns >= 0\n", "True\r\n")]);
    leave(terminal);
}

#[test]
fn input_and_help_at_the_prompt() {
    let home = home();
    let mut terminal = start(Variant::Default, "xterm", home.path(), &["-q"]);
    terminal.wait_for(PROMPT);
    terminal.type_text_later("answer = input('what' '? ')\r");
    terminal.wait_for("what? ");
    terminal.type_text_later(&format!("text{LEFT}{LEFT}s{HOME}a {END}!\r"));
    talk(
        &mut terminal,
        &[("answer.upper()\r", "'A TESXT!'\r\n"), ("help(len)\r", "Return the number of items in a container.")],
    );
    terminal.wait_for(PROMPT);
    terminal.type_text_later("help()\r");
    terminal.wait_for("help> ");
    terminal.type_text_later("abs\r");
    terminal.wait_for("Return the absolute value of the argument.");
    terminal.wait_for("help> ");
    terminal.type_text_later("quit\r");
    leave(terminal);
}

#[test]
fn input_outside_the_prompt_is_edited_by_the_kernel() {
    let mut terminal = program("print([input('what? ')])");
    terminal.wait_for("what? ");
    terminal.type_text_later(&format!("wrong{CONTROL_U}righx{BACKSPACE}t\n"));
    terminal.wait_for("['right']\r\n");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

#[test]
fn passwords_are_not_shown() {
    let mut terminal =
        program("import getpass; print(len(getpass.getpass()), len(getpass.getpass('Again: ', echo_char='*')))");
    terminal.wait_for("Password: ");
    terminal.type_text_later("secret\n");
    let shown = terminal.wait_for("Again: ");
    terminal.type_text_later(&format!("secrets{BACKSPACE}\n"));
    let shown = shown + &terminal.wait_for("6 6\r\n");
    assert!(!shown.contains("secret") && shown.contains("***"), "{shown}");
    assert_eq!(terminal.finish().0.code(), Some(0));
}

#[test]
fn the_size_of_the_window_is_known_when_it_changes() {
    let mut terminal = program(
        "import os, signal, time\n\
         def say(what): os.write(1, b'%b %d %d\\n' % (what, *os.get_terminal_size()))\n\
         signal.signal(signal.SIGWINCH, lambda *_: say(b'now'))\n\
         say(b'first')\n\
         while os.get_terminal_size() != (60, 20): time.sleep(0.01)\n\
         time.sleep(0.2)\n",
    );
    terminal.wait_for("first 80 24\r\n");
    for (rows, columns) in [(30, 100), (20, 60)] {
        terminal.resize(rows, columns);
        terminal.wait_for(&format!("now {columns} {rows}\r\n"));
    }
    assert_eq!(terminal.finish().0.code(), Some(0));
}

#[test]
fn attributes_of_terminals_are_those_of_the_kernel() {
    let mut terminal = program(
        "import fcntl, os, struct, termios, tty\n\
         def attempt(what):\n\
         \x20   try: return what()\n\
         \x20   except (OSError, termios.error) as error: return os.strerror(error.args[0])\n\
         before = termios.tcgetattr(0)\n\
         tty.setraw(0); raw = termios.tcgetattr(0); termios.tcsetattr(0, termios.TCSADRAIN, before)\n\
         print(before[3] & termios.ECHO > 0, raw[3] & termios.ECHO, termios.tcgetattr(0) == before)\n\
         print(termios.tcdrain(1), termios.tcsendbreak(1, 0), termios.tcflow(1, termios.TCOOFF), termios.tcflow(1, termios.TCOON))\n\
         print(termios.tcflush(0, termios.TCIFLUSH), attempt(lambda: termios.tcflush(0, 99)), attempt(lambda: termios.tcflow(0, 99)))\n\
         pipe, _ = os.pipe()\n\
         for call in termios.tcdrain, lambda fd: termios.tcflush(fd, 0), lambda fd: termios.tcflow(fd, 1), termios.tcgetattr, \\\n\
         \x20       termios.tcgetwinsize, lambda fd: termios.tcsendbreak(fd, 0): print(attempt(lambda: call(pipe)), end=' ')\n\
         print(termios.tcgetwinsize(0), struct.unpack('HHHH', fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))[:2])\n\
         print(attempt(lambda: termios.tcsetwinsize(0, (5, 5))), os.tcgetpgrp(0) > 0, attempt(lambda: os.tcsetpgrp(0, 1)))\n\
         print(os.ttyname(0).startswith('/dev/'), open('/dev/tty').isatty(), os.isatty(pipe))\n\
         input()\n",
    );
    terminal.wait_for(
        "True 0 True\r\nNone None None None\r\nNone Invalid argument Invalid argument\r\n\
         Not a tty Not a tty Not a tty Not a tty Not a tty Not a tty (24, 80) (24, 80)\r\n\
         Operation not permitted True Operation not permitted\r\nTrue True False\r\n",
    );
    terminal.type_text_later("\n");
    assert_eq!(terminal.finish().0.code(), Some(0));
}
