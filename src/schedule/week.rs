//! The coming days: what plays from when to when, how loud, and what does not. Knows no show's length.

use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::{Entry, Idle, Loudness, Moment, Schedule};

/// One day of the calendar.
#[derive(Clone, PartialEq, Debug)]
pub struct Day {
    pub date: Date,
    pub closed: bool,
    /// From midnight to midnight, without a gap.
    pub periods: Vec<Period>,
    /// What plays once, in order of time.
    pub once: Vec<(ZonedDateTime, Arc<Entry>)>,
}

/// A time during which nothing changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Period {
    pub from: ZonedDateTime,
    pub to: ZonedDateTime,
    /// The entry that plays, one show after another.
    pub plays: Option<Arc<Entry>>,
    /// What the lights do between its shows, or all the time.
    pub idle: Idle,
    pub volume: Loudness,
    /// The name of quiet hours that allow no sound.
    pub silence: Option<String>,
}

impl Period {
    fn says_the_same(&self, other: &Self) -> bool {
        self.plays == other.plays
            && self.idle == other.idle
            // While nothing plays, the volume makes no difference.
            && (self.plays.is_none() || (self.volume == other.volume && self.silence == other.silence))
    }
}

impl Schedule {
    /// `days` days, beginning with the day of `from`.
    #[must_use]
    pub fn days_from(&self, from: &ZonedDateTime, days: usize) -> Vec<Day> {
        let from = self.here(from);
        let first = from.start_of_day().unwrap_or(from);
        let starts = std::iter::successors(Some(first), |day| day.tomorrow().ok()?.start_of_day().ok());
        starts.take(days).map(|start| self.whole_day(&start)).collect()
    }

    fn whole_day(&self, start: &ZonedDateTime) -> Day {
        let date = start.date();
        let (mut periods, mut once): (Vec<Period>, Vec<(ZonedDateTime, Arc<Entry>)>) = Default::default();
        let mut now = start.clone();
        while now.date() == date {
            let moment = self.at(&now);
            for slot in moment.slots.iter().filter(|slot| slot.once && slot.start.date() == date) {
                if !once.iter().any(|(at, entry)| *at == slot.start && entry.name == slot.entry.name) {
                    once.push((slot.start.clone(), Arc::clone(&slot.entry)));
                }
            }
            now = moment.until.clone();
            let period = period(moment);
            match periods.last_mut() {
                Some(last) if last.says_the_same(&period) => last.to = period.to,
                _ => periods.push(period),
            }
        }
        once.sort_by(|(one, _), (other, _)| one.cmp(other));
        Day { date, closed: self.is_closed(date), periods, once }
    }
}

fn period(moment: Moment) -> Period {
    Period {
        plays: moment.lasting().map(|slot| Arc::clone(&slot.entry)),
        from: moment.now,
        to: moment.until,
        idle: moment.idle,
        volume: moment.volume,
        silence: moment.silence,
    }
}
