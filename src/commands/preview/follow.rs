//! Follows the files of a show while its page is open, until somebody ends it. Knows no browser.

use std::io::stderr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::Context;

use crate::instance::runner::{SaveWatch, WatchNews, WatchedFiles};
use crate::instance::{Saved, SavedMistakes, ShowEdition};
use crate::printable::printable_lines;
use crate::signals::{self, Request};
use crate::spool;
use crate::web::{PageEvent, WebServer};

use super::super::outcome::{Failure, Outcome};
use super::music::PageMusic;
use super::site::PreviewSite;

/// How often the layout and the photograph are looked at.
const LOOK: Duration = Duration::from_millis(200);

enum PreviewMessage {
    Request(Request),
    News(PageNews),
}

/// What the watch of the files tells, with all that takes long done.
enum PageNews {
    Notice(String),
    Show(Box<(ShowEdition, Option<PageMusic>)>),
    Mistakes(SavedMistakes),
    AsBefore,
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
    site: &Arc<PreviewSite>,
    server: &WebServer,
) -> Result<Outcome, Failure> {
    let Inbox { tx, messages } = inbox;
    // Music is decoded on the thread of the watch: neither a page nor Ctrl-C waits for it.
    let shown = Arc::clone(site);
    let tell = move |news| tx.send(PreviewMessage::News(prepared(news, &shown))).is_ok();
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

fn prepared(news: WatchNews, site: &PreviewSite) -> PageNews {
    match news {
        WatchNews::Notice(words) => PageNews::Notice(words),
        WatchNews::Saved(Saved::Show(saved)) => {
            let music = PageMusic::of(&saved.edition.loaded, site.music().as_ref());
            let music = music.unwrap_or_else(|error| {
                // It could be measured a moment ago.
                log::warn!("{error:#}");
                None
            });
            PageNews::Show(Box::new((saved.edition, music)))
        }
        WatchNews::Saved(Saved::Mistakes(mistakes)) => PageNews::Mistakes(mistakes),
        WatchNews::Saved(Saved::AsBefore) => PageNews::AsBefore,
    }
}

fn take(news: PageNews, site: &PreviewSite) -> Vec<PageEvent> {
    match news {
        PageNews::Notice(words) => {
            tell(&words);
            Vec::new()
        }
        PageNews::Show(saved) => {
            let (edition, music) = *saved;
            site.take(edition, music)
        }
        PageNews::Mistakes(mistakes) => {
            tell(&format!("{}\n\nthe page shows the last text without mistakes", mistakes.words));
            site.refuse(mistakes)
        }
        PageNews::AsBefore => site.mend(),
    }
}

fn tell(words: &str) {
    spool::print_line(&stderr(), &printable_lines(words));
}
