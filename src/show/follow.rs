//! What lights show that follow the music, once it was heard. Knows no files.

use std::sync::Arc;

use crate::envelope::{FULL_STRENGTH, SongEnvelope};
use crate::level::Level;

use super::Show;
use super::cue::{Action, Cue, Effect, Levels};

impl Show {
    /// Whether any light follows the music. Such lights stay dark until [`follow`](Self::follow).
    #[must_use]
    pub fn follows_music(&self) -> bool {
        self.cues.iter().any(|cue| matches!(cue.action, Action::Over { effect: Effect::Follow { .. }, .. }))
    }

    /// Has its lights follow `song`, which is its music from the beginning.
    pub fn follow(&mut self, song: &SongEnvelope) {
        for Cue { start, action, .. } in &mut self.cues {
            if let Action::Over { end, effect: Effect::Follow { levels, band, response, course } } = action {
                let mut followed: Vec<_> = song
                    .followed(*band, *response, (*start, *end))
                    .map(|(time, strength)| (time, level_of(*levels, strength)))
                    .collect();
                followed.dedup_by_key(|(_, level)| *level);
                *course = Arc::from(followed);
            }
        }
    }
}

/// From the low level in silence to the high one.
fn level_of(Levels { low, high }: Levels, strength: u16) -> Level {
    let (low, high) = (low.hundredths(), high.hundredths());
    let (between, full) = (u32::from(high - low), u32::from(FULL_STRENGTH));
    let above = (between * u32::from(strength) + full / 2) / full;
    Level::from_hundredths(low + above as u16)
}
