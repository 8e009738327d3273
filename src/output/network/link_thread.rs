//! The thread that speaks to `starcourt net`: tells what becomes of receivers, and calls again when it was gone. Knows no
//! levels.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::PATIENCE;
use super::call::{CallError, SafeNetwork};
use crate::net_link::{NetLevels, NetLink, NetNotice, WakeSender};
use crate::output::gpio::Unavailable;

/// How often it is called again.
const AGAIN: Duration = Duration::from_secs(1);
/// It says each second that it lives.
const SILENCE: Duration = Duration::from_secs(3);
/// So often it is looked whether the show has ended, while nothing is said.
const LOOK: Duration = Duration::from_millis(100);

/// What the driver and its thread share.
#[derive(Debug)]
pub(super) struct LinkShare {
    pub(super) levels: NetLevels,
    pub(super) wake: WakeSender,
    /// `starcourt net` has what is wanted.
    pub(super) is_connected: AtomicBool,
    /// So many receivers cannot be sent to.
    pub(super) lost: AtomicUsize,
    /// The show has ended: what is wanted stays.
    pub(super) is_closed: AtomicBool,
}

/// The thread of a link. It ends with the process, or when the next show of this instance has its own: so safe levels are
/// sent between shows.
#[derive(Debug)]
pub(super) struct LinkThread {
    first: Receiver<Result<(), Unavailable>>,
    /// Whether every receiver was surely sent its safe levels.
    last: Receiver<bool>,
}

impl LinkThread {
    /// # Errors
    /// When the system has no room for a thread.
    pub(super) fn start(safe: &SafeNetwork, share: Arc<LinkShare>) -> Result<Self> {
        let (tell_first, first) = sync_channel(1);
        let (tell_last, last) = sync_channel(1);
        let safe = safe.clone();
        thread::Builder::new()
            .name("net-link".into())
            .spawn(move || match safe.call(&share.levels, &share.wake) {
                Ok(end) => {
                    share.is_connected.store(true, SeqCst);
                    let _told = tell_first.try_send(Ok(()));
                    Talk { safe, share, tell_last }.run(end);
                }
                Err(error) => _ = tell_first.try_send(Err(error.into())),
            })
            .context("starting the thread of the link to starcourt net")?;
        Ok(Self { first, last })
    }

    /// Waits until `starcourt net` sends, three seconds at most.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend.
    pub(super) fn await_first(&self) -> Result<(), Unavailable> {
        match self.first.recv_timeout(3 * PATIENCE) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(Unavailable::Missing("starcourt net does not answer".to_owned()))
            }
        }
    }

    /// Waits until the safe levels were sent, a second at most. Whether they surely were. By now they are wanted for good.
    pub(super) fn await_safe(&self) -> bool {
        self.last.recv_timeout(PATIENCE).unwrap_or(false)
    }
}

struct Talk {
    safe: SafeNetwork,
    share: Arc<LinkShare>,
    tell_last: SyncSender<bool>,
}

impl LinkShare {
    /// Whether what is wanted is sent to every receiver, as far as is known.
    pub(super) fn is_sent(&self) -> bool {
        self.is_connected.load(SeqCst) && self.lost.load(SeqCst) == 0
    }
}

impl Talk {
    fn run(&self, mut end: NetLink) {
        loop {
            let ended = match self.listen(&end) {
                ConnectionEnd::Replaced => return,
                ConnectionEnd::Lost(words) => words,
            };
            self.share.is_connected.store(false, SeqCst);
            self.share.lost.store(0, SeqCst);
            if self.share.is_closed.load(SeqCst) {
                // Who waits for it waits in vain.
                let _nobody_may_wait = self.tell_last.try_send(false);
            }
            log::warn!(
                "starcourt net {ended}; the lights on the network keep what they show or go their own way until it is \
                 back, and all else goes on"
            );
            drop(end);
            let Some(next) = self.call_again() else { return };
            end = next;
            self.share.is_connected.store(true, SeqCst);
            log::warn!("starcourt net is back, and the lights on the network go on");
        }
    }

    fn listen(&self, end: &NetLink) -> ConnectionEnd {
        let mut heard = Instant::now();
        loop {
            match end.next(LOOK) {
                Ok(Some(NetNotice::Replaced)) => return ConnectionEnd::Replaced,
                Ok(Some(notice)) => {
                    heard = Instant::now();
                    self.take(&notice);
                }
                Ok(None) if heard.elapsed() > SILENCE => {
                    return ConnectionEnd::Lost("does not answer any more");
                }
                Ok(None) => {}
                Err(_) => return ConnectionEnd::Lost("has ended"),
            }
        }
    }

    fn take(&self, notice: &NetNotice) {
        match notice {
            NetNotice::Lost { receiver, why } => {
                self.share.lost.fetch_add(1, SeqCst);
                log::warn!(
                    "the lights of receiver `{receiver}` cannot be sent their levels: {why}; it is tried again"
                );
            }
            NetNotice::Back { receiver } => {
                // One that an earlier show was told of was not counted here.
                let _none = self.share.lost.fetch_update(SeqCst, SeqCst, |lost| lost.checked_sub(1));
                log::warn!("the lights of receiver `{receiver}` go on");
            }
            NetNotice::Refused { why } => log::warn!("starcourt net refuses: {why}"),
            NetNotice::Safe { is_sure } => _ = self.tell_last.try_send(*is_sure),
            NetNotice::Ready | NetNotice::Replaced | NetNotice::Alive => {}
        }
    }

    /// `None` where the next show of this instance has called meanwhile.
    fn call_again(&self) -> Option<NetLink> {
        loop {
            match self.safe.call(&self.share.levels, &self.share.wake) {
                Ok(end) => return Some(end),
                Err(CallError::Refused(_)) if self.share.is_closed.load(SeqCst) => return None,
                Err(_) => thread::sleep(AGAIN),
            }
        }
    }
}

/// How a connection ended.
enum ConnectionEnd {
    /// By the next show of this instance.
    Replaced,
    /// In words.
    Lost(&'static str),
}
