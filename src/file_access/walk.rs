//! The way to a folder, one name after the other, through no link of somebody else's.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags, RawMode, fstat, mkdirat, openat, readlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;

/// As many as the kernel follows.
const MOST_LINKS: u32 = 40;
const NEW_FOLDER: Mode = Mode::from_raw_mode(0o755);

/// What to do about a folder that is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum IfMissing {
    Refuse,
    Make,
}

/// The folder at `path`, as a handle.
pub(super) fn to_folder(path: &Path, missing: IfMissing) -> io::Result<OwnedFd> {
    let mut links = 0;
    go(path, missing, &mut links)
}

/// The folder of the file at `path`, and the file's name in it: where `path` is a link of ours or of root's, those
/// of the file that it leads to. What has that name, if anything, is no link that may be followed.
pub(super) fn to_file(path: &Path) -> io::Result<(OwnedFd, OsString)> {
    let mut links = 0;
    let mut path = path.to_owned();
    let mut start: Option<OwnedFd> = None;
    loop {
        let name = path.file_name().ok_or_else(no_file)?.to_owned();
        let parent = path.parent().unwrap_or(Path::new(""));
        let folder = match start.take() {
            Some(start) => go_from(start, parent, IfMissing::Refuse, &mut links)?,
            None => go(parent, IfMissing::Refuse, &mut links)?,
        };
        match target(&folder, &name, &mut links)? {
            Some(target) => (path, start) = (target, Some(folder)),
            None => return Ok((folder, name)),
        }
    }
}

fn go(path: &Path, missing: IfMissing, links: &mut u32) -> io::Result<OwnedFd> {
    go_from(openat(CWD, ".", HANDLE, Mode::empty())?, path, missing, links)
}

const HANDLE: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

fn go_from(start: OwnedFd, path: &Path, missing: IfMissing, links: &mut u32) -> io::Result<OwnedFd> {
    let mut at = start;
    let mut ahead: VecDeque<OsString> = steps(path);
    while let Some(step) = ahead.pop_front() {
        let next = match openat(&at, &step, HANDLE, Mode::empty()) {
            Err(Errno::NOENT) if missing == IfMissing::Make => match mkdirat(&at, &step, NEW_FOLDER) {
                Ok(()) | Err(Errno::EXIST) => openat(&at, &step, HANDLE, Mode::empty())?,
                Err(error) => return Err(error.into()),
            },
            next => next?,
        };
        match kind(&next)? {
            FileType::Directory => at = next,
            FileType::Symlink => {
                let target = read_link(&next, links)?;
                for step in steps(&target).into_iter().rev() {
                    ahead.push_front(step);
                }
            }
            _ => return Err(Errno::NOTDIR.into()),
        }
    }
    Ok(at)
}

/// Where the link `name` leads; `None` where it is no link, or nothing has that name.
fn target(folder: &OwnedFd, name: &OsStr, links: &mut u32) -> io::Result<Option<PathBuf>> {
    match openat(folder, name, HANDLE, Mode::empty()) {
        Ok(found) if kind(&found)? == FileType::Symlink => read_link(&found, links).map(Some),
        Ok(_) | Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn read_link(link: &OwnedFd, links: &mut u32) -> io::Result<PathBuf> {
    let owner = fstat(link)?.st_uid;
    if owner != 0 && owner != geteuid().as_raw() {
        let why = format!("a link of another user's (UID {owner}) is in the way; remove it");
        return Err(io::Error::new(ErrorKind::InvalidInput, why));
    }
    *links += 1;
    if *links > MOST_LINKS {
        return Err(Errno::LOOP.into());
    }
    // With no name: the link that is open, whatever has its name by now.
    let target = readlinkat(link, "", Vec::new())?;
    Ok(PathBuf::from(OsString::from_vec(target.into_bytes())))
}

fn kind(handle: &OwnedFd) -> io::Result<FileType> {
    Ok(FileType::from_raw_mode(fstat(handle)?.st_mode as RawMode))
}

/// The names to go through, `/` and `..` among them.
fn steps(path: &Path) -> VecDeque<OsString> {
    let steps = path.components().filter(|step| *step != Component::CurDir);
    steps.map(|step| step.as_os_str().to_owned()).collect()
}

fn no_file() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "this is no path of a file")
}
