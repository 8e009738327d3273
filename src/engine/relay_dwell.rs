//! How a relay's contact is spared: it stays where it is for `min_on` and `min_off`, whatever moved it there
//! (the show, the seam of a loop, a jump of the playhead, an order, the show before). Pure. Safety waits for
//! nothing: orders and the show's end do not ask here. Instants are those of the [`RestClock`](super::rest_clock::RestClock).
//!
//! The timeline keeps both within a pass of a show, so there a contact never waits. Where it does, or comes
//! back after an order, it is *aside*: it goes on again only where the show leaves it lit long enough, and
//! goes dark as soon as it may. So it is not held lit longer than `min_on`.

use std::time::Duration;

use crate::level::Level;
use crate::rig::{Address, Channel, ChannelId, Rig};
use crate::time::Mono;

/// What edges of one pass may come too soon, for the playhead is slewed by up to 500 ppm. No contact feels
/// that, nor the rounding of a seam.
const SLACK: Duration = Duration::from_millis(1);
const SLACK_SHARE: u32 = 1_000;
/// What is written late does not make the next edge late, as long as this share of the rest is left: a thread
/// without realtime scheduling is late by some milliseconds, and flashes would get lost.
const LEAST: (u32, u32) = (4, 5);

#[derive(Clone, Copy, Debug)]
pub(super) struct RelayDwell {
    min_on: Duration,
    min_off: Duration,
    /// How long it stays lit against the show.
    holds: Duration,
    /// When it moved last, and when that was due; `None` when that was long ago.
    moved: Option<(Mono, Mono)>,
    is_aside: bool,
}

impl RelayDwell {
    /// Of `channel`, which moved last at `moved`.
    pub(super) const fn of(channel: &Channel, moved: Option<Mono>) -> Self {
        let Channel { min_on, min_off, .. } = *channel;
        let moved = match moved {
            Some(moved) => Some((moved, moved)),
            None => None,
        };
        Self { min_on, min_off, holds: min_on, moved, is_aside: false }
    }

    /// For a supply that carries no more than the show wants lit.
    pub(super) const fn hold_nothing_lit(&mut self) {
        self.holds = Duration::ZERO;
    }

    /// It moves at `now` with the show, which was due at `due`.
    pub(super) const fn moves(&mut self, now: Mono, due: Mono) {
        self.moved = Some((now, due));
    }

    /// Something else than the show moves it.
    pub(super) const fn move_aside(&mut self, now: Mono) {
        self.moves(now, now);
        self.is_aside = true;
    }

    /// The show was lost sight of: what it asks for now may have begun long ago.
    pub(super) const fn step_aside(&mut self) {
        self.is_aside = true;
    }

    /// Whether it is not where the show has it, or was not lately.
    pub(super) const fn is_aside(&self) -> bool {
        self.is_aside
    }

    /// Has it follow the show at `now`, from `shown` to what the show wants since `due`, and for `ahead` yet. Whether it
    /// may: where it may not, it is aside from then on.
    pub(super) fn follow(
        &mut self,
        shown: Level,
        wanted: Level,
        [now, due]: [Mono; 2],
        ahead: impl FnOnce() -> Duration,
    ) -> bool {
        let rest = if shown.is_lit() { self.holds } else { self.min_off };
        if !self.has_rested(rest, now, due) {
            self.is_aside |= shown != wanted;
            return shown == wanted;
        }
        if self.is_aside && shown != wanted && wanted.is_lit() && ahead() < self.min_on {
            return false;
        }
        self.is_aside = false;
        true
    }

    fn has_rested(&self, rest: Duration, now: Mono, due: Mono) -> bool {
        let Some((moved, was_due)) = self.moved else { return true };
        let since = |then: Mono, now: Mono| Duration::from_nanos(now.since(then).max(0).unsigned_abs());
        let slack = SLACK + rest / SLACK_SHARE;
        let (share, of) = LEAST;
        rest.is_zero()
            || (since(was_due, due) + slack >= rest && since(moved, now) + slack >= rest * share / of)
    }
}

/// When the contacts moved last, told from one show to the next in the same process. By default: long ago.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RelayMoves {
    /// In the rig's order.
    pub(super) moved: Vec<Option<Mono>>,
}

impl RelayMoves {
    /// When the contact of `channel` moved last; `None` when that was long ago.
    #[must_use]
    pub fn of(&self, channel: ChannelId) -> Option<Mono> {
        self.moved.get(channel.index()).copied().flatten()
    }

    /// The same for another rig: a contact is known by its output.
    #[must_use]
    pub fn rewired(&self, before: &Rig, after: &Rig) -> Self {
        let moved = |address: Address| {
            let is_it = |output: Address| output.is_same_output(address);
            before.addresses().position(is_it).and_then(|place| self.of(ChannelId::new(place)))
        };
        Self { moved: after.addresses().map(moved).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::channel;
    use crate::rig::{Active, Kind};

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A contact that moved at 0 to `shown` and rests 100 ms lit and 200 ms dark, asked at `now_ms`.
    fn check(is_aside: bool, [shown, wanted]: [Level; 2], now_ms: i64, ahead_ms: u64, may: bool) {
        let relay = crate::rig::Channel {
            min_on: millis(100),
            min_off: millis(200),
            ..channel("neon", 0, Kind::Relay, Active::Low)
        };
        let start = Mono::from_nanos(5_000_000_000);
        let mut contact = RelayDwell::of(&relay, Some(start));
        if is_aside {
            contact.move_aside(start);
        }
        let now = start.offset(now_ms * 1_000_000);
        let found = contact.follow(shown, wanted, [now; 2], || millis(ahead_ms));
        assert_eq!(found, may, "{shown:?} to {wanted:?} after {now_ms} ms for {ahead_ms} ms");
    }

    const ON: [Level; 2] = [Level::OFF, Level::FULL];
    const OFF: [Level; 2] = [Level::FULL, Level::OFF];

    #[test]
    fn it_stays_where_it_is_as_long_as_the_rig_says() {
        check(false, ON, 150, 1_000, false);
        check(false, ON, 200, 1_000, true);
        check(false, OFF, 60, 1_000, false);
        check(false, OFF, 100, 1_000, true);
    }

    #[test]
    fn what_the_playhead_is_slewed_by_delays_nothing() {
        check(false, ON, 199, 1_000, true);
        check(false, ON, 198, 1_000, false);
    }

    #[test]
    fn aside_it_goes_on_only_for_long_enough_and_goes_dark_as_soon_as_it_may() {
        check(true, ON, 300, 99, false);
        check(true, ON, 300, 100, true);
        check(true, OFF, 100, 1, true);
        check(false, ON, 200, 1, true);
    }

    #[test]
    fn a_supply_at_its_limit_is_kept_waiting_by_no_contact() {
        let relay =
            crate::rig::Channel { min_on: millis(100), ..channel("neon", 0, Kind::Relay, Active::Low) };
        let mut contact = RelayDwell::of(&relay, Some(Mono::from_nanos(5)));
        contact.hold_nothing_lit();
        assert!(contact.follow(Level::FULL, Level::OFF, [Mono::from_nanos(6); 2], || Duration::MAX));
    }
}
