//! The clock of a show: its music, or the machine's clock where there is none to be heard. Knows no lights.

use std::sync::Arc;
use std::time::Duration;

use crate::audio::{AudioSource, Volume};
use crate::clock::sound::{AudioClock, Notice};
use crate::clock::wall::WallClock;
use crate::clock::{Clock, Position, monotonic};
use crate::outcome::Failure;
use crate::rig::Rig;
use crate::time::{LoopRange, Offset};

use super::super::state::StartOrder;

/// The timing thread is up and waiting by then, so that the first cue is on time.
const RUN_UP: Duration = Duration::from_millis(5);

pub(super) enum ShowClock {
    Heard(Arc<AudioClock>),
    Silent(Arc<WallClock>),
}

impl ShowClock {
    /// Plays the music of a show; without music, or where it is silent, time passes alone. What is held begins
    /// paused.
    pub(super) fn start(order: &StartOrder, rig: &Rig) -> Result<Self, Failure> {
        let StartOrder { extent, silent, loaded, settings, .. } = order;
        let from = extent.from;
        let is_paused = settings.is_paused || settings.is_held;
        let begins = || monotonic::now().offset(RUN_UP.as_nanos() as i64);
        let Some(music) = loaded.show.audio.as_ref().filter(|_| !silent) else {
            log::debug!("the machine's clock leads from {from}: the show is silent");
            let from = Position::at(from);
            let clock = match is_paused {
                true => WallClock::start_paused(from),
                false => WallClock::start(from, begins()),
            };
            clock.set_speed(begins(), settings.speed);
            return Ok(Self::Silent(Arc::new(clock)));
        };
        // If the music file is cut short, the lights play on to the show's end.
        let source = AudioSource { file: music.path.clone(), from, repeat: extent.repeats() };
        let volume = Volume::from_percent(settings.volume).expect("no order lets more than 100 % pass");
        let start = if is_paused { AudioClock::start_paused } else { AudioClock::start };
        let clock = start(source, &rig.audio, volume)?;
        clock.set_speed(begins(), settings.speed);
        Ok(Self::Heard(Arc::new(clock)))
    }

    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Self::Heard(clock) => Arc::clone(clock) as Arc<dyn Clock>,
            Self::Silent(clock) => Arc::clone(clock) as Arc<dyn Clock>,
        }
    }

    /// In per cent; `None` when there is nothing to be heard.
    pub(super) fn volume(&self) -> Option<u8> {
        match self {
            Self::Heard(clock) => Some(clock.volume().percent()),
            Self::Silent(_) => None,
        }
    }

    /// In per cent, 100 at most.
    pub(super) fn set_volume(&self, percent: u8) {
        if let (Self::Heard(clock), Some(volume)) = (self, Volume::from_percent(percent)) {
            clock.set_volume(volume);
        }
    }

    /// After the next seek, `repeat` is heard again and again, or the sound is heard to its end.
    pub(super) fn set_repeat(&self, repeat: Option<LoopRange>) {
        if let Self::Heard(clock) = self {
            clock.set_repeat(repeat);
        }
    }

    pub(super) fn set_latency(&self, latency: Offset) {
        if let Self::Heard(clock) = self {
            clock.set_latency(latency);
        }
    }

    /// How often a sound card has asked for sound; `None` when there is nothing to be heard.
    pub(super) fn callbacks(&self) -> Option<u64> {
        match self {
            Self::Heard(clock) => Some(clock.callbacks()),
            Self::Silent(_) => None,
        }
    }

    /// What happened to the sound since this was last asked.
    pub(super) fn notices(&self) -> Vec<Notice> {
        match self {
            Self::Heard(clock) => clock.notices(),
            Self::Silent(_) => Vec::new(),
        }
    }
}
