//! Reading `CLOCK_MONOTONIC`: never stepped by NTP or a hand, the same for every process.

use crate::time::Mono;

/// The machine's monotonic time. Does not block or allocate.
#[must_use]
pub fn now() -> Mono {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer; CLOCK_MONOTONIC exists on every Linux, so the
    // call cannot fail.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
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
