//! What the schedule wants of the service: which show is called, what stands between shows, what `stop` holds. Pure:
//! the time is an argument, and the state machine acts on what is decided here.

mod what_follows;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::ZonedDateTime;

use crate::logging::Changing;
use crate::schedule::{
    Agenda, Booking, Decision, Idle, Loudness, Outlook, Rotation, Schedule, ShowFacts, ShowIndex, Why,
};
use crate::service::clock_check::{ClockCheck, ClockReading};
use crate::time::Mono;

use super::super::fresh_files::FreshSchedule;
use super::action::ShowsToLookAt;
use super::held_entry::HeldEntry;

/// How often the schedule is asked, and the clock on the wall with it.
const ASK: Duration = Duration::from_secs(1);
/// How often the files are looked at: a show that could not be played may have been mended.
const LOOK_AT_FILES: Duration = Agenda::ASK_AGAIN;

/// The schedule, and how far it has come.
struct Called {
    agenda: Agenda,
    shows: ShowIndex,
    /// Shows that cannot be played, with why, as it was told.
    broken: BTreeMap<String, String>,
}

/// What a service does by itself.
pub(crate) struct Scheduler {
    called: Option<Called>,
    /// How far the playlists have come, while there is no schedule.
    rotation: Rotation,
    /// Somebody has switched the lights off: nothing is called before somebody says so.
    is_off: bool,
    /// What stands between shows, and why nothing plays.
    standing: Option<(Idle, Why, ZonedDateTime)>,
    /// What comes after the show that plays, or after the pause.
    outlook: Option<Outlook>,
    /// What the clock on the wall said, and when.
    seen: Option<(ZonedDateTime, Mono)>,
    /// What cannot stand there; it is dark instead.
    unfit: Option<Idle>,
    /// The entry that `stop` has ended; nothing is called until another one rules.
    held: Option<HeldEntry>,
    /// When the schedule was last asked; never, or it is to be asked at once.
    asked: Option<Mono>,
    looked: Option<Mono>,
    clock_check: ClockCheck,
    /// The last decision that was logged.
    decision: Changing,
}

/// What the schedule wants now that none of its shows plays.
pub(super) enum Wanted {
    Nothing,
    /// This show is next.
    Show(Box<Booking>),
    /// Something else is to stand between shows.
    AnotherIdle,
}

impl Scheduler {
    /// Of a service without a schedule, whose playlists have come as far as `rotation`.
    pub(crate) fn new(clock_check: ClockCheck, rotation: Rotation) -> Self {
        Self {
            called: None,
            rotation,
            is_off: false,
            standing: None,
            outlook: None,
            seen: None,
            unfit: None,
            held: None,
            asked: None,
            looked: None,
            clock_check,
            decision: Changing::default(),
        }
    }

    /// Follows this schedule from now on. How far its playlists have come stays, and so does a `stop`.
    pub(crate) fn follow(&mut self, fresh: FreshSchedule) {
        let FreshSchedule { schedule, shows, broken } = fresh;
        let before = self.called.take();
        self.called = match (schedule, before) {
            (Some(schedule), Some(called)) => {
                Some(Called { agenda: called.agenda.with(Arc::new(schedule)), shows, broken })
            }
            (Some(schedule), None) => {
                let agenda = Agenda::new(Arc::new(schedule), std::mem::take(&mut self.rotation));
                Some(Called { agenda, shows, broken })
            }
            (None, before) => {
                self.rotation = before.map(|called| called.agenda.rotation().clone()).unwrap_or_default();
                self.forget_what_stands();
                None
            }
        };
        (self.outlook, self.unfit) = (None, None);
        // An entry that was stopped may begin at another time by now: it is the same all the same.
        self.held = self.held.take().map(|_| HeldEntry::default());
        self.ask_soon();
    }

    /// It is dark between shows, until the schedule is asked again.
    pub(super) fn forget_what_stands(&mut self) {
        self.standing = None;
    }

    /// Nothing is called, and it is dark between shows.
    pub(super) fn switch_off(&mut self) {
        self.is_off = true;
        self.forget_what_stands();
    }

    /// Ends what [`switch_off`](Self::switch_off) began; whether it had been off.
    pub(super) fn switch_on(&mut self) -> bool {
        self.ask_soon();
        std::mem::take(&mut self.is_off)
    }

    pub(super) fn is_off(&self) -> bool {
        self.is_off
    }

    pub(super) fn schedule(&self) -> Option<&Arc<Schedule>> {
        self.called.as_ref().map(|called| called.agenda.schedule())
    }

    pub(super) fn rotation(&self) -> Option<&Rotation> {
        self.called.as_ref().map(|called| called.agenda.rotation())
    }

    /// Whether it is time to ask the schedule again.
    pub(super) fn is_due(&self, at: Mono) -> bool {
        self.asked.is_none_or(|asked| has_passed(ASK, asked, at))
    }

    pub(super) fn note_asked(&mut self, at: Mono) {
        self.asked = Some(at);
    }

    /// The schedule is to be asked at the next tick.
    pub(super) fn ask_soon(&mut self) {
        self.asked = None;
    }

    /// The shows that are to be looked at, once a minute.
    pub(super) fn files_to_look_at(&mut self, at: Mono) -> Option<ShowsToLookAt> {
        let looked = *self.looked.get_or_insert(at);
        has_passed(LOOK_AT_FILES, looked, at).then(|| self.shows_to_look_at(at))
    }

