//! The click, as a sound file in memory: nothing is written to a disk. Knows no lights.

use std::f64::consts::TAU;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::fs::{MemfdFlags, memfd_create};

const RATE: u32 = 48_000; // frames a second
/// Sharp to the ear, and within what the smallest speaker plays.
const PITCH: f64 = 2_000.0; // Hz
const LASTS: Duration = Duration::from_millis(20);
/// Loud at once, and then to silence.
const FADES_BY: f64 = 200.0; // a second

pub(super) struct Click {
    path: PathBuf,
    /// Held open: with it the sound goes.
    _memory: File,
}

impl Click {
    /// Silence for `length`, and in it a click at `at`.
    pub(super) fn at(at: Duration, length: Duration) -> Result<Self> {
        let memory = memfd_create("click.wav", MemfdFlags::CLOEXEC).context("making the click")?;
        let mut memory = File::from(memory);
        memory.write_all(&wav(&samples(at, length))).context("making the click")?;
        Ok(Self { path: format!("/proc/self/fd/{}", memory.as_raw_fd()).into(), _memory: memory })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
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

/// One channel, 16 bit (Multimedia Programming Interface and Data Specifications 1.0, "WAVE").
fn wav(samples: &[i16]) -> Vec<u8> {
    let bytes = (samples.len() * 2) as u32;
    let mut wav = Vec::with_capacity(44 + bytes as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    for half in [2_u16, 16] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
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
        let click = Click::at(Duration::from_millis(500), Duration::from_secs(1)).unwrap();
        assert_eq!(measure(click.path()).unwrap().length.micros(), 1_000_000);
    }
}
