//! `starcourt bench`: this machine's timing floor, starcourt's own timing error, and what the lights cost.

mod figures;
mod pin;
mod table;

use std::cell::Cell;
use std::io::{Write, stderr};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use crate::bench::{self, Lateness, Load, ShouldStop, Workload};
use crate::cli::{BenchOptions, OutputKind};
use crate::lock::{self, Claim, Lock, LockInfo, Name, Refusal};
use crate::printable::printable;
use crate::rig::Address;
use crate::signals::{self, Request};

use super::instances;
use super::outcome::{Failure, Outcome};

use figures::{Cost, Figures};

pub(super) fn bench(options: &BenchOptions) -> Result<(String, Outcome), Failure> {
    let requests = signals::listen()?;
    let ended = Cell::new(false);
    let stop = || {
        ended.set(ended.get() || is_to_end(&requests));
        ended.get()
    };
    let text = match options.pin {
        Some(line) => pin::toggle(line, options, &stop)?,
        None => {
            let _lock = claim(options, OutputKind::Sim, Vec::new())?;
            let figures = measure(options.seconds, &stop)?;
            match figures {
                Some(figures) if options.json => figures.as_json(),
                Some(figures) => table::of(&figures),
                None => "ended before there was anything to tell\n".to_owned(),
            }
        }
    };
    Ok((text, Outcome::Done))
}

/// Keeps everybody from playing meanwhile: neither would show or figures be what they are alone.
fn claim(options: &BenchOptions, output: OutputKind, outputs: Vec<Address>) -> Result<Lock, Failure> {
    for place in instances::places(&options.lock) {
        if let Some(holder) = lock::instances(place)?.into_iter().next() {
            return Err(Refusal::Held { wanted: Name::MACHINE, holder: holder.into() }.into());
        }
    }
    let place = instances::place(&options.lock, output)?;
    let info = LockInfo::of_show("bench");
    Ok(Lock::acquire(&place.dir, Claim { name: Name::MACHINE, info, outputs })?)
}

/// `None` when somebody asked to end.
fn measure(length: Duration, stop: ShouldStop<'_>) -> Result<Option<Figures>, Failure> {
    tell(length, "quiet");
    let quiet = bench::lateness(length, stop)?;
    let (loaded, busy) = under_load(length, stop)?;
    let mut costs = Vec::new();
    for scene in [Workload::Relays, Workload::Dimmed, Workload::Fading] {
        tell(length, figures::words_for(scene));
        if let Some(percent) = bench::cost(scene, length, stop)? {
            costs.push(Cost { scene, percent });
        }
    }
    Ok((!stop()).then(|| Figures::new(quiet, loaded, busy, costs)))
}

fn under_load(length: Duration, stop: ShouldStop<'_>) -> Result<(Lateness, usize), Failure> {
    let load = Load::start()?;
    tell(length, &format!("with {} busy threads", load.threads()));
    // The scheduler needs a moment to spread them over the cores.
    thread::sleep(Duration::from_millis(100));
    Ok((bench::lateness(length, stop)?, load.threads()))
}

/// What is being measured now, for whoever waits for it; where nobody reads there is nothing to be told.
fn tell(length: Duration, what: &str) {
    let _ = writeln!(stderr(), "measuring for {} s: {}", length.as_secs(), printable(what));
}

fn is_to_end(requests: &Receiver<Request>) -> bool {
    requests.try_iter().any(|request| match request {
        Request::Suspend => {
            if let Err(error) = signals::suspend_self() {
                log::warn!("{error:#}");
            }
            false
        }
        Request::Continued => false,
        _ => true,
    })
}
