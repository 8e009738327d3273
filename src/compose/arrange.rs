//! Brings the parts of a song together with the lights: which look comes when, what is a section, and how it grows.

use std::collections::BTreeMap;

use super::form::{FormPart, Intensity, LookKey, SongForm};
use super::lights::LightUse;
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::Lookbook;
use super::section_names::{names, role};
use super::style::ShowStyle;
use super::transition::{breaks, ending, lead, lead_beats, opening, quiet_music};
use crate::random::Random;
use crate::rig::Rig;
use crate::time::ShowTime;

/// All cues of a show.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Arrangement {
    pub(super) lines: Vec<ComposedLine>,
    pub(super) sections: Vec<ComposedSection>,
}

/// What is written once and played where its part comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ComposedSection {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) lines: Vec<ComposedLine>,
}

impl Arrangement {
    /// Whether any light does anything.
    pub(super) fn has_cues(&self) -> bool {
        let lines = self.lines.iter().chain(self.sections.iter().flat_map(|section| &section.lines));
        lines.into_iter().any(|line| !matches!(line, ComposedLine::Heading(_)))
    }

    /// A section in which nothing is left is played no more.
    pub(super) fn drop_empty_sections(&mut self) {
        let (empty, kept) =
            std::mem::take(&mut self.sections).into_iter().partition(|section| section.lines.is_empty());
        self.sections = kept;
        let empty: Vec<ComposedSection> = empty;
        self.lines.retain(|line| match line {
            ComposedLine::Cue(CueLine { who, what, .. }) if who == "play" => {
                let name = what[0].split(' ').next();
                !empty.iter().any(|section| name == Some(&section.name))
            }
            _ => true,
        });
    }
}

/// A part, and how much of it its own look has.
struct PartOccurrence<'a> {
    part: &'a FormPart,
    /// Without the lead to the next part.
    beats: i64,
    /// How often something like it came before.
    earlier: usize,
}

/// Arranges `form` for the lights of `rig`, in a song of this `length`. The same `seed` arranges it the same again.
pub(super) fn arrange(
    rig: &Rig,
    lights: &LightUse,
    form: &SongForm,
    length: ShowTime,
    seed: u64,
) -> Arrangement {
    let book = Lookbook { rig, lights, form, style: ShowStyle::of(seed) };
    let occurrences = occurrences(form);
    let names = names(&form.parts);
    let shared = shared_looks(&occurrences);
    let mut breaks = breaks(&book);
    let mut made = Arrangement { lines: opening(&book), sections: Vec::new() };
    for (place, occurrence) in occurrences.iter().enumerate() {
        let part = occurrence.part;
        let key = part.look_key();
        made.lines.push(ComposedLine::Heading(heading(part, form)));
        let mut chance = chance(seed, key.0);
        match shared.get(&key) {
            None => {
                let look = book.look(part, part.intensity, occurrence.beats, &mut chance);
                made.lines.extend(look.into_iter().map(|line| line.later(part.from)));
            }
            Some(beats) => {
                let name = &names[&key];
                if occurrence.earlier == 0 {
                    let usual = FormPart { is_peak: false, ..part.clone() };
                    let lines = book.look(&usual, part.intensity, *beats, &mut chance);
                    let why = format!("{}, {}", role(part), book.length(*beats));
                    made.sections.push(ComposedSection { name: name.clone(), why, lines });
                }
                made.lines.push(play(&book, occurrence, name, *beats));
                made.lines.extend(grown(&book, occurrence, seed));
                if part.is_peak {
                    let peak = book.peak(occurrence.beats);
                    made.lines.extend(peak.into_iter().map(|line| line.later(part.from)));
                }
            }
        }
        let is_here = |(at, _): &(i64, ComposedLine)| (part.from..part.to).contains(at);
        if part.enters && part.intensity >= Intensity::Strong {
            made.lines.extend(book.entry().into_iter().map(|line| line.later(part.from)));
        }
        let (here, rest) = std::mem::take(&mut breaks).into_iter().partition(is_here);
        breaks = rest;
        made.lines.extend(Vec::from_iter(here).into_iter().map(|(_, line)| line));
        if let Some(next) = occurrences.get(place + 1).filter(|_| occurrence.beats < part.beats()) {
            made.lines.extend(lead(&book, part, next.part, part.beats() - occurrence.beats));
        }
    }
    let end = ending(&book, length);
    if !end.is_empty() {
        made.lines.push(ComposedLine::Heading(end_heading(form)));
        made.lines.extend(end);
    }
    if let Some(coda) = &form.coda {
        let quiet = quiet_music(&book, coda);
        if !quiet.is_empty() {
            let what = format!("After the end, {}: quiet music", when(form, (coda.from, coda.to), coda.at));
            made.lines.push(ComposedLine::Heading(what));
            made.lines.extend(quiet);
        }
    }
    made
}

