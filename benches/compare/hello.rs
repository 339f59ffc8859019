//! The smallest processes: hello, world, against the same program compiled natively.

use adder_bench::{Samples, Table, measure, peak, table, turn};

use crate::engines::{ADDER, Engine};
use crate::report::Report;
use crate::system_calls::Subject;
use crate::tools::size;
use crate::workshop::Workshop;

/// A row of the table.
struct Row {
    name: String,
    engine: Engine,
    /// The row of the same program as a native one.
    native: usize,
}

/// Adds the table, and returns whose system calls are worth counting.
pub fn compare(workshop: &Workshop, count: usize, report: &mut Report) -> Result<Vec<Subject>, String> {
    let empty = workshop.empty()?;
    let mut rows = vec![Row { name: empty.name.to_owned(), engine: empty, native: 0 }];
    for hello in workshop.hello()? {
        let native = rows.len();
        for engine in hello.engines {
            rows.push(Row { name: format!("hello in {}, {}", hello.language, engine.name), engine, native });
        }
    }
    eprintln!("hello, world: {count} times");
    let mut walls = vec![Samples::default(); rows.len()];
    for round in 0..count {
        for at in turn(round, rows.len()) {
            let run = measure::run(&mut rows[at].engine.command(&[]))?;
            let expected = if at == 0 { "" } else { "hello, world\n" };
            if run.output != expected {
                return Err(format!("{} prints {:?}", rows[at].name, run.output));
            }
            walls[at].push(run.wall.as_secs_f64());
        }
    }
    let mut table = Table::new(
        format!("Hello, world, {count} starts of each"),
        &["", "microseconds", "over the same natively", "over the empty process", "peak memory, KB", "size, KB"],
    );
    for (at, row) in rows.iter().enumerate() {
        let peak = peak::samples(|| row.engine.command(&[]))?;
        let over_native = walls[at].over(&walls[row.native]).median();
        let over_empty = walls[at].over(&walls[0]).median();
        table.row([
            row.name.clone(),
            table::microseconds(&walls[at]),
            table::ratio(&walls[at].over(&walls[row.native])),
            table::ratio(&walls[at].over(&walls[0])),
            format!("{:.0}", peak.median() / 1e3),
            format!("{:.0}", size(&row.engine.executable)? as f64 / 1e3),
        ]);
        if row.engine.name == ADDER && row.name.contains("Rust") {
            report.target("hello, world in Rust, over the same natively", 3.0, over_native, 2);
            report.target("its peak memory, MB", 1.5, peak.median() / 1e6, 2);
        } else if row.engine.name == ADDER {
            report.target("hello, world in C, over an empty static process", 3.0, over_empty, 2);
        }
    }
    report.push(table);
    let subject = |row: &Row| Subject { name: row.name.clone(), command: row.engine.command(&[]), restored: false };
    Ok(rows.iter().map(subject).collect())
}
