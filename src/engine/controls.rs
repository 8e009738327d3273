//! What other threads ask of the timing thread. Atomics only: the timing thread never waits for them, and only
//! the calls that say so wait for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::handover::PlanHandover;
use super::plan::Plan;
use super::state::State;

const NO_STOP: u64 = u64::MAX;

/// How often a caller who waits looks again.
const LOOK: Duration = Duration::from_micros(500);

/// What is asked of the lights now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Orders {
    /// Safe levels while time goes on.
    pub(super) is_dark: bool,
    /// To end the show, fading over this.
    pub(super) stop: Option<Duration>,
    /// Dark until the hold ends, whatever else is ordered: which of the holds of this show.
    pub(super) hold: Option<u64>,
}

#[derive(Debug)]
struct Asked {
    blackout: AtomicBool,
    hold: AtomicBool,
    /// How many holds there have been.
    holds: AtomicU64,
    /// The length of the fade in microseconds, or [`NO_STOP`].
    stop: AtomicU64,
    plans: PlanHandover,
    /// Where lights stand still it sleeps long, and is woken for an order.
    lights: OnceLock<Thread>,
}

/// The lights' controls, for as many threads as wish. None of them is seen later than 10 ms after, as
/// long as the timing thread runs.
#[derive(Clone, Debug)]
pub struct Controls {
    asked: Arc<Asked>,
    state: State,
}

impl Controls {
    pub(super) fn new(state: State) -> Self {
        let asked = Asked {
            blackout: AtomicBool::new(false),
            hold: AtomicBool::new(false),
            holds: AtomicU64::new(0),
            stop: AtomicU64::new(NO_STOP),
            plans: PlanHandover::default(),
            lights: OnceLock::new(),
        };
        Self { asked: Arc::new(asked), state }
    }

    /// The timing thread is `lights`: from now on it is woken for every order.
    pub(super) fn wake(&self, lights: Thread) {
        // There is one to a show.
        let _ = self.asked.lights.set(lights);
    }

    /// The playhead was put elsewhere: lights that sleep long look at once. Does not block.
    pub(crate) fn wake_lights(&self) {
        if let Some(lights) = self.asked.lights.get() {
            lights.unpark();
        }
    }

    pub(super) fn orders(&self) -> Orders {
        let asked = &self.asked;
        let stop = asked.stop.load(Ordering::Acquire);
        let hold = asked.hold.load(Ordering::Acquire).then(|| asked.holds.load(Ordering::Acquire));
        Orders {
            is_dark: asked.blackout.load(Ordering::Acquire) || hold.is_some(),
            stop: (stop != NO_STOP).then(|| Duration::from_micros(stop)),
            hold,
        }
    }

    /// Plays `plan` from now on. Does not block.
    pub(super) fn offer(&self, plan: Plan) {
        self.asked.plans.offer(Box::new(plan));
        self.wake_lights();
    }

    /// By the timing thread: what it shall play from now on, once.
    pub(super) fn offered_plan(&self) -> Option<Box<Plan>> {
        self.asked.plans.take()
    }

    /// By the timing thread: it does not play this any more.
    pub(super) fn give_back(&self, plan: Box<Plan>) {
        self.asked.plans.give_back(plan);
    }

    /// All channels at their safe level while time goes on, or the show's levels again. Does not block.
    pub fn blackout(&self, on: bool) {
        self.asked.blackout.store(on, Ordering::Release);
        self.wake_lights();
    }

    /// Ends the show, over a fade from the present levels to the safe ones (zero: at once). Of several
    /// orders the shortest fade wins. Does not block; [`Engine::join`](super::Engine::join) waits.
    pub fn stop(&self, fade: Duration) {
        let micros = u64::try_from(fade.as_micros()).unwrap_or(NO_STOP).min(NO_STOP - 1);
        self.asked.stop.fetch_min(micros, Ordering::AcqRel);
        self.wake_lights();
    }

    /// Ends the show at once, and a fade that is under way.
    pub fn stop_now(&self) {
        self.stop(Duration::ZERO);
    }

    /// Ends the show at once and waits until every line is safe and released, at most `within`. Whether
    /// that came to pass.
    #[must_use]
    pub fn make_safe(&self, within: Duration) -> bool {
        self.stop_now();
        wait(within, || self.state.is_finished()) && !self.state.is_unsafe()
    }

    /// Before the process is suspended: all channels to their safe level. Waits until they are, at most
    /// `within`; whether that came to pass.
    #[must_use]
    pub fn hold_safe(&self, within: Duration) -> bool {
        // Its own number: what confirms an earlier order (a blackout that has ended since) confirms nothing here.
        let number = self.asked.holds.fetch_add(1, Ordering::AcqRel) + 1;
        self.asked.hold.store(true, Ordering::Release);
        self.wake_lights();
        wait(within, || self.state.obeyed_hold() >= number || self.state.is_finished())
    }

    /// After [`hold_safe`](Self::hold_safe): the show's levels again. Does not block.
    pub fn end_hold(&self) {
        self.asked.hold.store(false, Ordering::Release);
        self.wake_lights();
    }
}

fn wait(within: Duration, is_so: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !is_so() {
        if start.elapsed() >= within {
            return false;
        }
        thread::sleep(LOOK);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Extent, Passes, RelayMoves};
    use crate::time::ShowTime;

    #[test]
    fn of_several_stops_the_shortest_fade_wins() {
        let controls = Controls::new(State::new(std::iter::empty(), &RelayMoves::default()));
        assert_eq!(controls.orders(), Orders::default());
        for (fade, expected) in [(3, 3), (5, 3), (0, 0), (2, 0)] {
            controls.stop(Duration::from_secs(fade));
            assert_eq!(controls.orders().stop, Some(Duration::from_secs(expected)));
        }
    }

    #[test]
    fn every_order_wakes_the_lights() {
        let orders: [fn(&Controls); 4] = [
            |controls| controls.blackout(true),
            |controls| controls.stop_now(),
            |controls| controls.end_hold(),
            |controls| assert!(!controls.hold_safe(Duration::ZERO), "nobody is there to confirm it"),
        ];
        for order in orders {
            let controls = Controls::new(State::new(std::iter::empty(), &RelayMoves::default()));
            controls.wake(thread::current());
            order(&controls);
            let (start, long) = (Instant::now(), Duration::from_secs(20));
            thread::park_timeout(long);
            assert!(start.elapsed() < long);
        }
    }

    #[test]
    fn a_plan_wakes_the_lights_too() {
        let controls = Controls::new(State::new(std::iter::empty(), &RelayMoves::default()));
        controls.wake(thread::current());
        let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::ZERO) };
        controls.offer(Plan::new(Arc::default(), extent));
        let (start, long) = (Instant::now(), Duration::from_secs(20));
        thread::park_timeout(long);
        assert!(start.elapsed() < long);
        assert!(controls.offered_plan().is_some() && controls.offered_plan().is_none());
    }

    #[test]
    fn a_hold_does_not_end_a_blackout() {
        let controls = Controls::new(State::new(std::iter::empty(), &RelayMoves::default()));
        controls.blackout(true);
        assert!(!controls.hold_safe(Duration::ZERO), "no thread is there to confirm it");
        controls.end_hold();
        assert!(controls.orders().is_dark);
        controls.blackout(false);
        assert!(!controls.orders().is_dark);
    }
}
