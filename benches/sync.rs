//! How far sound and light are apart: the real binary plays clicks into a null sink, its light goes on at
//! each click, and a recording of the sink is held against the trace.
//!
//! `cargo bench --bench sync` takes about five minutes and needs pulseaudio, parec, flac, oggenc and lame.
//! What is called "apart" is sound minus light: positive when the light comes first. It contains the way
//! from the sink to the recording, which is constant and unknown.

#![allow(clippy::unwrap_used)] // what the tests' sound server does

#[path = "../tests/sound_server/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod sound_server;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sound_server::{SoundServer, hearing, write_clicks};
use starcourt::time::Mono;

const LONG: u32 = 30; // seconds
const SHORT: u32 = 3;
const LAUNCHES: usize = 20;

const RIG: &str = "[channels]\nclick = { pin = 4, kind = \"ssr\" }\n";

fn main() -> Result<()> {
    // `cargo test --benches` asks whether it starts; it need not measure.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let stage = Stage { folder: folder.path() };
    fs::write(stage.folder.join("rig.toml"), RIG)?;
    let server = SoundServer::start(stage.folder);

    println!("sound minus light over {LONG} s, ms");
    println!(
        "{:14} {:>7} {:>9} {:>14} {:>9} {:>9}",
        "", "clicks", "median", "p99 off median", "max-min", "first"
    );
    for rate in [44_100, 48_000] {
        for format in ["wav", "flac", "ogg", "mp3"] {
            let apart = stage.play(&server, rate, format, LONG)?;
            let sorted = sorted(&apart);
            let median = sorted[sorted.len() / 2];
            let off = self::sorted(&apart.iter().map(|apart| (apart - median).abs()).collect::<Vec<_>>());
            println!(
                "{:14} {:7} {:9.3} {:14.3} {:9.3} {:9.3}",
                format!("{rate} {format}"),
                apart.len(),
                ms(median),
                ms(off[(off.len() - 1) * 99 / 100]),
                ms(sorted[sorted.len() - 1] - sorted[0]),
                ms(apart[0])
            );
        }
    }

    let mut medians = Vec::new();
    for _ in 0..LAUNCHES {
        let apart = sorted(&stage.play(&server, 48_000, "wav", SHORT)?);
        medians.push(apart[apart.len() / 2]);
    }
    medians.sort_unstable();
    println!(
        "\nmedians of {LAUNCHES} launches, ms: {:.3} to {:.3}, middle {:.3}",
        ms(medians[0]),
        ms(medians[LAUNCHES - 1]),
        ms(medians[LAUNCHES / 2])
    );
    Ok(())
}

fn sorted(apart: &[i64]) -> Vec<i64> {
    let mut sorted = apart.to_vec();
    sorted.sort_unstable();
    sorted
}

fn ms(nanos: i64) -> f64 {
    nanos as f64 / 1e6
}

struct Stage<'a> {
    folder: &'a Path,
}

impl Stage<'_> {
    /// Nanoseconds from each light to its click, in the order of the show.
    fn play(&self, server: &SoundServer, rate: u32, format: &str, seconds: u32) -> Result<Vec<i64>> {
        let clicks: Vec<u64> =
            (0..u64::from(seconds) * 2 - 1).map(|click| 200 + click * 500 + click % 7 * 13).collect();
        self.store(rate, format, seconds, &clicks)?;
        self.write_show(format, &clicks)?;
        let recording = server.record();
        let trace = self.folder.join("trace.csv");
        let mut starcourt = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        let status = hearing(&mut starcourt, self.folder)
            .args(["play", "clicks", "--output", "sim", "--rig"])
            .arg(self.folder.join("rig.toml"))
            .arg("--shows")
            .arg(self.folder)
            .arg("--lock-dir")
            .arg(self.folder.join("lock"))
            .arg("--trace")
            .arg(&trace)
            .stdout(Stdio::null())
            .status()
            .context("launching starcourt")?;
        ensure!(status.success(), "ended with {status}");
        // What is still on its way to the recording.
        std::thread::sleep(Duration::from_millis(300));
        let lights = lights(&trace)?;
        let heard = recording.clicks();
        ensure!(lights.len() == clicks.len(), "{} lights for {} clicks", lights.len(), clicks.len());
        ensure!(heard.len() == clicks.len(), "{} of {} clicks heard", heard.len(), clicks.len());
        Ok(heard.iter().zip(&lights).map(|(heard, light)| heard.since(*light)).collect())
    }

    fn store(&self, rate: u32, format: &str, seconds: u32, clicks: &[u64]) -> Result<()> {
        let wav = self.folder.join("clicks.wav");
        write_clicks(&wav, rate, seconds, clicks);
        let stored = self.folder.join(format!("clicks.{format}"));
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

    fn write_show(&self, format: &str, clicks: &[u64]) -> Result<()> {
        let cues = clicks.iter().map(|millis| format!("{millis} ms  click  on for 50 ms\n"));
        let sheet = format!("audio clicks.{format}\n{}", cues.collect::<String>());
        Ok(fs::write(self.folder.join("clicks.show"), sheet)?)
    }
}

/// When the light went on, each time.
fn lights(trace: &Path) -> Result<Vec<Mono>> {
    let text = fs::read_to_string(trace)?;
    let lit = text.lines().skip(1).filter(|line| line.ends_with(",1000"));
    lit.map(|line| {
        let written = line.split(',').nth(2).and_then(|column| column.parse().ok());
        written.map(Mono::from_nanos).with_context(|| format!("reading {line}"))
    })
    .collect()
}
