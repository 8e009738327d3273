//! Who calls the shows: from the schedule, the time and what has been played follows what happens now.
//! The service does what it says, and so does a [run](super::Run) on paper. Knows no clock and no lights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Idle, Loudness, Moment, Playlist, Rotation, Schedule, ShowFacts, ShowIndex, Slot};
use crate::time::Mono;

/// A show that is called.
#[derive(Clone, PartialEq, Debug)]
pub struct Booking {
    pub show: String,
    pub slot: Slot,
    /// As loud as it may be when this was last asked, at first at its start; [`Schedule::volume_of`] tells it.
    pub volume: Loudness,
}

/// What happens now.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    Play(Booking),
    /// Nothing plays; asked again at `until`, or earlier if something else happens.
    Idle {
        idle: Idle,
        why: Why,
        until: ZonedDateTime,
    },
}

/// Why nothing plays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The schedule has nothing for this time.
    NothingScheduled,
    /// The day is one of those on which nothing begins.
    Closed,
    /// The pause of this playlist.
    Pause(String),
    /// None of the shows of this playlist may play: they have sound in quiet hours, or cannot be played.
    NothingFits { playlist: String, silence: Option<String> },
    /// Every show of this playlist was to play, and was blocked or failed.
    NothingCameAbout(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingScheduled => f.write_str("nothing is scheduled"),
            Self::Closed => f.write_str("closed today"),
            Self::Pause(playlist) => write!(f, "pause of {playlist}"),
            Self::NothingFits { playlist, silence: Some(quiet) } => {
                write!(f, "nothing of {playlist} may play: quiet hours `{quiet}`")
            }
            Self::NothingFits { playlist, silence: None } => {
                write!(f, "nothing of {playlist} can be played")
            }
            Self::NothingCameAbout(playlist) => {
                write!(f, "every show of {playlist} was blocked or failed")
            }
        }
    }
}

/// The schedule and how far it has come. Its instants are those of a clock that nobody sets.
#[derive(Clone, Debug)]
pub struct Agenda {
    schedule: Arc<Schedule>,
    rotation: Rotation,
    /// By playlist.
    passed_over: BTreeMap<String, PassedOver>,
    /// The playlist of the last show, and when that ended.
    rested: Option<(Arc<Playlist>, Mono)>,
}

/// Shows of a playlist that were to play and did not, one after another.
#[derive(Clone, Debug)]
struct PassedOver {
    shows: BTreeSet<String>,
    last: Mono,
}

impl Agenda {
    /// A playlist with nothing that may play is asked again after this time, and so is one whose shows were all
    /// blocked or have failed.
    pub const ASK_AGAIN: Duration = Duration::from_secs(60);

    #[must_use]
    pub fn new(schedule: Arc<Schedule>, rotation: Rotation) -> Self {
        Self { schedule, rotation, passed_over: BTreeMap::new(), rested: None }
    }

    #[must_use]
    pub fn schedule(&self) -> &Arc<Schedule> {
        &self.schedule
    }

    /// To be stored whenever a show has been called.
    #[must_use]
    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// What happens at `now`, which is the instant `at`, when nothing plays. A show that is called counts as
    /// played.
    pub fn decide(&mut self, now: &ZonedDateTime, at: Mono, shows: &ShowIndex) -> Decision {
        self.passed_over.retain(|_, passed| elapsed(passed.last, at) < Self::ASK_AGAIN);
        let moment = self.schedule.at(now);
        let mut why = if moment.closed { Why::Closed } else { Why::NothingScheduled };
        let mut until = moment.until.clone();
        let slots: Vec<&Slot> = moment.slots.iter().filter(|slot| self.rotation.owes(slot)).collect();
        for slot in slots {
            if let Some(rest) = self.rest(slot, at) {
                why = Why::Pause(slot.playlist.name.clone());
                until = until.min(after(&moment.now, rest));
                break;
            }
            let schedule = Arc::clone(&self.schedule);
            let passed = self.passed_over.get(&slot.playlist.name);
            let fits = |show: &str| shows.get(show).is_some_and(|facts| fits(&schedule, &moment, facts));
            let admits = |show: &str| fits(show) && !passed.is_some_and(|passed| passed.shows.contains(show));
            if let Some(show) = self.rotation.next(&slot.playlist, slot.day, admits) {
                self.rotation.keep(slot);
                let volume = schedule.volume_of(&show, &moment);
                return Decision::Play(Booking { show, slot: slot.clone(), volume });
            }
            // What comes after it in rank may play meanwhile.
            let passed = passed.filter(|_| slot.playlist.shows.iter().any(|show| fits(show)));
            let ask_again =
                Self::ASK_AGAIN - passed.map_or(Duration::ZERO, |passed| elapsed(passed.last, at));
            if matches!(why, Why::Closed | Why::NothingScheduled) {
                let playlist = slot.playlist.name.clone();
                why = match passed {
                    Some(_) => Why::NothingCameAbout(playlist),
                    None => Why::NothingFits { playlist, silence: moment.silence.clone() },
                };
            }
            until = until.min(after(&moment.now, ask_again));
        }
        Decision::Idle { idle: moment.idle, why, until }
    }

