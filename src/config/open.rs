//! Opens a configuration file and reads it whole, up to a size limit. Knows no TOML.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};

use crate::diagnosis::{Source, decoded};
use crate::file_access::{open_regular, read_bounded, why_unreadable};

/// A rig of thousands of channels, or a schedule of a whole year, remarks and all, stays below it.
pub(crate) const LARGEST: u64 = 1024 * 1024;

/// The text of the file at `path`; `whose` is "rig" or "schedule".
///
/// # Errors
/// [`Diagnoses`](crate::diagnosis::Diagnoses) if it is no text; else the reason why it cannot be read.
pub(crate) fn source(path: &Path, whose: &str) -> Result<Arc<Source>> {
    let bytes = bytes(path, whose).with_context(|| format!("reading {whose} {}", path.display()))?;
    Ok(decoded(path, bytes, whose)?)
}

fn bytes(path: &Path, whose: &str) -> Result<Vec<u8>> {
    match open_regular(path).and_then(|file| read_bounded(file, LARGEST)) {
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            bail!("it is larger than {} KiB, which no {whose} is", LARGEST / 1024)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{}; name the {whose} with --{whose} FILE", why_unreadable(path, &error))
        }
        outcome => outcome.map_err(|error| anyhow!(why_unreadable(path, &error))),
    }
}
