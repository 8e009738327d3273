//! A small child process of the instance that makes the lines safe when the instance cannot: when that dies without
//! dismissing it, or when its timing thread stands still. Drives an output, and knows no shows.
//!
//! The instance starts its guardian when it has the lock, before it takes the first line. It dismisses the guardian
//! when every line is safe, before it frees the lock. In between, the guardian waits on a link that closes with the
//! instance (`link`), looks at the heartbeat four times a second (`watch`), and has a file by which the next
//! instance sees that it is at work ([`finish_leftovers`]). It owns no line: it drives them only when nobody else does.

mod leftovers;
mod link;
mod oom;
pub mod orders;
mod process;
mod spawn;
mod watch;

use std::os::fd::AsFd;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid as ProcessId, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::child_end::ends_within;
use crate::heartbeat::{Heartbeat, Intervention};
use crate::lock::{GuardianFileId, Lock, Pid};
use crate::output::safe_plan::SafePlan;
use crate::stage::rescue;

pub use leftovers::{LinesNotSafe, finish_leftovers};
pub use process::{StartedByHand, run};
pub use spawn::{COMMAND, NAME};

use link::InstanceEnd;

/// A guardian with nothing to make safe ends within a millisecond or so.
const EXIT_PATIENCE: Duration = Duration::from_millis(200);
/// A guardian that ends again and again is not started more often than this.
const BETWEEN_STARTS: Duration = Duration::from_secs(1);
/// How often is looked whether its file is where others find it: as often as for the lock's own.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// The guardian of this process. Dropped, it is dismissed, and has ended. The lines must be safe and released by then,
/// or it makes them so, and tries for ten seconds, also when this process has ended.
#[derive(Debug)]
pub struct Guardian {
    plan: SafePlan,
    heartbeat: Arc<Heartbeat>,
    interventions: u64,
    child: Option<GuardianChild>,
    started: Instant,
    /// When its file was last looked for.
    looked: Instant,
    /// That there is none is told once.
    is_absence_told: bool,
}

/// The process, and our end of the link to it.
#[derive(Debug)]
struct GuardianChild {
    process: Child,
    link: InstanceEnd,
    file: Option<GuardianFileId>,
}

/// What the person who runs the show is told once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GuardianNotice {
    /// The guardian had ended; there is a new one.
    Replaced,
    /// There is none, for this reason, and none can be started.
    Missing(String),
    /// The timing thread stood still, and the guardian made the lights safe.
    Intervened,
}

impl Guardian {
    /// Starts a guardian of the outputs in `plan`, which `lock` holds and nobody drives yet. After this they
    /// are safe whatever becomes of this process, and it may take them. Lines that end with the process need none.
    ///
    /// # Errors
    /// When the system has no room for a small process, or the lock directory none for its file.
    pub fn start(lock: &Lock, plan: SafePlan) -> Result<Self> {
        let heartbeat = Arc::new(Heartbeat::new().context("making a heartbeat")?);
        let now = Instant::now();
        let mut guardian = Self {
            plan,
            heartbeat,
            interventions: 0,
            child: None,
            started: now,
            looked: now,
            is_absence_told: false,
        };
        if guardian.is_needed() {
            oom::raise();
            guardian.begin(lock).context("starting the guardian of the lights")?;
        }
        Ok(guardian)
    }

    /// The heartbeat that the timing thread has to keep.
    #[must_use]
    pub fn heartbeat(&self) -> Arc<Heartbeat> {
        Arc::clone(&self.heartbeat)
    }

    /// Replaces a guardian that has ended. To be called 20 times a second while a show plays, and twice a second
    /// otherwise. Does not wait.
    pub fn look_after(&mut self, lock: &Lock) -> Option<GuardianNotice> {
        if self.heartbeat.intervention(&mut self.interventions) == Intervention::Over {
            return Some(GuardianNotice::Intervened);
        }
        let is_missing = self.is_needed() && !self.child.as_mut().is_some_and(GuardianChild::revive);
        if is_missing {
            return if self.started.elapsed() >= BETWEEN_STARTS { self.replace(lock) } else { None };
        }
        if self.looked.elapsed() >= BETWEEN_LOOKS {
            self.looked = Instant::now();
            let is_seen = |guard: &GuardianChild| guard.file.is_some_and(|file| lock.has_in_place(file));
            if self.child.as_ref().is_some_and(|guard| !is_seen(guard)) {
                return self.renew_file(lock);
            }
        }
        None
    }

    /// Gives the guardian a new file: the old one, or its directory, may have been deleted.
    pub fn renew_file(&mut self, lock: &Lock) -> Option<GuardianNotice> {
        let mut guard = self.child.take()?;
        let sent = self.send(&mut guard, lock);
        // Without a new file it makes the lines safe as before.
        self.child = Some(guard);
        sent.err()
            .map(|error| GuardianNotice::Missing(format!("{:#}", error.context("giving it a new file"))))
    }

