//! The files beside a sheet that its reader asks for, as whoever reads has them: on a disk or in memory. Opens nothing.

use std::io::{Read, Seek};
use std::sync::Arc;

use anyhow::bail;

use crate::diagnosis::Source;

/// A file of frames, open.
pub trait FrameSource: Read + Seek {}

impl<T: Read + Seek> FrameSource for T {}

/// The files beside a sheet. A name has no folder in it.
pub trait FilesBeside {
    /// The text of a beat map.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>>;

    /// A file of frames.
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn frames(&self, name: &str) -> anyhow::Result<Box<dyn FrameSource + '_>>;
}

/// Where there is nothing but a beat map.
pub(super) struct OnlyBeatMap<'a>(pub(super) &'a dyn Fn(&str) -> anyhow::Result<Arc<Source>>);

impl FilesBeside for OnlyBeatMap<'_> {
    fn beat_map(&self, name: &str) -> anyhow::Result<Arc<Source>> {
        self.0(name)
    }

    fn frames(&self, _: &str) -> anyhow::Result<Box<dyn FrameSource + '_>> {
        bail!("no file of frames can be read here")
    }
}
