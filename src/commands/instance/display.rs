//! What people see of an instance: a stage in a terminal, or lines for the journal.

use std::io::{self, IsTerminal};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use crate::ipc::Status;
use crate::logging;
use crate::stage::Stage;

use super::message::Message;

pub(in crate::commands) enum Front {
    Stage(Stage),
    /// Lines of the log, an event each.
    Log,
}

impl Front {
    /// For a show that somebody watches.
    pub(in crate::commands) fn stage(wishes: Sender<Message>) -> Result<Self> {
        Ok(Self::Stage(Stage::open(wishes)?))
    }

    /// For the service: a stage only where standard output is a terminal.
    pub(in crate::commands) fn service(wishes: Sender<Message>) -> Result<Self> {
        if io::stdout().is_terminal() {
            return Self::stage(wishes);
        }
        logging::use_stdout().context("opening standard output")?;
        Ok(Self::Log)
    }

    pub(super) fn show(&self, status: Status) {
        if let Self::Stage(stage) = self {
            stage.show(status);
        }
    }

    /// Something that the person who runs the shows should know.
    pub(in crate::commands) fn notice(&self, text: &str) {
        if let Self::Stage(stage) = self {
            stage.notice(text);
            if !logging::is_asked_for() {
                return;
            }
        }
        log::warn!("{text}");
    }

    /// Something that went as it should; a stage shows that anyway.
    pub(in crate::commands) fn event(&self, text: &str) {
        log::info!("{text}");
    }

    pub(super) fn refresh(&self) {
        if let Self::Stage(stage) = self {
            stage.refresh();
        }
    }

    /// Gives the terminal back while `act` lasts.
    pub(super) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        match self {
            Self::Stage(stage) => stage.aside(act),
            Self::Log => act(),
        }
    }

    /// Ends with how the last show went, which the log has told.
    pub(super) fn close(self, summary: &str) {
        if let Self::Stage(stage) = self {
            stage.close(summary);
        }
    }
}
