//! What sets the pace of a show: its music, or the machine's clock where there is none to be heard.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::PlayOptions;
use crate::clock::audio::{AudioClock, Notice, Programme, Volume};
use crate::clock::wall::WallClock;
use crate::clock::{Clock, Position, monotonic};
use crate::rig::Rig;
use crate::show::Show;
use crate::time::{Offset, ShowTime};

use super::super::outcome::Failure;

/// The timing thread is up and waiting by then, so that the first cue is on time.
const RUN_UP: Duration = Duration::from_millis(5);

/// One press of a key.
const VOLUME_STEP: u8 = 5;

pub(super) enum Sound {
    Heard(Arc<AudioClock>),
    Silent(Arc<WallClock>),
}

impl Sound {
    pub(super) fn start(
        show: &Show,
        rig: &Rig,
        options: &PlayOptions,
        length: ShowTime,
    ) -> Result<Self, Failure> {
        let from = options.from.unwrap_or(ShowTime::ZERO);
        let music = show.audio.as_ref().filter(|_| !options.silent);
        let Some(music) = music else {
            let begins = monotonic::now().offset(RUN_UP.as_nanos() as i64);
            return Ok(Self::Silent(Arc::new(WallClock::start(Position::at(from), begins))));
        };
        let programme =
            Programme { file: music.path.clone(), from, repeat: options.looped.then_some(length) };
        let volume =
            Volume::from_percent(options.volume).expect("the command line lets no more than 100 % pass");
        Ok(Self::Heard(Arc::new(AudioClock::start(programme, &rig.audio, volume)?)))
    }

    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Self::Heard(clock) => Arc::clone(clock) as Arc<dyn Clock>,
            Self::Silent(clock) => Arc::clone(clock) as Arc<dyn Clock>,
        }
    }

    pub(super) const fn is_heard(&self) -> bool {
        matches!(self, Self::Heard(_))
    }

    /// In per cent; `None` when there is nothing to be heard.
    pub(super) fn volume(&self) -> Option<u8> {
        match self {
            Self::Heard(clock) => Some(clock.volume().percent()),
            Self::Silent(_) => None,
        }
    }

    pub(super) fn louder(&self) {
        self.change_volume(|percent| percent.saturating_add(VOLUME_STEP).min(100));
    }

    pub(super) fn softer(&self) {
        self.change_volume(|percent| percent.saturating_sub(VOLUME_STEP));
    }

    fn change_volume(&self, change: impl Fn(u8) -> u8) {
        if let Self::Heard(clock) = self
            && let Some(volume) = Volume::from_percent(change(clock.volume().percent()))
        {
            clock.set_volume(volume);
        }
    }

    pub(super) fn set_latency(&self, latency: Offset) {
        if let Self::Heard(clock) = self {
            clock.set_latency(latency);
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
