//! One channel on its way from the show to its driver: what the show wants of it, what it shall show, and what it
//! shows. Pure.

use crate::level::Level;
use crate::rig::Channel;
use crate::time::{Mono, ShowTime};

use super::carried::Carried;
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
    /// One of this engine's drivers has it.
    pub(super) is_driven: bool,
    /// Whether levels between off and full exist for it.
    dims: bool,
    pub(super) safe: Level,
    /// What the show wants, and since when.
    pub(super) wanted: Level,
    pub(super) wanted_since: DueTime,
    pub(super) dwell: RelayDwell,
    /// What was shown when a stop began.
    pub(super) before_stop: Level,
    /// What it shall show.
    pub(super) target: Level,
    /// When that was due, until it is shown.
    pub(super) news: Option<DueTime>,
    pub(super) carried: Carried,
}

impl ChannelState {
    /// `moved` tells when a relay's contact moved last.
    pub(super) fn of(channel: &Channel, is_driven: bool, moved: Option<Mono>) -> Self {
        let safe = channel.safe.switched();
        Self {
            is_driven,
            dims: channel.kind.dims(),
            safe,
            wanted: safe,
            wanted_since: DueTime { show: ShowTime::ZERO, due: Mono::from_nanos(0) },
            dwell: RelayDwell::of(channel, moved),
            before_stop: safe,
            target: safe,
            news: None,
            carried: Carried { level: safe, is_sure: true },
        }
    }

    /// Whether levels between off and full exist for it.
    pub(super) const fn dims(&self) -> bool {
        self.dims
    }

    /// What the show wants, as far as the channel can show it.
    pub(super) const fn showable_wanted(&self) -> Level {
        self.showable(self.wanted)
    }

    const fn showable(&self, level: Level) -> Level {
        if self.dims { level } else { level.switched() }
    }

    /// It shall show `level`, due at `due_time`; since then, where it was to show it already.
    pub(super) fn aim_at(&mut self, level: Level, due_time: DueTime) {
        let level = self.showable(level);
        let is_other = std::mem::replace(&mut self.target, level) != level;
        if level == self.carried.level {
            self.news = None;
        } else if is_other || self.news.is_none() {
            self.news = Some(due_time);
        }
    }

    /// Whether it is safe for sure.
    pub(super) fn is_safe(&self) -> bool {
        self.carried.is_sure && self.carried.level == self.safe
    }

    /// Whether it shows what it shall, for sure.
    pub(super) fn is_settled(&self) -> bool {
        self.carried.is_sure && self.carried.level == self.target
    }
}
