//! Turns a parsed sheet into cues with times by the clock: repeats sections and `every` lines. Knows no text of
//! lines.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Help, Source};
use crate::rig::{Rig, is_called};
use crate::time::ShowTime;

use super::action::{CueSpan, action};
use super::cue::{Action, Cue, Effect};
use super::frames::Frames;
use super::length::LengthAt;
use super::memory_cost::{MemoryCost, too_large};
use super::reckon::{CueTime, MOST_EVENTS, Reckoning, too_many};
use super::section_play::SectionPlay;
use super::sheet_parts::{Instruction, Row, Section, SheetItem};
use super::tempo::{Tempo, Ticks};
use super::when::{Start, TimeAt};
use super::words::{Bytes, Mistake, Word};

/// Sections may not be nested deeper: each level takes stack.
const DEEPEST: usize = 64;
/// No picture has room for more, and they take memory.
const MOST_PLAYS: usize = 4_096;

/// A sheet in which every cue has its time.
pub(super) struct Unfolded {
    /// In the order of the sheet.
    pub(super) cues: Vec<Cue>,
    pub(super) plays: Vec<SectionPlay>,
}

pub(super) struct Unfolding<'a> {
    source: &'a Arc<Source>,
    reckoning: Reckoning<'a>,
    sections: &'a [Section<'a>],
    by_name: HashMap<&'a str, usize>,
    /// The sections that are being unfolded, each inside the one before.
    open: Vec<usize>,
    played: HashSet<usize>,
    /// The sections that are played in a line with a mistake.
    missed: HashSet<usize>,
    cues: Vec<Cue>,
    plays: Vec<SectionPlay>,
    events: u64,
    memory: MemoryCost,
    /// Mistakes that were reported: a section that is played ten times reports each once.
    told: HashSet<(usize, String)>,
    mistakes: &'a mut Diagnoses,
    /// There are too many events or mistakes, or too much for the memory: nothing more is unfolded.
    stopped: bool,
}

