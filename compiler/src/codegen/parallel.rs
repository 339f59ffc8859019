//! Compiles functions on several threads. What is produced does not depend on how many there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::artifact::Artifact;
use super::function::Worker;
use super::isa::Isa;
use crate::Observer;
use crate::error::Result;
use crate::link::FunctionKind;
use crate::options::Options;
use crate::plan::{Program, StartPlan};
use crate::symbol::Symbol;

/// Generates the code of all these symbols, in this order.
///
/// The error is that of the first function, in this order, that has one.
pub fn generate(
    program: &Program<'_>,
    symbols: &[Symbol],
    start: &StartPlan,
    options: &Options,
    isa: &Isa,
    observer: &dyn Observer,
) -> Result<Vec<Artifact>> {
    let sizes: Vec<usize> = symbols.iter().map(|symbol| wasm_bytes(program, *symbol)).collect();
    let total_bytes = sizes.iter().sum::<usize>() as u64;
    let mut largest_first: Vec<usize> = (0..symbols.len()).collect();
    largest_first.sort_by_key(|index| std::cmp::Reverse(sizes[*index]));

    let next = AtomicUsize::new(0);
    let done_bytes = AtomicU64::new(0);
    let first_failure = AtomicUsize::new(usize::MAX);
    let results: Vec<Mutex<Option<Result<Artifact>>>> = symbols.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        let mut worker = Worker::new(program, start, options, isa);
        while let Some(index) = largest_first.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
            if index > first_failure.load(Ordering::Relaxed) {
                continue;
            }
            let result = worker.compile(symbols[index]);
            if result.is_err() {
                first_failure.fetch_min(index, Ordering::Relaxed);
            }
            *results[index].lock().expect("no thread panics while it holds a result") = Some(result);
            let done = done_bytes.fetch_add(sizes[index] as u64, Ordering::Relaxed) + sizes[index] as u64;
            observer.progress(done, total_bytes);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..options.jobs {
            scope.spawn(work);
        }
        work();
    });
    let mut artifacts = Vec::with_capacity(symbols.len());
    for result in results {
        let result = result.into_inner().expect("no thread panics while it holds a result");
        artifacts.push(result.expect("a function is left out only behind one that failed")?);
    }
    Ok(artifacts)
}

fn wasm_bytes(program: &Program<'_>, symbol: Symbol) -> usize {
    let Symbol::Function(id) = symbol else { return 0 };
    let function = &program.functions[id.index()];
    match function.kind {
        FunctionKind::Defined(body) => {
            program.instance(function.instance).module.bodies[body as usize].body.as_bytes().len()
        }
        FunctionKind::Host(_) | FunctionKind::Missing | FunctionKind::WithoutJavaScript => 0,
    }
}
