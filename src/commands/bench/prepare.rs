//! What every measurement of `starcourt bench` begins with: the lock, and a word about what is measured.

use std::io::{Write, stderr};
use std::time::Duration;

use crate::cli::{BenchOptions, OutputKind};
use crate::lock::{self, Claim, Lock, LockInfo, Name, Refusal};
use crate::printable::printable;
use crate::rig::Address;

use super::super::instances;
use super::super::outcome::Failure;
use super::super::refused::{self, refused};

/// Takes the lock: a show that plays meanwhile would disturb the figures, and they the show.
pub(super) fn claim(
    options: &BenchOptions,
    output: OutputKind,
    outputs: Vec<Address>,
) -> Result<Lock, Failure> {
    let wanted = refused::alone(&options.machine.rig, &options.machine.output);
    for place in instances::places(&options.machine.lock) {
        if let Some(holder) = lock::instances(place)?.into_iter().next() {
            return Err(refused(Refusal::Held { wanted: Name::MACHINE, holder: holder.into() }, &wanted));
        }
    }
    let place = instances::place(&options.machine.lock, output)?;
    let info = LockInfo::of_show("bench");
    let claim = Claim { name: Name::MACHINE, info, outputs };
    Lock::acquire(&place.dir, claim).map_err(|refusal| refused(refusal, &wanted))
}

/// Tells on standard error what is being measured. That nobody reads it is no failure.
pub(super) fn tell(length: Duration, what: &str) {
    let _ = writeln!(stderr(), "measuring for {} s: {}", length.as_secs(), printable(what));
}
