//! wild, from memory to memory: a file system of its own holds the inputs and takes the output, so nothing of a link
//! ever lies on disk except the finished executable, and a full disk is an error instead of a SIGBUS in a mapped file.

use super::{File, OPTIONS, linker_failed};
use crate::failure::{Failure, Result};
use libwild::error::Result as WildResult;
use libwild::{FileSystem, FileType, InputFileData, OutputFileData, OutputOptions};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What the linker calls its output; only this module sees it.
const OUTPUT_NAME: &str = "executable";

/// Links `files`, in that order.
pub(super) fn link(files: &[File]) -> Result<Vec<u8>> {
    let arguments: Vec<&str> = ["wild", "-m", "elf_x86_64"]
        .into_iter()
        .chain(OPTIONS)
        // The linker's name and version would change outputs when only the linker changes.
        .chain(["--no-identity-comment", "-o", OUTPUT_NAME])
        .chain(files.iter().map(|file| file.name.as_str()))
        .collect();
    let output = Arc::new(Mutex::new(None));
    let inputs = files.iter().map(|file| (PathBuf::from(&file.name), Arc::from(file.bytes))).collect();
    let memory = MemoryFileSystem { inputs, output: output.clone() };

    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Failure::environment(format!("cannot start threads: {error}")))?;
    // A pool of its own: the linker waits for tasks that it starts, which could stall the pool of a caller.
    pool.install(|| run(&arguments, memory)).map_err(|error| linker_failed("wild", &error.to_string()))?;
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.take().ok_or_else(|| linker_failed("wild", "it wrote no output"))
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
    inputs: HashMap<PathBuf, Arc<[u8]>>,
    output: Arc<Mutex<Option<Vec<u8>>>>,
}

struct Input(Arc<[u8]>);

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl InputFileData for Input {
    fn bytes(&self) -> &[u8] {
        &self.0
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
        Ok((Input(bytes.clone()), None))
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
