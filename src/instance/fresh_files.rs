//! The service's own files as they were read anew, and which version of each is followed. Plain values: reads no file.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::file_access::FileVersion;
use crate::ipc::ServiceFile;
use crate::rig::Rig;
use crate::schedule::{Schedule, ShowFacts, ShowIndex};

/// A file as it was just before it was read: whatever is written to it after that is another version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FollowedFile {
    pub(crate) file: ServiceFile,
    /// `None` where there is no such file.
    pub(crate) path: Option<PathBuf>,
    pub(crate) version: Option<FileVersion>,
    pub(crate) read: Timestamp,
}

impl FollowedFile {
    /// As it is now. Blocks as long as the disk does.
    pub(crate) fn of(file: ServiceFile, path: Option<PathBuf>) -> Self {
        let version = path.as_deref().and_then(FileVersion::of);
        Self { file, path, version, read: Timestamp::now() }
    }
}

/// A schedule without mistakes, with what it must know of its shows.
#[derive(Clone, Debug)]
pub(crate) struct FreshSchedule {
    /// `None`: there is no file any more, and nothing plays by itself.
    pub(crate) schedule: Option<Schedule>,
    pub(crate) shows: ShowIndex,
    /// Shows that cannot be played, with why.
    pub(crate) broken: BTreeMap<String, String>,
}

/// A rig without mistakes, and the schedule as it is with this rig.
#[derive(Clone, Debug)]
pub(crate) struct FreshRig {
    pub(crate) rig: Arc<Rig>,
    pub(crate) schedule: FreshSchedule,
}

/// What has become of the schedule.
#[derive(Clone, Debug)]
pub(crate) enum ScheduleNews {
    Unchanged,
    /// For the rig that is followed.
    Changed(Box<FreshSchedule>),
    /// It names what only the new rig has.
    WaitsForRig,
}

/// What was read, and has no mistake.
#[derive(Clone, Debug)]
pub(crate) struct FreshFiles {
    pub(crate) schedule: ScheduleNews,
    /// What is new in the schedule, a line each.
    pub(crate) schedule_changes: Vec<String>,
    /// `None` where nothing of the rig has changed.
    pub(crate) rig: Option<FreshRig>,
    /// What is new in the rig, a line each.
    pub(crate) rig_changes: Vec<String>,
    /// The schedule's shows whose sheet, music or beat map has changed: what there is to know of each, or why it cannot be played.
    pub(crate) changed_shows: BTreeMap<String, Result<ShowFacts, String>>,
    /// What a person should know besides.
    pub(crate) notices: Vec<String>,
    pub(crate) schedule_file: FollowedFile,
    pub(crate) rig_file: FollowedFile,
}
