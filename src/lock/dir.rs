//! The lock directory: found, judged, made where that is permitted. Knows no lock in it.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, Mode, OFlags, accessat, open};
use rustix::process::geteuid;

use super::group;
use super::kernel::FileId;
use super::name::Name;
use super::place;
use super::refusal::{DirectoryFlaw, PermissionFix, Refusal};
use crate::file_access::{Draft, fd_path, handle};

const MODE: u32 = 0o2775; // the group makes lock files too, and they keep its group
const PARENT_MODE: u32 = 0o755;

/// A directory whose locks can be trusted: ours or root's, a real directory, not world-writable.
#[derive(Debug)]
pub struct LockDir {
    path: PathBuf,
    directory: File,
    id: FileId,
    group: u32,
}

impl LockDir {
    /// Where every starcourt on a machine looks. A second directory would be a second truth.
    pub const DEFAULT: &str = place::DEFAULT;

    /// Opens the directory at `path`; makes it, with its parents, where it is missing and that is
    /// permitted: mode 2775, of the group gpio where this system has one, whatever the umask.
    ///
    /// # Errors
    /// [`Refusal::NotPermitted`] with the command that mends it, [`Refusal::UnsafeDirectory`],
    /// [`Refusal::Io`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Refusal> {
        let path = plain(path.as_ref())?;
        if let Some(dir) = Self::existing(&path)? {
            return Ok(dir);
        }
        make(&path).map_err(|error| cannot_use(&path, error))?;
        Self::existing(&path)?.ok_or_else(|| {
            Refusal::io(format!("opening lock directory {}", path.display()), ErrorKind::NotFound.into())
        })
    }

    /// Opens the directory at `path`, `None` where there is none.
    ///
    /// # Errors
    /// As [`LockDir::open`].
    pub fn existing(path: impl AsRef<Path>) -> Result<Option<Self>, Refusal> {
        let path = plain(path.as_ref())?;
        let handle = match handle(&path) {
            Ok(handle) => handle,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot_use(&path, error)),
        };
        let metadata = handle.metadata().map_err(|error| cannot_use(&path, error))?;
        if let Some(flaw) = flaw(&metadata) {
            return Err(Refusal::UnsafeDirectory { path, flaw });
        }
        let directory = File::open(fd_path(&handle)).map_err(|error| cannot_use(&path, error))?;
        let (id, group) = (FileId::from(&metadata), metadata.gid());
        Ok(Some(Self { path, directory, id, group }))
    }

    /// The directory that another process has opened and judged.
    pub(super) fn shared(directory: File) -> io::Result<Self> {
        let metadata = directory.metadata()?;
        let path = fs::read_link(fd_path(&directory))?;
        Ok(Self { path, id: FileId::from(&metadata), group: metadata.gid(), directory })
    }

    /// `$XDG_RUNTIME_DIR/starcourt`: where simulated lights may be locked by a user who may not use
    /// [`LockDir::DEFAULT`]. `None` where the session has no such directory. The caller decides, and
    /// says so.
    #[must_use]
    pub fn runtime_fallback() -> Option<PathBuf> {
        place::runtime_fallback()
    }

    /// Whether this user may make lock files in it.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        let wanted = Access::WRITE_OK | Access::EXEC_OK;
        accessat(&self.directory, ".", wanted, AtFlags::EACCESS).is_ok()
    }

    /// Absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a lock's file is, for a person to read.
    #[must_use]
    pub fn lock_path(&self, name: &Name) -> PathBuf {
        self.path.join(name.file_name())
    }

    /// Where the instance that holds `name` can be spoken to.
    #[must_use]
    pub fn socket_path(&self, name: &Name) -> PathBuf {
        self.path.join(name.socket_name())
    }

    /// Where a file is in this very directory, whatever becomes of its path.
    pub(super) fn entry(&self, file_name: &str) -> PathBuf {
        fd_path(&self.directory).join(file_name)
    }

    /// A new descriptor, which shares no lock with any other.
    pub(super) fn open_again(&self) -> io::Result<File> {
        File::open(fd_path(&self.directory))
    }

    /// A new file that is to be `file_name`, with exactly this mode and of the directory's group. Nobody else has
    /// it open, so nobody's lock is on it.
    pub(super) fn draft(&self, file_name: &str, mode: u32) -> io::Result<(Draft<File>, File)> {
        let owner_only = Mode::RUSR | Mode::WUSR;
        let (draft, file) = Draft::make(self.open_again()?, OsStr::new(file_name), owner_only)?;
        if file.metadata()?.gid() != self.group {
            give_to_group(&file, self.group)?;
        }
        file.set_permissions(Permissions::from_mode(mode))?; // whatever the umask
        Ok((draft, file))
    }

    /// The refusal for a file at `path` in it that the system does not let this user lock.
    pub(super) fn cannot_lock(&self, path: &Path, error: io::Error) -> Refusal {
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => cannot_use(&self.path, error),
            _ => Refusal::io(format!("locking {}", path.display()), error),
        }
    }

    /// Whether its path still leads to this directory.
    pub(super) fn is_in_place(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|metadata| FileId::from(&metadata) == self.id)
    }
}