fn occurrences(form: &SongForm) -> Vec<PartOccurrence<'_>> {
    let mut earlier: BTreeMap<LookKey, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, part) in form.parts.iter().enumerate() {
        let times = earlier.entry(part.look_key()).or_default();
        let beats = part.beats() - lead_beats(form, part, form.parts.get(place + 1));
        found.push(PartOccurrence { part, beats, earlier: *times });
        *times += 1;
    }
    found
}

/// The looks that come more than once, and the most beats that one of them has.
fn shared_looks<'a>(occurrences: &[PartOccurrence<'a>]) -> BTreeMap<LookKey<'a>, i64> {
    let mut shared: BTreeMap<LookKey, i64> = BTreeMap::new();
    for PartOccurrence { part, beats, .. } in occurrences {
        let most = shared.entry(part.look_key()).or_insert(*beats);
        *most = (*most).max(*beats);
    }
    shared
        .retain(|key, _| occurrences.iter().any(|other| other.part.look_key() == *key && other.earlier > 0));
    shared
}

fn play(book: &Lookbook, occurrence: &PartOccurrence, name: &str, whole: i64) -> ComposedLine {
    let what = match occurrence.beats < whole {
        true => format!("{name} for {}", book.length(occurrence.beats)),
        false => name.to_owned(),
    };
    CueLine::new(CueWhen::At(occurrence.part.from), "play", what).into()
}

/// What comes on top when a part comes again: each time more.
fn grown(book: &Lookbook, occurrence: &PartOccurrence, seed: u64) -> Vec<ComposedLine> {
    let part = occurrence.part;
    if part.is_peak {
        // It has more than all others by itself.
        return Vec::new();
    }
    let mut chance = chance(seed, &format!("{}{}", part.look_key().0, occurrence.earlier));
    // Some rigs have no lights for some of them.
    let growths = Lookbook::growths(part.intensity).iter();
    let growths = growths.map(|growth| book.grown(*growth, part.intensity, occurrence.beats, &mut chance));
    let lines = growths.filter(|lines| !lines.is_empty()).take(occurrence.earlier).flatten();
    let mut lines: Vec<ComposedLine> = lines.map(|line| line.later(part.from)).collect();
    if let Some(ComposedLine::Cue(first)) = lines.first_mut() {
        first.why = "more than the time before".to_owned();
    }
    lines
}

/// Its own chance for each part: a part that is longer in another song changes nothing in the others.
fn chance(seed: u64, part: &str) -> Random {
    Random::new(&[b"compose", &seed.to_le_bytes(), part.as_bytes()])
}

/// "Chorus, bars 17 to 24, at 0:34: everything comes in, as strong as it gets".
fn heading(part: &FormPart, form: &SongForm) -> String {
    let strength = match part.intensity {
        Intensity::Calm => "calm",
        Intensity::Steady => "steady",
        Intensity::Strong => "strong",
        Intensity::Full => "as strong as it gets",
    };
    let mut heard = vec![strength];
    if part.enters {
        heard.insert(0, "everything comes in");
    }
    if part.has_tune {
        heard.push("a tune leads");
    }
    if part.rises.is_some() {
        heard.push("it grows towards the next part");
    }
    let role = role(part);
    let (first, rest) = role.split_at(1);
    let letter = if part.role.is_some() { format!(" ({})", part.letter) } else { String::new() };
    let role = format!("{}{rest}{letter}", first.to_uppercase());
    format!("{role}, {}: {}", when(form, (part.from, part.to), part.at), heard.join(", "))
}

