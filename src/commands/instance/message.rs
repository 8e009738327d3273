//! All that can reach an instance from outside, in one inbox.

use crate::buttons;
use crate::ipc::ConnectionEvent;
use crate::signals::Request;
use crate::stage::Wish;

use super::file_watch::Found;
use super::loader::Read;
use super::question::Told;

/// What somebody wants of the instance.
#[derive(Debug)]
pub(in crate::commands) enum Message {
    /// A signal, or the terminal's end.
    Request(Request),
    /// A key.
    Wish(Wish),
    /// Over the control socket.
    Call(ConnectionEvent),
    Button(buttons::Event),
    /// From a command of the schedule.
    Script(Told),
    /// Something that the person who runs the show should know.
    Notice(String),
    /// A show that was to be read.
    Read(Box<Read>),
    /// What has become of the service's files.
    Found(Found),
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
