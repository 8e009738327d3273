//! Measures how late edges come on this machine, and what the timing thread costs.
//!
//! `cargo run --release --example timing -- relays` plays 1,000 random relay edges in 20 s, `-- pwm`
//! sixteen dimmed channels, all at different levels, for 10 s, and `-- fades` sixteen that all fade.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use starcourt::clock::{Clock, Course, Leader, Playhead, Position, monotonic};
use starcourt::diagnosis::Source;
use starcourt::easing::Easing;
use starcourt::engine::{Engine, Extent, Run, Setup};
use starcourt::level::Level;
use starcourt::output::Wire;
use starcourt::output::sim::Sim;
use starcourt::output::trace::Trace;
use starcourt::rig::{Release, Rig};
use starcourt::time::{Mono, ShowTime};
use starcourt::timeline::{Ramp, Timeline, Track};

/// The machine's clock since `start`.
struct Machine(Mono);

impl Clock for Machine {
    fn playhead(&self, _now: Mono) -> Playhead {
        Playhead::Running(Course { anchor: self.0, position: Position(0), rate_ppb: 0 })
    }

    fn pause(&self, _now: Mono) {}

    fn resume(&self, _now: Mono) {}

    fn leader(&self) -> Leader {
        Leader::Machine
    }

    fn sound_end(&self) -> Option<Position> {
        None
    }
}

fn main() -> Result<()> {
    let (kind, tracks, seconds) = match std::env::args().nth(1).as_deref() {
        Some("relays") => ("relay", random_edges(1_000, 20), 20),
        Some("pwm") => ("pwm", different_levels(16), 10),
        Some("fades") => ("pwm", fades(16), 10),
        _ => bail!("usage: timing relays|pwm|fades"),
    };
    let rig = Arc::new(rig(kind, tracks.len())?);
    let folder = std::env::temp_dir();
    let path = folder.join(format!("timing-{}.csv", std::process::id()));
    let (trace, recorder) = Trace::create(&path, &rig)?;
    let wires: Vec<Wire> = rig.channels.iter().map(Wire::of).collect();
    let output = Box::new(Sim::open(&wires, Release::Driven)?);
    let before = cpu_time();
    let engine = Engine::start(Setup {
        timeline: Arc::new(Timeline::new(tracks)),
        rig,
        clock: Arc::new(Machine(monotonic::now().offset(100_000_000))),
        output,
        recorder: Some(recorder),
        run: Run { from: ShowTime::ZERO, extent: Extent::Once(ShowTime::from_micros(seconds * 1_000_000)) },
    })?;
    let report = engine.join()?;
    let cpu = cpu_time() - before;
    trace.finish()?;
    let late = lateness(&std::fs::read_to_string(&path)?)?;
    std::fs::remove_file(&path)?;
    let quantile = |share: f64| late[((late.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
    println!("{report:?}");
    println!(
        "{} edges, µs late: p50 {:.1}, p90 {:.1}, p99 {:.1}, p99.9 {:.1}, max {:.1}; {:.2} % of a core; {}",
        late.len(),
        quantile(0.5),
        quantile(0.9),
        quantile(0.99),
        quantile(0.999),
        quantile(1.0),
        cpu.as_secs_f64() * 100.0 / (seconds as f64 + 0.1),
        resident()?
    );
    Ok(())
}

/// `edges` edges at random times within `seconds`, on eight channels.
fn random_edges(edges: u64, seconds: u64) -> Vec<Track> {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut times: Vec<u64> = (0..edges).map(|_| random() % (seconds * 1_000_000)).collect();
    times.sort_unstable();
    let mut tracks = vec![Track::default(); 8];
    let mut is_lit = [false; 8];
    for time in times {
        let index = (random() % 8) as usize;
        is_lit[index] = !is_lit[index];
        let level = if is_lit[index] { Level::FULL } else { Level::OFF };
        tracks[index].hold(ShowTime::from_micros(time), level);
    }
    tracks
}

fn different_levels(channels: u16) -> Vec<Track> {
    (1..=channels)
        .map(|index| {
            let mut track = Track::default();
            track.hold(ShowTime::ZERO, Level::from_hundredths(index * (10_000 / (channels + 1))));
            track
        })
        .collect()
}

fn fades(channels: u64) -> Vec<Track> {
    (0..channels)
        .map(|index| {
            let start = ShowTime::from_micros(index * 1_234);
            let (over, easing) = (Duration::from_secs(9), Easing::Linear);
            let mut track = Track::default();
            track.ramp(start, Ramp { start, over, from: Level::OFF, to: Level::FULL, easing });
            track
        })
        .collect()
}

fn rig(kind: &str, channels: usize) -> Result<Rig> {
    let mut text = "[channels]\n".to_owned();
    for bcm in 4..4 + channels {
        text += &format!("lamp{bcm} = {{ pin = {bcm}, kind = \"{kind}\" }}\n");
    }
    let (rig, told) = starcourt::rig::read(&Source::new("rig.toml", text));
    rig.context(told)
}

/// Nanoseconds between due and written, sorted.
fn lateness(csv: &str) -> Result<Vec<i64>> {
    let mut late = Vec::new();
    for line in csv.lines().skip(1) {
        let mut fields = line.split(',').skip(1).map(str::parse::<i64>);
        let (due, written) = (fields.next().context("due_ns")??, fields.next().context("mono_ns")??);
        late.push(written - due);
    }
    late.sort_unstable();
    Ok(late)
}

/// Processor time of this process so far.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn resident() -> Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    Ok(status.lines().find(|line| line.starts_with("VmHWM")).context("VmHWM")?.to_owned())
}
