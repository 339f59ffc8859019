//! A page of Markdown, read as a list of things to do: files to write and commands to run, with the output that it shows.
//!
//! What a fenced block is, its first word says, and what to do with it, the words behind that:
//!
//! | block | meaning |
//! |---|---|
//! | `console` | lines that begin with `$ ` are commands, what follows each is its output, which is compared |
//! | `sh` | every line is a command; its output is not compared |
//! | `console root`, `sh root` | the same, run in the root of the repository and not in the page's folder |
//! | `console figures` | the same, where every number may differ |
//! | `sh ci` | not run here: `.ci/run` has the same lines |
//! | `sh skip: REASON`, `console skip: REASON` | not run at all |
//! | `LANGUAGE file=NAME` | the text of a file in the page's folder, which the text before the block names |
//! | `text` | something to look at, without commands |
//!
//! A line of a command that ends with `\` goes on in the next line.

/// Where it is on the page: the number of its line, from 1.
pub type Line = usize;

/// What to do with a page, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write a file into the page's folder.
    File { line: Line, name: String, text: String },
    /// Run a command.
    Command(Command),
}

/// A command of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub line: Line,
    pub text: String,
    pub place: Place,
    /// What it prints; `None` if that is not compared.
    pub output: Option<Shown>,
}

/// Where a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The page's own folder.
    Page,
    /// The root of the repository.
    Root,
}

/// Output that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The line behind the command, where the output begins.
    pub line: Line,
    pub lines: Vec<String>,
    /// Whether every number may differ.
    pub figures: bool,
}

/// What is wrong with a page: the line, and why.
pub type Fault = (Line, String);

/// What the page says to do. `ci` is the text of `.ci/run`.
pub fn read(text: &str, ci: &str) -> Result<Vec<Step>, Vec<Fault>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut steps = Vec::new();
    let mut faults = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(mark) = lines[at].trim_start().strip_prefix("```") else {
            at += 1;
            continue;
        };
        let first = at + 1;
        let length = lines[first..].iter().position(|line| line.trim_start().starts_with("```"));
        let Some(length) = length else {
            faults.push((at + 1, "the block has no end".to_owned()));
            break;
        };
        let before = lines[..at].iter().rev().find(|line| !line.is_empty()).copied().unwrap_or_default();
        let block = Block { mark, before, first, lines: &lines[first..first + length] };
        match block.steps(ci) {
            Ok(more) => steps.extend(more),
            Err(fault) => faults.push(fault),
        }
        at = first + length + 1;
    }
    for (index, step) in steps.iter().enumerate() {
        if let Step::File { line, name, .. } = step
            && !is_used(name, &steps[index + 1..])
        {
            faults.push((*line, format!("no command uses {name}")));
        }
    }
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

/// Whether a command, or a file that comes later, names this file, or the folder that it is in.
fn is_used(name: &str, behind: &[Step]) -> bool {
    let top = name.split('/').next().unwrap_or(name);
    behind.iter().any(|step| match step {
        Step::File { text, .. } | Step::Command(Command { text, .. }) => text.contains(top),
    })
}

/// A fenced block.
struct Block<'a> {
    /// What stands behind the fence.
    mark: &'a str,
    /// The last line of text before it.
    before: &'a str,
    /// The index of its first line.
    first: usize,
    lines: &'a [&'a str],
}

