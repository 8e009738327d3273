//! The thread that serves the connections: waits for any of them, takes their orders in turn, delivers
//! answers and news. Never waits for one of them alone.

use std::os::unix::net::UnixListener;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::ConnectionEvent;
use super::connections::Connections;
use super::order::{Answer, Order};
use super::order_line::OrderLine;
use super::outbox::{Bell, ConnectionId, Desk, Outbox, Responder};
use super::repeats::{Repeats, Said};
use crate::faults;

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// Where the machine has no descriptor left for a connection it would be told so without end.
const BREATH: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// So many are let in before those inside have their turn: whoever comes and goes without end keeps nobody
/// waiting.
const MOST_AT_ONCE: usize = 16;

pub(super) struct ServerThread {
    listener: UnixListener,
    outbox: Arc<Outbox>,
    bell: Bell,
    /// Whether anybody was there to take it.
    call: Box<dyn FnMut(ConnectionEvent) -> bool + Send>,
    guests: Connections,
    repeats: Repeats,
    door_is_stuck: bool,
}

impl ServerThread {
    pub(super) fn new(
        listener: UnixListener,
        outbox: Arc<Outbox>,
        bell: Bell,
        call: impl FnMut(ConnectionEvent) -> bool + Send + 'static,
    ) -> Self {
        let guests = Connections::default();
        let repeats = Repeats::default();
        Self { listener, outbox, bell, call: Box::new(call), guests, repeats, door_is_stuck: false }
    }

    pub(super) fn serve(&mut self) {
        loop {
            faults::point("control");
            self.attend_to_whoever_is_ready();
            let is_closing = self.deliver();
            if is_closing {
                return self.dismiss_all();
            }
            self.take_orders();
            self.see_off();
        }
    }

    fn attend_to_whoever_is_ready(&mut self) {
        let guests = &mut self.guests;
        let mut awaited = vec![
            PollFd::new(&self.bell, PollFlags::IN),
            PollFd::new(&self.listener, if self.door_is_stuck { PollFlags::empty() } else { PollFlags::IN }),
        ];
        awaited.extend(guests.connections.iter().map(|guest| PollFd::new(&guest.stream, guest.awaited())));
        let patience = match (guests.connections.iter().any(|guest| guest.has_a_line()), self.door_is_stuck) {
            (true, _) => Some(&AT_ONCE),
            (false, true) => Some(&BREATH),
            (false, false) => None,
        };
        if poll(&mut awaited, patience).is_err() {
            return; // interrupted: the next round looks again
        }
        let ready: Vec<PollFlags> = awaited.iter().map(PollFd::revents).collect();
        drop(awaited);
        if !ready[0].is_empty() {
            self.bell.heard();
        }
        for (guest, ready) in guests.connections.iter_mut().zip(&ready[2..]) {
            guest.attend(*ready);
        }
        if !ready[1].is_empty() || self.door_is_stuck {
            self.open_the_door();
        }
    }

    fn open_the_door(&mut self) {
        self.door_is_stuck = false;
        for _ in 0..MOST_AT_ONCE {
            match self.listener.accept() {
                Ok((stream, _)) => self.guests.welcome(stream),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.door_is_stuck = true;
                    return;
                }
            }
        }
    }

    /// Whether this was the last round.
    fn deliver(&mut self) -> bool {
        let Desk { letters, is_news, listener, is_closing } = self.outbox.take();
        if let Some(listener) = listener {
            self.listener = listener;
        }
        for (id, answer) in letters {
            self.answer(id, &answer);
        }
        if is_news {
            let line = self.outbox.latest().line();
            self.guests.connections.iter_mut().for_each(|guest| guest.hear_news(&line));
        }
        self.guests.connections.iter_mut().for_each(|guest| guest.attend(PollFlags::empty()));
        is_closing
    }

    /// Tells `connection`, and who has said the same order, what comes of it.
    fn answer(&mut self, connection: ConnectionId, answer: &Answer) {
        self.guests.deliver(connection, answer);
        for repeating in self.repeats.answered(connection, answer) {
            self.guests.deliver(repeating, answer);
        }
    }

    /// One of each connection, so that nobody who talks without end keeps others waiting.
    fn take_orders(&mut self) {
        let mut too_late = Vec::new();
        for guest in &mut self.guests.connections {
            match guest.order() {
                None => {}
                Some(OrderLine { order: Order::Status { follow }, .. }) => {
                    if follow {
                        // First this, then a look at what is published: nothing falls in between.
                        guest.follows = true;
                        self.outbox.set_followed(true);
                    }
                    guest.say(&self.outbox.latest());
                    guest.attend(PollFlags::empty());
                }
                Some(OrderLine { order, .. }) if guest.asks_too_much(&order) => {
                    let why = "a show of yours is on already; a connection has one".to_owned();
                    guest.hear(&Answer::Refused { why, exit: 2 });
                }
                Some(line) => match self.repeats.hear(&line, guest.id) {
                    Said::Answered(answer) => guest.hear(&answer),
                    Said::UnderWay => guest.waits_for(&line.order),
                    Said::New => {
                        guest.waits_for(&line.order);
                        let caller = Responder { id: guest.id, outbox: Arc::clone(&self.outbox) };
                        if !(self.call)(ConnectionEvent::Order { order: line.order, caller }) {
                            too_late.push(guest.id);
                        }
                    }
                },
            }
        }
        for connection in too_late {
            self.answer(connection, &Answer::ending());
        }
    }

    fn dismiss_all(&mut self) {
        for guest in &mut self.guests.connections {
            guest.dismiss();
            guest.attend(PollFlags::empty());
        }
    }

    fn see_off(&mut self) {
        for id in self.guests.see_off() {
            // An instance that no longer listens is ending, and their show with it.
            let _ = (self.call)(ConnectionEvent::Closed(id));
        }
        self.outbox.set_followed(self.guests.connections.iter().any(|guest| guest.follows));
    }
}
