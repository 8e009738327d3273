//! What a file of another program became: the parts of a cue sheet. Knows no format.

use super::channel_map::ChannelMap;
use super::fault::{FilePlace, ImportFault};
use crate::rig::Rig;
use crate::show::{Measure, changing_beat_map_text};
use crate::time::ShowTime;

/// What is known beside the file itself.
#[derive(Clone, Copy, Debug)]
pub struct ImportRequest<'a> {
    /// Without its folder.
    pub file_name: &'a str,
    /// None where a person has described no lights yet.
    pub rig: Option<&'a Rig>,
    pub map: &'a ChannelMap,
}

impl<'a> ImportRequest<'a> {
    /// The lights that the channels of a file become.
    ///
    /// # Errors
    /// If nobody has described them.
    pub(super) fn lights(&self) -> Result<&'a Rig, ImportFault> {
        let fault = ImportFault::new(FilePlace::Whole, "which lights are its channels? you have no rig yet");
        self.rig.ok_or_else(|| fault.advise("describe your lights first: `starcourt new --rig`"))
    }
}

/// What a file of another program became.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Any text: it is made harmless when it is written.
    pub title: Option<String>,
    /// As the file names it, with or without its folder: only its last part is looked for, beside the file.
    pub music: Option<String>,
    /// When the show ends, if it has no music.
    pub length: Option<ShowTime>,
    pub tempo: Option<ImportedTempo>,
    /// Further lines for the head, without line breaks.
    pub head: Vec<String>,
    /// The lines of the sheet below its head: cues, remarks, sections. Each ends with a line break.
    pub cues: String,
    /// Plain sentences for a person: what was taken.
    pub taken: Vec<String>,
    /// What was left, and why.
    pub left: Vec<String>,
}

/// How the beats of a file are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportedTempo {
    /// Lines for the head, as `tempo 112 bpm, 4/4`.
    Lines(Vec<String>),
    /// A beat map beside the sheet; at least two beats, which rise. The first begins bar 1. `measures` has from which bar on
    /// bars are of which measure, the first from bar 1.
    Beats { beats: Vec<ShowTime>, measures: Vec<(i64, Measure)> },
}

impl ImportedTempo {
    /// The text of the beat map beside the sheet, if it has one.
    #[must_use]
    pub fn beat_map(&self) -> Option<String> {
        match self {
            Self::Lines(_) => None,
            Self::Beats { beats, measures } => Some(changing_beat_map_text(beats, measures)),
        }
    }
}