/// "The end, bar 33, at 1:08: the last chord rings".
fn end_heading(form: &SongForm) -> String {
    match form.ending.zip(form.parts.last()) {
        Some(((from, _), last)) => {
            let at = last.at + form.beat * u32::try_from(from - last.from).unwrap_or(0);
            format!("The end, {}: the last sound rings", when(form, (from, from + 1), at))
        }
        None => "The end".to_owned(),
    }
}

/// "bars 17 to 24, at 0:34", of these beats.
fn when(form: &SongForm, (from, to): (i64, i64), at: ShowTime) -> String {
    let (first, last) = (form.place(from), form.place(to - 1));
    let seconds = at.micros() / 1_000_000;
    let bars = match last.bar - first.bar {
        0 => format!("bar {}", first.bar),
        _ => format!("bars {} to {}", first.bar, last.bar),
    };
    format!("{bars}, at {}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::PartRole;
    use crate::compose::form::DrumPattern;
    use std::time::Duration;

    fn part(letter: &str, role: PartRole, bars: std::ops::Range<i64>, intensity: Intensity) -> FormPart {
        let drums = DrumPattern { low: vec![true, false, true, false], high: vec![false, true, false, true] };
        FormPart {
            letter: letter.to_owned(),
            role: Some(role),
            from: bars.start * 4,
            to: bars.end * 4,
            at: ShowTime::from_micros(bars.start as u64 * 2_000_000),
            intensity,
            before: None,
            energy: 0.5,
            enters: false,
            rises: None,
            is_peak: false,
            has_tune: true,
            chords: Vec::new(),
            drums,
        }
    }

    fn song() -> SongForm {
        let (verse, chorus) = (Intensity::Steady, Intensity::Full);
        SongForm {
            in_bar: 4,
            felt: 1,
            beat: Duration::from_millis(500),
            parts: vec![
                part("A", PartRole::Verse, 0..8, verse),
                part("B", PartRole::Chorus, 8..16, chorus),
                part("A", PartRole::Verse, 16..24, verse),
                part("B", PartRole::Chorus, 24..32, chorus),
            ],
            breaks: Vec::new(),
            ending: None,
            coda: None,
        }
    }

    fn arranged(seed: u64) -> Arrangement {
        let rig = "[channels]\na = { pin = 4, kind = \"relay\" }\nb = { pin = 16, kind = \"ssr\" }\n\
                   c = { pin = 12, kind = \"pwm\" }\nd = { pin = 13, kind = \"pwm\" }\n";
        let rig = crate::rig::read(&crate::diagnosis::Source::new("rig.toml", rig)).0.unwrap();
        let lights = LightUse::of(&rig, &mut chance(seed, ""));
        arrange(&rig, &lights, &song(), ShowTime::from_micros(64_000_000), seed)
    }

    #[test]
    fn a_part_that_comes_again_is_one_section_that_is_played_where_it_comes() {
        let made = arranged(1);
        let names: Vec<&str> = made.sections.iter().map(|section| &*section.name).collect();
        assert_eq!(names, ["verse", "chorus"]);
        let plays = made.lines.iter().filter_map(|line| match line {
            ComposedLine::Cue(CueLine { when: CueWhen::At(at), who, what, .. }) if who == "play" => {
                Some((*at, &*what[0]))
            }
            _ => None,
        });
        let plays: Vec<(i64, &str)> = plays.collect();
        assert_eq!(plays, [(0, "verse"), (32, "chorus"), (64, "verse"), (96, "chorus")]);
    }

    #[test]
    fn a_seed_arranges_the_same_again_and_the_second_time_has_more() {
        assert_eq!(arranged(7), arranged(7));
        assert!((2..9).any(|seed| arranged(seed) != arranged(1)));
        let made = arranged(1);
        let of = |from: i64| {
            let is_within = |line: &&ComposedLine| match line {
                ComposedLine::Cue(CueLine { when: CueWhen::At(at) | CueWhen::Span(at, _), .. }) => {
                    (from..from + 28).contains(at)
                }
                _ => false,
            };
            made.lines.iter().filter(is_within).count()
        };
        assert!(of(64) > of(0), "{made:?}");
    }
}
