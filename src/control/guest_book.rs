//! Who is visiting: how many may, and who makes room when one more comes. Whoever leaves an order behind keeps
//! their place until it is answered, so that nobody fills the instance's inbox by coming and going. Knows no order.

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
    /// Of those who have left, whose orders have yet to be answered.
    left_behind: Vec<VisitorId>,
    welcomed: u64,
}

impl GuestBook {
    /// Lets `stream` in, or tells it that there is no room.
    pub(super) fn welcome(&mut self, mut stream: UnixStream) {
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        if self.visitors.len() + self.left_behind.len() >= MOST_VISITORS && !self.make_room() {
            let why = format!("{MOST_VISITORS} others are connected; try again");
            // Nobody waits for a visitor who has not even come in.
            let _ = stream.write(&Answer::Refused { why, exit: 75 }.line());
            return;
        }
        self.welcomed += 1;
        self.visitors.push(Visitor::new(VisitorId(self.welcomed), stream));
    }

    /// Delivers `answer` to its visitor; one who has left has no place any more once their order is answered.
    pub(super) fn deliver(&mut self, id: VisitorId, answer: &Answer) {
        match self.visitors.iter_mut().find(|visitor| visitor.id == id) {
            Some(visitor) => visitor.hear(answer),
            None if answer.is_to_an_order() => self.left_behind.retain(|left| *left != id),
            None => {}
        }
    }

    /// Takes leave of those who have left; of these, who may own a show.
    pub(super) fn see_off(&mut self) -> Vec<VisitorId> {
        let left: Vec<Visitor> = self.visitors.extract_if(.., |visitor| visitor.has_left()).collect();
        let unanswered = left.iter().filter(|visitor| visitor.awaits());
        self.left_behind.extend(unanswered.map(|visitor| visitor.id));
        left.iter().filter(|visitor| visitor.may_own_a_show()).map(|visitor| visitor.id).collect()
    }

    fn make_room(&mut self) -> bool {
        let now = Instant::now();
        let idle = self.visitors.iter().enumerate().filter(|(_, visitor)| visitor.is_idle());
        let longest = idle.min_by_key(|(_, visitor)| visitor.last_heard);
        let leaving = longest.filter(|(_, visitor)| now.duration_since(visitor.last_heard) >= LONG_SILENCE);
        leaving.map(|(index, _)| index).map(|index| self.visitors.remove(index)).is_some()
    }
}
