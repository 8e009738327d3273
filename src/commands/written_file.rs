//! A new file for a person, written where none is yet. Knows nothing of what it holds.

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
