//! What a command adds to the show that it plays: it looks on, gets the keys that the stage has no use for, and may
//! want something of the show. Knows no pins, no sound and no terminal.

use crate::stage::{Key, KeyMeaning};
use crate::time::{Offset, ShowTime};

/// What an observer wants of the show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    Tell(String),
    Pause,
    Resume,
    /// The lights this much later than the sound card thinks that its sound is heard.
    Latency(Offset),
    Stop,
}

pub(crate) trait Observer {
    /// The show is at `time`. Called about every 50 ms while it plays.
    fn observe(&mut self, _time: ShowTime) -> Vec<Direction> {
        Vec::new()
    }

    /// What the stage calls the show, where its own title shall not do.
    fn title(&self) -> Option<String> {
        None
    }

    /// The keys that it has a use for.
    fn keys(&self) -> &'static [KeyMeaning] {
        &[]
    }

    fn handle_key(&mut self, _key: Key) -> Vec<Direction> {
        Vec::new()
    }
}
