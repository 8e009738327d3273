//! All that is heard in a song, brought together. Knows no file.

use super::bar_sound;
use super::bars::HeardBars;
use super::candidate::{self, BeatFrames};
use super::change::SoundChange;
use super::choice::{self, Choice};
use super::correction::SongCorrection;
use super::findings::{HeardBeat, HeardPart, HeardSong, PartRole};
use super::moments;
use super::music_beats;
use super::onsets::Onsets;
use super::parts::{self, PartBars};
use super::roles;
use super::span::SoundSpan;
use super::spectrum::{SpectrumReader, time_of};
use super::traits::{strongest_near, traits};
use crate::time::ShowTime;

/// An onset is found a little after it begins.
const LATE: f32 = 0.3; // frames
/// How far a beat looks for its onset.
const NEAR: i64 = 3; // frames
/// Over so many beats it is judged whether they are heard.
const OVER: usize = 8;
/// Beats at which less begins, against the middle one of the song, are none.
const HEARD: f32 = 0.3;
/// Beats at which less begins are doubtful.
const CLEAR: f32 = 0.6;
/// So much less power than the middle beat has is silence: 35 dB.
const SILENT: f64 = 3e-4;
/// Fewer beats are no stretch.
const FEWEST_DOUBTFUL: usize = 4;
/// After a beat, its sound lasts so long.
const POWER_OVER: f32 = 20.0; // frames
/// Below so much power, nothing is heard.
const SILENCE: f64 = 1e-10;

/// Hears the sound of a song from its start to its end, in pieces of any length.
pub struct SongAnalyser {
    reader: SpectrumReader,
    correction: SongCorrection,
}

impl SongAnalyser {
    /// For a song of so many samples a second.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self { reader: SpectrumReader::new(rate), correction: SongCorrection::default() }
    }

    /// The same, for a song of which a person knows this.
    #[must_use]
    pub fn corrected(self, correction: SongCorrection) -> Self {
        Self { correction, ..self }
    }

    /// The next samples, of one channel.
    pub fn push(&mut self, samples: &[f32]) {
        self.reader.push(samples);
    }

    /// What was heard; `None` if no beat was.
    #[must_use]
    pub fn finish(self) -> Option<HeardSong> {
        let spectrum = self.reader.finish();
        let onsets = Onsets::of(&spectrum);
        let change = SoundChange::of(&spectrum);
        let gains = candidate::gains(&onsets);
        let known = self.correction.even_beats(&gains);
        let is_known = known.is_some();
        let choice = match known {
            Some(beats) if beats.len() > OVER => Choice { beats, sureness: 1.0 },
            Some(_) => return None,
            None => {
                let candidates = candidate::candidates(&onsets, &gains).into_iter();
                let judged = candidates.map(|beats| {
                    let traits = traits(&beats, &onsets, &change);
                    (beats, traits)
                });
                choice::chosen(judged.collect())?
            }
        };
        let clarity = Clarity::of(&choice.beats, &gains);
        let (from, to) = clarity.heard(&choice.beats, &change)?;
        let music = match is_known {
            true => 0..to - from,
            false => music_beats::music_beats(&choice.beats[from..to], choice.sureness, &onsets, &change)?,
        };
        let is_cut = (music.start > 0, from + music.end < to);
        let (from, to) = (from + music.start, from + music.end);
        let heard = &choice.beats[from..to];
        let beats = if is_known { heard.to_vec() } else { on_onsets(heard, &gains) };
        let mut bars = HeardBars::of(&beats, &onsets, &change);
        if let Some(first) = self.correction.first_of(&beats) {
            bars.begin_at(first);
        }
        let whole_bars: BeatFrames =
            beats.iter().skip(bars.first).step_by(bars.measure.feet()).copied().collect();
        let parts = parts::parts(&whole_bars, &onsets, &change);
        let span = SoundSpan::of(&beats, is_cut, &change);
        let roles = roles::roles(&parts);
        let named = parts.iter().zip(roles);
        Some(HeardSong {
            doubtful: clarity.doubtful(&choice.beats, from, to),
            moments: moments::moments(&beats, &whole_bars, &span, &onsets, &change),
            bars: bar_sound::bars(&whole_bars, &change),
            first_sound: time_of(span.first),
            last_sound: time_of(span.last),
            parts: named.map(|(part, role)| heard_part(part, role, &whole_bars)).collect(),
            beats: heard_beats(&beats, &bars, &onsets, &change),
            measure: bars.measure,
            beat_sureness: choice.sureness,
            measure_sureness: bars.measure_sureness,
            // Bars of wrong beats, or of a wrong measure, are wrong.
            bar_sureness: bars.sureness.min(bars.measure_sureness).min(choice.sureness),
        })
    }
}

/// How much begins at each beat, and at those around it.
struct Clarity {
    own: Vec<f32>,
    around: Vec<f32>,
}

