//! What guardians of instances that are gone are still at, or have left undone. Ends nobody: whoever has the
//! lines by now makes them safe, and a guardian that comes late leaves them alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::thread;
use std::time::Instant;

use super::dir::through;
use super::kernel::{self, FileId};
use super::name::Name;
use super::open_locks::OpenLocks;
use super::second_anchor::{Resource, SecondAnchor};
use super::{LAUNCH_PATIENCE, LAUNCH_POLL, Lock, LockDir, Refusal};
use crate::rig::Line;

const LONGEST_TEXT: usize = 16 * 1024; // bytes; a path and 28 lines fit many times over

/// What guardians of instances that are gone have not finished.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// Lines may be away from their safe level, and nobody else will see to it.
    pub is_unsafe: bool,
    /// The orders of those that can be believed: only root or this very user can have written them.
    pub orders: Vec<Vec<u8>>,
    believed: Vec<(Name, FileId)>,
}

impl Lock {
    /// What guardians of instances that are gone have not finished. To be asked before this lock has a
    /// guardian of its own.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub fn leftovers(&self) -> Result<Leftovers, Refusal> {
        let failed = |error| Refusal::io(format!("asking who guards {}", self.dir.path().display()), error);
        let found = files_of_the_dead(&self.dir, &self.anchor).map_err(failed)?;
        let mut left = Leftovers::default();
        for GuardiansFile { name, file, id, is_believed } in found {
            let Some(orders) = orders_in(&file).map_err(failed)? else { continue };
            left.is_unsafe = true;
            if is_believed {
                left.orders.push(orders);
                left.believed.push((name, id));
            }
        }
        Ok(left)
    }

    /// What was left undone is done: nobody has to do it again.
    pub fn forget(&self, left: &Leftovers) {
        for (name, id) in &left.believed {
            let entry = self.dir.entry_named(&name.guardian_file_name());
            let is_it = fs::symlink_metadata(&entry).is_ok_and(|metadata| FileId::from(&metadata) == *id);
            if is_it {
                // What stays behind has the next instance make its lines safe once more.
                let _ = fs::remove_file(entry);
            }
        }
    }

    /// Does `act` while nobody can take a line. It may ask which lines are another instance's.
    ///
    /// # Errors
    /// [`Refusal::Blocked`] when the door stays shut for a second, [`Refusal::Io`].
    pub fn while_no_launch<T>(&self, act: impl FnOnce(&dyn Fn(Line) -> bool) -> T) -> Result<T, Refusal> {
        let began = Instant::now();
        let failed = |error| Refusal::io(format!("entering {}", self.dir.path().display()), error);
        loop {
            if let Some(_door) = self.anchor.try_launch_mutex().map_err(failed)? {
                // Who cannot be asked about is left alone.
                let is_anothers = |line| !matches!(self.anchor.owner_of(Resource::Line(line)), Ok(None));
                return Ok(act(&is_anothers));
            }
            if began.elapsed() > LAUNCH_PATIENCE {
                return Err(Refusal::Blocked { directory: self.dir.path().to_owned() });
            }
            thread::sleep(LAUNCH_POLL);
        }
    }
}

/// Whether a guardian of an instance that is gone is at work at this moment.
pub(super) fn are_worked_on(dir: &LockDir, anchor: &SecondAnchor) -> io::Result<bool> {
    for GuardiansFile { file, .. } in files_of_the_dead(dir, anchor)? {
        if kernel::is_write_locked(&file)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The file of a guardian whose instance is gone.
struct GuardiansFile {
    name: Name,
    file: File,
    id: FileId,
    is_believed: bool,
}

fn files_of_the_dead(dir: &LockDir, anchor: &SecondAnchor) -> io::Result<Vec<GuardiansFile>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir.path())?.flatten() {
        let file_name = entry.file_name();
        let Some(name) = file_name.to_str().and_then(Name::from_guardian_file_name) else { continue };
        if anchor.owner_of(Resource::of(&name))?.is_some() {
            continue; // it lives, and so may its guardian
        }
        let Some((file, metadata)) = opened(dir, &name)? else { continue };
        let is_its_users_alone = metadata.mode() & 0o022 == 0 && metadata.nlink() == 1;
        let is_believed = is_its_users_alone && [0, kernel::own_user()].contains(&metadata.uid());
        files.push(GuardiansFile { name, file, id: FileId::from(&metadata), is_believed });
    }
    Ok(files)
}

/// `None` for what is no file, or not for us to read.
fn opened(dir: &LockDir, name: &Name) -> io::Result<Option<(File, fs::Metadata)>> {
    // A lock file of this very process must not be opened, under whatever name.
    let open_locks = OpenLocks::access();
    let not_for_us =
        |error: &io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied);
    let flags = libc::O_PATH | libc::O_NOFOLLOW;
    let path = dir.entry_named(&name.guardian_file_name());
    let handle = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Err(error) if not_for_us(&error) => return Ok(None),
        handle => handle?,
    };
    let metadata = handle.metadata()?;
    if !metadata.is_file() || open_locks.lock_file(FileId::from(&metadata)).is_some() {
        return Ok(None);
    }
    match File::open(through(&handle)) {
        Err(error) if not_for_us(&error) => Ok(None),
        file => Ok(Some((file?, metadata))),
    }
}

/// `None` where nothing is left to do.
fn orders_in(file: &File) -> io::Result<Option<Vec<u8>>> {
    let mut text = vec![0; LONGEST_TEXT];
    let length = file.read_at(&mut text, 0)?;
    text.truncate(length);
    let first = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
    let orders = text.split_off(first);
    Ok(Some(orders).filter(|orders| !orders.is_empty()))
}
