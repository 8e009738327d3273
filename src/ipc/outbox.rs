//! What passes between the instance and the thread that serves its connections: answers and status out,
//! and how a caller is addressed. Nobody waits here for longer than it takes to hand something over.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::event::{EventfdFlags, eventfd};

use super::order::Answer;
use super::status::Status;

/// A connection; no two of an instance have the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConnectionId(pub(super) u64);

/// Whoever sent an order. May be kept: what is told after they have left goes nowhere.
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
        self.outbox.hand_over(|desk| desk.letters.push((self.id, answer)));
    }

    pub fn done(&self, words: impl Into<String>) {
        self.tell(Answer::Done(words.into()));
    }

    /// `exit` is the exit code of a command that asked.
    pub fn refuse(&self, why: impl Into<String>, exit: u8) {
        self.tell(Answer::Refused { why: why.into(), exit });
    }
}

/// What waits to be taken along.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) letters: Vec<(ConnectionId, Answer)>,
    /// A status was published that has not been looked at yet.
    pub(super) is_news: bool,
    /// To be listened to from now on.
    pub(super) listener: Option<UnixListener>,
    pub(super) is_closing: bool,
}

#[derive(Debug)]
pub(super) struct Outbox {
    desk: Mutex<Desk>,
    status: Mutex<Status>,
    bell: OwnedFd,
    is_followed: AtomicBool,
}

/// Rings when something lies on the desk.
pub(super) struct Bell(OwnedFd);

impl Outbox {
    pub(super) fn new(status: Status) -> io::Result<(Arc<Self>, Bell)> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let heard = Bell(bell.try_clone()?);
        let (desk, status) = (Mutex::default(), Mutex::new(status));
        Ok((Arc::new(Self { desk, status, bell, is_followed: AtomicBool::new(false) }), heard))
    }

    pub(super) fn publish(&self, status: Status) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
        // Nobody is woken for what nobody has asked for.
        if self.is_followed.load(Ordering::SeqCst) {
            self.hand_over(|desk| desk.is_news = true);
        }
    }

    pub(super) fn latest(&self) -> Answer {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        Answer::Status(Box::new(status.clone()))
    }

    pub(super) fn listen_to(&self, listener: UnixListener) {
        self.hand_over(|desk| desk.listener = Some(listener));
    }

    pub(super) fn close(&self) {
        self.hand_over(|desk| desk.is_closing = true);
    }

    /// All that lies on the desk.
    pub(super) fn take(&self) -> Desk {
        let mut desk = self.open();
        let is_closing = desk.is_closing;
        std::mem::replace(&mut *desk, Desk { is_closing, ..Desk::default() })
    }

    pub(super) fn set_followed(&self, is_so: bool) {
        self.is_followed.store(is_so, Ordering::SeqCst);
    }

    fn hand_over(&self, write: impl FnOnce(&mut Desk)) {
        write(&mut self.open());
        // Fails only when it has been rung some quintillion times since it was last heard.
        let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }

    fn open(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bell {
    pub(super) fn heard(&self) {
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
