//! A new file under a name that nobody can foresee, until it is put in its place. Knows nothing of its content.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags, openat, renameat, renameat_with, unlinkat};
use rustix::io::Errno;

/// Two random names are never the same so often.
const ATTEMPTS: u32 = 8;

/// A new file in a folder. Dropped before it is put in its place, it is removed.
#[derive(Debug)]
pub struct Draft<F: AsFd> {
    folder: F,
    name: OsString,
}

impl<F: AsFd> Draft<F> {
    /// An empty file that is to be `name` in `folder`, open for reading and writing; the umask limits `mode`.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn make(folder: F, name: &OsStr, mode: Mode) -> io::Result<(Self, File)> {
        // Exclusive: whatever has that name already, a link too, is neither written through nor changed.
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut attempts = 0;
        loop {
            let name = unpredictable_name(name);
            match openat(&folder, &name, flags, mode) {
                Ok(file) => return Ok((Self { folder, name }, file.into())),
                Err(Errno::EXIST) if attempts < ATTEMPTS => attempts += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    #[must_use]
    pub fn folder(&self) -> &F {
        &self.folder
    }

    /// Gives the file its name, in the place of whatever has it: that is neither followed nor written to.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn put_in_place(&self, name: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.folder, &self.name, &self.folder, name)?)
    }

    /// Gives the file its name if nobody has it yet. Not by a link: the file would have two names for a moment.
    pub(super) fn take_free_name(&self, name: &OsStr) -> Result<(), Errno> {
        renameat_with(&self.folder, &self.name, &self.folder, name, RenameFlags::NOREPLACE)
    }
}

impl<F: AsFd> Drop for Draft<F> {
    fn drop(&mut self) {
        // A file that was put in its place is no longer there. One that stays behind harms nobody.
        let _gone = unlinkat(&self.folder, &self.name, AtFlags::empty());
    }
}

/// `.NAME.` and a number that nobody can foresee. A long name is cut, so that this one fits too.
#[must_use]
pub fn unpredictable_name(name: &OsStr) -> OsString {
    let mut odd = vec![b'.'];
    odd.extend(&name.as_bytes()[..name.len().min(64)]);
    // The standard library's only source of randomness: the hash of nothing with a random key.
    odd.extend(format!(".{:016x}", RandomState::new().hash_one(())).bytes());
    OsString::from_vec(odd)
}