impl Block<'_> {
    fn steps(&self, ci: &str) -> Result<Vec<Step>, Fault> {
        let fault = |why: &str| Err((self.first, why.to_owned()));
        let (language, words) = self.mark.split_once(' ').unwrap_or((self.mark, ""));
        if let Some(reason) = words.strip_prefix("skip:") {
            return if reason.trim().len() < 10 { fault("`skip:` without a reason") } else { Ok(Vec::new()) };
        }
        if let Some(name) = words.strip_prefix("file=") {
            if !self.before.contains(&format!("`{name}`")) {
                return fault(&format!("the line before the block does not name the file `{name}`"));
            }
            let text = self.lines.iter().map(|line| format!("{line}\n")).collect();
            return Ok(vec![Step::File { line: self.first, name: name.to_owned(), text }]);
        }
        let words: Vec<&str> = words.split_whitespace().collect();
        let known: &[&str] = match language {
            "console" => &["root", "figures"],
            "sh" => &["root", "ci"],
            _ => &[],
        };
        if let Some(word) = words.iter().find(|word| !known.contains(word)) {
            return fault(&format!("a block of {language} cannot be `{word}`"));
        }
        let place = if words.contains(&"root") { Place::Root } else { Place::Page };
        match language {
            "console" => self.console(place, words.contains(&"figures")),
            "sh" if words.contains(&"ci") => self.ci(ci),
            "sh" => Ok(self.shell(place)),
            "text" => self.text(),
            "" => fault("the block does not say what it is: console, sh, text, or LANGUAGE file=NAME"),
            _ => fault("a program that is not run: say `file=NAME`, and run that"),
        }
    }

    /// The command that begins at this index, and the index behind it.
    fn command(&self, at: usize) -> (String, usize) {
        let mut text = self.lines[at].strip_prefix("$ ").unwrap_or(self.lines[at]).to_owned();
        let mut next = at + 1;
        while text.ends_with('\\') && next < self.lines.len() {
            text = format!("{text}\n{}", self.lines[next]);
            next += 1;
        }
        (text, next)
    }

    fn console(&self, place: Place, figures: bool) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            if !self.lines[at].starts_with("$ ") {
                return Err((self.first + at + 1, "output without a command".to_owned()));
            }
            let (text, behind) = self.command(at);
            let length = self.lines[behind..].iter().take_while(|line| !line.starts_with("$ ")).count();
            let lines = self.lines[behind..behind + length].iter().map(|line| (*line).to_owned()).collect();
            let shown = Shown { line: self.first + behind + 1, lines, figures };
            steps.push(Step::Command(Command { line: self.first + at + 1, text, place, output: Some(shown) }));
            at = behind + length;
        }
        Ok(steps)
    }

    fn shell(&self, place: Place) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            let (text, behind) = self.command(at);
            let line = self.first + at + 1;
            at = behind;
            if !text.trim().is_empty() {
                steps.push(Step::Command(Command { line, text, place, output: None }));
            }
        }
        steps
    }

    /// Commands that continuous integration runs by itself.
    fn ci(&self, ci: &str) -> Result<Vec<Step>, Fault> {
        for (index, line) in self.lines.iter().enumerate() {
            if !line.is_empty() && !ci.lines().any(|other| other.trim() == line.trim()) {
                return Err((self.first + index + 1, format!(".ci/run does not run `{line}`")));
            }
        }
        Ok(Vec::new())
    }

    fn text(&self) -> Result<Vec<Step>, Fault> {
        let is_command =
            |line: &&str| ["$ ", "adder ", "./", "cargo ", "python", "pip "].iter().any(|word| line.starts_with(word));
        match self.lines.iter().position(is_command) {
            Some(index) => Err((self.first + index + 1, "a command that is not run: make it a block of sh".to_owned())),
            None => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        read(text, "cargo test\n").expect_err("it is wrong").remove(0)
    }

    #[test]
    fn commands_have_their_output() {
        let steps = read("# T\n\n```console root\n$ a \\\n  b\n1\n2\n$ c\n```\n", "").expect("it is right");
        let command = |line, text: &str, shown, lines: &[&str]| {
            let lines = lines.iter().map(|line| (*line).to_owned()).collect();
            let output = Some(Shown { line: shown, lines, figures: false });
            Step::Command(Command { line, text: text.to_owned(), place: Place::Root, output })
        };
        assert_eq!(steps, [command(4, "a \\\n  b", 6, &["1", "2"]), command(8, "c", 9, &[])]);
    }

    #[test]
    fn lines_of_a_shell_are_commands() {
        let steps = read("```sh\na\n\nb\n```\n", "").expect("it is right");
        let command =
            |line, text: &str| Step::Command(Command { line, text: text.to_owned(), place: Place::Page, output: None });
        assert_eq!(steps, [command(2, "a"), command(4, "b")]);
    }

    #[test]
    fn files_are_named_by_the_text() {
        let file = "Put this into `a.py`:\n\n```python file=a.py\nx\n\ny\n```\n";
        let steps = read(&format!("{file}```sh\nrun a.py\n```\n"), "").expect("it is right");
        assert_eq!(steps[0], Step::File { line: 3, name: "a.py".to_owned(), text: "x\n\ny\n".to_owned() });
        assert_eq!(fault(file), (3, "no command uses a.py".to_owned()));
        assert_eq!(fault("This:\n\n```python file=a.py\nx\n```\n").0, 3);
    }

    #[test]
    fn commands_are_run_or_have_a_reason() {
        assert_eq!(read("```sh ci\ncargo test\n```\n", "  cargo test\n"), Ok(Vec::new()));
        assert_eq!(read("```sh skip: it takes an hour\nx\n```\n", ""), Ok(Vec::new()));
        for (text, line) in [
            ("```sh ci\ncargo test\ncargo bench\n```\n", 3),
            ("```sh skip: no\nx\n```\n", 1),
            ("```text\nsome\nadder build\n```\n", 3),
            ("```\nx\n```\n", 1),
            ("```python\nx\n```\n", 1),
            ("```console\nx\n```\n", 2),
            ("```sh figures\nx\n```\n", 1),
            ("x\n```sh\n", 2),
        ] {
            assert_eq!(fault(text).0, line, "{text}");
        }
    }
}
