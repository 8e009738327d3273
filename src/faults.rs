//! Faults on request: how tests see that a panic in any thread leaves the lights safe. Knows nothing of
//! what it breaks.
//!
//! With `STARCOURT_FAULT="lights after 500 ms"` in the environment, the thread that passes the point
//! `lights` panics half a second after [`arm`]. Without `debug_assertions` nothing of this is in the binary.

use std::env;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

struct Fault {
    place: String,
    due: Instant,
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
        let (place, fuse) = read(&asked).expect("a fault reads `lights after 500 ms`");
        ARMED.get_or_init(|| Fault { place, due: Instant::now() + fuse });
    }
}

fn read(asked: &str) -> Option<(String, Duration)> {
    let (place, fuse) = asked.split_once(" after ")?;
    let millis = fuse.strip_suffix(" ms")?.parse().ok()?;
    Some((place.to_owned(), Duration::from_millis(millis)))
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
    use super::*;

    #[test]
    fn nothing_breaks_that_was_not_armed() {
        point("lights");
    }

    #[test]
    fn a_fault_has_a_place_and_a_fuse() {
        let sound_card = ("sound card".to_owned(), Duration::from_millis(20));
        assert_eq!(read("sound card after 20 ms"), Some(sound_card));
        assert_eq!(read("lights"), None);
        assert_eq!(read("lights after a while"), None);
    }
}
