//! How late the edges of the real binary come, what a launch takes, and how much memory it holds.
//!
//! `cargo bench --bench edges` plays 1,000 random relay edges in 20 s, on a quiet machine and then with
//! every core busy, and reads the trace; then it launches a show twenty times. About a minute.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use starcourt::clock::monotonic;

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
    println!("{:24} {:>8} {:>8} {:>8} {:>8}", "", "p50", "p99", "p99.9", "max");
    row("quiet", &edges_late(folder)?);
    let busy = Arc::new(AtomicBool::new(true));
    let cores = thread::available_parallelism()?.get();
    let load: Vec<_> = (0..cores)
        .map(|_| {
            let busy = Arc::clone(&busy);
            thread::spawn(move || while busy.load(Ordering::Relaxed) {})
        })
        .collect();
    let late = edges_late(folder);
    busy.store(false, Ordering::Relaxed);
    for thread in load {
        thread.join().expect("a thread that only spins does not panic");
    }
    row(&format!("{cores} cores busy"), &late?);

    let mut launches: Vec<i64> = (0..LAUNCHES).map(|_| first_edge(folder)).collect::<Result<_>>()?;
    launches.sort_unstable();
    println!("\nfrom exec to the first edge, silent, {LAUNCHES} launches, ms");
    println!("{:24} {:>8} {:>8}", "", "p50", "max");
    let ms = |at: usize| launches[at] as f64 / 1e6;
    println!("{:24} {:8.1} {:8.1}", "", ms(LAUNCHES / 2), ms(LAUNCHES - 1));
    Ok(())
}

fn row(what: &str, late: &[i64]) {
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize] as f64 / 1e3;
    println!("{what:24} {:8.1} {:8.1} {:8.1} {:8.1}", at(0.5), at(0.99), at(0.999), at(1.0));
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
    // Knuth's MMIX generator: any would do, as long as every run has the same edges.
    let mut state = 1985_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut times: Vec<u64> = (0..EDGES).map(|_| random(SECONDS * 1_000_000)).collect();
    times.sort_unstable();
    let mut lit = [false; 8];
    let mut sheet = format!("length 0:{:02}.100\n", SECONDS);
    for time in times {
        let relay = random(8) as usize;
        lit[relay] = !lit[relay];
        let what = if lit[relay] { "on" } else { "off" };
        writeln!(sheet, "{time} us  r{relay}  {what}").expect("a String takes everything");
    }
    sheet
}

/// Nanoseconds from due to written of every edge, sorted.
fn edges_late(folder: &Path) -> Result<Vec<i64>> {
    let mut late: Vec<i64> = play(folder, "edges")?.iter().map(|(due, written)| written - due).collect();
    ensure!(late.len() > EDGES * 9 / 10, "only {} edges", late.len());
    late.sort_unstable();
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
    let text = fs::read_to_string(&trace)?;
    let edge = |line: &str| {
        let mut columns = line.split(',').skip(1).map(|column| column.parse().ok());
        Some((columns.next()??, columns.next()??))
    };
    text.lines().skip(1).map(|line| edge(line).with_context(|| format!("reading {line}"))).collect()
}
