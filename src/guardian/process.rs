//! The guardian's process: it waits for its instance's end, looks at the heartbeat, and makes every line safe when either
//! stops. Knows no shows.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use anyhow::{Context, Result};
use log::Level;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::link::{GuardianEnd, LinkMessage, SHARED};
use super::watch::{HeartbeatChange, LOOK, TRIES, Watch};
use super::{oom, orders, spawn};
use crate::heartbeat::Heartbeat;
use crate::lock::GuardianLock;
use crate::logging;
use crate::output::safe_outputs::SafeOutputs;
use crate::output::safe_plan::SafePlan;
use crate::realtime;
use crate::rig::Address;
use crate::stage::rescue;

/// No instance has started this guardian: somebody has typed its name.
#[derive(Debug)]
pub struct StartedByHand;

impl fmt::Display for StartedByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a guardian is nothing to start by hand: `starcourt play` and `starcourt serve` start their own\n  \
             starcourt off       every light to its safe level\n  \
             starcourt --help    what else there is",
        )
    }
}

impl std::error::Error for StartedByHand {}

/// Guards until the instance at the other end of standard input dismisses it or dies. Touches no line before it has
/// its orders.
///
/// # Errors
/// [`StartedByHand`] when standard input is no link; else when what comes through it are no orders, or the lines cannot
/// be made safe.
pub fn run() -> Result<()> {
    let stdin = io::stdin();
    let link = GuardianEnd::of(stdin.as_fd()).ok_or(StartedByHand)?;
    spawn::set_process_name();
    oom::lower();
    realtime::wake_first();
    loop {
        match link.receive(LOOK).context("listening to the instance that this is to guard")? {
            LinkMessage::Nothing => {}
            LinkMessage::Orders { text, shared, terminal } => {
                return guard(&link, &text, shared, terminal.as_ref());
            }
            // It has taken no line, and never will.
            LinkMessage::Dismissed | LinkMessage::InstanceDied => return Ok(()),
        }
    }
}

fn guard(
    link: &GuardianEnd<'_>,
    text: &[u8],
    [heartbeat, file @ ..]: [OwnedFd; SHARED],
    terminal: Option<&[OwnedFd; 2]>,
) -> Result<()> {
    let mut lines = GuardedLines::of(orders::read(text).context("reading the orders")?);
    let heartbeat = Heartbeat::shared(heartbeat).context("sharing the heartbeat")?;
    let instance = link.instance().context("asking whom this is to guard")?;
    // Without it, a dead instance's lines are made safe even if they are another instance's by now.
    let mut guardian_lock = GuardianLock::of(instance, file);
    let mut watch = Watch::default();
    loop {
        let message = match link.receive(LOOK) {
            Ok(message) => message,
            Err(error) => {
                lines.leave();
                return Err(error).context("listening to the instance");
            }
        };
        match message {
            LinkMessage::Dismissed => {
                lines.leave();
                done(&guardian_lock);
                return Ok(());
            }
            LinkMessage::InstanceDied => return make_safe_after_death(&mut lines, &guardian_lock, terminal),
            // The rig has changed; or the orders are the same, and the file was deleted or its directory replaced.
            LinkMessage::Orders { text, shared: [_, file @ ..], .. } => {
                match orders::read(&text) {
                    Ok(plan) => lines.follow(plan),
                    // Those before are better than none.
                    Err(error) => {
                        print_line(&format!("the guardian does not understand its orders: {error:#}"))
                    }
                }
                if let Ok(next) = GuardianLock::of(instance, file) {
                    done(&guardian_lock);
                    guardian_lock = Ok(next);
                }
            }
            LinkMessage::Nothing => {}
        }
        // Not sooner: while a show starts, it needs the processor.
        lines.prepare();
        match watch.look(heartbeat.beats(), heartbeat.is_at_rest()) {
            HeartbeatChange::Nothing => {}
            HeartbeatChange::Stopped => match heartbeat.intervene(|| lines.make_safe()) {
                Ok(()) => {
                    watch.made_safe();
                    print_line("the lights stood still for 2 s: their guardian has made them safe");
                }
                // Tried again at the next look, and told once.
                Err(error) if watch.is_first_try() => print_line(&format!(
                    "the lights stand still and cannot be made safe: {error:#}; it is tried again"
                )),
                Err(_) => {}
            },
            HeartbeatChange::Back => print_line("the lights go on"),
        }
    }
}

/// Removes the orders from the file: nothing is left to do. If that fails, the next instance does it again.
fn done(guardian_lock: &io::Result<GuardianLock>) {
    if let Ok(guardian_lock) = guardian_lock {
        let _ = guardian_lock.clear();
    }
}

