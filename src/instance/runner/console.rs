//! Where an instance tells what happens: the show in a terminal, or lines for the journal. Knows no orders.

use std::io::{self, IsTerminal, stdout};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use crate::printable::printable;
use crate::scene::Scene;
use crate::spool::Spool;
use crate::stage::Stage;

use super::message::Message;

/// How much a line of the journal matters, as syslog numbers it.
#[derive(Clone, Copy)]
enum Severity {
    Warning = 4,
    Event = 6,
}

pub(crate) enum Console {
    Stage(Stage),
    /// A line an event; with its severity in front where systemd reads it. A journal that does not read holds up
    /// nobody.
    Journal {
        spool: Spool,
        is_systemds: bool,
    },
}

impl Console {
    /// For a show that somebody watches.
    pub(crate) fn stage(keys: Sender<Message>) -> Result<Self> {
        Ok(Self::Stage(Stage::open(keys)?))
    }

    /// For the service: a stage only where somebody sits in front of it.
    pub(crate) fn service(keys: Sender<Message>) -> Result<Self> {
        match io::stdout().is_terminal() {
            true => Self::stage(keys),
            false => {
                let is_systemds = std::env::var_os("JOURNAL_STREAM").is_some();
                let lost = move |lost| {
                    let (lines, were) = if lost == 1 { ("line", "was") } else { ("lines", "were") };
                    let text = format!("… {lost} {lines} {were} lost: nobody read this output");
                    marked(Severity::Warning, &text, is_systemds)
                };
                let spool = Spool::open(&stdout(), lost).context("opening standard output")?;
                Ok(Self::Journal { spool, is_systemds })
            }
        }
    }

    pub(super) fn show(&self, scene: Scene) {
        if let Self::Stage(stage) = self {
            stage.show(scene);
        }
    }

    /// Something that the person who runs the shows should know.
    pub(crate) fn notice(&self, text: &str) {
        match self {
            Self::Stage(stage) => stage.notice(text),
            Self::Journal { .. } => self.line(Severity::Warning, text),
        }
    }

    /// Something that went as it should; a stage shows that anyway.
    pub(crate) fn report(&self, text: &str) {
        if let Self::Journal { .. } = self {
            self.line(Severity::Event, text);
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
    pub(crate) fn close(self, summary: &str) {
        if let Self::Stage(stage) = self {
            stage.close(summary);
        }
    }

    fn line(&self, severity: Severity, text: &str) {
        let Self::Journal { spool, is_systemds } = self else { return };
        spool.line(&marked(severity, text, *is_systemds));
    }
}

/// A line for the journal; its severity stands in front where systemd reads it.
fn marked(severity: Severity, text: &str, is_systemds: bool) -> String {
    let severity = if is_systemds { format!("<{}>", severity as u8) } else { String::new() };
    // A line of the journal is one line.
    format!("{severity}{}", printable(&text.replace('\n', " ")))
}
