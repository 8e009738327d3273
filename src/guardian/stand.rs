//! What a guardian does all its life: listens for its instance, looks at the heartbeat, and makes every
//! line safe when either is gone. Runs in a process of its own.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::link::{GuardianEnd, Heard, SHARED};
use super::watch::{LOOK, Seen, TRIES, Watch};
use super::{birth, oom, orders};
use crate::heartbeat::Heartbeat;
use crate::output::Output;
use crate::output::patch::Patch;
use crate::printable::printable;
use crate::realtime;

/// No instance has started this guardian: somebody has typed its name.
#[derive(Debug)]
pub struct ByHand;

impl fmt::Display for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a guardian is nothing to start by hand: `starcourt play` and `starcourt serve` start their own\n  \
             starcourt off       every light to its safe level\n  \
             starcourt --help    what else there is",
        )
    }
}

impl std::error::Error for ByHand {}

/// Stands guard until the instance at the other end of standard input bids farewell or dies. Touches no
/// line before it was given its orders.
///
/// # Errors
/// [`ByHand`] when standard input is no link; else when what comes through it are no orders, or the lines cannot
/// be made safe.
pub fn stand() -> Result<()> {
    let stdin = io::stdin();
    let link = GuardianEnd::of(stdin.as_fd()).ok_or(ByHand)?;
    birth::take_its_name();
    oom::lower();
    realtime::wake_first();
    loop {
        match link.hear(LOOK).context("listening to the instance that this is to guard")? {
            Heard::Nothing => {}
            Heard::Orders { text, shared } => return guard(&link, &text, shared),
            // It has taken no line, and never will.
            Heard::Farewell | Heard::Silence => return Ok(()),
        }
    }
}

/// The post is kept by having it open.
fn guard(link: &GuardianEnd<'_>, text: &[u8], [heartbeat, _post @ ..]: [OwnedFd; SHARED]) -> Result<()> {
    let mut lines = Lines { patch: orders::read(text).context("reading the orders")?, output: None };
    let heartbeat = Heartbeat::shared(heartbeat).context("sharing the heartbeat")?;
    let mut watch = Watch::default();
    loop {
        match link.hear(LOOK).context("listening to the instance")? {
            Heard::Farewell => {
                lines.leave();
                return Ok(());
            }
            Heard::Silence => return survive(&mut lines),
            Heard::Nothing | Heard::Orders { .. } => {}
        }
        // Not sooner: while a show starts, its processor has better things to do.
        lines.prepare();
        match watch.look(heartbeat.beats(), heartbeat.is_at_rest()) {
            Seen::Nothing => {}
            Seen::Stopped => match heartbeat.intervene(|| lines.make_safe()) {
                Ok(()) => {
                    watch.made_safe();
                    tell("the lights stood still for 2 s: their guardian has made them safe");
                }
                // Tried again at the next look, and told once.
                Err(error) if watch.is_first_try() => tell(&format!(
                    "the lights stand still and cannot be made safe: {error:#}; it is tried again"
                )),
                Err(_) => {}
            },
            Seen::Back => tell("the lights go on"),
        }
    }
}

/// The instance is dead.
fn survive(lines: &mut Lines) -> Result<()> {
    let mut outcome = lines.make_safe();
    for _ in 1..TRIES {
        if outcome.is_ok() {
            break;
        }
        thread::sleep(LOOK);
        outcome = lines.make_safe();
    }
    outcome.context("the show was killed, and its lights cannot be made safe; run `starcourt off`")?;
    tell("the show was killed: its guardian has made the lights safe");
    Ok(())
}

/// The lines that are guarded. Dropped, those that were taken are released as the rig says.
struct Lines {
    patch: Patch,
    output: Option<Box<dyn Output>>,
}

impl Lines {
    /// Opens what is needed to make them safe, so that this can fail for no lack of anything later. What
    /// cannot be opened yet is tried again.
    fn prepare(&mut self) {
        if self.output.is_none() {
            self.output = self.patch.reach().ok();
        }
    }

    /// Leaves the lines as they are: they are the instance's, which may be in the middle of a show.
    fn leave(self) {
        std::mem::forget(self.output);
    }

    fn make_safe(&mut self) -> Result<()> {
        let output = match self.output.take() {
            Some(output) => output,
            None => self.patch.reach()?,
        };
        self.output.insert(output).take()
    }
}

/// A line on standard error, where there is room for it: nothing may hold up a guardian.
fn tell(words: &str) {
    let mut stderr = io::stderr();
    let mut watched = [PollFd::new(&stderr, PollFlags::OUT)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let has_room = matches!(poll(&mut watched, Some(&at_once)), Ok(1..))
        && watched[0].revents().contains(PollFlags::OUT);
    if has_room {
        // A show in a terminal has it in a state in which a line needs its return.
        let end = if stderr.is_terminal() { "\r\n" } else { "\n" };
        let _ = stderr.write_all(format!("starcourt: {}{end}", printable(words)).as_bytes());
    }
}
