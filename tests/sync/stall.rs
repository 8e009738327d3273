//! Something stands still in the middle of a launch, and goes on.

use std::process::Child;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::launch::{Launch, Stage};

/// What stands still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Who {
    Server,
    Process,
}

impl Who {
    #[allow(dead_code, reason = "for the benchmark's table")]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Server => "the server",
            Self::Process => "starcourt",
        }
    }
}

/// How long the launch plays before.
pub(crate) const BEFORE: Duration = Duration::from_secs(3);

impl Stage {
    /// Plays, and has `who` stand still for `time`.
    pub(crate) fn play_with_stall(&self, who: Who, time: Duration) -> Result<Launch, String> {
        self.play(true, |starcourt| {
            thread::sleep(BEFORE);
            match who {
                Who::Server => self.sound.stalls(),
                Who::Process => tell(starcourt, Signal::STOP),
            }
            thread::sleep(time);
            match who {
                Who::Server => self.sound.goes_on(),
                Who::Process => tell(starcourt, Signal::CONT),
            }
        })
    }
}

fn tell(process: &Child, signal: Signal) {
    kill_process(Pid::from_child(process), signal).expect("it is a child of ours");
}
