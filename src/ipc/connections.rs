//! All connections: how many there may be, and which is closed when one more comes. A connection that closes
//! early keeps its place until its order is answered, so that nobody fills the instance's inbox by coming and
//! going. Knows no order.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::connection::Connection;
use super::order::Answer;
use super::outbox::ConnectionId;

/// So many connections at once; a person with three terminals and a dozen scripts needs fewer.
const MOST_CONNECTIONS: usize = 32;
/// A connection that has sent nothing for so long makes room.
const LONG_SILENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Connections {
    pub(super) open: Vec<Connection>,
    /// Of connections that have closed, and whose orders have yet to be answered.
    closed_early: Vec<ConnectionId>,
    accepted: u64,
}

impl Connections {
    /// Takes `stream` in, or tells it that there is no room.
    pub(super) fn accept(&mut self, mut stream: UnixStream) {
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        if self.open.len() + self.closed_early.len() >= MOST_CONNECTIONS && !self.make_room() {
            let why = format!("{MOST_CONNECTIONS} others are connected; try again");
            // It was never a connection: what cannot be written at once is not written.
            let _ = stream.write(&Answer::Refused { why, exit: 75 }.line());
            return;
        }
        self.accepted += 1;
        self.open.push(Connection::new(ConnectionId(self.accepted), stream));
    }

    /// Delivers `answer` to its connection. One that has closed gives up its place once its order is answered.
    pub(super) fn deliver(&mut self, id: ConnectionId, answer: &Answer) {
        match self.open.iter_mut().find(|connection| connection.id == id) {
            Some(connection) => connection.deliver(answer),
            None if answer.is_to_an_order() => self.closed_early.retain(|closed| *closed != id),
            None => {}
        }
    }

    /// Closes those that are finished. Returns those with which a show may end.
    pub(super) fn close_finished(&mut self) -> Vec<ConnectionId> {
        let finished: Vec<Connection> =
            self.open.extract_if(.., |connection| connection.is_finished()).collect();
        let unanswered = finished.iter().filter(|connection| connection.has_open_order());
        self.closed_early.extend(unanswered.map(|connection| connection.id));
        let owners = finished.iter().filter(|connection| connection.may_own_a_show());
        owners.map(|connection| connection.id).collect()
    }

    fn make_room(&mut self) -> bool {
        let idle = self.open.iter().enumerate().filter(|(_, connection)| connection.is_idle());
        let longest = idle.min_by_key(|(_, connection)| connection.last_read);
        let closing = longest.filter(|(_, connection)| connection.last_read.elapsed() >= LONG_SILENCE);
        closing.map(|(index, _)| index).map(|index| self.open.remove(index)).is_some()
    }
}
