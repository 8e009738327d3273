//! Files of other programs become cue sheets. Pure: bytes in, a sheet out. Knows no files and no threads, and follows no
//! path that a file names.
//!
//! `format` says by its content what a file is, and each format has a reader. `channel_map` says which lights its channels
//! are. `sheet` writes what they found as a cue sheet, and `silent` asks what `check` would say about it.

mod beat_words;
mod channel_map;
mod cue_lines;
mod fault;
mod format;
mod frames;
mod imported;
mod labels;
mod level_swing;
mod lit;
mod lit_span;
mod lor;
mod midi;
mod pi_lightshow;
mod restraint;
mod sheet;
mod silent;
mod text;
mod timing;
mod xml;
mod xsq;
mod xtiming;

use std::io::Cursor;

pub use channel_map::{ChannelMap, MappedChannel, MappedChannels, SourceChannel};
pub use fault::{FilePlace, ImportFault};
pub use format::{FORMAT_MARK, SourceFormat, are_frames};
pub use frames::import_frames;
pub use imported::{ImportRequest, Imported, ImportedTempo};
pub use sheet::{SheetNames, sheet_text};
pub use silent::{said_by_check, said_by_check_beside};

/// A larger file is no show. Frames may be larger: they are not read into memory.
pub const LARGEST_FILE: u64 = 20 << 20;

/// What the file with these `bytes` holds, as a cue sheet can say it. Its format is found by its content.
///
/// # Errors
/// What is wrong with the file or with the map, where, and what to do.
pub fn import(bytes: &[u8], request: &ImportRequest) -> Result<Imported, ImportFault> {
    match SourceFormat::of(bytes)? {
        SourceFormat::Labels => timing::imported(&labels::tracks_in(bytes)?, request),
        SourceFormat::Xtiming => timing::imported(&xtiming::tracks_in(bytes)?, request),
        SourceFormat::Xsq => xsq::import(bytes, request),
        SourceFormat::Midi => midi::import(bytes, request),
        SourceFormat::Fseq => import_frames(Cursor::new(bytes), request),
        SourceFormat::PiLightshow => pi_lightshow::import(bytes, request),
        SourceFormat::Lor => lor::import(bytes, request),
    }
}

/// As [`import`], of several files of timing tracks for one song, each with its name and its bytes. Of frames, their first
/// bytes do.
///
/// # Errors
/// As [`import`]; the place names the file. And if a file has anything but timing tracks.
pub fn import_together(files: &[(&str, &[u8])], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let mut tracks = Vec::new();
    for (name, bytes) in files {
        let found = SourceFormat::of(bytes).and_then(|format| match format {
            SourceFormat::Labels => labels::tracks_in(bytes),
            SourceFormat::Xtiming => xtiming::tracks_in(bytes),
            SourceFormat::Xsq | SourceFormat::Midi | SourceFormat::PiLightshow | SourceFormat::Lor => {
                Err(ImportFault::new(FilePlace::Whole, "this file is a song of its own")
                    .advise("import it alone; only labels and timing tracks are imported together"))
            }
            SourceFormat::Fseq => Err(frames::not_together()),
        });
        let found = found.map_err(|fault| fault.in_file(name))?;
        tracks.extend(found.into_iter().map(|track| track.named(name)));
    }
    timing::imported(&tracks, request)
}
