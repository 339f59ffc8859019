//! A program built from a script, running: one command a line in, one answer a line out.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use adder_compiler::Architecture;

use crate::script::Export;

/// How long an answer may take. The longest commands of the scripts take a few seconds on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program answered.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// It returned these slots.
    Values(Vec<u64>),
    /// It trapped with this message.
    Trap(String),
    /// It threw an exception that nothing catches.
    Exception,
    /// The instance does not fit what it imports.
    Unlinkable,
}

/// A running program.
pub struct Process {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Process {
    /// Starts a program, on this machine or on a CPU that qemu emulates.
    pub fn start(program: &Path, architecture: Architecture, cpu: Option<&str>) -> Result<Process, String> {
        let mut command = match cpu {
            None => Command::new(program),
            Some(cpu) => {
                let mut command = Command::new(adder_tests::target::emulator(architecture));
                command.args(["-cpu", cpu]).arg(program);
                command
            }
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("cannot start: {error}{}", cpu.map_or("", |_| " (apt install qemu-user)")))?;
        let input = child.stdin.take().expect("stdin is piped");
        let output = child.stdout.take().expect("stdout is piped");
        let (sender, answers) = channel();
        // A thread of its own, because a pipe cannot be read with a time limit. It ends with the program's output.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Process { child, input, answers })
    }

    /// Activates an instance, by its position in the program.
    pub fn activate(&mut self, instance: usize) -> Result<Answer, String> {
        self.ask(&format!("activate {instance}"))
    }

    /// Calls or reads an export of an instance.
    pub fn export(&mut self, instance: usize, export: &Export) -> Result<Answer, String> {
        let hexadecimal = |name: &str| name.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.ask(&match export {
            Export::Read(name) => format!("get {instance} {}", hexadecimal(name)),
            Export::Call(name, arguments) => {
                let arguments: String = arguments.iter().map(|slot| format!(" {slot:016x}")).collect();
                format!("invoke {instance} {}{arguments}", hexadecimal(name))
            }
        })
    }

    fn ask(&mut self, command: &str) -> Result<Answer, String> {
        if writeln!(self.input, "{command}").and_then(|()| self.input.flush()).is_err() {
            return Err(self.end(&format!("cannot be asked `{command}`")));
        }
        match self.answers.recv_timeout(PATIENCE) {
            Ok(line) => answer(&line).ok_or_else(|| format!("`{command}` got the answer `{line}`")),
            Err(RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                Err(format!("`{command}` got no answer within {PATIENCE:?}"))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.end(&format!("ended in `{command}`"))),
        }
    }

    fn end(&mut self, happened: &str) -> String {
        match self.child.wait() {
            Ok(status) => format!("the program {happened}: {status}"),
            Err(error) => format!("the program {happened}: {error}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has usually not ended: it is waiting for a command.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answer(line: &str) -> Option<Answer> {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        "ok" => {
            let slots = rest.split_ascii_whitespace().map(|slot| u64::from_str_radix(slot, 16).ok());
            Some(Answer::Values(slots.collect::<Option<Vec<_>>>()?))
        }
        "trap" => Some(Answer::Trap(rest.to_owned())),
        "exception" => Some(Answer::Exception),
        "unlinkable" => Some(Answer::Unlinkable),
        _ => None,
    }
}

#[test]
fn answers_are_read_as_documented() {
    assert_eq!(answer("ok"), Some(Answer::Values(vec![])));
    assert_eq!(answer("ok 0000000000000001 ffffffffffffffff"), Some(Answer::Values(vec![1, u64::MAX])));
    assert_eq!(answer("trap integer overflow"), Some(Answer::Trap("integer overflow".to_owned())));
    assert_eq!(answer("exception"), Some(Answer::Exception));
    assert_eq!(answer("unlinkable"), Some(Answer::Unlinkable));
    assert_eq!(answer("ok what"), None);
    assert_eq!(answer("exit 3"), None);
}
