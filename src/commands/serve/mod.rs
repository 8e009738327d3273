//! `starcourt serve`: owns the lights for as long as it runs; plays what the schedule, a button or another
//! command asks for, and stands between shows.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, anyhow};

use crate::cli::{OutputKind, ServeOptions};
use crate::instance;
use crate::instance::runner::{Console, FileWatch, Message, ScheduleProgress, ServiceEnds, Watched};
use crate::instance::state::Scheduler;
use crate::lock::{Claim, Lock, LockInfo, Name, Refusal};
use crate::rig::Rig;
use crate::schedule::MissingShow;
use crate::service::clock_check::{ClockCheck, LatestKnownTime};
use crate::service::notify::Notifier;
use crate::service::rotation_store::RotationStore;
use crate::service::watchdog::Watchdog;
use crate::signals::{self, Request};

use super::files::{self, LoadedRig, LoadedSchedule};
use super::instances;
use super::outcome::{Failure, Outcome};
use super::play::{self, InstanceSetup};
use super::warnings;

pub(super) fn serve(options: &ServeOptions) -> Result<Outcome, Failure> {
    instance::guarded(|| open_and_serve(options))
}

fn open_and_serve(options: &ServeOptions) -> Result<Outcome, Failure> {
    let kind = files::output_kind(&options.stage.output);
    if options.pins.is_some() && kind == OutputKind::Gpio {
        return Err(Failure::bad_command_line(anyhow!(
            "--pins goes with simulated lines only: add --output sim"
        )));
    }
    let LoadedRig { path, rig, told } = files::driveable_rig(&options.stage.rig, kind)?;
    let places = files::show_places(&options.stage);
    let schedule = files::schedule(&options.schedule, kind, &places, &rig, MissingShow::Warning)?;
    if let Some(loaded) = &schedule {
        // Later nobody would be there to be told, and nothing would ever play.
        files::time_for(&loaded.schedule)?;
    }
    let dir = instances::place(&options.lock, kind)?.dir;

    let (tx, inbox) = mpsc::channel::<Message>();
    signals::listen_into(tx.clone())?;
    let console = Console::service(tx.clone())?;
    let warnings = told.warnings() + schedule.as_ref().map_or(0, |schedule| schedule.told.warnings());
    if let Some(line) = warnings::of_all(warnings, &options.stage, &options.schedule) {
        console.notice(&line);
    }
    for leftover in files::leftovers(&options.schedule, kind, &places) {
        console.notice(&leftover.to_string());
    }
    let notify = RefCell::new(Notifier::from_environment());
    let outputs: Vec<_> = rig.addresses().collect();
    let info = LockInfo {
        service: true,
        rig: Some(std::path::absolute(&path).unwrap_or_else(|_| path.clone())),
        output: Some(kind.name().to_owned()),
        started: Some(jiff::Timestamp::now()),
        ..LockInfo::default()
    };
    let claim = Claim { name: Name::MACHINE, info, outputs: outputs.clone() };
    let Some(lock) = wait_for_lock(&dir, &claim, &console, &notify, &inbox)? else {
        return Ok(Outcome::Done);
    };

    let evidence: Vec<&Path> = [path.as_path()]
        .into_iter()
        .chain(schedule.as_ref().map(|schedule| schedule.path.as_path()))
        .collect();
    let clock_check = ClockCheck::new(LatestKnownTime::of(evidence));
    let rig = Arc::new(rig);
    let files = watch_files(options, kind, &rig, &path, schedule.as_ref(), tx.clone())?;
    let mut scheduler = Scheduler::new(clock_check);
    let mut progress = None;
    if let Some(loaded) = schedule {
        let (shows, broken) = files::show_index(&loaded.schedule, &places, &rig);
        let broken: BTreeMap<String, String> =
            broken.into_iter().map(|(show, failure)| (show, failure.words())).collect();
        for (show, why) in &broken {
            console.notice(&format!("show {show} cannot be played:\n{why}"));
        }
        let (store, notice) = RotationStore::open(dir.path(), &files::progress_places(kind));
        if let Some(notice) = notice {
            console.notice(&notice);
        }
        scheduler = scheduler.with(loaded.schedule, store.rotation().clone(), shows, broken);
        progress = Some(ScheduleProgress::new(store));
    }
    let service = ServiceEnds::new(notify.into_inner(), files, progress);
    let runner = play::open(InstanceSetup {
        rig,
        kind,
        outputs,
        pins: options.pins.as_deref(),
        places,
        volume: options.volume,
        observer: None,
        service: Some((scheduler, service)),
        lock,
        console,
        trace: None,
        inbox,
        tx,
    })?;
    play::close(runner.serve())
}

/// Has the files looked at from now on: they are not read again before the next start.
fn watch_files(
    options: &ServeOptions,
    kind: OutputKind,
    rig: &Arc<Rig>,
    rig_path: &Path,
    schedule: Option<&LoadedSchedule>,
    tx: mpsc::Sender<Message>,
) -> anyhow::Result<FileWatch> {
    let places = files::show_places(&options.stage);
    let rig_file = options.stage.rig.clone();
    let mut watched = vec![Watched::new(rig_path.to_owned(), move || files::rig(&rig_file, kind).map(drop))];
    if let Some(loaded) = schedule {
        let (file, known) = (options.schedule.clone(), Arc::clone(rig));
        let shows = places.clone();
        watched.push(Watched::new(loaded.path.clone(), move || {
            files::schedule(&file, kind, &shows, &known, MissingShow::Warning).map(drop)
        }));
    }
    FileWatch::new(Arc::clone(rig), places, watched, move |found| tx.send(Message::Found(found)).is_ok())
        .context("starting a thread that looks at the files")
}

/// Waits for whoever has the lights; `None` when somebody asked to end meanwhile.
fn wait_for_lock(
    dir: &crate::lock::LockDir,
    claim: &Claim,
    console: &Console,
    notify: &RefCell<Notifier>,
    inbox: &mpsc::Receiver<Message>,
) -> Result<Option<Lock>, Failure> {
    match Lock::acquire(dir, claim.clone()) {
        Err(refusal) if refusal.may_pass() => {
            let words = refusal.to_string().lines().next().unwrap_or_default().to_owned();
            console.report(&format!("{words}; waiting"));
            // Whoever has the lock answers on the socket.
            let mut notify = notify.borrow_mut();
            let _ = (notify.ready(), notify.status(&format!("waits: {words}")));
        }
        outcome => return Ok(Some(outcome?)),
    }
    let pulse = RefCell::new(notify.borrow().interval().map(Watchdog::new));
    let stop = || {
        notify.borrow_mut().catch_up();
        if pulse.borrow_mut().as_mut().is_some_and(|pulse| pulse.take_due(Instant::now(), None)) {
            let _ = notify.borrow_mut().feed();
        }
        inbox.try_iter().any(|message| {
            let passes = [Request::Suspend, Request::Continued];
            matches!(message, Message::Request(request) if !passes.contains(&request))
        })
    };
    match Lock::acquire_within(dir, claim, None, &stop) {
        Err(Refusal::Stopped) => Ok(None),
        outcome => Ok(Some(outcome?)),
    }
}
