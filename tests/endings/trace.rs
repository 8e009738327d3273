//! What `--trace` wrote down of a channel.

use std::time::Duration;

use crate::common::setup::Setup;

/// A line of the trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    /// Where the show was.
    pub(crate) show: Duration,
    /// When it was written, by the machine's clock.
    pub(crate) written: Duration,
}

/// The changes of a channel in `trace.csv`.
pub(crate) fn changes_of(setup: &Setup, channel: &str) -> Vec<Change> {
    let trace = std::fs::read_to_string(setup.path("trace.csv")).unwrap();
    let lines = trace.lines().map(|line| line.split(',').collect());
    let theirs = lines.filter(|fields: &Vec<&str>| fields[3] == channel);
    theirs
        .map(|fields| Change {
            show: Duration::from_micros(fields[0].parse().unwrap()),
            written: Duration::from_nanos(fields[2].parse().unwrap()),
        })
        .collect()
}
