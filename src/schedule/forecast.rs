//! What the service would do from one instant to another. `starcourt schedule --rehearse` prints it. Knows no
//! clock, lights or sound.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Agenda, Booking, Decision, Idle, ShowIndex, Why};
use crate::time::Mono;

/// Something that would happen.
#[derive(Clone, PartialEq, Debug)]
pub struct ForecastEvent {
    pub at: ZonedDateTime,
    pub what: Happening,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Happening {
    Start(Booking),
    End {
        show: String,
    },
    /// The show is cut before its end.
    Cut {
        show: String,
    },
    /// Nothing plays from here on, or the lights or the reason change while nothing plays.
    Idle {
        idle: Idle,
        why: Why,
    },
}

/// Everything that would happen, in order of time.
pub struct Forecast<'a> {
    agenda: Agenda,
    shows: &'a ShowIndex,
    began: ZonedDateTime,
    now: ZonedDateTime,
    end: ZonedDateTime,
    standing: Option<(Idle, Why)>,
    coming: VecDeque<ForecastEvent>,
}

impl<'a> Forecast<'a> {
    /// From `from` until before `end`. A show that begins before `end` is followed to its own end.
    #[must_use]
    pub fn new(agenda: Agenda, shows: &'a ShowIndex, from: &ZonedDateTime, end: &ZonedDateTime) -> Self {
        let schedule = agenda.schedule();
        let (now, end) = (schedule.here(from), schedule.here(end));
        Self { agenda, shows, began: now.clone(), now, end, standing: None, coming: VecDeque::new() }
    }

    fn instant(&self) -> Mono {
        let nanos = self.now.duration_since(&self.began).as_nanos();
        Mono::from_nanos(u64::try_from(nanos).expect("no run goes back, or on for centuries"))
    }

    fn play(&mut self, booking: Booking) {
        let show = booking.show.clone();
        self.coming
            .push_back(ForecastEvent { at: self.now.clone(), what: Happening::Start(booking.clone()) });
        // Without a length, shows would begin at one instant without end.
        let length = self.shows.get(&show).map_or(Duration::ZERO, |facts| facts.length);
        let length =
            SignedDuration::try_from(length.max(Duration::from_secs(1))).unwrap_or(SignedDuration::MAX);
        let last = self.now.saturating_add(length);
        let what = loop {
            let next = self.agenda.schedule().at(&self.now).until;
            if next >= last {
                self.now = last;
                break Happening::End { show };
            }
            self.now = next;
            if !self.agenda.goes_on(&self.now, self.instant(), &booking, self.shows) {
                break Happening::Cut { show };
            }
        };
        self.coming.push_back(ForecastEvent { at: self.now.clone(), what });
        self.agenda.note_played(&booking, self.instant());
        self.standing = None;
    }

    fn step(&mut self) {
        match self.agenda.decide(&self.now, self.instant(), self.shows) {
            Decision::Play(booking) => self.play(booking),
            Decision::Idle { idle, why, until } => {
                let standing = Some((idle.clone(), why.clone()));
                if self.standing != standing {
                    self.standing = standing;
                    let at = self.now.clone();
                    self.coming.push_back(ForecastEvent { at, what: Happening::Idle { idle, why } });
                }
                self.now = until;
            }
        }
    }
}

impl Iterator for Forecast<'_> {
    type Item = ForecastEvent;

    fn next(&mut self) -> Option<ForecastEvent> {
        while self.coming.is_empty() && self.now < self.end {
            self.step();
        }
        self.coming.pop_front()
    }
}

/// One line, as a log has it.
impl std::fmt::Display for ForecastEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}  ", self.at.strftime("%a %Y-%m-%d %H:%M:%S %:z"))?;
        match &self.what {
            Happening::Start(Booking { show, slot, volume }) => {
                write!(f, "starts  {show}  ({}, volume {volume})", slot.entry.name)
            }
            Happening::End { show } => write!(f, "ends    {show}"),
            Happening::Cut { show } => write!(f, "cut     {show}"),
            Happening::Idle { idle, why } => write!(f, "shows only  {}  ({why})", idle.name()),
        }
    }
}
