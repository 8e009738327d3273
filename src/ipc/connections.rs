//! Who is visiting: how many may, and who makes room when one more comes. Whoever leaves an order behind keeps
//! their place until it is answered, so that nobody fills the instance's inbox by coming and going. Knows no order.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::order::Answer;
use super::outbox::ConnectionId;

/// So many connections at once; a person with three terminals and a dozen scripts needs fewer.
const MOST_VISITORS: usize = 32;
/// Whoever has said nothing for so long makes room.
const LONG_SILENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Connections {
    pub(super) connections: Vec<Connection>,
    /// Of those who have left, whose orders have yet to be answered.
    left_behind: Vec<ConnectionId>,
    welcomed: u64,
}

impl Connections {
    /// Lets `stream` in, or tells it that there is no room.
    pub(super) fn welcome(&mut self, mut stream: UnixStream) {
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        if self.connections.len() + self.left_behind.len() >= MOST_VISITORS && !self.make_room() {
            let why = format!("{MOST_VISITORS} others are connected; try again");
            // Nobody waits for a connection who has not even come in.
            let _ = stream.write(&Answer::Refused { why, exit: 75 }.line());
            return;
        }
        self.welcomed += 1;
        self.connections.push(Connection::new(ConnectionId(self.welcomed), stream));
    }

    /// Delivers `answer` to its connection; one who has left has no place any more once their order is answered.
    pub(super) fn deliver(&mut self, id: ConnectionId, answer: &Answer) {
        match self.connections.iter_mut().find(|connection| connection.id == id) {
            Some(connection) => connection.hear(answer),
            None if answer.is_to_an_order() => self.left_behind.retain(|left| *left != id),
            None => {}
        }
    }

    /// Takes leave of those who have left; of these, who may own a show.
    pub(super) fn see_off(&mut self) -> Vec<ConnectionId> {
        let left: Vec<Connection> =
            self.connections.extract_if(.., |connection| connection.has_left()).collect();
        let unanswered = left.iter().filter(|connection| connection.awaits());
        self.left_behind.extend(unanswered.map(|connection| connection.id));
        left.iter().filter(|connection| connection.may_own_a_show()).map(|connection| connection.id).collect()
    }

    fn make_room(&mut self) -> bool {
        let now = Instant::now();
        let idle = self.connections.iter().enumerate().filter(|(_, connection)| connection.is_idle());
        let longest = idle.min_by_key(|(_, connection)| connection.last_heard);
        let leaving =
            longest.filter(|(_, connection)| now.duration_since(connection.last_heard) >= LONG_SILENCE);
        leaving.map(|(index, _)| index).map(|index| self.connections.remove(index)).is_some()
    }
}
