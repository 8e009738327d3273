//! What is heard in the sound of a song: its beats and bars, what begins on them, and its parts. Pure: samples in,
//! findings out. Knows no file and no light.
//!
//! `spectrum` measures many bands a hundred times a second, `onsets` where they grow, and `change` how the sound before an
//! instant differs from that after it. `tempogram` finds the tempi that stand out, `follow` follows the beats of one
//! through the song, `candidate` has all that may be meant. `traits` and `choice` tell which of them is. `bars` finds the
//! measure, `parts` the parts, and `heard` brings them together.

mod bars;
mod candidate;
mod change;
mod choice;
mod choice_weights;
mod follow;
mod heard;
mod onsets;
mod parts;
mod spectrum;
mod tempogram;
#[cfg(test)]
mod tests;
mod traits;

pub use bars::HeardMeasure;
pub use heard::{HeardBeat, HeardPart, HeardSong, SongAnalyser};
