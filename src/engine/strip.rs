//! One channel on its way from level to line: what the show wants of it, what it shows, and what its
//! line carries. Pure.

use crate::level::Level;
use crate::output::{Signal, Wire};
use crate::rig::{Active, Channel, Line};
use crate::time::{Mono, ShowTime};

use super::contact::Contact;
use super::dimmer::Dimmer;

/// When a level was due, and at which time of the show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    pub(super) show: ShowTime,
    pub(super) due: Mono,
}

/// The strip of a lighting desk that belongs to one channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    pub(super) line: Line,
    active: Active,
    /// It has a line that this engine drives.
    pub(super) is_driven: bool,
    /// `None` for what can only be switched.
    dimmer: Option<Dimmer>,
    pub(super) safe: Level,
    /// What the show wants, and since when.
    pub(super) wanted: Level,
    pub(super) wanted_since: Moment,
    pub(super) shown: Level,
    /// A level that was not written yet, and when it was due.
    pub(super) news: Option<Moment>,
    pub(super) contact: Contact,
    /// The output dims the line by itself, and wants no edges.
    pub(super) is_dimmed_by_output: bool,
    /// What was shown when a stop began.
    pub(super) before_stop: Level,
    /// What the line carries.
    pub(super) signal: Signal,
}

impl Strip {
    /// `moved` tells when a relay's contact moved last.
    pub(super) fn of(channel: &Channel, is_dimmed_by_output: bool, moved: Option<Mono>) -> Self {
        let safe = channel.safe.switched();
        Self {
            line: channel.line,
            active: channel.active,
            is_driven: true,
            dimmer: channel.kind.dims().then(|| Dimmer::of(channel)),
            safe,
            wanted: safe,
            wanted_since: Moment { show: ShowTime::ZERO, due: Mono::from_nanos(0) },
            shown: safe,
            news: None,
            contact: Contact::of(channel, moved),
            is_dimmed_by_output,
            before_stop: safe,
            signal: Wire::of(channel).safe,
        }
    }

    /// Whether levels between off and full exist for it.
    pub(super) const fn dims(&self) -> bool {
        self.dimmer.is_some()
    }

    /// Shows `level` from `moment` on; whether that changes anything.
    pub(super) fn show(&mut self, level: Level, moment: Moment) -> bool {
        let level = if self.dims() { level } else { level.switched() };
        let is_news = level != self.shown;
        if is_news {
            self.shown = level;
            self.news = Some(moment);
        }
        is_news
    }

    /// What the show wants, as far as the channel can show it.
    pub(super) fn shows_of_wanted(&self) -> Level {
        if self.dims() { self.wanted } else { self.wanted.switched() }
    }

    /// Its line was made safe by somebody else, at `at`.
    pub(super) fn is_safe_again(&mut self, at: Mono) {
        if self.shown != self.safe {
            self.contact.move_aside(at);
        }
        self.shown = self.safe;
        self.signal = self.signal_for(self.safe.is_lit());
    }

    /// Nanoseconds of a period of `period` that this channel is lit for what it shows.
    pub(super) fn on_time(&self, period: u64) -> u64 {
        match self.dimmer {
            Some(dimmer) => dimmer.on_time(self.shown, period),
            None if self.shown.is_lit() => period,
            None => 0,
        }
    }

    /// What the line carries when the lamp is lit, or is not.
    pub(super) fn signal_for(&self, is_lit: bool) -> Signal {
        if is_lit { Signal::lit(self.active) } else { Signal::dark(self.active) }
    }
}
