//! How shows end by order: all of them, or one that waits. Each that is dropped is told so.

use std::time::Duration;

use crate::ipc::ConnectionId;

use super::event::EndRequest;
use super::machine::StateMachine;
use super::reply::{Asker, Declined};
use super::waiting::Purpose;

impl StateMachine {
    /// The whole instance is to end, its show over the rig's fade or at once.
    pub(super) fn end(&mut self, how: EndRequest) {
        self.is_ending = true;
        self.drop_reload();
        self.clear(how);
    }

    /// All that plays ends, and nothing that waits comes any more.
    pub(super) fn clear(&mut self, how: EndRequest) {
        let waiting: Vec<_> = self.interrupted.drain(..).chain(self.newcomers.drain(..)).collect();
        for request in waiting {
            self.tell_end(request.owner, "it was ended", 0);
            self.see_off(&request, None);
        }
        self.booked = None;
        if let Some(request) = self.following.take() {
            // Nothing has run before it, so nothing runs after it.
            self.tell_end(request.owner, "it was ended before it began", 0);
        }
        if let Some(preparing) = self.preparing.take() {
            self.call_off(preparing, "it was ended before it began");
        }
        let unread: Vec<_> =
            self.loading.extract_if(.., |loading| !matches!(loading.purpose, Purpose::Stands)).collect();
        for loading in unread {
            if let Purpose::Ordered { asker, .. } = loading.purpose {
                let declined = match self.is_over {
                    true => Declined::busy("this instance is ending"),
                    false => Declined::new("it was ended before it began"),
                };
                self.reply(asker, Err(declined));
            }
        }
        let (fade, at, time) = (self.rig.stop_fade, self.now.at, self.time);
        let stop = self.current.as_mut().and_then(|current| match how {
            EndRequest::Fade => current.ask_to_end(fade, at, time),
            EndRequest::AtOnce => current.end(Duration::ZERO, time),
        });
        self.act(stop);
    }

    /// A show of this connection's that waits does so no longer; its name.
    pub(super) fn give_up(&mut self, connection: ConnectionId) -> Option<String> {
        let how = "it was ended while another played";
        let waiting = [&mut self.newcomers, &mut self.interrupted].into_iter().find_map(|requests| {
            let at = requests.iter().position(|request| request.is_of(connection))?;
            Some(requests.remove(at))
        });
        if let Some(request) = waiting {
            self.tell_end(request.owner, how, 0);
            self.see_off(&request, None);
            return Some(request.name().to_owned());
        }
        if let Some(request) = self.following.take_if(|request| request.is_of(connection)) {
            self.tell_end(request.owner, "it was ended before it began", 0);
            return Some(request.name().to_owned());
        }
        let asker = Asker::Connection(connection);
        let unread = self.loading.iter().position(|loading| loading.is_attached_to(&asker));
        if let Some(at) = unread {
            let name = self.loading.remove(at).name;
            // They are gone; their place is kept until this answer.
            self.reply(asker, Err(Declined::new(how)));
            return Some(name);
        }
        let preparing = self.preparing.take_if(|preparing| preparing.request.is_of(connection))?;
        let name = preparing.request.name().to_owned();
        self.call_off(preparing, how);
        Some(name)
    }
}
