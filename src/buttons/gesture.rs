//! What a hand does with one button: edges in, presses, holds and double presses out. Pure: knows no
//! pins, no threads and no orders, and every instant is an argument.

use std::time::Duration;

use crate::time::Mono;

/// A contact that has kept still this long has been moved by a hand: a relay's spark on the cable takes
/// microseconds, and the bounces of a closing contact come closer to one another.
const STILL: Duration = Duration::from_millis(5);
/// Two presses that begin within this are one double press.
pub(super) const DOUBLE_WITHIN: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gesture {
    Press,
    Hold,
    Double,
}

/// What one button is listened to for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ear {
    /// The shortest time between two changes.
    pub(super) debounce: Duration,
    /// After how long a press is a hold, if holds mean something.
    pub(super) hold_after: Option<Duration>,
    /// Whether double presses mean something.
    pub(super) doubles: bool,
}

/// One button. Edges come in by [`edge`](Self::edge), gestures out by [`step`](Self::step).
#[derive(Clone, Debug)]
pub(super) struct Hand {
    ear: Ear,
    /// The line's last edge, until it is believed or gone again.
    edge: Option<(Mono, bool)>,
    /// Whether it is down, by all that is believed, and since when.
    is_down: bool,
    changed: Option<Mono>,
    doing: Doing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doing {
    /// Up, and nothing is expected; or down, and all that this press can mean has been said.
    Nothing,
    /// Down since then: a press, unless it becomes more.
    Pressing(Mono),
    /// Up again: a press that began then, unless a second one follows.
    Pressed(Mono),
}

/// What comes next by itself.
enum Next {
    Believe { down: bool },
    Say(Gesture),
}

impl Hand {
    /// A button that is down from the start says nothing until it has been let go: it may hang.
    pub(super) fn new(ear: Ear, is_down: bool) -> Self {
        Self { ear, edge: None, is_down, changed: None, doing: Doing::Nothing }
    }

    /// The line has changed. Ask [`step`](Self::step) for what came before `at` first.
    pub(super) fn edge(&mut self, at: Mono, down: bool) {
        // Two edges to one side: a third between them was too short to be told. It bounces.
        self.edge = (down != self.is_down).then_some((at, down));
    }

    /// When [`step`](Self::step) has something to do, if no edge comes before.
    pub(super) fn next_deadline(&self) -> Option<Mono> {
        self.next().map(|(at, _)| at)
    }

    /// What has come to be by `now`. Ask again until there is nothing more.
    pub(super) fn step(&mut self, now: Mono) -> Option<Gesture> {
        loop {
            let (at, next) = self.next().filter(|(at, _)| *at <= now)?;
            let said = match next {
                Next::Believe { down } => self.believe(at, down),
                Next::Say(gesture) => {
                    self.doing = Doing::Nothing;
                    Some(gesture)
                }
            };
            if said.is_some() {
                return said;
            }
        }
    }

    fn next(&self) -> Option<(Mono, Next)> {
        let believed = self.edge.map(|(at, down)| (self.believed_at(at), Next::Believe { down }));
        let said = match self.doing {
            Doing::Nothing => None,
            Doing::Pressing(since) => match self.ear.hold_after {
                Some(hold_after) => Some((after(since, hold_after), Next::Say(Gesture::Hold))),
                // It lasts too long to be the first of two.
                None => Some((after(since, DOUBLE_WITHIN), Next::Say(Gesture::Press))),
            },
            Doing::Pressed(since) => Some((after(since, DOUBLE_WITHIN), Next::Say(Gesture::Press))),
        };
        [believed, said].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn believed_at(&self, edge: Mono) -> Mono {
        let still = after(edge, STILL);
        self.changed.map_or(still, |changed| still.max(after(changed, self.ear.debounce)))
    }

    fn believe(&mut self, at: Mono, down: bool) -> Option<Gesture> {
        // When it was pressed, not when that was believed.
        let since = self.edge.take().map_or(at, |(edge, _)| edge);
        self.is_down = down;
        self.changed = Some(since);
        let acts_at_once = self.ear.hold_after.is_none() && !self.ear.doubles;
        let (doing, said) = match (self.doing, down) {
            (Doing::Pressed(_), true) => (Doing::Nothing, Some(Gesture::Double)),
            (_, true) if acts_at_once => (Doing::Nothing, Some(Gesture::Press)),
            (_, true) => (Doing::Pressing(since), None),
            (Doing::Pressing(pressed), false) if self.ear.doubles => (Doing::Pressed(pressed), None),
            (Doing::Pressing(_), false) => (Doing::Nothing, Some(Gesture::Press)),
            (doing, false) => (doing, None),
        };
        self.doing = doing;
        said
    }
}

fn after(at: Mono, time: Duration) -> Mono {
    at.offset(i64::try_from(time.as_nanos()).expect("a button's times are below a minute"))
}

#[cfg(test)]
mod tests {
    use super::Gesture::{Double, Hold, Press};
    use super::*;

