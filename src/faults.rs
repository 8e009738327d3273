//! Faults on request: how tests see that a panic in any thread leaves the lights safe. Knows nothing of
//! what it breaks.
//!
//! With `STARCOURT_FAULT=lights` in the environment, the thread that passes the point `lights` panics
//! half a second after [`arm`]. Without `debug_assertions` nothing of this is in the binary.

use std::env;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Late enough for the lights to be lit, soon enough for a test to wait for.
const FUSE: Duration = Duration::from_millis(500);

struct Fault {
    place: String,
    due: Instant,
}

static ARMED: OnceLock<Fault> = OnceLock::new();

/// Looks up which fault is asked for. Never called, it leaves every [`point`] without effect.
pub fn arm() {
    if cfg!(debug_assertions)
        && let Ok(place) = env::var("STARCOURT_FAULT")
    {
        ARMED.get_or_init(|| Fault { place, due: Instant::now() + FUSE });
    }
}

/// A place at which a thread can be made to panic. Fit for the timing thread: it looks up nothing.
///
/// # Panics
/// When this fault is asked for and due.
#[inline]
pub fn point(place: &'static str) {
    if cfg!(debug_assertions)
        && let Some(fault) = ARMED.get().filter(|fault| fault.place == place)
    {
        assert!(Instant::now() < fault.due, "a fault at {place}, as the environment asks");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_breaks_that_was_not_armed() {
        super::point("lights");
    }
}
