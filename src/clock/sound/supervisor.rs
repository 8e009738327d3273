//! Keeps a stream on the sound card for as long as the show lasts: opens the device, watches it, and
//! opens it anew when it died. Waits for no device without a limit. Knows no samples.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use super::card::{CardError, Faults};
use super::device_fault::{DeviceFault, DeviceMissing};
use super::looks::{LOOK, Looks, StreamVerdict};
use super::notice::Notice;
use super::opening::{Opening, Playing};
use super::shared::Shared;
use crate::audio::AudioSource;
use crate::clock::{Course, Leader, Playhead, Position, monotonic};
use crate::faults;
use crate::rig::Audio;
use crate::time::ShowTime;

pub(super) struct Supervisor {
    pub shared: Arc<Shared>,
    pub source: AudioSource,
    pub audio: Audio,
    /// Hangs up when the show is over.
    pub owner: Receiver<Sought>,
}

/// Somebody has sought.
pub(super) struct Sought;

/// Whoever waits for the playhead asks every 10 ms: a course that began at once would be found too late.
const RUN_UP: i64 = 15_000_000;
/// A missing device is looked for this often: soon enough for a person, seldom enough for a Pi Zero.
const RETRY: Duration = Duration::from_secs(1);
/// How often an answer is looked for of a device that is being opened: the lights wait for it.
const OPENING_LOOK: Duration = Duration::from_millis(10);
/// A driver or a server that has not opened the device in so many looks hangs: 10 s, as long as a sink that
/// sleeps may take.
const OPENING_LOOKS: u32 = 1_000;
/// In the middle of a show nothing waits for it: it is asked again after the next [`RETRY`].
const RETRY_LOOKS: u32 = 100;

/// A show that holds waits for a new stream as long as for callbacks: 3 s.
const REOPENING_LOOKS: u32 = 300;

/// The show is over.
pub(super) struct Over;

impl Supervisor {
    /// Runs until [`owner`](Self::owner) hangs up, or a required device cannot be had. `opened` hears how the
    /// device was found while somebody listens; later it is a notice that a required one is missing.
    pub(super) fn run(self, opened: &SyncSender<Result<(), DeviceMissing>>) {
        let Err(Over) = self.keep_playing(opened);
    }

    fn keep_playing(&self, opened: &SyncSender<Result<(), DeviceMissing>>) -> Result<Infallible, Over> {
        let mut opening = Some(self.open());
        let lost = match self.answer(&mut opening, OPENING_LOOKS)? {
            Some(Ok(playing)) => {
                let _nobody_listens = opened.send(Ok(()));
                self.watch(playing, false)?
            }
            Some(Err(error)) => Lost { fault: error.fault_of(&self.audio.device), was_heard: false },
            None => Lost { fault: DeviceFault::NoAnswer, was_heard: false },
        };
        if self.audio.required && !lost.was_heard {
            let missing = self.missing(&lost);
            if opened.send(Err(missing.clone())).is_err() {
                self.shared.tell(Notice::RequiredSoundMissing(missing));
            }
            return Err(Over);
        }
        self.go_on_without();
        self.tell(&lost);
        loop {
            self.wait(RETRY)?;
            if opening.is_none() {
                opening = Some(self.open());
            }
            // Why it is missing was told when it went missing.
            let Some(Ok(playing)) = self.answer(&mut opening, RETRY_LOOKS)? else { continue };
            let lost = self.watch(playing, true)?;
            if lost.was_heard {
                self.tell(&lost);
            }
        }
    }

    fn open(&self) -> Opening {
        Opening::start(&self.source, &self.audio, &self.shared)
    }

    /// What came of `opening`, which is then over; none after so many looks.
    fn answer(
        &self,
        opening: &mut Option<Opening>,
        looks: u32,
    ) -> Result<Option<Result<Playing, CardError>>, Over> {
        for _ in 0..looks {
            self.wait(OPENING_LOOK)?;
            let answer = opening.as_mut().and_then(Opening::answer);
            if answer.is_some() {
                *opening = None;
                return Ok(answer);
            }
        }
        Ok(None)
    }

