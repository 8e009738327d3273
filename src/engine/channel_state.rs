//! One channel on its way from level to line: what the show wants of it, what it shall show, and what its
//! line carries. Pure.

use crate::level::Level;
use crate::output::{Signal, Wire};
use crate::rig::{Active, Channel, Line};
use crate::time::{Mono, ShowTime};

use super::carried::{By, Carried};
use super::dimmer::Dimmer;
use super::relay_dwell::RelayDwell;

/// When a level was due, and at which time of the show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DueTime {
    pub(super) show: ShowTime,
    pub(super) due: Mono,
}

/// Everything that the engine knows of one channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChannelState {
    pub(super) line: Line,
    active: Active,
    /// It has a line that this engine drives.
    pub(super) is_driven: bool,
    /// `None` for what can only be switched.
    dimmer: Option<Dimmer>,
    /// The output dims the line by itself, and wants no edges.
    pub(super) is_dimmed_by_output: bool,
    pub(super) safe: Level,
    /// What the show wants, and since when.
    pub(super) wanted: Level,
    pub(super) wanted_since: DueTime,
    pub(super) dwell: RelayDwell,
    /// What was shown when a stop began.
    pub(super) before_stop: Level,
    /// What it shall show, and for how many nanoseconds of a period it is lit for that.
    pub(super) shall: Level,
    pub(super) on_time: u64,
    /// When that was due, until it is shown.
    pub(super) news: Option<DueTime>,
    pub(super) carried: Carried,
}

impl ChannelState {
    /// `moved` tells when a relay's contact moved last; a period of PWM lasts `period` nanoseconds.
    pub(super) fn of(channel: &Channel, is_dimmed_by_output: bool, moved: Option<Mono>, period: u64) -> Self {
        let safe = channel.safe.switched();
        let on_time = if safe.is_lit() { period } else { 0 };
        let by = if is_dimmed_by_output { By::Pulses(on_time) } else { By::Signal(Wire::of(channel).safe) };
        Self {
            line: channel.line,
            active: channel.active,
            is_driven: true,
            dimmer: channel.kind.dims().then(|| Dimmer::of(channel)),
            is_dimmed_by_output,
            safe,
            wanted: safe,
            wanted_since: DueTime { show: ShowTime::ZERO, due: Mono::from_nanos(0) },
            dwell: RelayDwell::of(channel, moved),
            before_stop: safe,
            shall: safe,
            on_time,
            news: None,
            carried: Carried { level: safe, by },
        }
    }

    /// Whether levels between off and full exist for it.
    pub(super) const fn dims(&self) -> bool {
        self.dimmer.is_some()
    }

    /// What the show wants, as far as the channel can show it.
    pub(super) fn shows_of_wanted(&self) -> Level {
        if self.dims() { self.wanted } else { self.wanted.switched() }
    }

    /// It shall show `level`, due at `due_time`, in a period of `period` nanoseconds. Whether that is news: its line
    /// carries another level, and was not to carry this one yet.
    pub(super) fn aim_at(&mut self, level: Level, due_time: DueTime, period: u64) -> bool {
        let level = if self.dims() { level } else { level.switched() };
        let is_other = level != self.shall;
        if is_other {
            self.shall = level;
            self.on_time = match self.dimmer {
                Some(dimmer) => dimmer.on_time(level, period),
                None if level.is_lit() => period,
                None => 0,
            };
        }
        if level == self.carried.level {
            self.news = None;
            return false;
        }
        let is_news = is_other || self.news.is_none();
        if is_news {
            self.news = Some(due_time);
        }
        is_news
    }

    /// What its line shall carry; `is_lit` tells whether the light is on, where the output does not dim it.
    pub(super) fn shall_carry(&self, is_lit: bool) -> By {
        match self.is_dimmed_by_output {
            true => By::Pulses(self.on_time),
            false => By::Signal(if is_lit { Signal::lit(self.active) } else { Signal::dark(self.active) }),
        }
    }

    /// What its line carries when another process has made it safe, as far as that is sure.
    pub(super) fn made_safe(&self) -> Carried {
        let by = match self.is_dimmed_by_output {
            // A write of pulses may fail, whoever makes it.
            true => By::Unknown,
            false => By::Signal(if self.safe.is_lit() {
                Signal::lit(self.active)
            } else {
                Signal::dark(self.active)
            }),
        };
        Carried { level: self.safe, by }
    }

    /// Whether its line is safe for sure.
    pub(super) fn is_safe(&self) -> bool {
        self.carried.level == self.safe && self.carried.by != By::Unknown
    }

    /// Whether its line carries what it shall show.
    pub(super) fn is_settled(&self) -> bool {
        self.carried.level == self.shall && self.carried.by != By::Unknown
    }
}
