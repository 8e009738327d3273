//! The figures of a bench, and their form for other programs.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::bench::{BOUNDS, Lateness, Spread, Workload};
use crate::engine::Scheduling;

use super::super::printed;

/// What the lights took of one core, in per cent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) workload: Workload,
    pub(super) percent: f64,
}

pub(super) struct Figures {
    pub(super) cores: usize,
    pub(super) quiet: Lateness,
    pub(super) loaded: Lateness,
    /// How many busy threads that was.
    pub(super) busy: usize,
    pub(super) costs: Vec<Cost>,
}

impl Figures {
    pub(super) fn new(quiet: Lateness, loaded: Lateness, busy: usize, costs: Vec<Cost>) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self { cores, quiet, loaded, busy, costs }
    }

    pub(super) fn is_realtime(&self) -> bool {
        self.quiet.scheduling == Scheduling::Realtime
    }

    pub(super) fn as_json(&self) -> String {
        printed::json(&FiguresJson {
            version: env!("CARGO_PKG_VERSION"),
            cores: self.cores,
            realtime: self.is_realtime(),
            quiet: LatenessJson::of(&self.quiet),
            loaded: LatenessJson::of(&self.loaded),
            busy_threads: self.busy,
            core_percent: self
                .costs
                .iter()
                .map(|cost| (key_of(cost.workload), round(cost.percent)))
                .collect(),
        })
    }
}

/// Starcourt's 99th percentile divided by the machine's; `None` without a measurement.
pub(super) fn ratio(lateness: &Lateness) -> Option<f64> {
    let (ours, machine) = (lateness.starcourt.at(990), lateness.machine.at(990));
    (!machine.is_zero()).then(|| ours.as_secs_f64() / machine.as_secs_f64())
}

pub(super) const fn words_for(workload: Workload) -> &'static str {
    match workload {
        Workload::Relays => "8 relays, 50 edges a second",
        Workload::Dimmed => "16 dimmed channels at 200 Hz, all levels different",
        Workload::Fading => "16 dimmed channels at 200 Hz, all fading",
    }
}

const fn key_of(workload: Workload) -> &'static str {
    match workload {
        Workload::Relays => "relays_8",
        Workload::Dimmed => "dimmed_16",
        Workload::Fading => "fading_16",
    }
}

#[derive(Serialize)]
struct FiguresJson {
    version: &'static str,
    cores: usize,
    realtime: bool,
    quiet: LatenessJson,
    loaded: LatenessJson,
    busy_threads: usize,
    core_percent: BTreeMap<&'static str, f64>,
}

#[derive(Serialize)]
struct LatenessJson {
    machine: Distribution,
    starcourt: Distribution,
    p99_ratio: Option<f64>,
}

impl LatenessJson {
    fn of(lateness: &Lateness) -> Self {
        Self {
            machine: Distribution::of(&lateness.machine),
            starcourt: Distribution::of(&lateness.starcourt),
            p99_ratio: ratio(lateness).map(round),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Distribution {
    count: usize,
    p50_us: f64,
    p99_us: f64,
    p99_9_us: f64,
    max_us: f64,
    histogram: Vec<Bar>,
}

/// How many were shorter than this, and not shorter than the one before.
#[derive(Serialize)]
struct Bar {
    /// `null`: all the rest.
    below_us: Option<u64>,
    count: usize,
}

impl Distribution {
    pub(super) fn of(spread: &Spread) -> Self {
        let bounds = BOUNDS.iter().map(|bound| u64::try_from(bound.as_micros()).ok()).chain([None]);
        let bars = bounds.zip(spread.histogram()).map(|(below_us, count)| Bar { below_us, count });
        Self {
            count: spread.count(),
            p50_us: micros(spread.at(500)),
            p99_us: micros(spread.at(990)),
            p99_9_us: micros(spread.at(999)),
            max_us: micros(spread.longest()),
            histogram: bars.collect(),
        }
    }
}

pub(super) fn micros(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e3
}

fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A machine that wakes 10 to 109 µs late, and edges half as late.
    pub(in super::super) fn invented() -> Figures {
        let lateness = |scale: i64| Lateness {
            machine: (10..110).map(|micros| micros * 1_000 * scale).collect(),
            starcourt: (10..110).map(|micros| micros * 500 * scale).collect(),
            scheduling: Scheduling::Realtime,
        };
        let costs = vec![
            Cost { workload: Workload::Relays, percent: 0.41 },
            Cost { workload: Workload::Dimmed, percent: 6.338 },
            Cost { workload: Workload::Fading, percent: 8.0 },
        ];
        Figures { cores: 4, quiet: lateness(1), loaded: lateness(20), busy: 4, costs }
    }

    #[test]
    fn other_programs_read_the_figures_in_microseconds_and_per_cent() {
        let told: serde_json::Value = serde_json::from_str(&invented().as_json()).unwrap();
        assert_eq!(told["quiet"]["machine"]["p99_us"], 108.0);
        assert_eq!(told["quiet"]["starcourt"]["max_us"], 54.5);
        assert_eq!(told["quiet"]["p99_ratio"], 0.5);
        assert_eq!(told["loaded"]["machine"]["p50_us"], 1_180.0);
        assert_eq!(told["core_percent"]["dimmed_16"], 6.34);
        assert_eq!((&told["realtime"], &told["busy_threads"]), (&true.into(), &4.into()));
        let histogram = told["quiet"]["machine"]["histogram"].as_array().unwrap();
        let count: u64 = histogram.iter().map(|bar| bar["count"].as_u64().unwrap()).sum();
        assert_eq!(count, 100);
        assert!(histogram.last().unwrap()["below_us"].is_null());
    }
}
