//! The schedule: which show plays when, how loud, and what the lights do between shows. `docs/schedule.md`
//! describes its file. Pure: the time is an argument. It knows no clock, no threads, no pins.

mod agenda;
mod all_hours;
mod asked_day;
mod calendar;
mod changes;
mod clock_trust;
mod commands;
mod date_text;
mod day_and_night;
mod expected;
mod find;
mod forecast;
mod hour;
mod hour_text;
mod leftovers;
mod lines;
mod loudness;
mod meant;
mod moment;
mod names;
mod outlook;
mod overlaps;
mod read;
mod rotation;
mod show_facts;
mod slot;
mod stretch_text;
mod sun;
mod times;
mod units;
mod warnings;
mod week;
mod weekday_text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;

use crate::level::Level;
use crate::rig::ChannelId;

pub use agenda::{Agenda, Booking, Decision, Why};
pub use asked_day::AskedDay;
pub use calendar::{Dates, Weekdays};
pub use changes::changes;
pub use clock_trust::{ClockEvidence, ClockTrust};
pub use commands::{Commands, Condition, Hook};
pub use find::{ScheduleFiles, load};
pub use forecast::{Forecast, ForecastEvent, Happening};
pub use hour::Hour;
pub use leftovers::{Leftover, leftovers};
pub use loudness::Loudness;
pub use moment::Moment;
pub use names::{MissingShow, ScheduleContext};
pub use outlook::{Outlook, PlayingShow};
pub use read::read;
pub use rotation::Rotation;
pub use show_facts::{ShowFacts, ShowIndex};
pub use slot::Slot;
pub use sun::{Place, Sun};
pub use times::{Absence, Hours, Times};
pub use week::{Day, Period};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PlayOrder {
    /// From the first to the last, then from the first again. Each day begins with the first.
    #[default]
    InTurn,
    /// In random order: each once before any comes again, and none twice in a row.
    Shuffle,
}

/// Shows that are played one after another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Playlist {
    /// A single show is a playlist with the show's name.
    pub name: String,
    /// Never empty.
    pub shows: Vec<String>,
    pub order: PlayOrder,
    /// From the end of one to the start of the next.
    pub pause: Duration,
}

/// Levels that are shown while no show plays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    pub name: String,
    /// Each channel at most once; the others are dark.
    pub levels: Vec<(ChannelId, Level)>,
}

/// What the lights do while no show plays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Idle {
    Dark,
    Look(Arc<Look>),
    /// This show, repeated, without sound. A scheduled show replaces it at once.
    Show(String),
}

impl Idle {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Dark => "dark",
            Self::Look(look) => &look.name,
            Self::Show(name) => name,
        }
    }
}

/// One entry of `[schedule]`.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    pub name: String,
    /// If `None`, the entry only sets what the lights do.
    pub plays: Option<Arc<Playlist>>,
    /// What the lights do between its shows, if the entry says so.
    pub between: Option<Idle>,
    pub times: Times,
    /// Of several entries the one with the highest priority plays; of equal ones the first in the file.
    pub priority: u8,
    /// It cuts a show of lower priority when it begins, and its own show when it ends.
    pub sharp: bool,
}

/// Times at which music is at most this loud; if `at_most` is `None`, no music plays.
#[derive(Clone, PartialEq, Debug)]
pub struct QuietHours {
    pub name: String,
    pub times: Times,
    pub at_most: Option<Loudness>,
}

/// Settings of one show.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    pub volume: Option<Loudness>,
    pub can_run: Option<Condition>,
    pub before: Option<Hook>,
    pub after: Option<Hook>,
}

/// A schedule without mistakes.
#[derive(Clone, PartialEq, Debug)]
pub struct Schedule {
    /// If `None`, the machine's own.
    pub zone: Option<TimeZone>,
    pub place: Option<Place>,
    /// Days on which nothing begins.
    pub closed: Vec<Dates>,
    /// In the order of the file.
    pub entries: Vec<Arc<Entry>>,
    pub quiet: Vec<QuietHours>,
    pub volume: Loudness,
    /// What the lights do between shows if no entry says otherwise.
    pub between: Idle,
    pub commands: Commands,
    pub shows: BTreeMap<String, Terms>,
}

impl Schedule {
    /// `now` in the schedule's time zone.
    #[must_use]
    pub fn here(&self, now: &ZonedDateTime) -> ZonedDateTime {
        match &self.zone {
            Some(zone) => now.with_time_zone(zone.clone()),
            None => now.clone(),
        }
    }

    /// The conditions of `show`, in the order in which they are asked.
    pub fn conditions(&self, show: &str) -> impl Iterator<Item = &Condition> {
        let own = self.shows.get(show).and_then(|terms| terms.can_run.as_ref());
        self.commands.can_run.iter().chain(own)
    }

    /// The commands before `show`, in the order in which they run.
    pub fn before(&self, show: &str) -> impl Iterator<Item = &Hook> {
        let own = self.shows.get(show).and_then(|terms| terms.before.as_ref());
        self.commands.before.iter().chain(own)
    }

    /// The commands after `show`, in the order in which they run: the reverse of [`before`](Self::before).
    pub fn after(&self, show: &str) -> impl Iterator<Item = &Hook> {
        let own = self.shows.get(show).and_then(|terms| terms.after.as_ref());
        own.into_iter().chain(self.commands.after.iter())
    }

    /// Whether an entry plays nothing, or nothing stands between shows, for want of shows that are in `missing`.
    #[must_use]
    pub fn needs_any_of<T>(&self, missing: &BTreeMap<String, T>) -> bool {
        let plays_none =
            |playlist: &Arc<Playlist>| playlist.shows.iter().all(|show| missing.contains_key(show));
        let idle = self.entries.iter().filter_map(|entry| entry.between.as_ref()).chain([&self.between]);
        self.entries.iter().filter_map(|entry| entry.plays.as_ref()).any(plays_none)
            || idle.filter_map(Idle::show).any(|show| missing.contains_key(show))
    }

    /// Every show that it names, each once.
    #[must_use]
    pub fn named_shows(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for entry in &self.entries {
            names.extend(entry.plays.iter().flat_map(|playlist| playlist.shows.iter().map(String::as_str)));
            names.extend(entry.between.iter().filter_map(Idle::show));
        }
        names.extend(self.between.show());
        names
    }
}

impl Idle {
    fn show(&self) -> Option<&str> {
        match self {
            Self::Show(name) => Some(name),
            Self::Dark | Self::Look(_) => None,
        }
    }
}
