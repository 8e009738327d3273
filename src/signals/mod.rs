//! What the outside wants of the process: signals, a terminal or reader that is gone, a panic.
//! Knows nothing of shows: it sends requests into an inbox, and the instance obeys them.
//!
//! The only file that names ctrlc and signal-hook. Ctrl-C is ctrlc's: it queues every press and may
//! fade. The others are signal-hook's, because it tells which signal came, and SIGTERM, SIGHUP and
//! SIGQUIT must not be kept waiting by a fade. ctrlc's `termination` feature would put all of them
//! behind one callback that cannot tell them apart, so it stays off.

mod escalation;
mod hangup;
pub mod mask;
mod panic_messages;
mod request;
mod sender;
mod suspend;

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Signal, getpid, kill_process};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithRawSiginfo;

use crate::faults;
use escalation::{Cause, Escalation};
use mask::BlockedSignals;
pub use panic_messages::panic_messages;
pub use request::Request;
use sender::SignalSender;
pub use suspend::suspend_self;

/// How long an instance may take to restore the terminal before the process is killed.
const GRACE: Duration = Duration::from_millis(200);

/// Listens from now on, for the rest of the process's life.
///
/// # Errors
/// When called twice, or when the system has no room for two small threads.
pub fn listen() -> Result<Receiver<Request>> {
    let (inbox, requests) = mpsc::channel();
    listen_into(inbox)?;
    Ok(requests)
}

/// [`listen`], delivering into an inbox that takes other messages as well.
///
/// A SIGHUP or SIGTSTP that was ignored when the process started stays ignored (`nohup`). SIGINT does
/// not: shells start a script's background jobs with it ignored, and `kill -INT` must end those too.
///
/// # Errors
/// As [`listen`].
pub fn listen_into<M>(inbox: Sender<M>) -> Result<()>
where
    M: From<Request> + Send + 'static,
{
    let requests = RequestSender { inbox, asked: Arc::default() };

    let panicked = requests.clone();
    panic_messages::keep(move || panicked.pass_on(Request::Panicked));

    let survives_hangup = suspend::is_ignored(SIGHUP)?;
    let mut wanted = vec![SIGTERM, SIGQUIT, SIGCONT];
    wanted.extend((!survives_hangup).then_some(SIGHUP));
    wanted.extend((!suspend::is_ignored(SIGTSTP)?).then_some(SIGTSTP));
    // Between taking a signal over and knowing what to do with it, the library drops it: the show would play on.
    // No thread runs yet that could be given it meanwhile.
    let blocked = BlockedSignals::all_but(&[]).context("blocking signals")?;
    let mut signals = SignalsInfo::<WithRawSiginfo>::new(wanted).context("listening for signals")?;
    drop(blocked);

    let pressed = requests.clone();
    ctrlc::set_handler(move || {
        faults::point("ctrl-c");
        pressed.receive(Cause::CtrlC);
    })
    .context("listening for Ctrl-C")?;

    let signalled = requests.clone();
    spawn("signals", move || signals.forever().for_each(|signal| signalled.receive_signal(&signal)))?;

    if let Some(stdout) = hangup::watchable(io::stdout(), survives_hangup)? {
        spawn("hangup", move || {
            // Where poll itself fails nothing is to be known: the show goes on, and the writes fail.
            if hangup::wait(&stdout).is_ok() {
                faults::point("hangup");
                requests.receive(Cause::Hangup);
            }
        })?;
    }
    Ok(())
}

static LAST_ACT: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// What has to be done before the process kills itself, since no Drop runs then: making the lines safe.
/// It must come to an end, whatever state other threads are in. The first call counts.
pub fn before_death(act: impl Fn() + Send + Sync + 'static) {
    let _ = LAST_ACT.set(Box::new(act));
}

/// Ends the process at once, as nothing else can, after what [`before_death`] was given.
pub fn die() -> ! {
    if let Some(act) = LAST_ACT.get() {
        act();
    }
    // A process may always signal itself, so there is no error; and should the signal take
    // another thread first, this one must get nowhere.
    let _ = kill_process(getpid(), Signal::KILL);
    loop {
        thread::park();
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name(name.into())
        .spawn(work)
        .with_context(|| format!("starting thread {name}"))?;
    Ok(())
}

/// Takes a cause on any thread, and sends what it means.
struct RequestSender<M> {
    inbox: Sender<M>,
    asked: Arc<Mutex<Escalation>>,
}

impl<M> Clone for RequestSender<M> {
    fn clone(&self) -> Self {
        Self { inbox: self.inbox.clone(), asked: Arc::clone(&self.asked) }
    }
}

impl<M: From<Request>> RequestSender<M> {
    fn receive_signal(&self, signal: &libc::siginfo_t) {
        faults::point("signals");
        match signal.si_signo {
            SIGTSTP => self.pass_on(Request::Suspend),
            SIGCONT => self.pass_on(Request::Continued),
            SIGHUP => self.receive(Cause::Hangup),
            _ => {
                // First the lights, then the words.
                self.receive(Cause::Terminate);
                if let Some(sender) = SignalSender::of(signal) {
                    sender.tell_of_end();
                }
            }
        }
    }

    fn receive(&self, cause: Cause) {
        let request = self.asked.lock().unwrap_or_else(PoisonError::into_inner).ask(cause);
        let Some(request) = request else { return };
        self.pass_on(request);
        if request == Request::Kill {
            if let Some(act) = LAST_ACT.get() {
                act();
            }
            thread::sleep(GRACE);
            die();
        }
    }

    fn pass_on(&self, request: Request) {
        // The inbox is gone: the instance has ended, and wants no more requests.
        let _ = self.inbox.send(request.into());
    }
}
