//! One turn of the timing thread's loop: what the mixer decides is written, and told to those who follow.
//! Knows no thread and reads no clock; tests turn it in virtual time.

use crate::clock::Playhead;
use crate::heartbeat::{Heartbeat, Intervention};
use crate::output::Output;
use crate::time::Mono;

use super::Ending;
use super::controls::Orders;
use super::mixer::{Followers, Mixer};
use super::sleep_plan::Wake;

/// All that a turn needs. Dropped, its output makes the lines safe and releases them.
pub(super) struct Ticker<'a> {
    pub(super) mixer: Mixer,
    pub(super) output: Box<dyn Output>,
    pub(super) heartbeat: &'a Heartbeat,
    pub(super) followers: Followers<'a>,
    /// As far as they are seen.
    pub(super) interventions: u64,
}

impl Ticker<'_> {
    /// `clock` tells the instant at which it is asked: right after what changed was written. How the show ended,
    /// once it has.
    pub(super) fn tick(
        &mut self,
        now: Mono,
        playhead: Playhead,
        mut orders: Orders,
        clock: impl FnOnce() -> Mono,
    ) -> Option<Ending> {
        let Self { mixer, output, heartbeat, followers, interventions } = self;
        let intervention = heartbeat.intervention(interventions);
        if intervention != Intervention::None {
            // So that they are safe whatever came of it, and the output, too, knows what they carry.
            output.make_safe();
            mixer.note_made_safe(now, followers);
            // What is lit in between would be overruled, and relays would chatter.
            orders.is_dark |= intervention == Intervention::UnderWay;
        }
        let changes = mixer.decide(now, playhead, orders);
        let mut written = now;
        if !changes.is_empty() {
            heartbeat.leaves_rest();
            changes.write_to(&mut **output);
            written = clock();
        }
        mixer.note(written, followers);
        let is_dark = mixer.is_dark();
        if is_dark {
            heartbeat.rests();
        }
        followers.state.ticked(orders.hold.filter(|_| is_dark));
        heartbeat.beat();
        mixer.ending()
    }

    /// When the next turn is due.
    pub(super) fn next_wake(&self, now: Mono, playhead: Playhead) -> Wake {
        self.mixer.next_wake(now, playhead)
    }
}
