//! From what is written to cues on the clock: tempo, sections and repeats are reckoned out here.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::{Diagnoses, Source, did_you_mean};
use crate::time::ShowTime;

use super::cue::{Action, Cue, Effect};
use super::sheet::{Deed, Item, Row, Section};
use super::tempo::{Tempo, Ticks};
use super::what::{Levels, What};
use super::when::{BarBeat, Length, LengthAt, Place, Start, TimeAt};
use super::words::{Mistake, Word};

/// A show that changes its lights more often than this is a slip of the pen, and would not fit a Pi.
const MOST_EVENTS: u64 = 1_000_000;
/// How often twinkle changes a channel when nothing else is said.
const TWINKLE_PACE: Duration = Duration::from_millis(500);
/// Faster than this no lamp follows and no eye sees.
const SHORTEST_PERIOD: Duration = Duration::from_millis(1);

/// A point on the clock or in the music; which of the two keeps everything exact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Moment {
    Clock(ShowTime),
    Music(Ticks),
}

pub(super) struct Unfolding<'a> {
    source: &'a Arc<Source>,
    tempo: Option<&'a Tempo>,
    sections: &'a [Section<'a>],
    by_name: HashMap<&'a str, usize>,
    /// The sections that are being played, each inside the one before.
    open: Vec<usize>,
    played: HashSet<usize>,
    cues: Vec<Cue>,
    events: u64,
    /// A section that is played ten times tells its mistakes once.
    told: HashSet<(usize, String)>,
    mistakes: &'a mut Diagnoses,
    overflowed: bool,
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
            tempo,
            sections,
            by_name,
            open: Vec::new(),
            played: HashSet::new(),
            cues: Vec::new(),
            events: 0,
            told: HashSet::new(),
            mistakes,
            overflowed: false,
        }
    }

    /// The cues of `items`, in the order of the sheet.
    pub(super) fn unfold(mut self, items: &'a [Item<'a>]) -> Vec<Cue> {
        self.items(items, None, None);
        // A section that nobody plays still has its mistakes told, as if it began with the music.
        for (index, section) in self.sections.iter().enumerate() {
            if !self.played.contains(&index) && !section.items.is_empty() && !self.overflowed {
                let kept = self.cues.len();
                self.open.push(index);
                self.items(&section.items, Some(self.beginning()), None);
                self.open.pop();
                self.cues.truncate(kept);
                if !self.played.contains(&self.by_name[section.name.text]) {
                    let title = format!("nobody plays section `{}`", section.name.text);
                    self.warn(Mistake::new(section.name.span(), title));
                }
            }
        }
        self.cues
    }

    /// When a show whose head says `length` ends.
    pub(super) fn length(&mut self, length: &TimeAt) -> Option<ShowTime> {
        let time = self.place(length, None).and_then(|moment| self.time(moment, &length.span));
        let time = time.and_then(|time| match time {
            ShowTime::ZERO => Err(Mistake::new(length.span.clone(), "a show that lasts no time at all")),
            time => Ok(time),
        });
        time.map_err(|mistake| self.tell(mistake)).ok()
    }

    fn beginning(&self) -> Moment {
        match self.tempo {
            Some(_) => Moment::Music(Ticks(0)),
            None => Moment::Clock(ShowTime::ZERO),
        }
    }

    /// `base` is where the section begins, `limit` where it is cut.
    fn items(&mut self, items: &'a [Item<'a>], base: Option<Moment>, limit: Option<ShowTime>) {
        let mut above = base.unwrap_or(Moment::Clock(ShowTime::ZERO));
        for item in items {
            if self.overflowed {
                return;
            }
            match self.item(item, base, above, limit) {
                Ok(start) => above = start,
                Err(mistake) => self.tell(mistake),
            }
        }
    }

    /// Unfolds one line; tells where it starts.
    fn item(
        &mut self,
        item: &'a Item<'a>,
        base: Option<Moment>,
        above: Moment,
        limit: Option<ShowTime>,
    ) -> Result<Moment, Mistake> {
        let (first, span) = match &item.when.start {
            Start::At(time) => (self.place(time, base)?, time.span.clone()),
            Start::After(length) => (self.later(above, length)?, length.span.clone()),
        };
        let start = self.time(first, &span)?;
        let end = match &item.when.end {
            None => None,
            Some(time) => {
                let end = self.place(time, base)?;
                let end = self.time(end, &time.span)?;
                if end <= start {
                    return Err(Mistake::new(time.span.clone(), "this ends before it begins")
                        .label(format!("{end}, and it begins at {start}")));
                }
                Some(end)
            }
        };
        let Some(every) = &item.when.every else {
            self.deed(item, first, end, limit)?;
            return Ok(first);
        };
        let end = end.expect("`every` was only read behind an end");
        let mut moment = first;
        while self.time(moment, &span)? < end && !self.overflowed {
            self.deed(item, moment, None, limit)?;
            self.count(1, &item.span)?;
            moment = self.later(moment, every)?;
        }
        Ok(first)
    }

    /// One occurrence of what a line says; `until` is the end that its time gave.
    fn deed(
        &mut self,
        item: &'a Item<'a>,
        moment: Moment,
        until: Option<ShowTime>,
        limit: Option<ShowTime>,
    ) -> Result<(), Mistake> {
        let start = self.time(moment, &item.span)?;
        if limit.is_some_and(|limit| start >= limit) {
            return Ok(());
        }
        let ends = |unfolding: &Self, lasts: &Option<LengthAt>| -> Result<Option<ShowTime>, Mistake> {
            let end = match lasts {
                Some(length) => Some(unfolding.end_of(moment, length)?),
                None => until,
            };
            Ok(match (end, limit) {
                (Some(end), Some(limit)) => Some(end.min(limit)),
                (end, _) => end,
            })
        };
        match &item.deed {
            Deed::Play { section, lasts } => {
                let cut = ends(self, lasts)?.or(limit);
                self.play(section, moment, cut)
            }
            Deed::Steps { by, rows } => {
                let end = ends(self, &None)?.expect("steps were only read with an end");
                self.grid(item, moment, end, by, rows)
            }
            Deed::Cue { who, what, lasts } => {
                let end = ends(self, lasts)?;
                let action = self.action(what, moment, start, end, until)?;
                let events = match &action {
                    Action::Over { end, effect } => effect.events(*end - start),
                    _ => 1,
                };
                self.count(events.max(1) * who.len() as u64, &item.span)?;
                self.cues.push(Cue { start, channels: Arc::clone(who), action, line: item.span.clone() });
                Ok(())
            }
        }
    }

    fn play(&mut self, name: &Word<'a>, moment: Moment, cut: Option<ShowTime>) -> Result<(), Mistake> {
        let Some(&index) = self.by_name.get(name.text) else {
            let near = did_you_mean(name.text, self.by_name.keys().copied());
            return Err(Mistake::new(name.span(), format!("no section `{}`", name.text))
                .label("not in this sheet")
                .help_if_any(near));
        };
        if self.open.contains(&index) {
            return Err(Mistake::new(name.span(), format!("section `{}` plays itself", name.text))
                .label("and would never end"));
        }
        self.played.insert(index);
        self.count(1, &name.span())?;
        self.open.push(index);
        self.items(&self.sections[index].items, Some(moment), cut);
        self.open.pop();
        Ok(())
    }

    fn grid(
        &mut self,
        item: &'a Item<'a>,
        moment: Moment,
        end: ShowTime,
        by: &LengthAt,
        rows: &[Row],
    ) -> Result<(), Mistake> {
        let start = self.time(moment, &item.span)?;
        let ticks = self.ticks(moment, end, by)?;
        for row in rows {
            self.count((ticks.len() * row.who.len()) as u64, &item.span)?;
            let effect = Effect::Steps { strip: Arc::clone(&row.strip), ticks: Arc::clone(&ticks) };
            let action = Action::Over { end, effect };
            self.cues.push(Cue { start, channels: Arc::clone(&row.who), action, line: item.span.clone() });
        }
        Ok(())
    }

    fn action(
        &self,
        what: &What,
        moment: Moment,
        start: ShowTime,
        end: Option<ShowTime>,
        until: Option<ShowTime>,
    ) -> Result<Action, Mistake> {
        if let What::Fade { from, to, over, easing } = what {
            let arrives = match over {
                Some(length) => self.end_of(moment, length)?,
                None => until.expect("a fade was only read with `over` or an end"),
            };
            return Ok(Action::Fade { from: *from, to: *to, over: arrives - start, easing: *easing });
        }
        let end = match (what, end) {
            (What::Level(level), None) => return Ok(Action::Set(*level)),
            (_, end) => end.expect("an effect was only read with an end"),
        };
        let effect = match what {
            What::Level(level) => Effect::Level(*level),
            What::Fade { .. } => unreachable!("a fade has its action already"),
            What::Pulse { levels: Levels { low, high }, every } => {
                // The flash comes first, whichever level was written first.
                let (low, high) = (*low.min(high), *low.max(high));
                Effect::Pulse { low, high, ticks: self.ticks(moment, end, every)? }
            }
            What::Strobe { levels: Levels { low, high }, every, lit } => {
                let lit = match lit {
                    Some(length) => Some(self.end_of(moment, length)? - start),
                    None => None,
                };
                let (low, high) = (*low.min(high), *low.max(high));
                Effect::Strobe { low, high, ticks: self.ticks(moment, end, every)?, lit }
            }
            What::Chase { levels: Levels { low, high }, every, way, wide } => {
                let (low, high) = (*low.min(high), *low.max(high));
                Effect::Chase { low, high, ticks: self.ticks(moment, end, every)?, way: *way, wide: *wide }
            }
            What::Twinkle { levels: Levels { low, high }, every, seed } => {
                let every = match every {
                    Some(length) => self.end_of(moment, length)? - start,
                    None => TWINKLE_PACE,
                };
                let (low, high) = (*low.min(high), *low.max(high));
                Effect::Twinkle { low, high, every: every.max(SHORTEST_PERIOD), seed: *seed }
            }
        };
        Ok(Action::Over { end, effect })
    }

    /// The starts of periods of `every` from `moment` on, before `end`.
    fn ticks(&self, moment: Moment, end: ShowTime, every: &LengthAt) -> Result<Arc<[ShowTime]>, Mistake> {
        let mut ticks = Vec::new();
        let mut next = moment;
        loop {
            let time = self.time(next, &every.span)?;
            if time >= end {
                return Ok(ticks.into());
            }
            if ticks.last().is_some_and(|last| time - *last < SHORTEST_PERIOD) {
                return Err(
                    Mistake::new(every.span.clone(), "no lamp follows this").label("at least 1 ms, please")
                );
            }
            if ticks.len() as u64 > MOST_EVENTS {
                return Err(too_many(every.span.clone()));
            }
            ticks.push(time);
            next = self.later(next, every)?;
        }
    }

    fn count(&mut self, events: u64, span: &Range<usize>) -> Result<(), Mistake> {
        self.events += events;
        if self.events > MOST_EVENTS {
            self.overflowed = true;
            return Err(too_many(span.clone()));
        }
        Ok(())
    }

    fn end_of(&self, moment: Moment, length: &LengthAt) -> Result<ShowTime, Mistake> {
        self.time(self.later(moment, length)?, &length.span)
    }

    /// Where a written time lies, counted from `base` in a section.
    fn place(&self, time: &TimeAt, base: Option<Moment>) -> Result<Moment, Mistake> {
        match (&time.place, base) {
            (Place::Clock(clock), None) => Ok(Moment::Clock(*clock)),
            (Place::Clock(clock), Some(base)) => {
                Ok(Moment::Clock(self.time(base, &time.span)? + clock.as_duration()))
            }
            (Place::Music(music), base) => {
                let tempo = self.tempo_for(&time.span)?;
                let (bar, into) = match base {
                    None => (0, Ticks(0)),
                    Some(base) => {
                        let (bar, into) = tempo.bar_at(self.tick(tempo, base));
                        (bar - 1, into)
                    }
                };
                self.bar_beat(tempo, *music, bar, into, time).map(Moment::Music)
            }
        }
    }

    /// `music` counted on from `bar`, `into` a bar.
    fn bar_beat(
        &self,
        tempo: &Tempo,
        music: BarBeat,
        bar: i64,
        into: Ticks,
        time: &TimeAt,
    ) -> Result<Ticks, Mistake> {
        let bar = bar + i64::from(music.bar);
        let beats = tempo.measure_of(bar).beats;
        if music.beat == 0 || music.beat > beats {
            return Err(Mistake::new(time.span.clone(), format!("bar {} has {beats} beats", music.bar))
                .label(format!("there is no beat {}", music.beat)));
        }
        Ok(Ticks(tempo.start_of(bar).0 + into.0 + Ticks::beats(i64::from(music.beat) - 1).0 + music.past.0))
    }

    fn later(&self, moment: Moment, length: &LengthAt) -> Result<Moment, Mistake> {
        if let Length::Clock(duration) = length.length {
            return Ok(Moment::Clock(self.time(moment, &length.span)? + duration));
        }
        let tempo = self.tempo_for(&length.span)?;
        let tick = self.tick(tempo, moment);
        let (bar, into) = tempo.bar_at(tick);
        Ok(Moment::Music(match length.length {
            Length::Clock(_) => tick,
            Length::Beats(beats) => Ticks(tick.0 + beats.0),
            Length::Note { count, value } => {
                let note = i64::from(tempo.measure_of(bar).note);
                Ticks(tick.0 + Ticks::beats(i64::from(count) * note).0 / i64::from(value))
            }
            Length::Bars(bars) => {
                let (whole, part) = (bars.0 / Ticks::PER_BEAT, bars.0 % Ticks::PER_BEAT);
                let beats = i64::from(tempo.measure_of(bar + whole).beats);
                Ticks(tempo.start_of(bar + whole).0 + into.0 + part * beats)
            }
        }))
    }

    fn tick(&self, tempo: &Tempo, moment: Moment) -> Ticks {
        match moment {
            Moment::Music(tick) => tick,
            Moment::Clock(time) => tempo.tick_at(time),
        }
    }

    fn tempo_for(&self, span: &Range<usize>) -> Result<&'a Tempo, Mistake> {
        self.tempo.ok_or_else(|| {
            Mistake::new(span.clone(), "bars and beats need a tempo")
                .label("musical time")
                .help("write `tempo 120 bpm, 4/4` into the head of the show")
        })
    }

    fn time(&self, moment: Moment, span: &Range<usize>) -> Result<ShowTime, Mistake> {
        let time = match moment {
            Moment::Clock(time) => time,
            Moment::Music(tick) => self.tempo_for(span)?.time_of(tick).ok_or_else(|| {
                Mistake::new(span.clone(), "this lies before the show begins")
                    .label("the first beat of the music is `1.1`")
            })?,
        };
        if time > ShowTime::MAX {
            return Err(Mistake::new(span.clone(), "nothing in a show is longer than 24 hours")
                .label("this lies more than a day in"));
        }
        Ok(time)
    }

    fn tell(&mut self, mistake: Mistake) {
        if self.told.insert((mistake.span.start, mistake.title.clone())) {
            self.mistakes.push(mistake.into_error(self.source));
        }
    }

    fn warn(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake.into_warning(self.source));
    }
}

fn too_many(span: Range<usize>) -> Mistake {
    Mistake::new(span, "this show changes its lights more than a million times")
        .label("the limit is passed here")
        .help("look for an `every` that is far too short, or sections that play one another too often")
}
