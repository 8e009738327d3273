//! How far sound and light are apart, under PulseAudio and PipeWire: the real binary plays clicks into a null sink,
//! its light goes on at each click, and a recording of the sink is held against the trace.
//!
//! `cargo bench --bench sync` takes about ten minutes and needs flac, oggenc and lame. Names choose: `cargo bench
//! --bench sync launches pipewire` (`launches`, `stalls`, `formats`; `pulseaudio`, `pipewire`). `STARCOURT_LAUNCHES` is how many launches of 8 s each
//! kind of sink has (20), `STARCOURT_AT_ONCE` how many of them play side by side, each with a server of its own (2).
//!
//! What is called "apart" is sound minus light: positive when the light comes first. It contains the way
//! from the sink to the recording, which is constant: PulseAudio hands a recorder each block of 2 ms as it begins.

#![allow(clippy::unwrap_used)] // what the tests' sound server does

#[path = "../tests/sync/launch.rs"]
#[allow(unreachable_pub)]
mod launch;
#[path = "../tests/sound_server/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod sound_server;
#[path = "../tests/sync/stall.rs"]
#[allow(unreachable_pub)]
mod stall;

use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use launch::{Apart, Launch, Stage, median, off_median};
use sound_server::{SLEEPS_AFTER, Server, write_clicks};
use stall::{BEFORE, Who};

/// Seconds that a launch plays.
const SHORT: u32 = 8;
/// With a stall in it.
const STALLED: u32 = 12;
/// In each format.
const LONG: u32 = 30;
/// The bar for the distance from a launch's middle, and for a stray, nanoseconds.
const STRAY: i64 = 500_000;
/// After a stall each cue is as near to its sound, nanoseconds.
const IN_STEP: i64 = 20_000_000;

fn main() -> Result<()> {
    // `cargo test --benches` asks whether it starts; it need not measure.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let parts = chosen(["launches", "stalls", "formats"], |part| part);
    let servers = chosen(Server::ALL, Server::name);
    if parts.contains(&"launches") {
        launches(&servers)?;
    }
    if parts.contains(&"stalls") {
        stalls(&servers);
    }
    if parts.contains(&"formats") {
        formats()?;
    }
    Ok(())
}

/// Those of `all` that are named on the command line; all where none is.
fn chosen<T: Copy, const N: usize>(all: [T; N], name: impl Fn(T) -> &'static str) -> Vec<T> {
    let named: Vec<T> =
        all.into_iter().filter(|&one| std::env::args().any(|word| word == name(one))).collect();
    if named.is_empty() { all.to_vec() } else { named }
}

fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

fn ms(nanos: i64) -> f64 {
    nanos as f64 / 1e6
}

/// What so many launches on one kind of sink came to.
#[derive(Default)]
struct Outcome {
    medians: Vec<i64>,
    /// How far each click was off its launch's middle.
    off: Vec<i64>,
    launches_with_strays: usize,
    strays: Vec<String>,
    failed: Vec<String>,
}