    /// The shows that cannot be played, and the one that comes next: they are looked at now.
    pub(super) fn shows_to_look_at(&mut self, at: Mono) -> ShowsToLookAt {
        self.looked = Some(at);
        let broken = self.called.iter().flat_map(|called| called.broken.keys().cloned()).collect();
        ShowsToLookAt { broken, next: self.announced().map(str::to_owned) }
    }

    /// The show that is announced as the next one, however late that is.
    fn announced(&self) -> Option<&str> {
        match self.outlook.as_ref()? {
            Outlook::Show { booking, .. } | Outlook::Later { booking, .. } => Some(&booking.show),
            Outlook::Nothing { .. } => None,
        }
    }

    /// News of the clock on the wall, if there are any.
    pub(super) fn look_at_clock(&mut self, glance: &ClockReading) -> Option<String> {
        self.called.as_ref()?;
        self.clock_check.look(glance)
    }

    /// A show can be played or cannot, as was found when it was read: what is to be told, when that has changed.
    pub(super) fn note_found(&mut self, show: &str, found: Result<ShowFacts, String>) -> Option<String> {
        let Some(called) = &mut self.called else { return found.err() };
        match found {
            Ok(facts) => {
                called.shows.insert(show.to_owned(), facts);
                called.broken.remove(show).map(|_| format!("show {show} can be played now"))
            }
            Err(why) => {
                // It is not called again, and not announced, before it is mended.
                called.shows.remove(show);
                let before = called.broken.insert(show.to_owned(), why.clone());
                (before.as_ref() != Some(&why)).then(|| format!("show {show} cannot be played:\n{why}"))
            }
        }
    }

    /// What happens now that nothing of the schedule plays.
    pub(super) fn call(&mut self, now: &ZonedDateTime, at: Mono) -> Wanted {
        if self.is_off || !self.clock_check.may_play() {
            return Wanted::Nothing;
        }
        let Some(called) = &mut self.called else { return Wanted::Nothing };
        if HeldEntry::keeps(&mut self.held, &called.agenda, now) {
            return Wanted::Nothing;
        }
        self.decision.debug(|| called.agenda.explain(now, at, &called.shows));
        match called.agenda.decide(now, at, &called.shows) {
            Decision::Play(booking) => {
                log::debug!("schedule: {} is called for {}", booking.show, booking.slot.entry.name);
                // Until it plays: commands may run before it.
                self.outlook = Some(Outlook::Show { booking: booking.clone(), at: now.clone() });
                Wanted::Show(Box::new(booking))
            }
            Decision::Idle { idle, why, until } => {
                self.outlook = Some(called.agenda.outlook(now, at, None, &called.shows));
                let is_another = self.standing.as_ref().is_none_or(|(before, ..)| *before != idle);
                self.standing = Some((idle, why, until));
                if is_another {
                    self.unfit = None;
                }
                if is_another { Wanted::AnotherIdle } else { Wanted::Nothing }
            }
        }
    }

    /// Whether a show of the schedule goes on, and how loud: nothing where it does not.
    pub(super) fn volume_now(&self, booking: &Booking, now: &ZonedDateTime, at: Mono) -> Option<Loudness> {
        let Some(called) = &self.called else { return Some(booking.volume) };
        let schedule = called.agenda.schedule();
        let volume = schedule.volume_of(&booking.show, &schedule.at(now));
        called.agenda.goes_on(now, at, booking, &called.shows).then_some(volume)
    }

    /// What stands between shows.
    pub(super) fn idle(&self) -> &Idle {
        let standing = self.standing.as_ref().map(|(idle, ..)| idle);
        standing.filter(|idle| self.unfit.as_ref() != Some(*idle)).unwrap_or(&Idle::Dark)
    }

    /// What is to stand between shows, `name`, cannot, and is not tried again before something else was on.
    pub(super) fn note_unfit(&mut self, name: &str) {
        let standing = self.standing.as_ref().map(|(idle, ..)| idle);
        self.unfit = standing.filter(|idle| idle.name() == name).cloned();
    }

    /// Ends what the present entry of the schedule brings, and what stands between its shows.
    pub(super) fn hold(&mut self) {
        self.standing = None;
        self.held = Some(HeldEntry::default());
    }

    /// Goes on with the schedule; whether it had been held.
    pub(super) fn take_up(&mut self) -> bool {
        if let Some(called) = &mut self.called {
            called.agenda.try_again();
        }
        let was_off = self.switch_on();
        self.held.take().is_some() || was_off
    }

    /// A show is over; the schedule's with its booking.
    pub(super) fn note_played(&mut self, booking: Option<&Booking>, at: Mono) {
        self.unfit = None;
        if let (Some(called), Some(booking)) = (&mut self.called, booking) {
            called.agenda.note_played(booking, at);
            self.asked = None;
        }
    }

    /// A show was blocked or failed; the schedule's is passed over, and the next one called at once.
    pub(super) fn pass_over(&mut self, booking: Option<&Booking>, at: Mono) {
        if let (Some(called), Some(booking)) = (&mut self.called, booking) {
            called.agenda.pass_over(booking, at);
            self.asked = None;
        }
    }
}

fn has_passed(time: Duration, since: Mono, at: Mono) -> bool {
    Duration::from_nanos(at.since(since).max(0).unsigned_abs()) >= time
}
