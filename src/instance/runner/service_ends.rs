//! What the service has beside an instance: systemd, the reading of its files and the watch over them, and how far the
//! schedule has come, kept in a file. Decides nothing.

use std::sync::Arc;
use std::time::Instant;

use crate::rig::Rig;
use crate::schedule::Rotation;
use crate::service::notify::Notifier;
use crate::service::watchdog::{Signs, Watchdog};

use super::super::fresh_files::FollowedFile;
use super::super::state::ShowsToLookAt;
use super::file_reader::FileReader;
use super::file_watch::FileWatch;
use super::progress::ScheduleProgress;
use super::writer::FileWriter;

pub(crate) struct ServiceEnds {
    notifier: Notifier,
    watchdog: Option<Watchdog>,
    pub(super) reader: FileReader,
    files: FileWatch,
    progress: ScheduleProgress,
}

impl ServiceEnds {
    pub(crate) fn new(
        notifier: Notifier,
        (reader, files): (FileReader, FileWatch),
        progress: ScheduleProgress,
    ) -> Self {
        Self { watchdog: notifier.interval().map(Watchdog::new), notifier, reader, files, progress }
    }

    /// To be called at every turn of the main loop, with how often the timing thread and the sound card have given a
    /// sign of life where a show plays. Fails only where systemd has gone.
    pub(super) fn feed_watchdog(&mut self, signs: Option<(u64, Option<u64>)>) {
        self.notifier.catch_up();
        let signs = signs.map(|(beats, sound)| Signs { beats, sound });
        if self.watchdog.as_mut().is_some_and(|watchdog| watchdog.take_due(Instant::now(), signs)) {
            let _ = self.notifier.feed();
        }
    }

    pub(super) fn announce_ready(&mut self) {
        let _ = self.notifier.ready();
    }

    /// What systemd shows.
    pub(super) fn announce(&mut self, words: &str) {
        let _ = self.notifier.status(words);
    }

    pub(crate) fn announce_stopping(&mut self) {
        let _ = self.notifier.stopping();
    }

    pub(super) fn look_at_files(&self, shows: ShowsToLookAt) {
        self.files.ask(shows);
    }

    pub(super) fn note_followed(&self, file: FollowedFile) {
        self.files.note_followed(file);
    }

    pub(super) fn note_rig(&self, rig: Arc<Rig>) {
        self.files.note_rig(rig);
    }

    pub(super) fn keep(&self, rotation: &Rotation, writer: &mut FileWriter) {
        self.progress.keep(rotation, writer);
    }

    /// Writes down what must outlast the machine: between entries, and at the end.
    pub(crate) fn settle(&self, writer: &mut FileWriter) {
        self.progress.settle(writer);
    }
}
