//! Sixteen dimmed channels at 200 Hz, all levels different: starcourt's one thread beside rppal's software
//! PWM, which has a thread a pin. Both drive the registers of a Raspberry Pi of files, in turns.
//!
//! `cargo bench --bench rppal_pwm` takes a minute; x86-64, and root or the right to make user namespaces.

#[path = "../tests/fake_pi/mod.rs"]
mod fake_pi;

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use starcourt::bench;
use starcourt::clock::monotonic;
use starcourt::diagnosis::Source;
use starcourt::output::patch::{Means, Patch};
use starcourt::rig;

use fake_pi::FakePi;

const CHANNELS: u8 = 16;
const FIRST_LINE: u8 = 4;
const FREQUENCY: u32 = 200;
const TURNS: usize = 5;
const LENGTH: Duration = Duration::from_secs(4);

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

/// What the channel at `place` shows, in hundredths of a per cent: none is dark, none full.
fn level(place: u8) -> u16 {
    (u16::from(place) + 1) * (10_000 / (u16::from(CHANNELS) + 1))
}

fn rppal() -> Result<f64> {
    let gpio = ::rppal::gpio::Gpio::new()?;
    let mut pins = Vec::new();
    for place in 0..CHANNELS {
        let mut pin = gpio.get(FIRST_LINE + place)?.into_output_low();
        pin.set_pwm_frequency(FREQUENCY.into(), f64::from(level(place)) / 10_000.0)?;
        pins.push(pin);
    }
    cost()
}

fn starcourt() -> Result<f64> {
    let mut text = format!("pwm_frequency = \"{FREQUENCY} Hz\"\n[channels]\n");
    for line in FIRST_LINE..FIRST_LINE + CHANNELS {
        text += &format!("lamp{line} = {{ pin = {line}, kind = \"pwm\", curve = \"linear\" }}\n");
    }
    let rig = rig::read(&Source::new("rig.toml", text)).0.context("a list of channels is a rig")?;
    let drivers = Patch::new(&Means::Pins { folder: std::env::temp_dir() }, &rig, |_| true).open()?;
    let tracks = bench::different_levels(CHANNELS.into());
    let engine = bench::start(rig, tracks, drivers, monotonic::now(), 2 * LENGTH, None)?;
    let cost = cost();
    engine.controls().stop_now();
    engine.join()?;
    cost
}

/// The share of one core that this process takes, in per cent.
fn cost() -> Result<f64> {
    bench::processor_share(LENGTH, &|| false).context("nobody stopped it")
}
