//! Orders that are said again: by a program that got no answer in time, or whose connection broke. Each is obeyed
//! once, and answered as often as it is said. Knows no order's meaning.

use std::collections::VecDeque;

use super::order::{Answer, Order};
use super::order_line::{OrderId, OrderLine};
use super::outbox::ConnectionId;

/// So many orders are remembered, the newest.
const MOST_REMEMBERED: usize = 256;

/// The orders that have an id.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    /// The oldest first.
    known: VecDeque<Known>,
}

#[derive(Debug)]
struct Known {
    id: OrderId,
    order: Order,
    /// Who has said it and has no answer yet.
    askers: Vec<ConnectionId>,
    answer: Option<Answer>,
}

/// What is to be done with an order.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Said {
    /// It is to be passed on.
    New,
    /// It has this answer.
    Answered(Answer),
    /// It is being carried out; whoever has said it hears its answer then.
    UnderWay,
}

impl Repeats {
    /// What `connection` says.
    pub(super) fn hear(&mut self, line: &OrderLine, connection: ConnectionId) -> Said {
        let Some(id) = &line.id else { return Said::New };
        if let Some(known) = self.known.iter_mut().find(|known| known.id == *id) {
            if known.order != line.order {
                let why = format!("the id {id} is another order's");
                return Said::Answered(Answer::Refused { why, exit: 2 });
            }
            if let Some(answer) = &known.answer {
                return Said::Answered(answer.clone());
            }
            known.askers.push(connection);
            return Said::UnderWay;
        }
        if self.known.len() >= MOST_REMEMBERED {
            // Each connection has one order under way at most, and there are far fewer of them.
            let oldest = self.known.iter().position(|known| known.answer.is_some()).unwrap_or(0);
            self.known.remove(oldest);
        }
        let (id, order) = (id.clone(), line.order.clone());
        self.known.push_back(Known { id, order, askers: vec![connection], answer: None });
        Said::New
    }

    /// `connection`'s order has this answer; who else is to hear it.
    pub(super) fn answered(&mut self, connection: ConnectionId, answer: &Answer) -> Vec<ConnectionId> {
        if !answer.is_to_an_order() {
            return Vec::new();
        }
        // One order of each connection at a time.
        let is_theirs = |known: &&mut Known| known.askers.contains(&connection);
        let Some(known) = self.known.iter_mut().find(is_theirs) else { return Vec::new() };
        known.answer = Some(answer.clone());
        let askers = std::mem::take(&mut known.askers);
        askers.into_iter().filter(|asker| *asker != connection).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, order: &str) -> OrderLine {
        OrderLine::read(format!(r#"{{"order":"{order}","id":"{id}"}}"#).as_bytes()).unwrap()
    }

    fn done(text: &str) -> Answer {
        Answer::Done(text.to_owned())
    }

    #[test]
    fn an_order_that_is_said_again_has_one_answer_for_all() {
        let mut repeats = Repeats::default();
        let (first, second, third) = (ConnectionId(1), ConnectionId(2), ConnectionId(3));
        assert_eq!(repeats.hear(&line("a", "stop"), first), Said::New);
        assert_eq!(repeats.hear(&line("a", "stop"), second), Said::UnderWay);
        assert_eq!(repeats.hear(&line("b", "stop"), third), Said::New, "another order");
        assert!(repeats.answered(first, &Answer::Notice("by the way".to_owned())).is_empty());
        assert_eq!(repeats.answered(first, &done("ends demo")), [second]);
        assert_eq!(repeats.hear(&line("a", "stop"), third), Said::Answered(done("ends demo")));
        assert!(repeats.answered(third, &done("ends it at once")).is_empty());
        assert_eq!(repeats.hear(&line("b", "stop"), first), Said::Answered(done("ends it at once")));
    }

    #[test]
    fn without_an_id_each_is_an_order_of_its_own() {
        let mut repeats = Repeats::default();
        let stop = OrderLine::from(Order::Stop {});
        assert!((0..3).all(|_| repeats.hear(&stop, ConnectionId(1)) == Said::New));
        assert!(repeats.answered(ConnectionId(1), &done("ends demo")).is_empty());
    }

    #[test]
    fn one_id_for_two_orders_is_refused() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.hear(&line("a", "stop"), ConnectionId(1)), Said::New);
        let Said::Answered(Answer::Refused { why, exit }) = repeats.hear(&line("a", "next"), ConnectionId(2))
        else {
            panic!("it is not refused");
        };
        assert!(why.contains("another order") && exit == 2, "{why}");
    }

    #[test]
    fn what_is_remembered_has_a_bound_and_nothing_under_way_is_forgotten() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.hear(&line("waits", "pause"), ConnectionId(0)), Said::New);
        for number in 1..=MOST_REMEMBERED as u64 * 2 {
            assert_eq!(repeats.hear(&line(&number.to_string(), "next"), ConnectionId(number)), Said::New);
            repeats.answered(ConnectionId(number), &done("next"));
        }
        assert_eq!(repeats.known.len(), MOST_REMEMBERED);
        assert_eq!(repeats.hear(&line("waits", "pause"), ConnectionId(1)), Said::UnderWay);
    }
}
