//! The figures of a bench, and their form for other programs.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;
use std::time::Duration;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::bench::{BOUNDS, Lateness, Spread, Workload};
use crate::engine::Scheduling;

/// What the lights took of one core, in per cent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) workload: Workload,
    pub(super) percent: f64,
}

/// As other programs read them.
#[derive(Serialize)]
pub(super) struct Figures {
    version: &'static str,
    pub(super) cores: usize,
    pub(super) realtime: bool,
    #[serde(serialize_with = "compared")]
    pub(super) quiet: Lateness,
    #[serde(serialize_with = "compared")]
    pub(super) loaded: Lateness,
    /// How many busy threads that was.
    #[serde(rename = "busy_threads")]
    pub(super) busy: usize,
    #[serde(rename = "core_percent", serialize_with = "by_key")]
    pub(super) costs: Vec<Cost>,
}

impl Figures {
    pub(super) fn new(quiet: Lateness, loaded: Lateness, busy: usize, costs: Vec<Cost>) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let realtime = quiet.scheduling == Scheduling::Realtime;
        Self { version: env!("CARGO_PKG_VERSION"), cores, realtime, quiet, loaded, busy, costs }
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

fn by_key<S: Serializer>(costs: &[Cost], to: S) -> Result<S::Ok, S::Error> {
    let costs: BTreeMap<_, _> =
        costs.iter().map(|cost| (key_of(cost.workload), round(cost.percent))).collect();
    costs.serialize(to)
}

fn compared<S: Serializer>(lateness: &Lateness, to: S) -> Result<S::Ok, S::Error> {
    let mut fields = to.serialize_struct("Lateness", 3)?;
    fields.serialize_field("machine", &Distribution::of(&lateness.machine))?;
    fields.serialize_field("starcourt", &Distribution::of(&lateness.starcourt))?;
    fields.serialize_field("p99_ratio", &ratio(lateness).map(round))?;
    fields.end()
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
        Figures { cores: 4, ..Figures::new(lateness(1), lateness(20), 4, costs) }
    }

    #[test]
    fn other_programs_read_the_figures_in_microseconds_and_per_cent() {
        let told: serde_json::Value = serde_json::to_value(invented()).unwrap();
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
