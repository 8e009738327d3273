//! What the schedule says at an instant. It depends on the instant alone, so a clock that is set or changes to
//! summer time makes it miss or repeat nothing. Knows not what was played.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};

use super::hour::Locality;
use super::times::{Occurrence, Times};
use super::{Entry, Idle, Loudness, QuietHours, Rotation, Schedule, Slot};

/// What the schedule says at an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Moment {
    pub now: ZonedDateTime,
    /// The slots of this instant, the highest priority first. [`Rotation::owes`] tells whether one that plays once
    /// is still to play.
    pub slots: Vec<Slot>,
    /// What the lights do while nothing plays.
    pub idle: Idle,
    pub volume: Loudness,
    /// The name of quiet hours that allow no sound, if there are such.
    pub silence: Option<String>,
    /// It is a closed day.
    pub closed: bool,
    /// Nothing of this changes before then.
    pub until: ZonedDateTime,
}

impl Moment {
    /// The first slot that has a show to play.
    #[must_use]
    pub fn slot(&self, rotation: &Rotation) -> Option<&Slot> {
        self.slots.iter().find(|slot| rotation.owes(slot))
    }

    /// The first slot that plays one show after another.
    #[must_use]
    pub fn lasting(&self) -> Option<&Slot> {
        self.slots.iter().find(|slot| !slot.once)
    }
}

impl Schedule {
    /// What the schedule says at `now`. It costs no more than a few dozen microseconds an entry.
    #[must_use]
    pub fn at(&self, now: &ZonedDateTime) -> Moment {
        let now = self.here(now);
        let locality = Locality { zone: now.time_zone(), place: self.place };
        let (instant, today) = (now.timestamp(), now.date());
        let zoned = |instant: Timestamp| instant.to_zoned_datetime(now.time_zone().clone());
        let midnight = now.end_of_day().map_or(Timestamp::MAX, |end| end.timestamp());
        let mut until =
            midnight.saturating_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX);
        let mut current = |when: &Times, closed: bool| {
            let mut found: Option<Occurrence> = None;
            for one in when.around(today, &locality).filter(|one| !(closed && self.is_closed(one.day))) {
                for change in [one.start, one.end] {
                    if instant < change && change < until {
                        until = change;
                    }
                }
                if one.contains(instant) {
                    found = Some(one);
                }
            }
            found
        };

        let mut wanting: Vec<(&Arc<Entry>, Occurrence)> = Vec::new();
        for entry in &self.entries {
            wanting.extend(current(&entry.times, true).map(|occurrence| (entry, occurrence)));
        }
        // Stable: of equal ones the first in the file stays first.
        wanting.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.priority));
        let quiet: Vec<&QuietHours> =
            self.quiet.iter().filter(|quiet| current(&quiet.times, false).is_some()).collect();

        let idle = wanting.iter().find_map(|(entry, _)| entry.between.clone());
        let slots = wanting.iter().filter_map(|(entry, occurrence)| {
            Some(Slot {
                entry: Arc::clone(entry),
                playlist: Arc::clone(entry.plays.as_ref()?),
                day: occurrence.day,
                start: zoned(occurrence.start),
                end: zoned(occurrence.end),
                once: entry.times.is_once(),
            })
        });
        Moment {
            slots: slots.collect(),
            idle: idle.unwrap_or_else(|| self.between.clone()),
            volume: quiet.iter().filter_map(|quiet| quiet.at_most).fold(self.volume, Ord::min),
            silence: quiet.iter().find(|quiet| quiet.at_most.is_none()).map(|quiet| quiet.name.clone()),
            closed: self.is_closed(today),
            until: zoned(until),
            now,
        }
    }

    pub(super) fn is_closed(&self, day: Date) -> bool {
        self.closed.iter().any(|dates| dates.contains(day))
    }

    /// The volume of `show` at `moment`.
    #[must_use]
    pub fn volume_of(&self, show: &str, moment: &Moment) -> Loudness {
        self.shows
            .get(show)
            .and_then(|terms| terms.volume)
            .map_or(moment.volume, |own| own.min(moment.volume))
    }

    /// The quiet hours that forbid sound at some time from `now` to `end`.
    #[must_use]
    pub fn silence_between(&self, now: &ZonedDateTime, end: &ZonedDateTime) -> Option<&str> {
        let now = self.here(now);
        let locality = Locality { zone: now.time_zone(), place: self.place };
        let touches = |one: Occurrence| one.start < end.timestamp() && now.timestamp() < one.end;
        let mut silences = self.quiet.iter().filter(|quiet| quiet.at_most.is_none());
        let found = silences.find(|quiet| quiet.times.around(now.date(), &locality).any(touches));
        found.map(|quiet| quiet.name.as_str())
    }
}
