//! The lock's directory and name for what a command is about to do.

use std::path::{Path, PathBuf};

use crate::cli::{LockOptions, OutputKind};
use crate::lock::{LockDir, Name, Refusal};
use crate::rig::{LockScope, Rig};

/// The lock directory, and whether it is the simulation's own: where the usual one may not be used,
/// simulated lines get along with this user's runtime directory.
pub(super) struct Place {
    pub(super) dir: LockDir,
    pub(super) is_fallback: bool,
}

pub(super) fn place(options: &LockOptions, output: OutputKind) -> Result<Place, Refusal> {
    let path = path(options);
    let refusal = match LockDir::open(&path) {
        Ok(dir) => return Ok(Place { dir, is_fallback: false }),
        Err(refusal) => refusal,
    };
    let own = LockDir::runtime_fallback()
        .filter(|_| output == OutputKind::Sim && options.lock_dir.is_none())
        .filter(|_| matches!(refusal, Refusal::NotPermitted { .. }));
    match own {
        Some(own) => Ok(Place { dir: LockDir::open(own)?, is_fallback: true }),
        None => Err(refusal),
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

pub(super) fn name(rig: &Rig, show: &str) -> Name {
    match rig.lock {
        LockScope::Machine => Name::MACHINE,
        LockScope::Show => Name::of_show(show).expect("a show's name was checked when it was found"),
    }
}
