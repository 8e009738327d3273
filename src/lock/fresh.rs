//! A new file of the lock directory: made under a name that nobody looks for, and put in place when it is
//! right. Nobody else has it open before, so that nobody's lock is on it. Knows not what is in it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::dir::LockDir;

/// The name of a new file until it is put in place. Dropped before, it takes the file with it.
#[derive(Debug)]
pub(super) struct Unplaced {
    path: PathBuf,
    target: PathBuf,
    is_placed: bool,
}

/// Makes a file that is to be `file_name` in `dir`, with exactly this mode and of the directory's group.
pub(super) fn make(dir: &LockDir, file_name: &str, mode: u32) -> io::Result<(Unplaced, File)> {
    // A process of the same number may be at the same in another PID namespace.
    let instant = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let path = dir.entry_named(&format!(".{file_name}.{}.{instant:x}", std::process::id()));
    let file = make_at(dir, &path, mode)?;
    Ok((Unplaced { path, target: dir.entry_named(file_name), is_placed: false }, file))
}

/// Makes a file at `path`, where nothing may be yet, for the group of `dir`.
pub(super) fn make_at(dir: &LockDir, path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    let file = options.open(path)?;
    if file.metadata()?.gid() != dir.group() {
        match fchown(&file, None, Some(dir.group())) {
            // Not in the directory's group: then only its owner and root come to this directory.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            changed => changed?,
        }
    }
    file.set_permissions(Permissions::from_mode(mode))?; // whatever the umask
    Ok(file)
}

impl Unplaced {
    /// Puts it in place of whatever has its name: what that was is not followed, and not written to.
    pub(super) fn put_in_place(mut self) -> io::Result<()> {
        fs::rename(&self.path, &self.target)?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Unplaced {
    fn drop(&mut self) {
        if !self.is_placed {
            // It disturbs nobody where it is.
            let _ = fs::remove_file(&self.path);
        }
    }
}
