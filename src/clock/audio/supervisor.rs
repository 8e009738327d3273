//! Keeps a stream on the sound card for as long as the show lasts: opens the device, watches it, and
//! opens it anew when it died. Knows no samples.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::card::{Card, CardError, Faults, Stream};
use super::closing::give_up_after;
use super::decode::Programme;
use super::feed::Feed;
use super::playout::Playout;
use super::shared::Shared;
use super::{DeviceMissing, Notice};
use crate::clock::{Course, Leader, Playhead, Position, monotonic};
use crate::faults;
use crate::rig::Audio;
use crate::time::Mono;

pub(super) struct Supervisor {
    pub shared: Arc<Shared>,
    pub programme: Programme,
    pub audio: Audio,
    /// Hangs up when the show is over.
    pub stop: Receiver<Infallible>,
}

/// Whoever waits for the playhead asks every 10 ms: a course that began at once would be found too late.
const RUN_UP: i64 = 15_000_000;
/// How often the stream is looked after.
const LOOK: Duration = Duration::from_millis(50);
/// A missing device is looked for this often: soon enough for a person, seldom enough for a Pi Zero.
const RETRY: Duration = Duration::from_secs(1);
/// A stream that asks for nothing this long is dead. There is no hurry, the lights go on meanwhile;
/// PulseAudio lets an idle sink rest for two seconds, telling errors all the while.
const DEAD_AFTER: Duration = Duration::from_millis(2_500);
/// A sink that sleeps (HDMI, Bluetooth) may take this long to wake.
const START_PATIENCE: Duration = Duration::from_secs(10);
/// A living device closes within its two periods; what takes longer hangs.
const CLOSING: Duration = Duration::from_millis(500);
/// Sound that returns is decoded from this far ahead of the playhead.
const HEAD_START: i64 = 150_000_000;

/// The show is over.
struct Over;

impl Supervisor {
    /// Runs until [`stop`](Self::stop) hangs up. `opened` hears once how the device was found.
    pub(super) fn run(self, opened: &Sender<Result<(), DeviceMissing>>) {
        let first = self.open();
        let missing = first.as_ref().err().map(|why| self.missing(why));
        let _ = opened.send(missing.map_or(Ok(()), Err));
        let lost = match first {
            Ok(playing) => self.watch(playing, false),
            Err(_) if self.audio.required => return,
            Err(why) => Err(Lost { why, was_heard: false }),
        };
        let Err(lost) = lost else { return };
        self.tell(&lost);
        loop {
            self.go_on_without();
            if self.wait(RETRY).is_err() {
                return;
            }
            // Why it is missing was told when it went missing.
            let Ok(playing) = self.open() else { continue };
            let Err(lost) = self.watch(playing, true) else { return };
            if lost.was_heard {
                self.tell(&lost);
            }
        }
    }

    fn open(&self) -> Result<Playing, String> {
        let told = |error: CardError| error.to_string();
        let card = Card::find(&self.audio.device, self.shared.sound).map_err(told)?;
        // A mixer of several programs' sound, as ALSA's dmix, has a period and takes no other.
        self.start(&card).or_else(|_| self.start(&card.with_its_own_period())).map_err(told)
    }

    fn start(&self, card: &Card) -> Result<Playing, CardError> {
        let feed = Feed::start(&self.programme, self.joining_at(monotonic::now()), card.spec(), &self.shared);
        let (faults, retired) = (Arc::new(Faults::default()), Arc::new(AtomicBool::new(false)));
        let mut playout =
            Playout::new(feed, self.audio.lead_in, Arc::clone(&self.shared), Arc::clone(&retired));
        let render = move |samples: &mut [f32], now: Mono, heard: Mono| playout.fill(samples, now, heard);
        let stream = card.play(render, Arc::clone(&faults))?;
        Ok(Playing { stream, faults, retired, first_callback: self.shared.callbacks() })
    }

    /// Where a stream that is opened now begins to decode.
    fn joining_at(&self, now: Mono) -> Position {
        match self.shared.playhead.read() {
            Playhead::Waiting => Position::at(self.programme.from),
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now.offset(HEAD_START)),
        }
    }

    /// Until the stream dies, or the show is over.
    fn watch(&self, playing: Playing, returning: bool) -> Result<Over, Lost> {
        let mut pulse = Pulse { callbacks: playing.first_callback, since: Instant::now() };
        let mut was_heard = false;
        let why = loop {
            if self.wait(LOOK).is_err() {
                playing.close();
                return Ok(Over);
            }
            if !was_heard && self.shared.leader() == Leader::SoundCard {
                was_heard = true;
                if returning {
                    self.shared.tell(Notice::SoundReturned);
                }
            }
            let started = self.shared.callbacks() > playing.first_callback + 2;
            let silent = pulse.silent_for(self.shared.callbacks());
            if let Some(why) = verdict(&playing.faults, started, silent) {
                break why.to_owned();
            }
        };
        playing.close();
        Err(Lost { why, was_heard })
    }

    /// The lights go on by the machine's clock.
    fn go_on_without(&self) {
        let now = monotonic::now();
        let from = Position::at(self.programme.from);
        let by_machine = |anchor, position| Playhead::Running(Course::by_machine(anchor, position));
        self.shared.card_leads(false);
        self.shared.playhead.update(|playhead| match playhead {
            Playhead::Waiting => by_machine(now.offset(RUN_UP), from),
            Playhead::Running(course) => by_machine(now, course.at(now)),
            Playhead::Paused(_) => playhead,
        });
    }

    fn tell(&self, lost: &Lost) {
        let device = self.missing(&lost.why);
        self.shared.tell(match (self.audio.required, lost.was_heard) {
            (true, _) => Notice::RequiredSoundLost(device),
            (false, true) => Notice::SoundLost(device),
            (false, false) => Notice::NoSound(device),
        });
    }

    fn missing(&self, why: &str) -> DeviceMissing {
        DeviceMissing { device: self.audio.device.clone(), why: why.to_owned() }
    }

    fn wait(&self, time: Duration) -> Result<(), Over> {
        faults::point("sound");
        match self.stop.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Over),
        }
    }
}

/// A stream that was opened.
struct Playing {
    stream: Stream,
    faults: Arc<Faults>,
    retired: Arc<AtomicBool>,
    /// What the count of callbacks was when it was opened.
    first_callback: u64,
}

impl Playing {
    fn close(self) {
        self.retired.store(true, Relaxed);
        give_up_after(CLOSING, move || drop(self.stream));
    }
}

struct Lost {
    why: String,
    was_heard: bool,
}

/// When the card last asked for sound.
struct Pulse {
    callbacks: u64,
    since: Instant,
}

impl Pulse {
    fn silent_for(&mut self, callbacks: u64) -> Duration {
        if callbacks != self.callbacks {
            *self = Self { callbacks, since: Instant::now() };
        }
        self.since.elapsed()
    }
}

/// Why a stream that has asked for nothing for `silent` is dead, if it is.
fn verdict(faults: &Faults, started: bool, silent: Duration) -> Option<&'static str> {
    if faults.gone.load(Relaxed) {
        return Some("the device is gone");
    }
    match started {
        true if silent <= DEAD_AFTER => None,
        false if silent <= START_PATIENCE => None,
        false => Some("the device does not begin to play"),
        true if faults.errors.load(Relaxed) > 0 => Some("the device or its sound server died"),
        true => Some("the device stands still"),
    }
}
