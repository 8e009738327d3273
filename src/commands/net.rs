//! `starcourt net`: sends to the lights on the network for the instances of this machine, until it is ended.

use std::io::stderr;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Instant;

use anyhow::{Context, anyhow};
use rustix::event::{EventfdFlags, eventfd};

use crate::cli::LockOptions;
use crate::instance;
use crate::lock::LockDir;
use crate::net::{NetProcess, OpenError};
use crate::printable::printable_lines;
use crate::service::notify::Notifier;
use crate::signals::{self, Request};
use crate::spool;

use super::instances;
use super::outcome::{Failure, Outcome};

pub(super) fn net(options: &LockOptions) -> Result<Outcome, Failure> {
    instance::guarded(|| open_and_serve(options))
}

fn open_and_serve(options: &LockOptions) -> Result<Outcome, Failure> {
    let dir = LockDir::open(instances::path(options))?;
    let requests = signals::listen()?;
    let end = Arc::new(eventfd(0, EventfdFlags::CLOEXEC).context("making an event")?);
    end_on_request(requests, Arc::clone(&end))?;
    let mut process = NetProcess::open(dir.path()).map_err(|error| why(error, &dir))?;
    tell(&format!("listens in {} for instances with lights on the network", dir.path().display()));
    let mut notifier = Notifier::from_environment();
    // It serves without a systemd that listens.
    let _tried_again_below = notifier.ready();
    let mut fed = Instant::now();
    let mut each_turn = || {
        notifier.catch_up();
        if notifier.interval().is_some_and(|interval| fed.elapsed() >= interval) {
            fed = Instant::now();
            let _tried_again_at_the_next_turn = notifier.feed();
        }
    };
    let is_sure = process.serve(end.as_fd(), &mut each_turn).context("waiting for something to send")?;
    if !is_sure {
        return Err(
            anyhow!("has ended, and some lights on the network could not be sent their safe levels").into()
        );
    }
    tell("has ended; whatever was lit on the network was sent its safe levels");
    Ok(Outcome::Done)
}

fn tell(words: &str) {
    spool::print_line(&stderr(), &format!("starcourt net: {}", printable_lines(words)));
}

/// Makes `end` readable when somebody asks for the end.
fn end_on_request(requests: Receiver<Request>, end: Arc<OwnedFd>) -> Result<(), Failure> {
    let wait = move || {
        // Ctrl-Z and its end are nothing to do for a process that has no terminal of its own.
        let is_end = |request: &Request| !matches!(request, Request::Suspend | Request::Continued);
        if requests.iter().any(|request| is_end(&request)) {
            // Nothing else is ever written there.
            let _it_is_empty = rustix::io::write(&*end, &1_u64.to_ne_bytes());
        }
    };
    thread::Builder::new().name("requests".into()).spawn(wait).context("starting a thread")?;
    Ok(())
}

fn why(error: OpenError, dir: &LockDir) -> Failure {
    match error {
        OpenError::Running => Failure::of(
            Outcome::Busy,
            anyhow!(
                "another `starcourt net` sends to the lights on the network already\n  systemctl status starcourt-net    \
                 says whether it is the service"
            ),
        ),
        OpenError::Io(error) => {
            anyhow::Error::from(error).context(format!("listening in {}", dir.path().display())).into()
        }
    }
}
