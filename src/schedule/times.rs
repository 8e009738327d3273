//! The days and times of one entry, and the periods of real time that follow from them. Knows no shows.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::calendar::{Dates, Weekdays};
use super::hour::{Hour, Locality, Side};

/// A single start is made up for within this time, if another show was playing.
const LATE: SignedDuration = SignedDuration::from_mins(10);
/// A shorter period between sunset and sunrise counts as none.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hours {
    /// From one to the other; if `to` is earlier in the day, until the next day.
    Span { from: Hour, to: Hour },
    /// Once at each of these.
    At(Vec<Hour>),
    /// Once at `from` and again each `every`, before `to`.
    Every { from: Hour, to: Hour, every: Duration },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Times {
    pub days: Weekdays,
    /// Empty: the whole year.
    pub dates: Vec<Dates>,
    pub except: Vec<Dates>,
    pub hours: Hours,
}

/// Why an entry has nothing on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Absence {
    OutOfSeason,
    Excepted,
    OtherWeekdays,
}

impl std::fmt::Display for Absence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OutOfSeason => "not within its dates",
            Self::Excepted => "except on this day",
            Self::OtherWeekdays => "not on this day of the week",
        })
    }
}

/// One period of real time. It belongs to the day on which it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Occurrence {
    pub(super) day: Date,
    pub(super) start: Timestamp,
    /// Excluded.
    pub(super) end: Timestamp,
}

impl Occurrence {
    pub(super) fn contains(&self, now: Timestamp) -> bool {
        self.start <= now && now < self.end
    }
}

impl Times {
    /// Whether each occurrence starts a single show.
    pub(super) fn is_once(&self) -> bool {
        !matches!(self.hours, Hours::Span { .. })
    }

    /// Why nothing begins on `day`, if the days or dates are the reason.
    #[must_use]
    pub fn absence(&self, day: Date) -> Option<Absence> {
        let any = |dates: &[Dates]| dates.iter().any(|dates| dates.contains(day));
        if !self.dates.is_empty() && !any(&self.dates) {
            Some(Absence::OutOfSeason)
        } else if any(&self.except) {
            Some(Absence::Excepted)
        } else if !self.days.contains(day.weekday()) {
            Some(Absence::OtherWeekdays)
        } else {
            None
        }
    }

    /// What begins on `day`, in order of time.
    pub(super) fn on(&self, day: Date, locality: &Locality<'_>) -> Vec<Occurrence> {
        if self.absence(day).is_some() {
            return Vec::new();
        }
        let once = |start: Timestamp| Some(Occurrence { day, start, end: start.checked_add(LATE).ok()? });
        match &self.hours {
            Hours::Span { from, to } => span(*from, *to, day, locality).into_iter().collect(),
            Hours::At(hours) => {
                let mut starts: Vec<_> =
                    hours.iter().filter_map(|hour| hour.on(day, Side::Start, locality)).collect();
                starts.sort_unstable();
                // Two times that a spring night skips are one instant.
                starts.dedup();
                starts.into_iter().filter_map(once).collect()
            }
            Hours::Every { from, to, every } => {
                let Some(span) = span(*from, *to, day, locality) else { return Vec::new() };
                let step = SignedDuration::try_from(*every).unwrap_or(SignedDuration::MAX);
                std::iter::successors(Some(span.start), |start| start.checked_add(step).ok())
                    .take_while(|start| *start < span.end)
                    .filter_map(once)
                    .collect()
            }
        }
    }

    /// On how many of the 365 days from `day` on the sun moves the start past the end, so that the period lasts
    /// until the next day; 0 if that is so on every day.
    pub(super) fn days_turned_by_the_sun(&self, day: Date, locality: &Locality<'_>) -> usize {
        let (Hours::Span { from, to } | Hours::Every { from, to, .. }) = &self.hours else { return 0 };
        if from.ends_tomorrow(*to).is_some() {
            return 0;
        }
        let days = day.series(jiff::Span::new().days(1)).take(365).filter(|day| self.absence(*day).is_none());
        let (mut turned, mut all) = (0, 0);
        for day in days {
            let today = to.on(day, Side::End, locality).zip(from.on(day, Side::Start, locality));
            turned += usize::from(today.is_some_and(|(end, start)| end < start));
            all += 1;
        }
        if turned == all { 0 } else { turned }
    }

    /// The occurrences that may overlap `day`. They may begin up to two days before.
    pub(super) fn around(&self, day: Date, locality: &Locality<'_>) -> impl Iterator<Item = Occurrence> {
        (-2..=1)
            .filter_map(move |days| day.checked_add(SignedDuration::from_hours(24 * days)).ok())
            .flat_map(|day| self.on(day, locality))
    }
}

/// If `to` is earlier in the day than `from`, it is on the next day.
fn span(from: Hour, to: Hour, day: Date, locality: &Locality<'_>) -> Option<Occurrence> {
    let start = from.on(day, Side::Start, locality)?;
    let today = || to.on(day, Side::End, locality);
    let tomorrow = || to.on(day.tomorrow().ok()?, Side::End, locality);
    let end = match from.ends_tomorrow(to) {
        Some(true) => tomorrow()?,
        Some(false) => today()?,
        None => today().filter(|end| *end >= start).or_else(tomorrow)?,
    };
    (end.duration_since(start) >= SHORTEST).then_some(Occurrence { day, start, end })
}
