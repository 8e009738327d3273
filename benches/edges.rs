//! How late the edges of the real binary come, what a launch takes, and how much memory it holds.
//!
//! `cargo bench --bench edges` plays 1,000 random relay edges in 20 s, on a quiet machine and then with
//! every core busy, and reads the trace; then it launches a show twenty times. About a minute.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use starcourt::bench::{Load, Spread};
use starcourt::clock::monotonic;
use starcourt::random::Random;

use common::{edges_of, heading, lateness_of, row};

const EDGES: usize = 1_000;
const SECONDS: u64 = 20;
const LAUNCHES: usize = 20;

fn main() -> Result<()> {
    // `cargo test --benches` asks whether it starts; it need not measure.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir().context("making a scratch folder")?;
    let folder = folder.path();
    fs::write(folder.join("rig.toml"), rig())?;
    fs::write(folder.join("edges.show"), random_edges())?;
    fs::write(folder.join("first.show"), "length 0:00.100\n0:00  all  on\n")?;

    println!("{EDGES} random relay edges in {SECONDS} s: µs from due to written");
    heading();
    row("quiet", &edges_late(folder)?);
    let load = Load::start()?;
    let busy = format!("{} cores busy", load.threads());
    row(&busy, &edges_late(folder)?);
    drop(load);

    let mut launches: Vec<i64> = (0..LAUNCHES).map(|_| first_edge(folder)).collect::<Result<_>>()?;
    launches.sort_unstable();
    println!("\nfrom exec to the first edge, silent, {LAUNCHES} launches, ms");
    println!("{:24} {:>8} {:>8}", "", "p50", "max");
    let ms = |at: usize| launches[at] as f64 / 1e6;
    println!("{:24} {:8.1} {:8.1}", "", ms(LAUNCHES / 2), ms(LAUNCHES - 1));
    Ok(())
}

fn rig() -> String {
    let mut rig = String::from("[channels]\n");
    for relay in 0..8 {
        let pin = relay + 4;
        writeln!(
            rig,
            "r{relay} = {{ pin = {pin}, kind = \"relay\", min_on = \"0 ms\", min_off = \"0 ms\" }}"
        )
        .expect("a String takes everything");
    }
    rig
}

/// Edges at random times, each on a random relay, which it turns over.
fn random_edges() -> String {
    let mut random = Random::new(&[b"edges"]);
    let mut times: Vec<u64> = (0..EDGES).map(|_| random.below(SECONDS * 1_000_000)).collect();
    times.sort_unstable();
    let mut lit = [false; 8];
    let mut sheet = format!("length 0:{:02}.100\n", SECONDS);
    for time in times {
        let relay = random.below(8) as usize;
        lit[relay] = !lit[relay];
        let what = if lit[relay] { "on" } else { "off" };
        writeln!(sheet, "{time} us  r{relay}  {what}").expect("a String takes everything");
    }
    sheet
}

/// From due to written of every edge.
fn edges_late(folder: &Path) -> Result<Spread> {
    let late = lateness_of(&play(folder, "edges")?);
    ensure!(late.count() > EDGES * 9 / 10, "only {} edges", late.count());
    Ok(late)
}

/// Nanoseconds from before the launch to the first edge.
fn first_edge(folder: &Path) -> Result<i64> {
    let before = monotonic::now().nanos().cast_signed();
    let edges = play(folder, "first")?;
    Ok(edges.first().context("the show has an edge at 0:00")?.1 - before)
}

/// When each edge was due and written.
fn play(folder: &Path, show: &str) -> Result<Vec<(i64, i64)>> {
    let trace = folder.join("trace.csv");
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_starcourt"))
        .args(["play", show, "--silent", "--output", "sim"])
        .arg("--rig")
        .arg(folder.join("rig.toml"))
        .arg("--shows")
        .arg(folder)
        .arg("--lock-dir")
        .arg(folder.join("lock"))
        .arg("--trace")
        .arg(&trace)
        .stdout(Stdio::null())
        .status()
        .context("launching starcourt")?;
    ensure!(status.success(), "{show} ended with {status} after {:?}", started.elapsed());
    edges_of(&trace)
}
