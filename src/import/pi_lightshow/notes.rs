//! What an action of a song switches, and when, counted from its beat: the habits of that player. Knows no sheet.
//!
//! The habits, as its source has them:
//! - `all_channels` has a `duration` of 0.25 s unless the file says another; only if that is 0 or less, its
//!   `duration_multiplier` (1 if absent) counts, in beats.
//! - A note lasts for 0.1 s unless the file says otherwise, and a note of a phrase for 0.33 beats. With a length of 0 or
//!   less the channel is switched on, and nothing is said about its end.
//! - `step_up` lights the ten channels one after the other, a tenth of a beat apart; the first one lasts for a beat, the
//!   others have no end. `step_down` lights all ten; nine go dark one after the other, the last has no end.
//! - `flash_mode` and other actions do nothing.
//! - It has ten channels; one below 0 counts from the last, and one further does nothing.

use super::song::{LightshowSong, SongAction, SongActionKind};

/// The channels of that player.
pub(super) const CHANNELS: usize = 10;
/// The order in which `step_up` lights the channels.
const UP: [u8; CHANNELS] = [9, 8, 1, 6, 5, 3, 2, 4, 7, 0];
/// The order in which `step_down` darkens them.
const DOWN: [u8; CHANNELS] = [0, 7, 4, 2, 3, 5, 6, 1, 8, 9];

/// A distance in time as the file has it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum SongDistance {
    Seconds(f64),
    Beats(f64),
}

impl SongDistance {
    pub(super) fn seconds(self, tempo: f64) -> f64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Beats(beats) => beats * tempo,
        }
    }
}

/// A channel is switched on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct SongNote {
    pub(super) channel: u8,
    /// After its beat; never negative.
    pub(super) delay: SongDistance,
    /// That player starts a timer for it, so that it comes after everything that the beat does at once.
    pub(super) is_timed: bool,
    /// Above zero; without it, another note must switch the channel off.
    pub(super) lasts: Option<SongDistance>,
    /// It is a step of `step_down`, which lights all, and then darkens one after the other.
    pub(super) is_step: bool,
}

impl SongNote {
    /// Whether a sheet says it with cues that set the base: `on`, and perhaps `off` later.
    pub(super) fn sets_base(&self) -> bool {
        self.is_step || self.lasts.is_none()
    }
}

/// The channel of that player that `number` means.
fn channel(number: i32) -> Option<u8> {
    let index = if number < 0 { number.checked_add(CHANNELS as i32)? } else { number };
    u8::try_from(index).ok().filter(|index| usize::from(*index) < CHANNELS)
}

/// What `action` switches. Nothing for a phrase that the song does not have.
pub(super) fn notes(action: &SongAction, song: &LightshowSong) -> Vec<SongNote> {
    use SongDistance::{Beats, Seconds};
    let some = |length: f64| length > 0.0;
    match action.kind {
        SongActionKind::Note => {
            let lasts = Some(action.duration.unwrap_or(0.1)).filter(|length| some(*length)).map(Seconds);
            let delay = Seconds(action.delay.max(0.0));
            let note = channel(action.channel).map(|channel| SongNote {
                channel,
                delay,
                is_timed: true,
                lasts,
                is_step: false,
            });
            note.into_iter().collect()
        }
        SongActionKind::Phrase => {
            let Some((_, phrase)) = action.phrase(song) else { return Vec::new() };
            let note = |note: &super::song::PhraseNote| {
                Some(SongNote {
                    channel: channel(note.channel)?,
                    delay: Beats(note.delay_multiplier.max(0.0)),
                    is_timed: note.delay_multiplier != 0.0,
                    lasts: Some(note.duration_multiplier).filter(|length| some(*length)).map(Beats),
                    is_step: false,
                })
            };
            phrase.notes.iter().filter_map(note).collect()
        }
        SongActionKind::AllChannels => {
            let lasts = match action.duration.unwrap_or(0.25) {
                duration if some(duration) => Some(Seconds(duration)),
                _ => {
                    Some(action.duration_multiplier.unwrap_or(1.0)).filter(|length| some(*length)).map(Beats)
                }
            };
            let note =
                |channel| SongNote { channel, delay: Seconds(0.0), is_timed: false, lasts, is_step: false };
            (0..CHANNELS as u8).map(note).collect()
        }
        SongActionKind::StepUp => {
            let note = |(step, channel): (u8, u8)| SongNote {
                channel,
                delay: Beats(0.1 * f64::from(step)),
                is_timed: step > 0,
                lasts: (step == 0).then_some(Beats(1.0)),
                is_step: false,
            };
            (0..).zip(UP).map(note).collect()
        }
        SongActionKind::StepDown => {
            let note = |(step, channel): (u8, u8)| SongNote {
                channel,
                delay: Seconds(0.0),
                is_timed: false,
                lasts: (step < 9).then_some(Beats(0.1 * (f64::from(step) + 1.0))),
                is_step: true,
            };
            (0..).zip(DOWN).map(note).collect()
        }
        SongActionKind::FlashMode | SongActionKind::Unknown => Vec::new(),
    }
}