/// Absolute, whatever the process's own directory becomes, and without the trailing slash that would follow a link.
fn plain(path: &Path) -> Result<PathBuf, Refusal> {
    let absolute = std::path::absolute(path);
    let absolute = absolute.map_err(|error| Refusal::io("finding the lock directory".to_owned(), error))?;
    Ok(absolute.components().collect())
}

fn flaw(metadata: &fs::Metadata) -> Option<DirectoryFlaw> {
    let owner = metadata.uid();
    if metadata.is_symlink() {
        Some(DirectoryFlaw::Symlink)
    } else if !metadata.is_dir() {
        Some(DirectoryFlaw::NotADirectory)
    } else if metadata.mode() & 0o002 != 0 {
        // Sticky or not: who comes first could put files of theirs under our names.
        Some(DirectoryFlaw::WorldWritable)
    } else if owner != 0 && owner != geteuid().as_raw() {
        Some(DirectoryFlaw::OwnedBy(owner))
    } else {
        None
    }
}

fn make(path: &Path) -> io::Result<()> {
    let parents: Vec<_> = path.ancestors().skip(1).take_while(|parent| !parent.exists()).collect();
    for parent in parents.into_iter().rev() {
        make_one(parent, PARENT_MODE)?;
    }
    make_one(path, MODE)
}

/// Makes a directory with exactly this mode; one that somebody else makes meanwhile is left as is.
fn make_one(path: &Path, mode: u32) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    }
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = File::from(open(path, flags, Mode::empty())?);
    if let Some(gpio) = group::gpio().filter(|_| mode == MODE) {
        give_to_group(&directory, gpio)?;
    }
    directory.set_permissions(Permissions::from_mode(mode))
}

fn give_to_group(file: &File, group: u32) -> io::Result<()> {
    match fchown(file, None, Some(group)) {
        // Not in the group: then it serves its maker alone, who may not use pins anyway.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        changed => changed,
    }
}

/// The refusal for a directory that the system does not let this user use.
fn cannot_use(path: &Path, error: io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::PermissionDenied => {}
        // No right helps there.
        ErrorKind::ReadOnlyFilesystem => return Refusal::ReadOnly { path: path.to_owned() },
        _ => return Refusal::io(format!("opening lock directory {}", path.display()), error),
    }
    let gpio = group::gpio();
    let mend = match (fs::symlink_metadata(path), gpio) {
        (Ok(dir), Some(gpio)) if dir.gid() == gpio && dir.mode() & 0o070 == 0o070 => PermissionFix::JoinGpio,
        (_, Some(_)) => PermissionFix::MakeShared(path.to_owned()),
        (_, None) => PermissionFix::MakeOwn(path.to_owned()),
    };
    Refusal::NotPermitted { path: path.to_owned(), mend }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().expect("a scratch directory")
    }

    #[test]
    fn a_missing_directory_is_made_with_its_parents() {
        let scratch = scratch();
        let path = scratch.path().join("a/b/lock");
        assert!(LockDir::existing(&path).unwrap().is_none());
        let dir = LockDir::open(&path).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
        assert_eq!((mode(&path), mode(&scratch.path().join("a"))), (MODE, PARENT_MODE));
        assert!(dir.is_in_place() && dir.path() == path);
        assert!(LockDir::existing(&path).unwrap().is_some());
    }

    #[test]
    fn a_directory_that_was_replaced_is_not_in_place() {
        let scratch = scratch();
        let path = scratch.path().join("lock");
        let dir = LockDir::open(&path).unwrap();
        fs::remove_dir(&path).unwrap();
        assert!(!dir.is_in_place());
        let again = LockDir::open(&path).unwrap();
        assert!(again.is_in_place());
    }

    #[test]
    fn a_directory_that_others_could_fill_is_refused() {
        let scratch = scratch();
        let path = scratch.path().join("lock");
        let refused = |expected: DirectoryFlaw| match LockDir::open(&path) {
            Err(Refusal::UnsafeDirectory { flaw, .. }) => assert_eq!(flaw, expected),
            other => panic!("{other:?} instead of {expected:?}"),
        };
        fs::create_dir(&path).unwrap();
        for mode in [0o777, 0o1777, 0o2777] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            refused(DirectoryFlaw::WorldWritable);
        }
        fs::remove_dir(&path).unwrap();
        std::os::unix::fs::symlink("/run", &path).unwrap();
        refused(DirectoryFlaw::Symlink);
        assert!(LockDir::open(scratch.path().join("lock/")).is_err(), "a trailing slash follows no link");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "").unwrap();
        refused(DirectoryFlaw::NotADirectory);
    }
}
