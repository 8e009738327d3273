//! An instance that holds a lock, as others see it. Knows not how that is found out.

use std::path::PathBuf;
use std::time::Duration;

use super::lock_info::LockInfo;
use super::name::Name;
use super::pid::Pid;
use super::place;
use super::process::{Process, is_ending};

/// An instance that holds a lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    /// From the kernel, never from a text.
    pub pid: Pid,
    /// Which lock; `None` where its file is gone and only a mark on the directory tells of it.
    pub name: Option<Name>,
    /// Where its lock file is or was; the lock directory where even that is unknown.
    pub path: PathBuf,
    pub known_by: KnownBy,
    /// What it says of itself; empty where that is not known or not believed.
    pub info: LockInfo,
}

/// By what a holder is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnownBy {
    /// The kernel names it as the holder of a lock file.
    File,
    /// Its file was deleted, or may not be read; its mark on the directory is there.
    SecondAnchor,
}

impl Holder {
    /// ` --lock-dir DIR`, for a command that is to find it in a directory that was named; nothing where it is found
    /// without.
    #[must_use]
    pub fn lock_option(&self) -> String {
        let dir = if self.name.is_some() { self.path.parent() } else { Some(self.path.as_path()) };
        dir.map_or_else(String::new, place::option_for)
    }

    /// Whether it is dead or dying, and all that is left are marks that it has yet to drop, or that a child of
    /// it has inherited.
    pub(super) fn is_dead(&self) -> bool {
        let number = self.pid.number().filter(|_| self.known_by == KnownBy::SecondAnchor);
        // A process of another PID namespace has no number here, or a meaningless one: then it is taken for dead for
        // a moment, and refuses all the same.
        number.is_some_and(|number| match Process::open(number) {
            Ok(process) => process.is_none_or(|process| process.wait(Duration::ZERO)) || is_ending(number),
            Err(_) => false,
        })
    }
}
