//! How loud the music is over a part of a show: decoded once, as fast as that goes. Knows no lights.

use std::path::Path;

use crate::audio::{AudioSource, SoundError};
use crate::time::ShowTime;

/// The loudness of the music, point by point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waveform {
    from: ShowTime,
    to: ShowTime,
    points: Vec<SoundPoint>,
}

/// The loudness over a short time, in thousandths of the loudest sample of the part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SoundPoint {
    /// The loudest sample.
    pub peak: u16,
    /// What an ear hears of it: the root of the mean square.
    pub mean: u16,
}

/// Quieter music than this is drawn as silence: it would be noise drawn large.
const SILENCE: f32 = 0.001;

/// Sums of one point's samples.
#[derive(Clone, Copy, Default)]
struct Sums {
    peak: f32,
    squares: f64,
    samples: u32,
}

impl Sums {
    fn add(&mut self, samples: &[f32]) {
        let squares: f32 = samples.iter().map(|sample| sample * sample).sum();
        self.squares += f64::from(squares);
        self.peak = samples.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        self.samples += samples.len() as u32;
    }
}

impl Waveform {
    /// Reads the music in `file` from `from` to `to` into so many points. Decodes it: a second for some minutes of music.
    ///
    /// # Errors
    /// [`SoundError`] where the file cannot be played.
    pub fn read(file: &Path, from: ShowTime, to: ShowTime, points: usize) -> Result<Self, SoundError> {
        let source = AudioSource { file: file.to_owned(), from, repeat: None };
        let rate = u64::from(source.spec()?.rate);
        let frames = ((to - from).as_micros() as u64 * rate / 1_000_000).max(1);
        let mut sums = vec![Sums::default(); points.max(1)];
        let count = sums.len() as u64;
        let mut frame = 0;
        source.render(|samples, channels| {
            let mut rest = samples;
            while !rest.is_empty() && frame < frames {
                let point = frame * count / frames;
                // The first frame of the next point.
                let next = ((point + 1) * frames).div_ceil(count);
                let taken = ((next - frame) as usize * usize::from(channels)).min(rest.len());
                sums[point as usize].add(&rest[..taken]);
                frame += (taken / usize::from(channels)) as u64;
                rest = &rest[taken..];
            }
        })?;
        Ok(Self { from, to, points: scaled(&sums) })
    }

    /// All points, one after another, evenly spread.
    #[must_use]
    pub fn points(&self) -> &[SoundPoint] {
        &self.points
    }

    /// The loudness from `start` to `end`.
    #[must_use]
    pub fn between(&self, start: ShowTime, end: ShowTime) -> SoundPoint {
        let whole = (self.to - self.from).as_micros().max(1);
        let count = self.points.len();
        let place = |time: ShowTime| ((time - self.from).as_micros() * count as u128 / whole) as usize;
        let first = place(start).min(count - 1);
        let points = &self.points[first..place(end).clamp(first + 1, count)];
        let most = |of: fn(&SoundPoint) -> u16| points.iter().map(of).max().unwrap_or_default();
        SoundPoint { peak: most(|point| point.peak), mean: most(|point| point.mean) }
    }
}

fn scaled(sums: &[Sums]) -> Vec<SoundPoint> {
    let loudest = sums.iter().fold(0.0_f32, |loudest, sums| loudest.max(sums.peak));
    if !(SILENCE..=f32::MAX).contains(&loudest) {
        return vec![SoundPoint::default(); sums.len()];
    }
    let part = |of: f64| (of / f64::from(loudest) * 1_000.0).round() as u16;
    let point = |sums: &Sums| {
        let mean = (sums.squares / f64::from(sums.samples.max(1))).sqrt();
        SoundPoint { peak: part(f64::from(sums.peak)), mean: part(mean) }
    };
    sums.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wav;

    /// A second each of silence, half and full loudness.
    #[test]
    fn loudness_is_told_in_parts_of_the_loudest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        let samples: Vec<i16> = (0..3)
            .flat_map(|part| {
                (0..2 * 8_000).map(move |i| if i % 4 < 2 { 8_000 * part } else { -8_000 * part })
            })
            .collect();
        wav::write(&file, 8_000, 2, &samples);
        let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
        let loud = |thousandths| SoundPoint { peak: thousandths, mean: thousandths };
        let told = Waveform::read(&file, at(0), at(4_000), 40).unwrap();
        for (start, end, expected) in [
            (0, 1_000, 0),
            (1_000, 2_000, 500),
            (2_000, 3_000, 1_000),
            (1_900, 2_100, 1_000),
            (3_000, 4_000, 0),
        ] {
            assert_eq!(told.between(at(start), at(end)), loud(expected), "{start} to {end}");
        }
        let part = Waveform::read(&file, at(1_000), at(2_000), 7).unwrap();
        assert_eq!(part.points, [loud(1_000); 7], "the loudest of this part");
        let silence = Waveform::read(&file, at(0), at(1_000), 7).unwrap();
        assert_eq!(silence.points, [loud(0); 7]);
    }
}
