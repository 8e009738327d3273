//! `starcourt off`: the panic button. Whoever plays is ended, then every channel is made safe.

use std::path::Path;

use crate::cli::{LockOptions, OutputOptions, RigFile};
use crate::guardian;
use crate::lock::{self, Claim, Lock, LockDir, Manner, Name, Playbill, Refusal, Service};

use super::outcome::{Failure, Outcome};
use super::{files, house, instances};

pub(super) fn off(
    if_free: bool,
    pins: Option<&Path>,
    rig: &RigFile,
    options: &LockOptions,
    output: &OutputOptions,
) -> Result<(String, Outcome), Failure> {
    let kind = files::output_kind(output);
    let rig = files::rig(rig, kind)?.rig;
    let place = instances::place(options, kind).map(|place| place.dir);
    let lines: Vec<_> = rig.lines().collect();
    let claim = Claim { name: Name::MACHINE, bill: Playbill::default(), lines: lines.clone() };
    let (lock, mut text) = match place {
        Ok(dir) if if_free => match Lock::acquire(&dir, claim) {
            Ok(lock) => (Some(lock), String::new()),
            Err(refusal) if refusal.holder().is_some() => {
                let pid = refusal.holder().map_or_else(String::new, |holder| holder.pid.to_string());
                return Ok((format!("PID {pid} plays; left alone\n"), Outcome::Done));
            }
            Err(refusal) => return Err(refusal.into()),
        },
        Ok(dir) => end_everybody(&dir, &claim),
        Err(refusal) if if_free => return Err(refusal.into()),
        // Whatever it takes: without a lock the lights are made safe all the same.
        Err(refusal) => (None, format!("{refusal}\n")),
    };
    if let Some(Err(in_the_way)) = lock.as_ref().map(guardian::relieve) {
        // Whatever it would do, too, is to make lines safe.
        text.push_str(&format!("{in_the_way}\n"));
    }
    // Taking the lines makes them safe, and letting them go leaves them so.
    drop(house::patch(kind, &rig, &lines, pins)?.open()?);
    drop(lock);
    text.push_str(&format!("{} channels are safe\n", rig.channels.len()));
    Ok((text, Outcome::Done))
}

/// Ends everybody under `dir` and takes the lock; tells what happened. What cannot be ended does not
/// keep the lights on.
fn end_everybody(dir: &LockDir, claim: &Claim) -> (Option<Lock>, String) {
    let mut text = String::new();
    let manner = Manner { service: Service::End, ..Manner::default() };
    let never = || false;
    match lock::instances(dir.path()) {
        Ok(holders) => {
            for holder in holders {
                match lock::end(dir, &holder, manner, &never, &mut |_| ()) {
                    Ok(_) => text.push_str(&format!("PID {} has ended\n", holder.pid)),
                    Err(error) => text.push_str(&format!("{error}\n")),
                }
            }
        }
        Err(refusal) => text.push_str(&format!("{refusal}\n")),
    }
    match Lock::acquire(dir, claim.clone()) {
        Ok(lock) => (Some(lock), text),
        Err(Refusal::Stopped) => (None, text),
        Err(refusal) => (None, format!("{text}{refusal}\n")),
    }
}
