//! Opens a configuration file and reads it whole, up to a size limit. Knows no TOML.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::diagnosis::{Source, decoded};
use crate::file_access::{open_regular, read_bounded};

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
    match read_bounded(open_regular(path)?, LARGEST) {
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            bail!("it is larger than {} KiB, which no {whose} is", LARGEST / 1024)
        }
        outcome => Ok(outcome?),
    }
}
