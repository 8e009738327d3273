//! `starcourt serve`: owns the lights for as long as it runs; plays what the schedule, a button or another
//! command asks for, and stands between shows.

mod own_files;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, anyhow};

use crate::cli::{OutputKind, ServeOptions};
use crate::instance;
use crate::instance::runner::{Console, FileReader, FileWatch, Message, ScheduleProgress, ServiceEnds};
use crate::instance::state::Scheduler;
use crate::ipc::ServiceFile;
use crate::lock::{Claim, Lock, LockInfo, Name, Refusal};
use crate::rig::Rig;
use crate::schedule::Schedule;
use crate::service::clock_check::{ClockCheck, LatestKnownTime};
use crate::service::notify::Notifier;
use crate::service::rotation_store::RotationStore;
use crate::service::watchdog::Watchdog;
use crate::signals::{self, Request};

use super::files::{self, LoadedRig};
use super::instances;
use super::outcome::{Failure, Outcome};
use super::play::{self, InstanceSetup};
use super::warnings;
use own_files::ServiceFiles;

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
    let files = ServiceFiles::of(options);
    let versions = [ServiceFile::Rig, ServiceFile::Schedule].map(|file| files.version(file));
    let LoadedRig { path, rig, told } = files.rig()?;
    let schedule = files.schedule(&rig)?;
    let dir = instances::place(&options.lock, kind)?.dir;

    let (tx, inbox) = mpsc::channel::<Message>();
    signals::listen_into(tx.clone())?;
    let console = Console::service(tx.clone())?;
    let warnings = told.warnings() + schedule.as_ref().map_or(0, |schedule| schedule.told.warnings());
    if let Some(line) = warnings::of_all(warnings, &options.stage, &options.schedule) {
        console.notice(&line);
    }
    let leftovers = files::leftovers(&options.schedule, kind, &files.places);
    let leftovers = leftovers.iter().map(ToString::to_string);
    for notice in leftovers.chain(files.misnamed()).chain(without_schedule(&files, schedule.is_none())) {
        console.notice(&notice);
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
    // Without a schedule, too: there may be one when the files are read anew.
    let (store, notice) = RotationStore::open(dir.path(), &files::progress_places(kind));
    if let Some(notice) = notice {
        console.notice(&notice);
    }
    let mut scheduler = Scheduler::new(clock_check, store.rotation().clone());
    files.note_shows(schedule.as_ref().map(|loaded| &loaded.schedule));
    if let Some(loaded) = schedule {
        let fresh = files.with_shows(Some(loaded.schedule), &rig);
        for (show, why) in &fresh.broken {
            console.notice(&format!("show {show} cannot be played:\n{why}"));
        }
        scheduler.follow(fresh);
    }
    let (tell, places) = (tx.clone(), files.places.clone());
    let tell = move |found| tell.send(Message::Found(found)).is_ok();
    let watch = FileWatch::new(files.clone(), places.clone(), (Arc::clone(&rig), versions.to_vec()), tell)
        .context("starting a thread that looks at the files")?;
    let reader =
        FileReader::new(move |rig: &Rig, schedule: Option<&Schedule>| files.read_anew(rig, schedule));
    let service = ServiceEnds::new(notify.into_inner(), (reader, watch), ScheduleProgress::new(store));
    let runner = play::open(InstanceSetup {
        rig,
        kind,
        outputs,
        pins: options.pins.as_deref(),
        places,
        volume: options.volume,
        observer: None,
        watch: None,
        service: Some((scheduler, service)),
        lock,
        console,
        trace: None,
        inbox,
        tx,
    })?;
    play::close(runner.serve())
}

/// What a person should know who has no schedule: the service stays dark for ever.
fn without_schedule(files: &ServiceFiles, is_so: bool) -> Option<String> {
    let places = is_so.then(|| files.schedule_places())?;
    Some(format!(
        "there is no schedule, so nothing plays by itself\n  \
         write one to {places} (`starcourt help schedule` has an example), then run `starcourt reload`\n  \
         or play a show: `starcourt play SHOW`"
    ))
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
