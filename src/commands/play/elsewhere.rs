//! A show that is not played here: the service plays it for us, or whoever plays makes room for it.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputKind, PlayOptions};
use crate::diagnosis::{did_you_mean, nearest};
use crate::ipc::Play;
use crate::lock::{self, Holder, LockRequest, Name, Refusal};
use crate::printable::shell_word;
use crate::show::{self, is_show_name};

use super::super::attached;
use super::super::files;
use super::super::instances;
use super::super::music_file;
use super::super::outcome::{Failure, Outcome};
use super::super::refused;
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
    let wanted = wanted(name, options);
    let (began, mut told) = (Instant::now(), None);
    loop {
        // Whoever it was may have ended since: then the show is played here.
        let Some((holder, remote)) = remote::reach(find)? else { return Ok(None) };
        refuse_what_stays_here(name, options, &holder, &wanted)?;
        let failure = match attached::play(remote, &play) {
            Err(failure) if failure.outcome == Outcome::Busy => failure,
            outcome => return outcome.map(Some),
        };
        let now = remote::look(&holder).and_then(|now| now.show);
        match (options.wait, &now) {
            // Between two shows: a moment later it is known which of them is in the way.
            (None, None) if began.elapsed() < BETWEEN_SHOWS => {}
            (None, _) if options.interrupt.is_some() => return Err(failure),
            (None, _) => return Err(busy(find()?, failure, &wanted, unknown(name, options))),
            (Some(Some(patience)), _) if began.elapsed() >= patience => {
                return Err(in_vain(patience, busy(find()?, failure, &wanted, unknown(name, options))));
            }
            (Some(_), now) => {
                let words = match now {
                    Some(show) => waits_for(&show.name, Some(show.position), show.length),
                    None => format!("{}; waiting", failure.words()),
                };
                if told.is_none()
                    && let Some(unknown) = unknown(name, options)
                {
                    log::warn!("{}", unknown.words);
                }
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

/// What is typed next; another instance is told no paths.
fn wanted(name: &str, options: &PlayOptions) -> LockRequest {
    refused::show(name, options, is_show_name(name))
}

/// The same words as for any other second launch, where a show plays; else those of the instance itself.
fn busy(holder: Option<Holder>, failure: Failure, wanted: &LockRequest, unknown: Option<Unknown>) -> Failure {
    let Some(holder) = holder.filter(|holder| holder.info.show.is_some()) else { return failure };
    let refusal = Refusal::Held { wanted: Name::MACHINE, holder: Box::new(holder) };
    match unknown {
        None => refused::refused(refusal, wanted),
        Some(Unknown { words, wanted }) => {
            let ways = refusal.holder().map_or_else(String::new, |holder| lock::ways_out(holder, &wanted));
            Failure::of(Outcome::Busy, anyhow!("{}\n  {words}{ways}", refusal.cause()))
        }
    }
}

/// A show that is most likely mistyped.
struct Unknown {
    words: String,
    /// The show that is meant, if one is near; else nothing can be played.
    wanted: LockRequest,
}

/// Looks where this instance and the service would look for shows: the service tells only when it has the time to play
/// one.
fn unknown(name: &str, options: &PlayOptions) -> Option<Unknown> {
    let mut places = files::show_places(&options.stage);
    let usual = PathBuf::from(show::find::USUAL);
    if !places.contains(&usual) {
        places.push(usual);
    }
    show::find::find(name, &places).err()?;
    let shows = show::find::all(&places).unwrap_or_default();
    let near = nearest(name, shows.keys().map(String::as_str));
    let what = near.map_or_else(
        || "`starcourt list` lists the shows".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    let wanted = match near {
        Some(near) => wanted(near, options),
        None => refused::alone(&options.stage.rig, &options.stage.output),
    };
    Some(Unknown {
        words: format!("there is no show `{name}` in {}; {what}", show::find::in_words(&places)),
        wanted,
    })
}

/// The other instance has its own rig and shows, and is told no paths.
fn refuse_what_stays_here(
    name: &str,
    options: &PlayOptions,
    holder: &Holder,
    wanted: &LockRequest,
) -> Result<(), Failure> {
    let is_music = music_file::is_file(name);
    let is_path = is_music || name.contains('/') || name.ends_with(".show");
    if !is_path && !is_show_name(name) {
        // Its shows are most likely those that are found here.
        let shows = show::find::all(&files::show_places(&options.stage)).unwrap_or_default();
        let near = did_you_mean(name, shows.keys().map(String::as_str));
        let near = near.unwrap_or_else(|| "`starcourt list` tells which there are".to_owned());
        return Err(Failure::bad_file(anyhow!("no show `{name}`; {near}")));
    }
    let refuse = |what: &str, why: &str| {
        Err(Failure::bad_command_line(anyhow!(
            "{what} cannot be given to PID {}, which is to play the show: {why}{}",
            holder.pid,
            lock::ways_out(holder, wanted)
        )))
    };
    if options.watch {
        return refuse("--watch", "it reads a show once, when the show begins");
    }
    let stays = [
        ("--trace", options.trace.is_some()),
        ("--pins", options.pins.is_some()),
        ("--rig", options.stage.rig.rig.is_some()),
        ("--shows", options.stage.shows.is_some()),
        ("a music file", is_music),
        ("the path of a show", is_path),
    ];
    match stays.into_iter().find(|(_, is_given)| *is_given) {
        Some((what, _)) => refuse(what, "it has its own rig and shows"),
        None => Ok(()),
    }
}
