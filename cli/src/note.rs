//! The note in every output: what it was made from, what it may do, who wrote what is in it.
//!
//! An ELF note of owner [`OWNER`] and type [`TYPE`] in the section `.note.adder`; its description is the JSON text of
//! [`Note`]. It holds no time, place or user: the same input gives the same note.

use crate::checkpoint::Summary;
use crate::configuration::{NetworkGrant, NetworkUse};
use crate::failure::{Failure, Result};
use crate::terminal::printable::{line, name, name_in_list};
use adder_compiler::abi::symbol::NOTE_SECTION;
use object::Endianness;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader, SectionHeader};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;

/// The owner's name of the note, without its terminating zero.
pub const OWNER: &str = "adder";
/// The type of the note: the version of its description.
pub const TYPE: u32 = 1;

/// As many imports are listed with everything else; of more, only how many there are.
const LISTED_MAX: usize = 20;

/// What an executable says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Version of adder.
    pub adder: String,
    /// Version of the contract between generated code and runtime.
    pub abi: u32,
    /// The machine it runs on, as a target triple.
    pub target: String,
    /// The modules, the main one first.
    pub inputs: Vec<InputNote>,
    /// Which Python it is, if `adder python` made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<PythonNote>,
    /// What is called: `_start`, or the name that `--invoke` or `--reactor` gave.
    pub entry: String,
    /// 0 or 1.
    pub optimization: u8,
    /// What `--assume` said: `c-abi`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<String>,
    /// Digest of the profile that it was optimised by, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Where it writes a profile when it ends, if it is instrumented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrumented: Option<String>,
    /// The CPUs that it runs on: a level of x86-64.
    pub cpu: String,
    /// `low`, `high` or `checked`.
    pub memory: String,
    /// Size of the guest stack.
    pub stack_bytes: u64,
    /// Size beyond which no memory grows, if smaller than the module's own limit.
    pub memory_limit_bytes: Option<u64>,
    /// Functions compiled.
    pub functions: usize,
    /// Machine code.
    pub code_bytes: u64,
    /// Initial memory that takes room in the file.
    pub image_bytes: u64,
    /// Imports that the runtime supplies, `module.name`.
    pub imports: Vec<String>,
    /// Imports that nobody supplies and that trap when they are called.
    pub missing_imports: Vec<String>,
    /// Folders of the host that the guest may use.
    pub grants: Vec<GrantNote>,
    /// What the guest may use of the network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<NetworkNote>,
    /// Arguments before those of the command line.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// Environment variables that are always set, `NAME=VALUE`.
    pub environment: Vec<String>,
    /// Whether the guest also sees the environment of the process.
    pub inherits_environment: bool,
    /// Whether the guest starts in the working directory of the process.
    pub inherits_working_directory: bool,
    /// Folders that are embedded read-only.
    pub embedded: Vec<EmbeddedNote>,
    /// The checkpoint that it starts from, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<CheckpointNote>,
}

/// A checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointNote {
    /// The export after which it was taken, if that was named.
    pub after: Option<String>,
    /// What is in it. Not in the note, which is older than the checkpoint: whoever reads a note adds it.
    #[serde(flatten, skip_deserializing)]
    pub summary: Option<Summary>,
}

/// A module that went in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputNote {
    /// File name without its folders.
    pub file: String,
    /// SHA-256 of the module, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonNote {
    /// Its version, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What `adder python` calls it; nothing if it is a file of the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flavor: Option<String>,
}

impl fmt::Display for PythonNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CPython")?;
        if let Some(version) = &self.version {
            write!(f, " {}", name(version))?;
        }
        match &self.flavor {
            Some(flavor) => write!(f, ", flavor {}", name_in_list(flavor)),
            None => f.write_str(", not one of adder's flavors"),
        }
    }
}

/// A folder that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantNote {
    /// The host's folder.
    pub host: String,
    /// The guest's name for it.
    pub guest: String,
    /// Whether the guest can change nothing in it.
    pub read_only: bool,
    /// Folders in it, by the guest's names, in whose place the guest sees ones that its module brings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
}

/// Something of the network that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkNote {
    /// `connect`, `listen` or `all`.
    pub used: String,
    /// An address, or the name of a host; nothing for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// A port; nothing for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

impl NetworkNote {
    /// What is said of a grant.
    pub fn of(grant: &NetworkGrant) -> NetworkNote {
        let used = match grant.used {
            NetworkUse::All => "all",
            NetworkUse::Connect => "connect",
            NetworkUse::Listen => "listen",
        };
        let host = (!grant.host.is_empty()).then(|| grant.host.clone());
        NetworkNote { used: used.to_owned(), host, port: grant.port }
    }
}

