//! Reads the frames that a sheet names, as far as its `map` lines ask for them, and tells what is wrong with both. Knows no
//! format, and no cues.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::beside;
use super::files_beside::FilesBeside;
use super::frames::{FrameChange, FramedChannel, Frames};
use super::map_line::MapLine;
use super::reckon::MOST_EVENTS;
use super::sheet_parts::Sheet;
use super::words::{Mistake, Word};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source};
use crate::fseq::{FseqError, Sequence};
use crate::rig::{ChannelId, Rig};

/// Of more `map` lines with the same warning, the first ones are told.
const LINES_TOLD: usize = 20;

/// The frames of `sheet`; `None` if it has none, or if they cannot be had: then the mistake is told.
pub(super) fn frames(
    source: &Arc<Source>,
    sheet: &Sheet,
    rig: &Rig,
    files: &dyn FilesBeside,
    told: &mut Diagnoses,
) -> Option<Frames> {
    let Some(name) = sheet.head.frames else {
        if let Some(map) = sheet.maps.first().filter(|_| !sheet.head.says_frames) {
            let help = Help::write(map.span.start..map.span.start, "frames song.fseq\n")
                .said("add a line such as `frames song.fseq` above it")
                .into_example();
            let mistake = Mistake::new(map.span.clone(), "a `map` line, but no `frames`").help(help);
            told.push(mistake.into_error(source));
        }
        return None;
    };
    if sheet.maps.is_empty() {
        if !sheet.has_lost_map {
            let first = rig.names().next().unwrap_or("all");
            let end = name.span().end;
            let help = Help::write(end..end, format!("\nmap 1 {first}"))
                .said(format!("add a line such as `map 1 {first}` for each light"))
                .into_example();
            told.push(Mistake::new(name.span(), "these frames light nothing").help(help).into_error(source));
        }
        return None;
    }
    let twice = mapped_twice(source, &sheet.maps, rig);
    let read = match twice.is_empty() {
        true => read(source, name, &sheet.maps, files, told),
        false => Err(twice),
    };
    read.map_err(|mistakes| told.extend(mistakes)).ok()
}

/// The mistakes of lines that map a channel of the rig again.
fn mapped_twice(source: &Arc<Source>, maps: &[MapLine], rig: &Rig) -> Diagnoses {
    let mut told = Diagnoses::default();
    let mut lines: BTreeMap<ChannelId, &MapLine> = BTreeMap::new();
    for map in maps {
        let again = map.who.iter().find_map(|channel| Some((channel, *lines.get(channel)?)));
        if let Some((channel, earlier)) = again.filter(|_| !told.are_many()) {
            let title = format!("`{}` is mapped twice", rig.channel(*channel).name);
            let label = format!("line {} maps it already", source.line_number(earlier.span.start));
            told.push(Mistake::new(map.who_span.clone(), title).label(label).into_error(source));
        }
        lines.extend(map.who.iter().map(|channel| (*channel, map)));
    }
    told
}

/// What is wrong with the file `name`.
fn wrong(source: &Arc<Source>, name: Word, title: String, help: Option<Help>) -> Diagnoses {
    let mut told = Diagnoses::default();
    told.push(Diagnosis::error(source, title).at(name.span(), "these frames").help_if_any(help));
    told
}

fn read(
    source: &Arc<Source>,
    name: Word,
    maps: &[MapLine],
    files: &dyn FilesBeside,
    told: &mut Diagnoses,
) -> Result<Frames, Diagnoses> {
    let damaged = |error: FseqError| wrong(source, name, format!("{}: {error}", name.text), None);
    let file =
        files.frames(name.text).map_err(|error| match beside::missing(source, name, "these frames") {
            Some(missing) => {
                let mut told = Diagnoses::default();
                told.push(missing);
                told
            }
            None => wrong(source, name, format!("{error:#}"), None),
        })?;
    let mut sequence = Sequence::open(file).map_err(damaged)?;
    let mut places = WantedPlaces::default();
    let mut mapped: Vec<FramedChannel> = Vec::new();
    let mut missing = Vec::new();
    for map in maps {
        let (first, last) = map.numbers;
        let numbers = (first..=last).chain(std::iter::repeat(last));
        for (channel, number) in map.who.iter().zip(numbers) {
            match sequence.facts().place_of(number) {
                Some(place) => mapped.push(FramedChannel {
                    channel: *channel,
                    changes: places.index_of(place),
                    line: map.span.clone(),
                }),
                None if missing.last().is_none_or(|(line, _): &(&MapLine, u32)| *line != map) => {
                    missing.push((map, number));
                }
                None => {}
            }
        }
    }
    for (map, number) in missing.into_iter().take(LINES_TOLD) {
        let facts = sequence.facts();
        let title = format!("{} has no channel {number}", name.text);
        let label = match &facts.ranges[..] {
            [all] => format!("it has channels {} to {}", all.start, all.end - 1),
            several => format!("it has {} channels, in {} ranges", facts.channels, several.len()),
        };
        told.push(Mistake::new(map.numbers_span.clone(), title).label(label).into_warning(source));
    }
    let mut changes = vec![Vec::new(); places.all.len()];
    let mut targets = vec![0_u64; places.all.len()];
    mapped.iter().for_each(|mapped| targets[mapped.changes] += 1);
    let mut events = 0;
    let mut take = |frame, which: usize, value| {
        events += targets[which];
        if events > MOST_EVENTS {
            return ControlFlow::Break(());
        }
        changes[which].push(FrameChange { frame, value });
        ControlFlow::Continue(())
    };
    sequence.changes(&places.all, &mut take).map_err(damaged)?;
    if events > MOST_EVENTS {
        let title = "these frames change the lights more than a million times".to_owned();
        return Err(wrong(source, name, title, Some(Help::advise("map fewer channels"))));
    }
    changes.iter_mut().for_each(Vec::shrink_to_fit);
    tell_idle(source, maps, &mapped, &changes, told);
    let facts = sequence.facts();
    Ok(Frames { step: facts.step, count: facts.frames, changes, mapped, name: name.span() })
}

/// Warns of `map` lines whose channels are dark in every frame.
fn tell_idle(
    source: &Arc<Source>,
    maps: &[MapLine],
    mapped: &[FramedChannel],
    changes: &[Vec<FrameChange>],
    told: &mut Diagnoses,
) {
    let is_idle = |map: &&MapLine| {
        let mut of_line = mapped.iter().filter(|mapped| mapped.line == map.span).peekable();
        of_line.peek().is_some() && of_line.all(|mapped| changes[mapped.changes].is_empty())
    };
    for map in maps.iter().filter(is_idle).take(LINES_TOLD) {
        let title = match map.numbers {
            (first, last) if first == last => format!("channel {first} is dark in every frame"),
            (first, last) => format!("channels {first} to {last} are dark in every frame"),
        };
        told.push(Mistake::new(map.numbers_span.clone(), title).into_warning(source));
    }
}

/// The places in a frame that are wanted, each once.
#[derive(Default)]
struct WantedPlaces {
    all: Vec<u32>,
    known: BTreeMap<u32, usize>,
}

impl WantedPlaces {
    fn index_of(&mut self, place: u32) -> usize {
        *self.known.entry(place).or_insert_with(|| {
            self.all.push(place);
            self.all.len() - 1
        })
    }
}
