//! Guardians of instances that are gone, at lines that are ours now: who they are, and ending one that
//! does not come to an end. Signals nobody whose own locked file does not name it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::thread;
use std::time::{Duration, Instant};

use super::anchor::Place;
use super::kernel::{self, FileId, Process};
use super::latch::flaw;
use super::name::Name;
use super::register::Register;
use super::{DOOR_PATIENCE, DOOR_POLL, Lock, LockDir, Pid, Refusal};
use crate::rig::Line;

const DEATH_PATIENCE: Duration = Duration::from_secs(1); // a killed process that is still there is stuck
const LONGEST_TEXT: usize = 16 * 1024; // bytes; a path and 28 lines fit many times over

/// A guardian that does not come to an end and could not be ended, and why.
#[derive(Debug)]
pub enum StuckGuard {
    /// It belongs to another user.
    NotYours { pid: Pid },
    /// Its file is gone, or it runs in another PID namespace: it may be anybody.
    Unproven { pid: Pid },
    /// It does not even die.
    Survived { pid: Pid },
    /// The lock directory does not answer.
    Refused(Refusal),
}

impl Lock {
    /// The guardians that are at this lock's lines, or have its guardian's file. While this lock has none
    /// of its own, they are those of instances that are gone.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub fn guards(&self) -> Result<Vec<Pid>, Refusal> {
        let failed = |error| Refusal::io(format!("asking who guards {}", self.dir.path().display()), error);
        let mut pids = Vec::new();
        for line in &self.claim.lines {
            pids.extend(self.anchor.owner_of(Place::Guarded(*line)).map_err(failed)?);
        }
        if let Some(post) = taken_post(&self.dir, &self.claim.name).map_err(failed)? {
            pids.push(post.pid);
        }
        pids.sort_by_key(|pid| pid.number());
        pids.dedup();
        Ok(pids)
    }

    /// Ends the guardian `pid`, and returns the orders that it had; `None` when it has ended by itself.
    /// Waits for its death, a second at most.
    ///
    /// # Errors
    /// [`StuckGuard`]; it is still there then.
    pub fn end_guard(&self, pid: Pid) -> Result<Option<Vec<u8>>, StuckGuard> {
        let failed = |error| StuckGuard::Refused(Refusal::io(format!("ending guardian {pid}"), error));
        let number = pid.number().ok_or(StuckGuard::Unproven { pid })?;
        let Some(process) = Process::open(number).map_err(failed)? else { return Ok(None) };
        // From here on `process` is one process for good. That it is the guardian is asked after that.
        let post = every_taken_post(&self.dir).map_err(failed)?.into_iter().find(|post| post.pid == pid);
        let Some(post) = post else {
            let is_gone = !self.guards().map_err(StuckGuard::Refused)?.contains(&pid);
            return if is_gone { Ok(None) } else { Err(StuckGuard::Unproven { pid }) };
        };
        match process.signal(libc::SIGKILL) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(StuckGuard::NotYours { pid }),
            Err(error) => Err(failed(error)),
            Ok(()) if process.wait(DEATH_PATIENCE) => Ok(Some(post.orders)),
            Ok(()) => Err(StuckGuard::Survived { pid }),
        }
    }

    /// Does `act` while nobody can take a line. It may ask which lines are another instance's.
    ///
    /// # Errors
    /// [`Refusal::Blocked`] when the door stays shut for a second, [`Refusal::Io`].
    pub fn in_the_door<T>(&self, act: impl FnOnce(&dyn Fn(Line) -> bool) -> T) -> Result<T, Refusal> {
        let began = Instant::now();
        let failed = |error| Refusal::io(format!("entering {}", self.dir.path().display()), error);
        loop {
            if let Some(_door) = self.anchor.enter().map_err(failed)? {
                // Who cannot be asked about is left alone.
                let is_anothers = |line| !matches!(self.anchor.owner_of(Place::Line(line)), Ok(None));
                return Ok(act(&is_anothers));
            }
            if began.elapsed() > DOOR_PATIENCE {
                return Err(Refusal::Blocked { directory: self.dir.path().to_owned() });
            }
            thread::sleep(DOOR_POLL);
        }
    }
}

/// A post that a guardian is at.
struct TakenPost {
    pid: Pid,
    orders: Vec<u8>,
}

fn every_taken_post(dir: &LockDir) -> io::Result<Vec<TakenPost>> {
    let entries = fs::read_dir(dir.path())?.flatten();
    let names = entries.filter_map(|entry| Name::from_guardian_file_name(entry.file_name().to_str()?));
    names.filter_map(|name| taken_post(dir, &name).transpose()).collect()
}

/// The post at the lines of `name`, where a guardian is at it. What is no file of a guardian's is none.
fn taken_post(dir: &LockDir, name: &Name) -> io::Result<Option<TakenPost>> {
    let Some(file) = opened(dir, name)? else { return Ok(None) };
    // A process that has it locked in its own name is no guardian of ours.
    let is_taken = kernel::any_locked(&file, &kernel::WHOLE)?.is_some_and(|lock| lock.process.is_none());
    if !is_taken {
        return Ok(None);
    }
    let mut text = vec![0; LONGEST_TEXT];
    let length = file.read_at(&mut text, 0)?;
    let (first, orders) =
        text[..length].split_at(text[..length].iter().position(|b| *b == b'\n').unwrap_or(0));
    let number = std::str::from_utf8(first).ok().and_then(|line| line.strip_prefix("pid ")?.parse().ok());
    // Without a text its instance died before it could name it.
    let pid = number.map_or(Pid::HIDDEN, Pid::new);
    Ok(Some(TakenPost { pid, orders: orders.strip_prefix(b"\n").unwrap_or(orders).to_vec() }))
}

fn opened(dir: &LockDir, name: &Name) -> io::Result<Option<File>> {
    let register = Register::in_hand();
    let entry = dir.guardian_entry(name);
    let is_ours = |metadata: &fs::Metadata| register.latch(FileId::from(metadata)).is_some();
    match fs::symlink_metadata(&entry) {
        Ok(metadata) if flaw(&metadata).is_none() && !is_ours(&metadata) => {}
        _ => return Ok(None),
    }
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    match OpenOptions::new().read(true).custom_flags(flags).open(entry) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => Ok(None),
        opened => opened.map(Some),
    }
}

impl fmt::Display for StuckGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pid, why) = match self {
            Self::NotYours { pid } => (pid, "it belongs to another user"),
            Self::Unproven { pid } => (pid, "its file is gone or it runs in a container"),
            Self::Survived { pid } => (pid, "it does not die: the kernel keeps it"),
            Self::Refused(refusal) => return refusal.fmt(f),
        };
        write!(
            f,
            "the guardian of an instance that was killed (PID: {pid}) could still switch these lines, and \
             could not be ended: {why}"
        )?;
        match pid.number() {
            Some(number) => write!(f, "\n  end it with: sudo kill -KILL {number}"),
            None => write!(f, "\n  end it where it was started"),
        }
    }
}

impl std::error::Error for StuckGuard {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(refusal) => std::error::Error::source(refusal),
            _ => None,
        }
    }
}
