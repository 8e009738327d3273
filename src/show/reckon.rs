//! Turns written times and durations into times by the clock, with the help of the tempo. Knows no cues.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::{Help, Mend};
use crate::time::ShowTime;

use super::head::beats_in;
use super::length::{Length, LengthAt};
use super::tempo::{Tempo, Ticks};
use super::when::{BarBeat, TimeAt, TimePlace, time_at};
use super::words::{Bytes, Mistake, SheetLine};

/// A show with more changes of lights than this is a mistake, and would not fit into a Pi's memory.
pub(super) const MOST_EVENTS: u64 = 1_000_000;
/// The mistake of bars and beats in a show without a tempo.
pub(super) const NO_TEMPO: &str = "bars and beats need a tempo";
/// No lamp follows and no eye sees shorter periods.
pub(super) const SHORTEST_PERIOD: Duration = Duration::from_millis(1);

/// A time by the clock or a position in the music. It is kept as it was written, so that nothing is rounded twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CueTime {
    Clock(ShowTime),
    Music(Ticks),
}

/// Calculates times with the tempo of a show, if it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reckoning<'a> {
    pub(super) tempo: Option<&'a Tempo>,
}

impl<'a> Reckoning<'a> {
    /// The starts of periods of `every` from `moment` on, before `end`. If there are more than `most`, only the first
    /// `most` + 1.
    pub(super) fn ticks(
        &self,
        moment: CueTime,
        end: ShowTime,
        every: &LengthAt,
        most: u64,
    ) -> Result<Arc<[ShowTime]>, Mistake> {
        let mut ticks = Vec::new();
        let mut next = moment;
        loop {
            let time = self.time(next, every.span)?;
            if time >= end || ticks.len() as u64 > most {
                return Ok(ticks.into());
            }
            if ticks.last().is_some_and(|last| time - *last < SHORTEST_PERIOD) {
                return Err(no_lamp_follows(every));
            }
            ticks.push(time);
            next = self.later(next, every)?;
        }
    }

    pub(super) fn end_of(&self, moment: CueTime, length: &LengthAt) -> Result<ShowTime, Mistake> {
        self.time(self.later(moment, length)?, length.span)
    }

    /// A written time, counted from `base` in a section.
    pub(super) fn place(&self, time: &TimeAt, base: Option<CueTime>) -> Result<CueTime, Mistake> {
        match (&time.place, base) {
            (TimePlace::Clock(clock), None) => Ok(CueTime::Clock(*clock)),
            (TimePlace::Clock(clock), Some(base)) => {
                Ok(CueTime::Clock(self.time(base, time.span)? + clock.as_duration()))
            }
            // No bar has so many beats.
            (TimePlace::Music(BarBeat { bar, beat: beat @ 10..60, .. }), None) if self.tempo.is_none() => {
                Err(Mistake::new(time.span, "this is not a time").help(Help::write_one_of(
                    time.span.range(),
                    [format!("{bar}:{beat}"), format!("{bar}.{beat} s")],
                )))
            }
            (TimePlace::Music(music), base) => {
                let tempo = self.tempo_for(time.span)?;
                let (bar, into) = match base {
                    None => (0, Ticks(0)),
                    Some(base) => {
                        let (bar, into) = tempo.bar_at(self.tick(tempo, base));
                        (bar - 1, into)
                    }
                };
                self.bar_beat(tempo, *music, bar, into, time).map(CueTime::Music)
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
            return Err(Mistake::new(time.span, beats_in(i64::from(music.bar), beats))
                .label(format!("there is no beat {}", music.beat))
                .help(Help::write_one_of(time.span.range(), meant(music, beats))));
        }
        Ok(Ticks(tempo.start_of(bar).0 + into.0 + Ticks::beats(i64::from(music.beat) - 1).0 + music.past.0))
    }

    /// `mistake` in a written time: its help writes no time that is not `right`.
    pub(super) fn with_times_that(
        &self,
        right: impl Fn(ShowTime) -> bool,
        mut mistake: Mistake,
        base: Option<CueTime>,
    ) -> Mistake {
        let is_right = |mend: &Mend| {
            let time = SheetLine::new(&mend.text, 0).and_then(|mut line| time_at(&mut line).ok());
            time.and_then(|time| self.time(self.place(&time, base).ok()?, time.span).ok()).is_none_or(&right)
        };
        let help = mistake.help.take().and_then(|help| help.with_mends_that(&is_right));
        mistake.help_if_any(help)
    }

    pub(super) fn later(&self, moment: CueTime, length: &LengthAt) -> Result<CueTime, Mistake> {
        if let Length::Clock(duration) = length.length {
            return Ok(CueTime::Clock(self.time(moment, length.span)? + duration));
        }
        let tempo = self.tempo_for(length.span)?;
        let tick = self.tick(tempo, moment);
        let (bar, into) = tempo.bar_at(tick);
        Ok(CueTime::Music(match length.length {
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

    fn tick(&self, tempo: &Tempo, moment: CueTime) -> Ticks {
        match moment {
            CueTime::Music(tick) => tick,
            CueTime::Clock(time) => tempo.tick_at(time),
        }
    }

    fn tempo_for(&self, span: Bytes) -> Result<&'a Tempo, Mistake> {
        self.tempo.ok_or_else(|| {
            Mistake::new(span, NO_TEMPO)
                .label("musical time")
                .help(Help::write(0..0, "tempo 120 bpm, 4/4\n").said(
                    "add a line such as `tempo 120 bpm, 4/4` at the top, or write times as `1:30` or `12.5 s`",
                ))
                .of_the_sheet()
        })
    }

    pub(super) fn time(&self, moment: CueTime, span: Bytes) -> Result<ShowTime, Mistake> {
        let time = match moment {
            CueTime::Clock(time) => time,
            CueTime::Music(tick) => self.tempo_for(span)?.time_of(tick).ok_or_else(|| {
                Mistake::new(span, "this is before the show begins")
                    .label("the first beat of the music is `1.1`")
            })?,
        };
        if time > ShowTime::MAX {
            return Err(Mistake::new(span, "nothing in a show is longer than 24 hours")
                .label("this is more than a day"));
        }
        Ok(time)
    }
}

pub(super) fn no_lamp_follows(every: &LengthAt) -> Mistake {
    Mistake::new(every.span, "no lamp follows this").label("expected at least 1 ms")
}

pub(super) fn too_many(span: Bytes) -> Mistake {
    Mistake::new(span, "this show changes its lights more than a million times")
        .label("the limit is passed here")
        .help(Help::advise(
            "look for an `every` that is far too short, or sections that play one another too often",
        ))
}

/// What is meant by a beat that its bar does not have: seconds or minutes with a point, or a beat of the next bar.
fn meant(music: BarBeat, beats: u32) -> Vec<String> {
    let BarBeat { bar, beat, past } = music;
    if past.0 != 0 || beat == 0 {
        return vec![format!("{bar}.1")];
    }
    let seconds = format!("{bar}.{beat} s");
    match beat {
        10..60 => vec![format!("{bar}:{beat}"), seconds],
        beat if beat <= 2 * beats => vec![format!("{}.{}", bar + 1, beat - beats), seconds],
        _ => vec![seconds],
    }
}
