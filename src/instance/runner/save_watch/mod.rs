//! Watches the files of a show that plays, on a thread of its own: reads them when a save is complete, and tells what
//! came of it. No save is lost, and none is read by halves. Knows nothing of what is done about it.
//!
//! The kernel tells what happens in the folders, so that a save is seen at once. The files themselves are looked at, too,
//! for a folder whose events do not come.

mod folder_events;
mod reading;
mod settling;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::faults;
use crate::file_access::FileVersion;

use super::super::saved::{Saved, SavedMistakes, ShowEdition};
use folder_events::{FolderEvent, FolderEvents, remote_kind};
use reading::FileReading;
use settling::{FileChange, Settling};

pub(crate) use reading::WatchedFiles;

/// How often files are looked at that nobody seems to save.
const LOOK: Duration = Duration::from_millis(500);
/// And while a save is under way.
const CLOSE_LOOK: Duration = Duration::from_millis(20);

/// What the watch tells.
#[derive(Debug)]
pub(crate) enum WatchNews {
    Saved(Saved),
    /// Something that the person who runs the show should know.
    Notice(String),
}

enum WatchMessage {
    Event(FolderEvent),
    Over,
}

/// Dropped, it watches no more; nobody waits for a disk.
pub(crate) struct SaveWatch(Sender<WatchMessage>);

impl Drop for SaveWatch {
    fn drop(&mut self) {
        // A watch that is over already takes no more.
        let _ = self.0.send(WatchMessage::Over);
    }
}

impl SaveWatch {
    /// The show `playing` was read from `files`; one that was saved since then is told at once. News goes to `tell`, on
    /// another thread; as long as that answers true, the watch goes on.
    ///
    /// # Errors
    /// When the system has no room for a small thread.
    pub(crate) fn start(
        files: WatchedFiles,
        playing: ShowEdition,
        tell: impl Fn(WatchNews) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (tx, messages) = channel();
        let events = tx.clone();
        let watch = move || {
            let reading = FileReading::new(files, playing.rig.clone());
            let mut watch = WatchThread {
                reading,
                taken: playing,
                mistakes: None,
                tell: Box::new(tell),
                settling: Settling::default(),
                versions: Vec::new(),
                events: None,
                told: Vec::new(),
            };
            watch.listen(events);
            watch.run(&messages);
        };
        thread::Builder::new().name("saves".into()).spawn(watch)?;
        Ok(Self(tx))
    }
}

struct WatchThread {
    reading: FileReading,
    /// The show that was told last.
    taken: ShowEdition,
    /// Those that were told last, as long as they are not mended.
    mistakes: Option<String>,
    tell: Box<dyn Fn(WatchNews) -> bool>,
    settling: Settling,
    /// The files that count, as they were at the last look.
    versions: Vec<(PathBuf, Option<FileVersion>)>,
    events: Option<FolderEvents>,
    /// What was told of folders whose events do not come.
    told: Vec<String>,
}

impl WatchThread {
    fn listen(&mut self, events: Sender<WatchMessage>) {
        let tell = move |event| {
            // A watch that is over takes no more.
            let _ = events.send(WatchMessage::Event(event));
        };
        match FolderEvents::open(tell) {
            Ok(events) => self.events = Some(events),
            Err(why) => {
                let why = format!("because the kernel tells of no save: {why}");
                self.tell_deaf(&format!("starcourt looks at the files twice a second, {why}"));
            }
        }
    }

