//! Sixteen dimmed channels at 200 Hz, all levels different: starcourt's one thread beside rppal's software
//! PWM, which has a thread a pin. Both drive the registers of a Raspberry Pi of files, in turns.
//!
//! `cargo bench --bench rppal_pwm` takes a minute; x86-64, and root or the right to make user namespaces.

#[path = "../tests/fake_pi/mod.rs"]
mod fake_pi;

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::time::{ClockId, clock_gettime};
use starcourt::clock::wall::WallClock;
use starcourt::clock::{Position, monotonic};
use starcourt::diagnosis::Source;
use starcourt::engine::{Engine, Extent, Passes, RelayMoves, Setup};
use starcourt::heartbeat::Heartbeat;
use starcourt::level::Level;
use starcourt::output::patch::{Means, Patch};
use starcourt::rig;
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, Track};

use fake_pi::FakePi;

const CHANNELS: u8 = 16;
const FIRST_LINE: u8 = 4;
const FREQUENCY: u32 = 200;
const TURNS: usize = 5;
const LENGTH: Duration = Duration::from_secs(4);
const SETTLING: Duration = Duration::from_millis(300);

/// Who dims, in a program of its own.
const ROLE: &str = "RPPAL_PWM_ROLE";

fn main() -> Result<()> {
    if let Ok(who) = env::var(ROLE) {
        println!("{}", if who == "rppal" { rppal()? } else { starcourt()? });
        return Ok(());
    }
    // `cargo test --benches` asks whether it starts; it need not measure.
    if env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let mut costs = BTreeMap::from([("rppal", Vec::new()), ("starcourt", Vec::new())]);
    for _ in 0..TURNS {
        for (who, costs) in &mut costs {
            costs.push(play(who)?);
        }
    }
    println!("{CHANNELS} channels at {FREQUENCY} Hz, all levels different, {TURNS} turns of {LENGTH:?} each");
    println!("{:12} {:>12} {:>8} {:>8}", "% of a core", "least", "median", "most");
    for (who, costs) in &mut costs {
        costs.sort_by(f64::total_cmp);
        println!("{who:12} {:12.2} {:8.2} {:8.2}", costs[0], costs[TURNS / 2], costs[TURNS - 1]);
    }
    let ratio = costs["starcourt"][TURNS / 2] / costs["rppal"][TURNS / 2];
    println!("starcourt takes {ratio:.3} times the processor time of rppal");
    Ok(())
}

/// Has `who` dim in a Pi of its own, and tells its cost.
fn play(who: &str) -> Result<f64> {
    let output = FakePi::new().unwatched(env::current_exe()?).env(ROLE, who).output()?;
    ensure!(output.status.success(), "{who}: {}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout)?;
    told.trim().parse().with_context(|| format!("{who} told {told}"))
}

/// How long each channel is lit a period, as a share.
fn shares() -> impl Iterator<Item = (u8, u16)> {
    (0..CHANNELS)
        .map(|place| (FIRST_LINE + place, (u16::from(place) + 1) * (10_000 / (u16::from(CHANNELS) + 1))))
}

fn rppal() -> Result<f64> {
    let gpio = ::rppal::gpio::Gpio::new()?;
    let mut pins = Vec::new();
    for (line, hundredths) in shares() {
        let mut pin = gpio.get(line)?.into_output_low();
        pin.set_pwm_frequency(FREQUENCY.into(), f64::from(hundredths) / 10_000.0)?;
        pins.push(pin);
    }
    Ok(cost())
}

fn starcourt() -> Result<f64> {
    let mut text = format!("pwm_frequency = \"{FREQUENCY} Hz\"\n[channels]\n");
    let mut tracks = Vec::new();
    for (line, hundredths) in shares() {
        text += &format!("lamp{line} = {{ pin = {line}, kind = \"pwm\", curve = \"linear\" }}\n");
        let mut track = Track::default();
        track.hold(ShowTime::ZERO, Level::from_hundredths(hundredths));
        tracks.push(track);
    }
    let rig = Arc::new(rig::read(&Source::new("rig.toml", text)).0.context("a list of channels is a rig")?);
    let engine = Engine::start(Setup {
        timeline: Arc::new(Timeline::new(tracks)),
        drivers: Patch::new(&Means::Pins, &rig, |_| true).open()?,
        rig,
        clock: Arc::new(WallClock::start(Position(0), monotonic::now())),
        heartbeat: Arc::new(Heartbeat::new()?),
        recorder: None,
        extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::MAX) },
        relay_moves: RelayMoves::default(),
        is_dark: false,
    })?;
    let cost = cost();
    engine.controls().stop_now();
    engine.join()?;
    Ok(cost)
}

/// The share of one core that this process takes, in per cent.
fn cost() -> f64 {
    thread::sleep(SETTLING);
    let (begun, before) = (monotonic::now(), processor_time());
    thread::sleep(LENGTH);
    let (spent, passed) = (processor_time() - before, monotonic::now().since(begun));
    spent.as_secs_f64() * 100e9 / passed as f64
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
