//! How loud a song is from moment to moment, as a whole and in three bands, scaled against the song itself. Pure: samples
//! in, strengths out. Integers only, so that every machine finds the same. Knows no file and no light.
//!
//! `crossover` divides the sound into bands with the stages of `filter_stage`, `meter` measures the power of each in steps
//! of 25 ms, `scale` compares the steps of a song with one another, and `response` lets lights rise and fall slowly.

mod crossover;
mod filter_stage;
mod meter;
mod power;
mod response;
mod scale;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use meter::EnvelopeMeter;
pub use response::Response;

use crate::time::ShowTime;

/// How long a sound is taken together. Lights that change forty times a second move evenly to the eye; DMX, the bus of the
/// stage, has at most 44 changes a second.
pub const STEP: Duration = Duration::from_millis(25);
/// So much of a song is measured at most: what is kept of it takes 7 MiB.
pub const LONGEST_FOLLOWED: ShowTime = ShowTime::from_micros(6 * 3_600 * 1_000_000);
/// The largest strength.
pub const FULL_STRENGTH: u16 = u16::MAX;

const STEP_US: u64 = STEP.as_micros() as u64;
const STEPS_A_SECOND: u64 = 1_000_000 / STEP_US;
const MOST_STEPS: usize = (LONGEST_FOLLOWED.micros() / STEP_US) as usize;

/// What of a song is listened to.
///
/// The bands consist of whole octaves (IEC 61260-1): bass is those around 31.5 to 125 Hz, middle around 250 to 2,000 Hz,
/// treble around 4,000 to 16,000 Hz.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SoundBand {
    /// All of it, weighted as the ear hears.
    Loudness,
    /// Below 177 Hz: bass drum, bass guitar.
    Bass,
    /// From 177 to 2,828 Hz: voices, most tunes.
    Middle,
    /// Above 2,828 Hz: cymbals, hi-hats, consonants.
    Treble,
}

impl SoundBand {
    pub const ALL: [Self; 4] = [Self::Loudness, Self::Bass, Self::Middle, Self::Treble];

    /// As a cue sheet writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loudness => "loudness",
            Self::Bass => "bass",
            Self::Middle => "middle",
            Self::Treble => "treble",
        }
    }
}

/// One value for each of [`SoundBand::ALL`].
type PerBand<T> = [T; 4];

/// How strong each band of a song is, step after step: 0 in silence and in the quiet moments of the song,
/// [`FULL_STRENGTH`] in its loud ones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SongEnvelope {
    bands: PerBand<Vec<u16>>,
}

impl SongEnvelope {
    /// How many steps of 25 ms it has.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.bands[0].len()
    }

    /// How strong `band` is in each step.
    #[must_use]
    pub fn strengths(&self, band: SoundBand) -> &[u16] {
        &self.bands[band as usize]
    }
}
