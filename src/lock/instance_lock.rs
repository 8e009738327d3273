//! The lock of one instance: taking it, telling what is played, keeping it. Knows nothing of what a show means, and
//! does not print.

use std::io;
use std::iter::once;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::claim::{Claim, claims_of};
use super::dir::LockDir;
use super::guardian_file::is_orphan_at_work;
use super::holder::Holder;
use super::lock_file::{OpenLock, OpenLocks};
use super::lock_info::LockInfo;
use super::name::Name;
use super::pid::Pid;
use super::probe;
use super::refusal::Refusal;
use super::second_anchor::{LAUNCH_POLL, Resource, SecondAnchor};
use crate::rig::Address;
use crate::time::ShowTime;

pub(super) const POLL: Duration = Duration::from_millis(50); // soon enough for a person, no load for the Pi
const SLOWEST_LAUNCH_POLL: Duration = Duration::from_millis(8); // where many launch, none keeps the others waiting
const GUARDIAN_PATIENCE: Duration = Duration::from_millis(200); // one is done within a millisecond or so
pub(super) const LAUNCH_PATIENCE: Duration = Duration::from_secs(1); // a launch on a busy Pi may be slow, not this slow

/// The lock, for as long as this value lives. Dropping it frees everything; so does any death of the process, at
/// once.
///
/// Its descriptors close on exec. A child that is forked without exec shares the marks: when this
/// process is killed they stay until the child ends or closes what it inherited. It cannot free them
/// by dropping its copy of this value, and does not keep them when this value is dropped here.
#[derive(Debug)]
pub struct Lock {
    // In the order in which they are dropped: a free mark means a free file.
    lock_file: OpenLock,
    anchor: SecondAnchor,
    dir: LockDir,
    claim: Claim,
}

/// What came of one launch.
enum Attempt<T> {
    Won(T),
    /// Another launch is half-way through, or the directory was replaced.
    TryAgain,
    /// A guardian of an instance that is gone makes lines safe.
    GuardianAtWork,
}

/// What a launch does about the guardian of an instance that is gone, while that makes lines safe.
#[derive(Clone, Copy)]
enum Guardians {
    WaitFor,
    Ignore,
}

/// What [`Lock::publish`] and [`Lock::announce`] found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Upkeep {
    Sound,
    /// The file or the directory had been deleted or replaced; it is made anew, and locked.
    Mended,
}

impl Lock {
    /// Takes the lock `name`, which is `starcourt` or `starcourt_SHOW`, in [`LockDir::DEFAULT`], with
    /// no lines and nothing to tell: for a program that only must not run twice.
    ///
    /// # Errors
    /// As [`Lock::acquire`] and [`LockDir::open`], and [`Refusal::BadName`].
    pub fn simple(name: &str) -> Result<Self, Refusal> {
        let name = name.parse().map_err(Refusal::BadName)?;
        Self::acquire(&LockDir::open(LockDir::DEFAULT)?, Claim::simple(name))
    }

    /// Takes the lock and the lines, or is refused at once. Only while another launch is half-way
    /// through does it wait, or while a child that a dead holder forked has yet to run its own program,
    /// and then less than about a second; and up to 200 ms for the guardian of an instance that was killed.
    ///
    /// # Errors
    /// [`Refusal::Held`] and [`Refusal::OutputClaimed`] name who is in the way. The others tell what to
    /// mend before anybody can hold this lock.
    pub fn acquire(dir: &LockDir, claim: Claim) -> Result<Self, Refusal> {
        let claim = Claim { outputs: claims_of(&claim.outputs), ..claim };
        let began = Instant::now();
        let mut pause = LAUNCH_POLL;
        let mut met_guardian: Option<Instant> = None;
        loop {
            let guardians = match met_guardian {
                Some(met) if met.elapsed() >= GUARDIAN_PATIENCE => Guardians::Ignore,
                _ => Guardians::WaitFor,
            };
            let refusal = match Self::attempt(dir.path(), &claim, guardians) {
                Ok(Attempt::Won(lock)) => {
                    log::debug!("lock {} in {} is held", lock.name(), dir.path().display());
                    return Ok(lock);
                }
                Ok(Attempt::GuardianAtWork) => {
                    if met_guardian.is_none() {
                        log::debug!("lock: the guardian of an instance that was killed is at work; waiting");
                    }
                    met_guardian.get_or_insert_with(Instant::now);
                    thread::sleep(LAUNCH_POLL);
                    continue; // no more often than its patience allows
                }
                Ok(Attempt::TryAgain) => Refusal::Blocked { directory: dir.path().to_owned() },
                Err(refusal) if refusal.holder().is_some_and(Holder::is_dead) => refusal,
                Err(refusal) => return Err(refusal),
            };
            if began.elapsed() > LAUNCH_PATIENCE {
                return Err(refusal);
            }
            thread::sleep(pause);
            pause = SLOWEST_LAUNCH_POLL.min(pause * 2);
        }
    }

