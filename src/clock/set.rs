//! What speaks for the machine's time of day: a time server, or a clock that goes on without power.
//! Knows nothing of shows.

use std::path::Path;

/// systemd's own client leaves this when a server has first answered; it goes when the machine is switched
/// off.
const HEARD: &str = "/run/systemd/timesync/synchronized";

/// Whether a time server sets the clock, or has set it since the machine was switched on: the kernel says
/// so, or systemd's client does. A sealed service and some containers may not ask the kernel.
#[must_use]
pub fn is_synchronised() -> bool {
    is_kept() || Path::new(HEARD).exists()
}

fn is_kept() -> bool {
    // SAFETY: all zeros is a valid `timex`, and one that changes nothing (no modes).
    let mut state: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: `state` is a valid place for the answer.
    let answer = unsafe { libc::adjtimex(&raw mut state) };
    answer >= 0 && state.status & libc::STA_UNSYNC == 0
}

/// Whether the machine has a clock chip; a Pi before the 5 has none unless somebody adds it.
#[must_use]
pub fn has_chip() -> bool {
    Path::new("/dev/rtc0").exists()
}
