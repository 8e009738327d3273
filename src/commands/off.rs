//! `starcourt off`: the panic button. Whoever plays is ended by whatever way is left, then every channel is
//! made safe. Nothing is called safe that somebody can light again.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::MachineOptions;
use crate::guardian;
use crate::ipc::OutputKind;
use crate::lock::{
    self, Claim, Holder, KnownBy, Lock, LockDir, LockInfo, Manner, Name, Refusal, ServicePolicy,
};

use crate::output::network::SafeNetwork;
use crate::output::safe_plan::{SafePart, SafePlan, SimulatedBoard};
use crate::rig::Release;

use super::outcome::{Failure, Outcome};
use super::printed::counted;
use super::{files, instance, instances, refused, remote};

/// A player that was asked to stop over its socket ends within a moment; then come those who were launched
/// meanwhile.
const ENDING: Duration = Duration::from_secs(3);
/// The whole talk over a socket, with who may be stuck.
const TALK: Duration = Duration::from_secs(2);
/// Whoever is launched again and again is told of, and not hunted for ever.
const ROUNDS: usize = 3;

pub(super) fn off(
    if_free: bool,
    pins: Option<&Path>,
    options: &MachineOptions,
) -> Result<(String, Outcome), Failure> {
    let kind = files::output_kind(&options.output);
    // Whatever it takes: also without a rig that can be read, whoever plays is ended.
    let rig = files::rig(&options.rig, kind);
    let place = instances::place(&options.lock, kind).map(|place| place.dir);
    let folder = match &place {
        Ok(dir) => dir.path().to_owned(),
        // Where `starcourt net` may run all the same.
        Err(_) => instances::path(&options.lock),
    };
    let outputs: Vec<_> = rig.iter().flat_map(|loaded| loaded.rig.addresses()).collect();
    let claim = Claim { name: Name::MACHINE, info: LockInfo::default(), outputs: outputs.clone() };
    let mut text = String::new();
    let attempt = match place {
        Ok(dir) if if_free => match Lock::acquire(&dir, claim) {
            Err(refusal) if refusal.holder().is_some() => {
                let is_idle = |holder: &Holder| holder.info.service && holder.info.show.is_none();
                let who = refusal.holder().map_or_else(String::new, |holder| match is_idle(holder) {
                    true => format!("PID {}, the service, has the lights", holder.pid),
                    false => format!("PID {} plays", holder.pid),
                });
                return Ok((format!("{who}; left alone\n"), Outcome::Done));
            }
            attempt => Ok(attempt?),
        },
        Ok(dir) => end_everybody(&dir, &claim, &mut text),
        Err(refusal) if if_free => return Err(refusal.into()),
        Err(refusal) => Err(refusal),
    };
    let (plan, network) = match &rig {
        Ok(loaded) => {
            let patch = instance::patch(kind, &loaded.rig, &outputs, pins, &folder)?;
            (patch.safe_plan(), patch.network().cloned())
        }
        Err(_) => (without_a_rig(kind, pins), None),
    };
    if let Ok(lock) = &attempt {
        match guardian::finish_leftovers(lock, &plan) {
            Ok(told) => text.extend(told.map(|told| format!("{told}\n"))),
            // What it is about follows.
            Err(not_safe) => text.push_str(&format!("{not_safe}\n")),
        }
    }
    // Whatever it takes: without a lock the lights are made safe all the same. Taking the lines makes them
    // safe, and letting them go leaves them so.
    let wired = plan.make_safe();
    // After all that needs no other process.
    let sent = network.as_ref().map_or(Ok(()), SafeNetwork::make_safe);
    wired?;
    if let Err(failure) = rig {
        let why = failure.message(false);
        text.push_str(&format!(
            "{why}\nwithout its rig no other channel can be made safe: fix the rig, then run `starcourt off` again\n"
        ));
        return Ok((text, failure.outcome));
    }
    let reached = network.as_ref().filter(|_| sent.is_ok());
    let count = plan.addresses().count() + reached.map_or(0, SafeNetwork::outputs);
    let (channels, are) = (counted(count, "channel"), if count == 1 { "is" } else { "are" });
    let outcome = match attempt.as_ref().err() {
        Some(refusal) if may_play(refusal) => {
            let machine = refused::machine(&options.rig, &options.output);
            text.push_str(&still_there(refusal, &channels, &machine));
            Outcome::Failed
        }
        refusal => {
            text.extend(refusal.map(|refusal| format!("{refusal}\n")));
            text.push_str(&format!("{channels} {are} safe\n"));
            Outcome::Done
        }
    };
    if let Err(error) = sent {
        let failure = Failure::from(error);
        text.push_str(&format!(
            "lights on the network were not sent their safe levels: {}\n",
            failure.words()
        ));
        // A unit that calls this at its end has not failed by it: who drove them has ended their streams, or nobody can.
        if !if_free {
            return Ok((text, failure.outcome));
        }
    }
    Ok((text, outcome))
}

