//! Writes files on a thread of its own, one after another: an SD card or a full disk may take long, and whoever
//! obeys orders waits for neither. What is to be told of it comes back as a notice.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread;
use std::time::Duration;

use super::message::Message;

/// So many files wait to be written; each is newer than the one before it.
const MOST_WAITING: usize = 16;

/// What writes a file; what it returns is told.
type Job = Box<dyn FnOnce() -> Option<String> + Send>;

/// Dropped, it leaves what is under way to itself.
pub(super) struct Writer {
    tx: Sender<Message>,
    thread: Option<Thread>,
}

struct Thread {
    jobs: SyncSender<Job>,
    /// Nothing is sent: what is heard is that the thread has ended.
    over: Receiver<()>,
}

impl Writer {
    /// Notices go to `tx`. The thread begins with the first job.
    pub(super) fn new(tx: Sender<Message>) -> Self {
        Self { tx, thread: None }
    }

    /// Has `job` done, after those before it. Never blocks: one too many is not done, and told.
    pub(super) fn add(&mut self, job: impl FnOnce() -> Option<String> + Send + 'static) {
        if self.thread.is_none() {
            self.thread =
                self.start().map_err(|error| self.tell(format!("nothing is written: {error}"))).ok();
        }
        let Some(thread) = &self.thread else { return };
        match thread.jobs.try_send(Box::new(job)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.tell("a disk hangs: nothing is written there".to_owned()),
            // Its panic is told elsewhere, and ends the process.
            Err(TrySendError::Disconnected(_)) => {}
        }
    }

    /// Waits until all is written, `within` at most.
    pub(super) fn finish(self, within: Duration) {
        let Some(Thread { jobs, over }) = self.thread else { return };
        drop(jobs);
        if over.recv_timeout(within) != Err(RecvTimeoutError::Disconnected) {
            let _ = self.tx.send(Message::Notice("a disk hangs: not everything was written down".to_owned()));
        }
    }

    fn start(&self) -> std::io::Result<Thread> {
        let (jobs, waiting) = sync_channel::<Job>(MOST_WAITING);
        let (sign, over) = channel();
        let tx = self.tx.clone();
        thread::Builder::new().name("writer".into()).spawn(move || {
            // Dropped with the thread's end, however it ends.
            let _sign: Sender<()> = sign;
            for told in waiting.into_iter().filter_map(|job| job()) {
                // An instance that no longer listens is gone.
                let _ = tx.send(Message::Notice(told));
            }
        })?;
        Ok(Thread { jobs, over })
    }

    fn tell(&self, text: String) {
        let _ = self.tx.send(Message::Notice(text));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn notices(inbox: &Receiver<Message>) -> Vec<String> {
        let notice = |message| match message {
            Message::Notice(text) => text,
            other => panic!("{other:?}"),
        };
        inbox.try_iter().map(notice).collect()
    }

    #[test]
    fn everything_is_written_in_its_order_before_the_end() {
        let (tx, inbox) = channel();
        let mut writer = Writer::new(tx);
        for number in 0..10 {
            writer.add(move || Some(number.to_string()));
        }
        writer.finish(Duration::from_secs(20));
        assert_eq!(notices(&inbox), (0..10).map(|number| number.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_disk_that_hangs_holds_up_nobody_and_is_told() {
        let (tx, inbox) = channel();
        let (mut writer, start) = (Writer::new(tx), Instant::now());
        let (_never, hang) = channel::<()>();
        writer.add(move || hang.recv().err().map(|_| "gone".to_owned()));
        (0..2 * MOST_WAITING).for_each(|_| writer.add(|| None));
        writer.finish(Duration::from_millis(100));
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        let told = notices(&inbox);
        assert!(told.len() >= MOST_WAITING, "{told:?}");
        assert_eq!(told.last().map(String::as_str), Some("a disk hangs: not everything was written down"));
    }
}
