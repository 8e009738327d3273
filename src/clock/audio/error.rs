//! What can be wrong with a sound, for people and for those who decide by it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::printable::shell_word;

/// Why a sound file cannot be played.
#[derive(Debug)]
pub enum SoundError {
    Unreadable(PathBuf, io::Error),
    /// Not one byte.
    NoBytes(PathBuf),
    /// A format that has a name, and that nobody here can decode.
    OtherFormat {
        path: PathBuf,
        format: &'static str,
    },
    /// No format that is known here.
    NotSound(PathBuf),
    /// It ends before what tells where its sound is.
    NotWhole(PathBuf),
    /// Not one frame of sound.
    Empty(PathBuf),
}

impl fmt::Display for SoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(file, error) => write!(f, "cannot read {}: {error}", file.display()),
            Self::NoBytes(file) => write!(f, "{} is empty: it has 0 bytes; copy it again", file.display()),
            Self::OtherFormat { path, format } => {
                let command = conversion(path, format);
                write!(
                    f,
                    "{} is {format}, which cannot be played here; convert it: {command}",
                    path.display()
                )
            }
            Self::NotSound(file) => write!(
                f,
                "{} is no sound that is known here (WAV, AIFF, FLAC, Ogg Vorbis, MP3, AAC, ALAC)",
                file.display()
            ),
            Self::NotWhole(file) => write!(
                f,
                "{} is not whole: it ends before the tables that tell where its sound is; copy it again",
                file.display()
            ),
            Self::Empty(file) => write!(f, "{} holds no sound", file.display()),
        }
    }
}

/// The one format that ffmpeg does not read either.
pub(super) const FREE_FORMAT: &str = "an MP3 of free format";

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

impl std::error::Error for SoundError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) => Some(error),
            _ => None,
        }
    }
}

/// The sound device that the rig names cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceMissing {
    pub device: String,
    pub why: String,
}

impl fmt::Display for DeviceMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Some libraries end their sentences.
        write!(f, "sound device `{}`: {}", self.device, self.why.replace(".;", ";").trim_end_matches('.'))
    }
}

impl std::error::Error for DeviceMissing {}

/// Why a show with sound did not start.
#[derive(Debug)]
pub enum StartError {
    /// The rig says that it is required.
    DeviceMissing(DeviceMissing),
    Sound(SoundError),
    /// The machine has no thread left.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceMissing(missing) => write!(f, "{missing}; the rig says it is required"),
            Self::Sound(error) => error.fmt(f),
            Self::Thread(error) => write!(f, "no thread for the sound: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// What happened to the sound while the show went on: one line for a person each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The device could not be opened; the show began by the machine's clock.
    NoSound(DeviceMissing),
    /// The device died; the show goes on by the machine's clock.
    SoundLost(DeviceMissing),
    /// The device is back, and sound has joined in where the show is.
    SoundReturned,
    /// The file could not be decoded to its end; the show goes on in silence.
    SoundBroken(String),
    /// The device cannot be used, which turned out late, and the rig says that it is required: the show has to
    /// end before it began (exit 69).
    RequiredSoundMissing(DeviceMissing),
    /// The device died, and the rig says that it is required: the show has to end (exit 69).
    RequiredSoundLost(DeviceMissing),
}

impl Notice {
    /// Whether the show has to end.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::RequiredSoundMissing(_) | Self::RequiredSoundLost(_))
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSound(missing) => write!(f, "no sound: {missing}; the show plays by the machine's clock"),
            Self::SoundLost(missing) => {
                write!(f, "the sound is lost: {missing}; the lights go on by the machine's clock")
            }
            Self::SoundReturned => f.write_str("the sound is back"),
            Self::SoundBroken(why) => write!(f, "the sound is broken: {why}"),
            Self::RequiredSoundMissing(missing) => StartError::DeviceMissing(missing.clone()).fmt(f),
            Self::RequiredSoundLost(missing) => {
                write!(f, "the sound is lost: {missing}; the rig requires it")
            }
        }
    }
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
