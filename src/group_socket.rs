//! The socket's file: made so that it is there at once and right, for the group alone, and removed only
//! where it is still ours. Knows nothing of what is said on it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{Mode, fchmod};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, listen, socket_with};
use rustix::process::geteuid;

use crate::file_access::{Folder, fd_path, unpredictable_name};

/// Owner and group may speak; the lock directory's group is the one that may use the pins.
const MODE: u32 = 0o660;
/// As many may wait to be let in as with the standard library's.
const WAITING: i32 = 128;

/// An instance that is well lets everybody in within a hundredth of this.
const PATIENCE: u32 = 100;
const LOOK: Duration = Duration::from_millis(10);

/// The file of a socket that is listened to.
#[derive(Debug)]
pub(crate) struct GroupSocket {
    path: PathBuf,
    folder: Folder,
    name: OsString,
    /// Device and inode.
    id: (u64, u64),
}

impl GroupSocket {
    /// Listens at `path`, without blocking. Whatever has this name is replaced: by a lock there is nobody else who may
    /// listen here.
    pub(crate) fn bind(path: &Path, kind: SocketType) -> io::Result<(Self, OwnedFd)> {
        let (folder, name) = split(path)?;
        let unfinished = unpredictable_name(OsStr::new("sock"));
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::UNIX, kind, flags, None)?;
        // Its file takes over this mode: nobody speaks before the group may.
        fchmod(&socket, Mode::RUSR | Mode::WUSR)?;
        bind(&socket, &SocketAddrUnix::new(folder.path_of(&unfinished))?)?;
        let finished = finish(&folder, &unfinished).and_then(|id| {
            listen(&socket, WAITING)?;
            fs::rename(folder.path_of(&unfinished), folder.path_of(name))?;
            Ok(id)
        });
        let id = finished.inspect_err(|_| {
            // It is useless there, and disturbs nobody.
            let _ = fs::remove_file(folder.path_of(&unfinished));
        })?;
        Ok((Self { path: path.to_owned(), name: name.to_owned(), folder, id }, socket))
    }

    pub(crate) fn is_in_place(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|about| id(&about) == self.id)
    }

    pub(crate) fn remove(&self) {
        let file = self.folder.path_of(&self.name);
        if fs::symlink_metadata(&file).is_ok_and(|about| id(&about) == self.id) {
            // A file that stays behind disturbs nobody: the next who listens replaces it.
            let _ = fs::remove_file(file);
        }
    }
}

/// Opens the socket `name` to the group. Other members may have put something else there meanwhile: what is
/// changed is what was looked at, never what has the name.
fn finish(folder: &Folder, name: &OsStr) -> io::Result<(u64, u64)> {
    let handle = folder.handle_of(name)?.ok_or(ErrorKind::NotFound)?;
    let about = handle.metadata()?;
    must_be_socket(&about)?;
    if about.uid() != geteuid().as_raw() || about.nlink() > 1 {
        return Err(io::Error::new(ErrorKind::InvalidInput, "somebody else put another socket in its place"));
    }
    fs::set_permissions(fd_path(&handle), Permissions::from_mode(MODE))?;
    Ok(id(&about))
}

/// A connection to whoever listens at `path`, which does not block. Waits up to a second where too many others want in.
pub(crate) fn connect(path: &Path, kind: SocketType) -> io::Result<OwnedFd> {
    let (folder, name) = split(path)?;
    let handle: File = folder.handle_of(name)?.ok_or(ErrorKind::NotFound)?;
    must_be_socket(&handle.metadata()?)?;
    // By its handle: a socket's address holds 108 bytes, and a show's name alone may have more.
    let address = SocketAddrUnix::new(fd_path(&handle))?;
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    for _ in 0..PATIENCE {
        let socket = socket_with(AddressFamily::UNIX, kind, flags, None)?;
        match rustix::net::connect(&socket, &address) {
            Ok(()) => return Ok(socket),
            // Whoever listens there lets nobody in, and a connection that waits would wait for ever.
            Err(Errno::AGAIN) => thread::sleep(LOOK),
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::Error::new(ErrorKind::TimedOut, "whoever listens there lets nobody in"))
}

fn must_be_socket(about: &Metadata) -> io::Result<()> {
    match about.file_type().is_socket() {
        true => Ok(()),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "this is no socket")),
    }
}

/// The folder, held open, and the name within it.
fn split(path: &Path) -> io::Result<(Folder, &OsStr)> {
    let invalid = || io::Error::new(ErrorKind::InvalidInput, "this is no path of a file");
    let (folder, name) = (path.parent().ok_or_else(invalid)?, path.file_name().ok_or_else(invalid)?);
    Ok((Folder::open(folder)?, name))
}

fn id(about: &Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    fn bind(path: &Path) -> io::Result<(GroupSocket, OwnedFd)> {
        GroupSocket::bind(path, SocketType::STREAM)
    }

    fn call(path: &Path) -> io::Result<OwnedFd> {
        connect(path, SocketType::STREAM)
    }

    #[test]
    fn a_socket_is_the_groups_and_replaces_what_a_dead_instance_left() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(120));
        fs::create_dir(&deep).unwrap();
        let path = deep.join("starcourt.sock");
        let (left, listener) = bind(&path).unwrap();
        drop(listener);
        assert!(call(&path).is_err(), "nobody listens any more");
        let (socket, _listener) = bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o660, "whatever the umask");
        call(&path).unwrap();
        left.remove();
        assert!(socket.is_in_place(), "it is no longer the other one's");
        socket.remove();
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
    }

    /// A mode by name would be the mode of whatever a member of the group laid there meanwhile.
    #[test]
    fn what_lies_where_the_socket_is_made_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("victim"), "").unwrap();
        fs::set_permissions(at("victim"), Permissions::from_mode(0o600)).unwrap();
        for name in [".starcourt.sock", "starcourt.sock", "planted"] {
            std::os::unix::fs::symlink(at("victim"), at(name)).unwrap();
        }
        let told = finish(&Folder::open(folder.path()).unwrap(), OsStr::new("planted")).unwrap_err();
        assert_eq!(told.to_string(), "this is no socket");
        assert_eq!(call(&at("planted")).unwrap_err().to_string(), "this is no socket");
        let (_socket, _listener) = bind(&at("starcourt.sock")).unwrap();
        call(&at("starcourt.sock")).unwrap();
        assert_eq!(fs::metadata(at("victim")).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_long_name_can_be_listened_and_spoken_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("starcourt_{}.sock", "x".repeat(200)));
        let (_socket, _listener) = bind(&path).unwrap();
        call(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn who_lets_nobody_in_is_not_waited_for_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starcourt.sock");
        let _deaf = UnixListener::bind(&path).unwrap();
        let waiting: Vec<_> = (0..5_000).map_while(|_| call(&path).ok()).collect();
        assert!(waiting.len() < 5_000, "it let all of them in");
        assert_eq!(call(&path).unwrap_err().kind(), ErrorKind::TimedOut);
    }
}
