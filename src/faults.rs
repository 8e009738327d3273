//! Faults on request, in debug builds: tests see with them that a panic or a standstill of any thread leaves the lights
//! safe. Knows nothing of what it breaks.
//!
//! With `STARCOURT_FAULT="lights after 500 ms"` in the environment, the thread that passes the point
//! `lights` panics half a second after [`arm`]; with `"lights after 500 ms for 4000 ms"` it stands still
//! there once, for four seconds. Without `debug_assertions` nothing of this is in the binary.

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

struct Fault {
    place: String,
    due: Instant,
    /// How long it stands still; it panics where there is no such time.
    stall: Option<Duration>,
    is_over: AtomicBool,
}

static ARMED: OnceLock<Fault> = OnceLock::new();

/// Looks up which fault is asked for. Never called, it leaves every [`point`] without effect.
///
/// # Panics
/// When what is asked for cannot be read: a test that breaks nothing proves nothing.
pub fn arm() {
    if cfg!(debug_assertions)
        && let Ok(asked) = env::var("STARCOURT_FAULT")
    {
        let (place, fuse, stall) = read(&asked).expect("a fault reads `lights after 500 ms`");
        let due = Instant::now() + fuse;
        ARMED.get_or_init(|| Fault { place, due, stall, is_over: AtomicBool::new(false) });
    }
}

fn read(asked: &str) -> Option<(String, Duration, Option<Duration>)> {
    let millis = |text: &str| Some(Duration::from_millis(text.strip_suffix(" ms")?.parse().ok()?));
    let (place, times) = asked.split_once(" after ")?;
    let (fuse, stall) = match times.split_once(" for ") {
        Some((fuse, stall)) => (fuse, Some(millis(stall)?)),
        None => (times, None),
    };
    Some((place.to_owned(), millis(fuse)?, stall))
}

/// A place at which a thread can be made to panic or stand still. Fit for the timing thread: it looks up
/// nothing.
///
/// # Panics
/// When this fault is asked for and due.
#[inline]
pub fn point(place: &'static str) {
    if cfg!(debug_assertions)
        && let Some(fault) = ARMED.get().filter(|fault| fault.place == place && fault.due <= Instant::now())
    {
        let Some(stall) = fault.stall else { panic!("a fault at {place}, as the environment asks") };
        if !fault.is_over.swap(true, Ordering::Relaxed) {
            thread::sleep(stall);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_that_was_not_armed() {
        point("lights");
    }

    #[test]
    fn a_fault_has_a_place_and_a_fuse_and_a_standstill_an_end() {
        let millis = Duration::from_millis;
        assert_eq!(read("sound card after 20 ms"), Some(("sound card".to_owned(), millis(20), None)));
        let standstill = ("lights".to_owned(), millis(500), Some(millis(4_000)));
        assert_eq!(read("lights after 500 ms for 4000 ms"), Some(standstill));
        assert_eq!(read("lights"), None);
        assert_eq!(read("lights after a while"), None);
        assert_eq!(read("lights after 500 ms for ever"), None);
    }
}
