//! The show that is on, as a [`Status`](super::Status) has it. A plain value. `docs/protocol.md` tells the fields.

use serde::{Deserialize, Serialize};

use super::later_version::known_or_default;
use crate::speed::Speed;
use crate::time::{LoopRange, ShowTime};

/// The show that is on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShowStatus {
    /// NAME of `NAME.show`.
    pub name: String,
    /// What the show calls itself.
    pub title: String,
    #[serde(rename = "position_us")]
    pub position: ShowTime,
    /// `None` while it is not known when the sound ends.
    #[serde(rename = "length_us")]
    pub length: Option<ShowTime>,
    /// The part that is played again and again; `None` where the show is played once.
    #[serde(rename = "loop_us", default, with = "loop_range")]
    pub repeats: Option<LoopRange>,
    /// How fast time passes; there is sound only if that is normal.
    #[serde(default, deserialize_with = "known_or_default")]
    pub speed: Speed,
    /// Musical time as the cue sheet writes it: `17.3`.
    pub bar_beat: Option<String>,
    /// How much of the present beat has passed, in thousandths.
    pub beat_permille: Option<u16>,
    /// The section of the cue sheet that plays, or the heading above its cue.
    pub part: Option<String>,
    /// The line of the cue that started last, counted from 1.
    pub line: Option<u32>,
    /// That line.
    pub cue: Option<String>,
    /// Whether the sound card sets the pace, or the machine's clock.
    pub sound_leads: bool,
    /// Whether the timing thread runs in real time.
    pub realtime: bool,
    /// Edges that came more than a millisecond late.
    pub late: u64,
    /// Those of them that came more than 20 ms late: a person may notice.
    #[serde(default)]
    pub noticeably_late: u64,
    /// In per cent; `None` when nothing is to be heard.
    pub volume: Option<u8>,
}

impl ShowStatus {
    /// `1:12 of 3:00`.
    #[must_use]
    pub fn progress(&self) -> String {
        self.position.progress(self.length)
    }

    /// `repeats 0:10 to 0:20`, or `repeats` where that is the whole show.
    #[must_use]
    pub fn repetition(&self) -> Option<String> {
        let range = self.repeats?;
        let is_whole = range.start() == ShowTime::ZERO && Some(range.end()) == self.length;
        Some(match is_whole {
            true => "repeats".to_owned(),
            false => format!("repeats {}", range.to_places()),
        })
    }

    /// `at half speed`; nothing at normal speed.
    #[must_use]
    pub fn pace(&self) -> Option<String> {
        (!self.speed.is_normal()).then(|| format!("at {} speed", self.speed.name()))
    }

    /// Who sets the pace, in words.
    #[must_use]
    pub const fn leader(&self) -> &'static str {
        if self.sound_leads { "sound card leads" } else { "machine's clock leads" }
    }

    /// `3 changes late`, if a person may have noticed one.
    #[must_use]
    pub fn lateness(&self) -> Option<String> {
        match self.noticeably_late {
            0 => None,
            1 => Some("1 change late".to_owned()),
            late => Some(format!("{late} changes late")),
        }
    }
}

/// A part of a show as `[start, end]` in microseconds.
mod loop_range {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::time::{LoopRange, ShowTime};

    pub(super) fn serialize<S: Serializer>(range: &Option<LoopRange>, to: S) -> Result<S::Ok, S::Error> {
        range.map(|range| [range.start(), range.end()]).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<LoopRange>, D::Error> {
        let ends = Option::<[ShowTime; 2]>::deserialize(from)?;
        // From another process: no time is beyond a day, so that no sum overflows.
        Ok(ends.map(|[start, end]| LoopRange::new(start.min(ShowTime::MAX), end.min(ShowTime::MAX))))
    }
}
