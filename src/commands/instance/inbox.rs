//! What waits to be heard. Who is busy with something that may hang sees whether it is asked to end, and hears the rest
//! later, in its order. Knows not what comes of it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::ipc::{ConnectionEvent, ConnectionId, Order};
use crate::signals::Request;
use crate::stage::Wish;

use super::message::Message;

pub(super) struct Inbox {
    receiver: Receiver<Message>,
    /// What was seen already, and is yet to be heard.
    seen: RefCell<VecDeque<Message>>,
}

impl Inbox {
    pub(super) fn new(receiver: Receiver<Message>) -> Self {
        Self { receiver, seen: RefCell::default() }
    }

    /// The next message; waits `patience` at most.
    pub(super) fn recv_timeout(&self, patience: Duration) -> Result<Message, RecvTimeoutError> {
        match self.seen.borrow_mut().pop_front() {
            Some(message) => Ok(message),
            None => self.receiver.recv_timeout(patience),
        }
    }

    /// All that is there by now.
    pub(super) fn drain(&self) -> Vec<Message> {
        self.see_all();
        self.seen.take().into()
    }

    /// Whether `owner`'s show, or everything, is to end: all else can wait. Takes nothing out.
    pub(super) fn asks_to_end(&self, owner: Option<ConnectionId>) -> bool {
        self.see_all();
        self.seen.borrow().iter().any(|message| match message {
            Message::Request(request) => !matches!(request, Request::Suspend | Request::Continued),
            Message::Wish(wish) => *wish == Wish::Quit,
            Message::Call(ConnectionEvent::Order { order: Order::Stop {}, .. }) => true,
            Message::Call(ConnectionEvent::Order { order: Order::Leave { .. }, caller }) => {
                Some(caller.id()) == owner
            }
            Message::Call(ConnectionEvent::Closed(connection)) => Some(*connection) == owner,
            _ => false,
        })
    }

    fn see_all(&self) {
        self.seen.borrow_mut().extend(self.receiver.try_iter());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_was_seen_is_heard_in_its_order_and_once() {
        let (letters, receiver) = channel();
        let inbox = Inbox::new(receiver);
        letters.send(Message::Request(Request::Continued)).unwrap();
        letters.send(Message::Wish(Wish::Louder)).unwrap();
        assert!(!inbox.asks_to_end(None), "neither ends anything");
        letters.send(Message::Request(Request::Stop { fade: true })).unwrap();
        assert!(inbox.asks_to_end(None) && inbox.asks_to_end(None));
        letters.send(Message::Notice("the last".to_owned())).unwrap();
        let heard = || inbox.recv_timeout(Duration::ZERO);
        assert!(matches!(heard(), Ok(Message::Request(Request::Continued))));
        assert!(matches!(heard(), Ok(Message::Wish(Wish::Louder))));
        assert!(matches!(heard(), Ok(Message::Request(Request::Stop { .. }))));
        assert!(!inbox.asks_to_end(None), "that was heard");
        assert!(matches!(&inbox.drain()[..], [Message::Notice(_)]));
        assert!(matches!(heard(), Err(RecvTimeoutError::Timeout)));
    }
}
