//! Processes of the python that is being made, which compile files: a few at a time, each asked again and again.

use crate::failure::{Failure, Place, Result};
use crate::run::Program;
use adder_compiler::abi::variable;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A file to compile.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The path that its functions will name.
    pub path: &'a str,
    /// Its contents.
    pub text: &'a [u8],
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its bytecode.
    Bytecode(Vec<u8>),
    /// It does not compile.
    Refused,
    /// A process ended over it, for instance because it nests too deeply.
    Crashed,
}

/// What came of all files.
#[derive(Debug)]
pub struct Compiled {
    /// The tag of the python's bytecode.
    pub tag: String,
    /// For each file, in their order.
    pub answers: Vec<Answer>,
}

/// One file takes less, even on a busy machine; a program that is no python may wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than any bytecode has.
const BYTECODE_BYTES_MAX: u64 = 1 << 30;

/// More than any tag has.
const LINE_BYTES_MAX: u64 = 200;

/// Compiles all `requests` with a python, in `processes` processes.
///
/// # Errors
/// If it is not a python that compiles: with what it did instead.
pub fn compile(program: &Program, requests: &[Request<'_>], processes: usize) -> Result<Compiled> {
    // The largest first, so that none is left for the end.
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|index| (requests[*index].text.len(), requests.len() - index));
    let work = Work {
        program,
        requests,
        waiting: Mutex::new(order),
        done: Mutex::new((None, vec![Answer::Crashed; requests.len()])),
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..processes.clamp(1, requests.len().max(1)))
            .map(|number| {
                scope.spawn({
                    let work = &work;
                    move || work.run(number)
                })
            })
            .collect();
        let outcomes =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(refused("a thread panicked"))));
        outcomes.collect::<Result<Vec<()>>>()
    })?;
    match work.done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        (Some(tag), answers) => Ok(Compiled { tag, answers }),
        (None, _) => Err(refused("there was nothing to compile")),
    }
}

/// What is to be done, and what has been.
struct Work<'a> {
    program: &'a Program,
    requests: &'a [Request<'a>],
    waiting: Mutex<Vec<usize>>,
    done: Mutex<(Option<String>, Vec<Answer>)>,
}

impl Work<'_> {
    fn next(&self) -> Option<usize> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Compiles until nothing is left. A process that ends over a file is replaced by another.
    fn run(&self, number: usize) -> Result<()> {
        let mut worker = None;
        while let Some(index) = self.next() {
            let mut running = match worker.take() {
                Some(running) => running,
                None => self.start(number)?,
            };
            // However it ended: this file has no bytecode, and the next has another process.
            let Ok(answer) = running.ask(self.requests[index]) else { continue };
            self.done.lock().unwrap_or_else(PoisonError::into_inner).1[index] = answer;
            worker = Some(running);
        }
        Ok(())
    }

    fn start(&self, number: usize) -> Result<Worker> {
        let said = self.program.folder().join(format!("errors-{number}"));
        let errors = File::create(&said).map_err(|error| Failure::writing("write", &said, &error, Place::Temporary))?;
        let child = self.command(errors)?.spawn().map_err(|error| self.program.not_started(&error))?;
        let (worker, tag) = Worker::new(child).map_err(|error| {
            let said = std::fs::read(&said).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            match said.lines().rev().find(|line| !line.trim().is_empty()) {
                Some(line) => refused(line.trim()),
                None => refused(&error.to_string()),
            }
        })?;
        self.done.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(tag);
        Ok(worker)
    }

    fn command(&self, errors: File) -> Result<Command> {
        let mut command = self.program.command(OsStr::new("python"))?;
        command
            // An instrumented one writes what it counted; these counts are nobody's.
            .env(variable::PROFILE, self.program.folder().join("profile"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors);
        Ok(command)
    }
}

fn refused(why: &str) -> Failure {
    Failure::environment(format!("the python does not compile embedded files: {why}"))
}

/// A process.
struct Worker {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Tells its guard that it is alive.
    alive: Sender<()>,
}

impl Worker {
    /// Waits for the tag of a process that was started.
    fn new(mut child: Child) -> io::Result<(Worker, String)> {
        let missing = || io::Error::other("a pipe is missing");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        let (alive, signs) = mpsc::channel();
        thread::spawn(move || guard(child, &signs));
        let mut worker = Worker { input, output, alive };
        let tag = worker.line()?;
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        match tag.is_empty() || !tag.chars().all(is_plain) {
            true => Err(io::Error::other("it is not a python that can be asked to compile")),
            false => Ok((worker, tag)),
        }
    }

    fn ask(&mut self, Request { path, text }: Request<'_>) -> io::Result<Answer> {
        self.input.write_all(format!("{} {}\n", path.len(), text.len()).as_bytes())?;
        self.input.write_all(path.as_bytes())?;
        self.input.write_all(text)?;
        let unexpected = || io::Error::other("it answers something else");
        let bytes: u64 = self.line()?.parse().map_err(|_| unexpected())?;
        if bytes > BYTECODE_BYTES_MAX {
            return Err(unexpected());
        }
        let mut bytecode = Vec::new();
        self.output.by_ref().take(bytes).read_to_end(&mut bytecode)?;
        match bytecode.len() as u64 {
            0 if bytes == 0 => Ok(Answer::Refused),
            read if read == bytes => Ok(Answer::Bytecode(bytecode)),
            _ => Err(unexpected()),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.output.by_ref().take(LINE_BYTES_MAX).read_line(&mut line)?;
        // If nobody listens, the process has ended, which shows in what it does not say.
        let _ = self.alive.send(());
        match line.strip_suffix('\n') {
            Some(line) => Ok(line.to_owned()),
            None => Err(io::Error::other("it ended without an answer")),
        }
    }
}

/// Ends the process when nothing is heard of it for too long, and waits for its end.
fn guard(mut child: Child, signs: &mpsc::Receiver<()>) {
    loop {
        match signs.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                break;
            }
        }
    }
    // Its input was closed when the other end of `signs` was.
    let _ = child.wait();
}
