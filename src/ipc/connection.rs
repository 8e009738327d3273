//! One connection: the lines that come in on it and the answers that go out, all of it bounded. Knows
//! what an order looks like, not what comes of it.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use rustix::event::PollFlags;

use super::order::{Answer, LONGEST_LINE, Order};
use super::order_line::OrderLine;
use super::outbox::ConnectionId;

/// With so many bytes not fetched yet, one answer more closes the connection. A single answer may be longer.
const MOST_PENDING: usize = 256 * 1024;
/// So many lines in a row that are no orders close the connection: its other end does not speak this protocol.
const MOST_BAD_LINES: u8 = 16;

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: ConnectionId,
    pub(super) stream: UnixStream,
    /// Read, and not taken as an order yet.
    incoming: Vec<u8>,
    /// Answers that could not be written yet.
    pending: Vec<u8>,
    has_open_order: bool,
    /// The open order asks for a show that ends with this connection.
    asked_for_a_show: bool,
    /// A show ends with this connection.
    is_attached: bool,
    pub(super) follows: bool,
    bad_lines: u8,
    /// The other end sends no more, but may still read.
    has_closed_sending: bool,
    /// The other end does not read any more. One order that it left behind is taken, and no more.
    has_hung_up: bool,
    /// Closed from this side.
    is_closed: bool,
    pub(super) last_read: Instant,
}

impl Connection {
    pub(super) fn new(id: ConnectionId, stream: UnixStream) -> Self {
        Self {
            id,
            stream,
            incoming: Vec::new(),
            pending: Vec::new(),
            has_open_order: false,
            asked_for_a_show: false,
            is_attached: false,
            follows: false,
            bad_lines: 0,
            has_closed_sending: false,
            has_hung_up: false,
            is_closed: false,
            last_read: Instant::now(),
        }
    }

    /// The events to wake up for. A hang-up wakes always.
    pub(super) fn awaited(&self) -> PollFlags {
        match (self.pending.is_empty(), self.has_open_order || self.has_closed_sending) {
            (false, _) => PollFlags::OUT,
            (true, true) => PollFlags::empty(),
            (true, false) => PollFlags::IN,
        }
    }

    /// Whether a whole line may be taken now: each waits until the order before it is answered and that
    /// answer fetched.
    pub(super) fn has_a_line(&self) -> bool {
        let is_whole = self.incoming.len() > LONGEST_LINE || self.incoming.contains(&b'\n');
        !self.has_open_order && self.pending.is_empty() && !self.is_closed && is_whole
    }

    /// Reads and writes what is possible without waiting.
    pub(super) fn transfer(&mut self, ready: PollFlags) {
        if ready.contains(PollFlags::IN) {
            self.read();
        }
        self.has_hung_up |= ready.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        self.write();
    }

    fn read(&mut self) {
        let mut piece = [0; LONGEST_LINE];
        match self.stream.read(&mut piece) {
            Ok(0) => self.has_closed_sending = true,
            Ok(length) => {
                self.last_read = Instant::now();
                self.incoming.extend_from_slice(&piece[..length]);
            }
            Err(error) => self.has_hung_up |= is_final(&error),
        }
    }

    fn write(&mut self) {
        while !self.pending.is_empty() && !self.is_closed {
            match self.stream.write(&self.pending) {
                Ok(length) => drop(self.pending.drain(..length)),
                Err(error) if is_final(&error) => {
                    self.pending.clear();
                    self.has_hung_up = true;
                }
                Err(_) => return,
            }
        }
    }

    /// The next order, if a whole line is there and is one. A line that is none is answered here.
    pub(super) fn take_order(&mut self) -> Option<OrderLine> {
        if !self.has_a_line() {
            return None;
        }
        let end = self.incoming.iter().position(|&byte| byte == b'\n');
        let Some(end) = end.filter(|&end| end <= LONGEST_LINE) else {
            self.send(&Answer::not_understood(format!("a line has at most {LONGEST_LINE} bytes")));
            self.write();
            self.is_closed = true;
            return None;
        };
        let line: Vec<u8> = self.incoming.drain(..=end).collect();
        match OrderLine::read(line.trim_ascii()) {
            Ok(order) => {
                self.bad_lines = 0;
                Some(order)
            }
            Err(why) => {
                self.send(&Answer::not_understood(why));
                self.write();
                self.bad_lines += 1;
                self.is_closed |= self.bad_lines >= MOST_BAD_LINES;
                None
            }
        }
    }

    /// `order` was passed on: its answer will come.
    pub(super) fn expect_answer_to(&mut self, order: &Order) {
        self.has_open_order = true;
        self.asked_for_a_show = order.attaches();
    }

    /// Whether `order` asks for a second show that is to end with this connection.
    pub(super) fn asks_for_a_second_show(&self, order: &Order) -> bool {
        self.is_attached && order.attaches()
    }

    pub(super) fn has_open_order(&self) -> bool {
        self.has_open_order
    }

    /// Whether a show ends with this connection, or may do so once its open order is carried out.
    pub(super) fn may_own_a_show(&self) -> bool {
        self.is_attached || self.asked_for_a_show
    }

    /// No answer comes any more: refuses the order that waits for one.
    pub(super) fn refuse_open_order(&mut self) {
        if self.has_open_order || self.has_a_line() {
            self.deliver(&Answer::ending());
        }
    }

    /// Sends the answer to an order, or what an attached connection is told besides.
    pub(super) fn deliver(&mut self, answer: &Answer) {
        match answer {
            Answer::Done(_) => {
                self.has_open_order = false;
                self.is_attached |= std::mem::take(&mut self.asked_for_a_show);
                self.follows |= self.is_attached;
            }
            Answer::Refused { .. } => (self.has_open_order, self.asked_for_a_show) = (false, false),
            Answer::Ended { .. } => (self.is_attached, self.follows) = (false, false),
            Answer::Status(_) | Answer::Notice(_) => {}
        }
        self.send(answer);
    }

    /// Sends a status to a follower. One that has not fetched the last answer yet is spared it.
    pub(super) fn send_news(&mut self, status: &[u8]) {
        if self.follows && self.pending.is_empty() {
            self.send_line(status);
        }
    }

    fn send(&mut self, answer: &Answer) {
        self.send_line(&answer.line());
    }

    pub(super) fn send_line(&mut self, line: &[u8]) {
        self.is_closed |= self.pending.len() > MOST_PENDING;
        if !self.is_closed {
            self.pending.extend_from_slice(line);
        }
    }

    /// Whether nothing is left to be read from it or sent on it.
    pub(super) fn is_finished(&self) -> bool {
        self.is_closed
            || self.has_hung_up
            || (self.has_closed_sending && self.pending.is_empty() && self.is_idle() && !self.has_a_line())
    }

    /// Whether it may be closed to make room for another.
    pub(super) fn is_idle(&self) -> bool {
        !(self.has_open_order || self.follows || self.is_attached)
    }
}

fn is_final(error: &std::io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
