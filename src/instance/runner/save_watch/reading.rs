//! Reads the files of a show that plays, as they are now: sheet, beat map, music and rig. Knows not when.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use crate::audio::{Measured, SoundError};
use crate::file_access::FileVersion;
use crate::loading::{self, LoadedShow};
use crate::outcome::Failure;
use crate::rig::{self, Rig};
use crate::show::{self, PlayingLines, SheetTime};
use crate::timeline::compile;

use super::super::super::patch::outputs;
use super::super::super::saved::{SavedShow, ShowEdition};
use super::super::super::state::part_of;

/// A line about the warnings of a show, if it has any.
type TellWarnings = Box<dyn Fn(&LoadedShow) -> Option<String> + Send>;

/// The files of a show that plays, and how it is played.
pub(crate) struct WatchedFiles {
    pub(crate) sheet: PathBuf,
    pub(crate) rig: PathBuf,
    /// Why the rig stays as it is until the show ends, if it does.
    pub(crate) keeps_rig: Option<&'static str>,
    /// The part that is played, as it was asked for: bars are reckoned anew with each tempo.
    pub(crate) from: Option<SheetTime>,
    pub(crate) to: Option<SheetTime>,
    pub(crate) looped: bool,
    /// How its music is measured.
    pub(crate) look: fn(&Path) -> Result<Measured, SoundError>,
    /// What is to be told of a show that has warnings.
    pub(crate) warnings: TellWarnings,
}

/// Reads them again and again.
pub(super) struct FileReading {
    files: WatchedFiles,
    /// The rig as it was read last.
    rig: Arc<Rig>,
    /// One that is not taken, as it was read last.
    refused_rig: Option<Rig>,
    /// To measure music takes seconds.
    measured: RefCell<Option<(PathBuf, FileVersion, Measured)>>,
}

impl FileReading {
    /// The show plays on `rig`.
    pub(super) fn new(files: WatchedFiles, rig: Arc<Rig>) -> Self {
        Self { files, rig, refused_rig: None, measured: RefCell::default() }
    }

    /// All files that count, also those that are not there. With links as they are written, and where they lead.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let WatchedFiles { sheet, rig, .. } = &self.files;
        // Those of a sheet that has mistakes count too: they may mend them.
        let (named, _mistakes) = show::named_files(sheet).unwrap_or_default();
        let named = named.into_iter().map(|name| sheet.with_file_name(name));
        let written = [sheet.clone(), rig.clone()].into_iter().chain(named);
        let mut paths = Vec::new();
        for path in written {
            let path = std::path::absolute(&path).unwrap_or(path);
            paths.extend(path.canonicalize().ok().filter(|real| *real != path));
            paths.push(path);
        }
        paths
    }

    /// The show as the files are now, and what is to be told of the rig. Blocks as long as the disk does.
    ///
    /// # Errors
    /// The mistakes in them.
    pub(super) fn read(&mut self) -> Result<(SavedShow, Option<String>), Failure> {
        let (fresh, _warnings) = rig::load(&self.files.rig).map_err(Failure::bad_file)?;
        let refused = self.take_rig(fresh);
        let WatchedFiles { sheet, from, to, looped, warnings, .. } = &self.files;
        let loaded = loading::show_at(sheet, &self.rig, &|music| self.measure(music))?;
        let extent = part_of(&loaded, from.as_ref(), to.as_ref(), *looped)
            .map_err(|why| Failure::bad_file(anyhow!(why)))?;
        let timeline = Arc::new(compile(&loaded.show, &self.rig).timeline);
        let (lines, remark) = (PlayingLines::of(&loaded.show), warnings(&loaded));
        let (rig, outputs) = (Arc::clone(&self.rig), outputs(&self.rig, &loaded.show));
        let edition = ShowEdition { loaded: Arc::new(loaded), extent, rig, outputs };
        let saved = SavedShow { edition, timeline, lines, remark };
        Ok((saved, refused))
    }

    /// What is to be told where the rig is another one and is not taken, once for each.
    fn take_rig(&mut self, fresh: Rig) -> Option<String> {
        if fresh == *self.rig {
            self.refused_rig = None;
            return None;
        }
        let Some(why) = self.files.keeps_rig else {
            self.rig = Arc::new(fresh);
            return None;
        };
        let is_news = self.refused_rig.as_ref() != Some(&fresh);
        self.refused_rig = Some(fresh);
        let path = self.files.rig.display();
        is_news.then(|| format!("{path} has changed; this show keeps the rig with which it began: {why}"))
    }

    fn measure(&self, music: &Path) -> Result<Measured, SoundError> {
        let version = FileVersion::of(music);
        if let Some((path, known, measured)) = &*self.measured.borrow()
            && path == music
            && version == Some(*known)
        {
            return Ok(measured.clone());
        }
        let fresh = (self.files.look)(music)?;
        *self.measured.borrow_mut() = version.map(|version| (music.to_owned(), version, fresh.clone()));
        Ok(fresh)
    }
}
