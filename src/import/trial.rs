//! Tries a sheet before it is given away: what `check` would say, and the light that it makes. Knows no format.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::Source;
use crate::review;
use crate::rig::Rig;
use crate::show::{self, Measure, beat_map_text};
use crate::time::ShowTime;
use crate::timeline::{Track, compile};

/// The name of the beat map during a trial.
const MAP: &str = "beats.txt";

/// A sheet on trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrialSheet<'a> {
    /// The lines below its head.
    pub(super) cues: &'a str,
    /// Its beats, and their measure.
    pub(super) beats: Option<(&'a [ShowTime], Measure)>,
    pub(super) length: ShowTime,
}

/// What each channel of `rig` shows, before the rules of the rig change it; `None` if `check` would report a mistake or
/// a warning.
pub(super) fn silent_light(sheet: &TrialSheet, rig: &Rig) -> Option<Vec<Track>> {
    let tempo = sheet.beats.map_or_else(String::new, |(_, measure)| format!("tempo map {MAP}, {measure}\n"));
    let text = format!("length {}\n{tempo}\n{}", sheet.length, sheet.cues);
    let map = |_: &str| -> anyhow::Result<Arc<Source>> {
        let (beats, measure) = sheet.beats.ok_or_else(|| anyhow::anyhow!("there is no beat map"))?;
        Ok(Source::new(MAP, beat_map_text(beats, measure)))
    };
    let (show, told) = show::read("trial", &Source::new("trial.show", text), rig, &map).ok()?;
    if !told.is_empty() || !show.cues_after(sheet.length).is_empty() {
        return None;
    }
    let compiled = compile(&show, rig);
    let is_silent = review::without_effect(&show, rig).is_empty()
        && review::strains(&show, rig, sheet.length, &compiled.timeline).is_empty();
    is_silent.then(|| compile(&show, &unruled(rig)).timeline.tracks().to_vec())
}

/// `rig` without the rules that change a show.
fn unruled(rig: &Rig) -> Rig {
    let mut rig = rig.clone();
    rig.limits.on_at_once = None;
    for channel in &mut rig.channels {
        (channel.min_on, channel.min_off, channel.lead) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    }
    rig
}
