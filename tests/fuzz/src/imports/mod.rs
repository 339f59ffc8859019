//! Calls every function that programs made by Emscripten import, with random arguments and a memory of random contents. What comes is
//! a result, the guest's own trap or end; never a signal, work without end, or something outside of what the program was granted.

mod guest;
mod script;

use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use adder::configuration::{Configuration, Grant};
use adder_compiler::{Input, MemoryPlan, Options};

use crate::numbers::Numbers;
use crate::report::Counts;
use guest::{Callee, Kind};
use script::Script;

/// How long a program may wait. Most that wait so long do so for ever, which is their right.
const WAITING_TIME: Duration = Duration::from_millis(300);
/// Processor time that a program may use.
const WORKING_TIME: Duration = Duration::from_secs(2);
/// How long a program may be about it, if the machine has others to run.
const PATIENCE: Duration = Duration::from_secs(30);
/// Address space of a program whose memory is not guarded by what is around it.
const ADDRESS_SPACE_BYTES: u64 = 1 << 30;
/// Bytes of a file, and descriptors.
const FILE_BYTES: u64 = 16 << 20;
const DESCRIPTORS: u64 = 64;

/// Signals of programs that have done something forbidden, or were given up by the runtime.
const DEFECTS: [i32; 7] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGABRT, libc::SIGFPE, libc::SIGTRAP, libc::SIGSYS];

/// A program of a guest.
struct Program {
    path: PathBuf,
    callees: Vec<Callee>,
    kind: Kind,
    memory: MemoryPlan,
}

/// The programs, and where they run.
pub struct Imports {
    programs: Vec<Program>,
    folder: PathBuf,
}

/// What must not happen.
pub struct Problem {
    /// What it is.
    pub what: String,
    /// What the guest was, and what it called.
    pub text: String,
    /// The script.
    pub script: Vec<u8>,
}

impl Imports {
    /// Builds the programs into a folder, in which they will run.
    ///
    /// # Errors
    /// If one of them cannot be built.
    pub fn new(folder: &Path) -> Result<Imports, String> {
        let mut programs = Vec::new();
        let grants = vec![Grant { host: "granted".to_owned(), guest: "/".to_owned(), read_only: false }];
        let configuration = Configuration { grants, inherit_environment: true, ..Configuration::default() };
        for kind in Kind::ALL {
            for memory in [MemoryPlan::Low, MemoryPlan::Checked] {
                let guest = guest::guest(kind);
                let path = folder.join(format!("{kind:?}-{memory:?}"));
                let options = Options { memory, ..Options::default() };
                let input = Input { name: "guest", bytes: &guest.bytes };
                adder_tests::program::build(&[input], &options, &configuration, &path)?;
                programs.push(Program { path, callees: guest.callees, kind, memory });
            }
        }
        Ok(Imports { programs, folder: folder.to_owned() })
    }

    /// Runs the script of a unit.
    ///
    /// # Errors
    /// If the machine does not do what is asked of it.
    pub fn unit(&self, seed: u64, unit: u64, counts: &mut Counts) -> Result<Option<Problem>, String> {
        let mut numbers = Numbers::new(seed ^ 0x696d_706f, unit);
        let program = numbers.pick(&self.programs);
        let script = script::script(&program.callees, &mut numbers);
        let place = self.folder.join("unit");
        let done = prepare(&place).and_then(|()| self.run(program, &script, &place));
        let end = done.map_err(|error| format!("cannot run a program: {error}"))?;
        let what = match end {
            Ok(end) => {
                counts.add(&end, 1);
                return Ok(None);
            }
            Err(what) => what,
        };
        let text = format!("{:?}, memory {:?}\n{}", program.kind, program.memory, script.text);
        Ok(Some(Problem { what, text, script: script.bytes }))
    }

    fn run(&self, program: &Program, script: &Script, place: &Path) -> std::io::Result<Result<String, String>> {
        let (input, errors) = (self.folder.join("script"), self.folder.join("errors"));
        fs::write(&input, &script.bytes)?;
        let mut command = Command::new(&program.path);
        command.current_dir(place).env_clear().env("NAME", "value");
        command.stdin(File::open(&input)?).stdout(Stdio::null()).stderr(File::create(&errors)?);
        let is_checked = program.memory == MemoryPlan::Checked;
        // SAFETY: setting limits is allowed between fork and exec.
        unsafe { command.pre_exec(move || limit(is_checked)) };
        let mut child = command.spawn()?;
        let end = wait(&mut child)?;
        if let Some(message) = internal_error(&errors)? {
            return Ok(Err(message));
        }
        if let Some(what) = look_outside(place)? {
            return Ok(Err(what));
        }
        Ok(judge(end, script))
    }
}

