//! The music of a show for a page: the file as it is where browsers play its format, else decoded while it is sent.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::audio::{DecodedWav, SoundError};
use crate::file_access::{FileVersion, open_regular};
use crate::preview::PageSound;
use crate::time::ShowTime;
use crate::web::{PageAnswer, Ranged};

use super::super::files::LoadedShow;

/// The music of a show, and what the page is told of it.
#[derive(Clone, Debug)]
pub(super) struct PageMusic {
    pub(super) file: PathBuf,
    pub(super) version: Option<FileVersion>,
    length: ShowTime,
    pub(super) told: PageSound,
    /// If browsers do not play the file, or not each place of it where it is.
    decoded: Option<DecodedWav>,
}

impl PageMusic {
    /// The music of `loaded`, if it has any.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn of(loaded: &LoadedShow, known: Option<&Self>) -> Result<Option<Self>, SoundError> {
        let music = loaded.show.audio.as_ref();
        music.map(|music| Self::read(&music.path, loaded.length, known)).transpose()
    }

    /// The music in `file`, up to `length`; `known` if it is still the same. Else it is decoded: a minute for some hours.
    ///
    /// # Errors
    /// [`SoundError`] where it cannot be played.
    fn read(file: &Path, length: ShowTime, known: Option<&Self>) -> Result<Self, SoundError> {
        let version = FileVersion::of(file);
        if let Some(known) = known
            && (&*known.file, known.version, known.length) == (file, version, length)
        {
            return Ok(known.clone());
        }
        let told = PageSound::read(file, length)?;
        let decoded = if told.is_exact { None } else { Some(DecodedWav::open(file)?) };
        Ok(Self { file: file.to_owned(), version, length, told, decoded })
    }

    /// What goes into a page in a file, if that is not the file itself: small comes before 25 ms there.
    pub(super) fn decoded_to_keep(&self) -> Option<&DecodedWav> {
        self.decoded.as_ref().filter(|_| !self.told.is_as_in_file)
    }

    /// For a browser.
    pub(super) fn answer(&self) -> PageAnswer {
        let media_type = self.told.served_type();
        match &self.decoded {
            Some(wav) => PageAnswer::ranged(media_type, wav.clone()),
            None => match open_regular(&self.file) {
                Ok(file) => PageAnswer::ranged(media_type, file),
                Err(_) => PageAnswer::words(404, "the music is not there any more"),
            },
        }
    }
}

impl Ranged for DecodedWav {
    fn length(&self) -> u64 {
        self.length()
    }

    fn open_at(&self, place: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.read_from(place)))
    }
}
