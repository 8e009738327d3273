//! Files in a folder that others may write to: `/var/lib/starcourt` and `/run/starcourt` belong to the group gpio.
//!
//! A member may put anything there under any name: a link, a pipe, a device, a second name of a file of root's. So
//! everything here goes by the folder's handle and by what was opened. Knows nothing of what a file holds.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use super::draft::Draft;
use super::walk::{self, IfMissing};
use super::{fd_path, must_be_regular, must_have_one_name, read_bounded};

/// Everybody may read what is kept, whatever the umask; who may write to the folder replaces it.
const MODE: u32 = 0o644;
const LOCK_MODE: u32 = 0o660;
/// Until a file has its own mode, it is its writer's alone.
const UNFINISHED: Mode = Mode::from_raw_mode(0o600);

/// What a file is kept on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// Gone when the machine is switched off.
    Memory,
    /// Stays when the power is cut at any moment: the old file or the new one, whole.
    Disk,
}

/// A folder, held open: whatever becomes of its path, its files are in this one.
#[derive(Debug)]
pub struct Folder(OwnedFd);

impl Folder {
    /// Opens the folder at `path`. A link on the way is followed if it belongs to this user or to root.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is none, [`ErrorKind::InvalidInput`] where somebody else's link
    /// is in the way; otherwise what the kernel says.
    pub fn open(path: &Path) -> io::Result<Self> {
        walk::to_folder(path, IfMissing::Refuse).map(Self)
    }

    /// As [`open`](Self::open); makes the folder and those above it where they are missing.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn make(path: &Path) -> io::Result<Self> {
        walk::to_folder(path, IfMissing::Make).map(Self)
    }

    /// What is in the file `name`, at most `most` bytes; `None` where there is no such file. Never waits for
    /// whatever lies there.
    ///
    /// Whose file it is does not matter: every member of the folder's group may replace it anyway.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is not a regular file of one name that only its owner and group may
    /// write, [`ErrorKind::FileTooLarge`]; otherwise what the kernel says.
    pub fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(handle) = self.handle_of(OsStr::new(name))? else { return Ok(None) };
        must_be_regular(&handle)?;
        must_have_one_name(&handle)?;
        if handle.metadata()?.mode() & 0o002 != 0 {
            let why = "anybody may write this file; take that away with chmod o-w";
            return Err(io::Error::new(ErrorKind::InvalidInput, why));
        }
        // Without waiting for the end of a lease that another member of the group took.
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(fd_path(&handle))?;
        read_bounded(file, most).map(Some)
    }

    /// Puts a new file with `content` in the place of whatever is called `name`. A reader finds the old one or
    /// the new one, whole.
    ///
    /// # Errors
    /// When it cannot be written; the old one is still there then.
    pub fn replace(&self, name: &str, content: &[u8], storage: Storage) -> io::Result<()> {
        let name = OsStr::new(name);
        let (draft, file) = self.draft(name, content)?;
        file.set_permissions(Permissions::from_mode(MODE))?;
        self.put_in_place(&draft, &file, name, storage)
    }

    /// As [`replace`](Self::replace) on a disk, with the owner, group and mode of `like`.
    ///
    /// # Errors
    /// As [`replace`](Self::replace), and when this user may not give files to that owner.
    pub fn replace_like(&self, name: &OsStr, content: &[u8], like: &Metadata) -> io::Result<()> {
        let (draft, file) = self.draft(name, content)?;
        let mine = file.metadata()?;
        if (mine.uid(), mine.gid()) != (like.uid(), like.gid()) {
            fchown(&file, Some(like.uid()), Some(like.gid()))?;
        }
        file.set_permissions(Permissions::from_mode(like.mode() & 0o7777))?;
        self.put_in_place(&draft, &file, name, Storage::Disk)
    }

    /// Makes a file for `name` here and removes it again: whether [`replace`](Self::replace) may succeed.
    ///
    /// # Errors
    /// Why it will not.
    pub fn try_to_write(&self, name: &OsStr) -> io::Result<()> {
        self.draft(name, &[]).map(drop)
    }

    fn draft(&self, name: &OsStr, content: &[u8]) -> io::Result<(Draft<&OwnedFd>, File)> {
        let (draft, mut file) = Draft::make(&self.0, name, UNFINISHED)?;
        file.write_all(content)?;
        Ok((draft, file))
    }

    fn put_in_place(
        &self,
        draft: &Draft<&OwnedFd>,
        file: &File,
        name: &OsStr,
        storage: Storage,
    ) -> io::Result<()> {
        if storage == Storage::Memory {
            return draft.put_in_place(name);
        }
        // Otherwise a power cut could leave the new name with nothing behind it.
        file.sync_all()?;
        draft.put_in_place(name)?;
        self.descriptor()?.sync_all()
    }

    /// A handle of whatever is called `name`, a link too: it can be looked at, and nothing is opened by it, so that
    /// no pipe blocks and no device wakes. `None` where there is nothing.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn handle_of(&self, name: &OsStr) -> io::Result<Option<File>> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(&self.0, name, flags, Mode::empty()) {
            Ok(handle) => Ok(Some(handle.into())),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A path to `name` in this very folder, whatever becomes of the folder's own. Short, and good for as long as
    /// this folder is open.
    #[must_use]
    pub fn path_of(&self, name: &OsStr) -> PathBuf {
        fd_path(&self.0).join(name)
    }

    /// A file to lock, made if it is missing: only this folder's group and the file's owner can open it, so that
    /// nobody who may merely read here can keep them waiting.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when this user may not write to it.
    pub fn lock_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(&self.0, name, flags, UNFINISHED) {
            Ok(made) => {
                let made = File::from(made);
                made.set_permissions(Permissions::from_mode(LOCK_MODE))?;
                return Ok(made);
            }
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let handle = self.handle_of(OsStr::new(name))?.ok_or(ErrorKind::NotFound)?;
        must_be_regular(&handle)?;
        must_have_one_name(&handle)?;
        OpenOptions::new().read(true).write(true).open(fd_path(&handle))
    }

    /// A descriptor of the folder itself, to sync.
    fn descriptor(&self) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(openat(&self.0, ".", flags, Mode::empty())?.into())
    }
}
