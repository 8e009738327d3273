//! `starcourt play`: chooses the implementations, puts a performance together and tears it down again
//! in the order that keeps everybody safe.

mod acquire;
mod elsewhere;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc;

use anyhow::anyhow;

use crate::cli::{OutputKind, PlayOptions};
use crate::faults;
use crate::output::trace::Trace;
use crate::signals;
use crate::time::ShowTime;

use super::files::{self, LoadedRig, LoadedShow};
use super::house::{Front, House, Message, Plan, Rank, Turn};
use super::instances;
use super::outcome::{Failure, Outcome};

/// Plays, and tells of every thread that panicked meanwhile, this one included.
pub(super) fn play(name: &str, options: &PlayOptions) -> Result<Outcome, Failure> {
    faults::arm();
    // By the time a panic is caught here, all that was open has been closed, down to the lock.
    let ended = panic::catch_unwind(AssertUnwindSafe(|| perform(name, options)));
    let last_words = signals::last_words();
    match ended {
        Ok(ended) if last_words.is_empty() => ended,
        _ => Err(anyhow!("a thread panicked; the lights are safe\n{}", last_words.join("\n")).into()),
    }
}

fn perform(name: &str, options: &PlayOptions) -> Result<Outcome, Failure> {
    let kind = files::output_kind(&options.stage.output);
    let loaded_rig = files::rig(&options.stage.rig, kind)?;
    let places = files::show_places(&options.stage);
    let loaded = files::show(name, &places, &loaded_rig.rig)?;
    let from = options.from.unwrap_or(ShowTime::ZERO);
    refuse_nonsense(options, kind, from, loaded.length)?;
    let notices = first_notices(options, kind, &loaded_rig, &loaded);
    let lines = instances::lines(&loaded_rig.rig, &loaded.show);

    if let Some(outcome) = elsewhere::play(name, options, kind)? {
        return Ok(outcome);
    }

    // Heard from here on: waiting for the lock can be ended like everything else.
    let (letters, inbox) = mpsc::channel::<Message>();
    signals::listen_into(letters.clone())?;
    let Some(acquired) = acquire::acquire(options, kind, &loaded_rig, &loaded, &lines, &inbox)? else {
        return Ok(Outcome::Done);
    };

    let front = Front::stage(letters.clone())?;
    for notice in notices.into_iter().chain(acquired.notices) {
        front.notice(&notice);
    }
    let rig = Arc::new(loaded_rig.rig);
    let trace = options.trace.as_ref().map(|path| Trace::create(path, &rig)).transpose()?;
    let mut house = House::open(Plan {
        rig,
        kind,
        lines,
        pins: options.pins.clone(),
        places,
        volume: options.volume,
        lock: acquired.lock,
        front,
        trace,
        inbox,
        letters,
    })?;
    let (looped, silent) = (options.looped, options.silent);
    let outcome = house.play_through(Turn { from, looped, silent, ..Turn::of(loaded, Rank::ORDERED) });
    let closed = house.close();
    outcome.and_then(|outcome| closed.map(|()| outcome))
}

/// What the command line asks for and cannot have.
fn refuse_nonsense(
    options: &PlayOptions,
    output: OutputKind,
    from: ShowTime,
    length: ShowTime,
) -> Result<(), Failure> {
    if options.pins.is_some() && output == OutputKind::Gpio {
        return Err(Failure::bad_command_line(anyhow!(
            "--pins goes with simulated lines only: add --output sim"
        )));
    }
    if from >= length {
        return Err(Failure::bad_command_line(anyhow!(
            "--from {from} lies after the end of the show at {length}"
        )));
    }
    Ok(())
}

fn first_notices(
    options: &PlayOptions,
    output: OutputKind,
    rig: &LoadedRig,
    loaded: &LoadedShow,
) -> Vec<String> {
    let mut notices = Vec::new();
    if output == OutputKind::Sim && options.stage.output.output.is_none() {
        notices.push("this is not a Raspberry Pi: the lights are simulated".to_owned());
    }
    match rig.told.warnings() + loaded.told.warnings() {
        0 => {}
        1 => notices.push(format!("1 warning; `starcourt check {}` tells it", loaded.show.name)),
        several => {
            notices.push(format!("{several} warnings; `starcourt check {}` tells them", loaded.show.name))
        }
    }
    notices
}
