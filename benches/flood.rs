//! What a flood on the control socket does to the edges of a show.
//!
//! `cargo bench --bench flood` plays 1,000 relay edges in 20 s with the real binary, once quiet and once while
//! 100 clients say rubbish and orders as fast as they are heard, and reads the traces. About a minute.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use starcourt::bench::Spread;

use common::{edges_of, heading, lateness_of, row};

const EDGES: usize = 1_000;
const SECONDS: usize = 20;
const CLIENTS: usize = 100;

fn main() -> Result<()> {
    // `cargo test --benches` asks whether it starts; it need not measure.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir().context("making a scratch folder")?;
    let folder = folder.path();
    let relay = "kind = \"relay\", min_on = \"0 ms\", min_off = \"0 ms\"";
    fs::write(folder.join("rig.toml"), format!("[channels]\nneon = {{ pin = 4, {relay} }}\n"))?;
    fs::write(folder.join("edges.show"), edges())?;

    println!("{EDGES} relay edges in {SECONDS} s: µs from due to written");
    heading();
    row("quiet", &play(folder)?.end(folder)?);
    let show = play(folder)?;
    let (is_over, rubbish, orders) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let late = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (is_over, rubbish, orders) = (&is_over, &rubbish, &orders);
            scope.spawn(move || match client % 10 {
                0 => rave(
                    folder,
                    is_over,
                    orders,
                    "{\"order\":\"volume\",\"percent\":50}\n{\"order\":\"status\"}\n",
                ),
                _ => rave(folder, is_over, rubbish, "rubbish\n[[[[[[[[[[\n{\"order\":\"dance\"}\n"),
            });
        }
        let late = show.end(folder);
        is_over.store(true, Ordering::Relaxed);
        late
    });
    row(&format!("{CLIENTS} clients"), &late?);
    let (rubbish, orders) = (rubbish.into_inner(), orders.into_inner());
    println!("\nthey said {rubbish} lines of rubbish and {orders} orders meanwhile");
    ensure!(rubbish >= 100_000, "that was no flood");
    Ok(())
}

/// One after the other at changing distances, so that they fall into no step with anything.
fn edges() -> String {
    let mut sheet = format!("length 0:{SECONDS}.100\n");
    let step = SECONDS * 1_000_000 / EDGES;
    for edge in 0..EDGES {
        let time = edge * step + edge * 7_919 % (step / 2);
        let what = if edge % 2 == 0 { "on" } else { "off" };
        writeln!(sheet, "{time} us  neon  {what}").expect("a String takes everything");
    }
    sheet
}

struct Show(Child);

/// Launches the show and waits until it can be spoken to.
fn play(folder: &Path) -> Result<Show> {
    let show = Command::new(env!("CARGO_BIN_EXE_starcourt"))
        .args(["play", "edges", "--silent", "--output", "sim", "--rig", "rig.toml"])
        .args(["--shows", ".", "--lock-dir", "lock", "--trace", "trace.csv"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .context("launching starcourt")?;
    let show = Show(show);
    while !folder.join("lock/starcourt.sock").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    Ok(show)
}

impl Show {
    /// From due to written of every edge; not one may be missing.
    fn end(mut self, folder: &Path) -> Result<Spread> {
        let status = self.0.wait().context("waiting for starcourt")?;
        ensure!(status.success(), "the show ended with {status}");
        let late = lateness_of(&edges_of(&folder.join("trace.csv"))?);
        ensure!(late.count() >= EDGES, "only {} edges", late.count());
        Ok(late)
    }
}

/// Says `words` again and again, and hears what is answered; shown out, it comes again.
fn rave(folder: &Path, is_over: &AtomicBool, said: &AtomicUsize, words: &str) {
    let lines = words.lines().count();
    while !is_over.load(Ordering::Relaxed) {
        let Ok(mut stream) = UnixStream::connect(folder.join("lock/starcourt.sock")) else { return };
        let _ = stream.set_read_timeout(Some(Duration::from_millis(100)));
        while !is_over.load(Ordering::Relaxed) && stream.write_all(words.as_bytes()).is_ok() {
            said.fetch_add(lines, Ordering::Relaxed);
            if matches!(stream.read(&mut [0; 4_096]), Ok(0) | Err(_)) {
                break;
            }
        }
    }
}
