//! The click that a flash is brought together with. Knows no lights.

use std::f64::consts::TAU;
use std::time::Duration;

use anyhow::Result;

use crate::commands::memory_sound::MemorySound;

const RATE: u32 = 48_000; // frames a second
/// Sharp to the ear, and within what the smallest speaker plays.
const PITCH: f64 = 2_000.0; // Hz
const LASTS: Duration = Duration::from_millis(20);
/// Loud at once, and then to silence.
const FADES_BY: f64 = 200.0; // a second

/// Silence for `length`, and in it a click at `at`.
pub(super) fn click(at: Duration, length: Duration) -> Result<MemorySound> {
    let samples = samples(at, length);
    let mut sound = MemorySound::begin("click.wav", RATE, 1, samples.len() as u64)?;
    sound.write(&samples)?;
    sound.finish()
}

fn frames(time: Duration) -> usize {
    (time.as_micros() * u128::from(RATE) / 1_000_000) as usize
}

fn samples(at: Duration, length: Duration) -> Vec<i16> {
    let mut samples = vec![0; frames(length)];
    let click = samples.iter_mut().skip(frames(at)).take(frames(LASTS));
    for (frame, sample) in click.enumerate() {
        let time = frame as f64 / f64::from(RATE);
        // A cosine: it is loudest in its first frame.
        let swing = (TAU * PITCH * time).cos() * (-FADES_BY * time).exp();
        *sample = (swing * 0.8 * f64::from(i16::MAX)) as i16;
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::measure;

    #[test]
    fn the_click_is_where_it_shall_be_and_loudest_at_once() {
        let samples = samples(Duration::from_millis(500), Duration::from_secs(1));
        let loudest = (0..samples.len()).max_by_key(|at| i32::from(samples[*at]).abs());
        assert_eq!((samples.len(), loudest), (48_000, Some(24_000)));
        assert!(samples[..24_000].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn it_is_a_sound_file_like_any_other() {
        let click = click(Duration::from_millis(500), Duration::from_secs(1)).unwrap();
        assert_eq!(measure(click.path()).unwrap().length.micros(), 1_000_000);
    }
}
