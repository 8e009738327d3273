//! The envelopes of songs that were heard lately: music is decoded once, however often its show is read. Knows no shows.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::audio::{SoundError, song_envelope};
use crate::envelope::{LONGEST_FOLLOWED, STEP, SongEnvelope};
use crate::file_access::FileVersion;
use crate::time::ShowTime;

/// So many steps are kept in all: the longest song that is followed. They take 7 MiB.
const MOST_KEPT: usize = (LONGEST_FOLLOWED.micros() / STEP.as_micros() as u64) as usize;
/// And so many songs.
const MOST_SONGS: usize = 32;

static HEARD: Mutex<EnvelopeCache> = Mutex::new(EnvelopeCache { songs: VecDeque::new() });

/// The envelope of the music in `file`, up to `until`. Decodes it, unless that was done since the file was written.
///
/// # Errors
/// [`SoundError`] where the file cannot be played.
pub(super) fn envelope(file: &Path, until: ShowTime) -> Result<Arc<SongEnvelope>, SoundError> {
    let before = FileVersion::of(file);
    if let Some(known) = before.and_then(|version| heard(|cache| cache.find(version, until))) {
        return Ok(known);
    }
    let song = Arc::new(song_envelope(file, until)?);
    // What was written meanwhile may have been heard by halves.
    if let Some(version) = before.filter(|_| FileVersion::of(file) == before) {
        heard(|cache| cache.keep(HeardMusic { version, until, song: Arc::clone(&song) }));
    }
    Ok(song)
}

fn heard<T>(with: impl FnOnce(&mut EnvelopeCache) -> T) -> T {
    // A thread that panicked left whole songs only.
    with(&mut HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}

struct HeardMusic {
    version: FileVersion,
    until: ShowTime,
    song: Arc<SongEnvelope>,
}

/// The song that was wanted last comes last.
#[derive(Default)]
struct EnvelopeCache {
    songs: VecDeque<HeardMusic>,
}

impl EnvelopeCache {
    fn find(&mut self, version: FileVersion, until: ShowTime) -> Option<Arc<SongEnvelope>> {
        let is_it = |heard: &HeardMusic| heard.version == version && heard.until == until;
        let heard = self.songs.iter().position(is_it).and_then(|at| self.songs.remove(at))?;
        let song = Arc::clone(&heard.song);
        self.songs.push_back(heard);
        Some(song)
    }

    fn keep(&mut self, heard: HeardMusic) {
        self.songs.push_back(heard);
        let steps =
            |songs: &VecDeque<HeardMusic>| songs.iter().map(|heard| heard.song.steps()).sum::<usize>();
        while self.songs.len() > MOST_SONGS || steps(&self.songs) > MOST_KEPT {
            self.songs.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::EnvelopeMeter;

    fn second(second: u64) -> ShowTime {
        ShowTime::from_micros(second * 1_000_000)
    }

    /// A file whose version no other has.
    fn version(folder: &Path, name: &str) -> FileVersion {
        let path = folder.join(name);
        std::fs::write(&path, name).unwrap();
        FileVersion::of(&path).unwrap()
    }

    fn song(steps: usize) -> Arc<SongEnvelope> {
        let mut meter = EnvelopeMeter::new(40, steps);
        (0..steps).for_each(|_| meter.take(0, 0));
        Arc::new(meter.finish())
    }

    #[test]
    fn a_song_is_found_again_as_long_as_its_file_and_the_end_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| version(folder.path(), name));
        let mut cache = EnvelopeCache::default();
        let song = song(3);
        cache.keep(HeardMusic { version: one, until: second(9), song: Arc::clone(&song) });
        assert!(cache.find(one, second(9)).is_some_and(|found| Arc::ptr_eq(&found, &song)));
        assert_eq!(cache.find(one, second(8)), None);
        assert_eq!(cache.find(other, second(9)), None);
    }

    #[test]
    fn the_songs_that_were_wanted_long_ago_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let one = version(folder.path(), "one");
        let mut cache = EnvelopeCache::default();
        for until in 0..MOST_SONGS as u64 {
            cache.keep(HeardMusic { version: one, until: second(until), song: song(1) });
        }
        assert!(cache.find(one, second(0)).is_some());
        cache.keep(HeardMusic { version: one, until: second(1_000), song: song(1) });
        assert_eq!(cache.songs.len(), MOST_SONGS);
        assert!(cache.find(one, second(0)).is_some() && cache.find(one, second(1)).is_none());
        cache.keep(HeardMusic { version: one, until: second(1_001), song: song(MOST_KEPT) });
        assert_eq!(cache.songs.len(), 1);
    }

    #[test]
    fn music_is_heard_anew_once_its_file_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("song.wav");
        let tone = |height: i16| {
            (0..8_000).map(|frame| if frame / 40 % 2 == 0 { height } else { -height }).collect()
        };
        let write = |samples: Vec<i16>| crate::audio::wav::write(&file, 8_000, 1, &samples);
        write(tone(8_000));
        let first = envelope(&file, second(9)).unwrap();
        assert!(Arc::ptr_eq(&first, &envelope(&file, second(9)).unwrap()), "it was heard already");
        std::fs::remove_file(&file).unwrap();
        write(vec![0; 4_000]);
        let fresh = envelope(&file, second(9)).unwrap();
        assert_ne!(first, fresh);
        assert_eq!((first.steps(), fresh.steps()), (40, 20));
    }
}