    const PLAIN: Ear = Ear { debounce: Duration::from_millis(20), hold_after: None, doubles: false };
    const HOLDS: Ear = Ear { hold_after: Some(Duration::from_secs(1)), ..PLAIN };
    const DOUBLES: Ear = Ear { doubles: true, ..PLAIN };
    const BOTH: Ear = Ear { doubles: true, ..HOLDS };

    const fn ms(ms: u64) -> Mono {
        Mono::from_nanos(ms * 1_000_000)
    }

    /// Milliseconds at which the contact changes, down first; and what is said when.
    #[track_caller]
    fn check(ear: Ear, edges: &[u64], said: &[(u64, Gesture)]) {
        let mut hand = Hand::new(ear, false);
        assert_eq!(heard(&mut hand, edges, true), said, "{edges:?}");
    }

    fn heard(hand: &mut Hand, edges: &[u64], first: bool) -> Vec<(u64, Gesture)> {
        let mut heard = Vec::new();
        let mut down = first;
        for edge in edges.iter().copied().map(Some).chain([None]) {
            while let Some(at) = hand.next_deadline().filter(|at| edge.is_none_or(|edge| *at <= ms(edge))) {
                heard.extend(hand.step(at).map(|gesture| (at.nanos() / 1_000_000, gesture)));
            }
            if let Some(edge) = edge {
                hand.edge(ms(edge), down);
                down = !down;
            }
        }
        heard
    }

    #[test]
    fn a_button_with_one_order_acts_at_once_however_long_it_is_pressed() {
        check(PLAIN, &[100, 200], &[(105, Press)]);
        check(PLAIN, &[100, 9_000], &[(105, Press)]);
        check(PLAIN, &[100], &[(105, Press)]);
        check(PLAIN, &[100, 200, 300, 400], &[(105, Press), (305, Press)]);
    }

    #[test]
    fn bounces_are_one_press() {
        check(PLAIN, &[100, 101, 103, 104, 106, 300], &[(111, Press)]);
        check(PLAIN, &[100, 200, 202, 203, 206, 207], &[(105, Press)]);
        check(DOUBLES, &[100, 101, 103, 200, 202, 203], &[(503, Press)]);
        // It comes to rest between two bounces.
        check(PLAIN, &[100, 107, 113, 300], &[(105, Press)]);
    }

    #[test]
    fn a_spark_is_no_press() {
        check(BOTH, &[100, 104, 200, 203], &[]);
        check(HOLDS, &[100, 600, 603, 1_300], &[(1_100, Hold)]);
    }

    #[test]
    fn a_hold_does_not_also_press() {
        check(HOLDS, &[100, 300], &[(305, Press)]);
        check(HOLDS, &[100, 1_200], &[(1_100, Hold)]);
        check(BOTH, &[100, 5_000, 6_000, 6_050], &[(1_100, Hold), (6_400, Press)]);
    }

    #[test]
    fn two_presses_are_one_double_and_a_single_one_waits_for_the_second() {
        check(DOUBLES, &[100, 180, 300, 380], &[(305, Double)]);
        check(DOUBLES, &[100, 180], &[(500, Press)]);
        check(DOUBLES, &[100, 180, 600, 680], &[(500, Press), (1_000, Press)]);
        check(BOTH, &[100, 180, 300, 9_000], &[(305, Double)]);
    }

    #[test]
    fn a_third_press_begins_anew() {
        check(DOUBLES, &[100, 150, 200, 250, 300, 350], &[(205, Double), (700, Press)]);
    }

    #[test]
    fn a_press_too_long_to_be_the_first_of_two_waits_no_longer() {
        check(DOUBLES, &[100, 3_000], &[(500, Press)]);
        check(BOTH, &[100, 700], &[(705, Press)]);
    }

    #[test]
    fn a_button_that_hangs_from_the_start_says_nothing() {
        let mut hand = Hand::new(BOTH, true);
        assert_eq!(heard(&mut hand, &[], false), []);
        assert_eq!(heard(&mut hand, &[5_000, 6_000, 6_100], false), [(6_400, Press)]);
    }

    #[test]
    fn a_thread_that_wakes_late_hears_the_same() {
        let mut hand = Hand::new(PLAIN, false);
        hand.edge(ms(100), true);
        assert_eq!(hand.step(ms(160)), Some(Press));
        hand.edge(ms(160), false);
        assert_eq!((hand.step(ms(900)), hand.next_deadline()), (None, None));
    }
}
