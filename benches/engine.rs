//! How many levels and edges a second the engine's pure parts find, and what merging PWM costs: in
//! virtual time, no thread and no line.
//!
//! `cargo bench --bench engine`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use criterion::{Criterion, Throughput};
use starcourt::bench::different_levels;
use starcourt::clock::{Course, Playhead, Position};
use starcourt::diagnosis::Source;
use starcourt::easing::Easing;
use starcourt::engine::{Extent, Passes, rehearse};
use starcourt::level::Level;
use starcourt::output::patch::{Means, Patch};
use starcourt::rig::{self, Rig};
use starcourt::time::{Mono, ShowTime};
use starcourt::timeline::{Playback, Ramp, Timeline, Track};

const SECOND: Duration = Duration::from_secs(1);
const BEGINS: Mono = Mono::from_nanos(1_000_000_000);

fn rig(channels: u16) -> Result<Rig> {
    let mut text = "[channels]\n".to_owned();
    for line in 0..channels {
        let place = if channels <= 28 { "pin" } else { "sim" };
        text += &format!("lamp{line} = {{ {place} = {line}, kind = \"pwm\" }}\n");
    }
    rig::read(&Source::new("rig.toml", text)).0.context("a list of channels is a rig")
}

/// All at different levels.
fn levels(channels: u16) -> Arc<Timeline> {
    Arc::new(Timeline::new(different_levels(channels)))
}

/// All fading up over a second, again and again.
fn fades(channels: u16, seconds: u64) -> Arc<Timeline> {
    let mut track = Track::default();
    for second in 0..seconds {
        let start = ShowTime::from_micros(second * 1_000_000);
        let (from, to, easing) = (Level::OFF, Level::FULL, Easing::InOut);
        track.ramp(start, Ramp { start, over: SECOND, from, to, easing });
    }
    Arc::new(Timeline::new(vec![track; channels.into()]))
}

/// A second of `timeline`; how many changes of levels and lines it has.
fn second(timeline: &Arc<Timeline>, rig: &Rig) -> u64 {
    let playhead = Playhead::Running(Course::by_machine(BEGINS, Position(0)));
    let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::MAX) };
    let mut changes = 0;
    let span = BEGINS..BEGINS.offset(SECOND.as_nanos() as i64);
    let drivers = Patch::new(&Means::Memory, rig, |_| true).open().expect("memory can always be driven");
    rehearse(Arc::clone(timeline), rig, drivers, extent, playhead, span, |record| {
        changes += 1;
        black_box(record);
    });
    changes
}

fn main() -> Result<()> {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();

    let show = fades(8, 60);
    let mut group = criterion.benchmark_group("timeline");
    group.throughput(Throughput::Elements(1));
    let mut micros = 0;
    group.bench_function("level at any time", |bench| {
        bench.iter(|| {
            micros = (micros + 7_654_321) % 60_000_000;
            let at = ShowTime::from_micros(micros);
            show.tracks().iter().map(|track| track.level_at(at)).max()
        });
    });
    let edges = || {
        let mut playback = Playback::new(Arc::clone(&show));
        std::iter::from_fn(|| playback.take_due(ShowTime::MAX)).map(black_box).count()
    };
    group.throughput(Throughput::Elements(edges() as u64));
    group.bench_function("edges of eight fades", |bench| bench.iter(edges));
    group.finish();

    // One thread for all channels: the cost follows the edges. Beyond the header there is no PWM.
    let mut group = criterion.benchmark_group("a second of PWM at 200 Hz");
    for channels in [1, 4, 16, 28, 512] {
        let rig = rig(channels)?;
        for (what, timeline) in [("levels", levels(channels)), ("fades", fades(channels, 2))] {
            group.throughput(Throughput::Elements(second(&timeline, &rig)));
            group.bench_function(format!("{channels} channels, {what}"), |bench| {
                bench.iter(|| second(&timeline, &rig));
            });
        }
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
