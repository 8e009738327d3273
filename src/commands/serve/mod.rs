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
use crate::lock::{Claim, Lock, LockInfo, Name, Refusal};
use crate::rig::Rig;
use crate::schedule::MissingShow;
use crate::service::clock_check::{ClockCheck, LatestKnownTime};
use crate::service::notify::Notifier;
use crate::service::rotation_store::RotationStore;
use crate::service::watchdog::Watchdog;
use crate::signals::{self, Request};

use super::files::{self, LoadedRig, LoadedSchedule};
use super::instance::{self, Called, Front, House, Lookout, Message, Plan, Scheduler, Watched};
use super::instances;
use super::outcome::{Failure, Outcome};

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
    let front = Front::service(tx.clone())?;
    match told.warnings() + schedule.as_ref().map_or(0, |schedule| schedule.told.warnings()) {
        0 => {}
        1 => front.notice("1 warning; `starcourt check` tells it"),
        several => front.notice(&format!("{several} warnings; `starcourt check` tells them")),
    }
    for leftover in files::leftovers(&options.schedule, kind, &places) {
        front.notice(&leftover.to_string());
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
    let Some(lock) = wait_for_lock(&dir, &claim, &front, &notify, &inbox)? else { return Ok(Outcome::Done) };

    let evidence: Vec<&Path> = [path.as_path()]
        .into_iter()
        .chain(schedule.as_ref().map(|schedule| schedule.path.as_path()))
        .collect();
    let doubt = ClockCheck::new(LatestKnownTime::of(evidence));
    let rig = Arc::new(rig);
    let lookout = look_out(options, kind, &rig, &path, schedule.as_ref(), &tx)?;
    let called = schedule.map(|loaded| {
        let (shows, broken) = files::show_index(&loaded.schedule, &places, &rig);
        let broken: BTreeMap<String, String> =
            broken.into_iter().map(|(show, failure)| (show, failure.words())).collect();
        for (show, why) in &broken {
            front.notice(&format!("show {show} cannot be played:\n{why}"));
        }
        let (memory, notice) = RotationStore::open(dir.path(), &files::progress_places(kind));
        if let Some(notice) = notice {
            front.notice(&notice);
        }
        Called::new(loaded.schedule, shows, broken, memory)
    });
    let scheduler = Scheduler::new(called, notify.into_inner(), doubt, Some(lookout));
    let mut instance = House::open(Plan {
        rig,
        kind,
        outputs,
        pins: options.pins.clone(),
        places,
        volume: options.volume,
        lock,
        front,
        trace: None,
        scheduler: Some(scheduler),
        inbox,
        tx,
    })?;
    let served = instance.serve();
    let closed = instance.close();
    served.and(closed).map(|()| Outcome::Done)
}

/// Has somebody look at the files from now on: they are not read again before the next start.
fn look_out(
    options: &ServeOptions,
    kind: OutputKind,
    rig: &Arc<Rig>,
    rig_path: &Path,
    schedule: Option<&LoadedSchedule>,
    tx: &mpsc::Sender<Message>,
) -> anyhow::Result<Lookout> {
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
    Lookout::new(Arc::clone(rig), places, watched, tx.clone())
        .context("starting a thread that looks at the files")
}

/// Waits for whoever has the lights; `None` when somebody asked to end meanwhile.
fn wait_for_lock(
    dir: &crate::lock::LockDir,
    claim: &Claim,
    front: &Front,
    notify: &RefCell<Notifier>,
    inbox: &mpsc::Receiver<Message>,
) -> Result<Option<Lock>, Failure> {
    match Lock::acquire(dir, claim.clone()) {
        Err(refusal) if refusal.may_pass() => {
            let words = refusal.to_string().lines().next().unwrap_or_default().to_owned();
            front.event(&format!("{words}; waiting"));
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
