//! `starcourt play`: chooses the implementations, puts a performance together and tears it down again
//! in the order that keeps everybody safe.

mod acquire;
mod elsewhere;

use std::sync::Arc;
use std::sync::mpsc;

use anyhow::anyhow;

use crate::cli::{OutputKind, PlayOptions};
use crate::output::trace::Trace;
use crate::signals;
use crate::time::ShowTime;

use super::files::{self, LoadedRig, LoadedShow};
use super::instance::{self, Companion, Front, House, Message, Plan, Rank, Turn};
use super::instances;
use super::outcome::{Failure, Outcome};

pub(super) fn play(name: &str, options: &PlayOptions) -> Result<Outcome, Failure> {
    let kind = files::output_kind(&options.stage.output);
    if let Some(outcome) = elsewhere::play(name, options, kind)? {
        return Ok(outcome);
    }
    let rig = files::driveable_rig(&options.stage.rig, kind)?;
    let loaded = files::show(name, &files::show_places(&options.stage), &rig.rig)?;
    refuse_nonsense(options, kind, loaded.length)?;
    present(rig, loaded, options, None)
}

/// Plays a show that was read or made, and tells of every thread that panicked meanwhile, this one
/// included.
pub(super) fn present(
    rig: LoadedRig,
    show: LoadedShow,
    options: &PlayOptions,
    companion: Option<Box<dyn Companion>>,
) -> Result<Outcome, Failure> {
    instance::guarded(|| perform(rig, show, options, companion))
}

fn perform(
    loaded_rig: LoadedRig,
    loaded: LoadedShow,
    options: &PlayOptions,
    companion: Option<Box<dyn Companion>>,
) -> Result<Outcome, Failure> {
    let kind = files::output_kind(&options.stage.output);
    let places = files::show_places(&options.stage);
    let from = options.from.unwrap_or(ShowTime::ZERO);
    let notices = first_notices(options, kind, &loaded_rig, &loaded);
    let outputs = instances::outputs(&loaded_rig.rig, &loaded.show);

    // Heard from here on: waiting for the lock can be ended like everything else.
    let (tx, inbox) = mpsc::channel::<Message>();
    signals::listen_into(tx.clone())?;
    let Some(acquired) = acquire::acquire(options, kind, &loaded_rig, &loaded, &outputs, &inbox)? else {
        return Ok(Outcome::Done);
    };

    let front = Front::stage(tx.clone())?;
    for notice in notices.into_iter().chain(acquired.notices) {
        front.notice(&notice);
    }
    let rig = Arc::new(loaded_rig.rig);
    let trace = options.trace.as_ref().map(|path| Trace::create(path, &rig)).transpose()?;
    let mut instance = House::open(Plan {
        rig,
        kind,
        outputs,
        pins: options.pins.clone(),
        places,
        volume: options.volume,
        lock: acquired.lock,
        front,
        trace,
        scheduler: None,
        inbox,
        tx,
    })?;
    let (looped, silent) = (options.looped, options.silent);
    let turn = Turn { from, looped, silent, companion, ..Turn::of(loaded, Rank::ORDERED) };
    let outcome = instance.play_through(turn);
    let closed = instance.close();
    outcome.and_then(|outcome| closed.map(|()| outcome))
}

/// What the command line asks for and cannot have.
fn refuse_nonsense(options: &PlayOptions, output: OutputKind, length: ShowTime) -> Result<(), Failure> {
    if options.pins.is_some() && output == OutputKind::Gpio {
        return Err(Failure::bad_command_line(anyhow!(
            "--pins goes with simulated lines only: add --output sim"
        )));
    }
    let from = options.from.unwrap_or(ShowTime::ZERO);
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
