//! The lights of a MIDI file as cues: which are lit when, and the lines that say so. Knows no events.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::beat_rows::BeatRows;
use super::grid::MidiGrid;
use super::song::{MidiNote, MidiSong};
use super::tick_clock::TickClock;
use crate::import::channel_map::{MappedChannels, SourceChannel};
use crate::import::cue_lines::{ClockCue, line, timed_lines};
use crate::import::imported::Imported;
use crate::import::lit::{LitEnd, LitStretch, calmed, merged};
use crate::import::restraint::{self, RestrainedLight};
use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;

/// After its last note a show goes on for so long.
pub(super) const AFTERWARDS: Duration = Duration::from_secs(1);
/// A sheet with more cues could not be checked on a small Pi.
const MOST_CUES: usize = 50_000;
/// The shortest light that eyes see; some programs write drums without any length.
const SHORTEST: Duration = Duration::from_millis(50);
/// The loudest note.
const LOUDEST: u32 = 127;

pub(super) struct MidiCues {
    /// Each light with what it shows, in the order of the rig.
    lights: Vec<(ChannelId, Vec<LitStretch>)>,
    pub(super) length: ShowTime,
    taken: Vec<String>,
    left: Vec<String>,
}

impl MidiCues {
    /// With levels by velocity, if a person `has_levels`.
    pub(super) fn of(
        song: &MidiSong,
        clock: &TickClock,
        (channels, mapped): (&[SourceChannel], &MappedChannels),
        (rig, has_levels): (&Rig, bool),
    ) -> Self {
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        // The notes that each light shows, in the order of the rig.
        let mut keys: BTreeMap<usize, BTreeSet<u8>> = BTreeMap::new();
        for one in &mapped.mapped {
            let key = channels[one.source].number as u8;
            one.channels.iter().for_each(|light| _ = keys.entry(light.index()).or_default().insert(key));
            let count = song.notes.iter().filter(|note| note.key == key).count();
            let notes = if count == 1 { "1 note".to_owned() } else { format!("{count} notes") };
            let called = channels[one.source].name.as_deref().unwrap_or_default();
            taken.push(format!("note {key} ({called}): {} as {notes}", one.name));
        }
        let end = |tick: u64| LitEnd { at: clock.time_of(tick), tick: Some(tick) };
        let stretch = |note: &MidiNote, level| {
            let (from, mut to) = (end(note.from), end(note.to));
            if to.at - from.at < SHORTEST {
                to = LitEnd { at: from.at + SHORTEST, tick: None };
            }
            LitStretch { from, to, level }
        };
        let last = song.notes.iter().map(|note| end(note.to).at).max().unwrap_or(ShowTime::ZERO);
        let length = (last + AFTERWARDS).micros().div_ceil(1_000_000) * 1_000_000;
        let length = ShowTime::from_micros(length).min(ShowTime::MAX);
        let (mut lights, mut restrained) = (Vec::new(), Vec::new());
        let mut room = MOST_CUES;
        // One light after the other: all at once would need much memory.
        for (index, keys) in keys {
            let id = ChannelId::new(index);
            let channel = rig.channel(id);
            let dims = has_levels && channel.kind.dims();
            let notes = song.notes.iter().filter(|note| room > 0 && keys.contains(&note.key));
            let stretches: Vec<LitStretch> =
                notes.map(|note| stretch(note, if dims { level(note) } else { 100 })).collect();
            let calmed = calmed(&merged(&stretches), channel, rig.limits.flash, length);
            if calmed.lengthened > 0 {
                left.push(format!(
                    "{} ends of `{}`: the rig's `min_on` and `min_off` make these lights longer",
                    calmed.lengthened, channel.name
                ));
            }
            let (all, kept) = (calmed.flashes, calmed.kept);
            let why = calmed.why.map(|why| RestrainedLight { channel: id, all, kept, why });
            restrained.extend(why);
            let mut found = calmed.stretches;
            if found.len() > room || room == 0 {
                left.push(format!(
                    "later lights of `{}`: a sheet has at most {MOST_CUES} of them",
                    channel.name
                ));
                found.truncate(room);
            }
            room -= found.len();
            lights.push((id, found));
        }
        left.extend(restraint::told(&restrained, rig));
        Self { lights, length, taken, left }
    }

    pub(super) fn tell(&self, imported: &mut Imported) {
        imported.taken.extend(self.taken.iter().cloned());
        imported.left.extend(self.left.iter().cloned());
    }

    /// One line for all lights that do the same at the same time, and one for an even row of that.
    pub(super) fn text(&self, grid: &MidiGrid, clock: &TickClock, rig: &Rig) -> String {
        let mut cues: BTreeMap<(LitEnd, LitEnd, u8), Vec<ChannelId>> = BTreeMap::new();
        for (id, stretches) in &self.lights {
            for stretch in stretches {
                cues.entry((stretch.from, stretch.to, stretch.level)).or_default().push(*id);
            }
        }
        let mut rows = BeatRows::new(grid, clock);
        let mut by_clock = Vec::new();
        for ((from, to, level), lights) in cues {
            let what = if level == 100 { "on".to_owned() } else { format!("{level} %") };
            if !rows.take(from, to, (&lights, &what)) {
                by_clock.extend(lights.into_iter().map(|channel| ClockCue {
                    channel,
                    from: from.at,
                    lasts: Some(to.at - from.at),
                    what: what.clone(),
                }));
            }
        }
        let mut lines = timed_lines(by_clock, rig, &|_| None);
        lines.extend(rows.lines(rig));
        lines.sort();
        let lines = lines.into_iter().map(|(_, line)| line);
        [line("", "# when", "who", "what")].into_iter().chain(lines).collect()
    }
}

/// At least what a light shows.
fn level(note: &MidiNote) -> u8 {
    ((u32::from(note.velocity) * 100 + LOUDEST / 2) / LOUDEST).clamp(1, 100) as u8
}