    /// The show that was called has ended, at `at`.
    pub fn note_played(&mut self, booking: &Booking, at: Mono) {
        let playlist = &booking.slot.playlist;
        self.passed_over.remove(&playlist.name);
        self.rested = Some((Arc::clone(playlist), at));
    }

    /// The show that was called was blocked or has failed, at `at`: it is passed over, and the next of its
    /// playlist is its slot; when none of them came about, after [`ASK_AGAIN`](Self::ASK_AGAIN).
    pub fn pass_over(&mut self, booking: &Booking, at: Mono) {
        let playlist = &booking.slot.playlist;
        let nobody = || PassedOver { shows: BTreeSet::new(), last: at };
        let passed = self.passed_over.entry(playlist.name.clone()).or_insert_with(nobody);
        passed.shows.insert(booking.show.clone());
        passed.last = at;
        // What plays once has had its show when each was tried.
        if playlist.shows.iter().any(|show| !passed.shows.contains(show)) {
            self.rotation.forgo(&booking.slot);
        }
    }

    /// Whatever was passed over is tried again.
    pub fn try_again(&mut self) {
        self.passed_over.clear();
    }

    /// Whether `playing` goes on at `now`, or is cut short: its own end is sharp, or a sharp one of higher
    /// priority wants to begin. Asked again at [`Moment::until`] of `now`.
    #[must_use]
    pub fn goes_on(&self, now: &ZonedDateTime, playing: &Booking, shows: &ShowIndex) -> bool {
        let entry = &playing.slot.entry;
        let is_over = entry.sharp && !playing.slot.once && now.timestamp() >= playing.slot.end.timestamp();
        let moment = self.schedule.at(now);
        let cuts = |slot: &&Slot| slot.entry.sharp && slot.entry.priority > entry.priority;
        // One with nothing to play would only leave the stage to `playing` again.
        let has_a_show = |slot: &Slot| {
            let mut shows = slot.playlist.shows.iter().filter_map(|show| shows.get(show));
            !self.passed_over.contains_key(&slot.playlist.name)
                && shows.any(|facts| fits(&self.schedule, &moment, facts))
        };
        let is_cut =
            moment.slots.iter().filter(cuts).any(|slot| self.rotation.owes(slot) && has_a_show(slot));
        !is_over && !is_cut
    }

    /// How long the pause of `slot` still lasts.
    fn rest(&self, slot: &Slot, at: Mono) -> Option<Duration> {
        let rested =
            self.rested.as_ref().filter(|(playlist, _)| !slot.once && playlist.name == slot.playlist.name);
        let (_, since) = rested?;
        slot.playlist.pause.checked_sub(elapsed(*since, at)).filter(|rest| !rest.is_zero())
    }
}

fn elapsed(since: Mono, at: Mono) -> Duration {
    Duration::from_nanos(at.since(since).max(0).unsigned_abs())
}

fn after(now: &ZonedDateTime, wait: Duration) -> ZonedDateTime {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait)
}

/// A show with sound ends before the silence begins, or does not begin.
fn fits(schedule: &Schedule, moment: &Moment, facts: &ShowFacts) -> bool {
    !facts.sounds || schedule.silence_between(&moment.now, &after(&moment.now, facts.length)).is_none()
}
