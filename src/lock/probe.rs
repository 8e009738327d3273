//! Who holds a lock: asked without disturbing the holder, by anybody who may read. Takes nothing.

use std::fs;
use std::io;
use std::path::Path;

use super::dir::LockDir;
use super::holder::{Holder, KnownBy};
use super::lock_file::writer_of;
use super::lock_info::LockInfo;
use super::name::Name;
use super::pid::Pid;
use super::refusal::Refusal;
use super::second_anchor::{Resource, SecondAnchor};

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

/// The holder whose mark `pid` left, with what its file tells. `name` is the lock it must be, where that is known.
pub(super) fn holder_marked(dir: &LockDir, pid: Pid, name: Option<&Name>) -> Result<Holder, Refusal> {
    let by_file = match name {
        // Whatever is wrong with the file, the mark says who is in the way.
        Some(name) => holder_by_file(dir, name).ok().flatten(),
        None => holders_by_file(dir)?.into_iter().find(|holder| holder.pid == pid),
    };
    Ok(by_file.unwrap_or_else(|| by_anchor(dir, pid, name)))
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

/// Who has the file of `name` locked, as the kernel tells.
pub(super) fn holder_by_file(dir: &LockDir, name: &Name) -> Result<Option<Holder>, Refusal> {
    let of_file = |(pid, info)| Holder {
        pid,
        name: Some(name.clone()),
        path: dir.lock_path(name),
        known_by: KnownBy::File,
        info,
    };
    Ok(writer_of(dir, name)?.map(of_file))
}

pub(super) fn holders_by_file(dir: &LockDir) -> Result<Vec<Holder>, Refusal> {
    let entries = fs::read_dir(dir.path()).map_err(|error| unanswered(dir, error))?;
    let mut names: Vec<_> = entries
        .flatten() // an entry that cannot be read is no lock
        .filter_map(|entry| Name::from_file_name(entry.file_name().to_str()?))
        .collect();
    names.sort_by_key(Name::to_string);
    // One odd file must not hide the holders of the others.
    Ok(names.iter().filter_map(|name| holder_by_file(dir, name).ok().flatten()).collect())
}

fn unanswered(dir: &LockDir, error: io::Error) -> Refusal {
    Refusal::io(format!("asking who holds {}", dir.path().display()), error)
}