/// The instance is dead.
fn make_safe_after_death(
    lines: &mut GuardedLines,
    guardian_lock: &io::Result<GuardianLock>,
    terminal: Option<&[OwnedFd; 2]>,
) -> Result<()> {
    let mut outcome = lines.make_safe_for(guardian_lock);
    // The lights first, then the screen, then the lines below, which must be readable on it. A terminal that is gone
    // needs nothing.
    let _ = terminal.map(rescue::give_back);
    for _ in 1..TRIES {
        if outcome.is_ok() {
            break;
        }
        thread::sleep(LOOK);
        outcome = lines.make_safe_for(guardian_lock);
    }
    let whose =
        outcome.context("the show was killed, and its lights cannot be made safe; run `starcourt off`")?;
    match whose {
        Whose::Nobodys => {
            done(guardian_lock);
            print_line("the show was killed: its guardian has made the lights safe");
        }
        Whose::AnothersToo => print_line("the show was killed; another has its lights by now"),
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
struct GuardedLines {
    plan: SafePlan,
    outputs: SafeOutputs,
}

impl GuardedLines {
    fn of(plan: SafePlan) -> Self {
        Self { outputs: SafeOutputs::of(&plan), plan }
    }

    /// Guards the lines of `plan` from now on. All lines are the instance's, which may be in the middle of a show by now:
    /// none is touched here.
    fn follow(&mut self, plan: SafePlan) {
        if plan != self.plan {
            std::mem::replace(self, Self::of(plan)).leave();
        }
    }

    /// Opens what is needed to make them safe, as far as that can be open before. What cannot be opened yet is tried
    /// again, and told when it is needed.
    fn prepare(&mut self) {
        let _later = self.outputs.open();
    }

    /// Leaves the lines as they are: they are the instance's, which may be in the middle of a show.
    fn leave(self) {
        std::mem::forget(self.outputs);
    }

    /// Makes those safe that are no other instance's by now.
    fn make_safe_for(&mut self, guardian_lock: &io::Result<GuardianLock>) -> Result<Whose> {
        let Ok(guardian_lock) = guardian_lock else { return self.make_safe().map(|()| Whose::Nobodys) };
        guardian_lock.while_no_launch(|is_anothers| {
            let theirs: Vec<_> = self.plan.addresses().filter(|address| is_anothers(*address)).collect();
            self.make_safe_but(&theirs)
        })
    }

    fn make_safe_but(&mut self, theirs: &[Address]) -> Result<Whose> {
        if theirs.is_empty() {
            return self.make_safe().map(|()| Whose::Nobodys);
        }
        // Dropping what is open would drive all of them. Should they be nobody's at the next try, they are opened anew.
        std::mem::forget(std::mem::replace(&mut self.outputs, SafeOutputs::of(&self.plan)));
        self.plan.clone().only(|address| !theirs.contains(&address)).make_safe()?;
        Ok(Whose::AnothersToo)
    }

    fn make_safe(&mut self) -> Result<()> {
        self.outputs.make_safe()
    }
}

/// A line on standard error, if there is room for it: nothing may block a guardian.
fn print_line(words: &str) {
    let mut stderr = io::stderr();
    let mut watched = [PollFd::new(&stderr, PollFlags::OUT)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let has_room = matches!(poll(&mut watched, Some(&at_once)), Ok(1..))
        && watched[0].revents().contains(PollFlags::OUT);
    if has_room {
        // A show in a terminal has it in a mode in which a line needs its carriage return.
        let end = if stderr.is_terminal() { "\r\n" } else { "\n" };
        let line = logging::stderr_line(Level::Warn, words) + end;
        let _ = stderr.write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::output::safe_plan::{SafePart, SimulatedBoard};
    use crate::output::{Signal, Wire};
    use crate::rig::{Line, Release};

    #[test]
    fn lines_that_were_anothers_are_made_safe_when_they_are_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        let pins = folder.path().join("pins");
        fs::write(&pins, format!("11{}\n", ".".repeat(26))).unwrap();
        let board = SimulatedBoard { pins: Some(pins.clone().into()), names: Vec::new() };
        let [first, second] = [0, 1].map(|bcm| Line::new(bcm).unwrap());
        let lines = [first, second].map(|line| Wire { line, safe: Signal::Low }).to_vec();
        let part = SafePart::SimulatedLines { board, lines, release: Release::Driven };
        let mut guarded = GuardedLines::of(SafePlan { parts: vec![part] });
        guarded.prepare();
        for (theirs, expected) in [(vec![Address::Line(first)], "10."), (vec![], "00.")] {
            guarded.make_safe_but(&theirs).unwrap();
            assert_eq!(&fs::read_to_string(&pins).unwrap()[..3], expected);
        }
    }
    #[test]
    fn with_new_orders_other_lines_are_guarded_and_those_before_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let pins = folder.path().join("pins");
        let light = |text: &str| fs::write(&pins, format!("{text}{}\n", ".".repeat(26))).unwrap();
        let plan = |bcm: u8| {
            let board = SimulatedBoard { pins: Some(pins.clone().into()), names: Vec::new() };
            let lines = vec![Wire { line: Line::new(bcm).unwrap(), safe: Signal::Low }];
            SafePlan { parts: vec![SafePart::SimulatedLines { board, lines, release: Release::Driven }] }
        };
        light("11");
        let mut guarded = GuardedLines::of(plan(0));
        guarded.make_safe().unwrap();
        light("11");
        guarded.follow(plan(0));
        guarded.follow(plan(1));
        assert_eq!(&fs::read_to_string(&pins).unwrap()[..2], "11", "a show may be on by now");
        guarded.make_safe().unwrap();
        assert_eq!(&fs::read_to_string(&pins).unwrap()[..2], "10");
    }
}
