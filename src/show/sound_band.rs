//! What of the music a light follows, as a line says it. Knows no sound.

use crate::diagnosis::Help;
use crate::envelope::SoundBand;

use super::words::{Mistake, Word};

/// What `word` says is followed.
pub(super) fn sound_band(word: Word) -> Result<SoundBand, Mistake> {
    let named = SoundBand::ALL.into_iter().find(|band| band.name() == word.text);
    named.ok_or_else(|| {
        let title = format!("`{}` is nothing that lights can follow", word.text);
        let mistake = Mistake::new(word.span(), title)
            .label(format!("expected one of {}", SoundBand::ALL.map(SoundBand::name).join(", ")));
        let meant = meant(word.text).map(|band| Help::write(word.span(), band.name()));
        mistake.help_if_any(
            meant.or_else(|| Help::meant(word.span(), word.text, SoundBand::ALL.map(SoundBand::name))),
        )
    })
}

/// In the words of musicians and of other programs.
fn meant(text: &str) -> Option<SoundBand> {
    Some(match text.to_lowercase().as_str() {
        "drum" | "drums" | "kick" | "low" | "lows" | "sub" | "basses" | "deep" => SoundBand::Bass,
        "mid" | "mids" | "voice" | "vocal" | "vocals" | "melody" | "tune" => SoundBand::Middle,
        "high" | "highs" | "hat" | "hats" | "hihat" | "cymbals" => SoundBand::Treble,
        "music" | "song" | "audio" | "sound" | "volume" | "loud" | "beat" | "rms" => SoundBand::Loudness,
        _ => return None,
    })
}