    /// Gives the guardian other outputs to guard, which `lock` holds; nothing may be lit meanwhile. From here on it
    /// makes those safe, and no others. Waits 200 ms at most, for a guardian that takes no orders.
    ///
    /// # Errors
    /// When it cannot be told: then it guards the outputs of both plans, or those of the one before.
    pub fn change_orders(&mut self, lock: &Lock, plan: SafePlan) -> Result<()> {
        let before = std::mem::replace(&mut self.plan, plan);
        let ordered = match self.child.take() {
            Some(mut guard) => match self.send(&mut guard, lock) {
                Ok(()) => {
                    self.child = Some(guard);
                    Ok(())
                }
                // It may have ended: then another one takes its place.
                Err(_) => match self.begin(lock) {
                    Ok(()) => {
                        guard.dismiss();
                        guard.end();
                        Ok(())
                    }
                    Err(error) => {
                        self.child = Some(guard);
                        Err(error)
                    }
                },
            },
            None if self.is_needed() => self.begin(lock),
            None => Ok(()),
        };
        if ordered.is_err() {
            self.plan = before;
        }
        ordered.context("giving the guardian of the lights its orders")
    }

    fn is_needed(&self) -> bool {
        self.plan.outlives_the_process()
    }

    fn replace(&mut self, lock: &Lock) -> Option<GuardianNotice> {
        self.child = None;
        // It may have been killed in the middle of an intervention.
        self.heartbeat.end_intervention();
        match self.begin(lock) {
            Ok(()) => {
                self.is_absence_told = false;
                Some(GuardianNotice::Replaced)
            }
            Err(error) if !self.is_absence_told => {
                self.is_absence_told = true;
                Some(GuardianNotice::Missing(format!("{error:#}")))
            }
            Err(_) => None,
        }
    }

    fn begin(&mut self, lock: &Lock) -> Result<()> {
        self.started = Instant::now();
        let (theirs, link) = link::pair().context("making a link to it")?;
        let process = spawn::spawn_guardian(theirs).context("starting its process")?;
        let mut guard = GuardianChild { process, link, file: None };
        let is_sent = self.send(&mut guard, lock).context("giving it its orders");
        match is_sent {
            Ok(()) => {
                log::debug!("guardian: PID {} guards the lights", guard.process.id());
                self.child = Some(guard);
            }
            // It may have its orders, and must not think that this process has died.
            Err(_) => {
                guard.dismiss();
                guard.end();
            }
        }
        is_sent
    }

    /// After the fork: what is open before it is the child's, too, until that runs its own program.
    fn send(&self, guard: &mut GuardianChild, lock: &Lock) -> Result<()> {
        let orders = orders::write(&self.plan);
        let file = lock.guardian_file(Pid::new(guard.process.id()), &orders)?;
        let [directory, locked] = file.share();
        // Orders first: lines may be lit, and if this process is killed now, the guardian must know them.
        guard.link.order(&orders, [self.heartbeat.as_fd(), directory, locked], rescue::shared())?;
        file.put_in_place()?;
        guard.file = Some(file.id()?);
        Ok(())
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        let Some(guard) = self.child.take() else { return };
        // One that is not dismissed makes the lines safe, and tries on when this process has ended.
        if self.heartbeat.is_at_rest() {
            guard.dismiss();
            guard.end();
        } else {
            guard.leave();
        }
    }
}

impl GuardianChild {
    /// Continues it if it was stopped. False if it has ended.
    fn revive(&mut self) -> bool {
        let is_alive = matches!(self.process.try_wait(), Ok(None));
        if is_alive {
            let pid = ProcessId::from_child(&self.process);
            let stopped = waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
            if matches!(stopped, Ok(Some(_))) {
                // A child of ours that has not been waited for: nobody else can have its number.
                let _ = kill_process(pid, Signal::CONT);
            }
        }
        is_alive
    }

    fn dismiss(&self) {
        // It may be dead; then there is nobody to dismiss.
        let _ = self.link.dismiss();
    }

    /// Leaves it to its work: for it, the instance is dead. Waits for its end, [`EXIT_PATIENCE`] at most.
    fn leave(mut self) {
        drop(self.link);
        let _is_done = ends_within(&mut self.process, EXIT_PATIENCE);
    }

    /// Waits for its end, [`EXIT_PATIENCE`] at most; then it is killed.
    fn end(mut self) {
        drop(self.link);
        let is_gone = ends_within(&mut self.process, EXIT_PATIENCE).unwrap_or(false);
        if !is_gone {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
