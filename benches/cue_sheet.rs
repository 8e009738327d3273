//! How long a show of 100,000 cues takes from text to tracks, how long `check` takes over it, and how long one edge takes to find.
//!
//! `cargo bench`

use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use criterion::Criterion;
use starcourt::diagnosis::Source;
use starcourt::review;
use starcourt::rig::{self, Rig};
use starcourt::show::{self, Show};
use starcourt::time::ShowTime;
use starcourt::timeline::{Playback, compile};

const CUES: u64 = 100_000;

const RIG: &str = r#"
[channels]
porch   = { pin = 4, kind = "relay", active = "low" }
garland = { pin = 17, kind = "pwm" }
star    = { pin = 27, kind = "pwm" }
"#;

/// Cues every 30 ms, of every usual kind.
fn sheet() -> String {
    let mut sheet = String::from("length 1:00:00\ntempo 120 bpm, 4/4\n");
    for cue in 0..CUES {
        let millis = cue * 30;
        let who = ["porch", "garland", "star"][(cue % 3) as usize];
        let what = ["on", "off", "40 %", "fade to 80 % over 1 s", "on for 1/8"][(cue % 5) as usize];
        let (minutes, seconds, rest) = (millis / 60_000, millis / 1_000 % 60, millis % 1_000);
        sheet += &format!("{minutes}:{seconds:02}.{rest:03}  {who}  {what}\n");
    }
    sheet
}

fn read(source: &Arc<Source>, rig: &Rig) -> Result<Show> {
    Ok(show::read("bench", source, rig, &|_| bail!("no beat map is named"))?.0)
}

fn main() -> Result<()> {
    let rig = rig::read(&Source::new("rig.toml", RIG)).0.context("the rig is right")?;
    let source = Source::new("bench.show", sheet());
    let show = read(&source, &rig)?;
    let timeline = Arc::new(compile(&show, &rig).timeline);

    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    criterion.bench_function("read 100,000 cues", |bench| bench.iter(|| black_box(read(&source, &rig))));
    criterion.bench_function("compile 100,000 cues", |bench| bench.iter(|| black_box(compile(&show, &rig))));
    criterion.bench_function("find cues without effect among 100,000", |bench| {
        bench.iter(|| black_box(review::without_effect(&show, &rig)));
    });
    criterion.bench_function("play all edges of 100,000 cues", |bench| {
        bench.iter(|| {
            let mut playback = Playback::new(Arc::clone(&timeline));
            while let Some(edge) = playback.take_due(ShowTime::MAX) {
                black_box(edge);
            }
        });
    });
    criterion.final_summary();
    Ok(())
}
