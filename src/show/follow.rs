//! Lights that follow the music: what a line says, and what they show once the music was heard. Knows no files.

use std::sync::Arc;

use crate::diagnosis::Help;
use crate::envelope::{FULL_STRENGTH, SongEnvelope, SoundBand};
use crate::level::Level;

use super::Show;
use super::cue::{Action, Cue, Effect, Levels};
use super::sheet_parts::{Instruction, Sheet, SheetItem};
use super::what::What;
use super::words::{Mistake, Word};

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

/// What `word` says is followed.
pub(super) fn band(word: Word) -> Result<SoundBand, Mistake> {
    let named = SoundBand::ALL.into_iter().find(|band| band.name() == word.text);
    named.ok_or_else(|| {
        let title = format!("`{}` is nothing that lights can follow", word.text);
        let mistake = Mistake::new(word.span(), title)
            .label(format!("expected one of {}", SoundBand::ALL.map(SoundBand::name).join(", ")));
        let meant = band_meant(word.text).map(|band| Help::write(word.span(), band.name()));
        mistake.help_if_any(
            meant.or_else(|| Help::meant(word.span(), word.text, SoundBand::ALL.map(SoundBand::name))),
        )
    })
}

/// In the words of musicians and of other programs.
pub(super) fn band_meant(text: &str) -> Option<SoundBand> {
    Some(match text.to_lowercase().as_str() {
        "drum" | "drums" | "kick" | "low" | "lows" | "sub" | "basses" | "deep" => SoundBand::Bass,
        "mid" | "mids" | "voice" | "vocal" | "vocals" | "melody" | "tune" => SoundBand::Middle,
        "high" | "highs" | "hat" | "hats" | "hihat" | "cymbals" => SoundBand::Treble,
        "music" | "song" | "audio" | "sound" | "volume" | "loud" | "beat" | "rms" => SoundBand::Loudness,
        _ => return None,
    })
}

/// The mistake of the first line with lights that follow, in a show without music.
pub(super) fn without_music(sheet: &Sheet) -> Option<Mistake> {
    let items = sheet.items.iter().flatten().chain(sheet.sections.iter().flat_map(|section| &section.items));
    let follows = |item: &SheetItem| match &item.instruction {
        Instruction::Cue { what: What::Follow { span, .. }, .. } => Some(*span),
        _ => None,
    };
    let span = items.filter_map(follows).min_by_key(|span| span.range().start)?;
    let help = Help::advise("put the music beside the show, and name it at the top, as in `audio song.ogg`");
    Some(
        Mistake::new(span, "this show has no music that lights could follow")
            .label("`audio` is missing")
            .help(help),
    )
}