    fn run(&mut self, messages: &Receiver<WatchMessage>) {
        self.count_files();
        if !self.follow_folders() {
            return;
        }
        // The show may have been saved since it was read.
        self.settling.note(Path::new(""), FileChange::Complete, Instant::now());
        let mut looked = Instant::now();
        loop {
            let look = looked + if self.settling.is_pending() { CLOSE_LOOK } else { LOOK };
            match messages.recv_timeout(look.saturating_duration_since(Instant::now())) {
                Ok(WatchMessage::Event(event)) => self.take_event(event),
                Ok(WatchMessage::Over) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if Instant::now() < look {
                continue;
            }
            self.look();
            looked = Instant::now();
            let is_due = self.settling.due(self.lacks_text()).is_some_and(|due| due <= looked);
            if !(if is_due { self.read(messages) } else { self.follow_folders() }) {
                return;
            }
        }
    }

    fn take_event(&mut self, FolderEvent { path, change }: FolderEvent) {
        let now = Instant::now();
        match path {
            None => self.settling.note(Path::new(""), FileChange::Complete, now),
            Some(path) if self.versions.iter().any(|(known, _)| *known == path) => {
                self.settling.note(&path, change, now);
            }
            Some(path) if change == FileChange::Complete => {
                if let Some(events) = &mut self.events {
                    events.note_gone(&path);
                }
            }
            Some(_) => {}
        }
    }

    fn look(&mut self) {
        let now = Instant::now();
        for (path, version) in &mut self.versions {
            let fresh = FileVersion::of(path);
            if fresh != *version {
                *version = fresh;
                self.settling.note(path, FileChange::Other, now);
            }
        }
    }

    fn lacks_text(&self) -> bool {
        self.versions.iter().any(|(_, version)| version.is_none_or(FileVersion::is_empty))
    }

    /// Whether the watch goes on.
    fn read(&mut self, messages: &Receiver<WatchMessage>) -> bool {
        faults::point("save");
        self.settling.begin_reading();
        // Which files count may have changed with the text.
        self.count_files();
        if !self.follow_folders() {
            return false;
        }
        let read = self.reading.read();
        self.look();
        for message in messages.try_iter() {
            match message {
                WatchMessage::Event(event) => self.take_event(event),
                WatchMessage::Over => return false,
            }
        }
        if self.settling.is_pending() {
            // It was saved once more meanwhile.
            return true;
        }
        match read {
            Ok((saved, refused_rig)) => {
                let goes_on = refused_rig.is_none_or(|words| (self.tell)(WatchNews::Notice(words)));
                let had_mistakes = self.mistakes.take().is_some();
                if saved.edition != self.taken {
                    self.taken = saved.edition.clone();
                    return goes_on && (self.tell)(WatchNews::Saved(Saved::Show(Box::new(saved))));
                }
                goes_on && (!had_mistakes || (self.tell)(WatchNews::Saved(Saved::AsBefore)))
            }
            Err(failure) => {
                let words = failure.words();
                if self.mistakes.as_ref() == Some(&words) {
                    return true;
                }
                self.mistakes = Some(words.clone());
                let told = failure.diagnoses().cloned().unwrap_or_default();
                (self.tell)(WatchNews::Saved(Saved::Mistakes(SavedMistakes { words, told })))
            }
        }
    }

    /// Which files count now, and how they are.
    fn count_files(&mut self) {
        let paths = self.reading.paths().into_iter();
        self.versions = paths.map(|path| (path.clone(), FileVersion::of(&path))).collect();
    }

    /// Listens to the folders of the files that count. Whether the watch goes on.
    fn follow_folders(&mut self) -> bool {
        let paths = self.versions.iter().map(|(path, _)| path);
        let mut folders: Vec<PathBuf> = paths.filter_map(|path| path.parent()).map(Path::to_owned).collect();
        folders.sort();
        folders.dedup();
        // One that is gone is a mistake, and may come back.
        folders.retain(|folder| folder.is_dir());
        let mut goes_on = true;
        for folder in &folders {
            if let Some(kind) = remote_kind(folder) {
                let folder = folder.display();
                goes_on &= self.tell_deaf(&format!(
                    "{folder} may be on another machine ({kind}): starcourt looks at it twice a second"
                ));
            }
        }
        let deaf = self.events.as_mut().map(|events| events.follow(&folders)).unwrap_or_default();
        for (folder, why) in deaf {
            let why = format!("because the kernel tells of no save there: {why}");
            goes_on &=
                self.tell_deaf(&format!("starcourt looks at {} twice a second, {why}", folder.display()));
        }
        goes_on
    }

    /// Once. Whether the watch goes on.
    fn tell_deaf(&mut self, words: &str) -> bool {
        if self.told.iter().any(|told| told == words) {
            return true;
        }
        self.told.push(words.to_owned());
        (self.tell)(WatchNews::Notice(words.to_owned()))
    }
}
