//! What people see of an instance: a stage in a terminal, or lines for the journal.

use std::io::{self, IsTerminal, stdout};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use crate::ipc::Status;
use crate::printable::printable;
use crate::spool::Spool;
use crate::stage::Stage;

use super::message::Message;

/// How much a line of the journal matters, as syslog numbers it.
#[derive(Clone, Copy)]
enum Weight {
    Warning = 4,
    Event = 6,
}

pub(in crate::commands) enum Front {
    Stage(Stage),
    /// A line an event; with the weight in front where systemd reads it. A journal that does not read holds up
    /// nobody.
    Journal {
        spool: Spool,
        is_systemds: bool,
    },
}

impl Front {
    /// For a show that somebody watches.
    pub(in crate::commands) fn stage(wishes: Sender<Message>) -> Result<Self> {
        Ok(Self::Stage(Stage::open(wishes)?))
    }

    /// For the service: a stage only where somebody sits in front of it.
    pub(in crate::commands) fn service(wishes: Sender<Message>) -> Result<Self> {
        match io::stdout().is_terminal() {
            true => Self::stage(wishes),
            false => {
                let is_systemds = std::env::var_os("JOURNAL_STREAM").is_some();
                let lost = move |lost| {
                    let (lines, were) = if lost == 1 { ("line", "was") } else { ("lines", "were") };
                    let text = format!("… {lost} {lines} {were} lost: nobody read this output");
                    weighed(Weight::Warning, &text, is_systemds)
                };
                let spool = Spool::open(&stdout(), lost).context("opening standard output")?;
                Ok(Self::Journal { spool, is_systemds })
            }
        }
    }

    pub(super) fn show(&self, status: Status) {
        if let Self::Stage(stage) = self {
            stage.show(status);
        }
    }

    /// Something that the person who runs the shows should know.
    pub(in crate::commands) fn notice(&self, text: &str) {
        match self {
            Self::Stage(stage) => stage.notice(text),
            Self::Journal { .. } => self.line(Weight::Warning, text),
        }
    }

    /// Something that went as it should; a stage shows that anyway.
    pub(in crate::commands) fn event(&self, text: &str) {
        if let Self::Journal { .. } = self {
            self.line(Weight::Event, text);
        }
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
            Self::Journal { .. } => act(),
        }
    }

    /// Ends with how the last show went, which the journal has heard.
    pub(super) fn close(self, summary: &str) {
        if let Self::Stage(stage) = self {
            stage.close(summary);
        }
    }

    fn line(&self, weight: Weight, text: &str) {
        let Self::Journal { spool, is_systemds } = self else { return };
        spool.line(&weighed(weight, text, *is_systemds));
    }
}

/// A line for the journal; its weight stands in front where systemd reads it.
fn weighed(weight: Weight, text: &str, is_systemds: bool) -> String {
    let weight = if is_systemds { format!("<{}>", weight as u8) } else { String::new() };
    // A line of the journal is one line.
    format!("{weight}{}", printable(&text.replace('\n', " ")))
}