fn launches(servers: &[Server]) -> Result<()> {
    let count = number("STARCOURT_LAUNCHES", 20);
    println!(
        "{count} launches of {SHORT} s on each sink, clicks from 0.1 s to {SHORT} s; ms, sound minus light\n"
    );
    println!(
        "| sink | launches | clicks | middle | off it: p50 | p99 | most | launches off > 0.5 | middles | load |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut notes = Vec::new();
    for &server in servers {
        for (name, dozes) in [("awake", false), ("just woken", true)] {
            let before = load();
            let outcome = play_all(server, dozes, count);
            let sink = format!("{}, {name}", server.name());
            outcome.print(&sink, &format!("{before} to {}", load()))?;
            notes.extend(
                outcome.strays.into_iter().chain(outcome.failed).map(|note| format!("{sink}: {note}")),
            );
        }
    }
    println!("\nstrays, at their place in the show:");
    notes.iter().for_each(|note| println!("- {note}"));
    Ok(())
}

fn play_all(server: Server, dozes: bool, count: usize) -> Outcome {
    let (next, outcome) = (AtomicUsize::new(0), Mutex::new(Outcome::default()));
    thread::scope(|scope| {
        for _ in 0..number("STARCOURT_AT_ONCE", 2) {
            scope.spawn(|| {
                let stage = Stage::new(server, dozes, SHORT);
                loop {
                    let launch = next.fetch_add(1, Relaxed);
                    if launch >= count {
                        return;
                    }
                    if dozes {
                        thread::sleep(2 * SLEEPS_AFTER);
                    }
                    let played = stage.play(!dozes, |_| ());
                    outcome.lock().unwrap().add(launch, played);
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

impl Outcome {
    fn add(&mut self, number: usize, played: Result<Launch, String>) {
        let launch = match played {
            Ok(launch) => launch,
            Err(why) => return self.failed.push(format!("launch {number} failed: {why}")),
        };
        if !launch.is_whole() {
            self.failed.push(format!("launch {number}: {}", counts(&launch)));
        }
        let apart = launch.apart();
        let off = off_median(&apart);
        let strays: Vec<String> = off
            .iter()
            .filter(|off| off.nanos.abs() > STRAY)
            .map(|off| format!("{:.1} s {:+.2}", off.millis as f64 / 1e3, ms(off.nanos)))
            .collect();
        if !strays.is_empty() {
            self.launches_with_strays += 1;
            self.strays.push(format!("launch {number}: {}", strays.join(", ")));
        }
        self.medians.push(median(&apart));
        self.off.extend(off.iter().map(|off| off.nanos.abs()));
    }

    fn print(&self, sink: &str, load: &str) -> Result<()> {
        let (mut off, mut medians) = (self.off.clone(), self.medians.clone());
        off.sort_unstable();
        medians.sort_unstable();
        ensure!(!off.is_empty(), "{sink}: no launch played: {:?}", self.failed);
        println!(
            "| {sink} | {} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {} | {:.3} to {:.3} | {load} |",
            medians.len(),
            off.len(),
            ms(medians[medians.len() / 2]),
            ms(off[off.len() / 2]),
            ms(off[(off.len() - 1) * 99 / 100]),
            ms(off[off.len() - 1]),
            self.launches_with_strays,
            ms(medians[0]),
            ms(medians[medians.len() - 1]),
        );
        Ok(())
    }
}

fn counts(launch: &Launch) -> String {
    let (lights, clicks) = (launch.lights.len(), launch.heard.len());
    format!("of {} cues {lights} lights, {clicks} clicks, {} of them unlit", launch.cues, launch.unlit())
}

fn stalls(servers: &[Server]) {
    println!("\na standstill {} s into a show of {STALLED} s; ms, sound minus light\n", BEFORE.as_secs());
    println!(
        "| server | stands still | for | cues | lights | clicks heard | of them unlit | before: middle | after: middle | most | out of step | load |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for &server in servers {
        for who in [Who::Server, Who::Process] {
            for time in [500, 2_000, 10_000].map(Duration::from_millis) {
                let stage = Stage::new(server, false, STALLED);
                let begin = format!("| {} | {} | {} s ", server.name(), who.name(), time.as_secs_f64());
                match stage.play_with_stall(who, time) {
                    Ok(launch) => println!("{begin}| {} |", stall_row(&launch)),
                    Err(why) => println!("{begin}| failed: {why} |"),
                }
            }
        }
    }
}

fn stall_row(launch: &Launch) -> String {
    let apart = launch.apart();
    // The show begins some time after the launch: a cue of that time is before the standstill.
    let is_before = |apart: &&Apart| u128::from(apart.millis) + 500 < BEFORE.as_millis();
    let (before, after): (Vec<&Apart>, Vec<&Apart>) = apart.iter().partition(is_before);
    let copied = |apart: Vec<&Apart>| apart.into_iter().copied().collect::<Vec<Apart>>();
    let (before, after) = (copied(before), copied(after));
    let most = after.iter().map(|apart| apart.nanos).max_by_key(|nanos| nanos.abs()).unwrap_or(0);
    format!(
        "{} | {} | {} | {} | {:.2} | {:.2} | {:.2} | {} | {}",
        launch.cues,
        launch.lights.len(),
        launch.heard.len(),
        launch.unlit(),
        ms(median(&before)),
        ms(median(&after)),
        ms(most),
        after.iter().filter(|apart| apart.nanos.abs() > IN_STEP).count(),
        load()
    )
}

fn formats() -> Result<()> {
    println!("\n{LONG} s in each format under PulseAudio; ms, sound minus light\n");
    println!("| format | clicks | middle | off it: p99 | most | first |");
    println!("|---|---|---|---|---|---|");
    for rate in [44_100, 48_000] {
        for format in ["wav", "flac", "ogg", "mp3"] {
            let stage = Stage::new(Server::PulseAudio, false, LONG);
            store(&stage, rate, format)?;
            let launch = stage.play(true, |_| ()).map_err(|why| anyhow!("{rate} {format}: {why}"))?;
            ensure!(launch.is_whole(), "{rate} {format}: {}", counts(&launch));
            let apart = launch.apart();
            let mut off: Vec<i64> = off_median(&apart).iter().map(|off| off.nanos.abs()).collect();
            off.sort_unstable();
            println!(
                "| {rate} {format} | {} | {:.3} | {:.3} | {:.3} | {:.3} |",
                apart.len(),
                ms(median(&apart)),
                ms(off[(off.len() - 1) * 99 / 100]),
                ms(off[off.len() - 1]),
                ms(apart[0].nanos)
            );
        }
    }
    Ok(())
}

fn store(stage: &Stage, rate: u32, format: &str) -> Result<()> {
    let (wav, stored) = (stage.path("clicks.wav"), stage.path(&format!("clicks.{format}")));
    write_clicks(&wav, rate, LONG, &stage.clicks);
    stage.write_show(&format!("clicks.{format}"));
    let mut encoder = match format {
        "wav" => return Ok(()),
        "flac" => Command::new("flac"),
        "ogg" => Command::new("oggenc"),
        _ => Command::new("lame"),
    };
    match format {
        "flac" => encoder.args(["--silent", "--force", "-o"]).arg(&stored).arg(&wav),
        "ogg" => encoder.args(["--quiet", "--quality", "6", "-o"]).arg(&stored).arg(&wav),
        _ => encoder.args(["--quiet", "-b", "192"]).arg(&wav).arg(&stored),
    };
    let status = encoder.status().with_context(|| format!("storing as {format}"))?;
    ensure!(status.success(), "storing as {format}: {status}");
    Ok(())
}
