//! Writes text on a terminal, on a thread of its own: one that takes no text (Ctrl-S, a frozen window, a network that
//! is gone) still has keys that are to be heard. Knows nothing of what is written.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::signals::mask::BlockedSignals;

/// How long anybody waits for a terminal that takes no more text.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

pub(super) struct ScreenWriter {
    texts: Sender<Vec<u8>>,
    shared: Arc<ScreenState>,
}

#[derive(Default)]
struct ScreenState {
    progress: Mutex<Unwritten>,
    changed: Condvar,
}

#[derive(Default)]
struct Unwritten {
    /// Texts that are not written yet.
    waiting: usize,
    /// Why the terminal takes no text any more, until that was told.
    error: Option<io::Error>,
}

impl ScreenWriter {
    /// # Errors
    /// When the process has no file descriptor left, or the system no room for a small thread.
    pub(super) fn open(screen: &File) -> io::Result<Self> {
        let (texts, inbox) = mpsc::channel();
        let shared = Arc::new(ScreenState::default());
        let (of_thread, screen) = (Arc::clone(&shared), screen.try_clone()?);
        thread::Builder::new().name("screen".into()).spawn(move || write_all(&inbox, screen, &of_thread))?;
        Ok(Self { texts, shared })
    }

    /// Has `text` written, after all that came before it. Never blocks.
    ///
    /// # Errors
    /// When the terminal is gone, as far as is known.
    pub(super) fn write(&self, text: Vec<u8>) -> io::Result<()> {
        let mut progress = self.shared.open();
        if let Some(error) = progress.error.take() {
            return Err(error);
        }
        progress.waiting += 1;
        drop(progress);
        // A thread that is gone has left its error behind, and takes no text.
        self.texts.send(text).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Whether there is text that the terminal has yet to take. Whoever waits for that keeps what comes later short.
    pub(super) fn is_busy(&self) -> bool {
        self.shared.open().waiting > 0
    }

    /// Waits until all is written, `patience` at most; whether it is.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn wait(&self, patience: Duration) -> io::Result<bool> {
        let waits = |progress: &mut Unwritten| progress.waiting > 0;
        let waited = self.shared.changed.wait_timeout_while(self.shared.open(), patience, waits);
        let (mut progress, time) = waited.unwrap_or_else(PoisonError::into_inner);
        match progress.error.take() {
            Some(error) => Err(error),
            None => Ok(!time.timed_out()),
        }
    }
}

impl ScreenState {
    fn open(&self) -> MutexGuard<'_, Unwritten> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_all(texts: &Receiver<Vec<u8>>, mut screen: File, shared: &ScreenState) {
    block_job_control_signals();
    for text in texts {
        let outcome = screen.write_all(&text);
        let mut progress = shared.open();
        progress.waiting -= 1;
        progress.error = outcome.err().or(progress.error.take());
        drop(progress);
        shared.changed.notify_all();
    }
}

/// A terminal stops a background process that reads from it, or writes to it against `stty tostop`.
/// With the signals blocked the read fails and the write goes through.
pub(super) fn block_job_control_signals() {
    let signals = [Signal::TTIN, Signal::TTOU].map(Signal::as_raw);
    // Without it only a stage in the background is worse off.
    let _ = BlockedSignals::only(&signals).map(BlockedSignals::keep);
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::OwnedFd;

    use super::*;

    fn writer() -> (ScreenWriter, io::PipeReader) {
        let (reader, writer) = io::pipe().unwrap();
        (ScreenWriter::open(&File::from(OwnedFd::from(writer))).unwrap(), reader)
    }

    #[test]
    fn texts_come_out_in_their_order() {
        let (screen, mut reader) = writer();
        for text in ["one ", "two ", "three"] {
            screen.write(text.into()).unwrap();
        }
        assert!(screen.wait(Duration::from_secs(10)).unwrap() && !screen.is_busy());
        drop(screen);
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said, "one two three");
    }

    #[test]
    fn a_terminal_that_takes_no_text_holds_up_nobody() {
        let (screen, mut reader) = writer();
        screen.write(vec![b'x'; 1_000_000]).unwrap();
        screen.write(b"end".to_vec()).unwrap();
        assert!(!screen.wait(Duration::from_millis(50)).unwrap() && screen.is_busy());
        let reading = thread::spawn(move || {
            let mut said = Vec::new();
            reader.read_to_end(&mut said).unwrap();
            said
        });
        assert!(screen.wait(Duration::from_secs(10)).unwrap(), "it takes text again");
        drop(screen);
        assert!(reading.join().unwrap().ends_with(b"xend"));
    }

    #[test]
    fn a_terminal_that_is_gone_is_told() {
        let (screen, reader) = writer();
        drop(reader);
        screen.write(b"nobody reads this".to_vec()).unwrap();
        assert!(screen.wait(Duration::from_secs(10)).is_err());
    }
}
