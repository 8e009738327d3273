//! What the schedule brings next: which show, and about when. Decides not what plays now.

use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use crate::schedule::{Booking, Outlook, PlayingShow, Why};
use crate::time::Mono;

use super::super::held_entry::HeldEntry;
use super::Scheduler;

/// A show that begins so soon after another follows at once.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(5);
impl Scheduler {
    /// Finds out what comes after the show that plays, as it is now: the clock may be set while it plays.
    pub(in super::super) fn look_ahead(&mut self, now: &ZonedDateTime, at: Mono, playing: PlayingShow<'_>) {
        self.seen = Some((now.clone(), at));
        let Some(called) = &self.called else { return };
        if self.is_off || HeldEntry::keeps(&mut self.held, &called.agenda, now) {
            return;
        }
        self.outlook = Some(called.agenda.outlook(now, at, Some(playing), &called.shows));
    }

    /// The show that the schedule plays after this one, as far as it is known.
    fn follower(&self) -> Option<&str> {
        match self.outlook.as_ref().filter(|_| self.held.is_none() && !self.is_off)? {
            Outlook::Show { booking, .. } => Some(&booking.show),
            Outlook::Later { .. } | Outlook::Nothing { .. } => None,
        }
    }

    /// What the schedule plays if the show that is on, which is `booking`'s where the schedule has brought it, ends at
    /// `at`: the show, with the time of day if it does not begin at once.
    pub(in super::super) fn follower_at(&self, booking: Option<&Booking>, at: Mono) -> Option<String> {
        let called = self.called.as_ref().filter(|_| self.held.is_none() && !self.is_off)?;
        let (seen, since) = self.seen.as_ref()?;
        let now = seen.saturating_add(SignedDuration::from_nanos(at.since(*since)));
        let playing = PlayingShow { booking, left: Duration::ZERO };
        match called.agenda.outlook(&now, at, Some(playing), &called.shows) {
            Outlook::Show { booking, at } if at.duration_since(&now) > AT_ONCE => {
                Some(format!("{} follows at {}", booking.show, at.strftime("%H:%M")))
            }
            Outlook::Show { booking, .. } => Some(format!("{} follows", booking.show)),
            Outlook::Later { .. } | Outlook::Nothing { .. } => None,
        }
    }

    /// Ends the pause of the playlist that pauses now; the show that follows, if one pauses.
    pub(in super::super) fn skip_pause(&mut self) -> Option<String> {
        let is_pause = matches!(self.standing, Some((_, Why::Pause(_), _)));
        let follower = self.follower().filter(|_| is_pause)?.to_owned();
        self.called.as_mut()?.agenda.skip_pause();
        self.ask_soon();
        Some(follower)
    }

    /// What comes next, in words.
    pub(in super::super) fn next(&self) -> Option<String> {
        if self.is_off {
            return Some(
                "switched off; `starcourt resume` or `starcourt play SHOW` switches on again".to_owned(),
            );
        }
        if self.called.is_none() {
            return Some("nothing by itself: there is no schedule".to_owned());
        }
        if let Some(words) = self.clock_check.words() {
            return Some(words.to_owned());
        }
        if self.held.is_some() {
            return Some(
                "stopped until the next entry begins; `starcourt resume` resumes the schedule now".to_owned(),
            );
        }
        self.outlook.as_ref().map(|outlook| format!("{outlook}{}", self.left_out()))
    }

    /// `; ding cannot be played: `starcourt check ding``, if a show of the schedule is left out.
    fn left_out(&self) -> String {
        let broken: Vec<&str> =
            self.called.iter().flat_map(|called| called.broken.keys().map(String::as_str)).collect();
        match broken.as_slice() {
            [] => String::new(),
            [show] => format!("; {show} cannot be played: `starcourt check {show}`"),
            [first, others @ ..] => {
                format!("; {first} and {} more cannot be played: `starcourt check` tells why", others.len())
            }
        }
    }
}
