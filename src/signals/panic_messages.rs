//! The messages of panics, kept until the terminal can show them. Knows no terminal.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::catch_panic;

/// One panic may cause others; the first few are enough.
const KEPT: usize = 4;

static WORDS: Mutex<Vec<PanicMessage>> = Mutex::new(Vec::new());

struct PanicMessage {
    said: String,
    /// Captured only where RUST_BACKTRACE asks for it. Told by address until it is printed: to look up
    /// the names takes the better part of a second, and the lights are not safe yet.
    backtrace: Backtrace,
}

/// From now on a panic prints nothing: its words are kept and `tell` is called, on its thread, before
/// it unwinds. Printing has to wait, because a show in a terminal would be drawn over it and a stalled
/// terminal would hold up the unwinding that makes the lights safe.
pub(super) fn keep(tell: impl Fn() + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |panic| {
        if catch_panic::is_catching() {
            return;
        }
        let thread = thread::current();
        let said = format!("thread {} {panic}", thread.name().unwrap_or("without a name"));
        let words = PanicMessage { said, backtrace: Backtrace::capture() };
        let mut kept = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(words);
        }
        drop(kept);
        tell();
    }));
}

/// What panicking threads have said since this was last asked. To be printed when the terminal is
/// itself again, after all else has ended.
#[must_use]
pub fn panic_messages() -> Vec<String> {
    let kept = std::mem::take(&mut *WORDS.lock().unwrap_or_else(PoisonError::into_inner));
    kept.into_iter().map(PanicMessage::in_full).collect()
}

impl PanicMessage {
    fn in_full(self) -> String {
        match self.backtrace.status() {
            BacktraceStatus::Captured => format!("{}\n{}", self.said, self.backtrace),
            _ => self.said,
        }
    }
}
