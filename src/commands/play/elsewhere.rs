//! A show that is not played here: the service plays it for us, or whoever plays makes room for it.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputKind, PlayOptions};
use crate::ipc::Play;
use crate::lock::{self, Holder, Name, Refusal};
use crate::show::is_show_name;

use super::super::attached;
use super::super::instances;
use super::super::outcome::{Failure, Outcome};
use super::super::remote::{self, Meant};

/// How often somebody who waits asks again.
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// Nothing where the show is to be played here.
pub(super) fn play(name: &str, options: &PlayOptions, kind: OutputKind) -> Result<Option<Outcome>, Failure> {
    let find = || match &options.interrupt {
        Some(other) => whoever_makes_room(name, other.as_deref(), &options.lock),
        None => service(options, kind),
    };
    let play = Play {
        from: options.from.clone(),
        to: options.to.clone(),
        looped: options.looped,
        silent: options.silent,
        volume: (options.volume < 100).then_some(options.volume),
        interrupt: options.interrupt.is_some(),
        ..Play::show(name)
    };
    let began = Instant::now();
    loop {
        // Whoever it was may have ended since: then the show is played here.
        let Some((holder, remote)) = remote::reach(find)? else { return Ok(None) };
        refuse_what_stays_here(name, options, &holder)?;
        match attached::play(remote, &play) {
            Err(failure) if failure.outcome == Outcome::Busy && options.interrupt.is_none() => {
                let patience = options.wait.map(|patience| patience.unwrap_or(Duration::MAX));
                if patience.is_none_or(|patience| began.elapsed() >= patience) {
                    return Err(busy(&holder).unwrap_or(failure));
                }
                thread::sleep(ASK_AGAIN);
            }
            outcome => return outcome.map(Some),
        }
    }
}

/// Who is to play `name` in the middle of what it plays: the one that plays `other`, or the only one there is.
fn whoever_makes_room(
    name: &str,
    other: Option<&str>,
    options: &LockOptions,
) -> Result<Option<Holder>, Failure> {
    match remote::meant(other, options)? {
        Meant::Nobody => Ok(None),
        Meant::One(holder) => Ok(Some(*holder)),
        Meant::Several(shows) => {
            let each = |show: &String| format!("\n  starcourt play {name} --interrupt={show}");
            Err(Failure::bad_command_line(anyhow!(
                "several shows play: {}; name the one that makes room{}",
                shows.join(", "),
                shows.iter().map(each).collect::<String>()
            )))
        }
    }
}

/// The service, where one runs and is not to be ended.
fn service(options: &PlayOptions, kind: OutputKind) -> Result<Option<Holder>, Failure> {
    if options.takeover {
        return Ok(None);
    }
    // A directory that cannot be used is told where the lock is taken.
    let Ok(place) = instances::place(&options.lock, kind) else { return Ok(None) };
    let holder = lock::probe(place.dir.path(), &Name::MACHINE)?;
    Ok(holder.filter(|holder| holder.info.service))
}

/// The same words as for any other second launch.
fn busy(holder: &Holder) -> Option<Failure> {
    let holder = Box::new(holder.clone());
    Some(Refusal::Held { wanted: Name::MACHINE, holder }.into())
}

/// The other instance has its own rig and shows, and is told no paths.
fn refuse_what_stays_here(name: &str, options: &PlayOptions, holder: &Holder) -> Result<(), Failure> {
    let stays = [
        ("--trace", options.trace.is_some()),
        ("--pins", options.pins.is_some()),
        ("--rig", options.stage.rig.rig.is_some()),
        ("--shows", options.stage.shows.is_some()),
        ("the path of a show", !is_show_name(name)),
    ];
    match stays.into_iter().find(|(_, is_given)| *is_given) {
        Some((what, _)) => Err(Failure::bad_command_line(anyhow!(
            "{what} cannot be given to PID {}, which is to play the show: it has its own rig and shows\n  \
             starcourt play SHOW --takeover    ends it first",
            holder.pid
        ))),
        None => Ok(()),
    }
}
