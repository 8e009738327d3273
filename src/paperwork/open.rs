//! A file of the crew's, read whole if it can be one.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::diagnosis::{Diagnoses, Diagnosis, Source};
use crate::file_access::{open_regular, read_bounded};

/// A rig of 28 channels, or a programme of a whole year, remarks and all, stays below a tenth of it.
pub(crate) const LARGEST: u64 = 64 * 1024;

/// The text of the file at `path`; `whose` is "rig" or "programme".
///
/// # Errors
/// [`Diagnoses`] when it is no text; else what kept it from being read.
pub(crate) fn source(path: &Path, whose: &str) -> Result<Arc<Source>> {
    let bytes = bytes(path, whose).with_context(|| format!("reading {whose} {}", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path, text)),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let source = Source::new(path, String::from_utf8_lossy(error.as_bytes()));
            let diagnosis = Diagnosis::error(&source, format!("the {whose} is not UTF-8 text"));
            let mut diagnoses = Diagnoses::default();
            let diagnosis = diagnosis.at(start..start + char::REPLACEMENT_CHARACTER.len_utf8(), "");
            diagnoses.push(diagnosis.help("save it from a text editor as UTF-8"));
            Err(diagnoses.into())
        }
    }
}

fn bytes(path: &Path, whose: &str) -> Result<Vec<u8>> {
    match read_bounded(open_regular(path)?, LARGEST) {
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            bail!("it is larger than {} KiB, which no {whose} is", LARGEST / 1024)
        }
        outcome => Ok(outcome?),
    }
}
