//! Where the music of a song begins and where its last sound has rung out. Knows no bars.

use super::candidate::mean_length;
use super::change::SoundChange;

/// What is so much weaker than the music on the whole is silence: 45 dB.
const SILENT: f64 = 3e-5;
/// Power is measured over so many frames.
const OVER: usize = 10;
/// Sound that begins so many beats before the first beat belongs to the music.
const BEFORE: f32 = 8.0;
/// The last sound rings for at most so many beats after the last beat.
const AFTER: f32 = 16.0;

/// In frames.
pub(super) struct SoundSpan {
    pub(super) first: f32,
    pub(super) last: f32,
}

impl SoundSpan {
    /// Of a song with these beats. Where there is applause or speech before or after them (`is_cut`), the music is what
    /// the beats are.
    pub(super) fn of(beats: &[f32], is_cut: (bool, bool), change: &SoundChange) -> Self {
        let (first, last) = (beats[0], beats[beats.len() - 1]);
        let length = mean_length(beats);
        let silent = SILENT * change.power(first, last);
        let is_silent = |at: f32| change.power(at, at + OVER as f32) <= silent;
        let step = OVER as f32;
        let end = change.frames() as f32;
        let mut begin = first;
        while !is_cut.0 && begin - step >= (first - BEFORE * length).max(0.0) && !is_silent(begin - step) {
            begin -= step;
        }
        let mut ring = if is_cut.1 { last + length } else { last };
        while !is_cut.1 && ring < end.min(last + AFTER * length) && !is_silent(ring) {
            ring += step;
        }
        Self { first: begin, last: ring.min(end) }
    }
}
