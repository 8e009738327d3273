//! How a light rises and falls with a song: at once or slowly. Knows no levels.

use std::time::Duration;

use super::{FULL_STRENGTH, STEP_US, SongEnvelope, SoundBand};
use crate::time::ShowTime;

/// What happened so long ago does not count: a light that follows from the middle of a song begins as if it had followed
/// since then.
const RUN_UP: u64 = 400; // steps, 10 s
/// Binary digits behind the point of a strength that moves.
const DIGITS: u32 = 16;

/// How fast a light follows: the time constants of a filter of first order. After this time a light has gone the larger
/// part of the way to a strength that stays, about 60 %; after three times as long, 95 %.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Response {
    rise_us: u32,
    fall_us: u32,
}

impl Response {
    /// No slower than this: it would never come near what it follows.
    pub const SLOWEST: Duration = Duration::from_secs(10);

    /// Longer times than [`SLOWEST`](Self::SLOWEST) are taken as that.
    #[must_use]
    pub fn new(rise: Duration, fall: Duration) -> Self {
        let micros = |time: Duration| time.min(Self::SLOWEST).as_micros() as u32;
        Self { rise_us: micros(rise), fall_us: micros(fall) }
    }

    /// From a strength to the one of the next step (the backward Euler method: it never overshoots).
    fn next(self, strength: i64, heard: u16) -> i64 {
        let away = (i64::from(heard) << DIGITS) - strength;
        let time = if away > 0 { self.rise_us } else { self.fall_us };
        strength + away * STEP_US as i64 / (STEP_US as i64 + i64::from(time))
    }
}

impl SongEnvelope {
    /// How strong a light is from `start` to `end` that follows `band`, from 0 to [`FULL_STRENGTH`]: at `start`, and at each
    /// step of 25 ms after it. After the end of the song there is silence.
    pub fn followed(
        &self,
        band: SoundBand,
        response: Response,
        (start, end): (ShowTime, ShowTime),
    ) -> impl Iterator<Item = (ShowTime, u16)> {
        let heard = self.strengths(band);
        let at = move |step: u64| {
            usize::try_from(step).ok().and_then(|step| heard.get(step)).copied().unwrap_or(0)
        };
        let first = start.micros() / STEP_US;
        let mut strength = 0;
        for step in first.saturating_sub(RUN_UP)..first {
            strength = response.next(strength, at(step));
        }
        (first..end.micros().div_ceil(STEP_US)).map(move |step| {
            strength = response.next(strength, at(step));
            let rounded = (strength + (1 << (DIGITS - 1))) >> DIGITS;
            (start.max(ShowTime::from_micros(step * STEP_US)), rounded.clamp(0, FULL_STRENGTH.into()) as u16)
        })
    }
}
