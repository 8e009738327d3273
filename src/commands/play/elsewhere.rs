//! A show that is not played here: the service plays it for us, or whoever plays makes room for it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputKind, PlayOptions};
use crate::diagnosis::did_you_mean;
use crate::ipc::Play;
use crate::lock::{self, Holder, Name, Refusal};
use crate::printable::shell_word;
use crate::show::{self, is_show_name};

use super::super::attached;
use super::super::files;
use super::super::instances;
use super::super::outcome::{Failure, Outcome};
use super::super::remote::{self, Meant};
use super::waiting::{in_vain, waits_for};

/// How often somebody who waits asks again.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// A show of the schedule that is about to begin has begun by then, or runs commands first.
const BETWEEN_SHOWS: Duration = Duration::from_secs(1);

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
    let (began, mut told) = (Instant::now(), None);
    loop {
        // Whoever it was may have ended since: then the show is played here.
        let Some((holder, remote)) = remote::reach(find)? else { return Ok(None) };
        refuse_what_stays_here(name, options, &holder)?;
        let failure = match attached::play(remote, &play) {
            Err(failure) if failure.outcome == Outcome::Busy => failure,
            outcome => return outcome.map(Some),
        };
        let now = remote::look(&holder).and_then(|now| now.show);
        match (options.wait, &now) {
            // Between two shows: a moment later it is known which of them is in the way.
            (None, None) if began.elapsed() < BETWEEN_SHOWS => {}
            (None, _) if options.interrupt.is_some() => return Err(failure),
            (None, _) => return Err(busy(find()?, failure)),
            (Some(Some(patience)), _) if began.elapsed() >= patience => {
                return Err(in_vain(patience, busy(find()?, failure)));
            }
            (Some(_), now) => {
                let words = match now {
                    Some(show) => waits_for(&show.name, Some(show.position), show.length),
                    None => format!("{}; waiting", failure.words()),
                };
                // Once for each show, not for each second of it.
                let show = now.as_ref().map(|show| show.name.clone());
                if told.as_ref() != Some(&show) {
                    log::warn!("{words}");
                    told = Some(show);
                }
            }
        }
        thread::sleep(ASK_AGAIN);
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
            let (word, option) = (shell_word(Path::new(name)), instances::option(options));
            let each = |show: &String| format!("\n  starcourt play {word} --interrupt={show}{option}");
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

/// The same words as for any other second launch, where a show plays; else those of the instance itself.
fn busy(holder: Option<Holder>, failure: Failure) -> Failure {
    match holder.filter(|holder| holder.info.show.is_some()) {
        Some(holder) => Refusal::Held { wanted: Name::MACHINE, holder: Box::new(holder) }.into(),
        None => failure,
    }
}

/// The other instance has its own rig and shows, and is told no paths.
fn refuse_what_stays_here(name: &str, options: &PlayOptions, holder: &Holder) -> Result<(), Failure> {
    let is_path = name.contains('/') || name.ends_with(".show");
    if !is_path && !is_show_name(name) {
        // Its shows are most likely those that are found here.
        let shows = show::find::all(&files::show_places(&options.stage)).unwrap_or_default();
        let near = did_you_mean(name, shows.keys().map(String::as_str));
        let near = near.unwrap_or_else(|| "`starcourt list` tells which there are".to_owned());
        return Err(Failure::bad_file(anyhow!("no show `{name}`; {near}")));
    }
    if options.watch {
        return Err(Failure::bad_command_line(anyhow!(
            "--watch cannot be given to PID {}, which is to play the show: it reads a show once, when the show begins\n  \
             starcourt play SHOW --watch --takeover    ends it first",
            holder.pid
        )));
    }
    let stays = [
        ("--trace", options.trace.is_some()),
        ("--pins", options.pins.is_some()),
        ("--rig", options.stage.rig.rig.is_some()),
        ("--shows", options.stage.shows.is_some()),
        ("the path of a show", is_path),
    ];
    match stays.into_iter().find(|(_, is_given)| *is_given) {
        Some((what, _)) => Err(Failure::bad_command_line(anyhow!(
            "{what} cannot be given to PID {}, which is to play the show: it has its own rig and shows\n  \
             starcourt play SHOW --takeover{}    ends it first",
            holder.pid,
            holder.lock_option()
        ))),
        None => Ok(()),
    }
}
