//! A programme run on paper: what a service would do from one instant to another, without a clock, lights
//! or sound. `starcourt programme --run` prints it, and the tests read it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Bills, Booking, Call, Caller, Idle, Rested, Why};

/// Something that happens.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    pub at: ZonedDateTime,
    pub what: What,
}

#[derive(Clone, PartialEq, Debug)]
pub enum What {
    Start(Booking),
    End {
        show: String,
    },
    /// The show ends before its end.
    Cut {
        show: String,
    },
    /// Nothing plays from here on, or something else stands, or for another reason.
    Stand {
        idle: Idle,
        why: Why,
    },
}

/// Everything that happens, in order of time.
pub struct Run<'a> {
    caller: Caller,
    bills: &'a Bills,
    now: ZonedDateTime,
    end: ZonedDateTime,
    rested: Option<(Arc<super::Playlist>, ZonedDateTime)>,
    standing: Option<(Idle, Why)>,
    coming: VecDeque<Event>,
}

impl<'a> Run<'a> {
    /// From `from` until before `end`; a show that began before is played out.
    #[must_use]
    pub fn new(caller: Caller, bills: &'a Bills, from: &ZonedDateTime, end: &ZonedDateTime) -> Self {
        let programme = caller.programme();
        let (now, end) = (programme.here(from), programme.here(end));
        Self { caller, bills, now, end, rested: None, standing: None, coming: VecDeque::new() }
    }

    fn play(&mut self, booking: Booking) {
        let show = booking.show.clone();
        self.coming.push_back(Event { at: self.now.clone(), what: What::Start(booking.clone()) });
        // A show without length would be called for ever at one instant.
        let length = self.bills.get(&show).map_or(Duration::ZERO, |bill| bill.length);
        let length =
            SignedDuration::try_from(length.max(Duration::from_secs(1))).unwrap_or(SignedDuration::MAX);
        let last = self.now.saturating_add(length);
        let what = loop {
            let next = self.caller.programme().at(&self.now).until;
            if next >= last {
                self.now = last;
                break What::End { show };
            }
            self.now = next;
            if !self.caller.goes_on(&self.now, &booking) {
                break What::Cut { show };
            }
        };
        self.coming.push_back(Event { at: self.now.clone(), what });
        self.rested = Some((booking.turn.playlist, self.now.clone()));
        self.standing = None;
    }

    fn step(&mut self) {
        let rested = self.rested.as_ref().map(|(playlist, ended)| Rested {
            playlist: Arc::clone(playlist),
            since: self.now.duration_since(ended).unsigned_abs(),
        });
        match self.caller.call(&self.now, rested.as_ref(), self.bills) {
            Call::Play(booking) => self.play(booking),
            Call::Stand { idle, why, until } => {
                let standing = Some((idle.clone(), why.clone()));
                if self.standing != standing {
                    self.standing = standing;
                    let at = self.now.clone();
                    self.coming.push_back(Event { at, what: What::Stand { idle, why } });
                }
                self.now = until;
            }
        }
    }
}

impl Iterator for Run<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while self.coming.is_empty() && self.now < self.end {
            self.step();
        }
        self.coming.pop_front()
    }
}

/// A line of a log.
impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}  ", self.at.strftime("%a %Y-%m-%d %H:%M:%S %:z"))?;
        match &self.what {
            What::Start(Booking { show, turn, volume }) => {
                write!(f, "starts  {show}  ({}, volume {volume})", turn.entry.name)
            }
            What::End { show } => write!(f, "ends    {show}"),
            What::Cut { show } => write!(f, "cut     {show}"),
            What::Stand { idle, why } => write!(f, "stands  {}  ({why})", idle.name()),
        }
    }
}
