//! Who holds a lock: asked without disturbing the holder, by anybody who may read. Takes nothing.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::dir::LockDir;
use super::kernel::{self, FileId, Process};
use super::lock_file::flaw;
use super::lock_info::LockInfo;
use super::name::Name;
use super::open_locks::OpenLocks;
use super::pid::Pid;
use super::refusal::Refusal;
use super::second_anchor::{Resource, SecondAnchor};

const LONGEST_TEXT: usize = 4096; // bytes; whatever else a file holds is not read

/// An instance that holds a lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    /// From the kernel, never from a text.
    pub pid: Pid,
    /// Which lock; `None` where its file is gone and only a mark on the directory tells of it.
    pub name: Option<Name>,
    /// Where its lock file is or was; the lock directory where even that is unknown.
    pub path: PathBuf,
    pub known_by: KnownBy,
    /// What it says of itself; empty where that is not known or not believed.
    pub info: LockInfo,
}

impl Holder {
    /// Whether it is dead or dying, and all that is left are marks that it has yet to drop, or that a child of
    /// it has inherited.
    pub(super) fn is_dead(&self) -> bool {
        let number = self.pid.number().filter(|_| self.known_by == KnownBy::SecondAnchor);
        // A process of another PID namespace has no number here, or one that tells nothing: it is taken
        // for dead for a moment, and refuses for all that.
        number.is_some_and(|number| match Process::open(number) {
            Ok(process) => {
                process.is_none_or(|process| process.wait(Duration::ZERO)) || kernel::is_ending(number)
            }
            Err(_) => false,
        })
    }
}

/// By what a holder is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnownBy {
    /// The kernel names it as the holder of a lock file.
    File,
    /// The file was deleted, or may not be read; the mark on the directory stands.
    SecondAnchor,
}

/// Who holds `name` under `directory`; `None` when nobody does, or there is no such directory.
/// Does not block, needs no right to write, and is safe in the holder's own process.
///
/// # Errors
/// [`Refusal::UnsafeDirectory`], [`Refusal::UnsafeFile`], [`Refusal::NotPermitted`] where even
/// reading is, [`Refusal::Io`].
pub fn probe(directory: impl AsRef<Path>, name: &Name) -> Result<Option<Holder>, Refusal> {
    let Some(dir) = LockDir::existing(directory)? else { return Ok(None) };
    let by_file = holder_by_file(&dir, name);
    if matches!(by_file, Ok(Some(_))) {
        return by_file;
    }
    let anchor = SecondAnchor::on(&dir).map_err(|error| unanswered(&dir, error))?;
    let owner = anchor.owner_of(Resource::of(name)).map_err(|error| unanswered(&dir, error))?;
    match owner {
        Some(pid) => Ok(Some(by_anchor(&dir, pid, Some(name)))),
        None => by_file,
    }
}

/// Everybody who holds a lock under `directory`, by the names of their locks; those whose files are
/// gone come last. Does not block and disturbs nobody.
///
/// # Errors
/// As [`probe`], but what is no lock file is passed over.
pub fn instances(directory: impl AsRef<Path>) -> Result<Vec<Holder>, Refusal> {
    let Some(dir) = LockDir::existing(directory)? else { return Ok(Vec::new()) };
    let mut holders = holders_by_file(&dir)?;
    let anchor = SecondAnchor::on(&dir).map_err(|error| unanswered(&dir, error))?;
    let known: Vec<_> = holders.iter().filter_map(|holder| holder.name.as_ref()).map(Resource::of).collect();
    let others = anchor.owners_but(&known).map_err(|error| unanswered(&dir, error))?;
    let others: Vec<_> = others.into_iter().map(|pid| by_anchor(&dir, pid, None)).collect();
    holders.extend(others);
    Ok(holders)
}

/// The holder whose mark `pid` left, with whatever its file tells. `name` is the lock it must be,
/// where that is known.
pub(super) fn holder_marked(dir: &LockDir, pid: Pid, name: Option<&Name>) -> Result<Holder, Refusal> {
    if let Some(name) = name {
        // Whatever is wrong with the file, the mark says who is in the way.
        let by_file = holder_by_file(dir, name).ok().flatten();
        return Ok(by_file.unwrap_or_else(|| by_anchor(dir, pid, Some(name))));
    }
    let visible = holders_by_file(dir)?.into_iter().find(|holder| holder.pid == pid);
    Ok(visible.unwrap_or_else(|| by_anchor(dir, pid, None)))
}

fn by_anchor(dir: &LockDir, pid: Pid, name: Option<&Name>) -> Holder {
    Holder {
        pid,
        name: name.cloned(),
        path: name.map_or_else(|| dir.path().to_owned(), |name| dir.lock_path(name)),
        known_by: KnownBy::SecondAnchor,
        info: LockInfo::default(),
    }
}

pub(super) fn holders_by_file(dir: &LockDir) -> Result<Vec<Holder>, Refusal> {
    let entries = fs::read_dir(dir.path()).map_err(|error| unanswered(dir, error))?;
    let mut names: Vec<_> = entries
        .flatten() // an entry that cannot be read is no lock
        .filter_map(|entry| Name::from_file_name(entry.file_name().to_str()?))
        .collect();
    names.sort_by_key(Name::to_string);
    let looks = names.iter().map(|name| holder_by_file(dir, name));
    looks
        .filter(|look| !matches!(look, Err(Refusal::UnsafeFile { .. })))
        .filter_map(Result::transpose)
        .collect()
}

/// Who has the file of `name` locked, as the kernel tells.
pub(super) fn holder_by_file(dir: &LockDir, name: &Name) -> Result<Option<Holder>, Refusal> {
    let open_locks = OpenLocks::access();
    let entry = dir.entry(name);
    let failed =
        |error| Refusal::io(format!("asking for the holder of {}", dir.lock_path(name).display()), error);
    let metadata = match fs::symlink_metadata(&entry) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        metadata => metadata.map_err(failed)?,
    };
    if let Some(flaw) = flaw(&metadata) {
        return Err(Refusal::UnsafeFile { path: dir.lock_path(name), flaw });
    }
    let found = |pid, info: Option<LockInfo>| Holder {
        pid,
        name: Some(name.clone()),
        path: dir.lock_path(name),
        known_by: KnownBy::File,
        info: info.unwrap_or_default(),
    };
    if let Some(lock_file) = open_locks.lock_file(FileId::from(&metadata)) {
        return Ok(Some(found(Pid::own(), lock_file.read().map_err(failed)?)));
    }
    // Should a pipe have slipped in since the look, it is not waited for.
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(&entry) {
        // Gone again, or not for us to read: the mark on the directory still tells.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
            return Ok(None);
        }
        opened => opened.map_err(failed)?,
    };
    let Some(pid) = kernel::writer(&file).map_err(failed)? else { return Ok(None) };
    let text = steady_text(|text| file.read_at(text, 0)).map_err(failed)?;
    Ok(Some(found(pid, LockInfo::read(&text, pid))))
}

/// The text as two readings agree on it: the holder may be writing at this very moment.
fn steady_text(read: impl Fn(&mut [u8]) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let reading = || {
        let mut text = vec![0; LONGEST_TEXT];
        let length = read(&mut text)?;
        text.truncate(length);
        io::Result::Ok(text)
    };
    let mut text = reading()?;
    for _ in 0..3 {
        let again = reading()?;
        if again == text {
            break;
        }
        text = again;
    }
    Ok(text)
}

fn unanswered(dir: &LockDir, error: io::Error) -> Refusal {
    Refusal::io(format!("asking who holds {}", dir.path().display()), error)
}
