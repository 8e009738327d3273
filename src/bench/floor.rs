//! The machine's floor: how late it wakes a realtime thread that does nothing but sleep.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::clock::monotonic;
use crate::random::Random;
use crate::realtime::{self, Duty};
use crate::time::Mono;

use super::spread::Spread;
use super::turns::TURN;

/// Deadlines lie between half and one and a half of this apart, in nanoseconds: at even distances they
/// could keep step with the kernel's own tick.
const DISTANCE: u64 = 1_000_000;

/// Makes the calling thread one as the lights have, without their spinning, and notes how late it wakes
/// in the second turn of each pair of `pairs` from `begins` on, until `is_over`.
pub(super) fn wake_ups(begins: Mono, pairs: u32, is_over: &AtomicBool) -> Spread {
    // Whatever it is given is the floor.
    let _scheduling = realtime::enter(Duty::Lights);
    let turn = TURN.as_nanos() as i64;
    let mut random = Random::new(&[b"floor"]);
    let mut late = Vec::new();
    for pair in 0..i64::from(pairs) {
        let end = begins.offset((2 * pair + 2) * turn);
        let mut due = begins.offset((2 * pair + 1) * turn);
        while due < end {
            due = due.offset((DISTANCE / 2 + random.below(DISTANCE)).cast_signed());
            realtime::sleep_until(due);
            late.push(monotonic::now().since(due));
            if is_over.load(Ordering::Relaxed) {
                return late.into_iter().collect();
            }
        }
    }
    late.into_iter().collect()
}
