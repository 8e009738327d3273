//! A new file for a person, written where none is yet; and a new show with its beat map, both or none. Knows nothing of what
//! they hold.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::anyhow;

use super::outcome::{Failure, Outcome};
use crate::file_access::{Folder, make_named};
use crate::printable::printable;

/// Writes a new file. `taken` is the message if there is one already.
pub(super) fn write(path: &Path, text: &str, taken: impl FnOnce() -> String) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), |folder| Folder::make(folder).map(drop));
    made.and_then(|()| make_named(path, text.as_bytes())).map_err(|error| {
        let shown = printable(&path.display().to_string());
        match error.kind() {
            ErrorKind::AlreadyExists => Failure::of(Outcome::Failed, anyhow!(taken())),
            ErrorKind::PermissionDenied => {
                Failure::not_permitted(anyhow!("{shown} cannot be written: you may not write in its folder"))
            }
            _ => Failure::of(Outcome::Failed, anyhow!(error).context(format!("writing {shown}"))),
        }
    })
}

/// Writes a new sheet and, if it has one, its beat map. `taken` is the message if there is a file already.
///
/// # Errors
/// If either cannot be written. Neither is there then.
pub(super) fn write_show(
    sheet: (&Path, &str),
    map: Option<(&Path, &str)>,
    taken: &dyn Fn(&Path) -> String,
) -> Result<(), Failure> {
    let (path, text) = sheet;
    let Some((map, beats)) = map else { return write(path, text, || taken(path)) };
    // A show that is there is told first: its beat map is probably there, too.
    if path.symlink_metadata().is_ok() {
        return Err(Failure::of(Outcome::Failed, anyhow!(taken(path))));
    }
    write(map, beats, || taken(map))?;
    write(path, text, || taken(path)).inspect_err(|_| {
        // What cannot be removed is no show: nothing names it.
        let _ = fs::remove_file(map);
    })
}
