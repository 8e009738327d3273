//! Follows the files of a show while its page is open, until somebody ends it. Knows no browser.

use std::io::stderr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::Context;

use crate::instance::runner::{SaveWatch, WatchNews, WatchedFiles};
use crate::instance::{Saved, ShowEdition};
use crate::printable::printable_lines;
use crate::signals::{self, Request};
use crate::spool;
use crate::web::{PageEvent, WebServer};

use super::super::outcome::{Failure, Outcome};
use super::site::PreviewSite;

/// How often the layout and the photograph are looked at.
const LOOK: Duration = Duration::from_millis(200);

enum PreviewMessage {
    Request(Request),
    News(WatchNews),
}

impl From<Request> for PreviewMessage {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

/// What comes in while the page is open.
pub(super) struct Inbox {
    tx: Sender<PreviewMessage>,
    messages: Receiver<PreviewMessage>,
}

impl Inbox {
    /// Listens for signals from now on.
    pub(super) fn open() -> anyhow::Result<Self> {
        let (tx, messages) = channel();
        signals::listen_into(tx.clone())?;
        Ok(Self { tx, messages })
    }
}

/// Until Ctrl-C, a signal or a closed terminal.
pub(super) fn follow(
    inbox: Inbox,
    files: WatchedFiles,
    playing: ShowEdition,
    site: &PreviewSite,
    server: &WebServer,
) -> Result<Outcome, Failure> {
    let Inbox { tx, messages } = inbox;
    let tell = move |news| tx.send(PreviewMessage::News(news)).is_ok();
    let _watch = SaveWatch::start(files, playing, tell).context("watching the files")?;
    loop {
        let events = match messages.recv_timeout(LOOK) {
            Ok(PreviewMessage::News(news)) => take(news, site),
            Ok(PreviewMessage::Request(Request::Suspend)) => {
                if let Err(error) = signals::suspend_self() {
                    log::warn!("{error:#}");
                }
                Vec::new()
            }
            Ok(PreviewMessage::Request(Request::Continued)) | Err(RecvTimeoutError::Timeout) => Vec::new(),
            Ok(PreviewMessage::Request(_)) | Err(RecvTimeoutError::Disconnected) => return Ok(Outcome::Done),
        };
        events.into_iter().chain(site.look()).for_each(|event| server.tell(event));
    }
}

fn take(news: WatchNews, site: &PreviewSite) -> Vec<PageEvent> {
    match news {
        WatchNews::Notice(words) => {
            tell(&words);
            Vec::new()
        }
        WatchNews::Saved(Saved::Show(saved)) => site.take(saved.edition),
        WatchNews::Saved(Saved::Mistakes(mistakes)) => {
            tell(&format!("{}\n\nthe page shows the last text without mistakes", mistakes.words));
            site.refuse(mistakes)
        }
        WatchNews::Saved(Saved::AsBefore) => site.mend(),
    }
}

fn tell(words: &str) {
    spool::print_line(&stderr(), &printable_lines(words));
}
