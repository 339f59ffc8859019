//! A process on a terminal of its own, as in a terminal window.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::{Winsize, tcsetwinsize};

/// Longer than a prompt takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The far end of a terminal: what a person types and sees.
pub struct Terminal {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    child: Child,
}

impl Terminal {
    /// Starts a command with a new terminal as its input, output and controlling terminal.
    // Takes the command, which holds the near end open for as long as it exists.
    pub fn start(mut command: Command) -> Terminal {
        let far = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .expect("the system has terminals to give");
        rustix::pty::grantpt(&far).expect("the terminal is ours");
        rustix::pty::unlockpt(&far).expect("the terminal is ours");
        let name = rustix::pty::ptsname(&far, Vec::new()).expect("a terminal has a name");
        let near: OwnedFd = rustix::fs::open(&*name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())
            .expect("the terminal was unlocked");
        set_size(&far, 24, 80);
        let duplicate = || near.try_clone().expect("there are descriptors left");
        command.stdin(duplicate()).stdout(duplicate()).stderr(duplicate());
        // SAFETY: between fork and exec, the closure only makes two system calls.
        unsafe {
            command.pre_exec(|| {
                rustix::process::setsid()?;
                rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        let child = command.spawn().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
        let keyboard = File::from(far);
        let mut output = keyboard.try_clone().expect("there are descriptors left");
        let (sender, screen) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                match output.read(&mut buffer) {
                    // The terminal reports EIO once nobody has its near end open any more.
                    Ok(0) => break,
                    Ok(count) if sender.send(buffer[..count].to_vec()).is_ok() => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Ok(_) | Err(_) => break,
                }
            }
        });
        Terminal { keyboard, screen, seen: String::new(), child }
    }

    /// Types text; `\u{3}` is Ctrl-C and `\u{4}` Ctrl-D.
    pub fn type_text(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("a terminal takes input");
    }

    /// Types when the program has had time to read: what is typed between a prompt and that, or between a line's output and what
    /// comes next, is lost now and then by native Python, too (by 3.13 in 8 of 25 talks like these).
    pub fn type_text_later(&mut self, text: &str) {
        std::thread::sleep(Duration::from_millis(500));
        self.type_text(text);
    }

    /// Makes the window of another size.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        set_size(&self.keyboard, rows, columns);
    }

    /// Waits until `text` appears, and returns what appeared since the last call, including it.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.seen.find(text) {
                return self.seen.drain(..at + text.len()).collect();
            }
            match self.screen.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("no {text:?} within {LIMIT:?}; there is: {:?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without {text:?}; there is: {:?}", self.seen),
            }
        }
    }

    /// Waits for the process to end; returns how, and what appeared since the last call.
    pub fn finish(mut self) -> (ExitStatus, String) {
        let status = adder_tests::outcome::wait(&mut self.child);
        drop(self.keyboard);
        for bytes in &self.screen {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        (status, self.seen)
    }
}

fn set_size(terminal: impl AsFd, rows: u16, columns: u16) {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(terminal, size).expect("a terminal has a size");
}
