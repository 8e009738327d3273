//! A file that is being written, under a name that nobody can foresee, until it gets its own.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags, openat, renameat, renameat_with, unlinkat};
use rustix::io::Errno;

/// Two names that look like chance are never the same so often.
const ATTEMPTS: u32 = 8;

/// Dropped, the draft is removed, unless it got its name.
pub(super) struct Draft<'a, F: AsFd> {
    folder: &'a F,
    name: OsString,
    pub(super) file: File,
}

impl<'a, F: AsFd> Draft<'a, F> {
    /// A draft of the file `name` in `folder`, which holds `content`.
    pub(super) fn write(folder: &'a F, name: &OsStr, content: &[u8], mode: Mode) -> io::Result<Self> {
        // Exclusive: whatever lies there already, a link too, is neither written through nor changed.
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut attempts = 0;
        loop {
            let draft = unpredictable_name(name);
            match openat(folder, &draft, flags, mode) {
                Ok(file) => {
                    let mut draft = Self { folder, name: draft, file: file.into() };
                    draft.file.write_all(content)?;
                    return Ok(draft);
                }
                Err(Errno::EXIST) if attempts < ATTEMPTS => attempts += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives the file its name, in the place of whatever has it.
    pub(super) fn replace(self, name: &OsStr) -> io::Result<()> {
        Ok(renameat(self.folder, &self.name, self.folder, name)?)
    }

    /// Gives the file its name if nobody has it yet. Not by a link: the file would have two names for a moment.
    pub(super) fn take_free_name(&self, name: &OsStr) -> Result<(), Errno> {
        renameat_with(self.folder, &self.name, self.folder, name, RenameFlags::NOREPLACE)
    }
}

impl<F: AsFd> Drop for Draft<'_, F> {
    fn drop(&mut self) {
        // One that was renamed is no longer there, and one that stays behind harms nobody.
        let _gone = unlinkat(self.folder, &self.name, AtFlags::empty());
    }
}

/// `.NAME.` and a number that nobody can foresee. A long name is cut, so that this one fits too.
#[must_use]
pub fn unpredictable_name(name: &OsStr) -> OsString {
    let mut odd = vec![b'.'];
    odd.extend(&name.as_bytes()[..name.len().min(64)]);
    // The only randomness that the standard library has: a hash of nothing with a key of chance.
    odd.extend(format!(".{:016x}", RandomState::new().hash_one(())).bytes());
    OsString::from_vec(odd)
}
