//! One connection: the lines that come in on it and the answers that go out, all of it bounded. Knows
//! what an order looks like, not what comes of it.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use rustix::event::PollFlags;

use super::order::{Answer, LONGEST_LINE, Order};
use super::order_line::OrderLine;
use super::outbox::ConnectionId;

/// Answers that are not fetched pile up to here, in bytes. A connection with more is shown out.
const MOST_UNSAID: usize = 64 * 1024;
/// Whoever says so many things in a row that are no orders does not speak this language.
const MOST_FAULTS: u8 = 16;

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: ConnectionId,
    pub(super) stream: UnixStream,
    heard: Vec<u8>,
    unsaid: Vec<u8>,
    /// An order of theirs has yet to be answered.
    awaits: bool,
    /// What is on its way to becoming theirs, once the order that is under way is done.
    asked_for_a_show: bool,
    /// A show is theirs, and ends with this connection.
    is_attached: bool,
    pub(super) follows: bool,
    faults: u8,
    /// They say no more, but may be listening.
    has_fallen_silent: bool,
    /// They do not listen any more. An order that they left behind is taken, and nothing after it.
    has_hung_up: bool,
    /// Shown out.
    is_gone: bool,
    pub(super) last_heard: Instant,
}

impl Connection {
    pub(super) fn new(id: ConnectionId, stream: UnixStream) -> Self {
        Self {
            id,
            stream,
            heard: Vec::new(),
            unsaid: Vec::new(),
            awaits: false,
            asked_for_a_show: false,
            is_attached: false,
            follows: false,
            faults: 0,
            has_fallen_silent: false,
            has_hung_up: false,
            is_gone: false,
            last_heard: Instant::now(),
        }
    }

    /// What is worth waking up for. That they have hung up always is.
    pub(super) fn awaited(&self) -> PollFlags {
        match (self.unsaid.is_empty(), self.awaits || self.has_fallen_silent) {
            (false, _) => PollFlags::OUT,
            (true, true) => PollFlags::empty(),
            (true, false) => PollFlags::IN,
        }
    }

    /// Whether a whole line lies there that may be taken now: one after the other, each when the one
    /// before it is answered and that answer fetched.
    pub(super) fn has_a_line(&self) -> bool {
        let is_long = self.heard.len() > LONGEST_LINE;
        !self.awaits && self.unsaid.is_empty() && !self.is_gone && (is_long || self.heard.contains(&b'\n'))
    }

    /// Reads and writes what can be without waiting.
    pub(super) fn attend(&mut self, ready: PollFlags) {
        if ready.contains(PollFlags::IN) {
            self.listen();
        }
        self.has_hung_up |= ready.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        self.speak();
    }

    fn listen(&mut self) {
        let mut piece = [0; LONGEST_LINE];
        match self.stream.read(&mut piece) {
            Ok(0) => self.has_fallen_silent = true,
            Ok(length) => {
                self.last_heard = Instant::now();
                self.heard.extend_from_slice(&piece[..length]);
            }
            Err(error) => self.has_hung_up |= is_final(&error),
        }
    }

    fn speak(&mut self) {
        while !self.unsaid.is_empty() && !self.is_gone {
            match self.stream.write(&self.unsaid) {
                Ok(length) => drop(self.unsaid.drain(..length)),
                Err(error) if is_final(&error) => {
                    self.unsaid.clear();
                    self.has_hung_up = true;
                }
                Err(_) => return,
            }
        }
    }

    /// The next order, where a whole line is there and it is one; else it is answered here.
    pub(super) fn order(&mut self) -> Option<OrderLine> {
        if !self.has_a_line() {
            return None;
        }
        let end = self.heard.iter().position(|&byte| byte == b'\n');
        let Some(end) = end.filter(|&end| end <= LONGEST_LINE) else {
            self.say(&Answer::not_understood(format!("a line has at most {LONGEST_LINE} bytes")));
            self.speak();
            self.is_gone = true;
            return None;
        };
        let line: Vec<u8> = self.heard.drain(..=end).collect();
        match OrderLine::read(line.trim_ascii()) {
            Ok(order) => {
                self.faults = 0;
                Some(order)
            }
            Err(why) => {
                self.say(&Answer::not_understood(why));
                self.speak();
                self.faults += 1;
                self.is_gone |= self.faults >= MOST_FAULTS;
                None
            }
        }
    }

    /// `order` was passed on, and will be answered.
    pub(super) fn waits_for(&mut self, order: &Order) {
        self.awaits = true;
        self.asked_for_a_show = asks_for_a_show(order);
    }

    /// Whether `order` asks for a second show that is to end with this connection.
    pub(super) fn asks_too_much(&self, order: &Order) -> bool {
        self.is_attached && asks_for_a_show(order)
    }

    pub(super) fn awaits(&self) -> bool {
        self.awaits
    }

    /// Whether a show is theirs, or may yet become so: its order may have been obeyed by now.
    pub(super) fn may_own_a_show(&self) -> bool {
        self.is_attached || self.asked_for_a_show
    }

    /// Nobody answers any more; whoever has an answer coming is told.
    pub(super) fn dismiss(&mut self) {
        if self.awaits || self.has_a_line() {
            self.hear(&Answer::ending());
        }
    }

    /// Answers an order, or tells what an attached connection hears besides.
    pub(super) fn hear(&mut self, answer: &Answer) {
        match answer {
            Answer::Done(_) => {
                self.awaits = false;
                self.is_attached |= std::mem::take(&mut self.asked_for_a_show);
                self.follows |= self.is_attached;
            }
            Answer::Refused { .. } => (self.awaits, self.asked_for_a_show) = (false, false),
            Answer::Ended { .. } => (self.is_attached, self.follows) = (false, false),
            Answer::Status(_) | Answer::Notice(_) => {}
        }
        self.say(answer);
    }

    /// Tells followers what is new; one who has not fetched the last news yet is spared these.
    pub(super) fn hear_news(&mut self, line: &[u8]) {
        if self.follows && self.unsaid.is_empty() {
            self.unsaid.extend_from_slice(line);
        }
    }

    pub(super) fn say(&mut self, answer: &Answer) {
        self.unsaid.extend(answer.line());
        self.is_gone |= self.unsaid.len() > MOST_UNSAID;
    }

    /// Whether nothing is left to be heard from or said to them.
    pub(super) fn has_left(&self) -> bool {
        let has_business = self.awaits || self.follows || self.is_attached || self.has_a_line();
        self.is_gone
            || self.has_hung_up
            || (self.has_fallen_silent && self.unsaid.is_empty() && !has_business)
    }

    /// Whether they could be asked to make room.
    pub(super) fn is_idle(&self) -> bool {
        !(self.awaits || self.follows || self.is_attached)
    }
}

fn asks_for_a_show(order: &Order) -> bool {
    matches!(order, Order::Play(play) if play.attach)
}

fn is_final(error: &std::io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
