//! What can be wrong with a music file, for people and for those who decide by it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::file_access::why_unreadable;
use crate::printable::shell_word;

/// Why a sound file cannot be played.
#[derive(Debug, Error)]
pub enum SoundError {
    #[error("cannot read {}: {}", _0.display(), why_unreadable(_0, _1))]
    Unreadable(PathBuf, io::Error),
    /// Not one byte.
    #[error("{} is empty: it has 0 bytes; copy it again", _0.display())]
    NoBytes(PathBuf),
    /// A format that has a name, and that nobody here can decode.
    #[error(
        "{} is {format}, which cannot be played here; convert it: {}",
        path.display(),
        conversion(path, format)
    )]
    OtherFormat { path: PathBuf, format: &'static str },
    /// No format that is known here.
    #[error(
        "{} is no sound that is known here (WAV, AIFF, FLAC, Ogg Vorbis, MP3, AAC, ALAC)",
        _0.display()
    )]
    NotSound(PathBuf),
    /// It ends before what tells where its sound is.
    #[error(
        "{} is not whole: it ends before the tables that tell where its sound is; copy it again",
        _0.display()
    )]
    NotWhole(PathBuf),
    /// Not one frame of sound.
    #[error("{} holds no sound", _0.display())]
    Empty(PathBuf),
}

/// The one format that ffmpeg does not read either.
pub(crate) const FREE_FORMAT: &str = "an MP3 of free format";

/// The command that makes of `file`, beside it, one that can be played.
fn conversion(file: &Path, format: &str) -> String {
    let beside = |ending: &str| match file.with_extension(ending) {
        made if made == file => file.with_extension(format!("converted.{ending}")),
        made => made,
    };
    if format == FREE_FORMAT {
        return format!("lame --decode {} {}", shell_word(file), shell_word(&beside("wav")));
    }
    format!("ffmpeg -i {} {}", shell_word(file), shell_word(&beside("flac")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_converts_a_file_has_its_own_name() {
        for (name, command) in [
            ("song.opus", "ffmpeg -i song.opus song.flac"),
            ("shows/Nächt 1.wma", "ffmpeg -i 'shows/Nächt 1.wma' 'shows/Nächt 1.flac'"),
            ("it's.opus", r"ffmpeg -i 'it'\''s.opus' 'it'\''s.flac'"),
            ("-x.opus", "ffmpeg -i ./-x.opus ./-x.flac"),
            ("song.flac", "ffmpeg -i song.flac song.converted.flac"),
        ] {
            let told = SoundError::OtherFormat { path: name.into(), format: "Opus" }.to_string();
            assert!(
                told.ends_with(&format!(" is Opus, which cannot be played here; convert it: {command}")),
                "{told}"
            );
        }
    }
}
