//! The plain stage's standard output.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::Instant;

use anyhow::{Context, Result};

use super::plain::Plain;
use super::render_thread::Frame;
use crate::scene::Scene;

pub(super) struct PlainOutput {
    sheet: File,
    plain: Plain,
    opened: Instant,
    scene: Option<Scene>,
}

impl PlainOutput {
    /// # Errors
    /// When the process has no file descriptor left.
    pub(super) fn open() -> Result<Self> {
        let sheet = io::stdout().as_fd().try_clone_to_owned().context("opening standard output")?.into();
        Ok(Self { sheet, plain: Plain::default(), opened: Instant::now(), scene: None })
    }

    pub(super) fn play(&mut self, book: Frame) {
        self.scene = book.scene.or(self.scene.take());
        let mut lines = match &self.scene {
            Some(scene) => self.plain.lines(scene, &book.notices, self.opened.elapsed()),
            None => book.notices,
        };
        lines.extend(book.summary);
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        // Where nobody reads any more that is a hang-up, which is told elsewhere.
        let _ = self.sheet.write_all(text.as_bytes());
    }
}
