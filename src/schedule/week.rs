//! The coming days at a glance: from when to when what plays, how loud, and why not. Knows no show's length.

use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::{Entry, Idle, Loudness, Moment, Schedule};

/// One day of the calendar.
#[derive(Clone, PartialEq, Debug)]
pub struct Day {
    pub date: Date,
    pub closed: bool,
    /// From midnight to midnight without a gap.
    pub stretches: Vec<Stretch>,
    /// What plays once, in order of time.
    pub once: Vec<(ZonedDateTime, Arc<Entry>)>,
}

/// A time during which nothing changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Stretch {
    pub from: ZonedDateTime,
    pub to: ZonedDateTime,
    /// The entry that plays, one show after another.
    pub plays: Option<Arc<Entry>>,
    /// What stands between its shows, or all the time.
    pub idle: Idle,
    pub volume: Loudness,
    /// The quiet hours in which nothing with sound plays.
    pub silence: Option<String>,
}

impl Stretch {
    fn says_the_same(&self, other: &Self) -> bool {
        self.plays == other.plays
            && self.idle == other.idle
            // Where nothing plays, nobody hears the difference.
            && (self.plays.is_none() || (self.volume == other.volume && self.silence == other.silence))
    }
}

impl Schedule {
    /// `days` days of the calendar, from the one of `from` on.
    #[must_use]
    pub fn days(&self, from: &ZonedDateTime, days: usize) -> Vec<Day> {
        let from = self.here(from);
        let first = from.start_of_day().unwrap_or(from);
        let starts = std::iter::successors(Some(first), |day| day.tomorrow().ok()?.start_of_day().ok());
        starts.take(days).map(|start| self.day(&start)).collect()
    }

    fn day(&self, start: &ZonedDateTime) -> Day {
        let date = start.date();
        let (mut stretches, mut once): (Vec<Stretch>, Vec<(ZonedDateTime, Arc<Entry>)>) = Default::default();
        let mut now = start.clone();
        while now.date() == date {
            let moment = self.at(&now);
            for turn in moment.turns.iter().filter(|turn| turn.once && turn.start.date() == date) {
                if !once.iter().any(|(at, entry)| *at == turn.start && entry.name == turn.entry.name) {
                    once.push((turn.start.clone(), Arc::clone(&turn.entry)));
                }
            }
            now = moment.until.clone();
            let stretch = stretch(moment);
            match stretches.last_mut() {
                Some(last) if last.says_the_same(&stretch) => last.to = stretch.to,
                _ => stretches.push(stretch),
            }
        }
        once.sort_by(|(one, _), (other, _)| one.cmp(other));
        Day { date, closed: self.is_closed(date), stretches, once }
    }
}

fn stretch(moment: Moment) -> Stretch {
    Stretch {
        plays: moment.lasting().map(|turn| Arc::clone(&turn.entry)),
        from: moment.now,
        to: moment.until,
        idle: moment.idle,
        volume: moment.volume,
        silence: moment.silence,
    }
}
