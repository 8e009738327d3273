//! Decides what plays now, from the schedule, the time and what has played already. The service carries it out,
//! and a [forecast](super::Forecast) only writes it down. Knows no clock and no lights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Idle, Loudness, Moment, Playlist, Rotation, Schedule, ShowFacts, ShowIndex, Slot};
use crate::time::Mono;

/// A show that is to play now.
#[derive(Clone, PartialEq, Debug)]
pub struct Booking {
    pub show: String,
    pub slot: Slot,
    /// The volume that [`Schedule::volume_of`] gave when it was last asked; first when the show starts.
    pub volume: Loudness,
}

/// What is to happen now.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    Play(Booking),
    /// Nothing plays. To be asked again at `until`, or earlier if something else happens.
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
    /// It is a closed day.
    Closed,
    /// This playlist pauses between two shows.
    Pause(String),
    /// No show of this playlist may play: each has sound during quiet hours, or cannot be played.
    NothingFits { playlist: String, silence: Option<String> },
    /// Every show of this playlist was tried, and was blocked or failed.
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

/// The schedule and how far it has come. Its [`Mono`] instants are of a clock that nobody sets.
#[derive(Clone, Debug)]
pub struct Agenda {
    schedule: Arc<Schedule>,
    rotation: Rotation,
    /// The key is the playlist's name.
    passed_over: BTreeMap<String, PassedOver>,
    /// The playlist of the last show, and when that ended.
    rested: Option<(Arc<Playlist>, Mono)>,
}

/// Shows of a playlist that were tried in a row, and were blocked or failed.
#[derive(Clone, Debug)]
struct PassedOver {
    shows: BTreeSet<String>,
    last: Mono,
}

impl Agenda {
    /// A playlist of which no show may play, or every show was blocked or failed, is tried again after this time.
    pub const ASK_AGAIN: Duration = Duration::from_secs(60);

    #[must_use]
    pub fn new(schedule: Arc<Schedule>, rotation: Rotation) -> Self {
        Self { schedule, rotation, passed_over: BTreeMap::new(), rested: None }
    }

    /// The same with another schedule: how far the playlists have come stays, and every show may be tried again.
    #[must_use]
    pub fn with(self, schedule: Arc<Schedule>) -> Self {
        Self { schedule, passed_over: BTreeMap::new(), ..self }
    }

    #[must_use]
    pub fn schedule(&self) -> &Arc<Schedule> {
        &self.schedule
    }

    /// To be stored whenever a show was chosen.
    #[must_use]
    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// What is to happen at `now`, which is the instant `at`, if nothing plays. A show that is chosen counts as
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
            // A slot of lower priority may play meanwhile.
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

    /// Why each entry that wants to play at `now` has a show or has none, in words for a log.
    #[must_use]
    pub fn explain(&self, now: &ZonedDateTime, at: Mono, shows: &ShowIndex) -> String {
        let moment = self.schedule.at(now);
        let of_show = |passed: Option<&PassedOver>, show: &str| match shows.get(show) {
            None => format!("{show} cannot be played"),
            Some(_) if passed.is_some_and(|passed| passed.shows.contains(show)) => {
                format!("{show} was blocked or failed")
            }
            Some(facts) if !fits(&self.schedule, &moment, facts) => {
                format!("{show} has sound, and it is quiet")
            }
            Some(_) => format!("{show} may play"),
        };
        let of_slot = |slot: &Slot| {
            let passed = self.passed_over.get(&slot.playlist.name);
            let why = match self.rotation.owes(slot) {
                false => "has had its show".to_owned(),
                true if self.rest(slot, at).is_some() => format!("{} pauses", slot.playlist.name),
                true => {
                    let shows = slot.playlist.shows.iter().map(|show| of_show(passed, show));
                    shows.collect::<Vec<_>>().join(", ")
                }
            };
            format!("{} (priority {}): {why}", slot.entry.name, slot.entry.priority)
        };
        match moment.slots.is_empty() {
            true if moment.closed => "schedule: nothing wants to play, the day is closed".to_owned(),
            true => "schedule: nothing wants to play".to_owned(),
            false => {
                "schedule: ".to_owned() + &moment.slots.iter().map(of_slot).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// The show of `booking` has ended, at `at`.
    pub fn note_played(&mut self, booking: &Booking, at: Mono) {
        let playlist = &booking.slot.playlist;
        self.passed_over.remove(&playlist.name);
        self.rested = Some((Arc::clone(playlist), at));
    }

    /// The show of `booking` was blocked or failed, at `at`. The next show of its playlist is tried at once; if all
    /// were tried, the playlist is tried again after [`ASK_AGAIN`](Self::ASK_AGAIN).
    pub fn pass_over(&mut self, booking: &Booking, at: Mono) {
        let playlist = &booking.slot.playlist;
        let nobody = || PassedOver { shows: BTreeSet::new(), last: at };
        let passed = self.passed_over.entry(playlist.name.clone()).or_insert_with(nobody);
        passed.shows.insert(booking.show.clone());
        passed.last = at;
        // A slot that plays once is done when each show was tried.
        if playlist.shows.iter().any(|show| !passed.shows.contains(show)) {
            self.rotation.forgo(&booking.slot);
        }
    }

    /// Forgets which shows were blocked or failed: all are tried again.
    pub fn try_again(&mut self) {
        self.passed_over.clear();
    }

    /// The pause that a playlist makes is over.
    pub fn skip_pause(&mut self) {
        self.rested = None;
    }

    /// Whether `playing` goes on at `now`, which is the instant `at`. It is cut if its own entry is sharp and over, or if a sharp entry of
    /// higher priority begins. To be asked again at [`Moment::until`] of `now`.
    #[must_use]
    pub fn goes_on(&self, now: &ZonedDateTime, at: Mono, playing: &Booking, shows: &ShowIndex) -> bool {
        let entry = &playing.slot.entry;
        let is_over = entry.sharp && !playing.slot.once && now.timestamp() >= playing.slot.end.timestamp();
        let moment = self.schedule.at(now);
        let cuts = |slot: &&Slot| slot.entry.sharp && slot.entry.priority > entry.priority;
        // If it has no show to play, `playing` would only begin again.
        let has_a_show = |slot: &Slot| {
            let mut shows = slot.playlist.shows.iter().filter_map(|show| shows.get(show));
            let passed = self.passed_over.get(&slot.playlist.name);
            // What failed before this slot began says nothing about it.
            let begun = Duration::try_from(moment.now.duration_since(&slot.start)).unwrap_or_default();
            passed.is_none_or(|passed| elapsed(passed.last, at) > begun)
                && shows.any(|facts| fits(&self.schedule, &moment, facts))
        };
        let is_cut =
            moment.slots.iter().filter(cuts).any(|slot| self.rotation.owes(slot) && has_a_show(slot));
        !is_over && !is_cut
    }

    /// What is left of the pause of `slot`'s playlist.
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

/// Whether the show may begin: one with sound must end before quiet hours that allow no sound.
fn fits(schedule: &Schedule, moment: &Moment, facts: &ShowFacts) -> bool {
    !facts.sounds || schedule.silence_between(&moment.now, &after(&moment.now, facts.length)).is_none()
}
