//! `starcourt play`: chooses the implementations, puts a performance together and tears it down again
//! in the order that keeps everybody safe.

mod acquire;
mod companion;
mod counted;
mod performance;
mod sound;

use std::panic::{self, AssertUnwindSafe};
use std::path::{self, Path};
use std::sync::Arc;
use std::sync::mpsc;

use anyhow::{Context, anyhow};

use crate::cli::{OutputKind, PlayOptions};
use crate::engine::{Extent, Run, Setup};
use crate::faults;
use crate::guardian::{self, Guardian};
use crate::output::Wire;
use crate::output::patch::{Patch, Way};
use crate::output::pwm_block::DimmedWire;
use crate::output::trace::Trace;
use crate::player::Player;
use crate::rig::{Channel, Line, Rig};
use crate::signals;
use crate::stage::{Outlet, Stage};
use crate::time::ShowTime;
use crate::timeline::compile;

use super::files::{self, LoadedRig, LoadedShow};
use super::instances;
use super::outcome::{Failure, Outcome};
use companion::Alone;
use counted::Counted;
use performance::{Message, Performance};
use sound::Sound;

pub(super) use companion::{Companion, Direction};

pub(super) fn play(name: &str, options: &PlayOptions) -> Result<Outcome, Failure> {
    let output = files::output_kind(&options.stage.output);
    let rig = files::rig(&options.stage.rig, output)?;
    let show = files::show(name, &files::show_places(&options.stage), &rig.rig)?;
    refuse_nonsense(options, output, show.length)?;
    present(rig, show, options, Box::new(Alone))
}

/// Plays a show that was read or made, and tells of every thread that panicked meanwhile, this one
/// included.
pub(super) fn present(
    rig: LoadedRig,
    show: LoadedShow,
    options: &PlayOptions,
    companion: Box<dyn Companion>,
) -> Result<Outcome, Failure> {
    faults::arm();
    // By the time a panic is caught here, all that was open has been closed, down to the lock.
    let ended = panic::catch_unwind(AssertUnwindSafe(|| perform(rig, show, options, companion)));
    let last_words = signals::last_words();
    match ended {
        Ok(ended) if last_words.is_empty() => ended,
        _ => Err(anyhow!("a thread panicked; the lights are safe\n{}", last_words.join("\n")).into()),
    }
}

fn perform(
    loaded_rig: LoadedRig,
    loaded: LoadedShow,
    options: &PlayOptions,
    companion: Box<dyn Companion>,
) -> Result<Outcome, Failure> {
    let output_kind = files::output_kind(&options.stage.output);
    let from = options.from.unwrap_or(ShowTime::ZERO);
    let notices = first_notices(options, output_kind, &loaded_rig, &loaded);
    let lines = instances::lines(&loaded_rig.rig, &loaded.show);

    // Heard from here on: waiting for the lock can be ended like everything else.
    let (messages, inbox) = mpsc::channel::<Message>();
    signals::listen_into(messages.clone())?;
    let Some(acquired) = acquire::acquire(options, output_kind, &loaded_rig, &loaded, &lines, &inbox)? else {
        return Ok(Outcome::Done);
    };

    // From here on things are closed from the last to the first: lines before the lock, above all.
    let stage = Stage::open(messages)?;
    for notice in notices.into_iter().chain(acquired.notices) {
        stage.notice(notice);
    }
    let LoadedShow { show, length, .. } = loaded;
    let rig = Arc::new(loaded_rig.rig);
    let timeline = Arc::new(compile(&show, &rig).timeline);
    let (trace, recorder) = match &options.trace {
        Some(path) => Some(Trace::create(path, &rig)?).unzip(),
        None => (None, None),
    };
    let patch = patch(output_kind, &rig, &lines, options.pins.as_deref())?;
    guardian::relieve(&acquired.lock)?;
    // From here on the lines are safe even if this process is killed.
    let guardian = Guardian::start(&acquired.lock, patch.clone())?;
    let output = patch.open()?;
    let sound = Sound::start(&show, &rig, options, length)?;
    let extent = match (options.looped, show.length) {
        (true, _) => Extent::Loop(length),
        (false, None) if sound.is_heard() => Extent::Sound { at_most: length },
        (false, _) => Extent::Once(length),
    };
    let run = Run { from, extent };
    let player = Player::start(Setup {
        timeline,
        rig: Arc::clone(&rig),
        clock: sound.clock(),
        output,
        heartbeat: guardian.heartbeat(),
        recorder,
        run,
    })?;
    let outlet = match output_kind {
        OutputKind::Gpio => Outlet::Gpio,
        OutputKind::Sim => Outlet::Simulated,
    };
    let counted = (output_kind == OutputKind::Gpio).then(|| Counted::of(&player, &rig));
    let performance = Performance {
        player,
        sound,
        trace,
        stage,
        show,
        length,
        rig,
        lines,
        outlet,
        inbox,
        guardian,
        lock: acquired.lock,
        companion,
    };
    let outcome = performance.run();
    // The lock is free by now: nobody waits for an SD card.
    if let Some(counted) = counted {
        counted.write_down();
    }
    outcome
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

/// How `lines` of `rig` are driven.
pub(super) fn patch(
    kind: OutputKind,
    rig: &Rig,
    lines: &[Line],
    pins: Option<&Path>,
) -> Result<Patch, Failure> {
    let channels = rig.channels.iter().filter(|channel| lines.contains(&channel.line));
    let (dimmed, others): (Vec<&Channel>, Vec<&Channel>) =
        channels.partition(|channel| channel.hardware && kind == OutputKind::Gpio);
    let way = match (kind, pins) {
        (OutputKind::Gpio, _) => {
            Way::Pins { dimmed: dimmed.into_iter().map(DimmedWire::of).collect(), period: rig.pwm_period() }
        }
        // Absolute, so that it is the same file for whoever has to make the lines safe.
        (OutputKind::Sim, Some(pins)) => Way::File(path::absolute(pins).context("finding the pins file")?),
        (OutputKind::Sim, None) => Way::Memory,
    };
    Ok(Patch { way, wires: others.into_iter().map(Wire::of).collect(), release: rig.release })
}
