//! Answers of a site, as plain values: what a browser gets, and how it is to treat it. Sends nothing.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// What a browser gets.
#[derive(Debug)]
pub struct PageAnswer {
    /// Of HTTP: 200.
    pub status: u16,
    pub media_type: &'static str,
    pub body: PageBody,
}

#[derive(Debug)]
pub enum PageBody {
    Bytes(Vec<u8>),
    Static(&'static str),
    /// Read as it is sent, from any place.
    Ranged(Arc<dyn Ranged>),
    /// The events from now on, until the page is closed.
    Events,
}

/// Something long that is read from any place.
pub trait Ranged: Send + Sync {
    /// In bytes.
    fn length(&self) -> u64;

    /// What begins at the byte `place`.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn open_at(&self, place: u64) -> io::Result<Box<dyn Read + Send>>;
}

impl fmt::Debug for dyn Ranged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.length())
    }
}

impl PageAnswer {
    #[must_use]
    pub fn of(media_type: &'static str, body: PageBody) -> Self {
        Self { status: 200, media_type, body }
    }

    /// Words, for a person who looks why something does not go.
    #[must_use]
    pub fn words(status: u16, words: impl Into<String>) -> Self {
        let body = PageBody::Bytes((words.into() + "\n").into_bytes());
        Self { status, media_type: "text/plain; charset=utf-8", body }
    }

    #[must_use]
    pub fn missing() -> Self {
        Self::words(404, "there is nothing here")
    }

    #[must_use]
    pub fn json(json: impl Into<Vec<u8>>) -> Self {
        Self::of("application/json", PageBody::Bytes(json.into()))
    }

    #[must_use]
    pub fn ranged(media_type: &'static str, what: impl Ranged + 'static) -> Self {
        Self::of(media_type, PageBody::Ranged(Arc::new(what)))
    }
}

/// A file that is open: what its path means later changes nothing.
impl Ranged for File {
    fn length(&self) -> u64 {
        self.metadata().map_or(0, |file| file.len())
    }

    fn open_at(&self, place: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = self.try_clone()?;
        file.seek(SeekFrom::Start(place))?;
        Ok(Box::new(file))
    }
}
