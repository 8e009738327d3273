//! What sets the pace of a show: its music, or the machine's clock where there is none to be heard.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::clock::audio::{AudioClock, AudioSource, Notice, StartError, Volume};
use crate::clock::wall::WallClock;
use crate::clock::{Clock, Position, monotonic};
use crate::faults;
use crate::rig::Rig;
use crate::time::Offset;

use super::super::outcome::{Failure, Outcome};
use super::play_request::Turn;

/// The timing thread is up and waiting by then, so that the first cue is on time.
const RUN_UP: Duration = Duration::from_millis(5);

/// A file is open within milliseconds; a disk that wakes up takes some seconds.
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// How often whoever waits for that looks whether the show is to end.
const LOOK: Duration = Duration::from_millis(10);

pub(super) enum Sound {
    Heard(Arc<AudioClock>),
    Silent(Arc<WallClock>),
}

impl Sound {
    /// Plays `turn`'s music at `volume` per cent; without music, or where it is silent, time passes alone. Waits for a
    /// disk that hangs until the show `is_to_end`, 10 s at most.
    pub(super) fn start(
        is_paused: bool,
        turn: &Turn,
        rig: &Rig,
        volume: u8,
        is_to_end: &dyn Fn() -> bool,
    ) -> Result<Self, Failure> {
        let Turn { from, looped, silent, loaded, .. } = turn;
        let Some(music) = loaded.show.audio.as_ref().filter(|_| !silent) else {
            log::debug!("the machine's clock leads from {from}: the show is silent");
            let from = Position::at(*from);
            let clock = match is_paused {
                true => WallClock::start_paused(from),
                false => WallClock::start(from, monotonic::now().offset(RUN_UP.as_nanos() as i64)),
            };
            return Ok(Self::Silent(Arc::new(clock)));
        };
        let source =
            AudioSource { file: music.path.clone(), from: *from, repeat: looped.then_some(loaded.length) };
        let volume = Volume::from_percent(volume).expect("no order lets more than 100 % pass");
        let start = if is_paused { AudioClock::start_paused } else { AudioClock::start };
        let audio = rig.audio.clone();
        let clock = opened(move || start(source, &audio, volume), is_to_end)?;
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

/// Opens the music on a thread of its own. What comes too late is closed unheard.
fn opened(
    open: impl FnOnce() -> Result<AudioClock, StartError> + Send + 'static,
    is_to_end: &dyn Fn() -> bool,
) -> Result<AudioClock, Failure> {
    let (answers, answer) = mpsc::sync_channel(1);
    let start = Instant::now();
    let work = move || {
        faults::point("music open");
        // Nobody who listens any more: the music is closed here.
        let _ = answers.send(open());
    };
    thread::Builder::new()
        .name("music open".into())
        .spawn(work)
        .context("starting a thread that opens the music")?;
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(opened) => return Ok(opened?),
            Err(RecvTimeoutError::Timeout) if is_to_end() => {
                return Err(Failure::of(Outcome::Done, anyhow!("it was ended before it began")));
            }
            Err(RecvTimeoutError::Timeout) if start.elapsed() < OPEN_WITHIN => {}
            Err(_) => {
                let why =
                    anyhow!("the music was not opened within {} s: the disk may hang", OPEN_WITHIN.as_secs());
                return Err(why.into());
            }
        }
    }
}
