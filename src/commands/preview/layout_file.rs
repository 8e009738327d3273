//! `layout.toml` beside the rig: read, and written whole or not at all. Serves nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::config::open;
use crate::diagnosis::{Diagnoses, Source};
use crate::file_access::{replace_named, why_unwritable};
use crate::preview::layout::{self, LAYOUT_FILE, LampChanges, LampLayout, NotChanged};
use crate::rig::Rig;

/// The file for the lamps of the rig at `rig`.
pub(super) fn beside(rig: &Path) -> PathBuf {
    rig.with_file_name(LAYOUT_FILE)
}

/// The layout, with its warnings. Without a file there is an empty one.
///
/// # Errors
/// [`Diagnoses`] if it has mistakes; else the reason why it cannot be read.
pub(super) fn read(path: &Path, rig: &Rig) -> Result<(LampLayout, Diagnoses)> {
    match layout::read(&text(path)?, rig) {
        (Some(layout), told) => Ok((layout, told)),
        (None, told) => Err(told.into()),
    }
}

fn text(path: &Path) -> Result<std::sync::Arc<Source>> {
    // A link to a file that is not there yet counts as none, too.
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Source::new(path, "")),
        _ => open::source(path, "layout"),
    }
}

/// Writes these changes into it. The error is for the person who moved a lamp.
pub(super) fn change(path: &Path, json: &[u8], rig: &Rig) -> Result<()> {
    let changes = LampChanges::of(json, rig)?;
    let source = text(path)?;
    let changed = layout::changed(source.text(), &changes, rig)?;
    replace_named(path, changed.as_bytes())
        .map_err(|error| anyhow!(why_unwritable(path, &error)))
        .with_context(|| format!("writing {}", path.display()))
}

/// The status of HTTP that fits.
pub(super) fn status(error: &anyhow::Error) -> u16 {
    match error.downcast_ref() {
        Some(NotChanged::NotUnderstood(_) | NotChanged::Wrong(_)) => 400,
        Some(NotChanged::Mistaken) => 409,
        None => 500,
    }
}
