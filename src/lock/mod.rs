//! One instance at a time, and who it is. Knows nothing of what a show means, and does not print.
//!
//! Two things hold a lock together. The **lock file** is locked with `fcntl`, so that the kernel can
//! name its holder and a person can read what it plays. The **anchor** is a mark on the lock
//! directory itself, which stays when a hand deletes the file; it also claims the GPIO lines. The
//! kernel frees both at any death of the holder, and nothing is ever deleted.
//!
//! The steps of a launch, and why they come in this order:
//!
//! 1. Open the directory; refuse one that others could fill.
//! 2. Look at the marks. Whoever has ours is named at once: a refusal waits for nobody.
//! 3. Through the door, where one launch stands at a time; a second comes back to step 2 until the
//!    first is through. Look at the marks again: what was free before the door need not be now.
//! 4. Lock the file and write the text: whoever finds our mark shall find our name.
//! 5. Make the marks. From here on nobody else passes step 2, whatever becomes of any file.
//! 6. Out of the door.
//! 7. Look whether the path still leads to this directory; if not, all over again in the new one.
//!
//! A death at any step frees whatever had been taken. A file deleted at any step costs its text, not
//! the exclusion: only the marks decide, and they are made and looked at in the door. The way out is
//! the reverse: the file first, so that a free mark means a free file.
//!
//! A lock that is free does not mean lines that nobody touches: the guardian of an instance that was
//! killed may be about to make them safe. So a launch that may have the lock waits a moment, before it
//! makes a mark, until such a guardian is done; after 200 ms it does the guardian's work itself. A guardian
//! that comes later than that sees whose the lines are, and leaves them alone ([`GuardianLock`]).
//!
//! What each of these is needed for, and why none can be left out:
//!
//! | what | without it |
//! |---|---|
//! | lock file, by `fcntl` | the kernel could name nobody, and nothing would tell a holder from a mere reader |
//! | marks on the directory | a hand that deletes the file would let a second one in; lines would have no owner |
//! | door | marks are shared locks: two launches at the same moment would both make theirs |
//! | a guardian's file | a launch could not tell that a guardian is still at work, or has never got to it |

mod claim;
mod dir;
mod fresh;
mod group;
mod guardian_file;
mod kernel;
mod leftovers;
mod lock_file;
mod lock_info;
mod managed;
mod name;
mod open_locks;
mod pid;
mod probe;
mod refusal;
mod second_anchor;
mod takeover;

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::realtime::Scheduling;
use crate::time::ShowTime;

use lock_file::LockFile;
use open_locks::{OpenLock, OpenLocks};
use second_anchor::{Resource, SecondAnchor};

pub use claim::Claim;
pub use dir::LockDir;
pub use guardian_file::{GuardianFile, GuardianFileId, GuardianLock};
pub use leftovers::Leftovers;
pub use lock_info::LockInfo;
pub use name::{BadName, Name};
pub use pid::Pid;
pub use probe::{Holder, KnownBy, instances, probe};
pub use refusal::{DirectoryFlaw, FileFlaw, PermissionFix, Refusal};
pub use takeover::{Ended, Manner, ServicePolicy, TakeoverError, TakeoverStep, end};

const POLL: Duration = Duration::from_millis(50); // soon enough for a person, no load for the Pi
const LAUNCH_POLL: Duration = Duration::from_micros(500); // a launch is through in about this time…
const SLOWEST_LAUNCH_POLL: Duration = Duration::from_millis(8); // …unless many look, who must not keep it waiting
const GUARDIAN_PATIENCE: Duration = Duration::from_millis(200); // one is done within a millisecond or so
const LAUNCH_PATIENCE: Duration = Duration::from_secs(1); // a launch on a busy Pi may be slow, not this slow

