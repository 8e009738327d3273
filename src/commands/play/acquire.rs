//! Getting the lock before anything else is touched: at once, by waiting, or by ending whoever has it.

use std::cell::Cell;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::cli::{OutputKind, PlayOptions};
use crate::instance::runner::Message;
use crate::lock::{self, Claim, Lock, LockDir, LockInfo, LockRequest, Manner, TakeoverStep};
use crate::rig::Address;
use crate::signals::{self, Request};
use crate::time::ShowTime;

use super::super::files::{LoadedRig, LoadedShow};
use super::super::instances;
use super::super::outcome::Failure;
use super::super::refused::{not_taken_over, refused};
use super::waiting::{in_vain, waits_for};

pub(super) struct Acquired {
    pub(super) lock: Lock,
    pub(super) notices: Vec<String>,
}

/// What the lock claims and tells of a show that begins at `from` and drives `outputs`.
pub(super) fn claim(
    output: OutputKind,
    rig: &LoadedRig,
    loaded: &LoadedShow,
    from: ShowTime,
    outputs: &[Address],
) -> Result<Claim, Failure> {
    let info = LockInfo {
        rig: Some(std::path::absolute(&rig.path).unwrap_or_else(|_| rig.path.clone())),
        output: Some(output.name().to_owned()),
        position: Some(from),
        length: Some(loaded.length),
        ..LockInfo::of_show(&loaded.show.name)
    };
    let name = instances::name(&rig.rig, &loaded.show)?;
    Ok(Claim { name, info, outputs: outputs.to_vec() })
}

/// `None` when somebody asked to end while it waited.
pub(super) fn acquire(
    options: &PlayOptions,
    output: OutputKind,
    (claim, wanted): (Claim, &LockRequest),
    inbox: &Receiver<Message>,
) -> Result<Option<Acquired>, Failure> {
    let place = instances::place(&options.lock, output)?;
    let mut notices = Vec::new();
    if place.is_fallback {
        notices.push(format!(
            "{} may not be used: this simulation keeps its lock in {}",
            LockDir::DEFAULT,
            place.dir.path().display()
        ));
    }
    let ended = Cell::new(false);
    let stop = || {
        ended.set(ended.get() || take_end_request(inbox));
        ended.get()
    };
    let lock = match (options.takeover, options.wait) {
        (true, _) => take_over(&place.dir, (&claim, wanted), &stop),
        (false, Some(patience)) => wait(&place.dir, (&claim, wanted), patience, &stop),
        (false, None) => Lock::acquire(&place.dir, claim).map_err(|refusal| refused(refusal, wanted)),
    };
    match lock {
        Ok(lock) => Ok(Some(Acquired { lock, notices })),
        Err(_) if ended.get() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn wait(
    dir: &LockDir,
    (claim, wanted): (&Claim, &LockRequest),
    patience: Option<Duration>,
    stop: &dyn Fn() -> bool,
) -> Result<Lock, Failure> {
    match Lock::acquire(dir, claim.clone()) {
        Err(refusal) if refusal.may_pass() => {
            let holder = refusal.holder().map(|holder| &holder.info);
            match holder.and_then(|info| Some((info.show.as_deref()?, info))) {
                Some((show, info)) => log::warn!("{}", waits_for(show, info.position, info.length)),
                None => log::warn!("{}; waiting", refusal.to_string().lines().next().unwrap_or_default()),
            }
        }
        outcome => return Ok(outcome?),
    }
    Lock::acquire_within(dir, claim, patience, stop).map_err(|refusal| match patience {
        Some(patience) if refusal.may_pass() => in_vain(patience, refused(refusal, wanted)),
        _ => refused(refusal, wanted),
    })
}

fn take_over(
    dir: &LockDir,
    (claim, wanted): (&Claim, &LockRequest),
    stop: &dyn Fn() -> bool,
) -> Result<Lock, Failure> {
    let holder = lock::probe(dir.path(), &claim.name).ok().flatten();
    let is_service = holder.is_some_and(|holder| holder.info.service);
    let mut told = |step| match step {
        TakeoverStep::Asking(pid) if is_service => {
            log::warn!("ending the service (PID {pid}) and its schedule; `starcourt serve` starts it again");
        }
        TakeoverStep::Asking(pid) => log::warn!("ending PID {pid}"),
        TakeoverStep::Killing(pid) => log::warn!("PID {pid} does not end and is killed"),
    };
    Lock::take_over(dir, claim, Manner::default(), stop, &mut told)
        .map_err(|error| not_taken_over(error, wanted))
}

/// Looks through what has been asked so far. Ctrl-Z stops the process here and now: no line is taken.
fn take_end_request(inbox: &Receiver<Message>) -> bool {
    inbox.try_iter().any(|message| match message {
        Message::Request(Request::Suspend) => {
            if let Err(error) = signals::suspend_self() {
                log::warn!("{error:#}");
            }
            false
        }
        Message::Request(request) => request != Request::Continued,
        // Nothing else is listened to yet.
        _ => false,
    })
}
