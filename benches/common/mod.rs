//! What the benches of the real binary share: how late its edges came, by the trace, and how that is told.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use starcourt::bench::Spread;

/// When each edge of a trace was due and written, in nanoseconds.
pub(crate) fn edges_of(trace: &Path) -> Result<Vec<(i64, i64)>> {
    let text = fs::read_to_string(trace)?;
    let edge = |line: &str| {
        let mut columns = line.split(',').skip(1).map(|column| column.parse().ok());
        Some((columns.next()??, columns.next()??))
    };
    text.lines().skip(1).map(|line| edge(line).with_context(|| format!("reading {line}"))).collect()
}

/// From due to written of every edge of a trace.
pub(crate) fn lateness_of(edges: &[(i64, i64)]) -> Spread {
    edges.iter().map(|(due, written)| written - due).collect()
}

pub(crate) fn heading() {
    println!("{:24} {:>8} {:>8} {:>8} {:>8}", "", "p50", "p99", "p99.9", "max");
}

pub(crate) fn row(what: &str, late: &Spread) {
    let at = |thousandths| late.at(thousandths).as_nanos() as f64 / 1e3;
    println!("{what:24} {:8.1} {:8.1} {:8.1} {:8.1}", at(500), at(990), at(999), at(1_000));
}
