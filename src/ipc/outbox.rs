//! What passes between the instance and the thread that serves its connections: events in, answers and status
//! out. No call here blocks for longer than it takes to hand something over.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::event::{EventfdFlags, eventfd};

use super::order::{Answer, Order};
use super::status::Status;

/// A connection; no two of a [`Server`](super::Server) have the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConnectionId(pub(super) u64);

/// What has come in over the socket.
#[derive(Debug)]
pub enum ConnectionEvent {
    /// `caller` waits for exactly one answer; several may wait at the same time.
    Order { order: Order, caller: Responder },
    /// A connection has closed that asked for a show with [`Play::attach`](super::Play::attach): that show
    /// ends with it.
    Closed(ConnectionId),
}

/// Answers whoever sent an order. May be kept: what is sent after the connection has closed goes nowhere.
#[derive(Clone, Debug)]
pub struct Responder {
    pub(super) id: ConnectionId,
    pub(super) outbox: Arc<Outbox>,
}

impl Responder {
    #[must_use]
    pub fn id(&self) -> ConnectionId {
        self.id
    }

    /// Never blocks.
    pub fn tell(&self, answer: Answer) {
        self.outbox.hand_over(|outgoing| outgoing.answers.push((self.id, answer)));
    }

    /// The order was carried out: what was done, in words.
    pub fn done(&self, words: impl Into<String>) {
        self.tell(Answer::Done(words.into()));
    }

    /// The order was not carried out. `exit` is the exit code of a command that asked.
    pub fn refuse(&self, why: impl Into<String>, exit: u8) {
        self.tell(Answer::Refused { why: why.into(), exit });
    }
}

/// What the serving thread has yet to take.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    pub(super) answers: Vec<(ConnectionId, Answer)>,
    /// A status was published since the last look.
    pub(super) has_news: bool,
    /// To be listened to from now on.
    pub(super) listener: Option<UnixListener>,
    pub(super) is_closing: bool,
}

#[derive(Debug)]
pub(super) struct Outbox {
    outgoing: Mutex<Outgoing>,
    status: Mutex<Arc<Status>>,
    wakeup: OwnedFd,
    is_followed: AtomicBool,
}

/// Readable when something was handed over.
pub(super) struct WakeSignal(OwnedFd);

impl Outbox {
    pub(super) fn new(status: Status) -> io::Result<(Arc<Self>, WakeSignal)> {
        let wakeup = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let awaited = WakeSignal(wakeup.try_clone()?);
        let status = Mutex::new(Arc::new(status));
        let outbox = Self { outgoing: Mutex::default(), status, wakeup, is_followed: AtomicBool::new(false) };
        Ok((Arc::new(outbox), awaited))
    }

    pub(super) fn publish(&self, status: Status) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(status);
        // The thread is not woken for what nobody has asked for.
        if self.is_followed.load(Ordering::SeqCst) {
            self.hand_over(|outgoing| outgoing.has_news = true);
        }
    }

    /// The line of the latest status.
    pub(super) fn status_line(&self) -> Vec<u8> {
        let status = Arc::clone(&self.status.lock().unwrap_or_else(PoisonError::into_inner));
        status.line()
    }

    pub(super) fn listen_to(&self, listener: UnixListener) {
        self.hand_over(|outgoing| outgoing.listener = Some(listener));
    }

    pub(super) fn close(&self) {
        self.hand_over(|outgoing| outgoing.is_closing = true);
    }

    /// Everything that was handed over since the last call.
    pub(super) fn take(&self) -> Outgoing {
        let mut outgoing = self.lock();
        let is_closing = outgoing.is_closing;
        std::mem::replace(&mut *outgoing, Outgoing { is_closing, ..Outgoing::default() })
    }

    pub(super) fn set_followed(&self, is_so: bool) {
        self.is_followed.store(is_so, Ordering::SeqCst);
    }

    fn hand_over(&self, write: impl FnOnce(&mut Outgoing)) {
        write(&mut self.lock());
        // Fails only when its counter is full, and then it is readable anyway.
        let _ = rustix::io::write(&self.wakeup, &1_u64.to_ne_bytes());
    }

    fn lock(&self) -> MutexGuard<'_, Outgoing> {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WakeSignal {
    pub(super) fn clear(&self) {
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

impl AsFd for WakeSignal {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
