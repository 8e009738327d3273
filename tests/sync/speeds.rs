//! Somebody looks at parts of the show slower or faster, and has it play on with its sound.

use std::thread;
use std::time::Duration;

use crate::launch::{Launch, Stage};
use crate::stall::BEFORE;

/// How often.
pub(crate) const SPEEDS: usize = 4;
/// So long it passes at another speed.
const PASSES: Duration = Duration::from_millis(400);
/// And so long at normal speed then.
const PLAYS: Duration = Duration::from_millis(1_200);

impl Stage {
    pub(crate) fn play_with_speeds(&self) -> Result<Launch, String> {
        self.play(true, |_| {
            thread::sleep(BEFORE);
            for speed in ["double", "half"].into_iter().cycle().take(SPEEDS) {
                self.order(&["speed", speed]);
                thread::sleep(PASSES);
                self.order(&["speed", "normal"]);
                thread::sleep(PLAYS);
            }
        })
    }
}
