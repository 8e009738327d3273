//! A compiled show as the page gets it, in JSON: `docs/preview.md` describes it. Times are whole microseconds, levels
//! hundredths of a per cent. Knows no page.

mod cues;
mod light;
mod notes;
mod sheet_lines;
mod sound;

use std::path::Path;

use serde::Serialize;

use crate::diagnosis::{Diagnoses, Diagnosis};
use crate::printable::{printable, printable_lines};
use crate::review;
use crate::rig::Rig;
use crate::show::Show;
use crate::time::ShowTime;

use super::layout::{Lamp, by_name};
use cues::CueData;
use light::ChannelData;
use notes::{Note, RuleChange};
use sheet_lines::SheetLines;

pub use sound::PageSound;

/// The format of this data. Another number says that a reader of the old one misunderstands it.
const FORMAT: u32 = 1;

/// What the page is told of a show.
#[derive(Serialize, Clone, Debug)]
pub struct ShowData {
    format: u32,
    /// Counts what was saved while the page is open.
    pub edition: u32,
    name: String,
    title: String,
    length_us: u64,
    channels: Vec<ChannelData>,
    groups: Vec<GroupData>,
    /// Start, bar and beat.
    beats: Vec<(u64, i64, i64)>,
    sections: Vec<PartData>,
    headings: Vec<PartData>,
    lines: Vec<String>,
    cues: Vec<CueData>,
    told: Vec<Note>,
    rules: Vec<RuleChange>,
    pub sound: Option<PageSound>,
    pub layout: PageLayout,
}

/// Where the lamps hang.
#[derive(Serialize, Clone, Debug, Default)]
pub struct PageLayout {
    /// Where the page finds the photograph.
    pub photo: Option<String>,
    #[serde(serialize_with = "by_name")]
    pub lamps: Vec<(String, Lamp)>,
}

#[derive(Serialize, Clone, Debug)]
struct GroupData {
    name: String,
    channels: Vec<usize>,
}

/// A named part of the show.
#[derive(Serialize, Clone, Debug)]
struct PartData {
    name: String,
    start_us: u64,
    end_us: u64,
    line: usize,
}

impl ShowData {
    /// `show`, which lasts for `length`, on `rig`. `told` are the warnings of its files; to these come the ones of `check`
    /// about what the show does.
    #[must_use]
    pub fn of(show: &Show, rig: &Rig, length: ShowTime, told: &Diagnoses) -> Self {
        let (warnings, compiled) = review::warnings(show, rig, length);
        let lines = SheetLines::of(show.source.text());
        let cues = cues::cues(show, length, &lines);
        let mut told = told.clone();
        told.extend(warnings);
        let channels = rig.channels.iter().enumerate().zip(compiled.timeline.tracks());
        let groups_of = |index: usize| {
            let of =
                rig.groups.iter().filter(move |group| group.channels.iter().any(|id| id.index() == index));
            of.map(|group| group.name.clone()).collect()
        };
        Self {
            format: FORMAT,
            edition: 1,
            name: show.name.clone(),
            title: printable(&show.title),
            length_us: length.micros(),
            channels: channels
                .map(|((index, channel), track)| ChannelData::of(channel, groups_of(index), track))
                .collect(),
            groups: rig
                .groups
                .iter()
                .map(|group| GroupData {
                    name: group.name.clone(),
                    channels: group.channels.iter().map(|id| id.index()).collect(),
                })
                .collect(),
            beats: beats(show, length),
            sections: sections(show, length, &lines),
            headings: headings(show, length, &lines),
            lines: page_lines(show.source.text()),
            told: notes::notes(&told, Some(&notes::FirstCues::of(&cues, show.source.path()))),
            rules: notes::rules(&compiled, length),
            cues,
            sound: None,
            layout: PageLayout::default(),
        }
    }

    /// Whether a page tells the same of both.
    #[must_use]
    pub fn tells_as(&self, other: &Self) -> bool {
        self.told == other.told
    }
}

/// The lines of `sheet` as `told` speaks of them; `None` where no mistake is in it.
#[must_use]
pub fn lines_told_of(told: &Diagnoses, sheet: &Path) -> Option<Vec<String>> {
    let sources = told.sorted().into_iter().map(Diagnosis::source);
    sources.into_iter().find(|source| source.path() == sheet).map(|source| page_lines(source.text()))
}

/// Mistakes for the page: as [`ShowData`] has warnings.
#[must_use]
pub fn mistakes(told: &Diagnoses) -> impl Serialize + use<> {
    notes::notes(told, None)
}

fn page_lines(text: &str) -> Vec<String> {
    text.lines().map(printable_lines).collect()
}

fn beats(show: &Show, length: ShowTime) -> Vec<(u64, i64, i64)> {
    let beats = show.tempo.iter().flat_map(|tempo| tempo.beats(ShowTime::ZERO, length));
    beats.map(|beat| (beat.time.micros(), beat.bar, beat.beat)).collect()
}

/// In order of time.
fn sections(show: &Show, length: ShowTime, lines: &SheetLines) -> Vec<PartData> {
    let mut parts: Vec<_> = show
        .plays
        .iter()
        .filter(|play| play.start < length)
        .map(|play| PartData {
            name: printable(play.name(&show.source)),
            start_us: play.start.micros(),
            end_us: play.end.min(length).micros(),
            line: lines.number(play.span().start),
        })
        .collect();
    parts.sort_by_key(|part| (part.start_us, std::cmp::Reverse(part.end_us)));
    parts
}

/// In order of time; each lasts until the next one begins.
fn headings(show: &Show, length: ShowTime, lines: &SheetLines) -> Vec<PartData> {
    let headings = show.headings();
    let ends = headings.iter().skip(1).map(|heading| heading.start).chain([length]);
    let parts = headings.iter().zip(ends).map(|(heading, end)| PartData {
        name: printable(heading.text),
        start_us: heading.start.micros(),
        end_us: end.min(length).micros(),
        line: lines.number(heading.place),
    });
    parts.filter(|part| part.start_us < part.end_us).collect()
}

#[cfg(test)]
mod tests;
