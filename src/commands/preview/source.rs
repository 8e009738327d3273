//! A show with everything that its page shows, read from its files. Serves nothing.

use std::io::stderr;
use std::sync::Arc;

use anyhow::Context;

use crate::cli::PreviewOptions;
use crate::preview::{PageSound, ShowData};
use crate::printable::printable;
use crate::rig::Rig;
use crate::spool;

use super::super::files::{self, LoadedRig, LoadedShow};
use super::super::outcome::Failure;
use super::super::warnings;

/// A show, what it plays on, and what its page gets.
pub(super) struct PreviewSource {
    pub(super) rig: Arc<Rig>,
    pub(super) loaded: Arc<LoadedShow>,
    pub(super) data: ShowData,
}

impl PreviewSource {
    pub(super) fn read(name: &str, options: &PreviewOptions) -> Result<Self, Failure> {
        let LoadedRig { rig, told: mut all, .. } =
            files::rig(&options.stage.rig, files::output_kind(&options.stage.output))?;
        let loaded = files::inspected_show(name, &files::show_places(&options.stage), &rig)?;
        let told = [
            warnings::of_rig(&all, &options.stage),
            warnings::of_show(&loaded.told, &loaded.show, &options.stage),
        ];
        for line in told.into_iter().flatten() {
            spool::print_line(&stderr(), &printable(&line));
        }
        all.extend(loaded.told.clone());
        let mut data = ShowData::of(&loaded.show, &rig, loaded.length, &all);
        if let Some(music) = &loaded.show.audio {
            let sound = PageSound::read(&music.path, loaded.length);
            data.sound = Some(sound.map_err(|error| Failure::bad_file(error.into()))?);
        }
        Ok(Self { rig: Arc::new(rig), loaded: Arc::new(loaded), data })
    }

    pub(super) fn json(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string(&self.data).context("writing the data of the page")?)
    }
}
