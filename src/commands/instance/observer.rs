//! What a command adds to the show that it plays: it looks on, hears the keys that the stage has no use
//! for, and gives directions. Knows no pins, no sound and no terminal.

use crate::stage::Key;
use crate::time::{Offset, ShowTime};

/// What a companion wants of the performance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::commands) enum Direction {
    Tell(String),
    Pause,
    Resume,
    /// The lights this much later than the sound card thinks that its sound is heard.
    Latency(Offset),
    Stop,
}

pub(in crate::commands) trait Companion {
    /// The show is at `time`. Called about every 50 ms while it plays.
    fn look(&mut self, _time: ShowTime) -> Vec<Direction> {
        Vec::new()
    }

    /// What the stage calls the show, where its own title shall not do.
    fn title(&self) -> Option<String> {
        None
    }

    fn hear(&mut self, _key: Key) -> Vec<Direction> {
        Vec::new()
    }
}
