//! Decodes ahead on a thread of its own, so that the card's callback only copies. Knows no clock.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rtrb::{Consumer, Producer, RingBuffer};

use super::Notice;
use super::shared::Shared;
use crate::audio::{AudioSource, Resampler, SoundError, SourceEnd, Spec, TrackDecoder, mapped};
use crate::clock::Position;
use crate::faults;
use crate::time::Mono;

/// The frames that come next, in the card's rate and channels.
pub(super) struct Feed {
    ring: Consumer<f32>,
    spec: Spec,
    /// The next frame to be taken, counted in the card's rate since the start of the show.
    next: i64,
    /// Which of the seeks it is for.
    seek: u64,
}

/// Half a second ahead: an SD card that is being written to may keep a reader waiting that long.
const AHEAD: Duration = Duration::from_millis(500);
/// How long to sleep when the ring is full: a fifth of it.
const NAP: Duration = Duration::from_millis(100);
/// Frames that are decoded at once.
const BLOCK: usize = 1_024;

impl Feed {
    /// Starts at `now` to decode from where the playhead is to be met. Ends when it is dropped.
    pub(super) fn start(source: &AudioSource, spec: Spec, shared: &Arc<Shared>, now: Mono) -> Self {
        // Asked first: if somebody seeks in between, this feed is known to be old.
        let seek = shared.seeks();
        let from = shared.joining_at(now);
        let frames = (AHEAD.as_millis() * u128::from(spec.rate) / 1_000) as usize;
        let (producer, ring) = RingBuffer::new(spec.samples(frames));
        let next = spec.frame_at(from).max(0);
        let source = AudioSource { repeat: shared.repeat(), ..source.clone() };
        let decoder = Arc::clone(shared);
        let work = move || {
            let begun = || decoder.note_decoded(seek);
            if let Err(error) = decode(&source, next.cast_unsigned(), spec, producer, &decoder, begun) {
                decoder.tell(Notice::SoundBroken(error.to_string()));
            }
            decoder.note_decoded(seek);
        };
        if let Err(error) = thread::Builder::new().name("sound decode".to_owned()).spawn(work) {
            // The producer went with the closure: the feed is over before it began.
            shared.tell(Notice::SoundBroken(format!("no thread to decode it: {error}")));
            shared.note_decoded(seek);
        }
        Self { ring, spec, next, seek }
    }

    /// What a test puts into the ring by hand, `next` first.
    #[cfg(test)]
    pub(super) fn by_hand(ring: Consumer<f32>, spec: Spec, next: i64, seek: u64) -> Self {
        Self { ring, spec, next, seek }
    }

    /// Which of the seeks it is for.
    pub(super) fn seek(&self) -> u64 {
        self.seek
    }

    pub(super) fn spec(&self) -> Spec {
        self.spec
    }

    /// Where the next frame belongs.
    pub(super) fn position(&self) -> Position {
        self.spec.position_of(self.next)
    }

    /// Whether `frames` frames can be taken.
    pub(super) fn holds(&self, frames: usize) -> bool {
        // Asked first: what was pushed before the end is in the ring by then.
        self.ring.is_abandoned() || self.ring.slots() >= self.spec.samples(frames)
    }

    /// Fills `samples` and tells how many frames it filled: fewer only when decoding is late. After
    /// the end there is silence.
    pub(super) fn take(&mut self, samples: &mut [f32]) -> usize {
        let over = self.ring.is_abandoned();
        let channels = usize::from(self.spec.channels);
        let whole = self.ring.slots() / channels * channels;
        let wanted = samples.len().min(whole);
        let (_, rest) = self.ring.pop_partial_slice(&mut samples[..wanted]);
        debug_assert!(rest.is_empty(), "only this side takes from the ring");
        samples[wanted..].fill(0.0);
        let frames = if over { samples.len() } else { wanted } / channels;
        self.next += frames as i64;
        frames
    }

    /// Leaves out `frames` frames, or those that are there, and tells how many.
    pub(super) fn leave_out(&mut self, frames: usize) -> usize {
        let over = self.ring.is_abandoned();
        let there = self.ring.slots() / usize::from(self.spec.channels);
        let left_out = if over { frames } else { frames.min(there) };
        let samples = self.spec.samples(left_out.min(there));
        if let Ok(chunk) = self.ring.read_chunk(samples) {
            chunk.commit_all();
        }
        self.next += left_out as i64;
        left_out
    }
}

/// Pushes frames from `first` on, counted in the card's rate, until the source is over or nobody
/// wants more.
fn decode(
    source: &AudioSource,
    first: u64,
    card: Spec,
    mut ring: Producer<f32>,
    shared: &Shared,
    begun: impl Fn(),
) -> Result<(), SoundError> {
    let rate = shared.sound.rate;
    let frame = u128::from(first) * u128::from(rate) / u128::from(card.rate);
    let (begin, given) = Resampler::common_frame(rate, card.rate, frame as u64);
    let mut decoder = TrackDecoder::open(source, begin)?;
    let file = decoder.spec();
    let mut resampler = Resampler::between(file, card.rate);
    let mut to_cut = card.samples((first - given) as usize);
    let mut block = vec![0.0; file.samples(BLOCK)];
    let (mut resampled, mut out) = (Vec::new(), Vec::new());
    let mut told = false;
    loop {
        let frames = decoder.read(&mut block)?;
        let read = &block[..file.samples(frames)];
        resampled.clear();
        match &mut resampler {
            Some(resampler) if frames == 0 => resampler.finish(&mut resampled),
            Some(resampler) => resampler.push(read, &mut resampled),
            None => resampled.extend_from_slice(read),
        }
        out.clear();
        mapped(&resampled, file.channels, card.channels, &mut out);
        let cut = to_cut.min(out.len());
        to_cut -= cut;
        begun();
        if push(&mut ring, &out[cut..]).is_err() {
            return Ok(());
        }
        if frames == 0 {
            return Ok(());
        }
        if let Some(end) = decoder.end().filter(|_| !told) {
            told = true;
            tell_end(end, file, shared);
        }
    }
}

fn tell_end(end: SourceEnd, file: Spec, shared: &Shared) {
    if let Some(promised) = end.promised {
        let why =
            format!("the file ends at {} of {}", file.show_time_of(end.frame), file.show_time_of(promised));
        shared.tell(Notice::SoundBroken(why));
    }
}

/// Nobody takes from the ring any more.
struct Unwanted;

fn push(ring: &mut Producer<f32>, mut samples: &[f32]) -> Result<(), Unwanted> {
    loop {
        faults::point("sound decode");
        (_, samples) = ring.push_partial_slice(samples);
        if ring.is_abandoned() {
            return Err(Unwanted);
        }
        if samples.is_empty() {
            return Ok(());
        }
        thread::sleep(NAP);
    }
}
