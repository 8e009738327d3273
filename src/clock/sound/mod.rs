//! The playhead by the sound card: plays a file and says which show time is being heard.
//!
//! `feed` reads the file ahead, `playout` gives the card its frames, `delay` puts right what
//! the card tells of its delay, `discipline` fits a course through that, `supervisor` keeps a stream alive, and
//! [`AudioClock`] is what other modules see of it. `device_fault` says why a device does not play, `cards` which cards
//! there are. Knows no lights.

mod card;
pub mod cards;
mod closing;
mod delay;
mod device_fault;
mod device_name;
mod discipline;
mod feed;
mod feed_change;
mod looks;
mod notice;
mod opening;
mod playout;
mod quiet;
mod request_line;
mod shared;
mod stream_state;
mod supervisor;
mod trial;

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use device_fault::{DeviceFault, DeviceMissing};
pub use notice::{Notice, StartError};
pub use trial::try_device;

use self::closing::give_up_after;
use self::shared::Shared;
use self::supervisor::{Sought, Supervisor};
use super::{Clock, Course, Leader, Playhead, Position};
use crate::audio::{AudioSource, Volume};
use crate::rig::Audio;
use crate::speed::Speed;
use crate::time::{LoopRange, Mono, Offset};

/// Plays a sound, and is the clock of the show that goes with it, until it is dropped.
///
/// The playhead waits until the instant of the first frame is known, then runs with the card, and never past
/// the last frame that the card was given: it holds there while the card asks for nothing. After 3 s of that
/// it runs on by the machine's clock. So it does without a device, which is looked for every second; one that
/// returns joins in where the show is.
pub struct AudioClock {
    shared: Arc<Shared>,
    /// The supervisor hears of seeks. Dropped to end it.
    owner: Option<Sender<Sought>>,
    supervisor: Option<JoinHandle<()>>,
}

/// Longer than closing a stream may take; a supervisor that is later hangs in a driver.
const END_PATIENCE: Duration = Duration::from_secs(1);
/// A device that is missing is told at once; nobody waits longer for one that hangs.
const ANSWER_PATIENCE: Duration = Duration::from_millis(250);
/// As far the playhead runs after a pause before the card asks for sound again, nanoseconds: ten times as long
/// as that takes.
const RESUME_AHEAD: i64 = 200_000_000;

impl AudioClock {
    /// Starts to play on the device that `audio` names, and on no other.
    ///
    /// Returns as soon as the file is open. A required device is waited for, a quarter of a second at most:
    /// when it turns out later that it cannot be had, the playhead still waits, and the fatal
    /// [`Notice::RequiredSoundMissing`] tells so.
    ///
    /// # Errors
    /// [`StartError::DeviceMissing`] only where the rig requires the device.
    pub fn start(source: AudioSource, audio: &Audio, volume: Volume) -> Result<Self, StartError> {
        Self::begin(Playhead::Waiting, source, audio, volume)
    }

    /// The same, frozen from the start where playing is to begin: nothing is heard before it is resumed.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_paused(source: AudioSource, audio: &Audio, volume: Volume) -> Result<Self, StartError> {
        Self::begin(Playhead::Paused(Position::at(source.from)), source, audio, volume)
    }

    fn begin(
        playhead: Playhead,
        source: AudioSource,
        audio: &Audio,
        volume: Volume,
    ) -> Result<Self, StartError> {
        let sound = source.spec().map_err(StartError::Sound)?;
        let shared = Arc::new(Shared::new(playhead, sound, &source, volume, audio.latency));
        let (owner, hears) = mpsc::channel();
        // Without room: if nobody waits for the answer any more, it cannot be sent, and becomes a notice.
        let (answer, answered) = mpsc::sync_channel(0);
        let supervisor =
            Supervisor { shared: Arc::clone(&shared), source, audio: audio.clone(), owner: hears };
        let thread = thread::Builder::new().name("sound".to_owned());
        let supervisor = thread.spawn(move || supervisor.run(&answer)).map_err(StartError::Thread)?;
        let clock = Self { shared, owner: Some(owner), supervisor: Some(supervisor) };
        if audio.required
            && let Ok(Err(missing)) = answered.recv_timeout(ANSWER_PATIENCE)
        {
            return Err(StartError::DeviceMissing(missing));
        }
        Ok(clock)
    }

    pub fn set_volume(&self, volume: Volume) {
        self.shared.set_volume(volume);
    }

    #[must_use]
    pub fn volume(&self) -> Volume {
        self.shared.volume()
    }

    /// Moves the lights against the sound, from the next callback of the card on.
    pub fn set_latency(&self, latency: Offset) {
        self.shared.set_latency(latency);
    }

    /// After the next [`seek`](Clock::seek), `repeat` is heard again and again, or the sound is heard to its end.
    pub fn set_repeat(&self, repeat: Option<LoopRange>) {
        self.shared.set_repeat(repeat);
    }

    fn tell_sought(&self) {
        if let Some(owner) = &self.owner {
            // One that has given up a required device hears nothing any more.
            let _ = owner.send(Sought);
        }
    }

    /// How often the sound card has asked for sound, over all streams: fifty times a second while one lives,
    /// also in a pause.
    #[must_use]
    pub fn callbacks(&self) -> u64 {
        self.shared.callbacks()
    }

    /// What happened to the sound since the last time this was asked.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.shared.take_notices()
    }
}

