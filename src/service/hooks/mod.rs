//! Commands around shows, each run by the shell on a thread of its own. Who starts one waits for nothing, and is told
//! what it writes and what came of it. Knows no shows.
//!
//! A command is a group of processes. It has none of our descriptors: not the guardian's link, which would hide our
//! death, and no sound device. What it leaves in the background goes on without it.

mod context;
mod jobs;
mod output_lines;
mod process_group;

use std::io;
use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{EventfdFlags, eventfd};

use crate::schedule::Hook;

pub use context::{HookContext, HookEvent, HookMessage, HookOutcome};
pub use jobs::Jobs;

use output_lines::OutputLines;
use process_group::CommandEnd;

/// Commands under way. Dropped, they are ended: SIGTERM to the whole group, SIGKILL two seconds later;
/// the drop waits until that is done, and no [`HookMessage::Finished`] is told.
#[derive(Debug)]
pub struct Running {
    stop: Arc<OwnedFd>,
    over: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for their end, `within` at most, then ends them as a drop does.
    pub fn finish(self, within: Duration) {
        let _is_over = self.ends(within);
    }
}

impl Running {
    fn ask_to_end(&self) {
        // A full counter cannot be written, but it is readable, which is what counts.
        let _ = rustix::io::write(&self.stop, &1_u64.to_ne_bytes());
    }

    /// Whether it has ended, `within` this time.
    fn ends(&self, within: Duration) -> bool {
        // Nothing is ever sent: the channel closes when the thread ends, by a panic too.
        self.over.recv_timeout(within) == Err(RecvTimeoutError::Disconnected)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ask_to_end();
        if let Some(thread) = self.thread.take() {
            // A panic has been printed.
            let _outcome = thread.join();
        }
    }
}

/// How many commands of a row are run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RunPolicy {
    /// Until one does not succeed.
    UntilRefused,
    /// All, whatever comes of each.
    All,
}

/// Runs `hook`. `tell` is called on the command's own thread.
///
/// # Errors
/// When the system has no room for a thread. A command that cannot be run is told as [`HookOutcome::Failed`].
pub fn run(
    hook: &Hook,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    run_until_refused(vec![hook.clone()], about, tell)
}

/// Runs `hooks` one after another as long as they succeed. What came of the last that was run is told.
///
/// # Errors
/// As [`run`].
pub fn run_until_refused(
    hooks: Vec<Hook>,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    run_row(None, hooks, about, RunPolicy::UntilRefused, |_, done| done, tell)
}

/// Runs all `hooks` one after another, whatever comes of each. The first trouble is told, if there was one.
///
/// # Errors
/// As [`run`].
pub fn run_all(
    hooks: Vec<Hook>,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    run_row(None, hooks, about, RunPolicy::All, |_, done| done, tell)
}

/// Ends `before`, and runs all `hooks` when it has ended. Waits for neither.
///
/// # Errors
/// As [`run`].
pub fn run_all_after(
    before: Running,
    hooks: Vec<Hook>,
    about: &HookContext,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    before.ask_to_end();
    run_row(Some(before), hooks, about, RunPolicy::All, |_, done| done, tell)
}

/// As [`run_until_refused`]; what came of each, by its place in the row, goes through `judge`.
pub(super) fn run_judged(
    hooks: Vec<Hook>,
    about: &HookContext,
    judge: impl Fn(usize, HookOutcome) -> HookOutcome + Send + 'static,
    tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    run_row(None, hooks, about, RunPolicy::UntilRefused, judge, tell)
}

fn run_row(
    before: Option<Running>,
    hooks: Vec<Hook>,
    about: &HookContext,
    policy: RunPolicy,
    judge: impl Fn(usize, HookOutcome) -> HookOutcome + Send + 'static,
    mut tell: impl FnMut(HookMessage) + Send + 'static,
) -> io::Result<Running> {
    let stop = Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?);
    let (sign, over) = channel();
    let (about, heard) = (about.clone(), Arc::clone(&stop));
    let thread = thread::Builder::new().name(format!("on {}", about.event.name())).spawn(move || {
        // Dropped with the thread's end, however it ends.
        let _sign: Sender<()> = sign;
        drop(before);
        let mut trouble = None;
        for (place, hook) in hooks.iter().enumerate() {
            let Some(done) = run_one(hook, &about, &heard, &mut tell) else { return };
            let done = judge(place, done);
            if done != HookOutcome::Succeeded {
                trouble.get_or_insert(done);
                if policy == RunPolicy::UntilRefused {
                    break;
                }
            }
        }
        tell(HookMessage::Finished(trouble.unwrap_or(HookOutcome::Succeeded)));
    })?;
    Ok(Running { stop, over, thread: Some(thread) })
}

/// `None`: it was ended on request.
fn run_one(
    hook: &Hook,
    about: &HookContext,
    stop: &OwnedFd,
    tell: &mut impl FnMut(HookMessage),
) -> Option<HookOutcome> {
    let event = about.event.name();
    log::debug!("{event}: running `{}`", hook.line);
    let mut lines = OutputLines::new(|line| tell(HookMessage::Output(format!("{event}: {line}"))));
    let end = process_group::perform(hook, about, stop, &mut lines);
    let done = match end {
        Ok(CommandEnd::Stopped) => None,
        Ok(CommandEnd::Overran) => Some(HookOutcome::Overran),
        Ok(CommandEnd::Exited(status)) if status.success() => Some(HookOutcome::Succeeded),
        Ok(CommandEnd::Exited(status)) => Some(of_failure(status, lines.take_last())),
        Err(error) => Some(HookOutcome::Failed(format!("`{}` cannot be run: {error}", hook.line))),
    };
    lines.finish();
    log::debug!("{event}: `{}` has ended: {done:?}", hook.line);
    done
}

fn of_failure(status: ExitStatus, last_line: Option<String>) -> HookOutcome {
    match status.code() {
        Some(code) => {
            HookOutcome::Refused { reason: last_line.unwrap_or_else(|| format!("it ended with code {code}")) }
        }
        None => HookOutcome::Failed(format!("it was killed ({status})")),
    }
}
