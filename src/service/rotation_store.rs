//! How far the schedule has come, kept across restarts: in memory with every show, on the SD card only when an entry of
//! the schedule is over. Knows only the text of what it keeps.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::file_access::{Folder, Storage};
use crate::schedule::Rotation;

const FILE: &str = "rotation";
/// Tells which of two files is newer. Their times cannot: a Pi's clock may have been years back.
const EDITION: &str = "edition ";
/// A hundred playlists fit many times over.
const LONGEST: u64 = 64 * 1024;

/// Two files of the same format.
#[derive(Debug)]
pub struct RotationStore {
    /// In memory, until the Pi is switched off.
    running: PathBuf,
    /// On the SD card, the preferred one first.
    places: Vec<PathBuf>,
    rotation: Rotation,
    edition: u64,
    /// The edition that is on the card.
    settled: u64,
}

impl RotationStore {
    /// Remembers the newest of what is in `running`, the lock's directory, which is gone when the Pi is
    /// switched off, and in `places`. With it comes what the person who runs the shows should know: what
    /// could not be understood, and that the playlists begin anew where nothing else was left.
    #[must_use]
    pub fn open(running: &Path, places: &[PathBuf]) -> (Self, Option<String>) {
        let mut notices = Vec::new();
        let mut newest = |folders: &[PathBuf]| {
            let mut newest: Option<(u64, Rotation)> = None;
            for folder in folders {
                match read(folder) {
                    Ok(Some(found)) if newest.as_ref().is_none_or(|newest| newest.0 < found.0) => {
                        newest = Some(found);
                    }
                    Ok(_) => {}
                    Err(error) => notices.push(format!("{error:#}")),
                }
            }
            newest
        };
        let settled = newest(places);
        let kept = newest(&[running.to_owned()]);
        let is_anew = settled.is_none() && kept.is_none();
        let on_card = settled.as_ref().map_or(0, |settled| settled.0);
        let newest = [settled, kept].into_iter().flatten().max_by_key(|found| found.0);
        let (edition, rotation) = newest.unwrap_or_default();
        let notice = (!notices.is_empty()).then(|| {
            let then = if is_anew { "the playlists begin anew" } else { "an older or newer copy is taken" };
            format!("what has been played is not remembered: {}; {then}", notices.join("; "))
        });
        let memory = Self {
            running: running.to_owned(),
            places: places.to_vec(),
            rotation,
            edition,
            settled: on_card,
        };
        (memory, notice)
    }

    #[must_use]
    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// To be called whenever a show has been called. Touches no SD card.
    ///
    /// # Errors
    /// When the lock's directory does not let itself be written; it is remembered here all the same.
    pub fn keep(&mut self, rotation: &Rotation) -> Result<()> {
        if *rotation == self.rotation {
            return Ok(());
        }
        self.rotation = rotation.clone();
        self.edition += 1;
        write(&self.running, &self.text(), Storage::Memory)
            .with_context(|| format!("keeping how far the schedule has come in {}", self.running.display()))
    }

    /// To be called when an entry of the schedule is over, and when the service ends. Writes to the SD card
    /// what is not there yet.
    ///
    /// # Errors
    /// When none of the places lets itself be written.
    pub fn settle(&mut self) -> Result<()> {
        if self.settled == self.edition {
            return Ok(());
        }
        let mut outcome = Ok(());
        for place in &self.places {
            outcome = write(place, &self.text(), Storage::Disk);
            match &outcome {
                Err(error) if is_not_permitted(error) => {}
                _ => break,
            }
        }
        outcome.context("keeping how far the schedule has come")?;
        self.settled = self.edition;
        Ok(())
    }

    fn text(&self) -> String {
        format!("{EDITION}{}\n{}", self.edition, self.rotation.text())
    }
}

fn is_not_permitted(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// `None`: there is none.
fn read(folder: &Path) -> Result<Option<(u64, Rotation)>> {
    let doing = || format!("reading {}", folder.join(FILE).display());
    let read = match Folder::open(folder).and_then(|folder| folder.read(FILE, LONGEST)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.with_context(doing)?,
    };
    read.map(|bytes| parse(&bytes)).transpose().with_context(doing)
}

fn parse(bytes: &[u8]) -> Result<(u64, Rotation)> {
    let text = str::from_utf8(bytes).context("it is not UTF-8 text")?;
    let (first, rotation) = text.split_once('\n').context("it is empty")?;
    // Far more than there are evenings; what could overflow is no edition of ours.
    let edition = first.strip_prefix(EDITION).and_then(|edition| edition.parse::<u32>().ok());
    Ok((edition.context("line 1 tells no edition")?.into(), Rotation::parse(rotation)?))
}

fn write(folder: &Path, text: &str, storage: Storage) -> io::Result<()> {
    let folder = match storage {
        // The lock's directory is there, or there is no lock.
        Storage::Memory => Folder::open(folder)?,
        Storage::Disk => Folder::make(folder)?,
    };
    folder.replace(FILE, text.as_bytes(), storage)
}