/// A plan of no outputs, which says what this machine drives through: the orders that a killed instance left can be
/// carried out.
fn without_a_rig(kind: OutputKind, pins: Option<&Path>) -> SafePlan {
    let release = Release::Driven;
    let lines = Vec::new();
    let part = match kind {
        OutputKind::Gpio => SafePart::Header { lines, release },
        OutputKind::Sim => {
            let pins = pins.map(|path| path.as_os_str().to_owned());
            SafePart::SimulatedLines { board: SimulatedBoard { pins, names: Vec::new() }, lines, release }
        }
    };
    SafePlan { parts: vec![part] }
}

/// Ends everybody under `dir` and takes the lock; tells what happened.
fn end_everybody(dir: &LockDir, claim: &Claim, text: &mut String) -> Result<Lock, Refusal> {
    let mut attempt = Lock::acquire(dir, claim.clone());
    let mut dealt_with = Vec::new();
    for _ in 0..ROUNDS {
        let holders = match &attempt {
            Err(refusal) if refusal.holder().is_some() => lock::instances(dir.path())?,
            _ => return attempt,
        };
        let mut patience = Duration::ZERO;
        for holder in holders {
            // Who was not ended the first time will not be the second.
            if !dealt_with.contains(&holder.pid) {
                dealt_with.push(holder.pid);
                let (told, fate) = end(dir, &holder);
                text.push_str(&told);
                if fate == Fate::MayEnd {
                    patience = ENDING;
                }
            }
        }
        attempt = Lock::acquire_within(dir, claim, Some(patience), &|| false);
    }
    attempt
}

/// What is to be expected of a holder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    MayEnd,
    Stays,
}

/// Ends `holder` by the kernel's word where that is possible and permitted, and by its own socket otherwise.
fn end(dir: &LockDir, holder: &Holder) -> (String, Fate) {
    let manner = Manner { service: ServicePolicy::End, ..Manner::default() };
    // Who cannot be proven is waited for: a file that was deleted comes back. Its show need not.
    let was_asked = holder.known_by == KnownBy::SecondAnchor && asked_to_stop(holder);
    match lock::end(dir, holder, manner, &|| false, &mut |_| ()) {
        Ok(_) => (format!("PID {} has ended\n", holder.pid), Fate::MayEnd),
        Err(_) if was_asked || asked_to_stop(holder) => {
            let fate = if holder.info.service { Fate::Stays } else { Fate::MayEnd };
            (format!("PID {} was asked to stop\n", holder.pid), fate)
        }
        Err(error) => (format!("{error}\n"), Fate::Stays),
    }
}

/// Whether `holder` has answered that it ends what it plays.
fn asked_to_stop(holder: &Holder) -> bool {
    let (answer, answers) = mpsc::channel();
    let holder = holder.clone();
    // In a thread of its own, which ends with the program: calling who is stuck may wait for ever.
    thread::spawn(move || answer.send(remote::stop(&holder)));
    answers.recv_timeout(TALK).unwrap_or(false)
}

/// Whether somebody may light the channels again.
fn may_play(refusal: &Refusal) -> bool {
    match refusal {
        // Looked at before anything else is: nobody holds the lock.
        Refusal::UnsafeFile { .. } | Refusal::BadName(_) | Refusal::ReadOnly { .. } => false,
        // No starcourt takes a lock there, but for one of its owner.
        Refusal::UnsafeDirectory { flaw, .. } => matches!(flaw, lock::DirectoryFlaw::OwnedBy(_)),
        _ => true,
    }
}

fn still_there(refusal: &Refusal, channels: &str, machine: &str) -> String {
    let made = format!("{channels} were made safe, and may be lit again: ");
    let Some(holder) = refusal.holder() else { return format!("{made}{refusal}\n") };
    let pid = holder.pid;
    let who = match (holder.known_by, holder.info.service) {
        (KnownBy::File, true) => format!("the service (PID {pid}) holds the lock and may play again"),
        (KnownBy::File, false) => format!("PID {pid} plays on"),
        (KnownBy::SecondAnchor, _) => format!(
            "something holds the lock directory that cannot be asked and that nothing proves to be a \
             starcourt (it calls itself PID {pid})"
        ),
    };
    format!(
        "{made}{who}\n  sudo starcourt off{machine}{}    ends whoever plays, also for another user\n  \
         sudo lsof {}    names whoever has the directory open\n  \
         or take the lights off the mains\n",
        holder.lock_option(),
        holder.path.parent().filter(|_| holder.name.is_some()).unwrap_or(&holder.path).display()
    )
}
