//! `starcourt bench`: this machine's timing floor, starcourt's own timing error, and what the lights cost.

mod figures;
mod pin;
mod prepare;
mod table;

use std::cell::Cell;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use crate::bench::{self, Lateness, Load, ShouldStop, Workload};
use crate::cli::{BenchOptions, OutputKind};
use crate::signals::{self, Request};

use super::outcome::{Failure, Outcome};
use super::printed;

use figures::{Cost, Figures};
use prepare::{claim, tell};

pub(super) fn bench(options: &BenchOptions) -> Result<(String, Outcome), Failure> {
    let requests = signals::listen()?;
    let ended = Cell::new(false);
    let stop = || {
        ended.set(ended.get() || take_requests(&requests));
        ended.get()
    };
    let text = match options.pin {
        Some(line) => pin::toggle(line, options, &stop)?,
        None => {
            let _lock = claim(options, OutputKind::Sim, Vec::new())?;
            let figures = measure(options.seconds, &stop)?;
            match figures {
                Some(figures) if options.json => printed::json(&figures),
                Some(figures) => table::of(&figures),
                None => "stopped before the measurement was complete\n".to_owned(),
            }
        }
    };
    Ok((text, Outcome::Done))
}

/// `None` when somebody asked to end.
fn measure(length: Duration, stop: ShouldStop<'_>) -> Result<Option<Figures>, Failure> {
    tell(length, "quiet");
    let quiet = bench::lateness(length, stop)?;
    if stop() {
        return Ok(None);
    }
    let (loaded, busy) = under_load(length, stop)?;
    let mut costs = Vec::new();
    for workload in [Workload::Relays, Workload::Dimmed, Workload::Fading] {
        if stop() {
            return Ok(None);
        }
        tell(length, figures::words_for(workload));
        if let Some(percent) = bench::cost(workload, length, stop)? {
            costs.push(Cost { workload, percent });
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

/// Whether the command is to end.
fn take_requests(requests: &Receiver<Request>) -> bool {
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
