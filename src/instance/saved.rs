//! What was saved while a show plays: the show as its files are now, or their mistakes. Plain values: reads no file.

use std::sync::Arc;

use crate::diagnosis::Diagnoses;
use crate::engine::Extent;
use crate::loading::LoadedShow;
use crate::rig::{Address, Rig};
use crate::show::PlayingLines;
use crate::timeline::Timeline;

/// A show without mistakes, as its files are at one moment, and what it plays on.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ShowEdition {
    pub(crate) loaded: Arc<LoadedShow>,
    /// The part of it that is played.
    pub(crate) extent: Extent,
    pub(crate) rig: Arc<Rig>,
    /// Those of the rig that are driven.
    pub(crate) outputs: Vec<Address>,
}

/// A show that was saved, and is another one than before.
pub(crate) struct SavedShow {
    pub(crate) edition: ShowEdition,
    pub(crate) timeline: Arc<Timeline>,
    pub(crate) lines: PlayingLines,
    /// What a person should know besides.
    pub(crate) remark: Option<String>,
}

/// Why what was saved cannot be played.
pub(crate) struct SavedMistakes {
    /// As `check` tells them.
    pub(crate) words: String,
    /// One by one, where lines of the files are to blame.
    pub(crate) told: Diagnoses,
}

/// What has come of a save.
pub(crate) enum Saved {
    Show(Box<SavedShow>),
    Mistakes(SavedMistakes),
    /// The mistakes are mended, and the text is that which plays.
    AsBefore,
}

impl std::fmt::Debug for Saved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Show(_) => "a show",
            Self::Mistakes(_) => "mistakes",
            Self::AsBefore => "as before",
        })
    }
}
