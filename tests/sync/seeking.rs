//! Somebody seeks again and again in the middle of a launch.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::launch::{Launch, Stage};
use crate::stall::BEFORE;

/// How often.
pub(crate) const SEEKS: usize = 12;
/// Seeks in one row, as fast as commands are launched.
const STORM: usize = 40;
/// Before a click, while its light is still dark.
const AHEAD_MS: u64 = 70;
/// So long the show plays between two of them: longer than a click is away.
const PLAYS: Duration = Duration::from_millis(900);

impl Stage {
    /// Plays, and seeks either way to places shortly before a click; every third time while the show is paused. After each
    /// seek a loop begins or ends.
    pub(crate) fn play_with_seeks(&self) -> Result<Launch, String> {
        self.play(true, |_| {
            thread::sleep(BEFORE);
            for seek in 0..SEEKS {
                let click = self.clicks[(seek * 7 + 3) % 12 + 1];
                let place = format!("{} ms", click - AHEAD_MS);
                if seek == SEEKS / 2 {
                    // A key that repeats.
                    (0..STORM).for_each(|step| {
                        self.order(&["seek", if step % 5 == 0 { "-2 s" } else { "+0.5 s" }])
                    });
                }
                let is_paused = seek % 3 == 2;
                if is_paused {
                    self.order(&["pause"]);
                }
                self.order(&["seek", &place]);
                // All of it: the place stays.
                self.order(&["loop", if seek % 2 == 0 { "on" } else { "off" }]);
                if is_paused {
                    thread::sleep(PLAYS / 3);
                    self.order(&["resume"]);
                }
                thread::sleep(PLAYS);
            }
        })
    }

    pub(crate) fn order(&self, words: &[&str]) {
        let mut starcourt = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        starcourt.args(words).arg("--lock-dir").arg(self.path("lock"));
        let answer = starcourt.output().expect("the binary can be launched");
        assert!(answer.status.success(), "{words:?}: {}", String::from_utf8_lossy(&answer.stderr));
    }
}
