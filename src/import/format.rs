//! What a file is, by its content: a suffix may be wrong. Reads only its beginning.

use super::fault::{FilePlace, ImportFault};
use super::labels;
use super::text;

/// A format that can be imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceFormat {
    /// Labels as Audacity exports them.
    Labels,
    /// Frames as xLights renders them, or something that says it is that.
    Fseq,
}

impl SourceFormat {
    /// # Errors
    /// If it is none of these.
    pub fn of(bytes: &[u8]) -> Result<Self, ImportFault> {
        if bytes.is_empty() {
            return Err(ImportFault::new(FilePlace::Whole, "the file is empty"));
        }
        if [b"PSEQ", b"FSEQ", b"ESEQ"].iter().any(|mark| bytes.starts_with(*mark)) {
            return Ok(Self::Fseq);
        }
        if text::beginning(bytes).is_some_and(|text| labels::looks_like_labels(&text)) {
            return Ok(Self::Labels);
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
            "starcourt imports Audacity labels and FSEQ files; docs/import.md says how other programs write them",
        ),
    };
    ImportFault::new(FilePlace::Whole, what).advise(advice)
}
