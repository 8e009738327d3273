//! What every measurement of `starcourt bench` begins with: the lock, and a word about what is measured.

use std::io::{Write, stderr};
use std::time::Duration;

use crate::cli::{BenchOptions, OutputKind};
use crate::lock::{self, Claim, Lock, LockInfo, Name, Refusal};
use crate::printable::printable;
use crate::rig::Address;

use super::super::instances;
use super::super::outcome::Failure;

/// Takes the lock: a show that plays meanwhile would disturb the figures, and they the show.
pub(super) fn claim(
    options: &BenchOptions,
    output: OutputKind,
    outputs: Vec<Address>,
) -> Result<Lock, Failure> {
    for place in instances::places(&options.machine.lock) {
        if let Some(holder) = lock::instances(place)?.into_iter().next() {
            return Err(Refusal::Held { wanted: Name::MACHINE, holder: holder.into() }.into());
        }
    }
    let place = instances::place(&options.machine.lock, output)?;
    let info = LockInfo::of_show("bench");
    Ok(Lock::acquire(&place.dir, Claim { name: Name::MACHINE, info, outputs })?)
}

/// Tells on standard error what is being measured. That nobody reads it is no failure.
pub(super) fn tell(length: Duration, what: &str) {
    let _ = writeln!(stderr(), "measuring for {} s: {}", length.as_secs(), printable(what));
}
