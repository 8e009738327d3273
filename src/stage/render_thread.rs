//! The stage's thread: it takes the latest from the mailbox book twenty times a second and plays it.

use std::io::{PipeReader, Read};
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::live::Live;
use super::plain_output::PlainOutput;
use super::screen_writer::{PATIENCE, never_be_stopped_by_the_terminal};
use crate::faults;
use crate::ipc::Status;

/// Twenty pictures a second: the eye takes a fade for smooth, and a Pi does not notice.
pub(super) const FRAME: Duration = Duration::from_millis(50);
/// A terminal that takes no more text must not let the notices for it pile up.
const NOTICES_KEPT: usize = 50;

/// Where the render_thread is, or is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Place {
    #[default]
    OnStage,
    /// The terminal is somebody else's for a while.
    Aside,
    Closed,
}

/// What the render_thread has yet to play.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) status: Option<Status>,
    pub(super) notices: Vec<String>,
    pub(super) summary: Option<String>,
    /// Whatever stands on the screen is to be drawn anew.
    pub(super) anew: bool,
    /// Where it is wanted.
    pub(super) place: Place,
    /// Where it is.
    at: Place,
}

impl Frame {
    pub(super) fn notice(&mut self, text: String) {
        if self.notices.len() < NOTICES_KEPT {
            self.notices.push(text);
        }
    }
}

/// The book, between whoever plays the show and the render_thread.
#[derive(Default)]
pub(super) struct Mailbox {
    book: Mutex<Frame>,
    arrived: Condvar,
}

impl Mailbox {
    pub(super) fn give(&self, write: impl FnOnce(&mut Frame)) {
        write(&mut self.open());
    }

    /// Returns when the render_thread is there, or when patience has run out.
    pub(super) fn wait_for(&self, place: Place) {
        let elsewhere = |book: &mut Frame| book.at != place;
        drop(self.arrived.wait_timeout_while(self.open(), PATIENCE, elsewhere));
    }

    fn take(&self) -> Frame {
        let mut book = self.open();
        let (place, at) = (book.place, book.at);
        std::mem::replace(&mut *book, Frame { place, at, ..Frame::default() })
    }

    fn arrive(&self, place: Place) {
        self.open().at = place;
        self.arrived.notify_all();
    }

    fn open(&self) -> MutexGuard<'_, Frame> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who performs, on a thread of its own.
pub(super) struct RenderThread {
    pub(super) mailbox: Arc<Mailbox>,
    /// Rings when a place has changed.
    pub(super) bell: PipeReader,
}

impl RenderThread {
    pub(super) fn perform(mut self, mut face: Backend) {
        never_be_stopped_by_the_terminal();
        loop {
            faults::point("stage");
            let book = self.mailbox.take();
            let place = book.place;
            face.play(book);
            if place == Place::Closed {
                drop(face);
                return self.mailbox.arrive(place);
            }
            self.mailbox.arrive(place);
            self.rest(&mut face);
        }
    }

    /// Until the next frame, a ring of the bell, or a key.
    fn rest(&mut self, face: &mut Backend) {
        let frame = Timespec { tv_sec: 0, tv_nsec: FRAME.subsec_nanos().into() };
        let bell = PollFd::new(&self.bell, PollFlags::IN);
        let keyboard = face.keyboard().map(|keyboard| PollFd::from_borrowed_fd(keyboard, PollFlags::IN));
        let mut awaited: Vec<PollFd<'_>> = [Some(bell), keyboard].into_iter().flatten().collect();
        if poll(&mut awaited, Some(&frame)).is_err() {
            // An interruption: it is the next frame's turn a little early.
            return;
        }
        let ready = |awaited: &PollFd<'_>| !awaited.revents().is_empty();
        let (rung, typed) = (awaited.first().is_some_and(ready), awaited.get(1).is_some_and(ready));
        if rung {
            // What it rang for stands in the book.
            let _ = self.bell.read(&mut [0; 16]);
        }
        face.listen(typed);
    }
}

/// The two ways to perform.
pub(super) enum Backend {
    Live(Box<Live>),
    Plain(Box<PlainOutput>),
}

impl Backend {
    fn play(&mut self, book: Frame) {
        match self {
            Self::Live(live) => live.play(book),
            Self::Plain(paper) => paper.play(book),
        }
    }

    fn keyboard(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Live(live) => live.keyboard(),
            Self::Plain(_) => None,
        }
    }

    fn listen(&mut self, typed: bool) {
        if let Self::Live(live) = self {
            live.listen(typed);
        }
    }
}
