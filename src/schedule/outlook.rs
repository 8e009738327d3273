//! Which show the schedule plays next by itself, and about when. Knows no clock and no lights.

use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Agenda, Booking, Decision, ShowIndex, Why};
use crate::time::Mono;

/// A week has every evening of most schedules.
const FARTHEST: Duration = Duration::from_secs(8 * 24 * 3_600);
/// Of a schedule that changes its mind very often, no more is looked at.
const MOST_STEPS: usize = 64;

/// What comes next.
#[derive(Clone, PartialEq, Debug)]
pub enum Outlook {
    /// This show, about then: shows that a person orders and conditions may change it.
    Show { booking: Booking, at: ZonedDateTime },
    /// No show before this one, about then, after other things or nothing at all.
    Later { booking: Booking, at: ZonedDateTime },
    /// No show, for this reason, until then at least.
    Nothing { why: Why, until: ZonedDateTime },
}

/// The show that plays now.
#[derive(Clone, Copy, Debug)]
pub struct PlayingShow<'a> {
    /// `None` where a person has ordered it.
    pub booking: Option<&'a Booking>,
    /// How long it plays on.
    pub left: Duration,
}

impl Agenda {
    /// What comes after `playing`, or now if nothing plays. `now` is the instant `at`. Changes nothing.
    #[must_use]
    pub fn outlook(
        &self,
        now: &ZonedDateTime,
        at: Mono,
        playing: Option<PlayingShow<'_>>,
        shows: &ShowIndex,
    ) -> Outlook {
        let mut agenda = self.clone();
        let later = |wait: Duration| {
            let signed = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
            let nanos = i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX);
            (now.saturating_add(signed), at.offset(nanos))
        };
        let (then, instant) = later(playing.map_or(Duration::ZERO, |playing| playing.left));
        if let Some(booking) = playing.and_then(|playing| playing.booking) {
            agenda.note_played(booking, instant);
        }
        match agenda.decide(&then, instant, shows) {
            Decision::Play(booking) => Outlook::Show { booking, at: then },
            Decision::Idle { why: why @ Why::Pause(_), until, .. } => {
                let pause = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                let (end, instant) = later(pause);
                match agenda.decide(&end, instant, shows) {
                    Decision::Play(booking) => Outlook::Show { booking, at: end },
                    Decision::Idle { .. } => Outlook::Nothing { why, until },
                }
            }
            Decision::Idle { why: Why::NothingScheduled, until, .. } => agenda.later(now, at, until, shows),
            // A person wants to know this first.
            Decision::Idle { why, until, .. } => Outlook::Nothing { why, until },
        }
    }

    /// The first show from `until` on, within a few days. `now` is the instant `at`.
    fn later(&mut self, now: &ZonedDateTime, at: Mono, until: ZonedDateTime, shows: &ShowIndex) -> Outlook {
        let mut then = until.clone();
        for _ in 0..MOST_STEPS {
            let wait = Duration::try_from(then.duration_since(now)).unwrap_or_default();
            if wait > FARTHEST {
                break;
            }
            let nanos = i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX);
            match self.decide(&then, at.offset(nanos), shows) {
                Decision::Play(booking) => return Outlook::Later { booking, at: then },
                Decision::Idle { until, .. } if until > then => then = until,
                Decision::Idle { .. } => break,
            }
        }
        Outlook::Nothing { why: Why::NothingScheduled, until }
    }
}

impl std::fmt::Display for Outlook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Show { booking: Booking { show, slot, .. }, at }
            | Self::Later { booking: Booking { show, slot, .. }, at } => {
                let (playlist, end) = (&slot.playlist.name, slot.end.strftime("%a %H:%M"));
                let form = if matches!(self, Self::Later { .. }) { "%a %H:%M" } else { "%H:%M" };
                write!(f, "{show} about {}", at.strftime(form))?;
                match (slot.once, playlist == show) {
                    (true, _) => write!(f, " ({})", slot.entry.name),
                    (false, true) => write!(f, " (until {end})"),
                    (false, false) => write!(f, " ({playlist} until {end})"),
                }
            }
            Self::Nothing { why, until } => write!(f, "{why} until {}", until.strftime("%a %H:%M")),
        }
    }
}
