//! Who is visiting: how many may, and who makes room when one more comes. Knows no order.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::order::Answer;
use super::post::VisitorId;
use super::visitor::Visitor;

/// So many connections at once; a person with three terminals and a dozen scripts needs fewer.
const MOST_VISITORS: usize = 32;
/// Whoever has said nothing for so long makes room.
const LONG_SILENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct GuestBook {
    pub(super) visitors: Vec<Visitor>,
    welcomed: u64,
}

impl GuestBook {
    /// Lets `stream` in, or tells it that there is no room.
    pub(super) fn welcome(&mut self, mut stream: UnixStream) {
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        if self.visitors.len() >= MOST_VISITORS && !self.make_room() {
            let why = format!("{MOST_VISITORS} others are connected; try again");
            // Nobody waits for a visitor who has not even come in.
            let _ = stream.write(&Answer::Refused { why, exit: 75 }.line());
            return;
        }
        self.welcomed += 1;
        self.visitors.push(Visitor::new(VisitorId(self.welcomed), stream));
    }

    pub(super) fn of(&mut self, id: VisitorId) -> Option<&mut Visitor> {
        self.visitors.iter_mut().find(|visitor| visitor.id == id)
    }

    fn make_room(&mut self) -> bool {
        let now = Instant::now();
        let idle = self.visitors.iter().enumerate().filter(|(_, visitor)| visitor.is_idle());
        let longest = idle.min_by_key(|(_, visitor)| visitor.last_heard);
        let leaving = longest.filter(|(_, visitor)| now.duration_since(visitor.last_heard) >= LONG_SILENCE);
        leaving.map(|(index, _)| index).map(|index| self.visitors.remove(index)).is_some()
    }
}
