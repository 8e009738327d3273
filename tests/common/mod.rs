//! What the tests share: a small rig, and shows written in one line of code. The real program is launched in a
//! scratch [`folder`], in a [`terminal`] if need be; a [`setup`] has four lights
//! and a show that lights them, and [`three_lights`] can be told apart by what they show.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each test file uses its own part

pub mod child;
pub mod folder;
pub mod frames;
pub mod launch;
pub mod setup;
pub mod show_launch;
pub mod terminal;
pub mod three_lights;

use std::sync::Arc;

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::level::Level;
use starcourt::rig::Rig;
use starcourt::show::{self, Show};
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, compile};

/// A relay and two dimmed lights; no minimum times, so that a cue is seen as it was written.
pub const PORCH: &str = r#"
[channels]
porch   = { pin = 4, kind = "relay", active = "low", min_on = "0 ms", min_off = "0 ms" }
garland = { pin = 17, kind = "pwm" }
star    = { pin = 27, kind = "pwm" }

[groups]
trees = ["garland", "star"]
"#;

pub fn rig(text: &str) -> Rig {
    let (rig, told) = starcourt::rig::read(&Source::new("rig.toml", text));
    rig.unwrap_or_else(|| panic!("{told}"))
}

/// The beat map that a sheet names `porch-beats.txt`: slowing down, one beat a line.
pub const BEATS: &str = "0.5\t0.5\t\n1.0\t1.0\t\n1.6\t1.6\t\n2.3\t2.3\t\n3.1\t3.1\t\n";

pub fn read(sheet: &str, rig: &Rig) -> Result<(Show, Diagnoses), Diagnoses> {
    let source = Source::new("porch.show", sheet);
    show::read("porch", &source, rig, &|file| match file {
        "porch-beats.txt" => Ok(Source::new(file, BEATS)),
        _ => anyhow::bail!("reading {file}: No such file or directory (os error 2)"),
    })
}

/// `cues` at 120 bpm in a show of ten minutes: a beat is half a second, a bar two seconds.
pub fn sheet(cues: &str) -> String {
    format!("length 10:00\ntempo 120 bpm, 4/4\n{cues}")
}

pub fn timeline(cues: &str) -> (Arc<Timeline>, Rig) {
    timeline_on(PORCH, cues)
}

pub fn timeline_on(rig_text: &str, cues: &str) -> (Arc<Timeline>, Rig) {
    let rig = rig(rig_text);
    let (show, _) = read(&sheet(cues), &rig).unwrap_or_else(|told| panic!("{told}"));
    (Arc::new(compile(&show, &rig).timeline), rig)
}

/// `cues` make `channel` show these levels, in per cent, at these milliseconds.
#[track_caller]
pub fn check(cues: &str, channel: &str, levels: &[(u64, u16)]) {
    let (timeline, rig) = timeline(cues);
    let id = rig.channel_named(channel).unwrap();
    for (millis, percent) in levels {
        let level = timeline.level_at(id, ShowTime::from_micros(millis * 1_000));
        assert_eq!(level, Level::from_percent(*percent), "{channel} at {millis} ms of\n{cues}");
    }
}

/// The titles of everything that is wrong with `cues`.
pub fn told(cues: &str) -> Vec<String> {
    match read(&sheet(cues), &rig(PORCH)) {
        Ok((_, warnings)) => warnings.iter().map(|told| told.title().to_owned()).collect(),
        Err(mistakes) => mistakes.iter().map(|told| told.title().to_owned()).collect(),
    }
}

/// The blocks of a Markdown text that are fenced as ```` ```language ````.
pub fn blocks<'a>(markdown: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    markdown.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}
