//! Reading `CLOCK_MONOTONIC`: never stepped by NTP or a hand, the same for every process.

use rustix::time::{ClockId, clock_gettime};

use crate::time::Mono;

/// The machine's monotonic time. Does not block or allocate.
#[must_use]
pub fn now() -> Mono {
    let time = clock_gettime(ClockId::Monotonic);
    Mono::from_nanos(time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monotonic_time_does_not_run_backwards() {
        let earlier = now();
        assert!(now().since(earlier) >= 0);
    }

    #[test]
    fn a_sleep_never_ends_before_its_instant() {
        let instant = now().offset(300_000);
        crate::realtime::sleep_until(instant);
        assert!(now().since(instant) >= 0);
    }
}
