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
use crate::lock::GuardianLock;
use crate::output::Output;
use crate::output::patch::Patch;
use crate::printable::printable;
use crate::realtime;
use crate::stage::rescue;

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
            Heard::Orders { text, shared, terminal } => {
                return guard(&link, &text, shared, terminal.as_ref());
            }
            // It has taken no line, and never will.
            Heard::Farewell | Heard::Silence => return Ok(()),
        }
    }
}

fn guard(
    link: &GuardianEnd<'_>,
    text: &[u8],
    [heartbeat, file @ ..]: [OwnedFd; SHARED],
    terminal: Option<&[OwnedFd; 2]>,
) -> Result<()> {
    let mut lines = Lines { patch: orders::read(text).context("reading the orders")?, output: None };
    let heartbeat = Heartbeat::shared(heartbeat).context("sharing the heartbeat")?;
    let instance = link.instance().context("asking whom this is to guard")?;
    // Should that fail, a dead instance's lines are made safe whosever they are by now.
    let mut post = GuardianLock::of(instance, file);
    let mut watch = Watch::default();
    loop {
        match link.hear(LOOK).context("listening to the instance")? {
            Heard::Farewell => {
                lines.leave();
                done(&post);
                return Ok(());
            }
            Heard::Silence => return survive(&mut lines, &post, terminal),
            // The same orders: the file was deleted, or its directory replaced.
            Heard::Orders { shared: [_, file @ ..], .. } => {
                if let Ok(next) = GuardianLock::of(instance, file) {
                    done(&post);
                    post = Ok(next);
                }
            }
            Heard::Nothing => {}
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

/// Nothing is left to do by the word of the file. One that cannot be emptied has the next instance do it again.
fn done(post: &io::Result<GuardianLock>) {
    if let Ok(post) = post {
        let _ = post.clear();
    }
}

/// The instance is dead.
fn survive(
    lines: &mut Lines,
    post: &io::Result<GuardianLock>,
    terminal: Option<&[OwnedFd; 2]>,
) -> Result<()> {
    let mut outcome = lines.make_safe_for(post);
    // The lights first; and what is told below is to be read on the screen that comes back. A terminal that
    // is gone needs nothing.
    let _ = terminal.map(rescue::give_back);
    for _ in 1..TRIES {
        if outcome.is_ok() {
            break;
        }
        thread::sleep(LOOK);
        outcome = lines.make_safe_for(post);
    }
    let whose =
        outcome.context("the show was killed, and its lights cannot be made safe; run `starcourt off`")?;
    match whose {
        Whose::Nobodys => {
            done(post);
            tell("the show was killed: its guardian has made the lights safe");
        }
        Whose::AnothersToo => tell("the show was killed; another has its lights by now"),
    }
    Ok(())
}

/// Whose the lines of a dead instance were.
enum Whose {
    Nobodys,
    /// Some are another instance's, and were left alone.
    AnothersToo,
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

    /// Makes those safe that are no other instance's by now.
    fn make_safe_for(&mut self, post: &io::Result<GuardianLock>) -> Result<Whose> {
        let Ok(post) = post else { return self.make_safe().map(|()| Whose::Nobodys) };
        post.in_the_door(|is_anothers| {
            let theirs: Vec<_> = self.patch.lines().filter(|line| is_anothers(*line)).collect();
            if theirs.is_empty() {
                return self.make_safe().map(|()| Whose::Nobodys);
            }
            // Letting it go would drive all of them.
            std::mem::forget(self.output.take());
            self.patch.clone().only(|line| !theirs.contains(&line)).open()?;
            Ok(Whose::AnothersToo)
        })
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