/// What the runtime has said of a defect of its own: it ends the program as a trap does.
fn internal_error(errors: &Path) -> std::io::Result<Option<String>> {
    let text = fs::read(errors)?;
    let text = String::from_utf8_lossy(&text);
    Ok(text.lines().find(|line| line.contains("adder: internal error")).map(str::to_owned))
}

/// A fresh folder with what is granted and what is not.
fn prepare(place: &Path) -> std::io::Result<()> {
    if place.exists() {
        make_removable(&place.join("granted"))?;
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place.join("granted/d"))?;
    fs::write(place.join("outside"), "outside")?;
    fs::write(place.join("granted/a"), "inside")?;
    std::os::unix::fs::symlink("..", place.join("granted/link"))
}

/// Lets a folder be removed whose rights the guest has changed.
fn make_removable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_removable(&entry.path())?;
        }
    }
    Ok(())
}

/// What has changed beside the folder that was granted.
fn look_outside(place: &Path) -> std::io::Result<Option<String>> {
    let mut names: Vec<_> = fs::read_dir(place)?.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    if names != ["granted", "outside"] {
        return Ok(Some(format!("there is something outside of the grant: {names:?}")));
    }
    let untouched = fs::read(place.join("outside")).is_ok_and(|text| text == b"outside");
    Ok((!untouched).then(|| "a file outside of the grant was changed".to_owned()))
}

fn limit(is_checked: bool) -> std::io::Result<()> {
    let set = |what, value: u64| {
        let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
        // SAFETY: the structure is valid, and a limit of this process touches no memory.
        match unsafe { libc::setrlimit(what, &limit) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    set(libc::RLIMIT_FSIZE, FILE_BYTES)?;
    set(libc::RLIMIT_NOFILE, DESCRIPTORS)?;
    set(libc::RLIMIT_CORE, 0)?;
    // The other plan reserves more than that.
    if is_checked { set(libc::RLIMIT_AS, ADDRESS_SPACE_BYTES) } else { Ok(()) }
}

/// How a program came to its end.
enum End {
    /// By itself.
    Of(ExitStatus),
    /// It waited until it was killed.
    Waiting,
    /// It worked until it was killed.
    Working,
}

fn wait(child: &mut Child) -> std::io::Result<End> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(End::Of(status));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(4));
        let elapsed = start.elapsed();
        if elapsed < WAITING_TIME {
            continue;
        }
        let end = match state(child.id()) {
            Some(('S' | 'T' | 't', _)) => End::Waiting,
            Some((_, used)) if used < WORKING_TIME && elapsed < PATIENCE => continue,
            // It has just ended.
            None => continue,
            Some(_) => End::Working,
        };
        child.kill()?;
        child.wait()?;
        return Ok(end);
    }
}

/// What a process does, and the processor time that it has used.
fn state(process: u32) -> Option<(char, Duration)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may have anything in it.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    // SAFETY: the call has no conditions.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as u64;
    Some((fields.first()?.chars().next()?, Duration::from_millis(ticks * 1000 / per_second)))
}

/// What to say of an end, or as an error why it must not be.
fn judge(end: End, script: &Script) -> Result<String, String> {
    let status = match end {
        End::Waiting => return Ok("waited".to_owned()),
        End::Working => return Err("the program worked without end".to_owned()),
        End::Of(status) => status,
    };
    match (status.signal(), status.code()) {
        (Some(signal), _) if DEFECTS.contains(&signal) => Err(format!("the program was ended by signal {signal}")),
        // It wrote more than it may, or to where nobody reads.
        (Some(libc::SIGXFSZ | libc::SIGPIPE), _) => Ok("ended by a signal".to_owned()),
        (Some(_), _) if script.signals => Ok("ended by a signal".to_owned()),
        (Some(signal), _) => Err(format!("the program was ended by signal {signal}, which it did not send")),
        (_, Some(134)) => Ok("trapped".to_owned()),
        (_, Some(0)) => Ok("came to the end".to_owned()),
        (_, Some(_)) if script.ends => Ok("ended itself".to_owned()),
        (_, code) => Err(format!("the program ended with {code:?}")),
    }
}
