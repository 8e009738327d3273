//! `starcourt play`: every step of it in order, from the options to the first edge and from the ending to the free
//! lock. [`open`] and [`close`] are those of `starcourt serve`, too.

mod acquire;
mod elsewhere;
mod song;
mod waiting;
mod watch;

use std::io::stderr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::cli::{OutputKind, PlayOptions};
use crate::engine::Extent;
use crate::guardian::{self, Guardian};
use crate::instance::runner::{
    Console, FileWriter, HookNews, Inputs, Message, Parts, Remains, Runner, SaveWatch, ServiceEnds,
    WatchedFiles, count_switchings,
};
use crate::instance::state::{PlayRequest, Rank, Scheduler, part_of};
use crate::instance::{self, Observer, ShowEdition};
use crate::lock::{Lock, LockRequest};
use crate::output::trace::Trace;
use crate::printable::printable;
use crate::rig::{Address, Rig};
use crate::show::is_show_name;
use crate::signals;
use crate::spool;

use super::files::{self, LoadedRig, LoadedShow};
use super::made;
use super::music_file;
use super::outcome::{Failure, Outcome};
use super::refused;
use super::warnings;
use super::which_show::which_show;

/// How long the end waits for files that are to be written.
const WRITTEN_WITHIN: Duration = Duration::from_secs(3);

/// Plays the show `name`, or the music file of that name; without a name, says which shows there are.
pub(super) fn play(name: Option<&str>, options: &PlayOptions) -> Result<Outcome, Failure> {
    let name = name.ok_or_else(|| which_show("play", &options.stage))?;
    let kind = files::output_kind(&options.stage.output);
    watch::refuse(name, options, kind)?;
    // A service, or the instance that is to be interrupted, plays it for us.
    if let Some(outcome) = elsewhere::play(name, options, kind)? {
        return Ok(outcome);
    }
    let rig = files::driveable_rig(&options.stage.rig, kind)?;
    let (show, mut notices) = match music_file::is_file(name) {
        true => song::song(name, &rig.rig, &options.stage, kind)?,
        false => (files::show(name, &files::show_places(&options.stage), &rig.rig)?, Vec::new()),
    };
    made::refuse_pins(options, kind)?;
    let extent = part_of(&show, options.from.as_ref(), options.to.as_ref(), options.looped)
        .map_err(|why| Failure::bad_command_line(anyhow!(why)))?;
    let ends = [("from", options.from.as_ref()), ("to", options.to.as_ref())];
    notices.extend(
        ends.into_iter().filter_map(|(end, time)| {
            Some(format!("{end} {}", show.show.seconds_or_bar(time?, show.length)?))
        }),
    );
    let watched = options.watch.then(|| watch::files(&show, &rig, options, kind));
    let wanted = refused::show(name, options, is_show_name(name));
    let performance = Performance { rig, show, wanted, extent, notices, observer: None, watched };
    instance::guarded(|| perform(performance, options))
}

/// What is played.
struct Performance {
    rig: LoadedRig,
    show: LoadedShow,
    /// What helps if another instance is in the way depends on it.
    wanted: LockRequest,
    extent: Extent,
    notices: Vec<String>,
    observer: Option<Box<dyn Observer>>,
    /// Its files, if they are watched while it plays.
    watched: Option<WatchedFiles>,
}

/// Plays a show that was read or made, and tells of every thread that panicked meanwhile, this one
/// included.
pub(super) fn present(
    rig: LoadedRig,
    show: LoadedShow,
    options: &PlayOptions,
    observer: Option<Box<dyn Observer>>,
) -> Result<Outcome, Failure> {
    let extent = part_of(&show, None, None, options.looped).map_err(|why| anyhow!(why))?;
    let wanted = refused::alone(&options.stage.rig, &options.stage.output);
    let performance = Performance { rig, show, wanted, extent, notices: Vec::new(), observer, watched: None };
    instance::guarded(|| perform(performance, options))
}

fn perform(performance: Performance, options: &PlayOptions) -> Result<Outcome, Failure> {
    let Performance { rig: loaded_rig, show: loaded, wanted, extent, observer, watched, .. } = performance;
    let kind = files::output_kind(&options.stage.output);
    // Before the stage opens: these are not about the show, and do not belong beside it all the time.
    if let Some(line) = warnings::of_rig(&loaded_rig.told, &options.stage) {
        spool::print_line(&stderr(), &printable(&line));
    }
    let mut notices = first_notices(options, kind, &loaded);
    notices.extend(performance.notices);
    let outputs = instance::outputs(&loaded_rig.rig, &loaded.show);

    // Signals are obeyed from here on: waiting for the lock can be ended like everything else.
    let (tx, inbox) = mpsc::channel::<Message>();
    signals::listen_into(tx.clone())?;
    let claim = acquire::claim(kind, &loaded_rig, &loaded, extent.from, &outputs)?;
    let Some(acquired) = acquire::acquire(options, kind, (claim, &wanted), &inbox)? else {
        return Ok(Outcome::Done);
    };
    let console = Console::stage(tx.clone())?;
    for notice in notices.into_iter().chain(acquired.notices) {
        console.notice(&notice);
    }
    let rig = Arc::new(loaded_rig.rig);
    let trace = options.trace.as_ref().map(|path| Trace::create(path, &rig)).transpose()?;
    let request = PlayRequest { extent, silent: options.silent, ..PlayRequest::of(loaded, Rank::ORDERED) };
    let watch = watched.map(|files| {
        let (loaded, rig) = (Arc::clone(&request.loaded), Arc::clone(&rig));
        let playing = ShowEdition { loaded, extent, rig, outputs: outputs.clone() };
        let tell = tx.clone();
        SaveWatch::start(files, playing, move |news| tell.send(Message::Watch(news)).is_ok())
    });
    let watch = watch.transpose().context("starting a thread that watches the files")?;
    let runner = open(InstanceSetup {
        rig,
        kind,
        outputs,
        pins: options.pins.as_deref(),
        places: files::show_places(&options.stage),
        volume: options.volume,
        observer,
        service: None,
        watch,
        lock: acquired.lock,
        console,
        trace,
        inbox,
        tx,
    })?;

    // Lines and sound, in `src/instance/runner/starter.rs`; then the first edge.
    let remains = runner.play(request);
    // Lines are safe and released, and the sound has ended.
    close(remains)
}

