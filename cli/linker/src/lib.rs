//! wild, from memory to memory: a file system of its own holds the inputs and takes the output, so nothing of a link
//! ever lies on disk except the finished executable, and a full disk is an error instead of a SIGBUS in a mapped file.
//!
//! This is a crate of its own because the linker is generic over its file system: the crate that calls it compiles all
//! of it, which takes minutes and should not happen whenever the command line changes.

use libwild::error::Result as WildResult;
use libwild::{FileSystem, FileType, InputFileData, OutputFileData, OutputOptions};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What the linker calls its output; only this module sees it.
const OUTPUT_NAME: &str = "executable";

/// An input of the linker.
pub struct File<'a> {
    /// Its name, which no other input has.
    pub name: String,
    /// Its bytes.
    pub contents: Contents<'a>,
}

/// The contents of an input. wild wants to own what it reads or to have it for ever.
#[derive(Clone, Copy)]
pub enum Contents<'a> {
    /// Part of the program: nothing has to be copied.
    Embedded(&'static [u8]),
    /// Somebody else's.
    Given(&'a [u8]),
}

impl<'a> Contents<'a> {
    /// The bytes.
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Contents::Embedded(bytes) => bytes,
            Contents::Given(bytes) => bytes,
        }
    }
}

/// Links `files`, in that order, for the machine that linkers call `emulation`, with `jobs` threads, and returns the executable.
/// The error is one line.
pub fn link(files: &[File<'_>], emulation: &str, options: &[String], jobs: usize) -> Result<Vec<u8>, String> {
    let arguments: Vec<&str> = ["wild", "-m", emulation]
        .into_iter()
        .chain(options.iter().map(String::as_str))
        // The linker's name and version would change outputs when only the linker changes.
        .chain(["--no-identity-comment", "-o", OUTPUT_NAME])
        .chain(files.iter().map(|file| file.name.as_str()))
        .collect();
    let output = Arc::new(Mutex::new(None));
    let inputs = files.iter().map(|file| (PathBuf::from(&file.name), Input::new(file.contents))).collect();
    let memory = MemoryFileSystem { inputs, output: output.clone() };

    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).thread_name(|index| format!("link-{index}")).build();
    let pool = pool.map_err(|error| format!("cannot start threads: {error}"))?;
    // A pool of its own: the linker waits for tasks that it starts, which could stall the pool of a caller.
    let linked = pool.install(|| run(&arguments, memory));
    linked.map_err(|error| error.to_string().split_whitespace().collect::<Vec<&str>>().join(" "))?;
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.take().ok_or_else(|| "it wrote no output".to_owned())
}

fn run(arguments: &[&str], memory: MemoryFileSystem) -> WildResult {
    let arguments = || arguments.iter();
    let mut parsed = libwild::Args::new(arguments)?;
    // Its warnings are about options; all options are ours.
    parsed.on_warning(Box::new(|warning| debug_assert!(false, "wild warns: {}", warning.warning())));
    parsed.parse(arguments)?;
    libwild::Linker::with_file_system(memory).run(&parsed)?;
    Ok(())
}

/// The inputs by name, and a place for the output.
struct MemoryFileSystem {
    inputs: HashMap<PathBuf, Input>,
    output: Arc<Mutex<Option<Vec<u8>>>>,
}

#[derive(Clone)]
enum Input {
    Embedded(&'static [u8]),
    Copied(Arc<[u8]>),
}

impl Input {
    fn new(contents: Contents) -> Input {
        match contents {
            Contents::Embedded(bytes) => Input::Embedded(bytes),
            Contents::Given(bytes) => Input::Copied(Arc::from(bytes)),
        }
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.bytes().len())
    }
}

impl InputFileData for Input {
    fn bytes(&self) -> &[u8] {
        match self {
            Input::Embedded(bytes) => bytes,
            Input::Copied(bytes) => bytes,
        }
    }
}

struct Output {
    bytes: Vec<u8>,
    finished: Arc<Mutex<Option<Vec<u8>>>>,
}

impl OutputFileData for Output {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    fn finish(self) -> WildResult {
        *self.finished.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.bytes);
        Ok(())
    }
}

fn not_found(path: &Path) -> libwild::error::Error {
    libwild::error!("no input is called {}", path.display())
}

impl FileSystem for MemoryFileSystem {
    type Input = Input;
    type Output = Output;

    fn open_input(&self, path: &Path, _prepopulate: bool) -> WildResult<(Input, Option<Arc<std::fs::File>>)> {
        let bytes = self.inputs.get(path).ok_or_else(|| not_found(path))?;
        Ok((bytes.clone(), None))
    }

    fn file_type(&self, path: &Path) -> WildResult<FileType> {
        self.inputs.get(path).map(|_| FileType::File).ok_or_else(|| not_found(path))
    }

    fn canonicalize(&self, path: &Path) -> WildResult<PathBuf> {
        Ok(path.to_owned())
    }

    // The linker moves and removes only an older output, and there is none here.
    fn remove_file(&self, path: &Path) -> WildResult {
        Err(not_found(path))
    }

    fn rename_file(&self, path: &Path, _new_path: &Path) -> WildResult {
        Err(not_found(path))
    }

    fn create_output(&self, _path: Arc<Path>, options: OutputOptions) -> WildResult<Output> {
        Ok(Output { bytes: vec![0; usize::try_from(options.size)?], finished: self.output.clone() })
    }

    // Traces and layouts for the linker's own developers, asked for by its own environment variables.
    fn write_auxiliary(&self, _path: &Path, _bytes: &[u8]) -> WildResult {
        Ok(())
    }
}
