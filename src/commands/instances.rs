//! The lock's directory and name for what a command is about to do, and the lines that it claims.

use std::path::{Path, PathBuf};

use crate::cli::{LockOptions, OutputKind};
use crate::lock::{LockDir, Name, Refusal};
use crate::rig::{Line, LockScope, Rig};
use crate::show::Show;

/// The lock directory, and whether it is the simulation's own: where the usual one may not be used,
/// simulated lines get along with this user's runtime directory.
pub(super) struct Place {
    pub(super) dir: LockDir,
    pub(super) is_fallback: bool,
}

pub(super) fn place(options: &LockOptions, output: OutputKind) -> Result<Place, Refusal> {
    let usual = LockDir::open(path(options));
    let is_shut = match &usual {
        Ok(dir) => !dir.is_writable(),
        Err(refusal) => matches!(refusal, Refusal::NotPermitted { .. }),
    };
    let own = LockDir::runtime_fallback()
        .filter(|_| is_shut && output == OutputKind::Sim && options.lock_dir.is_none());
    match own {
        Some(own) => Ok(Place { dir: LockDir::open(own)?, is_fallback: true }),
        None => Ok(Place { dir: usual?, is_fallback: false }),
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

pub(super) fn name(rig: &Rig, show: &Show) -> Name {
    match rig.lock {
        LockScope::Machine => Name::MACHINE,
        LockScope::Show => Name::of_show(&show.name).expect("a show's name was checked when it was found"),
    }
}

/// The lines that a launch of `show` drives: those of the whole rig, so that none is left unsafe; where
/// shows run side by side only those of its own channels, since the others may be another show's.
pub(super) fn lines(rig: &Rig, show: &Show) -> Vec<Line> {
    match rig.lock {
        LockScope::Machine => rig.lines().collect(),
        LockScope::Show => show.channels().into_iter().map(|id| rig.channel(id).line).collect(),
    }
}
