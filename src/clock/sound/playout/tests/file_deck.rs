//! A file whose samples tell their frame, and a card that plays it in virtual time: what is heard against the playhead.

use std::time::Instant;

use super::super::super::seek;
use super::*;
use crate::audio::wav;

/// A file whose samples tell their frame, and a card that plays it in virtual time.
pub(super) struct FileDeck {
    pub(super) playout: Playout,
    pub(super) shared: Arc<Shared>,
    pub(super) change: Arc<FeedChange>,
    pub(super) source: AudioSource,
    /// The file's own frames.
    pub(super) sound: Vec<f32>,
    pub(super) now: i64,
    _folder: tempfile::TempDir,
}

/// Longer than any machine takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
pub(super) const SECONDS: usize = 5;

impl FileDeck {
    pub(super) fn new(playhead: Playhead, latency: Offset) -> Self {
        let (folder, file) = wav::ramp(SPEC.rate, SPEC.channels, 48_000 * SECONDS);
        let source = AudioSource { file, from: ShowTime::ZERO, repeat: None };
        let mut sound = Vec::new();
        source.render(|samples, _| sound.extend_from_slice(samples)).unwrap();
        let shared = Arc::new(Shared::new(playhead, SPEC, &source, Volume::FULL, latency));
        let feed = Feed::start(&source, SPEC, &shared, Mono::from_nanos(1_000_000_000));
        let change = Arc::new(FeedChange::default());
        let playout = Playout::new(
            feed,
            Arc::clone(&change),
            Duration::ZERO,
            None,
            Arc::clone(&shared),
            Arc::default(),
        );
        Self { playout, shared, change, source, sound, now: 1_000_000_000, _folder: folder }
    }

    pub(super) fn mono(&self) -> Mono {
        Mono::from_nanos(self.now.cast_unsigned())
    }

    pub(super) fn seek(&self, to: Position) {
        seek(&self.shared, self.mono(), to);
    }

    /// What the supervisor does about it.
    pub(super) fn supply(&self) {
        let feed = Feed::start(&self.source, SPEC, &self.shared, self.mono());
        let begin = Instant::now();
        // In virtual time a show that runs would run away from the decoder, which is a real thread.
        while !feed.holds(8 * PERIOD) {
            assert!(begin.elapsed() < PATIENCE, "the decoder never came");
            std::thread::sleep(Duration::from_micros(100));
        }
        self.change.offer(feed);
    }

    /// One callback; what was filled, and when its first frame is heard.
    pub(super) fn callback(&mut self) -> (Vec<f32>, Mono) {
        let mut samples = vec![f32::NAN; PERIOD];
        let (now, heard) = (self.mono(), self.mono().offset(QUEUED));
        self.playout.fill(&mut samples, now, heard);
        self.now += PERIOD_NANOS;
        (samples, heard)
    }

    /// Callbacks until sound is heard, one of another thread's steps after each.
    pub(super) fn until_heard(&mut self) -> (Vec<f32>, Mono) {
        let begin = Instant::now();
        loop {
            let (samples, heard) = self.callback();
            if samples.iter().any(|sample| *sample != 0.0) && self.is_led() {
                return (samples, heard);
            }
            assert!(begin.elapsed() < PATIENCE, "nothing comes to be heard");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    pub(super) fn is_led(&self) -> bool {
        self.playout.link.is_some()
    }

    pub(super) fn playhead_at(&self, at: Mono) -> Position {
        match self.shared.playhead.read() {
            Playhead::Waiting => panic!("it waits"),
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(at),
        }
    }

    /// The file's frame at `position`, passes of a loop counted through.
    pub(super) fn frame(&self, position: Position) -> usize {
        let micros = (position.0 / 1_000).max(0).cast_unsigned();
        let place = self.shared.repeat().map_or(ShowTime::from_micros(micros), |range| range.place(micros).1);
        SPEC.frame_at(Position::at(place)) as usize
    }

    /// Every frame of `samples` that has its full level is the file's at the playhead of the instant at which it is
    /// heard, within a frame and a half of rounding; tells how many there are.
    pub(super) fn check(&self, samples: &[f32], heard: Mono) -> usize {
        let latency = self.shared.latency().micros() * 1_000;
        let is_right = |at: usize| {
            let frame = self.frame(self.playhead_at(heard.offset(latency + SPEC.position_of(at as i64).0)));
            (frame.saturating_sub(2)..frame + 3).any(|frame| self.sound.get(frame) == Some(&samples[at]))
        };
        (0..samples.len()).filter(|at| samples[*at] != 0.0 && is_right(*at)).count()
    }
}

/// A place is met to the nearest frame.
pub(super) const FRAME: i64 = 20_834;
/// The frames that a ramp from silence takes, and those that a seam may round away.
pub(super) const NOT_YET: usize = RAMP + 3;
