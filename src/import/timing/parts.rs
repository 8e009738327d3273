//! Named stretches of a song become sections, which are played where they are. Each gets one light, so that it does
//! something. Knows no beats.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::beats::WrittenBeats;
use super::timed_line::TimedLine;
use super::track::{Mark, TimingTrack};
use crate::import::imported::Imported;
use crate::import::sheet::remark;
use crate::rig::{RESERVED_WORDS, Rig, nearest_name};
use crate::show::as_name;
use crate::time::ShowTime;

/// A sheet with more sections cannot be read by a person.
const MOST: usize = 200;

/// The parts of a song, in order of time; none overlaps another.
#[derive(Clone, Debug, Default)]
pub(super) struct SongParts<'a> {
    played: Vec<PlayedPart<'a>>,
    /// The names of the sections in the order of their first part, each with the longest time that it lasts.
    sections: Vec<(String, ShowTime)>,
}

#[derive(Clone, Debug)]
struct PlayedPart<'a> {
    mark: &'a Mark,
    section: usize,
}

impl<'a> SongParts<'a> {
    pub(super) fn of(tracks: impl Iterator<Item = &'a TimingTrack>) -> Self {
        let mut parts = Self::default();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for mark in tracks.flat_map(|track| &track.marks).filter(|mark| mark.is_part()) {
            let at = parts.played.partition_point(|other| other.mark.from < mark.from);
            let is_free = parts.played[..at].last().is_none_or(|before| before.mark.to <= mark.from)
                && parts.played[at..].first().is_none_or(|after| after.mark.from >= mark.to);
            if !is_free || parts.played.len() >= MOST {
                continue;
            }
            let name = section_name(&mark.text);
            let lasts = ShowTime::ZERO + (mark.to - mark.from);
            let section = *names.entry(name.clone()).or_insert_with(|| {
                parts.sections.push((name, lasts));
                parts.sections.len() - 1
            });
            parts.sections[section].1 = parts.sections[section].1.max(lasts);
            parts.played.insert(at, PlayedPart { mark, section });
        }
        parts
    }

    pub(super) fn has(&self, mark: &Mark) -> bool {
        self.played.iter().any(|part| std::ptr::eq(part.mark, mark))
    }

    /// The lines that play them.
    pub(super) fn lines(
        &self,
        song_beats: &WrittenBeats,
        rig: Option<&Rig>,
        imported: &mut Imported,
    ) -> Vec<TimedLine> {
        if !self.played.is_empty() {
            let (count, sections) = (self.played.len(), self.sections.len());
            let stretches =
                if count == 1 { "1 named stretch".to_owned() } else { format!("{count} named stretches") };
            let sections =
                if sections == 1 { "1 section".to_owned() } else { format!("{sections} sections") };
            let lights = match rig {
                Some(_) => "each section has one light of your rig, so that it does something",
                None => "each section has all lights, because you have no rig yet",
            };
            imported.taken.push(format!("parts: {stretches} as {sections}; {lights}"));
        }
        let line = |part: &PlayedPart| {
            let (from, to) = (song_beats.place(part.mark.from), song_beats.place(part.mark.to));
            let (name, _) = &self.sections[part.section];
            let why = remark(&part.mark.text);
            let why = if why == *name { String::new() } else { format!("    # {why}") };
            TimedLine {
                at: part.mark.from,
                text: format!("{:<24}  play  {name}{why}", format!("{from} to {to}")),
            }
        };
        self.played.iter().map(line).collect()
    }

    /// The sections, each with a light that another one has not.
    pub(super) fn sections(&self, rig: Option<&Rig>) -> String {
        let mut text = String::new();
        for (index, (name, lasts)) in self.sections.iter().enumerate() {
            let light = match rig {
                Some(rig) => as_name(&rig.channels[index % rig.channels.len()].name),
                None => "all".to_owned(),
            };
            // Writing to a text cannot fail.
            let _ = writeln!(text, "\nsection {name}\n  0:00 to {lasts}  {light}  on");
        }
        text
    }
}

fn section_name(text: &str) -> String {
    let near = nearest_name(text, "part");
    near.or_else(|| nearest_name(&format!("part {text}"), "part"))
        .filter(|name| !RESERVED_WORDS.contains(&name.as_str()))
        .unwrap_or_else(|| "part".to_owned())
}