/// The right to play, for as long as this value lives. Dropping it frees everything; so does any
/// death of the process, at once.
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
    /// A guardian of an instance that is gone is at its lines.
    GuardianAtWork,
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
    /// [`Refusal::Held`] and [`Refusal::LineClaimed`] name who is in the way. The others tell what to
    /// mend before anybody can hold this lock.
    pub fn acquire(dir: &LockDir, claim: Claim) -> Result<Self, Refusal> {
        let began = Instant::now();
        let mut pause = LAUNCH_POLL;
        let mut met_guardian: Option<Instant> = None;
        loop {
            let passes_by = met_guardian.is_some_and(|met| met.elapsed() >= GUARDIAN_PATIENCE);
            let refusal = match Self::attempt(dir.path(), &claim, passes_by) {
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

    /// As [`Lock::acquire`], but waits up to `patience` (`None`: as long as it takes) for whoever is
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

    /// Tells where the show is. Meant for once a second: cheap, waits for nobody, and mends the lock
    /// where a hand deleted its file.
    ///
    /// # Errors
    /// [`Refusal`] when the lock could not be mended or written. It is held all the same, unless its
    /// very directory was replaced and somebody else has the lock there.
    pub fn publish(&mut self, position: ShowTime) -> Result<Upkeep, Refusal> {
        self.claim.info.position = Some(position);
        self.tell()
    }

    /// Has the next [`publish`](Self::publish) tell, too, how the lights are scheduled.
    pub fn note_timing(&mut self, timing: Scheduling) {
        self.claim.info.timing = Some(timing);
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

    /// One launch, as the room's head tells its steps.
    fn attempt(path: &Path, claim: &Claim, passes_by: bool) -> Result<Attempt<Self>, Refusal> {
        let dir = LockDir::open(path)?;
        let outcome = Self::attempt_in(&dir, claim, passes_by);
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
        passes_by: bool,
    ) -> Result<Attempt<(OpenLock, SecondAnchor)>, Refusal> {
        let failed = |error| Refusal::io(format!("marking {}", dir.path().display()), error);
        let anchor = SecondAnchor::on(dir).map_err(failed)?;
        let is_guarded = || Ok(!passes_by && leftovers::are_worked_on(dir, &anchor).map_err(failed)?);
        refuse_if_taken(dir, &anchor, claim)?;
        // Not in the door, which the guardian needs.
        if is_guarded()? {
            return Ok(Attempt::GuardianAtWork);
        }
        let text = claim.info.block(Pid::own()); // a local time may take a file to read: not in the door
        let Some(door) = anchor.try_launch_mutex().map_err(failed)? else { return Ok(Attempt::TryAgain) };
        refuse_if_taken(dir, &anchor, claim)?;
        if is_guarded()? {
            return Ok(Attempt::GuardianAtWork);
        }

        let mut open_locks = OpenLocks::access();
        let Some(lock_file) = LockFile::acquire(dir, &claim.name, &open_locks)? else {
            drop(open_locks);
            // Locked without a mark: by a hand, or by one that is dying this instant.
            return match probe::holder_by_file(dir, &claim.name)? {
                Some(holder) => Err(Refusal::Held { wanted: claim.name.clone(), holder: holder.into() }),
                None => Ok(Attempt::TryAgain),
            };
        };
        lock_file.write(&text).map_err(|error| unwritten(dir, &claim.name, error))?;
        for place in claim.resources() {
            door.take(place).map_err(failed)?;
        }
        drop(door);
        Ok(Attempt::Won((open_locks.add(lock_file), anchor)))
    }

    fn tell(&mut self) -> Result<Upkeep, Refusal> {
        let upkeep = if self.dir.is_in_place() { self.mend_file()? } else { self.mend_directory()? };
        let text = self.claim.info.block(Pid::own());
        let open_locks = OpenLocks::access();
        let lock_file = open_locks
            .lock_file(self.lock_file.id())
            .ok_or_else(|| self.unwritten(io::ErrorKind::NotFound.into()))?;
        lock_file
            .lock_again()
            .and_then(|()| lock_file.write(&text))
            .map_err(|error| self.unwritten(error))?;
        Ok(upkeep)
    }

    /// Where the file is gone, or has got a second name, makes and locks another. The marks kept everybody out meanwhile, so
    /// that needs no door.
    fn mend_file(&mut self) -> Result<Upkeep, Refusal> {
        let mut open_locks = OpenLocks::access();
        let name = &self.claim.name;
        if open_locks.lock_file(self.lock_file.id()).is_some_and(|lock_file| lock_file.is_at(&self.dir, name))
        {
            return Ok(Upkeep::Sound);
        }
        let Some(lock_file) = LockFile::acquire(&self.dir, name, &open_locks)? else {
            drop(open_locks);
            return match probe::holder_by_file(&self.dir, name)? {
                Some(holder) => Err(Refusal::Held { wanted: name.clone(), holder: holder.into() }),
                None => Err(self.unwritten(io::ErrorKind::WouldBlock.into())),
            };
        };
        let entry = open_locks.add(lock_file);
        drop(open_locks);
        self.lock_file = entry;
        Ok(Upkeep::Mended)
    }

    /// Where the whole directory was replaced, takes the lock in the new one before it leaves the old.
    fn mend_directory(&mut self) -> Result<Upkeep, Refusal> {
        // Guardians in the new one are not to be waited for: these lines are ours.
        match Self::attempt(self.dir.path(), &self.claim, true)? {
            Attempt::Won(fresh) => *self = fresh,
            Attempt::TryAgain | Attempt::GuardianAtWork => {
                return Err(self.unwritten(io::ErrorKind::WouldBlock.into()));
            }
        }
        Ok(Upkeep::Mended)
    }

    fn unwritten(&self, error: io::Error) -> Refusal {
        unwritten(&self.dir, &self.claim.name, error)
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
    // Looked at first and told last: a launch marks its name before its lines, so that one which is met
    // at a line is known by its name from here on.
    let mut claimed = claim.lines.iter().copied().map(|line| Ok((line, owner_of(Resource::Line(line))?)));
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
        Some((line, Some(pid))) => {
            let holder = probe::holder_marked(dir, pid, None)?.into();
            Err(Refusal::LineClaimed { line, holder })
        }
        _ => Ok(()),
    }
}

/// The page's Rust blocks are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/lock.md")]
struct LockPage;
