//! One turn of the timing thread's loop: what the mixer decides is given to the drivers, and told to those who
//! follow. Knows no thread and reads no clock; tests turn it in virtual time.

use crate::clock::Playhead;
use crate::heartbeat::{Heartbeat, Intervention};
use crate::output::DriverContext;
use crate::output::drivers::Drivers;
use crate::time::Mono;

use super::controls::Orders;
use super::mixer::{Followers, Mixer};
use super::setup::Ending;
use super::sleep_plan::Wake;

/// All that a turn needs. Dropped, its drivers make the outputs safe and release them. Only if all are surely safe does
/// the heartbeat rest: otherwise the guardian takes it for a death, and tries on.
pub(super) struct Ticker<'a> {
    pub(super) mixer: Mixer,
    pub(super) drivers: Drivers,
    pub(super) heartbeat: &'a Heartbeat,
    pub(super) followers: Followers<'a>,
    /// As far as they are seen.
    pub(super) interventions: u64,
}

impl Drop for Ticker<'_> {
    fn drop(&mut self) {
        match self.drivers.release() {
            true => self.heartbeat.rests(),
            false => self.followers.state.left_unsafe(),
        }
    }
}

impl Ticker<'_> {
    /// `clock` tells the instant at which it is asked: right after a change was written. How the show ended, once
    /// it has.
    pub(super) fn tick(
        &mut self,
        now: Mono,
        playhead: Playhead,
        mut orders: Orders,
        clock: &dyn Fn() -> Mono,
    ) -> Option<Ending> {
        let Self { mixer, drivers, heartbeat, followers, interventions } = self;
        let intervention = heartbeat.intervention(interventions);
        if intervention != Intervention::None {
            // So that they are safe whatever came of it, and the drivers, too, know what they drive.
            drivers.make_safe();
            mixer.note_made_safe(now, drivers, followers);
            // What is lit in between would be overruled, and relays would chatter.
            orders.is_dark |= intervention == Intervention::UnderWay;
        }
        let changes = mixer.decide(now, playhead, orders);
        let mut tell_edge = |edge| followers.tell_edge(edge);
        let mut context = DriverContext::new(now, clock, &mut tell_edge);
        if !changes.is_empty() {
            heartbeat.leaves_rest();
            drivers.set(changes, &mut context);
        }
        drivers.tick(&mut context);
        mixer.note(followers);
        let is_dark = mixer.is_dark() && drivers.are_settled();
        if is_dark {
            heartbeat.rests();
        }
        followers.state.ticked(orders.hold.filter(|_| is_dark));
        heartbeat.beat();
        mixer.ending()
    }

    /// When the next turn is due.
    pub(super) fn next_wake(&self, now: Mono, playhead: Playhead) -> Wake {
        self.mixer.next_wake(now, playhead, self.drivers.next_tick(), self.drivers.are_settled())
    }
}
