//! The cue sheet: `NAME.show`, its meaning and its mistakes. `docs/cue-sheet.md` describes the language. Knows no
//! threads, clocks or pins.
//!
//! Reading takes three steps: `sheet` parses the lines, `tempo` is made from the head, and `unfold` gives every cue
//! its time by the clock.

mod action;
mod beat_gaps;
mod beat_map;
mod beats;
mod beside;
mod columns;
mod cue;
mod effect_options;
mod ends;
mod file_name;
mod files_beside;
pub mod find;
mod finish_cue;
mod follow;
mod frames;
mod head;
mod length;
mod levels;
mod map_line;
mod meant_line;
mod meant_order;
mod meant_signs;
mod meant_words;
mod memory_cost;
pub mod misnamed;
mod no_music;
mod outline;
mod playing_line;
mod playing_part;
mod read;
mod read_frames;
mod reckon;
mod section_play;
mod seek;
mod sheet;
mod sheet_parts;
mod sheet_song;
mod sheet_time;
mod show_name;
mod slip;
mod slip_actions;
mod slip_times;
mod slip_words;
mod sound_band;
mod stand_in;
mod step_row;
mod tempo;
mod tempo_line;
mod time_meant;
mod told_line;
mod unfold;
mod vocabulary;
mod what;
mod when;
mod who;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Diagnosis, Source};
use crate::rig::ChannelId;
use crate::time::ShowTime;

pub use beat_gaps::mended_beats;
pub use beat_map::{beat_map_text, changing_beat_map_text, measure_in_labels};
pub use beats::Beat;
pub use beside::{music_called, music_meant};
pub use columns::Columns;
pub use cue::{Action, ChaseDirection, Cue, Effect, Levels, Step};
pub use files_beside::{FilesBeside, FrameSource};
pub use frames::Frames;
pub use outline::Heading;
pub use playing_line::{PlayingLine, PlayingLines};
pub use read::{load, load_beat_map, load_song, named_files, read, read_beside};
pub use section_play::SectionPlay;
pub use seek::Seek;
pub use sheet_song::{Retimed, SheetSong, with_tempo};
pub use sheet_time::SheetTime;
pub use show_name::is_show_name;
pub use tempo::{CountedBeat, Measure, Tempo};
pub(crate) use words::as_name;

/// A show in which every cue has its time by the clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Show {
    /// What it is called on the command line.
    pub name: String,
    pub title: String,
    /// The music, and where the sheet names it.
    pub audio: Option<Music>,
    /// When it ends, if the sheet says so, or with its frames if it has no music; else it ends with its music.
    pub length: Option<ShowTime>,
    pub tempo: Option<Tempo>,
    /// What lies under its cues.
    pub frames: Option<Arc<Frames>>,
    /// In the order of the sheet.
    pub cues: Vec<Cue>,
    /// Where the sheet plays sections, in its order; of very many, the first ones.
    pub plays: Vec<SectionPlay>,
    pub source: Arc<Source>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Music {
    pub path: PathBuf,
    pub span: Range<usize>,
}

impl Show {
    /// The line of the sheet, in bytes, with the last cue for `channel` that starts by `time`; or its `map` line, if the frames
    /// have changed it since.
    #[must_use]
    pub fn line_behind(&self, channel: ChannelId, time: ShowTime) -> Option<Range<usize>> {
        let told = self.cues.iter().filter(|cue| cue.start <= time && cue.channels.contains(&channel));
        let cue = told.max_by_key(|cue| cue.start);
        let framed = self.frames.as_ref().and_then(|frames| frames.line_behind(channel, time));
        match framed {
            Some((start, line)) if cue.is_none_or(|cue| cue.start < start) => Some(line),
            _ => cue.map(|cue| cue.line.clone()),
        }
    }

    /// The channels that its cues name, and those that its frames drive.
    #[must_use]
    pub fn channels(&self) -> BTreeSet<ChannelId> {
        let framed = self.frames.iter().flat_map(|frames| frames.channels());
        self.cues.iter().flat_map(|cue| cue.channels.iter().copied()).chain(framed).collect()
    }

    /// Warnings of cues that start after the end of a show of this `length`.
    #[must_use]
    pub fn cues_after(&self, length: ShowTime) -> Diagnoses {
        let mut told = Diagnoses::default();
        let mut lines = BTreeSet::new();
        let mut grid = None;
        for cue in self.cues.iter().filter(|cue| cue.start >= length) {
            // The rows of a grid start together: one warning is enough.
            let above = std::mem::replace(&mut grid, cue.grid());
            let is_further_row = grid.is_some() && grid == above;
            if !told.are_many() && lines.insert(cue.line.start) && !is_further_row {
                let title = format!("this cue starts at {}, when the show is over", self.place_of(cue.start));
                let label = format!("the show ends at {}", self.place_of(length));
                told.push(Diagnosis::warning(&self.source, title).at(cue.line.clone(), label));
            }
        }
        told
    }

    /// `time` as messages tell it: `bar 95.1 (3:57.829)`, or only by the clock in a show without a tempo, and before its
    /// bar 0.
    #[must_use]
    pub fn place_of(&self, time: ShowTime) -> String {
        let bar = self.tempo.as_ref().map(|tempo| tempo.bar_beat_at(time)).filter(|(bar, _)| *bar >= 0);
        match bar {
            Some((bar, beat)) => format!("bar {bar}.{beat} ({})", time.to_millis()),
            None => time.to_millis(),
        }
    }

    /// The beat that is heard at `time`, as [`place_of`](Self::place_of) tells it: bar and clock time name its start. In
    /// a show without a tempo, and before its first beat, `time` itself.
    #[must_use]
    pub fn beat_of(&self, time: ShowTime) -> String {
        let begin = self.tempo.as_ref().and_then(|tempo| tempo.beat_start(time));
        self.place_of(begin.unwrap_or(time))
    }

    /// Bar and beat at `time` as people count them, if the show has a tempo.
    #[must_use]
    pub fn bar_beat_at(&self, time: ShowTime) -> Option<String> {
        let (bar, beat) = self.tempo.as_ref()?.bar_beat_at(time);
        Some(format!("{bar}.{beat}"))
    }

    /// How much of the present beat has passed at `time`, in thousandths, if the show has a tempo.
    #[must_use]
    pub fn beat_permille_at(&self, time: ShowTime) -> Option<u16> {
        self.tempo.as_ref().map(|tempo| tempo.beat_permille_at(time))
    }
}
