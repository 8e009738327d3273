//! The music as the page gets it: where it is, of which type, and how loud it is over the time. Plays nothing.

use std::path::Path;

use serde::Serialize;

use crate::audio::{SoundError, is_place_exact, media_type};
use crate::chart::Waveform;
use crate::time::ShowTime;

/// As fine as anybody looks.
const STEP_US: u64 = 20_000;
/// A show of many hours has coarser ones.
const MOST_POINTS: u64 = 180_000; // an hour
/// What is decoded for a browser that does not play the file itself.
const DECODED: &str = "audio/wav";

/// The music of a show.
#[derive(Serialize, Clone, Debug)]
pub struct PageSound {
    /// Where the page finds it; `None` if the page itself has it.
    pub address: Option<String>,
    #[serde(rename = "type")]
    media_type: &'static str,
    /// Whether browsers play the file as it is.
    #[serde(skip)]
    pub is_as_in_file: bool,
    /// Whether they play each place of it where it is.
    #[serde(skip)]
    pub is_exact: bool,
    waveform: PageWaveform,
}

#[derive(Serialize, Clone, Debug)]
struct PageWaveform {
    step_us: u64,
    /// Peak and mean, in thousandths of the loudest sample.
    points: Vec<(u16, u16)>,
}

impl PageSound {
    /// Of the music in `file`, up to `length`. Decodes it: a second for some minutes.
    ///
    /// # Errors
    /// [`SoundError`] where the file cannot be played.
    pub fn read(file: &Path, length: ShowTime) -> Result<Self, SoundError> {
        let step = STEP_US.max(length.micros().div_ceil(MOST_POINTS));
        let count = length.micros().div_ceil(step).max(1);
        let to = ShowTime::from_micros(count * step);
        let waveform = Waveform::read(file, ShowTime::ZERO, to, count as usize)?;
        let points = waveform.points().iter().map(|point| (point.peak, point.mean)).collect();
        let known = media_type(file);
        Ok(Self {
            address: None,
            media_type: known.unwrap_or(DECODED),
            is_as_in_file: known.is_some(),
            is_exact: known.is_some_and(is_place_exact),
            waveform: PageWaveform { step_us: step, points },
        })
    }

    /// The sound at `address`, decoded where browsers would not find its places.
    pub fn serve_at(&mut self, address: String) {
        self.media_type = self.served_type();
        self.address = Some(address);
    }

    /// The media type of what a server gives.
    #[must_use]
    pub fn served_type(&self) -> &'static str {
        if self.is_exact { self.media_type } else { DECODED }
    }

    /// The media type of what the page gets.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }
}
