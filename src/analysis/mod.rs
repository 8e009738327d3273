//! What is heard in the sound of a song: its beats and bars, what begins on them, and its parts. Pure: samples in,
//! findings out. Knows no file and no light.
//!
//! `spectrum` measures many bands a hundred times a second, `onsets` where they grow, and `change` how the sound before an
//! instant differs from that after it. `tempogram` finds the tempi that stand out, `follow` follows the beats of one
//! through the song, `candidate` has all that may be meant. `traits` and `choice` tell which of them is. `bars` finds the
//! measure, `parts` and `roles` the parts, `rhythm` and `music_beats` tell music from applause and speech, `bar_sound` what
//! each bar sounds like, `moments` what happens, `last_chord` how it ends, and `span` where the music begins and ends.
//! `correction` is what a person knows better. `heard` brings them together, and `findings` is what others get.

mod bar_sound;
mod bars;
mod candidate;
mod change;
mod choice;
mod choice_weights;
mod correction;
mod findings;
mod follow;
mod heard;
mod last_chord;
mod moments;
mod music_beats;
mod onsets;
mod parts;
mod rhythm;
mod roles;
mod span;
mod spectrum;
mod tempogram;
#[cfg(test)]
mod tests;
mod traits;

pub use bars::HeardMeasure;
pub use correction::SongCorrection;
pub use findings::{HeardBar, HeardBeat, HeardMoment, HeardPart, HeardSong, MomentKind, PartRole};
pub use heard::SongAnalyser;
