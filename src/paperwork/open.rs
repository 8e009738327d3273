//! A file of the crew's, read whole if it can be one.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};

use crate::diagnosis::{Source, decoded};

/// A rig of 28 channels, or a programme of a whole year, remarks and all, stays below a tenth of it.
const LARGEST: u64 = 64 * 1024;

/// The text of the file at `path`; `whose` is "rig" or "programme".
///
/// # Errors
/// [`Diagnoses`](crate::diagnosis::Diagnoses) when it is no text; else what kept it from being read.
pub(crate) fn source(path: &Path, whose: &str) -> Result<Arc<Source>> {
    let bytes = bytes(path, whose).with_context(|| format!("reading {whose} {}", path.display()))?;
    Ok(decoded(path, bytes, whose)?)
}

fn bytes(path: &Path, whose: &str) -> Result<Vec<u8>> {
    // Before opening: to open a named pipe waits for somebody to write into it.
    let about = path.metadata()?;
    ensure!(!about.is_dir(), "this is a directory; name the file in it");
    ensure!(about.is_file(), "this is not a file");
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        bail!("it is larger than {} KiB, which no {whose} is", LARGEST / 1024);
    }
    Ok(bytes)
}
