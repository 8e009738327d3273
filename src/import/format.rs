//! What a file is, by its content: a suffix may be wrong. Reads only its beginning.

use super::fault::{FilePlace, ImportFault};
use super::labels;
use super::lor;
use super::pi_lightshow;
use super::text;

/// A format that can be imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceFormat {
    /// Labels as Audacity exports them.
    Labels,
    /// A sequence of Light-O-Rama.
    Lor,
    /// A song of pi-lightshow.
    PiLightshow,
}

impl SourceFormat {
    /// # Errors
    /// If it is none of these.
    pub fn of(bytes: &[u8]) -> Result<Self, ImportFault> {
        if bytes.is_empty() {
            return Err(ImportFault::new(FilePlace::Whole, "the file is empty"));
        }
        let beginning = text::beginning(bytes);
        let looks_like = |is: fn(&str) -> bool| beginning.as_deref().is_some_and(is);
        if looks_like(labels::looks_like_labels) {
            return Ok(Self::Labels);
        }
        if looks_like(lor::looks_like_a_sequence) {
            return Ok(Self::Lor);
        }
        if looks_like(pi_lightshow::looks_like_a_song) {
            return Ok(Self::PiLightshow);
        }
        Err(unknown(bytes))
    }
}

/// What is known of it, for a person who hoped for more.
fn unknown(bytes: &[u8]) -> ImportFault {
    let is = |mark: &[u8]| bytes.starts_with(mark);
    let (what, advice) = match () {
        () if is(b"OggS") || is(b"ID3") || is(b"fLaC") || is(b"RIFF") || is(b"FORM") => {
            ("this is music, and no show", "a first show for a song: `starcourt new SONG`")
        }
        () if is(b"PK\x03\x04") || is(b"\x1f\x8b") => {
            ("this is an archive, and no show", "unpack it, and import the files in it one by one")
        }
        () => (
            "this is no format that can be imported",
            "starcourt imports Audacity labels, songs of pi-lightshow and sequences of Light-O-Rama; docs/import.md says how other programs write them",
        ),
    };
    ImportFault::new(FilePlace::Whole, what).advise(advice)
}
