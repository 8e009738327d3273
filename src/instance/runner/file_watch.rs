//! Looks at the files that the service goes by, on a thread of its own: whether the rig and the schedule are still as they
//! were read (once a second, without reading them), and whether a show that could not be played, or that comes
//! next, can be played (when it is asked to). Nobody waits for it: a disk may hang.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::file_access::FileVersion;
use crate::ipc::{ChangedFile, ServiceFile};
use crate::loading;
use crate::outcome::Failure;
use crate::rig::Rig;
use crate::schedule::ShowFacts;
use crate::show;

use super::super::fresh_files::FollowedFile;
use super::super::state::ShowsToLookAt;

const LOOK: Duration = Duration::from_secs(1);

/// What a look has found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Of the shows that were asked for: what there is to know of each, or why it cannot be played.
    pub(super) shows: BTreeMap<String, Result<ShowFacts, String>>,
    /// What is to be told of the rig and the schedule.
    pub(super) notices: Vec<String>,
    /// The files that are not as they were read; `None` where that is as it was at the last look.
    pub(super) changed: Option<Vec<ChangedFile>>,
}

/// How the service's own files are found and read.
pub(crate) trait OwnFiles: Send {
    /// Where `file` is, if there is one.
    fn place(&self, file: ServiceFile) -> Option<PathBuf>;

    /// Whether it has no mistakes, for a service that follows `rig`.
    ///
    /// # Errors
    /// Its mistakes.
    fn check(&self, file: ServiceFile, rig: &Rig) -> Result<(), Failure>;
}

/// What the service goes by.
struct Followed {
    rig: Arc<Rig>,
    files: Vec<FollowedFile>,
}

/// Dropped, it looks no more; nobody waits for a look that is under way.
pub(crate) struct FileWatch {
    asks: SyncSender<ShowsToLookAt>,
    /// Never held while a disk is asked.
    followed: Arc<Mutex<Followed>>,
}

impl FileWatch {
    /// The service goes by `rig` and by `files` as they were read. What is found goes to `tell`, on a thread of its own;
    /// as long as that answers true, the watch goes on.
    ///
    /// # Errors
    /// When the system has no room for a small thread.
    pub(crate) fn new(
        own: impl OwnFiles + 'static,
        places: Vec<PathBuf>,
        (rig, files): (Arc<Rig>, Vec<FollowedFile>),
        tell: impl Fn(Found) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (asks, asked) = sync_channel(1);
        let followed = Arc::new(Mutex::new(Followed { rig, files }));
        let mut look = FileLook {
            own,
            places,
            followed: Arc::clone(&followed),
            told: Vec::new(),
            seen: BTreeMap::new(),
            sheets: BTreeMap::new(),
        };
        thread::Builder::new().name("lookout".into()).spawn(move || look.watch(&asked, &tell))?;
        Ok(Self { asks, followed })
    }

    /// Has it look at these shows, and at the files. Never blocks: one that is still looking is not asked again.
    pub(super) fn ask(&self, shows: ShowsToLookAt) {
        // Its panic, if it was one, ends the service anyway.
        let _ = self.asks.try_send(shows);
    }

    /// The service goes by this version of `file` from now on.
    pub(super) fn note_followed(&self, file: FollowedFile) {
        let mut followed = open(&self.followed);
        followed.files.retain(|known| known.file != file.file);
        followed.files.push(file);
    }

    /// The service drives this rig from now on.
    pub(super) fn note_rig(&self, rig: Arc<Rig>) {
        open(&self.followed).rig = rig;
    }
}

/// What the watch's thread remembers.
struct FileLook<T> {
    own: T,
    places: Vec<PathBuf>,
    followed: Arc<Mutex<Followed>>,
    /// The changed files as they were told last.
    told: Vec<ChangedFile>,
    /// The versions that were told of in a notice.
    seen: BTreeMap<&'static str, Option<FileVersion>>,
    /// The versions of the sheets that came next.
    sheets: BTreeMap<String, Option<FileVersion>>,
}

