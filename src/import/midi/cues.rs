//! The lights of a MIDI file as cues: which are lit when, and the lines that say so. Knows no events.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::AFTERWARDS;
use super::grid::MidiGrid;
use super::song::{MidiNote, MidiSong};
use super::tick_clock::TickClock;
use crate::import::channel_map::{MappedChannels, SourceChannel};
use crate::import::imported::Imported;
use crate::import::lit::{Calmed, LitEnd, LitStretch, calmed, merged};
use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;

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
        let mut lit: BTreeMap<usize, Vec<LitStretch>> = BTreeMap::new();
        let mut targets: BTreeMap<u8, Vec<ChannelId>> = BTreeMap::new();
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for one in &mapped.mapped {
            let key = channels[one.source].number as u8;
            targets.entry(key).or_default().extend(&one.channels);
            let count = song.notes.iter().filter(|note| note.key == key).count();
            let notes = if count == 1 { "1 note".to_owned() } else { format!("{count} notes") };
            taken.push(format!("note {key} ({}): {} as {notes}", super::note_name(key), one.name));
        }
        let end = |tick: u64| LitEnd { at: clock.time_of(tick), tick: Some(tick) };
        for note in &song.notes {
            let stretch = |level| {
                let (from, mut to) = (end(note.from), end(note.to));
                if to.at - from.at < SHORTEST {
                    to = LitEnd { at: from.at + SHORTEST, tick: None };
                }
                LitStretch { from, to, level }
            };
            for light in targets.get(&note.key).into_iter().flatten() {
                let dims = has_levels && rig.channel(*light).kind.dims();
                lit.entry(light.index()).or_default().push(stretch(if dims { level(note) } else { 100 }));
            }
        }
        let last = song.notes.iter().map(|note| end(note.to).at).max().unwrap_or(ShowTime::ZERO);
        let length = (last + AFTERWARDS).micros().div_ceil(1_000_000) * 1_000_000;
        let length = ShowTime::from_micros(length).min(ShowTime::MAX);
        let mut lights = Vec::new();
        let mut room = MOST_CUES;
        for (index, stretches) in lit {
            let id = ChannelId::new(index);
            let channel = rig.channel(id);
            let (mut found, told) = calmed(&merged(&stretches), channel, &rig.limits, length);
            left.extend(calm_told(&channel.name, told));
            if found.len() > room {
                left.push(format!(
                    "{} lights of `{}`: a sheet has at most {MOST_CUES} of them",
                    found.len() - room,
                    channel.name
                ));
                found.truncate(room);
            }
            room -= found.len();
            lights.push((id, found));
        }
        Self { lights, length, taken, left }
    }

    pub(super) fn tell(&self, imported: &mut Imported) {
        imported.taken.extend(self.taken.iter().cloned());
        imported.left.extend(self.left.iter().cloned());
    }

    /// One line for all lights that do the same at the same time.
    pub(super) fn text(&self, grid: &MidiGrid, rig: &Rig) -> String {
        let mut cues: BTreeMap<(LitEnd, LitEnd, u8), Vec<&str>> = BTreeMap::new();
        for (id, stretches) in &self.lights {
            for stretch in stretches {
                let same = cues.entry((stretch.from, stretch.to, stretch.level)).or_default();
                same.push(&rig.channel(*id).name);
            }
        }
        let mut text = String::from("# when                    who             what\n");
        for ((from, to, level), lights) in cues {
            let place = |end: LitEnd| end.tick.and_then(|tick| grid.place(tick, end.at));
            let (from, to) = match (place(from), place(to)) {
                (Some(from), Some(to)) if from != to => (from, to),
                (Some(from), _) => (from, to.at.to_string()),
                (None, Some(to)) => (from.at.to_string(), to),
                (None, None) => (from.at.to_string(), to.at.to_string()),
            };
            let what = if level == 100 { "on".to_owned() } else { format!("{level} %") };
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{:<24}  {:<14}  {what}", format!("{from} to {to}"), lights.join(", "));
        }
        text
    }
}

/// At least what a light shows.
fn level(note: &MidiNote) -> u8 {
    ((u32::from(note.velocity) * 100 + LOUDEST / 2) / LOUDEST).clamp(1, 100) as u8
}

fn calm_told(name: &str, told: Calmed) -> impl Iterator<Item = String> {
    let Calmed { flashes, wearing, lengthened } = told;
    let flashes = (flashes > 0).then(|| {
        format!("{flashes} lights of `{name}`: more flashes a second than `flash` in the rig allows can cause a seizure")
    });
    let wearing = (wearing > 0)
        .then(|| format!("{wearing} lights of `{name}`: they would wear out the relay; an SSR bears them"));
    let lengthened = (lengthened > 0).then(|| {
        format!("{lengthened} ends of `{name}`: the rig's `min_on` and `min_off` make these lights longer")
    });
    [flashes, wearing, lengthened].into_iter().flatten()
}