impl Clarity {
    fn of(beats: &[f32], gains: &[f32]) -> Self {
        let gain = |beat: &f32| {
            let at = (beat.round() as usize).min(gains.len() - 1);
            gains[at.saturating_sub(1)..(at + 2).min(gains.len())].iter().copied().fold(f32::MIN, f32::max)
        };
        let own: Vec<f32> = beats.iter().map(gain).collect();
        // The better of the beats before and after: at the first beat of a song nothing was heard before.
        let mean = |beats: &[f32]| beats.iter().sum::<f32>() / beats.len() as f32;
        let around = |beat: usize| {
            let after = &own[beat..(beat + OVER).min(own.len())];
            let before = &own[(beat + 1).saturating_sub(OVER)..=beat];
            let whole = |part: &[f32]| if part.len() < OVER { f32::MIN } else { mean(part) };
            whole(after).max(whole(before))
        };
        Self { around: (0..own.len()).map(around).collect(), own }
    }

    /// The beats from the first that is heard to the last.
    fn heard(&self, beats: &[f32], change: &SoundChange) -> Option<(usize, usize)> {
        let least = HEARD * usual(&self.around);
        let powers: Vec<f64> = beats.iter().map(|beat| change.power(*beat, beat + POWER_OVER)).collect();
        let mut sorted = powers.clone();
        sorted.sort_by(f64::total_cmp);
        let silent = (SILENT * sorted[sorted.len() / 2]).max(SILENCE);
        let is_heard = |beat: &usize| {
            let begins = self.around[*beat].min(self.own[*beat]) > least;
            begins && powers[*beat] > silent
        };
        let from = (0..beats.len()).find(is_heard)?;
        let to = (0..beats.len()).rev().find(is_heard)? + 1;
        (to - from > OVER).then_some((from, to))
    }

    /// Stretches of beats at which little begins.
    fn doubtful(&self, beats: &[f32], from: usize, to: usize) -> Vec<(ShowTime, ShowTime)> {
        let least = CLEAR * usual(&self.around);
        let mut found = Vec::new();
        let mut beat = from;
        while beat < to {
            let end = (beat..to).find(|other| self.around[*other] > least).unwrap_or(to);
            if end >= beat + FEWEST_DOUBTFUL {
                found.push((time_of(beats[beat]), time_of(beats[end.min(to - 1)])));
            }
            beat = end + 1;
        }
        found
    }
}

/// The middle one.
fn usual(values: &[f32]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted[sorted.len() / 2].max(1e-6)
}

/// Each beat at the peak of its onset, between frames.
fn on_onsets(beats: &[f32], gains: &[f32]) -> BeatFrames {
    let exact = |beat: &f32| {
        let at = beat.round() as usize;
        let Some([before, here, after]) = at.checked_sub(1).and_then(|from| gains.get(from..from + 3)) else {
            return *beat;
        };
        let curve = before - 2.0 * here + after;
        let is_peak = *here >= *before && *here >= *after && curve < -1e-3;
        beat - LATE + if is_peak { 0.5 * (before - after) / curve } else { 0.0 }
    };
    beats.iter().map(exact).collect()
}

fn heard_beats(beats: &[f32], bars: &HeardBars, onsets: &Onsets, change: &SoundChange) -> Vec<HeardBeat> {
    let (parts, in_bar) = (bars.measure.parts(), bars.measure.beats());
    let Some(last) = beats.last() else { return Vec::new() };
    let before = beats[beats.len() - 2];
    let ends = beats.iter().skip(1).copied().chain([last + (last - before)]);
    let whole = beats.iter().copied().zip(ends);
    let divided = whole.enumerate().flat_map(|(number, (from, to))| {
        (0..parts).map(move |part| {
            (
                number * parts + part,
                from + (to - from) * part as f32 / parts as f32,
                (to - from) / parts as f32,
            )
        })
    });
    let heard = |(number, at, length): (usize, f32, f32)| HeardBeat {
        at: time_of(at),
        begins_bar: (number + in_bar - bars.first * parts % in_bar).is_multiple_of(in_bar),
        low: strongest_near(&onsets.low, at, NEAR),
        middle: strongest_near(&onsets.middle, at, NEAR),
        high: strongest_near(&onsets.high, at, NEAR),
        loudness: (10.0 * libm::log10(change.power(at, at + length) + SILENCE)) as f32,
    };
    divided.map(heard).collect()
}

fn heard_part(part: &PartBars, role: Option<PartRole>, bars: &[f32]) -> HeardPart {
    let letter = (b'A' + (part.kind % 26) as u8) as char;
    HeardPart {
        name: format!("{letter}{}", "'".repeat(part.variant)),
        from: time_of(bars[part.first]),
        to: time_of(bars[part.first + part.bars]),
        bars: part.bars,
        energy: part.energy,
        role,
    }
}
