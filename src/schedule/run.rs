//! A schedule run on paper: what a service would do from one instant to another, without a clock, lights
//! or sound. `starcourt schedule --run` prints it, and the tests read it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Booking, Call, Caller, Idle, ShowIndex, Why};
use crate::time::Mono;

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
    bills: &'a ShowIndex,
    began: ZonedDateTime,
    now: ZonedDateTime,
    end: ZonedDateTime,
    standing: Option<(Idle, Why)>,
    coming: VecDeque<Event>,
}

impl<'a> Run<'a> {
    /// From `from` until before `end`; a show that began before is played out.
    #[must_use]
    pub fn new(caller: Caller, bills: &'a ShowIndex, from: &ZonedDateTime, end: &ZonedDateTime) -> Self {
        let schedule = caller.schedule();
        let (now, end) = (schedule.here(from), schedule.here(end));
        Self { caller, bills, began: now.clone(), now, end, standing: None, coming: VecDeque::new() }
    }

    fn instant(&self) -> Mono {
        let nanos = self.now.duration_since(&self.began).as_nanos();
        Mono::from_nanos(u64::try_from(nanos).expect("no run goes back, or on for centuries"))
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
            let next = self.caller.schedule().at(&self.now).until;
            if next >= last {
                self.now = last;
                break What::End { show };
            }
            self.now = next;
            if !self.caller.goes_on(&self.now, &booking, self.bills) {
                break What::Cut { show };
            }
        };
        self.coming.push_back(Event { at: self.now.clone(), what });
        self.caller.note_played(&booking, self.instant());
        self.standing = None;
    }

    fn step(&mut self) {
        match self.caller.call(&self.now, self.instant(), self.bills) {
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
