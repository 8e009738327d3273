//! A show with everything that its page shows, read from its files. Serves nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use crate::audio::inspect;
use crate::cli::PreviewOptions;
use crate::diagnosis::{Diagnoses, Diagnosis, Source};
use crate::file_access::why_unreadable;
use crate::instance::runner::WatchedFiles;
use crate::instance::state::part_of;
use crate::instance::{ShowEdition, outputs};
use crate::preview::layout::{LAYOUT_FILE, LampLayout};
use crate::preview::{Photo, ShowData};
use crate::printable::printable;
use crate::rig::{self, Rig};

use super::super::files::{self, LoadedRig, LoadedShow};
use super::super::outcome::Failure;
use super::super::warnings;
use super::layout_file;
use super::music::PageMusic;

/// Beside a show, if nothing else is named.
const PHOTO_ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// A show, what it plays on, and what its page gets.
pub(super) struct PreviewSource {
    pub(super) rig_file: PathBuf,
    pub(super) rig: Arc<Rig>,
    pub(super) loaded: Arc<LoadedShow>,
    pub(super) music: Option<PageMusic>,
    pub(super) layout: LampLayout,
    /// About the layout.
    pub(super) layout_told: Diagnoses,
    /// The one that was asked for.
    pub(super) wanted_photo: Option<PathBuf>,
    /// What is worth knowing before the page is there.
    pub(super) remarks: Vec<String>,
}

impl PreviewSource {
    pub(super) fn read(name: &str, options: &PreviewOptions) -> Result<Self, Failure> {
        let stage = &options.stage;
        let LoadedRig { path: rig_file, rig, told } =
            files::rig(&stage.rig, files::output_kind(&stage.output))?;
        let loaded = files::inspected_show(name, &files::show_places(stage), &rig)?;
        let (layout, layout_told) =
            layout_file::read(&layout_file::beside(&rig_file), &rig).map_err(Failure::bad_file)?;
        let lines = [warnings::of_rig(&told, stage), warnings::of_show(&loaded.told, &loaded.show, stage)];
        let music = PageMusic::of(&loaded, None).map_err(|error| Failure::bad_file(error.into()))?;
        let mut source = Self {
            rig_file,
            rig: Arc::new(rig),
            loaded: Arc::new(loaded),
            music,
            layout,
            layout_told,
            wanted_photo: options.photo.clone(),
            remarks: lines.into_iter().flatten().collect(),
        };
        match source.photo().map(|photo| open_photo(&photo)) {
            Some(Err(error)) if source.wanted_photo.is_some() => return Err(Failure::bad_file(error)),
            Some(Err(error)) => source.remarks.push(source.without_photo(&error)),
            Some(Ok(_)) | None => {}
        }
        Ok(source)
    }

    /// The photograph, if one is named or lies beside the show.
    pub(super) fn photo(&self) -> Option<PathBuf> {
        let sheet = self.loaded.show.source.path();
        let named = || self.layout.photo.as_ref().map(|name| self.rig_file.with_file_name(name));
        let beside =
            || PHOTO_ENDINGS.iter().map(|ending| sheet.with_extension(ending)).find(|path| path.exists());
        self.wanted_photo.clone().or_else(named).or_else(beside)
    }

    /// That the photograph cannot be shown because of `error`.
    fn without_photo(&self, error: &anyhow::Error) -> String {
        let named = if self.wanted_photo.is_none() && self.layout.photo.is_some() {
            format!(", which {LAYOUT_FILE} names")
        } else {
            String::new()
        };
        format!("{error:#}{named}; the lamps are shown without it")
    }

    /// What the page tells besides the mistakes.
    pub(super) fn told(&self) -> Diagnoses {
        let mut told = self.layout_told.clone();
        if let Some(Err(error)) = self.photo().map(|photo| open_photo(&photo)) {
            let layout = Source::new(layout_file::beside(&self.rig_file), "");
            told.push(Diagnosis::warning(&layout, self.without_photo(&error)));
        }
        if let Ok((_, rig_told)) = rig::load(&self.rig_file) {
            told.extend(rig_told);
        }
        told.extend(self.loaded.told.clone());
        told
    }

    /// What the page is told. Its music and its photograph are at the addresses that a server gives them.
    pub(super) fn data(&self) -> ShowData {
        let mut data = ShowData::of(&self.loaded.show, &self.rig, self.loaded.length, &self.told());
        data.sound = self.music.as_ref().map(|music| music.told.clone());
        data.layout.lamps = self.layout.lamps.clone();
        data
    }

    pub(super) fn title(&self) -> String {
        printable(&self.loaded.show.title)
    }

    /// What is watched while the page is open.
    pub(super) fn watched(&self) -> WatchedFiles {
        WatchedFiles {
            sheet: self.loaded.show.source.path().to_owned(),
            rig: self.rig_file.clone(),
            keeps_rig: None,
            from: None,
            to: None,
            looped: false,
            look: inspect,
            warnings: Box::new(|_| None),
        }
    }

    pub(super) fn edition(&self) -> Result<ShowEdition, Failure> {
        let extent =
            part_of(&self.loaded, None, None, false).map_err(|why| Failure::bad_file(anyhow!(why)))?;
        let outputs = outputs(&self.rig, &self.loaded.show);
        Ok(ShowEdition { loaded: Arc::clone(&self.loaded), extent, rig: Arc::clone(&self.rig), outputs })
    }
}

/// The photograph at `path`; the error names it.
pub(super) fn open_photo(path: &Path) -> anyhow::Result<Photo> {
    Photo::open(path)
        .map_err(|error| anyhow!(why_unreadable(path, &error)))
        .with_context(|| format!("reading photograph {}", path.display()))
}
