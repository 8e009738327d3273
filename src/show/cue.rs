//! A cue with all its times by the clock. Timelines are compiled from these. Knows neither text nor tempo.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::easing::Easing;
use crate::envelope::{Response, STEP, SoundBand};
use crate::level::Level;
use crate::rig::ChannelId;
use crate::time::ShowTime;

pub use super::effect_options::ChaseDirection;
pub use super::levels::Levels;
pub use super::step_row::Step;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cue {
    pub start: ShowTime,
    /// Never empty, none twice; effects run along them in this order.
    pub channels: Arc<[ChannelId]>,
    pub action: Action,
    /// The line of the sheet that it comes from, in bytes.
    pub line: Range<usize>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// From here on, the base is this level.
    Set(Level),
    /// The base moves to `to`, from `from` or from where it is.
    Fade { from: Option<Level>, to: Level, over: Duration, easing: Easing },
    /// Until `end`, `effect` lies over the base.
    Over { end: ShowTime, effect: Effect },
}

/// What lies over the base. `ticks` are the starts of its periods, rising, the first at the cue's start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    Level(Level),
    /// Each period jumps to the high level and falls to the low one.
    Pulse {
        levels: Levels,
        ticks: Arc<[ShowTime]>,
    },
    /// High for `lit`, or for half of each period; then low.
    Strobe {
        levels: Levels,
        ticks: Arc<[ShowTime]>,
        lit: Option<Duration>,
    },
    /// `wide` neighbours show the high level, the others the low one. Each period moves them by one channel.
    Chase {
        levels: Levels,
        ticks: Arc<[ShowTime]>,
        direction: ChaseDirection,
        wide: usize,
    },
    /// Each channel jumps to another level between the two, about every `every`.
    Twinkle {
        levels: Levels,
        every: Duration,
        seed: u64,
    },
    /// Moves between the two levels as loudly as `band` of the music sounds.
    Follow {
        levels: Levels,
        band: SoundBand,
        response: Response,
        /// Times and levels, rising in time, the first at the cue's start, and no level twice in a row. Empty until the
        /// music [was heard](super::Show::follow): the low level is shown then.
        course: Arc<[(ShowTime, Level)]>,
    },
    /// One step each period; after the last the first again.
    Steps {
        strip: Arc<[Step]>,
        ticks: Arc<[ShowTime]>,
    },
}

impl Cue {
    /// When it has done all that it does.
    #[must_use]
    pub fn end(&self) -> ShowTime {
        match self.action {
            Action::Set(_) => self.start,
            Action::Fade { over, .. } => self.start + over,
            Action::Over { end, .. } => end,
        }
    }

    /// What tells the rows of one grid from those of another.
    pub(super) fn grid(&self) -> Option<*const ShowTime> {
        match &self.action {
            Action::Over { effect: Effect::Steps { ticks, .. }, .. } => Some(ticks.as_ptr()),
            _ => None,
        }
    }
}

impl Effect {
    /// About how many changes it makes on each of its channels. Bounds the memory that it takes.
    pub(super) fn events(&self, lasts: Duration) -> u64 {
        match self {
            Self::Level(_) | Self::Follow { .. } => 2,
            Self::Pulse { ticks, .. } | Self::Chase { ticks, .. } | Self::Steps { ticks, .. } => {
                ticks.len() as u64
            }
            Self::Strobe { ticks, .. } => 2 * ticks.len() as u64,
            Self::Twinkle { every, .. } => (lasts.as_micros() / every.as_micros().max(1)) as u64,
        }
    }

    /// About how many changes its channels have in common: they are made and kept once.
    pub(super) fn common_events(&self, lasts: Duration) -> u64 {
        match self {
            Self::Follow { .. } => lasts.as_micros().div_ceil(STEP.as_micros()) as u64,
            _ => 0,
        }
    }
}
