//! From what is written to cues on the clock: tempo, sections and repeats are reckoned out here.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::{Diagnoses, Source, did_you_mean};
use crate::time::ShowTime;

use super::cue::{Action, Cue, Effect};
use super::reckon::{MOST_EVENTS, Moment, Reckoning, SHORTEST_PERIOD, too_many};
use super::sheet::{Deed, Item, Row, Section};
use super::tempo::{Tempo, Ticks};
use super::what::What;
use super::when::{LengthAt, Start, TimeAt};
use super::words::{Mistake, Word};

/// How often twinkle changes a channel when nothing else is said.
const TWINKLE_PACE: Duration = Duration::from_millis(500);

pub(super) struct Unfolding<'a> {
    source: &'a Arc<Source>,
    reckoning: Reckoning<'a>,
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
            reckoning: Reckoning { tempo },
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
        let time =
            self.reckoning.place(length, None).and_then(|moment| self.reckoning.time(moment, &length.span));
        let time = time.and_then(|time| match time {
            ShowTime::ZERO => Err(Mistake::new(length.span.clone(), "a show that lasts no time at all")),
            time => Ok(time),
        });
        time.map_err(|mistake| self.tell(mistake)).ok()
    }

    fn beginning(&self) -> Moment {
        match self.reckoning.tempo {
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
            Start::At(time) => (self.reckoning.place(time, base)?, time.span.clone()),
            Start::After(length) => (self.reckoning.later(above, length)?, length.span.clone()),
        };
        let start = self.reckoning.time(first, &span)?;
        let end = match &item.when.end {
            None => None,
            Some(time) => {
                let end = self.reckoning.place(time, base)?;
                let end = self.reckoning.time(end, &time.span)?;
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
        while self.reckoning.time(moment, &span)? < end && !self.overflowed {
            self.deed(item, moment, None, limit)?;
            self.count(1, &item.span)?;
            moment = self.reckoning.later(moment, every)?;
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
        let start = self.reckoning.time(moment, &item.span)?;
        if limit.is_some_and(|limit| start >= limit) {
            return Ok(());
        }
        let ends = |unfolding: &Self, lasts: &Option<LengthAt>| -> Result<Option<ShowTime>, Mistake> {
            let end = match lasts {
                Some(length) => Some(unfolding.reckoning.end_of(moment, length)?),
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
        let start = self.reckoning.time(moment, &item.span)?;
        let ticks = self.reckoning.ticks(moment, end, by)?;
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
                Some(length) => self.reckoning.end_of(moment, length)?,
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
            What::Pulse { levels, every } => {
                Effect::Pulse { levels: *levels, ticks: self.reckoning.ticks(moment, end, every)? }
            }
            What::Strobe { levels, every, lit } => {
                let lit = match lit {
                    Some(length) => Some(self.reckoning.end_of(moment, length)? - start),
                    None => None,
                };
                Effect::Strobe { levels: *levels, ticks: self.reckoning.ticks(moment, end, every)?, lit }
            }
            What::Chase { levels, every, way, wide } => Effect::Chase {
                levels: *levels,
                ticks: self.reckoning.ticks(moment, end, every)?,
                way: *way,
                wide: *wide,
            },
            What::Twinkle { levels, every, seed } => {
                let every = match every {
                    Some(length) => self.reckoning.end_of(moment, length)? - start,
                    None => TWINKLE_PACE,
                };
                Effect::Twinkle { levels: *levels, every: every.max(SHORTEST_PERIOD), seed: *seed }
            }
        };
        Ok(Action::Over { end, effect })
    }

    fn count(&mut self, events: u64, span: &Range<usize>) -> Result<(), Mistake> {
        self.events += events;
        if self.events > MOST_EVENTS {
            self.overflowed = true;
            return Err(too_many(span.clone()));
        }
        Ok(())
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
