//! A file that a person named, opened for writing or replaced. Knows nothing of what it is for.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use super::draft::Draft;
use super::{fd_path, must_be_regular, must_have_one_name, walk};

/// Others would have to make and remove the file all the time to be in the way so often.
const ATTEMPTS: u32 = 16;
/// The umask takes away what the person does not want.
const MODE: Mode = Mode::from_raw_mode(0o666);

/// Opens the regular file at `path` for reading and writing; makes it if it is missing. A new file holds
/// `content` from the moment it has its name. An old one keeps what it holds: the caller decides.
///
/// A link on the way is followed if it belongs to this user or to root: in `/tmp`, others may plant them.
///
/// # Errors
/// As [`open_regular`](super::open_regular); [`ErrorKind::InvalidInput`] too when somebody else's link is in
/// the way, or when the file has a second name, which may be that of a file that matters.
pub fn create_named(path: &Path, content: &[u8]) -> io::Result<File> {
    for _ in 0..ATTEMPTS {
        let (folder, name) = walk::to_file(path)?;
        match openat(&folder, &name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()) {
            Ok(handle) => {
                let handle = File::from(handle);
                must_be_regular(&handle)?;
                must_have_one_name(&handle)?;
                return OpenOptions::new().read(true).write(true).open(fd_path(&handle));
            }
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
        // Somebody else may have made it meanwhile: theirs is opened.
        if let Some(file) = make(&folder, &name, content)? {
            return Ok(file);
        }
    }
    Err(io::Error::new(ErrorKind::WouldBlock, "somebody else makes and removes this file all the time"))
}

/// Puts a new file with `content` in the place of the regular file at `path`, or makes it. A reader finds the old one or
/// the new one, whole; so does everybody after a loss of power. Links are followed as [`create_named`] follows them.
///
/// # Errors
/// When `path` is no regular file, when this user may not write to it, or when it cannot be written: the old one is still
/// there then.
pub fn replace_named(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_named_by(path, |file| file.write_all(content))
}

/// As [`replace_named`], with what `write` writes: content that is too large for memory.
///
/// # Errors
/// As [`replace_named`], and those of `write`.
pub fn replace_named_by(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let (folder, name) = walk::to_file(path)?;
    let old = match openat(&folder, &name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()) {
        Ok(handle) => {
            let handle = File::from(handle);
            must_be_regular(&handle)?;
            // The right to the folder is not enough: a file that is protected stays.
            let writable = OpenOptions::new().write(true).open(fd_path(&handle))?;
            Some(writable.metadata()?.permissions())
        }
        Err(Errno::NOENT) => None,
        Err(error) => return Err(error.into()),
    };
    let (draft, mut file) = Draft::make(&folder, &name, MODE)?;
    if let Some(permissions) = old {
        file.set_permissions(permissions)?;
    }
    write(&mut file)?;
    file.sync_all()?;
    draft.put_in_place(&name)
}

/// Makes the file at `path`, which holds `content` from the moment it has its name. Never touches one that is there.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if the name is taken; otherwise as [`create_named`].
pub fn make_named(path: &Path, content: &[u8]) -> io::Result<()> {
    let (folder, name) = walk::to_file(path)?;
    match make(&folder, &name, content)? {
        Some(_) => Ok(()),
        None => Err(ErrorKind::AlreadyExists.into()),
    }
}

/// A new file `name` with `content`; `None` if the name is taken.
fn make(folder: &impl AsFd, name: &OsStr, content: &[u8]) -> io::Result<Option<File>> {
    let (draft, mut file) = Draft::make(folder, name, MODE)?;
    file.write_all(content)?;
    match draft.take_free_name(name) {
        Ok(()) => return Ok(Some(file)),
        Err(Errno::EXIST) => return Ok(None),
        // A file system that cannot tell whether a name is free, such as some network's.
        Err(Errno::INVAL | Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS) => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(folder, name, flags, MODE) {
        Ok(file) => {
            let mut file = File::from(file);
            file.write_all(content)?;
            Ok(Some(file))
        }
        Err(Errno::EXIST) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
