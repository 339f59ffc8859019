//! A run is made of processes that a defect can kill or hang without ending the run: each works through its share of the
//! units (batches or inputs) and tells on standard output what it begins and what it counted.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::report::Counts;

/// How long a worker may take for one unit.
const PATIENCE: Duration = Duration::from_secs(120);

/// Findings after which a run ends: whatever is wrong then is wrong with everything.
const FINDINGS_MAX: usize = 50;

/// What a worker tells.
#[derive(Debug, PartialEq)]
enum Event {
    /// It begins with a unit.
    At(u64),
    /// It counted something.
    Count(String, u64),
    /// It found something.
    Found(String),
    /// It has nothing left to do.
    Done,
    /// Its output ended.
    Ended,
}

/// What a worker has to do.
pub struct Share {
    /// Its first unit.
    pub first: u64,
    /// The distance to the next one.
    pub step: u64,
    /// The unit at which to end.
    pub end: u64,
    /// When to end at the latest.
    pub deadline: Option<Instant>,
}

impl Share {
    /// The units, as long as there is time. Tells about each.
    pub fn units(&self) -> impl Iterator<Item = u64> {
        let mut next = self.first;
        std::iter::from_fn(move || {
            let is_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if is_late || next >= self.end {
                tell("done");
                return None;
            }
            let unit = next;
            next = next.saturating_add(self.step);
            tell(&format!("at {unit}"));
            Some(unit)
        })
    }
}

/// Tells the supervisor what was counted, and forgets it.
pub fn tell_counts(counts: &mut Counts) {
    for (name, number) in counts.iter() {
        tell(&format!("count {number} {name}"));
    }
    *counts = Counts::default();
}

/// Tells the supervisor about a finding.
pub fn tell_finding(text: &str) {
    tell(&format!("found {}", text.replace('\n', "\u{1}")));
}

fn tell(line: &str) {
    let mut output = std::io::stdout().lock();
    // If nobody listens any more, the run is over.
    if writeln!(output, "{line}").and_then(|()| output.flush()).is_err() {
        std::process::exit(1);
    }
}

fn parse(line: &str) -> Option<Event> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "at" => Some(Event::At(rest.parse().ok()?)),
        "count" => {
            let (number, name) = rest.split_once(' ')?;
            Some(Event::Count(name.to_owned(), number.parse().ok()?))
        }
        "found" => Some(Event::Found(rest.replace('\u{1}', "\n"))),
        "done" => Some(Event::Done),
        _ => None,
    }
}

/// What a run has to do.
pub struct Run {
    /// How many processes work at a time.
    pub jobs: u64,
    /// The first unit.
    pub first: u64,
    /// The unit at which to end.
    pub end: u64,
    /// How long to go on.
    pub duration: Option<Duration>,
}

/// What came of a run.
#[derive(Default)]
pub struct Outcome {
    /// What was counted.
    pub counts: Counts,
    /// What was found, each as a text.
    pub findings: Vec<String>,
}

impl Outcome {
    fn found(&mut self, text: String) {
        eprintln!("found: {text}");
        self.findings.push(text);
    }
}