    /// Until the stream dies; the lights go on by the machine's clock then.
    fn watch(&self, mut playing: Playing, returning: bool) -> Result<Lost, Over> {
        let mut looks = Looks::new(playing.first_callback);
        let mut was_heard = false;
        let fault = loop {
            playing.follow_seeks(&self.source, &self.shared);
            if self.wait_and(LOOK, || playing.follow_seeks(&self.source, &self.shared)).is_err() {
                playing.close();
                return Err(Over);
            }
            if !was_heard && self.shared.leader() == Leader::SoundCard {
                was_heard = true;
                log::debug!("the sound card leads from {}", self.place());
                if returning {
                    self.shared.tell(Notice::SoundReturned);
                }
            }
            if playing.state.is_stale() {
                playing.close();
                playing = match self.answer(&mut Some(self.open()), REOPENING_LOOKS)? {
                    Some(Ok(playing)) => playing,
                    Some(Err(error)) => {
                        return Ok(self.loses(error.fault_of(&self.audio.device), was_heard));
                    }
                    None => return Ok(self.loses(DeviceFault::NoAnswer, was_heard)),
                };
                looks = Looks::in_a_hold(playing.first_callback);
                continue;
            }
            if let Some(fault) = fault(&playing.faults, looks.look(self.shared.callbacks())) {
                break fault;
            }
        };
        playing.state.retire();
        let lost = self.loses(fault, was_heard);
        playing.close();
        Ok(lost)
    }

    fn loses(&self, fault: DeviceFault, was_heard: bool) -> Lost {
        self.go_on_without();
        log::debug!("the machine's clock leads from {}: {}", self.place(), fault.cause(&self.audio.device));
        Lost { fault, was_heard }
    }

    /// Where the show is, for the log.
    fn place(&self) -> ShowTime {
        let Position(nanos) = match self.shared.playhead.read() {
            Playhead::Waiting => self.shared.begin(),
            Playhead::Running(course) => course.at(monotonic::now()),
            Playhead::Paused(position) => position,
        };
        ShowTime::from_micros(nanos.max(0).unsigned_abs() / 1_000)
    }

    /// The lights go on by the machine's clock, from where they hold.
    fn go_on_without(&self) {
        let now = monotonic::now();
        self.shared.playhead.update(|playhead| {
            let speed = self.shared.speed.get();
            let by_machine = |anchor, position| Playhead::Running(Course::at_speed(anchor, position, speed));
            self.shared.card_leads(false);
            match playhead {
                Playhead::Waiting if self.audio.required => playhead,
                Playhead::Waiting => by_machine(now.offset(RUN_UP), self.shared.begin()),
                Playhead::Running(course) => by_machine(now, course.at(now)),
                Playhead::Paused(_) => playhead,
            }
        });
    }

    fn tell(&self, lost: &Lost) {
        let device = self.missing(lost);
        self.shared.tell(match (self.audio.required, lost.was_heard) {
            (true, _) => Notice::RequiredSoundLost(device),
            (false, true) => Notice::SoundLost(device),
            (false, false) => Notice::NoSound(device),
        });
    }

    fn missing(&self, lost: &Lost) -> DeviceMissing {
        DeviceMissing::new(&self.audio.device, lost.fault)
    }

    fn wait(&self, time: Duration) -> Result<(), Over> {
        self.wait_and(time, || {})
    }

    /// Waits for `time`, however often somebody seeks meanwhile: looks are counted.
    fn wait_and(&self, time: Duration, mut follow: impl FnMut()) -> Result<(), Over> {
        faults::point("sound");
        let end = Instant::now() + time;
        loop {
            match self.owner.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Sought) => follow(),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Over),
            }
        }
    }
}

struct Lost {
    fault: DeviceFault,
    was_heard: bool,
}

/// Why a stream is given up, if it is.
fn fault(faults: &Faults, verdict: StreamVerdict) -> Option<DeviceFault> {
    if faults.gone.load(Relaxed) {
        return Some(DeviceFault::Gone);
    }
    match verdict {
        StreamVerdict::Lives => None,
        StreamVerdict::NeverBegan => Some(DeviceFault::NeverBegan),
        StreamVerdict::StandsStill if faults.errors.load(Relaxed) > 0 => Some(DeviceFault::Died),
        StreamVerdict::StandsStill => Some(DeviceFault::StandsStill),
    }
}
