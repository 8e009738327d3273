//! All that can reach an instance from outside, in one inbox.

use crate::buttons;
use crate::ipc::ConnectionEvent;
use crate::signals::Request;
use crate::stage::Wish;

use super::super::state::JobId;
use super::file_reader::FilesRead;
use super::file_watch::Found;
use super::hook_runs::HookNews;
use super::loader::ShowRead;
use super::save_watch::WatchNews;

/// What somebody or something wants of the instance, or tells it.
#[derive(Debug)]
pub(crate) enum Message {
    /// A signal, or the terminal's end.
    Request(Request),
    /// A key.
    Wish(Wish),
    /// Over the control socket.
    Call(ConnectionEvent),
    Button(buttons::Event),
    /// From a command of the schedule.
    Hooks(HookNews),
    /// Something that the person who runs the shows should know.
    Notice(String),
    /// A show that was to be read.
    Read(Box<ShowRead>),
    /// The service's files that were to be read anew.
    FilesRead(FilesRead),
    /// What has become of the service's files.
    Found(Found),
    /// From the watch over the files of the show that plays.
    Watch(WatchNews),
    /// A show that was to start has come to something.
    Started(JobId),
}

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<Wish> for Message {
    fn from(wish: Wish) -> Self {
        Self::Wish(wish)
    }
}

impl From<ConnectionEvent> for Message {
    fn from(call: ConnectionEvent) -> Self {
        Self::Call(call)
    }
}

impl From<buttons::Event> for Message {
    fn from(event: buttons::Event) -> Self {
        Self::Button(event)
    }
}
