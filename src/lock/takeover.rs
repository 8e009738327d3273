//! Ending the instance that holds the lock, and taking it over. Signals nobody whom the kernel does
//! not name as the holder at that moment; does not print.

use std::fmt;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::claim::Claim;
use super::dir::LockDir;
use super::holder::{Holder, KnownBy};
use super::instance_lock::{Lock, POLL};
use super::managed;
use super::name::Name;
use super::pid::Pid;
use super::probe::{holder_by_file, holder_marked, instances};
use super::process::Process;
use super::refusal::Refusal;
use super::second_anchor::{Resource, SecondAnchor};
use super::ways_out::{LockRequest, ways_out};

const FILE_PATIENCE: Duration = Duration::from_secs(3); // a holder makes a deleted file anew each second
const DEATH_PATIENCE: Duration = Duration::from_secs(2); // a killed process that is still there is stuck

/// How a holder is ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// How long it may take to end by itself before it is killed.
    pub patience: Duration,
    pub service: ServicePolicy,
}

/// So many holders one after another are asked to end, however few outputs there are.
const FEWEST_ROUNDS: usize = 28;

impl Default for Manner {
    fn default() -> Self {
        Self { patience: Duration::from_secs(5), service: ServicePolicy::Spare }
    }
}

/// What becomes of a holder that systemd runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ServicePolicy {
    /// It is left alone: systemd might start it again at once.
    Spare,
    End,
}

/// What is about to be done to a holder: for telling it beforehand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TakeoverStep {
    /// It is asked to end (SIGTERM).
    Asking(Pid),
    /// It did not end and is killed (SIGKILL).
    Killing(Pid),
}

/// How a holder ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It was gone, or had let go, before it was asked.
    Already,
    /// It ended, or let go, when asked.
    Asked,
    Killed,
}

/// Why a holder was not ended.
#[derive(Debug)]
pub enum TakeoverError {
    /// systemd runs it, as this unit.
    Managed {
        holder: Box<Holder>,
    },
    /// It belongs to another user.
    NotYours {
        pid: Pid,
        /// For commands that are to find its lock: ` --lock-dir DIR`, or nothing.
        lock_option: String,
    },
    /// The kernel does not name it: its lock file is gone or it lives in another PID namespace.
    Unproven {
        pid: Pid,
    },
    /// This very process is the holder.
    Ourselves,
    /// It does not even die.
    Survived {
        pid: Pid,
    },
    /// The caller asked to wait no longer.
    Stopped,
    Refused(Refusal),
}

impl Lock {
    /// Takes the lock and the lines from who has them: asks each to end, kills those who have not
    /// after `manner.patience`, and blocks as long. `told` is called before each step.
    ///
    /// # Errors
    /// [`TakeoverError`]; what was ended until then stays ended.
    pub fn take_over(
        dir: &LockDir,
        claim: &Claim,
        manner: Manner,
        stop: &dyn Fn() -> bool,
        told: &mut dyn FnMut(TakeoverStep),
    ) -> Result<Self, TakeoverError> {
        // More holders than outputs can only be newcomers that go on coming.
        for _ in 0..claim.outputs.len().max(FEWEST_ROUNDS) {
            let refusal = match Self::acquire(dir, claim.clone()) {
                Ok(lock) => return Ok(lock),
                Err(refusal) => refusal,
            };
            let Some(holder) = refusal.holder() else { return Err(TakeoverError::Refused(refusal)) };
            end(dir, holder, manner, stop, told)?;
        }
        Self::acquire(dir, claim.clone()).map_err(TakeoverError::Refused)
    }
}

