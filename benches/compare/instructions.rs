//! Counting instructions instead of time: the same on a busy machine as on an idle one, but without caches, branch
//! prediction and the kernel in it, so it explains a time and does not replace it.
//!
//! valgrind does the counting. It cannot give away low addresses, so adder's Python is built with `--memory high`,
//! which makes guest code slower than the ordinary plan does.

use std::process::Command;

use crate::engines::Engine;
use crate::rounds::repeatable;
use crate::tools;
use crate::workshop::{MEMORY_HIGH, Workshop, ten_parts};

/// Prints the counts for native Python and for adder's, and their ratios.
pub fn compare(workshop: &Workshop) -> Result<(), String> {
    let adder = repeatable(workshop.python_with_memory(MEMORY_HIGH)?);
    let native = repeatable(workshop.engines().into_iter().next().ok_or("native Python is always there")?);
    let script = ten_parts();
    let script = script.to_str().ok_or("the path of this checkout is not UTF-8")?;
    println!("{:<16}{:>18}{:>18}{:>8}", "instructions", "native -O3", "adder, high", "ratio");
    for (name, arguments) in [("-c pass", vec!["-c", "pass"]), ("ten parts", vec![script])] {
        let [native, adder] = [count(&native, &arguments)?, count(&adder, &arguments)?];
        println!("{name:<16}{native:>18}{adder:>18}{:>8.2}", adder as f64 / native as f64);
    }
    Ok(())
}

/// Instructions of a whole process.
fn count(engine: &Engine, arguments: &[&str]) -> Result<u64, String> {
    let valgrind = tools::find("valgrind").ok_or("there is no valgrind")?;
    let mut command = Command::new(valgrind);
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    tools::under(&mut command, &engine.command(arguments));
    let output = command.output().map_err(|error| format!("cannot run valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} under valgrind ended with {}\n{said}", engine.name, output.status));
    }
    // ==123== Collected : 45678
    let line = said.lines().find_map(|line| line.split_once("Collected :"));
    line.and_then(|(_, count)| count.trim().parse().ok()).ok_or(format!("valgrind counted nothing:\n{said}"))
}
