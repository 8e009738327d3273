//! Writes text on a terminal, on a thread of its own: one that takes no text (Ctrl-S, a frozen window, a network that
//! is gone) still has keys that are to be heard. Knows nothing of what is written.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::render_thread::never_be_stopped_by_the_terminal;

pub(super) struct Pen {
    texts: Sender<Vec<u8>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Default)]
struct Progress {
    /// Texts that are not written yet.
    waiting: usize,
    /// Why the terminal takes no text any more, until that was told.
    error: Option<io::Error>,
}

impl Pen {
    /// # Errors
    /// When the process has no file descriptor left, or the system no room for a small thread.
    pub(super) fn open(screen: &File) -> io::Result<Self> {
        let (texts, inbox) = mpsc::channel();
        let shared = Arc::new(Shared::default());
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
        let waits = |progress: &mut Progress| progress.waiting > 0;
        let waited = self.shared.changed.wait_timeout_while(self.shared.open(), patience, waits);
        let (mut progress, time) = waited.unwrap_or_else(PoisonError::into_inner);
        match progress.error.take() {
            Some(error) => Err(error),
            None => Ok(!time.timed_out()),
        }
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_all(texts: &Receiver<Vec<u8>>, mut screen: File, shared: &Shared) {
    never_be_stopped_by_the_terminal();
    for text in texts {
        let outcome = screen.write_all(&text);
        let mut progress = shared.open();
        progress.waiting -= 1;
        progress.error = outcome.err().or(progress.error.take());
        drop(progress);
        shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::OwnedFd;

    use super::*;

    fn pen() -> (Pen, io::PipeReader) {
        let (reader, writer) = io::pipe().unwrap();
        (Pen::open(&File::from(OwnedFd::from(writer))).unwrap(), reader)
    }

    #[test]
    fn texts_come_out_in_their_order() {
        let (pen, mut reader) = pen();
        for text in ["one ", "two ", "three"] {
            pen.write(text.into()).unwrap();
        }
        assert!(pen.wait(Duration::from_secs(10)).unwrap() && !pen.is_busy());
        drop(pen);
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said, "one two three");
    }

    #[test]
    fn a_terminal_that_takes_no_text_holds_up_nobody() {
        let (pen, mut reader) = pen();
        pen.write(vec![b'x'; 1_000_000]).unwrap();
        pen.write(b"end".to_vec()).unwrap();
        assert!(!pen.wait(Duration::from_millis(50)).unwrap() && pen.is_busy());
        let reading = thread::spawn(move || {
            let mut said = Vec::new();
            reader.read_to_end(&mut said).unwrap();
            said
        });
        assert!(pen.wait(Duration::from_secs(10)).unwrap(), "it takes text again");
        drop(pen);
        assert!(reading.join().unwrap().ends_with(b"xend"));
    }

    #[test]
    fn a_terminal_that_is_gone_is_told() {
        let (pen, reader) = pen();
        drop(reader);
        pen.write(b"nobody reads this".to_vec()).unwrap();
        assert!(pen.wait(Duration::from_secs(10)).is_err());
    }
}