/// Ends `holder` so that its lock is free; blocks up to `manner.patience` and a little more.
///
/// # Errors
/// [`TakeoverError`].
pub fn end(
    dir: &LockDir,
    holder: &Holder,
    manner: Manner,
    stop: &dyn Fn() -> bool,
    told: &mut dyn FnMut(TakeoverStep),
) -> Result<Ended, TakeoverError> {
    let Some(proven) = proven(dir, holder, stop)? else { return Ok(Ended::Already) };
    let Proven { pid, number, name } = proven;
    if pid == Pid::own() {
        return Err(TakeoverError::Ourselves);
    }
    let failed = |error| TakeoverError::Refused(Refusal::io(format!("ending PID {pid}"), error));
    let Some(process) = Process::open(number).map_err(failed)? else { return Ok(Ended::Already) };
    // From here on `process` is one process for good. That it is the holder is asked after that:
    // asked before, the number could have gone to another meanwhile.
    if !holds(dir, &name, pid)? {
        return Ok(Ended::Already);
    }
    if manner.service == ServicePolicy::Spare && managed::unit_of(number).is_some() {
        return Err(TakeoverError::Managed { holder: Box::new(holder.clone()) });
    }
    let signal = |signal| match process.signal(signal) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(TakeoverError::NotYours { pid, lock_option: holder.lock_option() })
        }
        sent => sent.map_err(failed),
    };
    let has_let_go = |patience: Duration| -> Result<bool, TakeoverError> {
        let began = Instant::now();
        loop {
            if process.wait(POLL) || !holds(dir, &name, pid)? {
                return Ok(true);
            }
            if stop() {
                return Err(TakeoverError::Stopped);
            }
            if began.elapsed() >= patience {
                return Ok(false);
            }
        }
    };
    told(TakeoverStep::Asking(pid));
    signal(Signal::TERM)?;
    if has_let_go(manner.patience)? {
        return Ok(Ended::Asked);
    }
    told(TakeoverStep::Killing(pid));
    signal(Signal::KILL)?;
    match has_let_go(DEATH_PATIENCE)? {
        true => Ok(Ended::Killed),
        false => Err(TakeoverError::Survived { pid }),
    }
}

/// A holder whom the kernel names.
struct Proven {
    pid: Pid,
    number: u32,
    name: Name,
}

/// Waits a little for a holder whose file was deleted to make it anew. `None` when it is gone.
fn proven(dir: &LockDir, holder: &Holder, stop: &dyn Fn() -> bool) -> Result<Option<Proven>, TakeoverError> {
    let began = Instant::now();
    let mut holder = holder.clone();
    loop {
        if let (KnownBy::File, Some(number), Some(name)) =
            (holder.known_by, holder.pid.number(), &holder.name)
        {
            return Ok(Some(Proven { pid: holder.pid, number, name: name.clone() }));
        }
        if holder.known_by == KnownBy::File || began.elapsed() > FILE_PATIENCE {
            return Err(TakeoverError::Unproven { pid: holder.pid });
        }
        if stop() {
            return Err(TakeoverError::Stopped);
        }
        thread::sleep(POLL);
        let pid = holder.pid;
        let everybody = instances(dir.path()).map_err(TakeoverError::Refused)?;
        if everybody.iter().all(|other| other.pid != pid) {
            return Ok(None);
        }
        holder = holder_marked(dir, pid, holder.name.as_ref()).map_err(TakeoverError::Refused)?;
    }
}

/// Whether `pid` still has the lock file of `name`, or at least its mark: the file may have been deleted.
fn holds(dir: &LockDir, name: &Name, pid: Pid) -> Result<bool, TakeoverError> {
    let has_file = holder_by_file(dir, name).map_err(TakeoverError::Refused)?;
    if has_file.is_some_and(|holder| holder.pid == pid) {
        return Ok(true);
    }
    let owner = SecondAnchor::on(dir).and_then(|anchor| anchor.owner_of(Resource::of(name)));
    let asking = || format!("asking who holds {}", dir.path().display());
    let owner = owner.map_err(|error| TakeoverError::Refused(Refusal::io(asking(), error)))?;
    Ok(owner == Some(pid))
}

impl TakeoverError {
    /// The whole message for who wanted this: what is so, and what helps.
    #[must_use]
    pub fn told(&self, wanted: &LockRequest) -> String {
        match self {
            Self::Managed { holder } => format!("{self}{}", ways_out(holder, wanted)),
            Self::Refused(refusal) => refusal.told(wanted),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for TakeoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Managed { holder } => {
                write!(f, "PID {} is run by systemd, which could start it again", holder.pid)
            }
            Self::NotYours { pid, lock_option } => write!(
                f,
                "not permitted to end PID {pid}: it belongs to another user\n  \
                 run: sudo starcourt off{lock_option}"
            ),
            Self::Unproven { pid } => write!(
                f,
                "cannot prove which process holds the lock (PID: {pid}): its lock file is gone or it runs in \
                 a container\n  end it where it was started, then try again"
            ),
            Self::Ourselves => f.write_str("this process holds the lock itself"),
            Self::Survived { pid } => write!(f, "PID {pid} was killed but does not end: the kernel keeps it"),
            Self::Stopped => f.write_str("stopped waiting for the lock"),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl std::error::Error for TakeoverError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(refusal) => std::error::Error::source(refusal),
            _ => None,
        }
    }
}
