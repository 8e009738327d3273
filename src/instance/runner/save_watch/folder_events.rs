//! What happens in folders, as the kernel tells it: the only file that names `notify`. It tells nothing of a folder on
//! another machine, and only so many folders can be watched; whoever asks looks at the files themselves, too.

use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use rustix::fs::statfs;

use super::settling::FileChange;

/// Something in a folder has changed; without a path, anything may have.
pub(super) struct FolderEvent {
    pub(super) path: Option<PathBuf>,
    pub(super) change: FileChange,
}

/// File systems of other machines, by statfs(2).
const REMOTE: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x786f_4256, "VirtualBox"),
];

/// Dropped, it tells nothing any more.
pub(super) struct FolderEvents {
    watcher: RecommendedWatcher,
    folders: Vec<PathBuf>,
}

impl FolderEvents {
    /// What happens goes to `tell`, on another thread.
    ///
    /// # Errors
    /// When the kernel has no room for one more who listens. A sentence without its end.
    pub(super) fn open(tell: impl Fn(FolderEvent) + Send + 'static) -> Result<Self, String> {
        let told = move |event: notify::Result<Event>| folder_events(event).into_iter().for_each(&tell);
        let watcher = RecommendedWatcher::new(told, Config::default()).map_err(|error| words(&error))?;
        Ok(Self { watcher, folders: Vec::new() })
    }

    /// Listens to these folders, and to no others. Those that cannot be listened to, each with why.
    pub(super) fn follow(&mut self, folders: &[PathBuf]) -> Vec<(PathBuf, String)> {
        let gone: Vec<_> = self.folders.extract_if(.., |known| !folders.contains(known)).collect();
        for folder in gone {
            // It may have been removed.
            let _ = self.watcher.unwatch(&folder);
        }
        let mut deaf = Vec::new();
        for folder in
            folders.iter().filter(|folder| !self.folders.contains(folder)).cloned().collect::<Vec<_>>()
        {
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => self.folders.push(folder),
                Err(error) => deaf.push((folder, words(&error))),
            }
        }
        deaf
    }

    /// If `path` is a folder that is listened to, it is gone now; another one may have its name.
    pub(super) fn note_gone(&mut self, path: &Path) {
        if self.folders.iter().any(|known| known == path) {
            let _ = self.watcher.unwatch(path);
            self.folders.retain(|known| known != path);
        }
    }
}

/// The kind of file system that `folder` is on, if the kernel does not see all that happens there.
pub(super) fn remote_kind(folder: &Path) -> Option<&'static str> {
    let kind = statfs(folder).ok()?.f_type as u32;
    REMOTE.iter().find(|(known, _)| *known == kind).map(|(_, name)| *name)
}

fn folder_events(event: notify::Result<Event>) -> Vec<FolderEvent> {
    let anything = || vec![FolderEvent { path: None, change: FileChange::Complete }];
    let Ok(event) = event else { return anything() };
    let change = match event.kind {
        EventKind::Modify(ModifyKind::Data(_)) | EventKind::Create(CreateKind::File) => FileChange::Written,
        EventKind::Modify(ModifyKind::Metadata(_)) => FileChange::Other,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_) => FileChange::Complete,
        // Reading, too, is told.
        EventKind::Access(_) => return Vec::new(),
        EventKind::Any | EventKind::Other => return anything(),
    };
    event.paths.into_iter().map(|path| FolderEvent { path: Some(path), change }).collect()
}

fn words(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "the kernel watches no more folders for this user".to_owned(),
        notify::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}
