//! The cue sheet: `NAME.show`, its meaning and its mistakes. `docs/cue-sheet.md` describes the language. Knows no
//! threads, clocks or pins.
//!
//! Reading takes three steps: `sheet` parses the lines, `tempo` is made from the head, and `unfold` gives every cue
//! its time by the clock.

mod action;
mod beat_map;
mod beside;
mod cue;
mod file_name;
pub mod find;
mod head;
mod length;
mod levels;
mod memory_cost;
pub mod misnamed;
mod playing_line;
mod read;
mod reckon;
mod sheet;
mod show_name;
mod slip;
mod step_row;
mod tempo;
mod tempo_line;
mod unfold;
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

pub use cue::{Action, ChaseDirection, Cue, Effect, Levels, Step};
pub use playing_line::{PlayingLine, PlayingLines};
pub use read::{load, read};
pub use show_name::is_show_name;
pub use tempo::Tempo;

/// A show in which every cue has its time by the clock.
#[derive(Clone, Debug)]
pub struct Show {
    /// What it is called on the command line.
    pub name: String,
    pub title: String,
    /// The music, and where the sheet names it.
    pub audio: Option<Music>,
    /// When it ends, if the sheet says so; else it ends with its music.
    pub length: Option<ShowTime>,
    pub tempo: Option<Tempo>,
    /// In the order of the sheet.
    pub cues: Vec<Cue>,
    pub source: Arc<Source>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Music {
    pub path: PathBuf,
    pub span: Range<usize>,
}

impl Show {
    /// The line of the sheet, in bytes, with the last cue for `channel` that starts by `time`.
    #[must_use]
    pub fn line_behind(&self, channel: ChannelId, time: ShowTime) -> Option<Range<usize>> {
        let told = self.cues.iter().filter(|cue| cue.start <= time && cue.channels.contains(&channel));
        told.max_by_key(|cue| cue.start).map(|cue| cue.line.clone())
    }

    /// The channels that its cues name.
    #[must_use]
    pub fn channels(&self) -> BTreeSet<ChannelId> {
        self.cues.iter().flat_map(|cue| cue.channels.iter().copied()).collect()
    }

    /// Warnings of cues that start after the end of a show of this `length`.
    #[must_use]
    pub fn cues_after(&self, length: ShowTime) -> Diagnoses {
        let mut told = Diagnoses::default();
        let mut lines = BTreeSet::new();
        for cue in self.cues.iter().filter(|cue| cue.start >= length) {
            if !told.are_many() && lines.insert(cue.line.start) {
                let title = format!("this cue starts at {}, when the show is over", cue.start);
                let label = format!("the show ends at {length}");
                told.push(Diagnosis::warning(&self.source, title).at(cue.line.clone(), label));
            }
        }
        told
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
