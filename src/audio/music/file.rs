//! A music file, opened once: only a regular file, read at any place through a window of it. Knows no format.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::super::SoundError;
use crate::file_access::open_regular;

/// Bytes that are read at once: what a packet of any format needs, and few enough reads.
const WINDOW: usize = 64 << 10;

/// More bytes than one packet of any format has.
pub(super) const MOST_BYTES: usize = 4 << 20;

/// More chunks, blocks or boxes than the head of any file of music has.
pub(super) const MOST_PARTS: u32 = 10_000;

/// An open file. What its path means later changes nothing.
pub(super) struct MusicFile {
    file: File,
    length: u64,
    window: Vec<u8>,
    /// Where the window begins.
    start: u64,
}

impl MusicFile {
    /// Opens `path`, a regular file or a link to one. Never waits for another program.
    ///
    /// # Errors
    /// [`SoundError::Unreadable`], also for a pipe, a device or a folder; [`SoundError::NoBytes`].
    pub(super) fn open(path: &Path) -> Result<Self, SoundError> {
        let unreadable = |error| SoundError::Unreadable(path.to_owned(), error);
        let file = open_regular(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length == 0 {
            return Err(SoundError::NoBytes(path.to_owned()));
        }
        Ok(Self { file, length, window: Vec::new(), start: 0 })
    }

    /// In bytes, as it was when it was opened.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The `count` bytes from `place` on, or as many as the file has there; [`MOST_BYTES`] at most.
    ///
    /// # Errors
    /// When it cannot be read. Where the file ends is no error.
    pub(super) fn bytes(&mut self, place: u64, count: usize) -> io::Result<&[u8]> {
        let count =
            count.min(MOST_BYTES).min(self.length.saturating_sub(place).try_into().unwrap_or(usize::MAX));
        let is_in_window =
            place >= self.start && place + count as u64 <= self.start + self.window.len() as u64;
        if !is_in_window {
            self.fill(place, count.max(WINDOW))?;
        }
        let from = (place - self.start) as usize;
        let window = self.window.get(from..).unwrap_or_default();
        Ok(&window[..count.min(window.len())])
    }

    fn fill(&mut self, place: u64, count: usize) -> io::Result<()> {
        self.start = place;
        self.window.resize(count, 0);
        let mut filled = 0;
        while filled < count {
            match self.file.read_at(&mut self.window[filled..], place + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.window.clear();
                    return Err(error);
                }
            }
        }
        self.window.truncate(filled);
        Ok(())
    }

    /// The `N` bytes at `place`; `None` where the file ends before their end.
    pub(super) fn array<const N: usize>(&mut self, place: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.bytes(place, N)?.try_into().ok())
    }

    /// The first place from `place` on, before `limit`, at which `byte` stands.
    pub(super) fn find(&mut self, byte: u8, mut place: u64, limit: u64) -> io::Result<Option<u64>> {
        const STEP: usize = 4 << 10;
        while place < limit {
            let bytes = self.bytes(place, STEP)?;
            if let Some(offset) = memchr::memchr(byte, bytes) {
                return Ok(Some(place + offset as u64).filter(|place| *place < limit));
            }
            if bytes.is_empty() {
                break;
            }
            place += bytes.len() as u64;
        }
        Ok(None)
    }

    /// Whether these bytes stand at `place`.
    pub(super) fn has(&mut self, place: u64, expected: &[u8]) -> io::Result<bool> {
        Ok(self.bytes(place, expected.len())? == expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl MusicFile {
        /// A file of these bytes, which is gone with it.
        pub(in super::super) fn of(bytes: &[u8]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("music");
            std::fs::write(&path, bytes).unwrap();
            Self::open(&path).unwrap()
        }
    }

    #[test]
    fn any_place_can_be_read_in_any_order() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let mut file = MusicFile::of(&bytes);
        assert_eq!(file.length(), 200_000);
        for (place, count) in [(0, 10), (199_990, 20), (65_530, 20), (3, 150_000), (200_000, 1), (900_000, 4)]
        {
            let from = (place as usize).min(bytes.len());
            let expected = &bytes[from..(from + count).min(bytes.len())];
            assert_eq!(file.bytes(place, count).unwrap(), expected, "{count} at {place}");
        }
        assert_eq!(file.array::<2>(199_999).unwrap(), None);
    }

    #[test]
    fn only_a_regular_file_is_opened_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let name = std::ffi::CString::new(pipe.to_str().unwrap()).unwrap();
        // SAFETY: the name ends with a zero, and is not kept.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        let zero = folder.path().join("zero.ogg");
        std::os::unix::fs::symlink("/dev/zero", &zero).unwrap();
        for (path, word) in
            [(pipe.as_path(), "a named pipe"), (&zero, "a device"), (folder.path(), "directory")]
        {
            let told = MusicFile::open(path).err().unwrap().to_string();
            assert!(told.contains(word), "{told}");
        }
        let file = folder.path().join("song");
        std::fs::write(&file, "sound").unwrap();
        std::os::unix::fs::symlink(&file, folder.path().join("link")).unwrap();
        assert!(MusicFile::open(&folder.path().join("link")).is_ok());
    }
}