impl<'a> Unfolding<'a> {
    pub(super) fn new(
        source: &'a Arc<Source>,
        tempo: Option<&'a Tempo>,
        sections: &'a [Section<'a>],
        mistakes: &'a mut Diagnoses,
    ) -> Self {
        let by_name =
            sections.iter().enumerate().map(|(index, section)| (section.name.text, index)).collect();
        Self {
            source,
            reckoning: Reckoning { tempo },
            sections,
            by_name,
            open: Vec::new(),
            played: HashSet::new(),
            missed: HashSet::new(),
            cues: Vec::new(),
            plays: Vec::new(),
            events: 0,
            memory: MemoryCost::of(source.text().len(), sections.iter().map(Section::memory).sum()),
            told: HashSet::new(),
            mistakes,
            stopped: false,
        }
    }

    /// Counts `frames`, which lie under the cues, on `rig`.
    pub(super) fn count_frames(&mut self, frames: &Frames, rig: &Rig) {
        for channel in frames.channels() {
            let changes = frames.changes_of(channel).map_or(0, Iterator::count) as u64;
            self.events += changes;
            self.memory.add_frames(channel, changes, rig);
        }
        if self.memory.is_too_much() {
            self.stopped = true;
            let mistake =
                Mistake::new(frames.name.clone(), "these frames are too large for a small Pi's memory");
            self.tell(mistake.help(Help::advise("map fewer channels, or channels that change less often")));
        }
    }

    /// The cues of `pieces`, and the sections that they play.
    pub(super) fn unfold(mut self, pieces: Vec<Vec<SheetItem<'a>>>) -> Unfolded {
        let mut above = CueTime::Clock(ShowTime::ZERO);
        for items in pieces {
            above = self.items(&items, None, above, None);
        }
        // A section that is never played is unfolded for its mistakes, as if it began with the music.
        for (index, section) in self.sections.iter().enumerate() {
            if !self.played.contains(&index) && !section.items.is_empty() && !self.stopped {
                let kept = self.cues.len();
                self.open.push(index);
                let beginning = self.beginning();
                self.items(&section.items, Some(beginning), beginning, None);
                self.open.pop();
                self.cues.truncate(kept);
                let named = self.by_name[section.name.text];
                if !self.played.contains(&named) && !self.missed.contains(&named) {
                    let title = format!("no cue plays section `{}`", section.name.text);
                    self.warn(Mistake::new(section.name.span(), title));
                }
            }
        }
        self.cues.shrink_to_fit();
        self.plays.shrink_to_fit();
        Unfolded { cues: self.cues, plays: self.plays }
    }

    /// When the show ends, if its head has this `length`.
    pub(super) fn length(&mut self, length: &TimeAt) -> Option<ShowTime> {
        let time =
            self.reckoning.place(length, None).and_then(|moment| self.reckoning.time(moment, length.span));
        let time = time.and_then(|time| match time {
            ShowTime::ZERO => Err(Mistake::new(length.span, "this show has no length")),
            time => Ok(time),
        });
        time.map_err(|mistake| self.tell(mistake)).ok()
    }

    fn beginning(&self) -> CueTime {
        match self.reckoning.tempo {
            Some(_) => CueTime::Music(Ticks(0)),
            None => CueTime::Clock(ShowTime::ZERO),
        }
    }

    /// Unfolds `items`. The section begins at `base` and is cut at `limit`; the line above begins at `above`. Returns
    /// where the last line begins.
    fn items(
        &mut self,
        items: &[SheetItem<'a>],
        base: Option<CueTime>,
        mut above: CueTime,
        limit: Option<ShowTime>,
    ) -> CueTime {
        for item in items {
            if self.stopped {
                break;
            }
            match self.item(item, base, above, limit) {
                Ok(start) => above = start,
                Err(mistake) => {
                    self.tell(mistake);
                    self.pass_over(item);
                    if let Instruction::Play { section, .. } = &item.instruction {
                        self.missed.extend(self.by_name.get(section.text));
                    }
                }
            }
        }
        above
    }

    /// Unfolds one line. Returns where it starts.
    fn item(
        &mut self,
        item: &SheetItem<'a>,
        base: Option<CueTime>,
        above: CueTime,
        limit: Option<ShowTime>,
    ) -> Result<CueTime, Mistake> {
        let (first, span) = match &item.when.start {
            Start::At(time) => {
                let end = item.when.end.as_deref();
                let end = end.and_then(|end| {
                    self.reckoning.time(self.reckoning.place(end, base).ok()?, end.span).ok()
                });
                let is_earlier = |start: ShowTime| end.is_none_or(|end| start < end);
                let start = self.reckoning.place(time, base);
                let start =
                    start.map_err(|mistake| self.reckoning.with_times_that(is_earlier, mistake, base))?;
                (start, time.span)
            }
            Start::After(length) => (self.reckoning.later(above, length)?, length.span),
        };
        let start = self.reckoning.time(first, span)?;
        let end = match &item.when.end {
            None => None,
            Some(time) => {
                let end = self.reckoning.place(time, base);
                let is_later = |end: ShowTime| end > start;
                let end = end.map_err(|mistake| self.reckoning.with_times_that(is_later, mistake, base))?;
                let end = self.reckoning.time(end, time.span)?;
                if end <= start {
                    let label = match &item.when.start {
                        Start::At(start) => {
                            format!("it begins at {}", &self.source.text()[start.span.range()])
                        }
                        Start::After(_) => "it begins later".to_owned(),
                    };
                    return Err(Mistake::new(time.span, "this ends before it begins").label(label));
                }
                Some(end)
            }
        };
        let Some(every) = &item.when.every else {
            self.occurrence(item, first, end, limit)?;
            return Ok(first);
        };
        let end = end.expect("`every` was only read behind an end");
        let end = limit.map_or(end, |limit| end.min(limit));
        let mut moment = first;
        while self.reckoning.time(moment, span)? < end && !self.stopped {
            self.occurrence(item, moment, None, limit)?;
            moment = self.reckoning.later(moment, every)?;
        }
        Ok(first)
    }

    /// Unfolds one occurrence of a line; `until` is the end that its first column gives.
    fn occurrence(
        &mut self,
        item: &SheetItem<'a>,
        moment: CueTime,
        until: Option<ShowTime>,
        limit: Option<ShowTime>,
    ) -> Result<(), Mistake> {
        let start = self.reckoning.time(moment, item.span)?;
        if limit.is_some_and(|limit| start >= limit) {
            self.pass_over(item);
            return Ok(());
        }
        let ends = |unfolding: &Self, lasts: &Option<Box<LengthAt>>| -> Result<Option<ShowTime>, Mistake> {
            let end = match lasts {
                Some(length) => Some(unfolding.reckoning.end_of(moment, length)?),
                None => until,
            };
            Ok(match (end, limit) {
                (Some(end), Some(limit)) => Some(end.min(limit)),
                (end, _) => end,
            })
        };
        match &item.instruction {
            Instruction::Play { section, lasts } => {
                let cut = ends(self, lasts)?.or(limit);
                self.play(section, moment, cut)
            }
            Instruction::Steps { by, rows } => {
                let end = ends(self, &None)?.expect("steps were only read with an end");
                self.grid(item, moment, end, by, rows)
            }
            Instruction::Cue { who, what, lasts } => {
                let end = ends(self, lasts)?;
                let span = CueSpan { moment, start, end, until, most: self.remaining() };
                let action = action(&self.reckoning, what, &span)?;
                let (events, common) = match &action {
                    Action::Over { end, effect } => {
                        (effect.events(*end - start), effect.common_events(*end - start))
                    }
                    _ => (1, 0),
                };
                self.count(events.max(1) * who.len() as u64 + common, item.span)?;
                let cue = Cue { start, channels: Arc::clone(who), action, line: item.span.range() };
                self.add(cue, (events, common), item.span)
            }
        }
    }

    fn play(&mut self, name: &Word<'a>, moment: CueTime, cut: Option<ShowTime>) -> Result<(), Mistake> {
        let index = self.by_name.get(name.text).copied();
        let Some(index) =
            index.or_else(|| self.sections.iter().position(|one| is_called(one.name.text, name.text)))
        else {
            let near =
                Help::meant(name.span(), name.text, self.sections.iter().map(|section| section.name.text));
            let write =
                || Help::advise(format!("add a line `section {}`, and its cues indented below", name.text));
            return Err(Mistake::new(name.span(), format!("no section `{}`", name.text))
                .label("not in this sheet")
                .help(near.unwrap_or_else(write)));
        };
        if self.open.contains(&index) {
            return Err(Mistake::new(name.span(), format!("section `{}` plays itself", name.text))
                .label("and would never end"));
        }
        self.played.insert(index);
        if self.open.len() == DEEPEST {
            return Err(Mistake::new(name.span(), format!("sections play one another {DEEPEST} deep"))
                .label("and this would be one more"));
        }
        self.count(1, name.span().into())?;
        self.open.push(index);
        let before = self.cues.len();
        self.items(&self.sections[index].items, Some(moment), moment, cut);
        self.open.pop();
        if self.open.is_empty() && self.plays.len() < MOST_PLAYS {
            let start = self.reckoning.time(moment, name.span().into())?;
            let end = self.cues[before..].iter().map(Cue::end).max().unwrap_or(start);
            self.plays.push(SectionPlay { start, end, name: name.span() });
        }
        Ok(())
    }

    fn grid(
        &mut self,
        item: &SheetItem<'a>,
        moment: CueTime,
        end: ShowTime,
        by: &LengthAt,
        rows: &[Row],
    ) -> Result<(), Mistake> {
        let start = self.reckoning.time(moment, item.span)?;
        let ticks = self.reckoning.ticks(moment, end, by, self.remaining())?;
        for row in rows {
            self.count((ticks.len() * row.who.len()) as u64, item.span)?;
            let effect = Effect::Steps { strip: Arc::clone(&row.strip), ticks: Arc::clone(&ticks) };
            let action = Action::Over { end, effect };
            let cue = Cue { start, channels: Arc::clone(&row.who), action, line: row.span.range() };
            self.add(cue, (ticks.len() as u64, 0), item.span)?;
        }
        Ok(())
    }

    /// `changes` are those that it makes on each of its channels, and `common` those that they share.
    fn add(&mut self, cue: Cue, (changes, common): (u64, u64), span: Bytes) -> Result<(), Mistake> {
        self.memory.add(&cue.channels, &cue.action, changes, common);
        if self.memory.is_too_much() {
            self.stopped = true;
            return Err(too_large(span));
        }
        self.cues.push(cue);
        Ok(())
    }

    /// Counts a line without effect as one event, for unfolding it takes time.
    fn pass_over(&mut self, item: &SheetItem) {
        if !self.stopped
            && let Err(mistake) = self.count(1, item.span)
        {
            self.tell(mistake);
        }
    }

    /// How many more events there may be.
    fn remaining(&self) -> u64 {
        MOST_EVENTS.saturating_sub(self.events)
    }

    fn count(&mut self, events: u64, span: Bytes) -> Result<(), Mistake> {
        self.events += events;
        if self.events > MOST_EVENTS {
            self.stopped = true;
            return Err(too_many(span));
        }
        Ok(())
    }

    fn tell(&mut self, mistake: Mistake) {
        let place = if mistake.of_the_sheet { 0 } else { mistake.span.start };
        if self.told.insert((place, mistake.title.clone())) {
            self.mistakes.push(mistake.into_error(self.source));
            self.stopped |= self.mistakes.are_many();
        }
    }

    fn warn(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake.into_warning(self.source));
        self.stopped |= self.mistakes.are_many();
    }
}
