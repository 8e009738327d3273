//! `starcourt play`: chooses the implementations, puts a performance together and tears it down again
//! in the order that keeps everybody safe.

mod acquire;
mod counted;
mod performance;
mod sound;

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;

use anyhow::anyhow;

use crate::cli::{OutputKind, PlayOptions};
use crate::engine::{Extent, Run, Setup};
use crate::faults;
use crate::output::gpio::Gpio;
use crate::output::mixed::Mixed;
use crate::output::pwm_block::PwmBlock;
use crate::output::sim::Sim;
use crate::output::trace::Trace;
use crate::output::{Output, Wire};
use crate::player::Player;
use crate::rig::{Channel, Line, Rig};
use crate::signals;
use crate::stage::{Outlet, Stage};
use crate::time::ShowTime;
use crate::timeline::compile;

use super::files::{self, LoadedRig, LoadedShow};
use super::instances;
use super::outcome::{Failure, Outcome};
use counted::Counted;
use performance::{Message, Performance};
use sound::Sound;

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
    let output_kind = files::output_kind(&options.stage.output);
    let loaded_rig = files::rig(&options.stage.rig, output_kind)?;
    let places = files::show_places(&options.stage);
    let loaded = files::show(name, &places, &loaded_rig.rig)?;
    let from = options.from.unwrap_or(ShowTime::ZERO);
    refuse_nonsense(options, output_kind, from, loaded.length)?;
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
    let output = output(output_kind, &rig, &lines, options.pins.as_deref())?;
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
        lock: acquired.lock,
    };
    let outcome = performance.run();
    // The lock is free by now: nobody waits for an SD card.
    if let Some(counted) = counted {
        counted.write_down();
    }
    outcome
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

/// Takes `lines` of `rig`, each safe before it becomes an output.
pub(super) fn output(
    kind: OutputKind,
    rig: &Rig,
    lines: &[Line],
    pins: Option<&Path>,
) -> Result<Box<dyn Output>, Failure> {
    let channels = rig.channels.iter().filter(|channel| lines.contains(&channel.line));
    if kind == OutputKind::Gpio {
        return pins_of_this_pi(channels, rig);
    }
    let wires: Vec<Wire> = channels.map(Wire::of).collect();
    Ok(Box::new(match pins {
        Some(pins) => Sim::open_file(pins, &wires, rig.release)?,
        None => Sim::open(&wires, rig.release)?,
    }))
}

/// Those that follow edges, and beside them those that the chip dims.
fn pins_of_this_pi<'a>(
    channels: impl Iterator<Item = &'a Channel>,
    rig: &Rig,
) -> Result<Box<dyn Output>, Failure> {
    let (dimmed, others): (Vec<&Channel>, Vec<&Channel>) = channels.partition(|channel| channel.hardware);
    let wires: Vec<Wire> = others.into_iter().map(Wire::of).collect();
    // First: these are safe then, whatever is missing for the others.
    let lines = Gpio::open(&wires, rig.release)?;
    Ok(match dimmed[..] {
        [] => Box::new(lines),
        _ => Box::new(Mixed::new(lines, PwmBlock::open(Path::new("/"), &dimmed, rig.pwm_period())?)),
    })
}
