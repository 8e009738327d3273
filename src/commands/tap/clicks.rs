//! A song with a click at each beat, as a sound in memory. Knows no keys.

use std::f64::consts::TAU;
use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;

use crate::audio::{AudioSource, SoundError};
use crate::commands::memory_sound::MemorySound;
use crate::commands::outcome::Failure;
use crate::show::CountedBeat;
use crate::time::ShowTime;

/// A longer song would not fit into the memory of a small Pi.
const LONGEST: Duration = Duration::from_secs(15 * 60);
const LASTS: f64 = 0.030; // s
/// Loud at once, and then to silence.
const FADES_BY: f64 = 120.0; // a second
/// Within what the smallest speaker plays; the first beat of a bar is an octave higher.
const PITCH: f64 = 1_000.0; // Hz
/// Song and clicks together must not be louder than a file can hold.
const SONG: f32 = 0.6;
const CLICK: f64 = 0.4;

/// The sound of `music` from `from` to `to`, with clicks at `beats`, which rise.
pub(super) fn song_with_clicks(
    music: &Path,
    (from, to): (ShowTime, ShowTime),
    beats: &[CountedBeat],
) -> Result<MemorySound, Failure> {
    if to - from > LONGEST {
        return Err(Failure::bad_command_line(anyhow!(
            "clicks go with 15 minutes at most; choose a part with --from and --to, as in `--from 0:00 --to 15:00`"
        )));
    }
    let source = AudioSource { file: music.to_owned(), from, repeat: None };
    let bad = |error: SoundError| Failure::bad_file(error.into());
    let (rate, channels) = source.format().map_err(bad)?;
    let frames = frame_of(to - from, rate);
    let mut sound = MemorySound::begin("clicks.wav", rate, channels, frames * u64::from(channels))?;
    let mut mixer = ClickMixer { from, beats, rate, channels: usize::from(channels), frame: 0, frames };
    let mut outcome = Ok(());
    source
        .render(|samples, _| {
            if outcome.is_ok() {
                outcome = sound.write(&mixer.mix(samples));
            }
        })
        .map_err(bad)?;
    outcome?;
    // Beats may lie behind the end of a file that is shorter than its show.
    while mixer.frame < frames {
        let silence = vec![0.0; mixer.channels * 4_096];
        sound.write(&mixer.mix(&silence))?;
    }
    Ok(sound.finish()?)
}

struct ClickMixer<'a> {
    from: ShowTime,
    /// Those that were not heard to their end yet.
    beats: &'a [CountedBeat],
    rate: u32,
    channels: usize,
    /// The next one.
    frame: u64,
    frames: u64,
}

impl ClickMixer<'_> {
    /// These frames with clicks; those behind the end are left out.
    fn mix(&mut self, samples: &[f32]) -> Vec<i16> {
        let left = (self.frames - self.frame) as usize * self.channels;
        let frames = samples[..samples.len().min(left)].chunks_exact(self.channels);
        let mut mixed = Vec::with_capacity(samples.len());
        for frame in frames {
            let click = self.click() as f32;
            let sum = |sample: &f32| ((sample * SONG + click).clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16;
            mixed.extend(frame.iter().map(sum));
            self.frame += 1;
        }
        mixed
    }

    /// What is heard of clicks in this frame.
    fn click(&mut self) -> f64 {
        while let [beat, rest @ ..] = self.beats {
            let begin = frame_of(beat.at - self.from, self.rate);
            let since = (self.frame as f64 - begin as f64) / f64::from(self.rate);
            if beat.at >= self.from && since < LASTS {
                let pitch = if beat.beat == 1 { 2.0 * PITCH } else { PITCH };
                // A cosine: it is loudest in its first frame.
                let swing = (TAU * pitch * since).cos() * (-FADES_BY * since).exp();
                return if since < 0.0 { 0.0 } else { CLICK * swing };
            }
            self.beats = rest;
        }
        0.0
    }
}

fn frame_of(time: Duration, rate: u32) -> u64 {
    ((time.as_micros() * u128::from(rate) + 500_000) / 1_000_000) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{measure, wav};

    #[test]
    fn clicks_are_where_the_beats_are_and_the_song_is_under_them() {
        let folder = tempfile::tempdir().unwrap();
        let music = folder.path().join("a.wav");
        wav::write(&music, 48_000, 1, &vec![3_000; 48_000]);
        let at = ShowTime::from_micros;
        let beats: Vec<CountedBeat> = [200_000, 500_000, 900_000]
            .map(|micros| CountedBeat { at: at(micros), bar: 1, beat: 1 })
            .to_vec();
        let sound = song_with_clicks(&music, (at(250_000), at(1_250_000)), &beats).unwrap();
        assert_eq!(measure(sound.path()).unwrap().length, at(1_000_000));
        let mut samples = Vec::new();
        let source = AudioSource { file: sound.path().to_owned(), from: ShowTime::ZERO, repeat: None };
        source.render(|piece, _| samples.extend_from_slice(piece)).unwrap();
        let loud: Vec<usize> = (0..samples.len()).filter(|frame| samples[*frame] > 0.3).collect();
        let begins = |frame: &usize| *frame == 0 || samples[frame - 1] < 0.1;
        let clicks: Vec<usize> = loud.into_iter().filter(begins).collect();
        // 0.5 s and 0.9 s, counted from 0.25 s.
        assert_eq!(clicks, [12_000, 31_200]);
        assert!((samples[100] - 0.055).abs() < 0.002 && samples[47_000] == 0.0);
    }
}
