//! The socket's file: made so that it is there at once and right, for the group alone, and removed only
//! where it is still ours. Knows nothing of what is said on it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Owner and group may speak; the lock directory's group is the one that may use the pins.
const MODE: u32 = 0o660;

/// The file of a socket that is listened to.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
    /// Device and inode.
    id: (u64, u64),
}

impl Socket {
    /// Whatever has this name is replaced: by the lock there is nobody else who may listen here.
    pub(super) fn bind(path: &Path) -> io::Result<(Self, UnixListener)> {
        let (folder, name) = split(path)?;
        let mut unfinished = OsString::from(".");
        unfinished.push(name);
        let unfinished = through(&folder, &unfinished);
        remove_if_there(&unfinished)?;
        let listener = UnixListener::bind(&unfinished)?;
        listener.set_nonblocking(true)?;
        // Nobody finds it by its name before its mode is right.
        fs::set_permissions(&unfinished, Permissions::from_mode(MODE))?;
        let id = id_of(&unfinished)?;
        fs::rename(&unfinished, through(&folder, name))?;
        Ok((Self { path: path.to_owned(), id }, listener))
    }

    pub(super) fn is_in_place(&self) -> bool {
        id_of(&self.path).is_ok_and(|id| id == self.id)
    }

    pub(super) fn remove(&self) {
        if self.is_in_place() {
            // A file that stays behind disturbs nobody: the next who listens replaces it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A connection to whoever listens at `path`.
pub(super) fn connect(path: &Path) -> io::Result<UnixStream> {
    let (folder, name) = split(path)?;
    UnixStream::connect(through(&folder, name))
}

/// The folder, held open, and the name within it.
fn split(path: &Path) -> io::Result<(File, &OsStr)> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "this is no path of a file");
    let (folder, name) = (path.parent().ok_or_else(invalid)?, path.file_name().ok_or_else(invalid)?);
    let flags = libc::O_PATH | libc::O_DIRECTORY;
    Ok((OpenOptions::new().read(true).custom_flags(flags).open(folder)?, name))
}

/// A way to `name` that is short: a socket's address holds 108 bytes.
fn through(folder: &File, name: &OsStr) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name)
}

fn id_of(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::symlink_metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_the_groups_and_replaces_what_a_dead_instance_left() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(120));
        fs::create_dir(&deep).unwrap();
        let path = deep.join("starcourt.sock");
        let (left, listener) = Socket::bind(&path).unwrap();
        drop(listener);
        assert!(connect(&path).is_err(), "nobody listens any more");
        let (socket, _listener) = Socket::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o660);
        connect(&path).unwrap();
        left.remove();
        assert!(socket.is_in_place(), "it is no longer the other one's");
        socket.remove();
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
    }
}