/// Works through the units. `command` makes the command of a process that works through a share.
///
/// # Errors
/// If a process cannot be started.
pub fn run(run: &Run, command: impl Fn(&Share) -> Command) -> std::io::Result<Outcome> {
    let start = Instant::now();
    let deadline = run.duration.map(|duration| start + duration);
    let mut outcome = Outcome::default();
    let (sender, events) = channel();
    let mut workers = Vec::new();
    let mut names = 0..;
    let mut begin = |share: Share| Worker::start(names.next().unwrap_or(0), share, &command, &sender);
    for number in 0..run.jobs.max(1) {
        workers.push(begin(Share { first: run.first + number, step: run.jobs.max(1), end: run.end, deadline })?);
    }
    let mut last_report = Instant::now();
    while !workers.is_empty() {
        if outcome.findings.len() >= FINDINGS_MAX {
            eprintln!("{FINDINGS_MAX} findings: the run ends");
            workers.drain(..).for_each(|worker| _ = worker.kill());
            break;
        }
        let event = match events.recv_timeout(Duration::from_secs(1)) {
            Ok((name, event)) => workers.iter().position(|worker| worker.name == name).map(|place| (place, event)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        };
        let mut lost = None;
        if let Some((place, event)) = event {
            let worker = &mut workers[place];
            worker.last = Instant::now();
            match event {
                Event::At(unit) => worker.unit = Some(unit),
                Event::Count(name, number) => outcome.counts.add(&name, number),
                Event::Found(text) => outcome.found(text),
                Event::Done => workers.remove(place).end(),
                Event::Ended => lost = Some((place, "the process died")),
            }
        } else if let Some(place) = workers.iter().position(|worker| worker.last.elapsed() > PATIENCE) {
            lost = Some((place, "the process hung"));
        }
        if let Some((place, what)) = lost {
            let worker = workers.remove(place);
            let (unit, share) = (worker.unit, worker.rest());
            let status = worker.kill();
            let place = unit.map_or("before it began".to_owned(), |unit| format!("in unit {unit}"));
            outcome.found(format!("{what} {place} ({status}); repeat it with --first and --count 1"));
            if let Some(share) = share {
                workers.push(begin(share)?);
            }
        }
        if last_report.elapsed() > Duration::from_secs(60) {
            last_report = Instant::now();
            eprintln!("after {} s: {} findings", start.elapsed().as_secs(), outcome.findings.len());
        }
    }
    Ok(outcome)
}

struct Worker {
    name: u64,
    child: Child,
    share: Share,
    unit: Option<u64>,
    last: Instant,
}

impl Worker {
    fn start(
        name: u64,
        share: Share,
        command: &impl Fn(&Share) -> Command,
        sender: &Sender<(u64, Event)>,
    ) -> std::io::Result<Worker> {
        let mut child = command(&share).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().expect("stdout is piped");
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(event) = parse(&line)
                    && sender.send((name, event)).is_err()
                {
                    return;
                }
            }
            // Nobody listens if the run is over.
            let _ = sender.send((name, Event::Ended));
        });
        Ok(Worker { name, child, share, unit: None, last: Instant::now() })
    }

    /// What is left for another process; nothing if this one did not even begin.
    fn rest(&self) -> Option<Share> {
        let first = self.unit? + self.share.step;
        Some(Share { first, ..self.share })
    }

    fn end(mut self) {
        let _ = self.child.wait();
    }

    fn kill(mut self) -> String {
        let _ = self.child.kill();
        self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

#[test]
fn events_are_read_as_they_are_told() {
    assert_eq!(parse("at 7"), Some(Event::At(7)));
    assert_eq!(parse("count 3 two words"), Some(Event::Count("two words".to_owned(), 3)));
    assert_eq!(parse("found a\u{1}b"), Some(Event::Found("a\nb".to_owned())));
    assert_eq!(parse("done"), Some(Event::Done));
    assert_eq!(parse("something else"), None);
}

#[test]
fn a_run_outlives_its_processes() {
    // Each process works on one unit and dies in the next; the last one finds nothing left to do.
    let run_of_four = Run { jobs: 1, first: 0, end: 4, duration: None };
    let command = |share: &Share| {
        let mut command = Command::new("sh");
        let (unit, next) = (share.first, share.first + 1);
        command.arg("-c").arg(match unit < share.end {
            true => format!("echo at {unit}; echo count 1 units; echo at {next}; exit 3"),
            false => "echo done".to_owned(),
        });
        command
    };
    let outcome = run(&run_of_four, command).expect("sh can be started");
    assert_eq!(outcome.counts.get("units"), 2);
    assert_eq!(outcome.findings.len(), 2);
    assert!(outcome.findings[0].contains("in unit 1") && outcome.findings[1].contains("in unit 3"));
}
