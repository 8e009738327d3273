//! The stage's thread: takes the latest frame from the mailbox twenty times a second and shows it.

use std::io::{PipeReader, Read};
use std::os::fd::BorrowedFd;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::live::{FRAME, Live};
use super::mailbox::{Frame, Mailbox, ScreenUse};
use super::plain::PlainOutput;
use super::screen_writer::block_job_control_signals;
use crate::faults;

pub(super) struct RenderThread {
    pub(super) mailbox: Arc<Mailbox>,
    /// Readable when somebody waits for the terminal to change hands.
    pub(super) wakeup: PipeReader,
}

impl RenderThread {
    /// Shows frames until the stage is closed.
    pub(super) fn run(mut self, mut backend: Backend) {
        block_job_control_signals();
        loop {
            faults::point("stage");
            let frame = self.mailbox.take();
            let wanted = frame.wanted;
            backend.present(frame);
            if wanted == ScreenUse::Closed {
                drop(backend);
                return self.mailbox.set_reached(wanted);
            }
            self.mailbox.set_reached(wanted);
            self.wait(&mut backend);
        }
    }

    /// Until the next frame, a wake-up, or a key.
    fn wait(&mut self, backend: &mut Backend) {
        let frame = Timespec { tv_sec: 0, tv_nsec: FRAME.subsec_nanos().into() };
        let wakeup = PollFd::new(&self.wakeup, PollFlags::IN);
        let keyboard = backend.keyboard().map(|keyboard| PollFd::from_borrowed_fd(keyboard, PollFlags::IN));
        let mut awaited: Vec<PollFd<'_>> = [Some(wakeup), keyboard].into_iter().flatten().collect();
        if poll(&mut awaited, Some(&frame)).is_err() {
            return; // interrupted: the next frame comes a little early
        }
        let ready = |awaited: &PollFd<'_>| !awaited.revents().is_empty();
        let (is_woken, has_input) = (awaited.first().is_some_and(ready), awaited.get(1).is_some_and(ready));
        if is_woken {
            let _ = self.wakeup.read(&mut [0; 16]);
        }
        backend.handle_keys(has_input);
    }
}

/// The two ways to show a frame.
pub(super) enum Backend {
    Live(Box<Live>),
    Plain(Box<PlainOutput>),
}

impl Backend {
    fn present(&mut self, frame: Frame) {
        match self {
            Self::Live(live) => live.present(frame),
            Self::Plain(plain) => plain.present(frame),
        }
    }

    fn keyboard(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Live(live) => live.keyboard(),
            Self::Plain(_) => None,
        }
    }

    fn handle_keys(&mut self, has_input: bool) {
        if let Self::Live(live) = self {
            live.handle_keys(has_input);
        }
    }
}