impl<T: OwnFiles> FileLook<T> {
    fn watch(&mut self, asked: &Receiver<ShowsToLookAt>, tell: &impl Fn(Found) -> bool) {
        let mut next = Instant::now() + LOOK;
        loop {
            let shows = match asked.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(shows) => Some(shows),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            next = Instant::now() + LOOK;
            let changed = self.changed();
            let mut found = Found::default();
            if let Some(shows) = shows {
                let rig = Arc::clone(&open(&self.followed).rig);
                found.shows = self.look_at_shows(shows, &rig);
                found.notices = changed.iter().filter_map(|changed| self.notice(changed, &rig)).collect();
            }
            if changed != self.told {
                self.told.clone_from(&changed);
                found.changed = Some(changed);
            }
            let is_news = found.changed.is_some() || !found.shows.is_empty() || !found.notices.is_empty();
            if is_news && !tell(found) {
                return;
            }
        }
    }

    /// The files that are not as they were read.
    fn changed(&self) -> Vec<ChangedFile> {
        let files = open(&self.followed).files.clone();
        let changed = files.into_iter().filter_map(|followed| {
            let path = self.own.place(followed.file);
            let version = path.as_deref().and_then(FileVersion::of);
            if (&path, version) == (&followed.path, followed.version) {
                return None;
            }
            let path = path.or(followed.path)?;
            let path = std::path::absolute(&path).unwrap_or(path).display().to_string();
            Some(ChangedFile { file: followed.file, path, since: followed.read, waits: false })
        });
        changed.collect()
    }

    fn look_at_shows(
        &mut self,
        ShowsToLookAt { broken, next }: ShowsToLookAt,
        rig: &Rig,
    ) -> BTreeMap<String, Result<ShowFacts, String>> {
        // A music file that is missing may come back under the same sheet, so broken shows are always read.
        let next = next.filter(|name| !broken.contains(name) && self.note_sheet(name));
        let look = |name: String| {
            let facts = loading::facts(&name, &self.places, rig);
            (name, facts.map_err(|failure| failure.words()))
        };
        broken.into_iter().chain(next).map(look).collect()
    }

    /// Notes the sheet of this show; whether it is another one than was noted before.
    fn note_sheet(&mut self, name: &str) -> bool {
        let sheet = show::find::find(name, &self.places).ok();
        let version = sheet.as_deref().and_then(FileVersion::of);
        self.sheets.insert(name.to_owned(), version) != Some(version)
    }

    /// What is to be told of a file that has changed, once for each version of it.
    fn notice(&mut self, changed: &ChangedFile, rig: &Rig) -> Option<String> {
        let version = FileVersion::of(changed.path.as_ref());
        let before = self.seen.insert(changed.file.name(), version);
        if before == Some(version) {
            return None;
        }
        let path = &changed.path;
        Some(match self.own.check(changed.file, rig) {
            Ok(()) => format!("{path} has changed: `starcourt reload` takes it"),
            Err(failure) => {
                format!(
                    "{path} has changed and cannot be used: the service goes on as it was\n{}",
                    failure.words()
                )
            }
        })
    }
}

fn open(followed: &Mutex<Followed>) -> MutexGuard<'_, Followed> {
    followed.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::output::testing;

    struct OneFile(PathBuf);

    impl OwnFiles for OneFile {
        fn place(&self, file: ServiceFile) -> Option<PathBuf> {
            (file == ServiceFile::Rig && self.0.exists()).then(|| self.0.clone())
        }

        fn check(&self, _file: ServiceFile, _rig: &Rig) -> Result<(), Failure> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_changes_is_told_until_it_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rig.toml");
        fs::write(&path, "one").unwrap();
        let followed = || FollowedFile::of(ServiceFile::Rig, Some(path.clone()));
        let (tx, found) = channel();
        let rig = Arc::new(testing::rig());
        let files = vec![followed(), FollowedFile::of(ServiceFile::Schedule, None)];
        let tell = move |found: Found| tx.send(found).is_ok();
        let watch = FileWatch::new(OneFile(path.clone()), Vec::new(), (rig, files), tell).unwrap();
        let next = || found.recv_timeout(Duration::from_secs(20)).expect("it is told within a second");
        fs::write(&path, "four").unwrap();
        watch.ask(ShowsToLookAt::default());
        let told = next();
        assert_eq!(told.changed.map(|changed| changed.len()), Some(1));
        assert_eq!(told.notices.len(), 1, "{:?}", told.notices);
        watch.note_followed(followed());
        assert_eq!(next().changed, Some(Vec::new()));
        fs::remove_file(&path).unwrap();
        assert_eq!(next().changed.map(|changed| changed[0].file), Some(ServiceFile::Rig));
    }
}
