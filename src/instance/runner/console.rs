//! Where an instance tells what happens: the show in a terminal, or lines of the log. Knows no orders.

use std::io::{self, IsTerminal};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use crate::diagnosis::in_a_line;
use crate::ipc::Status;
use crate::logging;
use crate::stage::{KeyMeaning, Stage};

use super::message::Message;

pub(crate) enum Console {
    Stage {
        stage: Stage,
        /// A show has its own time; a service has the time of day.
        is_service: bool,
    },
    /// Lines of the log, an event each.
    Log,
}

impl Console {
    /// For a show that somebody watches.
    pub(crate) fn stage(keys: Sender<Message>) -> Result<Self> {
        Ok(Self::Stage { stage: Stage::open(keys)?, is_service: false })
    }

    /// For the service: a stage only where standard output is a terminal.
    pub(crate) fn service(keys: Sender<Message>) -> Result<Self> {
        if io::stdout().is_terminal() {
            return Ok(Self::Stage { stage: Stage::open(keys)?, is_service: true });
        }
        logging::use_stdout().context("opening standard output")?;
        Ok(Self::Log)
    }

    pub(super) fn show(&self, status: Status) {
        if let Self::Stage { stage, .. } = self {
            stage.show(status);
        }
    }

    /// Keys that do something in this command only.
    pub(super) fn name_keys(&self, keys: &'static [KeyMeaning]) {
        if let Self::Stage { stage, .. } = self {
            stage.name_keys(keys);
        }
    }

    /// Something that the person who runs the shows should know.
    pub(crate) fn notice(&self, text: &str) {
        if let Self::Stage { stage, is_service } = self {
            match is_service {
                true => stage.notice(format!("{}  {}", logging::time_of_day(), in_a_line(text))),
                false => stage.notice(text),
            }
            if !logging::is_asked_for() {
                return;
            }
        }
        log::warn!("{text}");
    }

    /// The mistakes in what was saved, as `check` tells them; `None`: there are none any more.
    pub(super) fn show_mistakes(&self, mistakes: Option<String>) {
        if let (Some(text), true) = (&mistakes, logging::is_asked_for()) {
            log::warn!("mistakes in what was saved:\n{text}");
        }
        if let Self::Stage { stage, .. } = self {
            stage.show_mistakes(mistakes);
        }
    }

    /// Something that went as it should; a stage shows that anyway.
    pub(crate) fn report(&self, text: &str) {
        log::info!("{text}");
    }

    pub(super) fn refresh(&self) {
        if let Self::Stage { stage, .. } = self {
            stage.refresh();
        }
    }

    /// Gives the terminal back while `act` lasts.
    pub(super) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        match self {
            Self::Stage { stage, .. } => stage.aside(act),
            Self::Log => act(),
        }
    }

    /// Ends with how the last show went, which the log has told.
    pub(crate) fn close(self, summary: &str) {
        if let Self::Stage { stage, .. } = self {
            stage.close(summary);
        }
    }
}
