//! The lock's directory and name for what a command is about to do.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputKind};
use crate::lock::{LockDir, Name, Refusal};
use crate::printable::shell_word;
use crate::rig::{LockScope, Rig};
use crate::show::Show;

use super::outcome::Failure;

/// The lock directory, and whether it is the simulation's own: where the usual one may not be used,
/// simulated lines get along with this user's runtime directory.
pub(super) struct LockPlace {
    pub(super) dir: LockDir,
    pub(super) is_fallback: bool,
}

pub(super) fn place(options: &LockOptions, output: OutputKind) -> Result<LockPlace, Refusal> {
    let usual = LockDir::open(path(options));
    let is_shut = match &usual {
        Ok(dir) => !dir.is_writable(),
        Err(refusal) => matches!(refusal, Refusal::NotPermitted { .. } | Refusal::ReadOnly { .. }),
    };
    let own = LockDir::runtime_fallback()
        .filter(|_| is_shut && output == OutputKind::Sim && options.lock_dir.is_none());
    match own {
        Some(own) => Ok(LockPlace { dir: LockDir::open(own)?, is_fallback: true }),
        None => Ok(LockPlace { dir: usual?, is_fallback: false }),
    }
}

/// Where instances may be found: the lock directory, and the simulation's own beside it.
pub(super) fn places(options: &LockOptions) -> Vec<PathBuf> {
    let own = LockDir::runtime_fallback().filter(|_| options.lock_dir.is_none());
    [path(options)].into_iter().chain(own).collect()
}

/// Absolute, because it is told to people, who may be in another folder when they read it.
fn path(options: &LockOptions) -> PathBuf {
    let named = options.lock_dir.as_deref().unwrap_or(Path::new(LockDir::DEFAULT));
    std::path::absolute(named).unwrap_or_else(|_| named.to_owned())
}

/// ` --lock-dir DIR` where that was given: for commands that are to find the same instances.
pub(super) fn option(options: &LockOptions) -> String {
    let named = options.lock_dir.as_deref();
    named.map_or_else(String::new, |dir| format!(" --lock-dir {}", shell_word(dir)))
}

/// # Errors
/// Where each show has a lock of its own and this one's name is too long for a lock's file.
pub(super) fn name(rig: &Rig, show: &Show) -> Result<Name, Failure> {
    match rig.lock {
        LockScope::Machine => Ok(Name::MACHINE),
        LockScope::Show => Name::of_show(&show.name).map_err(|_| {
            Failure::bad_file(anyhow!(
                "the show's name has {} letters, and with lock = \"show\" the rig gives each show a lock of \
                 its own, whose name has room for {}\n  rename {}.show and its music to something shorter",
                show.name.len(),
                Name::LONGEST_SHOW,
                show.name
            ))
        }),
    }
}
