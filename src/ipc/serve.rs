//! The thread that serves all connections: waits for any of them, takes their orders in turn, delivers
//! answers and news. Never waits for one of them alone.

use std::os::unix::net::UnixListener;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::connections::Connections;
use super::order::{Answer, Order};
use super::order_line::OrderLine;
use super::outbox::{ConnectionEvent, ConnectionId, Outbox, Outgoing, Responder, WakeSignal};
use super::repeats::{Repeats, Said};
use crate::faults;

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// The pause after a failed accept: without a free descriptor every try would fail at once.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// So many are accepted before the others have their turn: one that comes and goes without end delays nobody.
const MOST_AT_ONCE: usize = 16;

pub(super) struct ServerThread {
    listener: UnixListener,
    outbox: Arc<Outbox>,
    wakeup: WakeSignal,
    /// Returns whether anybody was there to take the event.
    emit: Box<dyn FnMut(ConnectionEvent) -> bool + Send>,
    connections: Connections,
    repeats: Repeats,
    accept_failed: bool,
}

impl ServerThread {
    pub(super) fn new(
        listener: UnixListener,
        outbox: Arc<Outbox>,
        wakeup: WakeSignal,
        emit: impl FnMut(ConnectionEvent) -> bool + Send + 'static,
    ) -> Self {
        let (connections, repeats) = (Connections::default(), Repeats::default());
        Self { listener, outbox, wakeup, emit: Box::new(emit), connections, repeats, accept_failed: false }
    }

    /// Serves until the outbox is closed.
    pub(super) fn run(&mut self) {
        loop {
            faults::point("control");
            self.wait();
            let is_closing = self.deliver();
            if is_closing {
                return self.refuse_open_orders();
            }
            self.take_orders();
            self.close_finished();
        }
    }

    /// Waits until something is to be done, then reads, writes and accepts.
    fn wait(&mut self) {
        let open = &mut self.connections.open;
        let accepting = if self.accept_failed { PollFlags::empty() } else { PollFlags::IN };
        let mut awaited =
            vec![PollFd::new(&self.wakeup, PollFlags::IN), PollFd::new(&self.listener, accepting)];
        awaited.extend(open.iter().map(|connection| PollFd::new(&connection.stream, connection.awaited())));
        let patience = match (open.iter().any(|connection| connection.has_a_line()), self.accept_failed) {
            (true, _) => Some(&AT_ONCE),
            (false, true) => Some(&PAUSE),
            (false, false) => None,
        };
        if poll(&mut awaited, patience).is_err() {
            return; // interrupted: the next round looks again
        }
        let ready: Vec<PollFlags> = awaited.iter().map(PollFd::revents).collect();
        drop(awaited);
        if !ready[0].is_empty() {
            self.wakeup.clear();
        }
        for (connection, ready) in open.iter_mut().zip(&ready[2..]) {
            connection.transfer(*ready);
        }
        if !ready[1].is_empty() || self.accept_failed {
            self.accept();
        }
    }

    fn accept(&mut self) {
        self.accept_failed = false;
        for _ in 0..MOST_AT_ONCE {
            match self.listener.accept() {
                Ok((stream, _)) => self.connections.accept(stream),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.accept_failed = true;
                    return;
                }
            }
        }
    }

    /// Returns whether the server closes.
    fn deliver(&mut self) -> bool {
        let Outgoing { answers, has_news, listener, is_closing } = self.outbox.take();
        if let Some(listener) = listener {
            self.listener = listener;
        }
        for (id, answer) in answers {
            self.answer(id, &answer);
        }
        if has_news {
            let status = self.outbox.status_line();
            self.connections.open.iter_mut().for_each(|connection| connection.send_news(&status));
        }
        self.connections.open.iter_mut().for_each(|connection| connection.transfer(PollFlags::empty()));
        is_closing
    }

    /// Tells `connection`, and who has said the same order, what comes of it.
    fn answer(&mut self, connection: ConnectionId, answer: &Answer) {
        self.connections.deliver(connection, answer);
        for repeating in self.repeats.answered(connection, answer) {
            self.connections.deliver(repeating, answer);
        }
    }

    /// One of each connection: one that sends without end delays nobody.
    fn take_orders(&mut self) {
        let mut too_late = Vec::new();
        for connection in &mut self.connections.open {
            match connection.take_order() {
                None => {}
                Some(OrderLine { order: Order::Status { follow }, .. }) => {
                    if follow {
                        // Before the look at what is published: nothing falls in between.
                        connection.follows = true;
                        self.outbox.set_followed(true);
                    }
                    connection.send_line(&self.outbox.status_line());
                    connection.transfer(PollFlags::empty());
                }
                Some(OrderLine { order, .. }) if connection.asks_for_a_second_show(&order) => {
                    let why = "a show of yours is on already; a connection has one".to_owned();
                    connection.deliver(&Answer::Refused { why, exit: 2 });
                }
                Some(line) => match self.repeats.hear(&line, connection.id) {
                    Said::Answered(answer) => connection.deliver(&answer),
                    Said::UnderWay => connection.expect_answer_to(&line.order),
                    Said::New => {
                        connection.expect_answer_to(&line.order);
                        let caller = Responder { id: connection.id, outbox: Arc::clone(&self.outbox) };
                        if !(self.emit)(ConnectionEvent::Order { order: line.order, caller }) {
                            too_late.push(connection.id);
                        }
                    }
                },
            }
        }
        for connection in too_late {
            self.answer(connection, &Answer::ending());
        }
    }

    fn refuse_open_orders(&mut self) {
        for connection in &mut self.connections.open {
            connection.refuse_open_order();
            connection.transfer(PollFlags::empty());
        }
    }

    fn close_finished(&mut self) {
        for id in self.connections.close_finished() {
            // An instance that takes no events any more is ending, and the show with it.
            let _ = (self.emit)(ConnectionEvent::Closed(id));
        }
        self.outbox.set_followed(self.connections.open.iter().any(|connection| connection.follows));
    }
}
