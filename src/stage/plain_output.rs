//! The plain stage's standard output.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::Instant;

use anyhow::{Context, Result};

use super::plain::Plain;
use super::render_thread::Frame;
use crate::ipc::Status;

pub(super) struct PlainOutput {
    sheet: File,
    plain: Plain,
    opened: Instant,
    status: Option<Status>,
}

impl PlainOutput {
    /// # Errors
    /// When the process has no file descriptor left.
    pub(super) fn open() -> Result<Self> {
        let sheet = io::stdout().as_fd().try_clone_to_owned().context("opening standard output")?.into();
        Ok(Self { sheet, plain: Plain::default(), opened: Instant::now(), status: None })
    }

    pub(super) fn play(&mut self, book: Frame) {
        self.status = book.status.or(self.status.take());
        let mut lines = match &self.status {
            Some(status) => self.plain.lines(status, &book.notices, self.opened.elapsed()),
            None => book.notices,
        };
        lines.extend(book.summary);
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        // Where nobody reads any more that is a hang-up, which is told elsewhere.
        let _ = self.sheet.write_all(text.as_bytes());
    }
}