    /// As [`Lock::acquire`], but waits up to `patience` (`None`: as long as it takes) for who is
    /// in the way, looking about every 50 ms whether that has changed or `stop` says yes.
    ///
    /// # Errors
    /// As [`Lock::acquire`]: the last refusal when patience ends, [`Refusal::Stopped`] when `stop`
    /// ended it.
    pub fn acquire_within(
        dir: &LockDir,
        claim: &Claim,
        patience: Option<Duration>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Self, Refusal> {
        let began = Instant::now();
        loop {
            let refusal = match Self::acquire(dir, claim.clone()) {
                Err(refusal) if refusal.may_pass() => refusal,
                outcome => return outcome,
            };
            if stop() {
                return Err(Refusal::Stopped);
            }
            let left = patience.map(|patience| patience.saturating_sub(began.elapsed()));
            match left {
                Some(Duration::ZERO) => return Err(refusal),
                left => thread::sleep(left.map_or(POLL, |left| left.min(POLL))),
            }
        }
    }

    /// Tells where the show is. Meant for once a second: cheap, waits for nobody, and makes the lock's file anew
    /// where it was deleted.
    ///
    /// # Errors
    /// [`Refusal`] when the lock could not be mended or written. It is held all the same, unless its
    /// very directory was replaced and somebody else has the lock there.
    pub fn publish(&mut self, position: ShowTime) -> Result<Upkeep, Refusal> {
        self.claim.info.position = Some(position);
        self.tell()
    }

    /// Tells what is played from now on; otherwise as [`Lock::publish`].
    ///
    /// # Errors
    /// As [`Lock::publish`].
    pub fn announce(&mut self, info: LockInfo) -> Result<Upkeep, Refusal> {
        self.claim.info = info;
        self.tell()
    }

    /// What it tells of itself.
    #[must_use]
    pub fn info(&self) -> &LockInfo {
        &self.claim.info
    }

    #[must_use]
    pub fn name(&self) -> &Name {
        &self.claim.name
    }

    #[must_use]
    pub fn dir(&self) -> &LockDir {
        &self.dir
    }

    /// Those that are claimed.
    pub(super) fn outputs(&self) -> &[Address] {
        &self.claim.outputs
    }

    pub(super) fn set_outputs(&mut self, outputs: Vec<Address>) {
        self.claim.outputs = outputs;
    }

    pub(super) fn anchor(&self) -> &SecondAnchor {
        &self.anchor
    }

    /// One launch: the steps that the module's documentation tells.
    fn attempt(path: &Path, claim: &Claim, guardians: Guardians) -> Result<Attempt<Self>, Refusal> {
        let dir = LockDir::open(path)?;
        let outcome = Self::attempt_in(&dir, claim, guardians);
        if !dir.is_in_place() {
            return Ok(Attempt::TryAgain); // replaced meanwhile: what happened in the old one does not count
        }
        Ok(match outcome? {
            Attempt::Won((lock_file, anchor)) => {
                Attempt::Won(Self { lock_file, anchor, dir, claim: claim.clone() })
            }
            Attempt::TryAgain => Attempt::TryAgain,
            Attempt::GuardianAtWork => Attempt::GuardianAtWork,
        })
    }

    fn attempt_in(
        dir: &LockDir,
        claim: &Claim,
        guardians: Guardians,
    ) -> Result<Attempt<(OpenLock, SecondAnchor)>, Refusal> {
        let failed = |error| Refusal::io(format!("marking {}", dir.path().display()), error);
        let anchor = SecondAnchor::on(dir).map_err(failed)?;
        let is_guarded = || match guardians {
            Guardians::WaitFor => is_orphan_at_work(dir, &anchor).map_err(failed),
            Guardians::Ignore => Ok(false),
        };
        refuse_if_taken(dir, &anchor, claim)?;
        // Without the mutex, which the guardian needs.
        if is_guarded()? {
            return Ok(Attempt::GuardianAtWork);
        }
        let text = claim.info.block(Pid::own()); // not under the mutex: a local time may take a file to read
        let Some(mutex) = anchor.try_launch_mutex().map_err(failed)? else { return Ok(Attempt::TryAgain) };
        refuse_if_taken(dir, &anchor, claim)?;
        if is_guarded()? {
            return Ok(Attempt::GuardianAtWork);
        }
        // Held without a mark: by some other program, or by an instance that dies this instant.
        let Some(lock_file) = lock_or_refuse(dir, &claim.name, &text)? else { return Ok(Attempt::TryAgain) };
        let outputs = claim.outputs.iter().copied().map(Resource::Output);
        for resource in once(Resource::of(&claim.name)).chain(outputs) {
            mutex.mark(resource).map_err(failed)?;
        }
        drop(mutex);
        Ok(Attempt::Won((lock_file, anchor)))
    }

    fn tell(&mut self) -> Result<Upkeep, Refusal> {
        let text = self.claim.info.block(Pid::own());
        if !self.dir.is_in_place() {
            return self.move_to_new_directory();
        }
        let open_locks = OpenLocks::access();
        let own = open_locks.find(self.lock_file.id());
        if let Some(own) = own.filter(|own| own.is_at(&self.dir, &self.claim.name)) {
            return match own.lock_again().and_then(|()| own.write(&text)) {
                Ok(()) => Ok(Upkeep::Sound),
                Err(error) => Err(unwritten(&self.dir, &self.claim.name, error)),
            };
        }
        drop(open_locks);
        // The file is gone, or has a second name. The marks have kept everybody out meanwhile: no mutex is needed.
        let lock_file = lock_or_refuse(&self.dir, &self.claim.name, &text)?;
        self.lock_file = lock_file.ok_or_else(|| self.busy())?;
        Ok(Upkeep::Mended)
    }

    /// Takes the lock in the directory that has replaced this one, before it leaves the old one.
    fn move_to_new_directory(&mut self) -> Result<Upkeep, Refusal> {
        // Guardians there are not to be waited for: these lines are ours.
        match Self::attempt(self.dir.path(), &self.claim, Guardians::Ignore)? {
            Attempt::Won(fresh) => *self = fresh,
            Attempt::TryAgain | Attempt::GuardianAtWork => return Err(self.busy()),
        }
        Ok(Upkeep::Mended)
    }

    /// For a moment: the next call may succeed.
    fn busy(&self) -> Refusal {
        unwritten(&self.dir, &self.claim.name, io::ErrorKind::WouldBlock.into())
    }
}

/// Locks the file of `name` and writes `text` to it; `None` where its holder ends this instant.
fn lock_or_refuse(dir: &LockDir, name: &Name, text: &[u8]) -> Result<Option<OpenLock>, Refusal> {
    let locked = OpenLocks::access().lock(dir, name, text)?;
    match locked {
        Some(lock_file) => Ok(Some(lock_file)),
        None => match probe::holder_by_file(dir, name)? {
            Some(holder) => Err(Refusal::Held { wanted: name.clone(), holder: holder.into() }),
            None => Ok(None),
        },
    }
}

fn unwritten(dir: &LockDir, name: &Name, error: io::Error) -> Refusal {
    Refusal::io(format!("writing {}", dir.lock_path(name).display()), error)
}

fn refuse_if_taken(dir: &LockDir, anchor: &SecondAnchor, claim: &Claim) -> Result<(), Refusal> {
    let owner_of = |place| {
        let failed = |error| Refusal::io(format!("asking who holds {}", dir.path().display()), error);
        anchor.owner_of(place).map_err(failed)
    };
    // Looked at first and told last: a launch marks its name before its outputs, so that one which is met
    // at an output is known by its name from here on.
    let looked = |output| Ok((output, owner_of(Resource::Output(output))?));
    let mut claimed = claim.outputs.iter().copied().map(looked);
    let claimed = claimed.find(|looked| !matches!(looked, Ok((_, None)))).transpose()?;
    let shows = match claim.name.show() {
        Some(show) => (Resource::Show(show), Some(&claim.name)),
        None => (Resource::AnyShow, None),
    };
    for (place, name) in [(Resource::Machine, Some(&Name::MACHINE)), shows] {
        if let Some(pid) = owner_of(place)? {
            let holder = probe::holder_marked(dir, pid, name)?.into();
            return Err(Refusal::Held { wanted: claim.name.clone(), holder });
        }
    }
    match claimed {
        Some((output, Some(pid))) => {
            let holder = probe::holder_marked(dir, pid, None)?.into();
            Err(Refusal::OutputClaimed { output, holder })
        }
        _ => Ok(()),
    }
}
