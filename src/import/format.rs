//! What a file is, by its content: a suffix may be wrong. Reads only its beginning.

use super::fault::{FilePlace, ImportFault, quoted};
use super::{labels, midi, pi_lightshow, text, xml};

const KNOWN: &str = "Audacity labels, .fseq, .xtiming and .xsq of xLights, MIDI files, songs of pi-lightshow, and .lms and \
     .las of Light-O-Rama can be imported: docs/import.md";

/// A format that can be imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceFormat {
    /// Labels as Audacity exports them.
    Labels,
    /// Timing tracks as xLights exports them.
    Xtiming,
    /// A sequence of xLights.
    Xsq,
    /// A Standard MIDI File.
    Midi,
    /// Frames as xLights renders them, or something that says it is that.
    Fseq,
    /// A song of pi-lightshow.
    PiLightshow,
    /// A sequence of Light-O-Rama.
    Lor,
}

/// So many bytes at the beginning tell frames from all else.
pub const FORMAT_MARK: usize = 4;

/// Whether a file that begins with `bytes` is a file of frames: [`import_frames`](super::import_frames) reads it.
#[must_use]
pub fn are_frames(bytes: &[u8]) -> bool {
    [b"PSEQ", b"FSEQ", b"ESEQ"].iter().any(|mark| bytes.starts_with(*mark))
}

impl SourceFormat {
    /// # Errors
    /// If it is none of these.
    pub fn of(bytes: &[u8]) -> Result<Self, ImportFault> {
        if bytes.is_empty() {
            return Err(ImportFault::new(FilePlace::Whole, "the file is empty")
                .advise("save or export it once more in the program that wrote it"));
        }
        if are_frames(bytes) {
            return Ok(Self::Fseq);
        }
        if midi::is_midi(bytes) {
            return Ok(Self::Midi);
        }
        let Some(text) = text::beginning(bytes) else { return Err(unknown(bytes)) };
        match xml::root_of(&text) {
            Some("timings" | "timing") => Ok(Self::Xtiming),
            Some("xsequence") => Ok(Self::Xsq),
            Some("sequence") => Ok(Self::Lor),
            Some(root) => Err(ImportFault::new(
                FilePlace::Whole,
                format!(
                    "this is XML with the root {}, which is no format that can be imported",
                    quoted(root)
                ),
            )
            .advise(KNOWN)),
            None if labels::looks_like_labels(&text) => Ok(Self::Labels),
            None if pi_lightshow::looks_like_a_song(&text) => Ok(Self::PiLightshow),
            None => Err(unknown(bytes)),
        }
    }
}

/// What is known of it, for a person who hoped for more.
fn unknown(bytes: &[u8]) -> ImportFault {
    let is = |mark: &[u8]| bytes.starts_with(mark);
    let (what, advice) = match () {
        () if is(b"OggS")
            || is(b"ID3")
            || is(b"fLaC")
            || bytes.get(8..12) == Some(b"WAVE")
            || is(b"FORM") =>
        {
            ("this is music, and no show", "`starcourt compose SONG` writes a show for it")
        }
        () if is(b"PK\x03\x04") || is(b"\x1f\x8b") => {
            ("this is an archive, and no show", "unpack it, and import the files in it one by one")
        }
        () => ("this is no format that can be imported", KNOWN),
    };
    ImportFault::new(FilePlace::Whole, what).advise(advice)
}
