//! What a panicking thread said, kept until the terminal can show it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// One panic may pull others down with it; the first few tell the story.
const KEPT: usize = 4;

static WORDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on a panic prints nothing: its words are kept and `tell` is called, on its thread, before
/// it unwinds. Printing has to wait, because a show in a terminal would be drawn over it and a stalled
/// terminal would hold up the unwinding that makes the lights safe.
pub(super) fn keep(tell: impl Fn() + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |panic| {
        let words = words_of(panic);
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
pub fn last_words() -> Vec<String> {
    std::mem::take(&mut WORDS.lock().unwrap_or_else(PoisonError::into_inner))
}

fn words_of(panic: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let words = format!("thread {} {panic}", thread.name().unwrap_or("without a name"));
    // Captured only where RUST_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    match backtrace.status() {
        BacktraceStatus::Captured => format!("{words}\n{backtrace}"),
        _ => words,
    }
}