/// What an instance is opened with.
pub(super) struct InstanceSetup<'a> {
    pub(super) rig: Arc<Rig>,
    pub(super) kind: OutputKind,
    /// Those of the rig that are driven; the lock has claimed them.
    pub(super) outputs: Vec<Address>,
    pub(super) pins: Option<&'a Path>,
    /// Where shows are found.
    pub(super) places: Vec<PathBuf>,
    /// In per cent.
    pub(super) volume: u8,
    pub(super) observer: Option<Box<dyn Observer>>,
    /// Of the service only.
    pub(super) service: Option<(Scheduler, ServiceEnds)>,
    /// Over the files of a show that is being written.
    pub(super) watch: Option<SaveWatch>,
    pub(super) lock: Lock,
    pub(super) console: Console,
    pub(super) trace: Option<Trace>,
    pub(super) inbox: Receiver<Message>,
    pub(super) tx: Sender<Message>,
}

/// From the lock to the first line: opens everything but the lines. From here on they are safe even if this process is
/// killed.
///
/// # Errors
/// When whoever was killed before has left a guardian that cannot be got out of the way, or no guardian can be
/// started.
pub(super) fn open(setup: InstanceSetup<'_>) -> Result<Runner, Failure> {
    let InstanceSetup { rig, kind: output_kind, outputs, pins, places, volume, observer, service, .. } =
        setup;
    let InstanceSetup { watch, lock, console, trace, inbox, tx, .. } = setup;
    let patch = instance::patch(output_kind, &rig, &outputs, pins, lock.dir().path())?;
    let socket = instance::open_socket(&lock, output_kind, &tx, &console);
    if let Some(told) = guardian::finish_leftovers(&lock, &patch.safe_plan())? {
        console.notice(&told);
    }
    let guardian = Guardian::start(&lock, patch.safe_plan())?;
    let mut inputs = Inputs::new(Arc::clone(&rig), output_kind, tx.clone());
    if let Some(told) = inputs.look_after() {
        console.notice(&told);
    }
    let (scheduler, service) = service.unzip();
    let state_places = files::state_places();
    let parts = Parts {
        rig,
        output_kind,
        outputs,
        patch,
        state_places,
        observer,
        service,
        watch,
        inbox,
        tx,
        trace,
        console,
        inputs,
        guardian,
        socket,
        lock,
    };
    Ok(Runner::new(parts, places, volume, scheduler))
}

/// From the last line to the free lock, and what is left to write then. The lines are safe already.
pub(super) fn close(remains: Remains) -> Result<Outcome, Failure> {
    let Remains { hooks, mut writer, worn, last_words, result, parts } = remains;
    let Parts { inputs, service, watch, inbox, tx, trace, console, guardian, socket, lock, .. } = parts;
    let (output_kind, state_places) = (parts.output_kind, parts.state_places);
    drop(inputs);
    drop(watch);
    // Commands that still run have 5 s.
    if let Some(mut service) = service {
        service.announce_stopping();
        hooks.finish();
        service.settle(&mut writer);
    }
    // Whoever has the lock next reads what is written here.
    writer.finish(WRITTEN_WITHIN);
    // What the last commands have said came in meanwhile.
    for message in inbox.try_iter() {
        match message {
            Message::Hooks(HookNews::Says(line)) => console.report(&line),
            Message::Notice(text) => console.notice(&text),
            _ => {}
        }
    }
    let traced = trace.map(Trace::finish).transpose();
    match last_words {
        Some(last_words) => console.close(&last_words),
        None => drop(console),
    }
    drop(guardian);
    drop(socket);
    drop(lock);
    // The lock is free by now: nobody waits for an SD card.
    let mut writer = FileWriter::new(tx);
    count_switchings(output_kind, worn, state_places, &mut writer);
    writer.finish(WRITTEN_WITHIN);
    for message in inbox.try_iter() {
        if let Message::Notice(text) = message {
            log::warn!("{text}");
        }
    }
    let outcome = result?;
    traced?;
    Ok(outcome)
}

fn first_notices(options: &PlayOptions, output: OutputKind, loaded: &LoadedShow) -> Vec<String> {
    let mut notices = Vec::new();
    if output == OutputKind::Sim && options.stage.output.output.is_none() {
        notices.push("this is not a Raspberry Pi: the lights are simulated".to_owned());
    }
    notices.extend(warnings::of_show(&loaded.told, &loaded.show, &options.stage));
    notices
}