impl fmt::Display for NetworkNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, all) = match self.used.as_str() {
            "connect" => ("connecting to", "all hosts"),
            "listen" => ("listening at", "all addresses"),
            _ => return f.write_str("the network"),
        };
        let host = self.host.as_deref().unwrap_or(all);
        match self.port {
            None => write!(f, "{verb} {}", line(host)),
            Some(0) => write!(f, "{verb} {} (a port of the system's choice)", line(host)),
            Some(port) => write!(f, "{verb} {} (port {port})", line(host)),
        }
    }
}

/// A folder that is embedded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedNote {
    /// The guest's name for it.
    pub guest: String,
    /// Files in it and below.
    pub files: u64,
    /// Their contents.
    pub bytes: u64,
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Note {
    /// The bytes of the note section.
    pub fn section(&self) -> Vec<u8> {
        let description = serde_json::to_vec(self).expect("a structure of texts and numbers is JSON");
        let mut bytes = Vec::new();
        let word = |bytes: &mut Vec<u8>, value: u32| bytes.extend(value.to_le_bytes());
        word(&mut bytes, OWNER.len() as u32 + 1);
        word(&mut bytes, description.len() as u32);
        word(&mut bytes, TYPE);
        for part in [format!("{OWNER}\0").as_bytes(), &description] {
            bytes.extend(part);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    /// Finds the note in an executable.
    ///
    /// # Errors
    /// If `bytes` is not an executable that adder wrote; `path` is for the message.
    pub fn read(path: &Path, bytes: &[u8]) -> Result<Note> {
        let refused = |why: &str| {
            Failure::refused(format!("{}: {why}", path.display()))
                .hint("adder inspect reads executables and shared libraries that adder wrote")
        };
        let header = FileHeader64::<Endianness>::parse(bytes).map_err(|_| refused("not a 64-bit ELF file"))?;
        let endian = header.endian().map_err(|_| refused("not a 64-bit ELF file"))?;
        let sections = header.sections(endian, bytes).map_err(|_| refused("its section table is damaged"))?;
        let (_, section) = sections
            .section_by_name(endian, NOTE_SECTION.as_bytes())
            .ok_or_else(|| refused("has no .note.adder section: adder did not write it, or it is an object of --emit obj, or linked with one"))?;
        let damaged = || refused("its adder note is damaged");
        let mut notes = section.notes(endian, bytes).map_err(|_| damaged())?.ok_or_else(damaged)?;
        while let Some(note) = notes.next().map_err(|_| damaged())? {
            if note.name() == OWNER.as_bytes() && note.n_type(endian) == TYPE {
                return serde_json::from_slice(note.desc()).map_err(|_| {
                    refused("its adder note is of another version of adder").hint("use the adder that wrote it")
                });
            }
        }
        Err(refused("its adder note is of another version of adder"))
    }
}

impl Note {
    /// Adds what is in the checkpoint.
    pub fn add_summary(&mut self, summary: &Summary) {
        if let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.summary = Some(*summary);
        }
    }

    /// The imports that the runtime supplies, one a line: the module's name, a blank and their own.
    pub fn imports_list(&self) -> String {
        let line = |import: &String| {
            let (module, field) = parts(import);
            format!("{} {}\n", name_in_list(module), name_in_list(field))
        };
        self.imports.iter().map(line).collect()
    }

    /// What the guest may reach, in one line; `None` if it is nothing but its standard streams.
    pub fn grants_line(&self) -> Option<String> {
        let mut parts: Vec<String> = self.grants.iter().map(GrantNote::to_string).collect();
        parts.extend(self.network.iter().map(NetworkNote::to_string));
        if self.inherits_environment {
            parts.push("the environment".to_owned());
        }
        if self.inherits_working_directory {
            // A folder that is not granted is none that the guest could start in.
            let is_everything = |grant: &GrantNote| grant.host == "/" && grant.guest == "/";
            let only_inside = if self.grants.iter().any(is_everything) { "" } else { " if it is inside" };
            parts.push(format!("the working directory{only_inside}"));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl fmt::Display for GrantNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut access = if self.read_only { "read only" } else { "read and write" }.to_owned();
        if !self.hidden.is_empty() {
            let folders: Vec<_> = self.hidden.iter().map(|folder| line(folder)).collect();
            access += &format!(", but for {}: the module brings its own", folders.join(", "));
        }
        let (host, guest) = (line(&self.host), line(&self.guest));
        match host == guest {
            true => write!(f, "{host} ({access})"),
            false => write!(f, "{host} as {guest} ({access})"),
        }
    }
}

/// One fact a line, whatever is in the note: it may be somebody else's work.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for input in &self.inputs {
            writeln!(f, "input: {}, {} bytes, sha256 {}", name(&input.file), input.bytes, name(&input.sha256))?;
        }
        if let Some(python) = &self.python {
            writeln!(f, "python: {python}")?;
        }
        writeln!(f, "target: {}", name(&self.target))?;
        writeln!(f, "adder: {} (abi {})", name(&self.adder), self.abi)?;
        writeln!(f, "entry: {}", name_in_list(&self.entry))?;
        let (memory, cpu) = (name(&self.memory), name(&self.cpu));
        write!(f, "options: -O {}, --memory {memory}, --cpu {cpu}", self.optimization)?;
        for assumption in &self.assumptions {
            write!(f, ", --assume {}", name(assumption))?;
        }
        writeln!(f)?;
        if let Some(profile) = &self.profile {
            writeln!(f, "profile: {}", name(profile))?;
        }
        if let Some(path) = &self.instrumented {
            writeln!(f, "instrumented: writes a profile to {} when it ends", line(path))?;
        }
        let limit = self
            .memory_limit_bytes
            .map_or_else(|| "what the module declares".to_owned(), |limit| format!("{limit} bytes"));
        writeln!(f, "limits: stack {} bytes, memory {limit}", self.stack_bytes)?;
        writeln!(
            f,
            "sizes: {} functions, {} bytes of code, {} bytes of memory image",
            self.functions, self.code_bytes, self.image_bytes
        )?;
        writeln!(f, "granted: {}", self.grants_line().as_deref().unwrap_or("nothing but the standard streams"))?;
        if !self.arguments.is_empty() {
            writeln!(f, "arguments: {}", line(&self.arguments.join(" ")))?;
        }
        if !self.environment.is_empty() {
            writeln!(f, "environment: {}", line(&self.environment.join(" ")))?;
        }
        for embedded in &self.embedded {
            writeln!(f, "embedded: {}, {} files, {} bytes", line(&embedded.guest), embedded.files, embedded.bytes)?;
        }
        if let Some(CheckpointNote { after, summary }) = &self.checkpoint {
            let place = after.as_ref().map_or_else(String::new, |after| format!("after {}, ", name_in_list(after)));
            let unit = if summary.is_some_and(|summary| summary.runs == 1) { "run" } else { "runs" };
            match summary {
                Some(Summary { file_bytes, memory_bytes, runs, copied_bytes, changed_bytes }) => writeln!(
                    f,
                    "checkpoint: {place}{file_bytes} bytes for {memory_bytes} bytes of memory, in {runs} {unit}, and \
                     {copied_bytes} bytes of other state; {changed_bytes} bytes can be copied before the start"
                )?,
                None => writeln!(f, "checkpoint: {place}removed")?,
            }
        }
        match self.imports.len() {
            0..=LISTED_MAX => writeln!(f, "imports: {}", list(&self.imports))?,
            count => writeln!(f, "imports: {count} functions: {}; --imports lists them", counts(&self.imports))?,
        }
        if !self.missing_imports.is_empty() {
            writeln!(f, "missing imports: {}", list(&self.missing_imports))?;
        }
        Ok(())
    }
}

/// The name of the module that an import is from, and its own.
fn parts(import: &str) -> (&str, &str) {
    import.split_once('.').unwrap_or(("", import))
}

/// How many imports are from each module: `12 of module, 3 of module`.
fn counts(imports: &[String]) -> String {
    let each = imports.chunk_by(|one, other| parts(one).0 == parts(other).0);
    let each = each.map(|imports| format!("{} of {}", imports.len(), name_in_list(parts(&imports[0]).0)));
    each.collect::<Vec<_>>().join(", ")
}

/// Names grouped by module: `module: name name; module: name`.
fn list(imports: &[String]) -> String {
    if imports.is_empty() {
        return "none".to_owned();
    }
    let mut text = String::new();
    let mut current = None;
    for import in imports {
        let (module, field) = parts(import);
        if current != Some(module) {
            if current.is_some() {
                text.push_str("; ");
            }
            text.push_str(&name_in_list(module));
            text.push_str(": ");
            current = Some(module);
        } else {
            text.push(' ');
        }
        text.push_str(&name_in_list(field));
    }
    text
}
