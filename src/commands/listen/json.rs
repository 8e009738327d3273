//! What was heard, for other programs. Knows no files.

use serde::Serialize;

use super::summary::moment_name;
use crate::analysis::{HeardBar, HeardBeat, HeardMoment, HeardPart, PartRole};
use crate::beats::{BarGrid, BeatPlace, Beats};
use crate::commands::song_beats::{HeardFile, Kept};
use crate::show::Measure;
use crate::time::ShowTime;

#[derive(Serialize)]
pub(super) struct SongJson {
    bpm: f64,
    steady: bool,
    measure: String,
    tempo_line: String,
    beat_sureness: f32,
    measure_sureness: f32,
    bar_sureness: f32,
    /// Where the music begins and ends, without silence and applause.
    first_sound_us: u64,
    last_sound_us: u64,
    /// What is later was not heard, because the song is too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    heard_to_us: Option<u64>,
    parts: Vec<PartJson>,
    moments: Vec<MomentJson>,
    bars: Vec<BarJson>,
    doubtful: Vec<StretchJson>,
    beats: Vec<BeatJson>,
}

#[derive(Serialize)]
struct PartJson {
    name: String,
    from_us: u64,
    to_us: u64,
    bar: i64,
    bars: usize,
    energy: f32,
    role: Option<&'static str>,
}

#[derive(Serialize)]
struct MomentJson {
    kind: &'static str,
    from_us: u64,
    to_us: u64,
}

#[derive(Serialize)]
struct BarJson {
    bar: i64,
    from_us: u64,
    to_us: u64,
    loudness: f32,
    changes_harmony: bool,
    tune: f32,
}

#[derive(Serialize)]
struct StretchJson {
    from_us: u64,
    to_us: u64,
}

#[derive(Serialize)]
struct BeatJson {
    at_us: u64,
    bar: i64,
    beat: i64,
    low: f32,
    middle: f32,
    high: f32,
    loudness_db: f32,
}

impl SongJson {
    pub(super) fn of(
        heard: &HeardFile,
        beats: &Beats,
        kept: &Kept,
        measure: Measure,
        bars: &BarGrid,
    ) -> Self {
        let song = &heard.song;
        let part = |part: &HeardPart| PartJson {
            name: part.name.clone(),
            from_us: part.from.micros(),
            to_us: part.to.micros(),
            bar: bars.nearest(part.from).bar,
            bars: part.bars,
            energy: part.energy,
            role: part.role.map(PartRole::name),
        };
        let moment = |moment: &HeardMoment| MomentJson {
            kind: moment_name(moment.kind),
            from_us: moment.from.micros(),
            to_us: moment.to.micros(),
        };
        let bar = |bar: &HeardBar| BarJson {
            bar: bars.nearest(bar.from).bar,
            from_us: bar.from.micros(),
            to_us: bar.to.micros(),
            loudness: bar.loudness,
            changes_harmony: bar.changes_harmony,
            tune: bar.tune,
        };
        let stretch =
            |(from, to): &(ShowTime, ShowTime)| StretchJson { from_us: from.micros(), to_us: to.micros() };
        let beat = |heard: &HeardBeat| {
            let BeatPlace { bar, beat } = bars.nearest(heard.at);
            let (low, middle, high) = (heard.low, heard.middle, heard.high);
            BeatJson { at_us: heard.at.micros(), bar, beat, low, middle, high, loudness_db: heard.loudness }
        };
        Self {
            bpm: beats.bpm(),
            steady: beats.is_steady(),
            measure: measure.to_string(),
            tempo_line: kept.tempo_line.clone(),
            beat_sureness: song.beat_sureness,
            measure_sureness: song.measure_sureness,
            bar_sureness: song.bar_sureness,
            first_sound_us: song.first_sound.micros(),
            last_sound_us: song.last_sound.micros(),
            heard_to_us: heard.heard_to.map(ShowTime::micros),
            parts: song.parts.iter().map(part).collect(),
            moments: song.moments.iter().map(moment).collect(),
            bars: song.bars.iter().map(bar).collect(),
            doubtful: song.doubtful.iter().map(stretch).collect(),
            beats: song.beats.iter().map(beat).collect(),
        }
    }
}