impl Clock for AudioClock {
    fn playhead(&self, _now: Mono) -> Playhead {
        self.shared.playhead.read()
    }

    /// What the card already holds is heard for some hundredths of a second more.
    fn pause(&self, now: Mono) {
        self.shared.playhead.update(|playhead| match playhead {
            Playhead::Waiting => Playhead::Paused(self.shared.begin()),
            Playhead::Running(_) | Playhead::Paused(_) => playhead.paused(now),
        });
    }

    /// The playhead runs at once, and the sound joins it as soon as the card lets it be heard. A card that
    /// led and asks for nothing holds it soon.
    fn resume(&self, now: Mono) {
        resume(&self.shared, now);
    }

    /// Never blocks. Of several seeks in a row the last one counts: no sound is decoded for one that is over before that
    /// has begun.
    fn seek(&self, now: Mono, to: Position) {
        seek(&self.shared, now, to);
        self.tell_sought();
    }

    /// Never blocks. To the sound it is a seek to the place where the show is: there is none before the speed is normal again.
    fn set_speed(&self, now: Mono, speed: Speed) {
        if self.shared.speed.get() != speed {
            set_speed(&self.shared, now, speed);
            self.tell_sought();
        }
    }

    fn speed(&self) -> Speed {
        self.shared.speed.get()
    }

    fn leader(&self) -> Leader {
        self.shared.leader()
    }
}

fn seek(shared: &Shared, now: Mono, to: Position) {
    shared.playhead.update(|playhead| {
        shared.note_seek(to);
        match playhead {
            Playhead::Waiting => playhead,
            Playhead::Paused(_) => Playhead::Paused(to),
            // What the card still has of the old place moves nothing any more.
            Playhead::Running(_) if shared.leader() == Leader::SoundCard => {
                Playhead::Running(Course { from: to, until: to, ..Course::by_machine(now, to) })
            }
            Playhead::Running(_) => Playhead::Running(Course::at_speed(now, to, shared.speed.get())),
        }
    });
}

fn set_speed(shared: &Shared, now: Mono, speed: Speed) {
    shared.playhead.update(|playhead| {
        let here = match playhead {
            Playhead::Waiting => shared.begin(),
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now),
        };
        shared.speed.set(speed);
        // What the card still has moves nothing any more, and leads no more before it is heard again.
        shared.note_seek(here);
        shared.card_leads(false);
        match playhead {
            Playhead::Paused(_) => playhead,
            Playhead::Waiting if speed.is_normal() => playhead,
            Playhead::Waiting | Playhead::Running(_) => Playhead::Running(Course::at_speed(now, here, speed)),
        }
    });
}

fn resume(shared: &Shared, now: Mono) {
    shared.playhead.update(|playhead| match (playhead, playhead.resumed(now, shared.speed.get())) {
        (Playhead::Paused(position), Playhead::Running(course)) if shared.leader() == Leader::SoundCard => {
            Playhead::Running(Course { until: Position(position.0 + RESUME_AHEAD), ..course })
        }
        (_, resumed) => resumed,
    });
}

/// Ends the sound. Waits for the device, but not for one that hangs.
impl Drop for AudioClock {
    fn drop(&mut self) {
        drop(self.owner.take());
        if let Some(supervisor) = self.supervisor.take() {
            // A panic there was told by the panic hook.
            give_up_after(END_PATIENCE, move || _ = supervisor.join());
        }
    }
}
