//! What passes between the owner of a stage and its render thread: the latest of everything, kept until it is
//! taken. Knows nothing of how it is shown.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::screen_writer::PATIENCE;
use super::wish::KeyMeaning;
use crate::ipc::Status;

/// Notices for a terminal that takes no more text must not pile up.
const NOTICES_KEPT: usize = 50;

/// Who has the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum ScreenUse {
    #[default]
    Stage,
    /// Another program, for a while.
    Lent,
    /// Given back for good.
    Closed,
}

/// What the render thread has yet to show.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) status: Option<Status>,
    pub(super) notices: Vec<String>,
    /// The lines of mistakes that are shown from now on; none if there are none any more.
    pub(super) mistakes: Option<Vec<String>>,
    pub(super) summary: Option<String>,
    /// What keys do besides, in this command.
    pub(super) own_keys: &'static [KeyMeaning],
    /// All that is on the screen is to be drawn again.
    pub(super) redraw: bool,
    /// Who shall have the terminal.
    pub(super) wanted: ScreenUse,
}

#[derive(Default)]
pub(super) struct Mailbox {
    frame: Mutex<Frame>,
    /// Who has the terminal.
    reached: Mutex<ScreenUse>,
    changed: Condvar,
}

impl Mailbox {
    pub(super) fn update(&self, change: impl FnOnce(&mut Frame)) {
        change(&mut locked(&self.frame));
    }

    pub(super) fn notice(&self, text: String) {
        self.update(|frame| {
            if frame.notices.len() < NOTICES_KEPT {
                frame.notices.push(text);
            }
        });
    }

    /// Returns when `wanted` is reached, or after half a second.
    pub(super) fn wait_until(&self, wanted: ScreenUse) {
        let is_elsewhere = |reached: &mut ScreenUse| *reached != wanted;
        drop(self.changed.wait_timeout_while(locked(&self.reached), PATIENCE, is_elsewhere));
    }

    pub(super) fn take(&self) -> Frame {
        let mut frame = locked(&self.frame);
        let (wanted, own_keys) = (frame.wanted, frame.own_keys);
        std::mem::replace(&mut *frame, Frame { wanted, own_keys, ..Frame::default() })
    }

    pub(super) fn set_reached(&self, reached: ScreenUse) {
        *locked(&self.reached) = reached;
        self.changed.notify_all();
    }
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
